// RUN: anamc-opt %s -p convert-memref-to-llvm-pointers --split-input-file | filecheck %s

// Alignment is that of the element.
// CHECK-LABEL: func.func @load_and_store
// CHECK-SAME:    (%[[X:[a-z0-9_]+]]: !llvm.ptr, %[[I:[a-z0-9_]+]]: index)
func.func @load_and_store(%x: memref<?xf64>, %i: index) {
  // CHECK-NEXT: %[[K:[a-z0-9_]+]] = arith.index_cast %[[I]] : index to i64
  // CHECK-NEXT: %[[P:[a-z0-9_]+]] = llvm.getelementptr inbounds %[[X]][%[[K]]] {{.*}}, f64
  // CHECK-NEXT: %[[V:[a-z0-9_]+]] = llvm.load %[[P]] {alignment = 8 : i64}
  // CHECK:      llvm.store %[[V]], %{{.*}} {alignment = 8 : i64}
  %v = memref.load %x[%i] : memref<?xf64>
  memref.store %v, %x[%i] : memref<?xf64>
  func.return
}

// -----

// Nothing is writeonly: what was written may be read back.
// CHECK-LABEL: func.func private @kernel
// CHECK-SAME:    %p: !llvm.ptr {{{.*}}llvm.noalias, llvm.nocapture, llvm.readonly, llvm.align = 4 : i64, llvm.nonnull, llvm.dereferenceable = 52 : i64}
// CHECK-SAME:    %w: !llvm.ptr {{{.*}}llvm.noalias, llvm.nocapture, llvm.align = 4 : i64}
// CHECK-SAME:    %u: !llvm.ptr {{{.*}}llvm.noalias, llvm.nocapture, llvm.align = 8 : i64}
func.func private @kernel(
    %p: memref<13xf32> {anamc.access = "read"}, %w: memref<?xf32> {anamc.access = "write"},
    %u: memref<?xf64> {anamc.access = "update"}) attributes {anamc.kernel} {
  func.return
}

// -----

// An array of run-time length, and one that is not used, may be null.
// CHECK-LABEL: func.func @entry
// CHECK-SAME:    %p: !llvm.ptr {{{.*}}llvm.noalias, llvm.nocapture, llvm.readonly, llvm.align = 4 : i64}
// CHECK-SAME:    %w: !llvm.ptr {{{.*}}llvm.noalias, llvm.nocapture, llvm.align = 4 : i64}
// CHECK-SAME:    %b: !llvm.ptr {{{.*}}llvm.noalias, llvm.nocapture, llvm.align = 64 : i64}
func.func @entry(
    %p: memref<13xf32> {anamc.access = "read", anamc.unused}, %w: memref<?xf32> {anamc.access = "write"},
    %b: memref<?xi8> {anamc.access = "workspace"}) attributes {anamc.entry = "entry"} {
  func.return
}

// -----

// CHECK-LABEL: func.func @no_attributes_as_access_is_unknown
// CHECK-SAME:    (%{{.*}}: !llvm.ptr) {
func.func @no_attributes_as_access_is_unknown(%p: memref<13xf32>) {
  func.return
}

// -----

// CHECK-LABEL: func.func @parts
func.func @parts(%p: memref<13xf32>, %i: index, %w: memref<?xi8>, %n: index) {
  // CHECK:      %[[C:[a-z0-9_]+]] = llvm.mlir.constant(4) : i64
  // CHECK-NEXT: %{{.*}} = llvm.getelementptr inbounds %p[%[[C]]] {{.*}}, f32
  %a = memref.subview %p[4] [4] [1] : memref<13xf32> to memref<4xf32, strided<[1], offset: 4>>
  // CHECK-NEXT: %[[I:[a-z0-9_]+]] = arith.index_cast %i
  // CHECK-NEXT: %{{.*}} = llvm.getelementptr inbounds %p[%[[I]]] {{.*}}, f32
  %b = memref.subview %p[%i] [4] [1] : memref<13xf32> to memref<4xf32, strided<[1], offset: ?>>
  // CHECK-NEXT: %[[J:[a-z0-9_]+]] = arith.index_cast %i
  // CHECK-NEXT: %{{.*}} = llvm.getelementptr inbounds %w[%[[J]]] {{.*}}, i8
  %c = memref.view %w[%i][%n] : memref<?xi8> to memref<?xf32>
  func.return
}

// -----

// A local array of a loop stands in the entry block.
// CHECK-LABEL: func.func @local
func.func @local(%n: index, %v: f32) {
  // CHECK-NEXT: %[[ONE:[a-z0-9_]+]] = llvm.mlir.constant(1) : i64
  // CHECK-NEXT: %[[Z:[a-z0-9_]+]] = llvm.alloca %[[ONE]] x !llvm.array<4 x f32> {alignment = 64 : i64}
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK: scf.for
  scf.for %i = %c0 to %n step %c1 {
    // CHECK-NOT: llvm.alloca
    // CHECK:     llvm.getelementptr inbounds %[[Z]][
    %z = memref.alloca() : memref<4xf32>
    memref.store %v, %z[%c0] : memref<4xf32>
  }
  func.return
}

// -----

// CHECK-LABEL: func.func @call
// CHECK:         func.call @callee(%{{.*}}) : (!llvm.ptr) -> ()
func.func @call(%x: memref<?xf32>) {
  func.call @callee(%x) : (memref<?xf32>) -> ()
  func.return
}
func.func @callee(%x: memref<?xf32>) {
  func.return
}

// -----

// CHECK-LABEL: func.func @masked
func.func @masked(%x: memref<?xf32>, %m: vector<4xi1>, %z: vector<4xf32>, %i: index) {
  // CHECK:      %[[P:[a-z0-9_]+]] = llvm.getelementptr inbounds %x
  // CHECK-NEXT: %[[A:[a-z0-9_]+]] = llvm.mlir.constant(4 : i32) : i32
  // CHECK-NEXT: llvm.call_intrinsic "llvm.masked.load.v4f32.p0"(%[[P]], %[[A]], %m, %z)
  %v = vector.maskedload %x[%i], %m, %z : memref<?xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  // CHECK:      llvm.call_intrinsic "llvm.masked.store.v4f32.p0"
  vector.maskedstore %x[%i], %m, %v : memref<?xf32>, vector<4xi1>, vector<4xf32>
  func.return
}

// -----

// For reading, into the second cache.
// CHECK-LABEL: func.func @prefetch
// CHECK:         %[[P:.*]] = llvm.getelementptr inbounds %x[%{{.*}}] : (!llvm.ptr, i64) -> !llvm.ptr, f64
// CHECK:         %[[K:.*]] = llvm.mlir.constant(0 : i32) : i32
// CHECK:         %[[L:.*]] = llvm.mlir.constant(2 : i32) : i32
// CHECK:         %[[D:.*]] = llvm.mlir.constant(1 : i32) : i32
// CHECK:         llvm.call_intrinsic "llvm.prefetch.p0"(%[[P]], %[[K]], %[[L]], %[[D]])
func.func @prefetch(%x: memref<?xf64>, %i: index) {
  lanes.prefetch f64 %x[%i] : memref<?xf64>
  func.return
}
