// RUN: anamc-opt %s -p inline-calls --allow-unregistered-dialect --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// A call of a declaration.
// CHECK: error[A0815]: @f calls @h, which has no body
func.func private @h(tensor<2xf64>) -> tensor<2xf64>
func.func @f(%x: tensor<2xf64>) -> tensor<2xf64> {
  %y = func.call @h(%x) : (tensor<2xf64>) -> tensor<2xf64>
  func.return %y : tensor<2xf64>
}

// -----

// A function that calls itself.
// CHECK: error[A0815]: @f calls itself
func.func @f(%x: tensor<2xf64>) -> tensor<2xf64> {
  %y = func.call @f(%x) : (tensor<2xf64>) -> tensor<2xf64>
  func.return %y : tensor<2xf64>
}

// -----

// Two that call each other.
// CHECK: error[A0815]: @f calls itself
func.func @f(%x: tensor<2xf64>) -> tensor<2xf64> {
  %y = func.call @g(%x) : (tensor<2xf64>) -> tensor<2xf64>
  func.return %y : tensor<2xf64>
}
func.func private @g(%x: tensor<2xf64>) -> tensor<2xf64> {
  %y = func.call @f(%x) : (tensor<2xf64>) -> tensor<2xf64>
  func.return %y : tensor<2xf64>
}

// -----

// A body that does not return.
// CHECK: inline-calls: @g is not one block that ends in func.return
func.func @f(%x: tensor<2xf64>) -> tensor<2xf64> {
  %y = func.call @g(%x) : (tensor<2xf64>) -> tensor<2xf64>
  func.return %y : tensor<2xf64>
}
func.func private @g(%x: tensor<2xf64>) -> tensor<2xf64> {
  "test.termop"() : () -> ()
}
