// The adjoint and the tangent of what derivatives of layers are made of.
// RUN: anamc-opt %s -p ad-expand | filecheck %s

// CHECK-LABEL: func.func private @dense_transposed_jvp
// CHECK-SAME:    (%[[G:\w+]]{{.*}}%[[W:\w+]]{{.*}}%[[G_DOT:\w+]]{{.*}}%[[W_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.dense_transposed %[[G]], %[[W]]
// CHECK-NEXT:    %[[V0:\w+]] = mlp.dense_transposed %[[G_DOT]], %[[W]]
// CHECK-NEXT:    %[[V1:\w+]] = mlp.dense_transposed %[[G]], %[[W_DOT]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V0]], %[[V1]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @dense_transposed_vjp
// CHECK-SAME:    (%[[G:\w+]]{{.*}}%[[W:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.dense_transposed %[[G]], %[[W]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[G_BAR:\w+]] = mlp.dense %[[Y_BAR]], %[[W]], %[[V1]]
// CHECK-NEXT:    %[[W_BAR:\w+]] = mlp.outer %[[Y_BAR]], %[[G]]
// CHECK-NEXT:    func.return %[[Y]], %[[G_BAR]], %[[W_BAR]]
func.func @dense_transposed(%g: tensor<4x2xf64>, %w: tensor<3x2xf64>) -> tensor<4x3xf64> {
  %y = mlp.dense_transposed %g, %w : (tensor<4x2xf64>, tensor<3x2xf64>) -> tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_dense_transposed(%g: tensor<4x2xf64>, %w: tensor<3x2xf64>, %y_bar: tensor<4x3xf64>) -> (tensor<4x2xf64>, tensor<3x2xf64>) {
  %r0, %r1, %r2 = ad.vjp @dense_transposed(%g, %w) cotangents(%y_bar) wrt [0, 1] : (tensor<4x2xf64>, tensor<3x2xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x2xf64>, tensor<3x2xf64>)
  func.return %r1, %r2 : tensor<4x2xf64>, tensor<3x2xf64>
}
func.func @tangent_of_dense_transposed(%g: tensor<4x2xf64>, %w: tensor<3x2xf64>, %g_dot: tensor<4x2xf64>, %w_dot: tensor<3x2xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @dense_transposed(%g, %w) tangents(%g_dot, %w_dot) wrt [0, 1] : (tensor<4x2xf64>, tensor<3x2xf64>, tensor<4x2xf64>, tensor<3x2xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @outer_jvp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[G:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}%[[G_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[W:\w+]] = mlp.outer %[[X]], %[[G]]
// CHECK-NEXT:    %[[V0:\w+]] = mlp.outer %[[X_DOT]], %[[G]]
// CHECK-NEXT:    %[[V1:\w+]] = mlp.outer %[[X]], %[[G_DOT]]
// CHECK-NEXT:    %[[W_DOT:\w+]] = arith.addf %[[V0]], %[[V1]]
// CHECK-NEXT:    func.return %[[W]], %[[W_DOT]]
// CHECK-LABEL: func.func private @outer_vjp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[G:\w+]]{{.*}}%[[W_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[W:\w+]] = mlp.outer %[[X]], %[[G]]
// CHECK-NEXT:    %[[X_BAR:\w+]] = mlp.dense_transposed %[[G]], %[[W_BAR]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[G_BAR:\w+]] = mlp.dense %[[X]], %[[W_BAR]], %[[V1]]
// CHECK-NEXT:    func.return %[[W]], %[[X_BAR]], %[[G_BAR]]
func.func @outer(%x: tensor<4x3xf64>, %g: tensor<4x2xf64>) -> tensor<3x2xf64> {
  %w = mlp.outer %x, %g : (tensor<4x3xf64>, tensor<4x2xf64>) -> tensor<3x2xf64>
  func.return %w : tensor<3x2xf64>
}
func.func @adjoint_of_outer(%x: tensor<4x3xf64>, %g: tensor<4x2xf64>, %w_bar: tensor<3x2xf64>) -> (tensor<4x3xf64>, tensor<4x2xf64>) {
  %r0, %r1, %r2 = ad.vjp @outer(%x, %g) cotangents(%w_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x2xf64>, tensor<3x2xf64>) -> (tensor<3x2xf64>, tensor<4x3xf64>, tensor<4x2xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x2xf64>
}
func.func @tangent_of_outer(%x: tensor<4x3xf64>, %g: tensor<4x2xf64>, %x_dot: tensor<4x3xf64>, %g_dot: tensor<4x2xf64>) -> tensor<3x2xf64> {
  %r0, %r1 = ad.jvp @outer(%x, %g) tangents(%x_dot, %g_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x2xf64>, tensor<4x3xf64>, tensor<4x2xf64>) -> (tensor<3x2xf64>, tensor<3x2xf64>)
  func.return %r1 : tensor<3x2xf64>
}

// CHECK-LABEL: func.func private @sum_rows_jvp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.sum_rows %[[X]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = mlp.sum_rows %[[X_DOT]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @sum_rows_vjp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.sum_rows %[[X]]
// CHECK-NEXT:    %[[X_BAR:\w+]] = mlp.broadcast %[[Y_BAR]][]
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]]
func.func @sum_rows(%x: tensor<4x3xf64>) -> tensor<3xf64> {
  %y = mlp.sum_rows %x : (tensor<4x3xf64>) -> tensor<3xf64>
  func.return %y : tensor<3xf64>
}
func.func @adjoint_of_sum_rows(%x: tensor<4x3xf64>, %y_bar: tensor<3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @sum_rows(%x) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<3xf64>) -> (tensor<3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_sum_rows(%x: tensor<4x3xf64>, %x_dot: tensor<4x3xf64>) -> tensor<3xf64> {
  %r0, %r1 = ad.jvp @sum_rows(%x) tangents(%x_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<3xf64>, tensor<3xf64>)
  func.return %r1 : tensor<3xf64>
}

// CHECK-LABEL: func.func private @broadcast_jvp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.broadcast %[[X]][]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = mlp.broadcast %[[X_DOT]][]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @broadcast_vjp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.broadcast %[[X]][]
// CHECK-NEXT:    %[[X_BAR:\w+]] = mlp.sum_rows %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]]
func.func @broadcast(%x: tensor<3xf64>) -> tensor<4x3xf64> {
  %y = mlp.broadcast %x[] : tensor<3xf64> to tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_broadcast(%x: tensor<3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<3xf64> {
  %r0, %r1 = ad.vjp @broadcast(%x) cotangents(%y_bar) wrt [0] : (tensor<3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<3xf64>)
  func.return %r1 : tensor<3xf64>
}
func.func @tangent_of_broadcast(%x: tensor<3xf64>, %x_dot: tensor<3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @broadcast(%x) tangents(%x_dot) wrt [0] : (tensor<3xf64>, tensor<3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @row_dot_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}%[[B_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.row_dot %[[A]], %[[B]]
// CHECK-NEXT:    %[[V0:\w+]] = mlp.row_dot %[[A_DOT]], %[[B]]
// CHECK-NEXT:    %[[V1:\w+]] = mlp.row_dot %[[A]], %[[B_DOT]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V0]], %[[V1]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @row_dot_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.row_dot %[[A]], %[[B]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = mlp.scale_rows %[[B]] by %[[Y_BAR]]
// CHECK-NEXT:    %[[B_BAR:\w+]] = mlp.scale_rows %[[A]] by %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]], %[[B_BAR]]
func.func @row_dot(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>) -> tensor<4xf64> {
  %y = mlp.row_dot %a, %b : (tensor<4x3xf64>, tensor<4x3xf64>) -> tensor<4xf64>
  func.return %y : tensor<4xf64>
}
func.func @adjoint_of_row_dot(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %y_bar: tensor<4xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @row_dot(%a, %b) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_row_dot(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>, %b_dot: tensor<4x3xf64>) -> tensor<4xf64> {
  %r0, %r1 = ad.jvp @row_dot(%a, %b) tangents(%a_dot, %b_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4xf64>, tensor<4xf64>)
  func.return %r1 : tensor<4xf64>
}

// CHECK-LABEL: func.func private @scale_rows_jvp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[S:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}%[[S_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.scale_rows %[[X]] by %[[S]]
// CHECK-NEXT:    %[[V0:\w+]] = mlp.scale_rows %[[X_DOT]] by %[[S]]
// CHECK-NEXT:    %[[V1:\w+]] = mlp.scale_rows %[[X]] by %[[S_DOT]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V0]], %[[V1]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @scale_rows_vjp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[S:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.scale_rows %[[X]] by %[[S]]
// CHECK-NEXT:    %[[X_BAR:\w+]] = mlp.scale_rows %[[Y_BAR]] by %[[S]]
// CHECK-NEXT:    %[[S_BAR:\w+]] = mlp.row_dot %[[X]], %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]], %[[S_BAR]]
func.func @scale_rows(%x: tensor<4x3xf64>, %s: tensor<4xf64>) -> tensor<4x3xf64> {
  %y = mlp.scale_rows %x by %s : (tensor<4x3xf64>, tensor<4xf64>) -> tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_scale_rows(%x: tensor<4x3xf64>, %s: tensor<4xf64>, %y_bar: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4xf64>) {
  %r0, %r1, %r2 = ad.vjp @scale_rows(%x, %s) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4xf64>
}
func.func @tangent_of_scale_rows(%x: tensor<4x3xf64>, %s: tensor<4xf64>, %x_dot: tensor<4x3xf64>, %s_dot: tensor<4xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @scale_rows(%x, %s) tangents(%x_dot, %s_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4xf64>, tensor<4x3xf64>, tensor<4xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @standardize_jvp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]], %[[INV:\w+]] = mlp.standardize %[[X]] eps 1.000000e-05
// CHECK-NEXT:    %[[V0:\w+]] = mlp.row_dot %[[Y]], %[[X_DOT]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant -0.33333333333333331
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[V0]], %[[V2]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = mlp.standardize_tangent %[[X_DOT]] at %[[Y]], %[[INV]]
// CHECK-NEXT:    %[[V4:\w+]] = arith.mulf %[[INV]], %[[INV]]
// CHECK-NEXT:    %[[INV_DOT:\w+]] = arith.mulf %[[V4]], %[[V3]]
// CHECK-NEXT:    func.return %[[Y]], %[[INV]], %[[Y_DOT]], %[[INV_DOT]]
// CHECK-LABEL: func.func private @standardize_vjp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}%[[INV_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]], %[[INV:\w+]] = mlp.standardize %[[X]] eps 1.000000e-05
// CHECK-NEXT:    %[[V0:\w+]] = mlp.standardize_tangent %[[Y_BAR]] at %[[Y]], %[[INV]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.mulf %[[INV]], %[[INV]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.mulf %[[V1]], %[[INV_BAR]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant -0.33333333333333331
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]]
// CHECK-NEXT:    %[[V5:\w+]] = arith.mulf %[[V2]], %[[V4]]
// CHECK-NEXT:    %[[V6:\w+]] = mlp.scale_rows %[[Y]] by %[[V5]]
// CHECK-NEXT:    %[[X_BAR:\w+]] = arith.addf %[[V0]], %[[V6]]
// CHECK-NEXT:    func.return %[[Y]], %[[INV]], %[[X_BAR]]
func.func @standardize(%x: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4xf64>) {
  %y, %inv = mlp.standardize %x eps 1.0e-05 : (tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4xf64>)
  func.return %y, %inv : tensor<4x3xf64>, tensor<4xf64>
}
func.func @adjoint_of_standardize(%x: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>, %inv_bar: tensor<4xf64>) -> tensor<4x3xf64> {
  %r0, %r1, %r2 = ad.vjp @standardize(%x) cotangents(%y_bar, %inv_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4xf64>) -> (tensor<4x3xf64>, tensor<4xf64>, tensor<4x3xf64>)
  func.return %r2 : tensor<4x3xf64>
}
func.func @tangent_of_standardize(%x: tensor<4x3xf64>, %x_dot: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4xf64>) {
  %r0, %r1, %r2, %r3 = ad.jvp @standardize(%x) tangents(%x_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4xf64>, tensor<4x3xf64>, tensor<4xf64>)
  func.return %r2, %r3 : tensor<4x3xf64>, tensor<4xf64>
}

// CHECK-LABEL: func.func private @mean_transposed_jvp
// CHECK-SAME:    (%[[G:\w+]]{{.*}}%[[G_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.mean_transposed %[[G]][] times 2.500000e+00
// CHECK-NEXT:    %[[Y_DOT:\w+]] = mlp.mean_transposed %[[G_DOT]][] times 2.500000e+00
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @mean_transposed_vjp
// CHECK-SAME:    (%[[G:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.mean_transposed %[[G]][] times 2.500000e+00
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[G_BAR:\w+]] = mlp.mean %[[Y_BAR]] times 2.500000e+00 onto %[[V1]]
// CHECK-NEXT:    func.return %[[Y]], %[[G_BAR]]
func.func @mean_transposed(%g: tensor<f64>) -> tensor<4xf64> {
  %y = mlp.mean_transposed %g[] times 2.5 : tensor<f64> to tensor<4xf64>
  func.return %y : tensor<4xf64>
}
func.func @adjoint_of_mean_transposed(%g: tensor<f64>, %y_bar: tensor<4xf64>) -> tensor<f64> {
  %r0, %r1 = ad.vjp @mean_transposed(%g) cotangents(%y_bar) wrt [0] : (tensor<f64>, tensor<4xf64>) -> (tensor<4xf64>, tensor<f64>)
  func.return %r1 : tensor<f64>
}
func.func @tangent_of_mean_transposed(%g: tensor<f64>, %g_dot: tensor<f64>) -> tensor<4xf64> {
  %r0, %r1 = ad.jvp @mean_transposed(%g) tangents(%g_dot) wrt [0] : (tensor<f64>, tensor<f64>) -> (tensor<4xf64>, tensor<4xf64>)
  func.return %r1 : tensor<4xf64>
}

// CHECK-LABEL: func.func private @pack_jvp
// CHECK-SAME:    (%[[W:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[W_DOT:\w+]]{{.*}}%[[B_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[P:\w+]] = mlp.pack %[[W]], %[[B]] at [1 : i64, 8 : i64]
// CHECK-NEXT:    %[[P_DOT:\w+]] = mlp.pack %[[W_DOT]], %[[B_DOT]] at [1 : i64, 8 : i64]
// CHECK-NEXT:    func.return %[[P]], %[[P_DOT]]
// CHECK-LABEL: func.func private @pack_vjp
// CHECK-SAME:    (%[[W:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[P_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[P:\w+]] = mlp.pack %[[W]], %[[B]] at [1 : i64, 8 : i64]
// CHECK-NEXT:    %[[W_BAR:\w+]] = mlp.unpack %[[P_BAR]] at 1
// CHECK-NEXT:    %[[B_BAR:\w+]] = mlp.unpack %[[P_BAR]] at 8
// CHECK-NEXT:    func.return %[[P]], %[[W_BAR]], %[[B_BAR]]
func.func @pack(%w: tensor<3x2xf64>, %b: tensor<2xf64>) -> tensor<11xf64> {
  %p = mlp.pack %w, %b at [1 : i64, 8 : i64] : tensor<3x2xf64>, tensor<2xf64> to tensor<11xf64>
  func.return %p : tensor<11xf64>
}
func.func @adjoint_of_pack(%w: tensor<3x2xf64>, %b: tensor<2xf64>, %p_bar: tensor<11xf64>) -> (tensor<3x2xf64>, tensor<2xf64>) {
  %r0, %r1, %r2 = ad.vjp @pack(%w, %b) cotangents(%p_bar) wrt [0, 1] : (tensor<3x2xf64>, tensor<2xf64>, tensor<11xf64>) -> (tensor<11xf64>, tensor<3x2xf64>, tensor<2xf64>)
  func.return %r1, %r2 : tensor<3x2xf64>, tensor<2xf64>
}
func.func @tangent_of_pack(%w: tensor<3x2xf64>, %b: tensor<2xf64>, %w_dot: tensor<3x2xf64>, %b_dot: tensor<2xf64>) -> tensor<11xf64> {
  %r0, %r1 = ad.jvp @pack(%w, %b) tangents(%w_dot, %b_dot) wrt [0, 1] : (tensor<3x2xf64>, tensor<2xf64>, tensor<3x2xf64>, tensor<2xf64>) -> (tensor<11xf64>, tensor<11xf64>)
  func.return %r1 : tensor<11xf64>
}

// CHECK-LABEL: func.func private @split_jvp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[L:\w+]], %[[R:\w+]] = mlp.split %[[X]]
// CHECK-NEXT:    %[[L_DOT:\w+]], %[[R_DOT:\w+]] = mlp.split %[[X_DOT]]
// CHECK-NEXT:    func.return %[[L]], %[[R]], %[[L_DOT]], %[[R_DOT]]
// CHECK-LABEL: func.func private @split_vjp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[L_BAR:\w+]]{{.*}}%[[R_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[L:\w+]], %[[R:\w+]] = mlp.split %[[X]]
// CHECK-NEXT:    %[[X_BAR:\w+]] = tensor.concat dim(1) %[[L_BAR]], %[[R_BAR]]
// CHECK-NEXT:    func.return %[[L]], %[[R]], %[[X_BAR]]
func.func @split(%x: tensor<4x3xf64>) -> (tensor<4x1xf64>, tensor<4x2xf64>) {
  %l, %r = mlp.split %x : tensor<4x3xf64> to tensor<4x1xf64>, tensor<4x2xf64>
  func.return %l, %r : tensor<4x1xf64>, tensor<4x2xf64>
}
func.func @adjoint_of_split(%x: tensor<4x3xf64>, %l_bar: tensor<4x1xf64>, %r_bar: tensor<4x2xf64>) -> tensor<4x3xf64> {
  %r0, %r1, %r2 = ad.vjp @split(%x) cotangents(%l_bar, %r_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x1xf64>, tensor<4x2xf64>) -> (tensor<4x1xf64>, tensor<4x2xf64>, tensor<4x3xf64>)
  func.return %r2 : tensor<4x3xf64>
}
func.func @tangent_of_split(%x: tensor<4x3xf64>, %x_dot: tensor<4x3xf64>) -> (tensor<4x1xf64>, tensor<4x2xf64>) {
  %r0, %r1, %r2, %r3 = ad.jvp @split(%x) tangents(%x_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x1xf64>, tensor<4x2xf64>, tensor<4x1xf64>, tensor<4x2xf64>)
  func.return %r2, %r3 : tensor<4x1xf64>, tensor<4x2xf64>
}

// CHECK-LABEL: func.func private @tensor_concat_jvp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[Z:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}%[[Z_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = tensor.concat dim(1) %[[X]], %[[Z]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = tensor.concat dim(1) %[[X_DOT]], %[[Z_DOT]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @tensor_concat_vjp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[Z:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = tensor.concat dim(1) %[[X]], %[[Z]]
// CHECK-NEXT:    %[[X_BAR:\w+]], %[[Z_BAR:\w+]] = mlp.split %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]], %[[Z_BAR]]
func.func @tensor_concat(%x: tensor<4x3xf64>, %z: tensor<4x2xf64>) -> tensor<4x5xf64> {
  %y = tensor.concat dim(1) %x, %z : (tensor<4x3xf64>, tensor<4x2xf64>) -> tensor<4x5xf64>
  func.return %y : tensor<4x5xf64>
}
func.func @adjoint_of_tensor_concat(%x: tensor<4x3xf64>, %z: tensor<4x2xf64>, %y_bar: tensor<4x5xf64>) -> (tensor<4x3xf64>, tensor<4x2xf64>) {
  %r0, %r1, %r2 = ad.vjp @tensor_concat(%x, %z) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x2xf64>, tensor<4x5xf64>) -> (tensor<4x5xf64>, tensor<4x3xf64>, tensor<4x2xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x2xf64>
}
func.func @tangent_of_tensor_concat(%x: tensor<4x3xf64>, %z: tensor<4x2xf64>, %x_dot: tensor<4x3xf64>, %z_dot: tensor<4x2xf64>) -> tensor<4x5xf64> {
  %r0, %r1 = ad.jvp @tensor_concat(%x, %z) tangents(%x_dot, %z_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x2xf64>, tensor<4x3xf64>, tensor<4x2xf64>) -> (tensor<4x5xf64>, tensor<4x5xf64>)
  func.return %r1 : tensor<4x5xf64>
}

// CHECK-LABEL: func.func private @standardize_tangent_jvp
// CHECK-SAME:    (%[[V:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[V_DOT:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[H:\w+]], %[[INV:\w+]] = mlp.standardize %[[X]] eps 1.000000e-05
// CHECK-NEXT:    %[[V0:\w+]] = mlp.row_dot %[[H]], %[[X_DOT]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant -0.33333333333333331
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[V0]], %[[V2]]
// CHECK-NEXT:    %[[H_DOT:\w+]] = mlp.standardize_tangent %[[X_DOT]] at %[[H]], %[[INV]]
// CHECK-NEXT:    %[[V4:\w+]] = arith.mulf %[[INV]], %[[INV]]
// CHECK-NEXT:    %[[INV_DOT:\w+]] = arith.mulf %[[V4]], %[[V3]]
// CHECK-NEXT:    %[[Y:\w+]] = mlp.standardize_tangent %[[V]] at %[[H]], %[[INV]]
// CHECK-NEXT:    %[[V5:\w+]] = mlp.standardize_tangent %[[V_DOT]] at %[[H]], %[[INV]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.divf %[[INV_DOT]], %[[INV]]
// CHECK-NEXT:    %[[V7:\w+]] = mlp.scale_rows %[[Y]] by %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = arith.constant -0.33333333333333331
// CHECK-NEXT:    %[[V9:\w+]] = tensor.splat %[[V8]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.mulf %[[INV]], %[[V9]]
// CHECK-NEXT:    %[[V11:\w+]] = mlp.row_dot %[[H]], %[[V]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.mulf %[[V10]], %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = mlp.scale_rows %[[H_DOT]] by %[[V12]]
// CHECK-NEXT:    %[[V14:\w+]] = mlp.row_dot %[[H_DOT]], %[[V]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.mulf %[[V10]], %[[V14]]
// CHECK-NEXT:    %[[V16:\w+]] = mlp.scale_rows %[[H]] by %[[V15]]
// CHECK-NEXT:    %[[V17:\w+]] = arith.addf %[[V5]], %[[V7]]
// CHECK-NEXT:    %[[V18:\w+]] = arith.addf %[[V17]], %[[V13]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V18]], %[[V16]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @standardize_tangent_vjp
// CHECK-SAME:    (%[[V:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[H:\w+]], %[[INV:\w+]] = mlp.standardize %[[X]] eps 1.000000e-05
// CHECK-NEXT:    %[[Y:\w+]] = mlp.standardize_tangent %[[V]] at %[[H]], %[[INV]]
// CHECK-NEXT:    %[[V_BAR:\w+]] = mlp.standardize_tangent %[[Y_BAR]] at %[[H]], %[[INV]]
// CHECK-NEXT:    %[[V0:\w+]] = mlp.row_dot %[[Y_BAR]], %[[Y]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.divf %[[V0]], %[[INV]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.constant -0.33333333333333331
// CHECK-NEXT:    %[[V3:\w+]] = tensor.splat %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = arith.mulf %[[INV]], %[[V3]]
// CHECK-NEXT:    %[[V5:\w+]] = mlp.row_dot %[[H]], %[[V]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.mulf %[[V4]], %[[V5]]
// CHECK-NEXT:    %[[V7:\w+]] = mlp.scale_rows %[[Y_BAR]] by %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = mlp.row_dot %[[Y_BAR]], %[[H]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.mulf %[[V4]], %[[V8]]
// CHECK-NEXT:    %[[V10:\w+]] = mlp.scale_rows %[[V]] by %[[V9]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.addf %[[V7]], %[[V10]]
// CHECK-NEXT:    %[[V12:\w+]] = mlp.standardize_tangent %[[V11]] at %[[H]], %[[INV]]
// CHECK-NEXT:    %[[V13:\w+]] = arith.mulf %[[INV]], %[[INV]]
// CHECK-NEXT:    %[[V14:\w+]] = arith.mulf %[[V13]], %[[V1]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.constant -0.33333333333333331
// CHECK-NEXT:    %[[V16:\w+]] = tensor.splat %[[V15]]
// CHECK-NEXT:    %[[V17:\w+]] = arith.mulf %[[V14]], %[[V16]]
// CHECK-NEXT:    %[[V18:\w+]] = mlp.scale_rows %[[H]] by %[[V17]]
// CHECK-NEXT:    %[[X_BAR:\w+]] = arith.addf %[[V12]], %[[V18]]
// CHECK-NEXT:    func.return %[[Y]], %[[V_BAR]], %[[X_BAR]]
func.func @standardize_tangent(%v: tensor<4x3xf64>, %x: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %h, %inv = mlp.standardize %x eps 1.0e-05 : (tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4xf64>)
  %y = mlp.standardize_tangent %v at %h, %inv : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4xf64>) -> tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_standardize_tangent(%v: tensor<4x3xf64>, %x: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @standardize_tangent(%v, %x) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_standardize_tangent(%v: tensor<4x3xf64>, %x: tensor<4x3xf64>, %v_dot: tensor<4x3xf64>, %x_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @standardize_tangent(%v, %x) tangents(%v_dot, %x_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
