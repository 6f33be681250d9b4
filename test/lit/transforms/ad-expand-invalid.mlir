// RUN: anamc-opt %s -p ad-expand --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// A function that there is not.
// CHECK: error[A1110]: 'ad.vjp' does not fit what it differentiates
// CHECK: there is no function @h with a body
func.func @f(%x: tensor<2xf64>) {
  %y, %b = ad.vjp @h(%x) cotangents(%x) wrt [0] : (tensor<2xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
  func.return
}

// -----

// A declaration.
// CHECK: error[A1110]: 'ad.vjp' does not fit what it differentiates
// CHECK: there is no function @h with a body
func.func private @h(tensor<2xf64>) -> tensor<2xf64>
func.func @f(%x: tensor<2xf64>) {
  %y, %b = ad.vjp @h(%x) cotangents(%x) wrt [0] : (tensor<2xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
  func.return
}

// -----

// Arguments of another function.
// CHECK: 'ad.vjp' arguments are not those of @f
func.func @f(%x: tensor<2xf64>, %k: tensor<2xi32>) -> (tensor<2xf64>, tensor<2xi32>) {
  %y = math.sin %x : tensor<2xf64>
  func.return %y, %k : tensor<2xf64>, tensor<2xi32>
}
func.func @g(%x: tensor<2xf64>, %k: tensor<2xi32>, %d: tensor<2xf64>) {
  %y, %b = ad.vjp @f(%x) cotangents(%d) wrt [0] : (tensor<2xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
  func.return
}

// -----

// With respect to integers.
// CHECK: 'ad.vjp' wrt 1 is no float tensor of @f
func.func @f(%x: tensor<2xf64>, %k: tensor<2xi32>) -> (tensor<2xf64>, tensor<2xi32>) {
  %y = math.sin %x : tensor<2xf64>
  func.return %y, %k : tensor<2xf64>, tensor<2xi32>
}
func.func @g(%x: tensor<2xf64>, %k: tensor<2xi32>, %d: tensor<2xf64>) {
  %y, %j, %b = ad.vjp @f(%x, %k) cotangents(%d) wrt [1] : (tensor<2xf64>, tensor<2xi32>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xi32>, tensor<2xi32>)
  func.return
}

// -----

// With respect to an argument that there is not.
// CHECK: 'ad.vjp' wrt 7 is no float tensor of @f
func.func @f(%x: tensor<2xf64>, %k: tensor<2xi32>) -> (tensor<2xf64>, tensor<2xi32>) {
  %y = math.sin %x : tensor<2xf64>
  func.return %y, %k : tensor<2xf64>, tensor<2xi32>
}
func.func @g(%x: tensor<2xf64>, %k: tensor<2xi32>, %d: tensor<2xf64>) {
  %y, %j, %b = ad.vjp @f(%x, %k) cotangents(%d) wrt [7] : (tensor<2xf64>, tensor<2xi32>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xi32>, tensor<2xf64>)
  func.return
}

// -----

// With respect to an argument twice.
// CHECK: 'ad.vjp' names a position twice in wrt
func.func @f(%x: tensor<2xf64>, %k: tensor<2xi32>) -> (tensor<2xf64>, tensor<2xi32>) {
  %y = math.sin %x : tensor<2xf64>
  func.return %y, %k : tensor<2xf64>, tensor<2xi32>
}
func.func @g(%x: tensor<2xf64>, %k: tensor<2xi32>, %d: tensor<2xf64>) {
  %y, %j, %b, %c = ad.vjp @f(%x, %k) cotangents(%d) wrt [0, 0] : (tensor<2xf64>, tensor<2xi32>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xi32>, tensor<2xf64>, tensor<2xf64>)
  func.return
}

// -----

// Of a result of integers.
// CHECK: 'ad.vjp' of 1 is no float tensor of @f
func.func @f(%x: tensor<2xf64>, %k: tensor<2xi32>) -> (tensor<2xf64>, tensor<2xi32>) {
  %y = math.sin %x : tensor<2xf64>
  func.return %y, %k : tensor<2xf64>, tensor<2xi32>
}
func.func @g(%x: tensor<2xf64>, %k: tensor<2xi32>, %d: tensor<2xf64>) {
  %y, %j, %b = ad.vjp @f(%x, %k) cotangents(%d) wrt [0] of [1] : (tensor<2xf64>, tensor<2xi32>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xi32>, tensor<2xf64>)
  func.return
}

// -----

// A cotangent too few.
// CHECK: 'ad.vjp' of @f expects directions (tensor<2xf64>), got ()
func.func @f(%x: tensor<2xf64>, %k: tensor<2xi32>) -> (tensor<2xf64>, tensor<2xi32>) {
  %y = math.sin %x : tensor<2xf64>
  func.return %y, %k : tensor<2xf64>, tensor<2xi32>
}
func.func @g(%x: tensor<2xf64>, %k: tensor<2xi32>, %d: tensor<2xf64>) {
  %y, %j, %b = ad.vjp @f(%x, %k) cotangents() wrt [0] : (tensor<2xf64>, tensor<2xi32>) -> (tensor<2xf64>, tensor<2xi32>, tensor<2xf64>)
  func.return
}

// -----

// A tangent of another shape.
// CHECK: 'ad.jvp' of @f expects directions (tensor<2xf64>), got (tensor<3xf64>)
func.func @f(%x: tensor<2xf64>, %k: tensor<2xi32>) -> (tensor<2xf64>, tensor<2xi32>) {
  %y = math.sin %x : tensor<2xf64>
  func.return %y, %k : tensor<2xf64>, tensor<2xi32>
}
func.func @g(%x: tensor<2xf64>, %k: tensor<2xi32>, %d: tensor<3xf64>) {
  %y, %j, %b = ad.jvp @f(%x, %k) tangents(%d) wrt [0] : (tensor<2xf64>, tensor<2xi32>, tensor<3xf64>) -> (tensor<2xf64>, tensor<2xi32>, tensor<2xf64>)
  func.return
}

// -----

// A result too few.
// CHECK: 'ad.jvp' of @f gives (tensor<2xf64>, tensor<2xi32>, tensor<2xf64>), got (tensor<2xf64>, tensor<2xi32>)
func.func @f(%x: tensor<2xf64>, %k: tensor<2xi32>) -> (tensor<2xf64>, tensor<2xi32>) {
  %y = math.sin %x : tensor<2xf64>
  func.return %y, %k : tensor<2xf64>, tensor<2xi32>
}
func.func @g(%x: tensor<2xf64>, %k: tensor<2xi32>, %d: tensor<2xf64>) {
  %y, %j = ad.jvp @f(%x, %k) tangents(%d) wrt [0] : (tensor<2xf64>, tensor<2xi32>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xi32>)
  func.return
}

// -----

// A function that differentiates itself.
// CHECK: error[A1110]: @f calls or differentiates itself
// CHECK: @f -> @f
func.func @f(%x: tensor<2xf64>) -> tensor<2xf64> {
  %y, %b = ad.vjp @f(%x) cotangents(%x) wrt [0] : (tensor<2xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
  func.return %b : tensor<2xf64>
}

// -----

// An operation without a rule, and how the path came to it.
// CHECK: error[A1101]: no reverse rule for 'math.acos'
// CHECK: it depends on 'x' through s ('math.sin')
// CHECK: help: keep it off the path with 'ad.stop_gradient', or give the function that holds it a rule with 'ad.custom'
func.func @f(%x: tensor<2xf64>) -> tensor<2xf64> {
  %s = math.sin %x : tensor<2xf64>
  %y = math.acos %s : tensor<2xf64>
  func.return %y : tensor<2xf64>
}
func.func @g(%x: tensor<2xf64>) {
  %y, %b = ad.vjp @f(%x) cotangents(%x) wrt [0] : (tensor<2xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
  func.return
}
