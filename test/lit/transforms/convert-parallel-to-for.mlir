// RUN: anamc-opt %s -p convert-parallel-to-for --split-input-file | filecheck %s

// Two dimensions: the first is the outer loop.
// CHECK-LABEL: func.func @nest
// CHECK-SAME:    %[[A:[a-z0-9_]+]]: index, %[[B:[a-z0-9_]+]]: index
func.func @nest(%n: index, %m: index, %x: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK:      scf.for %[[I:[a-z0-9_]+]] = %{{.*}} to %[[A]]
  // CHECK-NEXT:   scf.for %[[J:[a-z0-9_]+]] = %{{.*}} to %[[B]]
  // CHECK-NEXT:     arith.addi %[[I]], %[[J]]
  // CHECK-NOT:  scf.parallel
  "scf.parallel"(%c0, %c0, %n, %m, %c1, %c1) <{operandSegmentSizes = array<i32: 2, 2, 2, 0>}> ({
  ^bb0(%i: index, %j: index):
    %k = arith.addi %i, %j : index
    %v = memref.load %x[%k] : memref<?xf32>
    memref.store %v, %x[%i] : memref<?xf32>
    scf.reduce
  }) : (index, index, index, index, index, index) -> ()
  func.return
}

// -----

// CHECK-LABEL: func.func @parallel_in_parallel
func.func @parallel_in_parallel(%n: index, %x: memref<?xf32>, %v: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK:      scf.for %[[I:[a-z0-9_]+]]
  // CHECK-NEXT:   scf.for %[[J:[a-z0-9_]+]]
  // CHECK-NEXT:     memref.store %{{.*}}, %{{.*}}[%[[J]]]
  "scf.parallel"(%c0, %n, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%i: index):
    "scf.parallel"(%c0, %i, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
    ^bb0(%j: index):
      memref.store %v, %x[%j] : memref<?xf32>
      scf.reduce
    }) : (index, index, index) -> ()
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}

// -----

// The result of an atomic update is the value stored.
// CHECK-LABEL: func.func @atomic_update
func.func @atomic_update(%x: memref<?xf64>, %i: index, %v: f64) -> f64 {
  // CHECK-NEXT: %[[OLD:[a-z0-9_]+]] = memref.load %[[X:[a-z0-9_]+]][%[[I:[a-z0-9_]+]]]
  // CHECK-NEXT: %[[NEW:[a-z0-9_]+]] = arith.addf %[[OLD]], %{{.*}} : f64
  // CHECK-NEXT: memref.store %[[NEW]], %[[X]][%[[I]]]
  // CHECK-NEXT: func.return %[[NEW]]
  %r = "memref.atomic_rmw"(%v, %x, %i) <{kind = 0 : i64}> : (f64, memref<?xf64>, index) -> f64
  func.return %r : f64
}
