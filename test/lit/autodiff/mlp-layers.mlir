// The adjoint and the tangent of the layers of mlp.
// RUN: anamc-opt %s -p ad-expand | filecheck %s

// CHECK-LABEL: func.func private @unpack_jvp
// CHECK-SAME:    (%[[P:\w+]]{{.*}}%[[P_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[W:\w+]], %[[B:\w+]] = mlp.unpack %[[P]] at 2
// CHECK-NEXT:    %[[W_DOT:\w+]], %[[B_DOT:\w+]] = mlp.unpack %[[P_DOT]] at 2
// CHECK-NEXT:    func.return %[[W]], %[[B]], %[[W_DOT]], %[[B_DOT]]
// CHECK-LABEL: func.func private @unpack_vjp
// CHECK-SAME:    (%[[P:\w+]]{{.*}}%[[W_BAR:\w+]]{{.*}}%[[B_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[W:\w+]], %[[B:\w+]] = mlp.unpack %[[P]] at 2
// CHECK-NEXT:    %[[P_BAR:\w+]] = mlp.pack %[[W_BAR]], %[[B_BAR]] at [2 : i64, 8 : i64]
// CHECK-NEXT:    func.return %[[W]], %[[B]], %[[P_BAR]]
func.func @unpack(%p: tensor<11xf64>) -> (tensor<3x2xf64>, tensor<2xf64>) {
  %w, %b = mlp.unpack %p at 2 : tensor<11xf64> to tensor<3x2xf64>, tensor<2xf64>
  func.return %w, %b : tensor<3x2xf64>, tensor<2xf64>
}
func.func @adjoint_of_unpack(%p: tensor<11xf64>, %w_bar: tensor<3x2xf64>, %b_bar: tensor<2xf64>) -> tensor<11xf64> {
  %r0, %r1, %r2 = ad.vjp @unpack(%p) cotangents(%w_bar, %b_bar) wrt [0] : (tensor<11xf64>, tensor<3x2xf64>, tensor<2xf64>) -> (tensor<3x2xf64>, tensor<2xf64>, tensor<11xf64>)
  func.return %r2 : tensor<11xf64>
}
func.func @tangent_of_unpack(%p: tensor<11xf64>, %p_dot: tensor<11xf64>) -> (tensor<3x2xf64>, tensor<2xf64>) {
  %r0, %r1, %r2, %r3 = ad.jvp @unpack(%p) tangents(%p_dot) wrt [0] : (tensor<11xf64>, tensor<11xf64>) -> (tensor<3x2xf64>, tensor<2xf64>, tensor<3x2xf64>, tensor<2xf64>)
  func.return %r2, %r3 : tensor<3x2xf64>, tensor<2xf64>
}

// CHECK-LABEL: func.func private @dense_jvp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[W:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}%[[W_DOT:\w+]]{{.*}}%[[B_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.dense %[[X]], %[[W]], %[[B]]
// CHECK-NEXT:    %[[V0:\w+]] = mlp.dense %[[X]], %[[W_DOT]], %[[B_DOT]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = mlp.dense %[[X_DOT]], %[[W]], %[[V2]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V0]], %[[V3]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @dense_vjp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[W:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.dense %[[X]], %[[W]], %[[B]]
// CHECK-NEXT:    %[[X_BAR:\w+]] = mlp.dense_transposed %[[Y_BAR]], %[[W]]
// CHECK-NEXT:    %[[W_BAR:\w+]] = mlp.outer %[[X]], %[[Y_BAR]]
// CHECK-NEXT:    %[[B_BAR:\w+]] = mlp.sum_rows %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]], %[[W_BAR]], %[[B_BAR]]
func.func @dense(%x: tensor<4x3xf64>, %w: tensor<3x2xf64>, %b: tensor<2xf64>) -> tensor<4x2xf64> {
  %y = mlp.dense %x, %w, %b : (tensor<4x3xf64>, tensor<3x2xf64>, tensor<2xf64>) -> tensor<4x2xf64>
  func.return %y : tensor<4x2xf64>
}
func.func @adjoint_of_dense(%x: tensor<4x3xf64>, %w: tensor<3x2xf64>, %b: tensor<2xf64>, %y_bar: tensor<4x2xf64>) -> (tensor<4x3xf64>, tensor<3x2xf64>, tensor<2xf64>) {
  %r0, %r1, %r2, %r3 = ad.vjp @dense(%x, %w, %b) cotangents(%y_bar) wrt [0, 1, 2] : (tensor<4x3xf64>, tensor<3x2xf64>, tensor<2xf64>, tensor<4x2xf64>) -> (tensor<4x2xf64>, tensor<4x3xf64>, tensor<3x2xf64>, tensor<2xf64>)
  func.return %r1, %r2, %r3 : tensor<4x3xf64>, tensor<3x2xf64>, tensor<2xf64>
}
func.func @tangent_of_dense(%x: tensor<4x3xf64>, %w: tensor<3x2xf64>, %b: tensor<2xf64>, %x_dot: tensor<4x3xf64>, %w_dot: tensor<3x2xf64>, %b_dot: tensor<2xf64>) -> tensor<4x2xf64> {
  %r0, %r1 = ad.jvp @dense(%x, %w, %b) tangents(%x_dot, %w_dot, %b_dot) wrt [0, 1, 2] : (tensor<4x3xf64>, tensor<3x2xf64>, tensor<2xf64>, tensor<4x3xf64>, tensor<3x2xf64>, tensor<2xf64>) -> (tensor<4x2xf64>, tensor<4x2xf64>)
  func.return %r1 : tensor<4x2xf64>
}

