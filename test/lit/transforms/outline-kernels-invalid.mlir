// RUN: anamc-opt %s -p outline-kernels --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// A buffer whose size has no name.
// CHECK: outline-kernels: cannot tell the sizes of a buffer of type memref<?xf32>
func.func @f_eval(%n: index, %y: memref<?xf32>) attributes {anamc.entry = "f"} {
  kernel.rows r = %n read(%y[r] : memref<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield
  }
  func.return
}

// -----

// A number from outside.
// CHECK: outline-kernels: a kernel uses a value of type f32 from outside
func.func @f_eval(%c: f32, %y: memref<3xf32>) attributes {anamc.entry = "f"} {
  kernel.rows r = 3 write(%y[r] : memref<3xf32>) {
  ^bb0(%r: index):
    %z = tensor.splat %c : tensor<f32>
    kernel.yield %z : tensor<f32>
  }
  func.return
}
