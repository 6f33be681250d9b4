// RUN: anamc-opt %s -p 'fuse-kernels{max-ops=6}' | filecheck %s

// Bodies that would become too long stay apart: three operations each, the kernel counted.
// CHECK-LABEL: func.func @no_fusion_as_body_is_too_long
// CHECK-COUNT-2: kernel.rows
// CHECK-NOT:     kernel.rows
func.func @no_fusion_as_body_is_too_long(%n: index, %x: tensor<?xf32>, %e: tensor<?xf32>) -> tensor<?xf32> {
  %a = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %s = mlp.silu %v : tensor<f32>
    kernel.yield %s : tensor<f32>
  }
  %b = kernel.rows r = %n read(%a[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %s = math.tanh %v : tensor<f32>
    kernel.yield %s : tensor<f32>
  }
  %c = kernel.rows r = %n read(%b[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %s = math.tanh %v : tensor<f32>
    kernel.yield %s : tensor<f32>
  }
  func.return %c : tensor<?xf32>
}