// CHECK-LABEL: func.func private @layer_norm_jvp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[SCALE:\w+]]{{.*}}%[[SHIFT:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}%[[SCALE_DOT:\w+]]{{.*}}%[[SHIFT_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.layer_norm %[[X]], %[[SCALE]], %[[SHIFT]] eps 1.000000e-05
// CHECK-NEXT:    %[[V0:\w+]], %[[V1:\w+]] = mlp.standardize %[[X]] eps 1.000000e-05
// CHECK-NEXT:    %[[V2:\w+]] = mlp.standardize_tangent %[[X_DOT]] at %[[V0]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = mlp.broadcast %[[SCALE]][]
// CHECK-NEXT:    %[[V4:\w+]] = arith.mulf %[[V2]], %[[V3]]
// CHECK-NEXT:    %[[V5:\w+]] = mlp.broadcast %[[SCALE_DOT]][]
// CHECK-NEXT:    %[[V6:\w+]] = arith.mulf %[[V0]], %[[V5]]
// CHECK-NEXT:    %[[V7:\w+]] = mlp.broadcast %[[SHIFT_DOT]][]
// CHECK-NEXT:    %[[V8:\w+]] = arith.addf %[[V4]], %[[V6]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V8]], %[[V7]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @layer_norm_vjp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[SCALE:\w+]]{{.*}}%[[SHIFT:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.layer_norm %[[X]], %[[SCALE]], %[[SHIFT]] eps 1.000000e-05
// CHECK-NEXT:    %[[V0:\w+]], %[[V1:\w+]] = mlp.standardize %[[X]] eps 1.000000e-05
// CHECK-NEXT:    %[[V2:\w+]] = mlp.broadcast %[[SCALE]][]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[Y_BAR]], %[[V2]]
// CHECK-NEXT:    %[[X_BAR:\w+]] = mlp.standardize_tangent %[[V3]] at %[[V0]], %[[V1]]
// CHECK-NEXT:    %[[V4:\w+]] = arith.mulf %[[V0]], %[[Y_BAR]]
// CHECK-NEXT:    %[[SCALE_BAR:\w+]] = mlp.sum_rows %[[V4]]
// CHECK-NEXT:    %[[SHIFT_BAR:\w+]] = mlp.sum_rows %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]], %[[SCALE_BAR]], %[[SHIFT_BAR]]
func.func @layer_norm(%x: tensor<4x3xf64>, %scale: tensor<3xf64>, %shift: tensor<3xf64>) -> tensor<4x3xf64> {
  %y = mlp.layer_norm %x, %scale, %shift eps 1.0e-05 : (tensor<4x3xf64>, tensor<3xf64>, tensor<3xf64>) -> tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_layer_norm(%x: tensor<4x3xf64>, %scale: tensor<3xf64>, %shift: tensor<3xf64>, %y_bar: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<3xf64>, tensor<3xf64>) {
  %r0, %r1, %r2, %r3 = ad.vjp @layer_norm(%x, %scale, %shift) cotangents(%y_bar) wrt [0, 1, 2] : (tensor<4x3xf64>, tensor<3xf64>, tensor<3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>, tensor<3xf64>, tensor<3xf64>)
  func.return %r1, %r2, %r3 : tensor<4x3xf64>, tensor<3xf64>, tensor<3xf64>
}
func.func @tangent_of_layer_norm(%x: tensor<4x3xf64>, %scale: tensor<3xf64>, %shift: tensor<3xf64>, %x_dot: tensor<4x3xf64>, %scale_dot: tensor<3xf64>, %shift_dot: tensor<3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @layer_norm(%x, %scale, %shift) tangents(%x_dot, %scale_dot, %shift_dot) wrt [0, 1, 2] : (tensor<4x3xf64>, tensor<3xf64>, tensor<3xf64>, tensor<4x3xf64>, tensor<3xf64>, tensor<3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @mean_jvp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[INIT:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}%[[INIT_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.mean %[[X]] times 2.500000e+00 onto %[[INIT]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = mlp.mean %[[X_DOT]] times 2.500000e+00 onto %[[INIT_DOT]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @mean_vjp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[INIT:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.mean %[[X]] times 2.500000e+00 onto %[[INIT]]
// CHECK-NEXT:    %[[X_BAR:\w+]] = mlp.mean_transposed %[[Y_BAR]][] times 2.500000e+00
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]], %[[Y_BAR]]
func.func @mean(%x: tensor<4xf64>, %init: tensor<f64>) -> tensor<f64> {
  %y = mlp.mean %x times 2.5 onto %init : (tensor<4xf64>, tensor<f64>) -> tensor<f64>
  func.return %y : tensor<f64>
}
func.func @adjoint_of_mean(%x: tensor<4xf64>, %init: tensor<f64>, %y_bar: tensor<f64>) -> (tensor<4xf64>, tensor<f64>) {
  %r0, %r1, %r2 = ad.vjp @mean(%x, %init) cotangents(%y_bar) wrt [0, 1] : (tensor<4xf64>, tensor<f64>, tensor<f64>) -> (tensor<f64>, tensor<4xf64>, tensor<f64>)
  func.return %r1, %r2 : tensor<4xf64>, tensor<f64>
}
func.func @tangent_of_mean(%x: tensor<4xf64>, %init: tensor<f64>, %x_dot: tensor<4xf64>, %init_dot: tensor<f64>) -> tensor<f64> {
  %r0, %r1 = ad.jvp @mean(%x, %init) tangents(%x_dot, %init_dot) wrt [0, 1] : (tensor<4xf64>, tensor<f64>, tensor<4xf64>, tensor<f64>) -> (tensor<f64>, tensor<f64>)
  func.return %r1 : tensor<f64>
}
