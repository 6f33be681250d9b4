// RUN: anamc-opt %s -p form-kernels --split-input-file --parsing-diagnostics --verify-diagnostics --allow-unregistered-dialect | filecheck %s

// An operation that there is no rule for.
// CHECK: form-kernels: no rule for 'test.op'
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = "test.op"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----

// Rows of run-time size.
// CHECK: form-kernels: a row of 'mlp.relu' has a run-time size
func.func @f(%n: index {anamc.name = "n"}, %x: tensor<?x?xf32> {anamc.dims = ["n", "n"]}) -> tensor<?x?xf32> {
  %y = mlp.relu %x : tensor<?x?xf32>
  func.return %y : tensor<?x?xf32>
}

// -----

// Different constants.
// CHECK: form-kernels: a dense constant must have one value everywhere
func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
  %c = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %y = arith.addf %x, %c : tensor<2xf32>
  func.return %y : tensor<2xf32>
}

// -----

// One condition for a whole tensor.
// CHECK: expected a tensor, got a value of type i1
func.func @f(%c: i1, %x: tensor<2xf32>) -> tensor<2xf32> {
  %y = arith.select %c, %x, %x : tensor<2xf32>
  func.return %y : tensor<2xf32>
}

// -----

// Another terminator.
// CHECK: form-kernels: @f does not end in func.return
func.func @f(%x: tensor<2xf32>) {
  "test.termop"() : () -> ()
}

// -----

// Sizes that nothing tells.
// CHECK: argument 0 of @f has no anamc.dims
func.func @f(%x: tensor<?xf32>) -> tensor<?xf32> {
  %y = mlp.relu %x : tensor<?xf32>
  func.return %y : tensor<?xf32>
}
