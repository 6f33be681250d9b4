// The adjoint and the tangent of the losses of mlp.
// RUN: anamc-opt %s -p ad-expand | filecheck %s

// CHECK-LABEL: func.func private @mse_jvp
// CHECK-SAME:    (%[[P:\w+]]{{.*}}%[[T:\w+]]{{.*}}%[[P_DOT:\w+]]{{.*}}%[[T_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.row_loss "mse" delta 1.000000e+00 %[[P]], %[[T]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 2.000000e+00
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[V0]], %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.row_dot %[[V3]], %[[P_DOT]]
// CHECK-NEXT:    %[[V5:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.constant 2.000000e+00
// CHECK-NEXT:    %[[V7:\w+]] = tensor.splat %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = arith.mulf %[[V5]], %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.negf %[[V8]]
// CHECK-NEXT:    %[[V10:\w+]] = mlp.row_dot %[[V9]], %[[T_DOT]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V4]], %[[V10]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @mse_vjp
// CHECK-SAME:    (%[[P:\w+]]{{.*}}%[[T:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.row_loss "mse" delta 1.000000e+00 %[[P]], %[[T]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 2.000000e+00
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[V0]], %[[V2]]
// CHECK-NEXT:    %[[P_BAR:\w+]] = mlp.scale_rows %[[V3]] by %[[Y_BAR]]
// CHECK-NEXT:    %[[V4:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V5:\w+]] = arith.constant 2.000000e+00
// CHECK-NEXT:    %[[V6:\w+]] = tensor.splat %[[V5]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.mulf %[[V4]], %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = arith.negf %[[V7]]
// CHECK-NEXT:    %[[T_BAR:\w+]] = mlp.scale_rows %[[V8]] by %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[P_BAR]], %[[T_BAR]]
func.func @mse(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>) -> tensor<4xf64> {
  %y = mlp.row_loss "mse" delta 1.0 %p, %t : (tensor<4x3xf64>, tensor<4x3xf64>) -> tensor<4xf64>
  func.return %y : tensor<4xf64>
}
func.func @adjoint_of_mse(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>, %y_bar: tensor<4xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @mse(%p, %t) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_mse(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>, %p_dot: tensor<4x3xf64>, %t_dot: tensor<4x3xf64>) -> tensor<4xf64> {
  %r0, %r1 = ad.jvp @mse(%p, %t) tangents(%p_dot, %t_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4xf64>, tensor<4xf64>)
  func.return %r1 : tensor<4xf64>
}

// CHECK-LABEL: func.func private @mae_jvp
// CHECK-SAME:    (%[[P:\w+]]{{.*}}%[[T:\w+]]{{.*}}%[[P_DOT:\w+]]{{.*}}%[[T_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.row_loss "mae" delta 1.000000e+00 %[[P]], %[[T]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]]
// CHECK-NEXT:    %[[V5:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V6:\w+]] = tensor.splat %[[V5]]
// CHECK-NEXT:    %[[V8:\w+]] = mlp.where "olt" %[[V0]], %[[V6]] then %[[V2]] else %[[V4]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V10:\w+]] = tensor.splat %[[V9]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V12:\w+]] = tensor.splat %[[V11]]
// CHECK-NEXT:    %[[V14:\w+]] = mlp.where "ogt" %[[V0]], %[[V12]] then %[[V10]] else %[[V8]]
// CHECK-NEXT:    %[[V15:\w+]] = mlp.row_dot %[[V14]], %[[P_DOT]]
// CHECK-NEXT:    %[[V16:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V17:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V18:\w+]] = tensor.splat %[[V17]]
// CHECK-NEXT:    %[[V19:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V20:\w+]] = tensor.splat %[[V19]]
// CHECK-NEXT:    %[[V21:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V22:\w+]] = tensor.splat %[[V21]]
// CHECK-NEXT:    %[[V24:\w+]] = mlp.where "olt" %[[V16]], %[[V22]] then %[[V18]] else %[[V20]]
// CHECK-NEXT:    %[[V25:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V26:\w+]] = tensor.splat %[[V25]]
// CHECK-NEXT:    %[[V27:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V28:\w+]] = tensor.splat %[[V27]]
// CHECK-NEXT:    %[[V30:\w+]] = mlp.where "ogt" %[[V16]], %[[V28]] then %[[V26]] else %[[V24]]
// CHECK-NEXT:    %[[V31:\w+]] = arith.negf %[[V30]]
// CHECK-NEXT:    %[[V32:\w+]] = mlp.row_dot %[[V31]], %[[T_DOT]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V15]], %[[V32]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @mae_vjp
// CHECK-SAME:    (%[[P:\w+]]{{.*}}%[[T:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.row_loss "mae" delta 1.000000e+00 %[[P]], %[[T]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]]
// CHECK-NEXT:    %[[V5:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V6:\w+]] = tensor.splat %[[V5]]
// CHECK-NEXT:    %[[V8:\w+]] = mlp.where "olt" %[[V0]], %[[V6]] then %[[V2]] else %[[V4]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V10:\w+]] = tensor.splat %[[V9]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V12:\w+]] = tensor.splat %[[V11]]
// CHECK-NEXT:    %[[V14:\w+]] = mlp.where "ogt" %[[V0]], %[[V12]] then %[[V10]] else %[[V8]]
// CHECK-NEXT:    %[[P_BAR:\w+]] = mlp.scale_rows %[[V14]] by %[[Y_BAR]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V16:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V17:\w+]] = tensor.splat %[[V16]]
// CHECK-NEXT:    %[[V18:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V19:\w+]] = tensor.splat %[[V18]]
// CHECK-NEXT:    %[[V20:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V21:\w+]] = tensor.splat %[[V20]]
// CHECK-NEXT:    %[[V23:\w+]] = mlp.where "olt" %[[V15]], %[[V21]] then %[[V17]] else %[[V19]]
// CHECK-NEXT:    %[[V24:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V25:\w+]] = tensor.splat %[[V24]]
// CHECK-NEXT:    %[[V26:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V27:\w+]] = tensor.splat %[[V26]]
// CHECK-NEXT:    %[[V29:\w+]] = mlp.where "ogt" %[[V15]], %[[V27]] then %[[V25]] else %[[V23]]
// CHECK-NEXT:    %[[V30:\w+]] = arith.negf %[[V29]]
// CHECK-NEXT:    %[[T_BAR:\w+]] = mlp.scale_rows %[[V30]] by %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[P_BAR]], %[[T_BAR]]
func.func @mae(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>) -> tensor<4xf64> {
  %y = mlp.row_loss "mae" delta 1.0 %p, %t : (tensor<4x3xf64>, tensor<4x3xf64>) -> tensor<4xf64>
  func.return %y : tensor<4xf64>
}
func.func @adjoint_of_mae(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>, %y_bar: tensor<4xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @mae(%p, %t) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_mae(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>, %p_dot: tensor<4x3xf64>, %t_dot: tensor<4x3xf64>) -> tensor<4xf64> {
  %r0, %r1 = ad.jvp @mae(%p, %t) tangents(%p_dot, %t_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4xf64>, tensor<4xf64>)
  func.return %r1 : tensor<4xf64>
}

// CHECK-LABEL: func.func private @huber_jvp
// CHECK-SAME:    (%[[P:\w+]]{{.*}}%[[T:\w+]]{{.*}}%[[P_DOT:\w+]]{{.*}}%[[T_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.row_loss "huber" delta 7.500000e-01 %[[P]], %[[T]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V1:\w+]] = math.absf %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V3:\w+]] = tensor.splat %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V5:\w+]] = tensor.splat %[[V4]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V7:\w+]] = tensor.splat %[[V6]]
// CHECK-NEXT:    %[[V9:\w+]] = mlp.where "olt" %[[V0]], %[[V7]] then %[[V3]] else %[[V5]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V11:\w+]] = tensor.splat %[[V10]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V13:\w+]] = tensor.splat %[[V12]]
// CHECK-NEXT:    %[[V15:\w+]] = mlp.where "ogt" %[[V0]], %[[V13]] then %[[V11]] else %[[V9]]
// CHECK-NEXT:    %[[V16:\w+]] = arith.constant 7.500000e-01
// CHECK-NEXT:    %[[V17:\w+]] = tensor.splat %[[V16]]
// CHECK-NEXT:    %[[V18:\w+]] = arith.mulf %[[V15]], %[[V17]]
// CHECK-NEXT:    %[[V19:\w+]] = arith.constant 7.500000e-01
// CHECK-NEXT:    %[[V20:\w+]] = tensor.splat %[[V19]]
// CHECK-NEXT:    %[[V22:\w+]] = mlp.where "olt" %[[V1]], %[[V20]] then %[[V0]] else %[[V18]]
// CHECK-NEXT:    %[[V23:\w+]] = mlp.row_dot %[[V22]], %[[P_DOT]]
// CHECK-NEXT:    %[[V24:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V25:\w+]] = math.absf %[[V24]]
// CHECK-NEXT:    %[[V26:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V27:\w+]] = tensor.splat %[[V26]]
// CHECK-NEXT:    %[[V28:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V29:\w+]] = tensor.splat %[[V28]]
// CHECK-NEXT:    %[[V30:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V31:\w+]] = tensor.splat %[[V30]]
// CHECK-NEXT:    %[[V33:\w+]] = mlp.where "olt" %[[V24]], %[[V31]] then %[[V27]] else %[[V29]]
// CHECK-NEXT:    %[[V34:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V35:\w+]] = tensor.splat %[[V34]]
// CHECK-NEXT:    %[[V36:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V37:\w+]] = tensor.splat %[[V36]]
// CHECK-NEXT:    %[[V39:\w+]] = mlp.where "ogt" %[[V24]], %[[V37]] then %[[V35]] else %[[V33]]
// CHECK-NEXT:    %[[V40:\w+]] = arith.constant 7.500000e-01
// CHECK-NEXT:    %[[V41:\w+]] = tensor.splat %[[V40]]
// CHECK-NEXT:    %[[V42:\w+]] = arith.mulf %[[V39]], %[[V41]]
// CHECK-NEXT:    %[[V43:\w+]] = arith.constant 7.500000e-01
// CHECK-NEXT:    %[[V44:\w+]] = tensor.splat %[[V43]]
// CHECK-NEXT:    %[[V46:\w+]] = mlp.where "olt" %[[V25]], %[[V44]] then %[[V24]] else %[[V42]]
// CHECK-NEXT:    %[[V47:\w+]] = arith.negf %[[V46]]
// CHECK-NEXT:    %[[V48:\w+]] = mlp.row_dot %[[V47]], %[[T_DOT]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V23]], %[[V48]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @huber_vjp
// CHECK-SAME:    (%[[P:\w+]]{{.*}}%[[T:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.row_loss "huber" delta 7.500000e-01 %[[P]], %[[T]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V1:\w+]] = math.absf %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V3:\w+]] = tensor.splat %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V5:\w+]] = tensor.splat %[[V4]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V7:\w+]] = tensor.splat %[[V6]]
// CHECK-NEXT:    %[[V9:\w+]] = mlp.where "olt" %[[V0]], %[[V7]] then %[[V3]] else %[[V5]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V11:\w+]] = tensor.splat %[[V10]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V13:\w+]] = tensor.splat %[[V12]]
// CHECK-NEXT:    %[[V15:\w+]] = mlp.where "ogt" %[[V0]], %[[V13]] then %[[V11]] else %[[V9]]
// CHECK-NEXT:    %[[V16:\w+]] = arith.constant 7.500000e-01
// CHECK-NEXT:    %[[V17:\w+]] = tensor.splat %[[V16]]
// CHECK-NEXT:    %[[V18:\w+]] = arith.mulf %[[V15]], %[[V17]]
// CHECK-NEXT:    %[[V19:\w+]] = arith.constant 7.500000e-01
// CHECK-NEXT:    %[[V20:\w+]] = tensor.splat %[[V19]]
// CHECK-NEXT:    %[[V22:\w+]] = mlp.where "olt" %[[V1]], %[[V20]] then %[[V0]] else %[[V18]]
// CHECK-NEXT:    %[[P_BAR:\w+]] = mlp.scale_rows %[[V22]] by %[[Y_BAR]]
// CHECK-NEXT:    %[[V23:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V24:\w+]] = math.absf %[[V23]]
// CHECK-NEXT:    %[[V25:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V26:\w+]] = tensor.splat %[[V25]]
// CHECK-NEXT:    %[[V27:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V28:\w+]] = tensor.splat %[[V27]]
// CHECK-NEXT:    %[[V29:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V30:\w+]] = tensor.splat %[[V29]]
// CHECK-NEXT:    %[[V32:\w+]] = mlp.where "olt" %[[V23]], %[[V30]] then %[[V26]] else %[[V28]]
// CHECK-NEXT:    %[[V33:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V34:\w+]] = tensor.splat %[[V33]]
// CHECK-NEXT:    %[[V35:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V36:\w+]] = tensor.splat %[[V35]]
// CHECK-NEXT:    %[[V38:\w+]] = mlp.where "ogt" %[[V23]], %[[V36]] then %[[V34]] else %[[V32]]
// CHECK-NEXT:    %[[V39:\w+]] = arith.constant 7.500000e-01
// CHECK-NEXT:    %[[V40:\w+]] = tensor.splat %[[V39]]
// CHECK-NEXT:    %[[V41:\w+]] = arith.mulf %[[V38]], %[[V40]]
// CHECK-NEXT:    %[[V42:\w+]] = arith.constant 7.500000e-01
// CHECK-NEXT:    %[[V43:\w+]] = tensor.splat %[[V42]]
// CHECK-NEXT:    %[[V45:\w+]] = mlp.where "olt" %[[V24]], %[[V43]] then %[[V23]] else %[[V41]]
// CHECK-NEXT:    %[[V46:\w+]] = arith.negf %[[V45]]
// CHECK-NEXT:    %[[T_BAR:\w+]] = mlp.scale_rows %[[V46]] by %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[P_BAR]], %[[T_BAR]]
func.func @huber(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>) -> tensor<4xf64> {
  %y = mlp.row_loss "huber" delta 0.75 %p, %t : (tensor<4x3xf64>, tensor<4x3xf64>) -> tensor<4xf64>
  func.return %y : tensor<4xf64>
}
func.func @adjoint_of_huber(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>, %y_bar: tensor<4xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @huber(%p, %t) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_huber(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>, %p_dot: tensor<4x3xf64>, %t_dot: tensor<4x3xf64>) -> tensor<4xf64> {
  %r0, %r1 = ad.jvp @huber(%p, %t) tangents(%p_dot, %t_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4xf64>, tensor<4xf64>)
  func.return %r1 : tensor<4xf64>
}

// CHECK-LABEL: func.func private @bce_with_logits_jvp
// CHECK-SAME:    (%[[P:\w+]]{{.*}}%[[T:\w+]]{{.*}}%[[P_DOT:\w+]]{{.*}}%[[T_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.row_loss "bce_with_logits" delta 1.000000e+00 %[[P]], %[[T]]
// CHECK-NEXT:    %[[V0:\w+]] = mlp.sigmoid %[[P]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.subf %[[V0]], %[[T]]
// CHECK-NEXT:    %[[V2:\w+]] = mlp.row_dot %[[V1]], %[[P_DOT]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.negf %[[P]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.row_dot %[[V3]], %[[T_DOT]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V2]], %[[V4]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @bce_with_logits_vjp
// CHECK-SAME:    (%[[P:\w+]]{{.*}}%[[T:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.row_loss "bce_with_logits" delta 1.000000e+00 %[[P]], %[[T]]
// CHECK-NEXT:    %[[V0:\w+]] = mlp.sigmoid %[[P]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.subf %[[V0]], %[[T]]
// CHECK-NEXT:    %[[P_BAR:\w+]] = mlp.scale_rows %[[V1]] by %[[Y_BAR]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.negf %[[P]]
// CHECK-NEXT:    %[[T_BAR:\w+]] = mlp.scale_rows %[[V2]] by %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[P_BAR]], %[[T_BAR]]
func.func @bce_with_logits(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>) -> tensor<4xf64> {
  %y = mlp.row_loss "bce_with_logits" delta 1.0 %p, %t : (tensor<4x3xf64>, tensor<4x3xf64>) -> tensor<4xf64>
  func.return %y : tensor<4xf64>
}
func.func @adjoint_of_bce_with_logits(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>, %y_bar: tensor<4xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @bce_with_logits(%p, %t) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_bce_with_logits(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>, %p_dot: tensor<4x3xf64>, %t_dot: tensor<4x3xf64>) -> tensor<4xf64> {
  %r0, %r1 = ad.jvp @bce_with_logits(%p, %t) tangents(%p_dot, %t_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4xf64>, tensor<4xf64>)
  func.return %r1 : tensor<4xf64>
}

// CHECK-LABEL: func.func private @cross_entropy_jvp
// CHECK-SAME:    (%[[P:\w+]]{{.*}}%[[T:\w+]]{{.*}}%[[P_DOT:\w+]]{{.*}}%[[T_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.row_loss "cross_entropy" delta 1.000000e+00 %[[P]], %[[T]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = mlp.row_dot %[[T]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = mlp.softmax %[[P]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.scale_rows %[[V3]] by %[[V2]]
// CHECK-NEXT:    %[[V5:\w+]] = arith.subf %[[V4]], %[[T]]
// CHECK-NEXT:    %[[V6:\w+]] = mlp.row_dot %[[V5]], %[[P_DOT]]
// CHECK-NEXT:    %[[V7:\w+]] = mlp.log_softmax %[[P]]
// CHECK-NEXT:    %[[V8:\w+]] = arith.negf %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = mlp.row_dot %[[V8]], %[[T_DOT]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V6]], %[[V9]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @cross_entropy_vjp
// CHECK-SAME:    (%[[P:\w+]]{{.*}}%[[T:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.row_loss "cross_entropy" delta 1.000000e+00 %[[P]], %[[T]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = mlp.row_dot %[[T]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = mlp.softmax %[[P]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.scale_rows %[[V3]] by %[[V2]]
// CHECK-NEXT:    %[[V5:\w+]] = arith.subf %[[V4]], %[[T]]
// CHECK-NEXT:    %[[P_BAR:\w+]] = mlp.scale_rows %[[V5]] by %[[Y_BAR]]
// CHECK-NEXT:    %[[V6:\w+]] = mlp.log_softmax %[[P]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.negf %[[V6]]
// CHECK-NEXT:    %[[T_BAR:\w+]] = mlp.scale_rows %[[V7]] by %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[P_BAR]], %[[T_BAR]]
func.func @cross_entropy(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>) -> tensor<4xf64> {
  %y = mlp.row_loss "cross_entropy" delta 1.0 %p, %t : (tensor<4x3xf64>, tensor<4x3xf64>) -> tensor<4xf64>
  func.return %y : tensor<4xf64>
}
func.func @adjoint_of_cross_entropy(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>, %y_bar: tensor<4xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @cross_entropy(%p, %t) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_cross_entropy(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>, %p_dot: tensor<4x3xf64>, %t_dot: tensor<4x3xf64>) -> tensor<4xf64> {
  %r0, %r1 = ad.jvp @cross_entropy(%p, %t) tangents(%p_dot, %t_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4xf64>, tensor<4xf64>)
  func.return %r1 : tensor<4xf64>
}

// CHECK-LABEL: func.func private @hinge_jvp
// CHECK-SAME:    (%[[P:\w+]]{{.*}}%[[T:\w+]]{{.*}}%[[P_DOT:\w+]]{{.*}}%[[T_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.row_loss "hinge" delta 1.000000e+00 %[[P]], %[[T]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.mulf %[[T]], %[[P]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.negf %[[T]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V3:\w+]] = tensor.splat %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V5:\w+]] = tensor.splat %[[V4]]
// CHECK-NEXT:    %[[V7:\w+]] = mlp.where "olt" %[[V0]], %[[V5]] then %[[V1]] else %[[V3]]
// CHECK-NEXT:    %[[V8:\w+]] = mlp.row_dot %[[V7]], %[[P_DOT]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.mulf %[[T]], %[[P]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.negf %[[P]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V12:\w+]] = tensor.splat %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V14:\w+]] = tensor.splat %[[V13]]
// CHECK-NEXT:    %[[V16:\w+]] = mlp.where "olt" %[[V9]], %[[V14]] then %[[V10]] else %[[V12]]
// CHECK-NEXT:    %[[V17:\w+]] = mlp.row_dot %[[V16]], %[[T_DOT]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V8]], %[[V17]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @hinge_vjp
// CHECK-SAME:    (%[[P:\w+]]{{.*}}%[[T:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.row_loss "hinge" delta 1.000000e+00 %[[P]], %[[T]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.mulf %[[T]], %[[P]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.negf %[[T]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V3:\w+]] = tensor.splat %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V5:\w+]] = tensor.splat %[[V4]]
// CHECK-NEXT:    %[[V7:\w+]] = mlp.where "olt" %[[V0]], %[[V5]] then %[[V1]] else %[[V3]]
// CHECK-NEXT:    %[[P_BAR:\w+]] = mlp.scale_rows %[[V7]] by %[[Y_BAR]]
// CHECK-NEXT:    %[[V8:\w+]] = arith.mulf %[[T]], %[[P]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.negf %[[P]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V11:\w+]] = tensor.splat %[[V10]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V13:\w+]] = tensor.splat %[[V12]]
// CHECK-NEXT:    %[[V15:\w+]] = mlp.where "olt" %[[V8]], %[[V13]] then %[[V9]] else %[[V11]]
// CHECK-NEXT:    %[[T_BAR:\w+]] = mlp.scale_rows %[[V15]] by %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[P_BAR]], %[[T_BAR]]
func.func @hinge(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>) -> tensor<4xf64> {
  %y = mlp.row_loss "hinge" delta 1.0 %p, %t : (tensor<4x3xf64>, tensor<4x3xf64>) -> tensor<4xf64>
  func.return %y : tensor<4xf64>
}
func.func @adjoint_of_hinge(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>, %y_bar: tensor<4xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @hinge(%p, %t) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_hinge(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>, %p_dot: tensor<4x3xf64>, %t_dot: tensor<4x3xf64>) -> tensor<4xf64> {
  %r0, %r1 = ad.jvp @hinge(%p, %t) tangents(%p_dot, %t_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4xf64>, tensor<4xf64>)
  func.return %r1 : tensor<4xf64>
}

// CHECK-LABEL: func.func private @mape_jvp
// CHECK-SAME:    (%[[P:\w+]]{{.*}}%[[T:\w+]]{{.*}}%[[P_DOT:\w+]]{{.*}}%[[T_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.row_loss "mape" delta 1.000000e+00 %[[P]], %[[T]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]]
// CHECK-NEXT:    %[[V5:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V6:\w+]] = tensor.splat %[[V5]]
// CHECK-NEXT:    %[[V8:\w+]] = mlp.where "olt" %[[V0]], %[[V6]] then %[[V2]] else %[[V4]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V10:\w+]] = tensor.splat %[[V9]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V12:\w+]] = tensor.splat %[[V11]]
// CHECK-NEXT:    %[[V14:\w+]] = mlp.where "ogt" %[[V0]], %[[V12]] then %[[V10]] else %[[V8]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.constant 1.000000e+02
// CHECK-NEXT:    %[[V16:\w+]] = tensor.splat %[[V15]]
// CHECK-NEXT:    %[[V17:\w+]] = arith.mulf %[[V14]], %[[V16]]
// CHECK-NEXT:    %[[V18:\w+]] = math.absf %[[T]]
// CHECK-NEXT:    %[[V19:\w+]] = arith.constant 1.000000e-08
// CHECK-NEXT:    %[[V20:\w+]] = tensor.splat %[[V19]]
// CHECK-NEXT:    %[[V22:\w+]] = mlp.where "ogt" %[[V18]], %[[V20]] then %[[V18]] else %[[V20]]
// CHECK-NEXT:    %[[V23:\w+]] = arith.divf %[[V17]], %[[V22]]
// CHECK-NEXT:    %[[V24:\w+]] = mlp.row_dot %[[V23]], %[[P_DOT]]
// CHECK-NEXT:    %[[V25:\w+]] = math.absf %[[T]]
// CHECK-NEXT:    %[[V26:\w+]] = arith.constant 1.000000e-08
// CHECK-NEXT:    %[[V27:\w+]] = tensor.splat %[[V26]]
// CHECK-NEXT:    %[[V29:\w+]] = mlp.where "ogt" %[[V25]], %[[V27]] then %[[V25]] else %[[V27]]
// CHECK-NEXT:    %[[V30:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V31:\w+]] = math.absf %[[V30]]
// CHECK-NEXT:    %[[V32:\w+]] = arith.constant 1.000000e+02
// CHECK-NEXT:    %[[V33:\w+]] = tensor.splat %[[V32]]
// CHECK-NEXT:    %[[V34:\w+]] = arith.mulf %[[V31]], %[[V33]]
// CHECK-NEXT:    %[[V35:\w+]] = arith.mulf %[[V29]], %[[V29]]
// CHECK-NEXT:    %[[V36:\w+]] = arith.divf %[[V34]], %[[V35]]
// CHECK-NEXT:    %[[V37:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V38:\w+]] = tensor.splat %[[V37]]
// CHECK-NEXT:    %[[V39:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V40:\w+]] = tensor.splat %[[V39]]
// CHECK-NEXT:    %[[V41:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V42:\w+]] = tensor.splat %[[V41]]
// CHECK-NEXT:    %[[V44:\w+]] = mlp.where "olt" %[[T]], %[[V42]] then %[[V38]] else %[[V40]]
// CHECK-NEXT:    %[[V45:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V46:\w+]] = tensor.splat %[[V45]]
// CHECK-NEXT:    %[[V47:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V48:\w+]] = tensor.splat %[[V47]]
// CHECK-NEXT:    %[[V50:\w+]] = mlp.where "ogt" %[[T]], %[[V48]] then %[[V46]] else %[[V44]]
// CHECK-NEXT:    %[[V51:\w+]] = arith.mulf %[[V36]], %[[V50]]
// CHECK-NEXT:    %[[V52:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V53:\w+]] = tensor.splat %[[V52]]
// CHECK-NEXT:    %[[V54:\w+]] = arith.constant 1.000000e-08
// CHECK-NEXT:    %[[V55:\w+]] = tensor.splat %[[V54]]
// CHECK-NEXT:    %[[V57:\w+]] = mlp.where "ogt" %[[V25]], %[[V55]] then %[[V51]] else %[[V53]]
// CHECK-NEXT:    %[[V58:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V59:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V60:\w+]] = tensor.splat %[[V59]]
// CHECK-NEXT:    %[[V61:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V62:\w+]] = tensor.splat %[[V61]]
// CHECK-NEXT:    %[[V63:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V64:\w+]] = tensor.splat %[[V63]]
// CHECK-NEXT:    %[[V66:\w+]] = mlp.where "olt" %[[V58]], %[[V64]] then %[[V60]] else %[[V62]]
// CHECK-NEXT:    %[[V67:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V68:\w+]] = tensor.splat %[[V67]]
// CHECK-NEXT:    %[[V69:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V70:\w+]] = tensor.splat %[[V69]]
// CHECK-NEXT:    %[[V72:\w+]] = mlp.where "ogt" %[[V58]], %[[V70]] then %[[V68]] else %[[V66]]
// CHECK-NEXT:    %[[V73:\w+]] = arith.constant 1.000000e+02
// CHECK-NEXT:    %[[V74:\w+]] = tensor.splat %[[V73]]
// CHECK-NEXT:    %[[V75:\w+]] = arith.mulf %[[V72]], %[[V74]]
// CHECK-NEXT:    %[[V76:\w+]] = math.absf %[[T]]
// CHECK-NEXT:    %[[V77:\w+]] = arith.constant 1.000000e-08
// CHECK-NEXT:    %[[V78:\w+]] = tensor.splat %[[V77]]
// CHECK-NEXT:    %[[V80:\w+]] = mlp.where "ogt" %[[V76]], %[[V78]] then %[[V76]] else %[[V78]]
// CHECK-NEXT:    %[[V81:\w+]] = arith.divf %[[V75]], %[[V80]]
// CHECK-NEXT:    %[[V82:\w+]] = arith.negf %[[V81]]
// CHECK-NEXT:    %[[V83:\w+]] = arith.subf %[[V82]], %[[V57]]
// CHECK-NEXT:    %[[V84:\w+]] = mlp.row_dot %[[V83]], %[[T_DOT]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V24]], %[[V84]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @mape_vjp
// CHECK-SAME:    (%[[P:\w+]]{{.*}}%[[T:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.row_loss "mape" delta 1.000000e+00 %[[P]], %[[T]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]]
// CHECK-NEXT:    %[[V5:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V6:\w+]] = tensor.splat %[[V5]]
// CHECK-NEXT:    %[[V8:\w+]] = mlp.where "olt" %[[V0]], %[[V6]] then %[[V2]] else %[[V4]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V10:\w+]] = tensor.splat %[[V9]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V12:\w+]] = tensor.splat %[[V11]]
// CHECK-NEXT:    %[[V14:\w+]] = mlp.where "ogt" %[[V0]], %[[V12]] then %[[V10]] else %[[V8]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.constant 1.000000e+02
// CHECK-NEXT:    %[[V16:\w+]] = tensor.splat %[[V15]]
// CHECK-NEXT:    %[[V17:\w+]] = arith.mulf %[[V14]], %[[V16]]
// CHECK-NEXT:    %[[V18:\w+]] = math.absf %[[T]]
// CHECK-NEXT:    %[[V19:\w+]] = arith.constant 1.000000e-08
// CHECK-NEXT:    %[[V20:\w+]] = tensor.splat %[[V19]]
// CHECK-NEXT:    %[[V22:\w+]] = mlp.where "ogt" %[[V18]], %[[V20]] then %[[V18]] else %[[V20]]
// CHECK-NEXT:    %[[V23:\w+]] = arith.divf %[[V17]], %[[V22]]
// CHECK-NEXT:    %[[P_BAR:\w+]] = mlp.scale_rows %[[V23]] by %[[Y_BAR]]
// CHECK-NEXT:    %[[V24:\w+]] = math.absf %[[T]]
// CHECK-NEXT:    %[[V25:\w+]] = arith.constant 1.000000e-08
// CHECK-NEXT:    %[[V26:\w+]] = tensor.splat %[[V25]]
// CHECK-NEXT:    %[[V28:\w+]] = mlp.where "ogt" %[[V24]], %[[V26]] then %[[V24]] else %[[V26]]
// CHECK-NEXT:    %[[V29:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V30:\w+]] = math.absf %[[V29]]
// CHECK-NEXT:    %[[V31:\w+]] = arith.constant 1.000000e+02
// CHECK-NEXT:    %[[V32:\w+]] = tensor.splat %[[V31]]
// CHECK-NEXT:    %[[V33:\w+]] = arith.mulf %[[V30]], %[[V32]]
// CHECK-NEXT:    %[[V34:\w+]] = arith.mulf %[[V28]], %[[V28]]
// CHECK-NEXT:    %[[V35:\w+]] = arith.divf %[[V33]], %[[V34]]
// CHECK-NEXT:    %[[V36:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V37:\w+]] = tensor.splat %[[V36]]
// CHECK-NEXT:    %[[V38:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V39:\w+]] = tensor.splat %[[V38]]
// CHECK-NEXT:    %[[V40:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V41:\w+]] = tensor.splat %[[V40]]
// CHECK-NEXT:    %[[V43:\w+]] = mlp.where "olt" %[[T]], %[[V41]] then %[[V37]] else %[[V39]]
// CHECK-NEXT:    %[[V44:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V45:\w+]] = tensor.splat %[[V44]]
// CHECK-NEXT:    %[[V46:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V47:\w+]] = tensor.splat %[[V46]]
// CHECK-NEXT:    %[[V49:\w+]] = mlp.where "ogt" %[[T]], %[[V47]] then %[[V45]] else %[[V43]]
// CHECK-NEXT:    %[[V50:\w+]] = arith.mulf %[[V35]], %[[V49]]
// CHECK-NEXT:    %[[V51:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V52:\w+]] = tensor.splat %[[V51]]
// CHECK-NEXT:    %[[V53:\w+]] = arith.constant 1.000000e-08
// CHECK-NEXT:    %[[V54:\w+]] = tensor.splat %[[V53]]
// CHECK-NEXT:    %[[V56:\w+]] = mlp.where "ogt" %[[V24]], %[[V54]] then %[[V50]] else %[[V52]]
// CHECK-NEXT:    %[[V57:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V58:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V59:\w+]] = tensor.splat %[[V58]]
// CHECK-NEXT:    %[[V60:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V61:\w+]] = tensor.splat %[[V60]]
// CHECK-NEXT:    %[[V62:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V63:\w+]] = tensor.splat %[[V62]]
// CHECK-NEXT:    %[[V65:\w+]] = mlp.where "olt" %[[V57]], %[[V63]] then %[[V59]] else %[[V61]]
// CHECK-NEXT:    %[[V66:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V67:\w+]] = tensor.splat %[[V66]]
// CHECK-NEXT:    %[[V68:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V69:\w+]] = tensor.splat %[[V68]]
// CHECK-NEXT:    %[[V71:\w+]] = mlp.where "ogt" %[[V57]], %[[V69]] then %[[V67]] else %[[V65]]
// CHECK-NEXT:    %[[V72:\w+]] = arith.constant 1.000000e+02
// CHECK-NEXT:    %[[V73:\w+]] = tensor.splat %[[V72]]
// CHECK-NEXT:    %[[V74:\w+]] = arith.mulf %[[V71]], %[[V73]]
// CHECK-NEXT:    %[[V75:\w+]] = math.absf %[[T]]
// CHECK-NEXT:    %[[V76:\w+]] = arith.constant 1.000000e-08
// CHECK-NEXT:    %[[V77:\w+]] = tensor.splat %[[V76]]
// CHECK-NEXT:    %[[V79:\w+]] = mlp.where "ogt" %[[V75]], %[[V77]] then %[[V75]] else %[[V77]]
// CHECK-NEXT:    %[[V80:\w+]] = arith.divf %[[V74]], %[[V79]]
// CHECK-NEXT:    %[[V81:\w+]] = arith.negf %[[V80]]
// CHECK-NEXT:    %[[V82:\w+]] = arith.subf %[[V81]], %[[V56]]
// CHECK-NEXT:    %[[T_BAR:\w+]] = mlp.scale_rows %[[V82]] by %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[P_BAR]], %[[T_BAR]]
func.func @mape(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>) -> tensor<4xf64> {
  %y = mlp.row_loss "mape" delta 1.0 %p, %t : (tensor<4x3xf64>, tensor<4x3xf64>) -> tensor<4xf64>
  func.return %y : tensor<4xf64>
}
func.func @adjoint_of_mape(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>, %y_bar: tensor<4xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @mape(%p, %t) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4xf64>) -> (tensor<4xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_mape(%p: tensor<4x3xf64>, %t: tensor<4x3xf64>, %p_dot: tensor<4x3xf64>, %t_dot: tensor<4x3xf64>) -> tensor<4xf64> {
  %r0, %r1 = ad.jvp @mape(%p, %t) tangents(%p_dot, %t_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4xf64>, tensor<4xf64>)
  func.return %r1 : tensor<4xf64>
}
