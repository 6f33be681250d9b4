// RUN: anamc-opt %s -p ad-expand --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// A rule that there is not.
// CHECK: error[A1108]: the custom rule of @g does not fit
// CHECK: there is no function @nothing with a body
func.func private @g(%x: tensor<2xf64>) -> tensor<2xf64> {
  func.return %x : tensor<2xf64>
}
ad.custom @g {vjp = @nothing}

// -----

// Another signature: both are shown.
// CHECK: error[A1108]: the custom rule of @g does not fit
// CHECK: @g_vjp must take (tensor<2xf64>, tensor<3xf64>) and give (tensor<2xf64>)
// CHECK: it takes (tensor<2xf64>) and gives (tensor<2xf64>)
func.func private @g(%x: tensor<2xf64>) -> tensor<3xf64> {
  %y = tensor.empty() : tensor<3xf64>
  func.return %y : tensor<3xf64>
}
func.func private @g_vjp(%y_bar: tensor<2xf64>) -> tensor<2xf64> {
  func.return %y_bar : tensor<2xf64>
}
ad.custom @g {vjp = @g_vjp}

// -----

// A position that there is not.
// CHECK: error[A1108]: the custom rule of @g does not fit
// CHECK: record has position 3, but @g has 1
func.func private @g(%x: tensor<2xf64>) -> tensor<2xf64> {
  func.return %x : tensor<2xf64>
}
ad.custom @g {vjp = @g, record = [3]}

// -----

// An argument that has no derivative.
// CHECK: error[A1108]: the custom rule of @g does not fit
// CHECK: wrt has argument 0, of type tensor<2xi32>
func.func private @g(%x: tensor<2xi32>) -> tensor<2xf64> {
  %y = tensor.empty() : tensor<2xf64>
  func.return %y : tensor<2xf64>
}
ad.custom @g {vjp = @g, wrt = [0]}
