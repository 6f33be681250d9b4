// RUN: anamc-opt %s -p expose-sizes --split-input-file --parsing-diagnostics --verify-diagnostics --allow-unregistered-dialect | filecheck %s

// A name twice.
// CHECK: expose-sizes: @f has the name 'x' twice
func.func @f(%a: tensor<2xf32> {anamc.name = "x"}, %b: tensor<2xf32> {anamc.name = "x"}) {
  func.return
}

// -----

// Another terminator.
// CHECK: expose-sizes: @f does not end in func.return
func.func @f(%a: tensor<2xf32>) {
  "test.termop"() : () -> ()
}

// -----

// A result of a size that something else than arithmetic computes.
// CHECK: expose-sizes: a result of @f has a size that is no arithmetic on run-time sizes
func.func @f(%k: index, %a: tensor<2xf32>) -> tensor<?xf32> {
  %n = arith.shli %k, %k : index
  %e = tensor.empty(%n) : tensor<?xf32>
  func.return %e : tensor<?xf32>
}

// -----

// A size that no operation tells.
// CHECK: cannot tell the sizes of the result of 'test.op'
func.func @f(%a: tensor<2xf32>) -> tensor<?xf32> {
  %e = "test.op"(%a) : (tensor<2xf32>) -> tensor<?xf32>
  func.return %e : tensor<?xf32>
}

// -----

// A size that is no argument.
// CHECK: argument 0 of @f names an unknown size 'm'
func.func @f(%a: tensor<?xf32> {anamc.dims = ["m"]}) -> tensor<?xf32> {
  func.return %a : tensor<?xf32>
}

// -----

// Fewer sizes than dimensions.
// CHECK: argument 0 of @f has no anamc.dims
func.func @f(%a: tensor<?x2xf32> {anamc.dims = [2 : index]}) -> tensor<?x2xf32> {
  func.return %a : tensor<?x2xf32>
}
