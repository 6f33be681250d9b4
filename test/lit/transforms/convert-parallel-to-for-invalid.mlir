// RUN: anamc-opt %s -p convert-parallel-to-for --split-input-file --verify-diagnostics | filecheck %s

// CHECK: convert-parallel-to-for: 'scf.parallel' with reductions is not supported
func.func @reduction(%n: index, %z: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %s = "scf.parallel"(%c0, %n, %c1, %z) <{operandSegmentSizes = array<i32: 1, 1, 1, 1>}> ({
  ^bb0(%i: index):
    "scf.reduce"(%z) ({
    ^bb1(%a: f32, %b: f32):
      %c = arith.addf %a, %b : f32
      scf.reduce.return %c : f32
    }) : (f32) -> ()
  }) : (index, index, index, f32) -> f32
  func.return %s : f32
}

// -----

// CHECK: convert-parallel-to-for: 'memref.atomic_rmw' of kind 3 is not supported, only addf (0)
func.func @maximum(%x: memref<?xf64>, %i: index, %v: f64) {
  %r = "memref.atomic_rmw"(%v, %x, %i) <{kind = 3 : i64}> : (f64, memref<?xf64>, index) -> f64
  func.return
}
