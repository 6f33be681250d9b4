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

// Images of run-time sizes, whose sum is small: few of them are a piece of work.
// CHECK-LABEL: func.func @images
// CHECK:         kernel.rows r = %n read(%x[r] : tensor<?x?x?xf32>, %y[r] : tensor<?x?x?xf32>) add(%{{.*}}[r floordiv 16] : tensor<?x16x16xf32>)
func.func @images(%n: index, %h: index, %w: index, %x: tensor<?x?x?xf32>, %y: tensor<?x?x?xf32>, %s: tensor<16x16xf32>) -> tensor<16x16xf32> {
  %z = kernel.rows r = %n read(%x[r] : tensor<?x?x?xf32>, %y[r] : tensor<?x?x?xf32>) add(%s : tensor<16x16xf32>) {
  ^bb0(%r: index, %u: tensor<?x?xf32>, %v: tensor<?x?xf32>):
    %0 = arith.constant dense<0.0> : tensor<16x16xf32>
    %t = nest.map (a = 16, b = 16, i = %h, j = %w) read(%u[i + a, j + b] : tensor<?x?xf32>, %v[i, j] : tensor<?x?xf32>) add(%0[a, b] : tensor<16x16xf32>) {
    ^bb1(%a: index, %b: index, %i: index, %j: index, %p: f32, %q: f32):
      %c = arith.mulf %p, %q : f32
      nest.yield %c : f32
    }
    kernel.yield %t : tensor<16x16xf32>
  }
  func.return %z : tensor<16x16xf32>
}
