// RUN: anamc-opt %s -p bufferize-kernels --split-input-file --parsing-diagnostics --verify-diagnostics --allow-unregistered-dialect | filecheck %s

// An argument that is neither a size nor a tensor.
// CHECK: bufferize-kernels: argument 0 of @f is f32, expected index or a tensor
func.func @f(%x: f32) {
  func.return
}

// -----

// An operation on tensors that is no kernel.
// CHECK: bufferize-kernels: 'mlp.relu' is no kernel; run form-kernels before
func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
  %y = mlp.relu %x : tensor<2xf32>
  func.return %y : tensor<2xf32>
}

// -----

// A result that is no tensor.
// CHECK: expected a tensor, got a value of type index
func.func @f(%n: index) -> index {
  func.return %n : index
}

// -----

// A returned constant.
// CHECK: bufferize-kernels: @f uses a tensor that no kernel computed
func.func @f() -> tensor<2xf32> {
  %y = tensor.empty() : tensor<2xf32>
  func.return %y : tensor<2xf32>
}

// -----

// A kernel that starts from numbers that differ.
// CHECK: bufferize-kernels: a kernel starts from a dense constant of rank above 0
func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
  %c = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %y = kernel.rows r = 2 read(%x[r] : tensor<2xf32>) add(%c[r] : tensor<2xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %y : tensor<2xf32>
}

// -----

// A scalar out of a tensor.
// CHECK: bufferize-kernels: 'tensor.extract'{{.*}} needs a tensor where only sizes are known
func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
  %zero = arith.constant 0 : index
  %y = tensor.extract %x[%zero] : tensor<2xf32>
  func.return %x : tensor<2xf32>
}

// -----

// A tensor that is longer from round to round.
// CHECK: bufferize-kernels: 'kernel.rows'{{.*}}: the size of a tensor changes in a loop, so that it has no place in the workspace
func.func @f(%n: index {anamc.name = "n"}, %x: tensor<f32>) -> tensor<f32> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %y = scf.for %i = %zero to %n step %one iter_args(%s = %x) -> (tensor<f32>) {
    %e = tensor.empty(%i) : tensor<?xf32>
    %t = kernel.rows r = %i read(%s : tensor<f32>) write(%e[r] : tensor<?xf32>) {
    ^bb0(%r: index, %v: tensor<f32>):
      kernel.yield %v : tensor<f32>
    }
    scf.yield %s : tensor<f32>
  }
  func.return %y : tensor<f32>
}
