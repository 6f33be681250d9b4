// RUN: anamc-opt %s -p ad-expand --split-input-file | filecheck %s
// RUN: anamc-opt %s -p 'ad-expand{keep-hints=true},inline-calls' --split-input-file | filecheck %s --check-prefix=KEPT

// The user's rule in place of that of the body, given what it records; the tangent is the rule transposed.
// CHECK-LABEL: func.func private @relu_bwd_vjp
// CHECK:         func.return
// CHECK-LABEL: func.func private @f_jvp
// CHECK:         %[[Y:.*]] = func.call @relu(%{{.*}})
// CHECK:         %{{.*}}, %[[D:.*]] = func.call @relu_bwd_vjp(%[[Y]], %{{.*}}, %{{.*}})
// CHECK:         func.return %[[Y]], %[[D]]
// CHECK-LABEL: func.func private @f_vjp
// CHECK:         %[[Y:.*]] = func.call @relu(%{{.*}})
// CHECK-NEXT:    %[[C:.*]] = func.call @relu_bwd(%[[Y]], %y_bar)
// CHECK-NEXT:    arith.mulf %[[C]], %x
// CHECK-NOT:   ad.custom
// KEPT:        ad.custom @relu {vjp = @relu_bwd, record = [], results = [0 : i64]}
// KEPT:        func.func @gradient
// KEPT:          func.call @relu(
func.func private @relu(%x: tensor<4xf64>) -> tensor<4xf64> {
  %z = arith.constant dense<0.0> : tensor<4xf64>
  %y = arith.maximumf %x, %z : tensor<4xf64>
  func.return %y : tensor<4xf64>
}
func.func private @relu_bwd(%y: tensor<4xf64>, %y_bar: tensor<4xf64>) -> tensor<4xf64> {
  %x_bar = arith.mulf %y, %y_bar : tensor<4xf64>
  func.return %x_bar : tensor<4xf64>
}
ad.custom @relu {vjp = @relu_bwd, record = [], results = [0]}
func.func private @f(%x: tensor<4xf64>) -> tensor<4xf64> {
  %a = arith.mulf %x, %x : tensor<4xf64>
  %y = func.call @relu(%a) : (tensor<4xf64>) -> tensor<4xf64>
  func.return %y : tensor<4xf64>
}
func.func @gradient(%x: tensor<4xf64>, %v: tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>) {
  %y, %xb = ad.vjp @f(%x) cotangents(%v) wrt [0] : (tensor<4xf64>, tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>)
  %y2, %yd = ad.jvp @f(%x) tangents(%v) wrt [0] : (tensor<4xf64>, tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>)
  func.return %xb, %yd : tensor<4xf64>, tensor<4xf64>
}

// -----

// A rule for tangents alone: its reverse is the rule of the adjoint. An argument outside of wrt gets nothing.
// CHECK-LABEL: func.func private @g_fwd_vjp(%a: tensor<2xf64>, %b: tensor<2xf64>, %a_dot: tensor<2xf64>, %y_dot_bar: tensor<2xf64>)
// CHECK-LABEL: func.func private @h_vjp
// CHECK:         %{{.*}}, %[[A:.*]] = func.call @g_fwd_vjp(%a, %b, %{{.*}}, %y_bar)
// CHECK:         %[[B:.*]] = tensor.splat %{{.*}} : tensor<2xf64>
// CHECK:         func.return %{{.*}}, %[[A]], %[[B]]
func.func private @g(%a: tensor<2xf64>, %b: tensor<2xf64>) -> tensor<2xf64> {
  %y = arith.mulf %a, %b : tensor<2xf64>
  func.return %y : tensor<2xf64>
}
func.func private @g_fwd(%a: tensor<2xf64>, %b: tensor<2xf64>, %a_dot: tensor<2xf64>) -> tensor<2xf64> {
  %y_dot = arith.divf %a_dot, %b : tensor<2xf64>
  func.return %y_dot : tensor<2xf64>
}
ad.custom @g {jvp = @g_fwd, wrt = [0]}
func.func private @h(%a: tensor<2xf64>, %b: tensor<2xf64>) -> tensor<2xf64> {
  %y = func.call @g(%a, %b) : (tensor<2xf64>, tensor<2xf64>) -> tensor<2xf64>
  func.return %y : tensor<2xf64>
}
func.func @adjoint(%a: tensor<2xf64>, %b: tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>) {
  %y, %ab, %bb = ad.vjp @h(%a, %b) cotangents(%b) wrt [0, 1] : (tensor<2xf64>, tensor<2xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>, tensor<2xf64>)
  func.return %ab, %bb : tensor<2xf64>, tensor<2xf64>
}
