// RUN: anamc-opt %s -p convert-vector-to-loops --split-input-file --verify-diagnostics --parsing-diagnostics 2>&1 | filecheck %s

func.func @shuffled(%x: memref<4xf32>) {
  %zero = arith.constant 0 : index
  %a = vector.load %x[%zero] : memref<4xf32>, vector<4xf32>
  %b = vector.shuffle %a, %a [3, 2, 1, 0] : vector<4xf32>, vector<4xf32>
  vector.store %b, %x[%zero] : memref<4xf32>, vector<4xf32>
  func.return
}
// CHECK: convert-vector-to-loops: 'vector.shuffle' has no form on one lane

// -----

func.func @different(%x: memref<4xf32>) {
  %zero = arith.constant 0 : index
  %a = arith.constant dense<[0.0, 1.0, 2.0, 3.0]> : vector<4xf32>
  vector.store %a, %x[%zero] : memref<4xf32>, vector<4xf32>
  func.return
}
// CHECK: convert-vector-to-loops: a constant with different lanes

// -----

func.func @chosen(%x: memref<4xf32>, %c: i1) {
  %zero = arith.constant 0 : index
  %a = vector.load %x[%zero] : memref<4xf32>, vector<4xf32>
  %b = scf.if %c -> (vector<4xf32>) {
    scf.yield %a : vector<4xf32>
  } else {
    scf.yield %a : vector<4xf32>
  }
  vector.store %b, %x[%zero] : memref<4xf32>, vector<4xf32>
  func.return
}
// CHECK: convert-vector-to-loops: 'scf.if' on vectors
