// RUN: anamc-opt %s -p 'stash-or-recompute{keep=3}' --verify-diagnostics | filecheck %s
// RUN: anamc-opt %s -p 'stash-or-recompute{keep=some}' --verify-diagnostics | filecheck %s --check-prefix=WORD

// CHECK: error[A0813]: 4 bytes a row of n rows must be kept for later kernels, more than 3
// WORD: error[A0813]: 'keep' must be 'auto', 'all', 'none' or bytes a row, got 'some'
func.func @f(%n: index, %m: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %f: tensor<?xf32>, %p: tensor<?xi32>) -> tensor<?xf32> {
  %h = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %h_ = math.exp %v : tensor<f32>
    kernel.yield %h_ : tensor<f32>
  }
  %b = kernel.rows r = %m read(%h[%p[r]] : tensor<?xf32>) write(%f[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %b : tensor<?xf32>
}
