// REQUIRES: mlir-opt-19
// RUN: anamc-opt %s -p convert-nest-to-linalg | mlir-opt-19 --canonicalize | filecheck %s

// What comes out is linalg as mlir-opt knows it.
// CHECK: linalg.generic
// CHECK: iterator_types = ["parallel", "parallel", "reduction"]
func.func @product(%A: tensor<4x6xf64>, %B: tensor<6x5xf64>, %C0: tensor<4x5xf64>) -> tensor<4x5xf64> {
  %C = nest.map (i = 4, j = 5, k = 6) read(%A[i, k] : tensor<4x6xf64>, %B[k, j] : tensor<6x5xf64>) add(%C0[i, j] : tensor<4x5xf64>) {
  ^bb0(%i: index, %j: index, %k: index, %a: f64, %b: f64):
    %ab = arith.mulf %a, %b : f64
    nest.yield %ab : f64
  }
  func.return %C : tensor<4x5xf64>
}
