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

// -----

// An operation in a loop that there is no rule for: with its place.
// CHECK: form-kernels: no rule for 'test.op' at user.mlir:4:7
func.func @f(%n: index, %x: tensor<4xf32>) -> tensor<4xf32> {
  %one = arith.constant 1 : index
  %y = scf.for %i = %one to %n step %one iter_args(%s = %x) -> (tensor<4xf32>) {
    %t = "test.op"(%s) : (tensor<4xf32>) -> tensor<4xf32> loc("user.mlir":4:7)
    scf.yield %t : tensor<4xf32>
  }
  func.return %y : tensor<4xf32>
}

// -----

// Another kind of loop.
// CHECK: form-kernels: no rule for 'scf.while'
func.func @f(%c: i1, %x: tensor<4xf32>) -> tensor<4xf32> {
  %y = scf.while (%s = %x) : (tensor<4xf32>) -> (tensor<4xf32>) {
    scf.condition(%c) %s : tensor<4xf32>
  } do {
  ^bb0(%t: tensor<4xf32>):
    scf.yield %t : tensor<4xf32>
  }
  func.return %y : tensor<4xf32>
}

// -----

// A value that is longer from round to round.
// CHECK: form-kernels: 'scf.for'{{.*}}: the sizes of a value that it carries are not known to be the same in every round
func.func @f(%n: index {anamc.name = "n"}, %x: tensor<?xf32> {anamc.dims = ["n"]}) -> tensor<?xf32> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %y = scf.for %i = %zero to %n step %one iter_args(%s = %x) -> (tensor<?xf32>) {
    %e = tensor.empty(%i) : tensor<?xf32>
    %t = nest.map (j = %i) read(%s[j] : tensor<?xf32>) set(%e[j] : tensor<?xf32>) {
    ^bb0(%j: index, %v: f32):
      nest.yield %v : f32
    }
    scf.yield %t : tensor<?xf32>
  }
  func.return %y : tensor<?xf32>
}

// -----

// Sides of different sizes.
// CHECK: form-kernels: 'scf.if'{{.*}}: the sizes of its result are not known to be the same on both sides
func.func @f(%n: index {anamc.name = "n"}, %c: i1, %x: tensor<?xf32> {anamc.dims = ["n"]}) -> tensor<?xf32> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %y = scf.for %i = %zero to %n step %one iter_args(%s = %x) -> (tensor<?xf32>) {
    %t = scf.if %c -> (tensor<?xf32>) {
      scf.yield %s : tensor<?xf32>
    } else {
      %e = tensor.empty(%i) : tensor<?xf32>
      scf.yield %e : tensor<?xf32>
    }
    scf.yield %t : tensor<?xf32>
  }
  func.return %y : tensor<?xf32>
}

// -----

// A slice that is only a part of entries.
// CHECK: form-kernels: 'tensor.extract_slice'{{.*}} is not all of one entry
func.func @f(%x: tensor<4x3xf32>) -> tensor<2xf32> {
  %y = tensor.extract_slice %x[1, 0] [1, 2] [1, 1] : tensor<4x3xf32> to tensor<2xf32>
  func.return %y : tensor<2xf32>
}
