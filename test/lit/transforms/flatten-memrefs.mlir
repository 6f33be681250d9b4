// RUN: anamc-opt %s -p flatten-memrefs --split-input-file | filecheck %s

// Arguments and accesses of every rank; inner run-time sizes by name.
// CHECK-LABEL: func.func @access(%n: index {anamc.name = "n"}, %x: memref<?xf32> {{.*}}, %y: memref<6xf32>, %z: memref<1xf32>
// CHECK:         %[[A:.*]] = arith.muli %i, %n : index
// CHECK-NEXT:    %[[B:.*]] = arith.addi %[[A]], %j : index
// CHECK-NEXT:    %v = memref.load %x[%[[B]]] : memref<?xf32>
// CHECK-NEXT:    memref.store %v, %y[%{{.*}}] : memref<6xf32>
// CHECK-NEXT:    memref.load %z[%{{.*}}] : memref<1xf32>
// CHECK:         memref.atomic_rmw
// CHECK-SAME:    memref<6xf32>
func.func @access(%n: index {anamc.name = "n"}, %x: memref<?x?xf32> {anamc.dims = ["m", "n"]}, %y: memref<2x3xf32>, %z: memref<f32>, %i: index, %j: index) {
  %one = arith.constant 1 : index
  %two = arith.constant 2 : index
  %v = memref.load %x[%i, %j] : memref<?x?xf32>
  memref.store %v, %y[%one, %two] : memref<2x3xf32>
  %w = memref.load %z[] : memref<f32>
  %u = "memref.atomic_rmw"(%v, %y, %i, %j) <{kind = 0 : i64}> : (f32, memref<2x3xf32>, index, index) -> f32
  func.return
}

// -----

// Local arrays, places in the workspace, parts of a vector, sizes.
// CHECK-LABEL: func.func @places(%n: index {anamc.name = "n"}, %w: memref<?xi8>, %p: memref<8xf32>) -> index
// CHECK:         memref.alloca() : memref<6xf32>
// CHECK:         %[[C:.*]] = arith.muli %n, %{{.*}} : index
// CHECK-NEXT:    memref.view %w[%{{.*}}][%[[C]]] : memref<?xi8> to memref<?xf32>
// CHECK-NEXT:    memref.view %w[%{{.*}}][] : memref<?xi8> to memref<6xf32>
// CHECK-NEXT:    %W = memref.subview %p[2] [6] [1] : memref<8xf32> to memref<6xf32, strided<[1], offset: 2>>
// CHECK-NEXT:    func.return %n : index
func.func @places(%n: index {anamc.name = "n"}, %w: memref<?xi8>, %p: memref<8xf32>) -> index {
  %zero = arith.constant 0 : index
  %a = memref.alloca() : memref<2x3xf32>
  %v = memref.view %w[%zero][%n] : memref<?xi8> to memref<?x4xf32>
  %u = memref.view %w[%zero][] : memref<?xi8> to memref<3x2xf32>
  %W = memref.reinterpret_cast %p to offset: [2], sizes: [3, 2], strides: [2, 1] : memref<8xf32> to memref<3x2xf32, strided<[2, 1], offset: 2>>
  %d = memref.dim %v, %zero : memref<?x4xf32>
  func.return %d : index
}

// -----

// Sizes of entries are integers that are cast.
// CHECK-LABEL: func.func @casts(%n: i32 {anamc.name = "n"}, %x: memref<?xf32> {{.*}}) {
// CHECK:         arith.muli %i, %m : index
func.func @casts(%n: i32 {anamc.name = "n"}, %x: memref<?x?xf32> {anamc.dims = ["n", "n"]}, %i: index) {
  %m = arith.index_cast %n : i32 to index
  %v = memref.load %x[%i, %i] : memref<?x?xf32>
  func.return
}

// -----

// CHECK-LABEL: func.func @no_change_as_rank_is_one
// CHECK:         memref.load %x[%i] : memref<?xf32>
func.func @no_change_as_rank_is_one(%x: memref<?xf32>, %i: index) {
  %v = memref.load %x[%i] : memref<?xf32>
  func.return
}

// -----

// One entry of a buffer is a part of it.
// CHECK-LABEL: func.func @entry(
// CHECK-DAG:     %[[A:.*]] = arith.muli %k, %n : index
// CHECK-DAG:     %[[B:.*]] = arith.muli %[[A]], %{{.*}} : index
// CHECK:         %[[E:.*]] = memref.subview %x[%[[B]]] [%[[S:.*]]] [1] : memref<?xf32> to memref<?xf32, strided<[1], offset: ?>>
// CHECK:         memref.load %[[E]]
func.func @entry(%n: index {anamc.name = "n"}, %x: memref<?x?x4xf32> {anamc.dims = ["n", "n", 4 : index]}, %k: index) {
  %e = memref.subview %x[%k, 0, 0] [1, %n, 4] [1, 1, 1] : memref<?x?x4xf32> to memref<?x4xf32, strided<[4, 1], offset: ?>>
  %v = memref.load %e[%k, %k] : memref<?x4xf32, strided<[4, 1], offset: ?>>
  func.return
}

// -----

// Vectors of which some lanes stay out of memory.
// CHECK-LABEL: func.func @masked
// CHECK:         vector.maskedload %x[%{{.*}}], %m, %z : memref<6xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
// CHECK:         vector.maskedstore %x[%{{.*}}], %m, %{{.*}} : memref<6xf32>, vector<4xi1>, vector<4xf32>
func.func @masked(%x: memref<2x3xf32>, %m: vector<4xi1>, %z: vector<4xf32>, %i: index) {
  %v = vector.maskedload %x[%i, %i], %m, %z : memref<2x3xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  vector.maskedstore %x[%i, %i], %m, %v : memref<2x3xf32>, vector<4xi1>, vector<4xf32>
  func.return
}

// -----

// A part of a vector may begin at a run-time place.
// CHECK-LABEL: func.func @part(
// CHECK-NEXT:    memref.subview %x[%o] [6] [1] : memref<8xf32> to memref<6xf32, strided<[1], offset: ?>>
func.func @part(%x: memref<8xf32>, %o: index) {
  %a = memref.reinterpret_cast %x to offset: [%o], sizes: [2, 3], strides: [3, 1] : memref<8xf32> to memref<2x3xf32, strided<[3, 1], offset: ?>>
  func.return
}

// -----

// CHECK-LABEL: func.func @prefetch
// CHECK:         lanes.prefetch f32 %x[%{{.*}}] : memref<6xf32>
func.func @prefetch(%x: memref<2x3xf32>, %i: index) {
  lanes.prefetch f32 %x[%i, %i] : memref<2x3xf32>
  func.return
}
