// RUN: anamc-opt %s -p split-reductions | filecheck %s

// Much work for a row: shorter blocks.
// CHECK-LABEL: func.func @heavy
// CHECK:         kernel.rows r = %n read(%x[r] : tensor<?x64xf32>, %w : tensor<64x64xf32>) add(%{{.*}}[r floordiv 256] : tensor<?x64xf32>)
func.func @heavy(%n: index, %x: tensor<?x64xf32>, %w: tensor<64x64xf32>, %s: tensor<64xf32>) -> tensor<64xf32> {
  %y = kernel.rows r = %n read(%x[r] : tensor<?x64xf32>, %w : tensor<64x64xf32>) add(%s : tensor<64xf32>) {
  ^bb0(%r: index, %v: tensor<64xf32>, %u: tensor<64x64xf32>):
    %z = mlp.dense_transposed %v, %u : (tensor<64xf32>, tensor<64x64xf32>) -> tensor<64xf32>
    kernel.yield %z : tensor<64xf32>
  }
  func.return %y : tensor<64xf32>
}
