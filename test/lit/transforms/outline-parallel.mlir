// RUN: anamc-opt %s -p outline-parallel --split-input-file | filecheck %s

// What the loop uses is handed over, constants and parts of vectors are made again; rounds without a grain go by 256.
// CHECK-LABEL: func.func private @k_rows
// CHECK-SAME:    %x: memref<?xf32> {anamc.name = "x", anamc.access = "read"}
// CHECK-SAME:    %lo: index, %hi: index) attributes {anamc.kernel} {
// CHECK-DAG:     %[[C:.*]] = arith.constant 3 : index
// CHECK-DAG:     %[[P:.*]] = memref.subview %{{.*}}[1] [2] [1]
// CHECK:         scf.for %r = %lo to %hi step
// CHECK:           memref.load %x[%r]
// CHECK:           memref.load %[[P]][%[[C]]]
// CHECK-LABEL: func.func private @k(
// CHECK:         kernel.launch @k_rows(%{{.*}}) over %n by 256 : (memref<?xf32>, memref<4xf32>, memref<?xf32>), index
// CHECK-NEXT:    kernel.launch @k_rows_2(%y) over %n by 1 : (memref<?xf32>), index
// CHECK-NOT:     scf.parallel
// CHECK:         func.return
func.func private @k(%n: index, %x: memref<?xf32> {anamc.name = "x", anamc.dims = ["n"], anamc.access = "read"}, %p: memref<4xf32>, %y: memref<?xf32>) attributes {anamc.kernel} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %three = arith.constant 3 : index
  %q = memref.subview %p[1] [2] [1] : memref<4xf32> to memref<2xf32, strided<[1], offset: 1>>
  "scf.parallel"(%zero, %n, %one) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    %a = memref.load %x[%r] : memref<?xf32>
    %b = memref.load %q[%three] : memref<2xf32, strided<[1], offset: 1>>
    %c = arith.addf %a, %b : f32
    memref.store %c, %y[%r] : memref<?xf32>
    scf.reduce
  }) : (index, index, index) -> ()
  "scf.parallel"(%zero, %n, %one) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    %a = memref.load %y[%r] : memref<?xf32>
    memref.store %a, %y[%r] : memref<?xf32>
    scf.reduce
  }) {anamc.grain = 1 : index} : (index, index, index) -> ()
  func.return
}

// -----

// Atomic additions, and loops that do not count from 0 by 1, stay; so do functions that are no kernels.
// CHECK-LABEL: func.func private @stays
// CHECK-COUNT-2: scf.parallel
// CHECK-LABEL: func.func @other
// CHECK:         scf.parallel
func.func private @stays(%n: index, %y: memref<?xf32>, %v: f32) attributes {anamc.kernel} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  "scf.parallel"(%zero, %n, %one) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    %a = "memref.atomic_rmw"(%v, %y, %r) <{kind = 0 : i64}> : (f32, memref<?xf32>, index) -> f32
    scf.reduce
  }) : (index, index, index) -> ()
  "scf.parallel"(%one, %n, %one) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    memref.store %v, %y[%r] : memref<?xf32>
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}
func.func @other(%n: index, %y: memref<?xf32>, %v: f32) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  "scf.parallel"(%zero, %n, %one) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    memref.store %v, %y[%r] : memref<?xf32>
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}

// -----

// Loops inside of loops in order too; what stands around them is handed over.
// CHECK-LABEL: func.func private @colours_rows
// CHECK-SAME:    %c: index
// CHECK-LABEL: func.func private @colours(
// CHECK:         scf.for %c = %zero to %n step %one {
// CHECK-NEXT:      kernel.launch @colours_rows(%y, %c) over %n by 1 : (memref<?xf32>, index), index
// CHECK-NEXT:    }
func.func private @colours(%n: index, %y: memref<?xf32>, %v: f32) attributes {anamc.kernel} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  scf.for %c = %zero to %n step %one {
    "scf.parallel"(%zero, %n, %one) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
    ^bb0(%r: index):
      %a = memref.load %y[%c] : memref<?xf32>
      memref.store %a, %y[%r] : memref<?xf32>
      scf.reduce
    }) {anamc.grain = 1 : index} : (index, index, index) -> ()
  }
  func.return
}
