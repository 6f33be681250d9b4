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
// CHECK-NEXT:    %[[V7:\w+]] = arith.cmpf olt, %[[V0]], %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = arith.select %[[V7]], %[[V2]], %[[V4]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V10:\w+]] = tensor.splat %[[V9]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V12:\w+]] = tensor.splat %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = arith.cmpf ogt, %[[V0]], %[[V12]]
// CHECK-NEXT:    %[[V14:\w+]] = arith.select %[[V13]], %[[V10]], %[[V8]]
// CHECK-NEXT:    %[[V15:\w+]] = mlp.row_dot %[[V14]], %[[P_DOT]]
// CHECK-NEXT:    %[[V16:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V17:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V18:\w+]] = tensor.splat %[[V17]]
// CHECK-NEXT:    %[[V19:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V20:\w+]] = tensor.splat %[[V19]]
// CHECK-NEXT:    %[[V21:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V22:\w+]] = tensor.splat %[[V21]]
// CHECK-NEXT:    %[[V23:\w+]] = arith.cmpf olt, %[[V16]], %[[V22]]
// CHECK-NEXT:    %[[V24:\w+]] = arith.select %[[V23]], %[[V18]], %[[V20]]
// CHECK-NEXT:    %[[V25:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V26:\w+]] = tensor.splat %[[V25]]
// CHECK-NEXT:    %[[V27:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V28:\w+]] = tensor.splat %[[V27]]
// CHECK-NEXT:    %[[V29:\w+]] = arith.cmpf ogt, %[[V16]], %[[V28]]
// CHECK-NEXT:    %[[V30:\w+]] = arith.select %[[V29]], %[[V26]], %[[V24]]
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
// CHECK-NEXT:    %[[V7:\w+]] = arith.cmpf olt, %[[V0]], %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = arith.select %[[V7]], %[[V2]], %[[V4]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V10:\w+]] = tensor.splat %[[V9]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V12:\w+]] = tensor.splat %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = arith.cmpf ogt, %[[V0]], %[[V12]]
// CHECK-NEXT:    %[[V14:\w+]] = arith.select %[[V13]], %[[V10]], %[[V8]]
// CHECK-NEXT:    %[[P_BAR:\w+]] = mlp.scale_rows %[[V14]] by %[[Y_BAR]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V16:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V17:\w+]] = tensor.splat %[[V16]]
// CHECK-NEXT:    %[[V18:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V19:\w+]] = tensor.splat %[[V18]]
// CHECK-NEXT:    %[[V20:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V21:\w+]] = tensor.splat %[[V20]]
// CHECK-NEXT:    %[[V22:\w+]] = arith.cmpf olt, %[[V15]], %[[V21]]
// CHECK-NEXT:    %[[V23:\w+]] = arith.select %[[V22]], %[[V17]], %[[V19]]
// CHECK-NEXT:    %[[V24:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V25:\w+]] = tensor.splat %[[V24]]
// CHECK-NEXT:    %[[V26:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V27:\w+]] = tensor.splat %[[V26]]
// CHECK-NEXT:    %[[V28:\w+]] = arith.cmpf ogt, %[[V15]], %[[V27]]
// CHECK-NEXT:    %[[V29:\w+]] = arith.select %[[V28]], %[[V25]], %[[V23]]
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
// CHECK-NEXT:    %[[V8:\w+]] = arith.cmpf olt, %[[V0]], %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.select %[[V8]], %[[V3]], %[[V5]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V11:\w+]] = tensor.splat %[[V10]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V13:\w+]] = tensor.splat %[[V12]]
// CHECK-NEXT:    %[[V14:\w+]] = arith.cmpf ogt, %[[V0]], %[[V13]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.select %[[V14]], %[[V11]], %[[V9]]
// CHECK-NEXT:    %[[V16:\w+]] = arith.constant 7.500000e-01
// CHECK-NEXT:    %[[V17:\w+]] = tensor.splat %[[V16]]
// CHECK-NEXT:    %[[V18:\w+]] = arith.mulf %[[V15]], %[[V17]]
// CHECK-NEXT:    %[[V19:\w+]] = arith.constant 7.500000e-01
// CHECK-NEXT:    %[[V20:\w+]] = tensor.splat %[[V19]]
// CHECK-NEXT:    %[[V21:\w+]] = arith.cmpf olt, %[[V1]], %[[V20]]
// CHECK-NEXT:    %[[V22:\w+]] = arith.select %[[V21]], %[[V0]], %[[V18]]
// CHECK-NEXT:    %[[V23:\w+]] = mlp.row_dot %[[V22]], %[[P_DOT]]
// CHECK-NEXT:    %[[V24:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V25:\w+]] = math.absf %[[V24]]
// CHECK-NEXT:    %[[V26:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V27:\w+]] = tensor.splat %[[V26]]
// CHECK-NEXT:    %[[V28:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V29:\w+]] = tensor.splat %[[V28]]
// CHECK-NEXT:    %[[V30:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V31:\w+]] = tensor.splat %[[V30]]
// CHECK-NEXT:    %[[V32:\w+]] = arith.cmpf olt, %[[V24]], %[[V31]]
// CHECK-NEXT:    %[[V33:\w+]] = arith.select %[[V32]], %[[V27]], %[[V29]]
// CHECK-NEXT:    %[[V34:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V35:\w+]] = tensor.splat %[[V34]]
// CHECK-NEXT:    %[[V36:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V37:\w+]] = tensor.splat %[[V36]]
// CHECK-NEXT:    %[[V38:\w+]] = arith.cmpf ogt, %[[V24]], %[[V37]]
// CHECK-NEXT:    %[[V39:\w+]] = arith.select %[[V38]], %[[V35]], %[[V33]]
// CHECK-NEXT:    %[[V40:\w+]] = arith.constant 7.500000e-01
// CHECK-NEXT:    %[[V41:\w+]] = tensor.splat %[[V40]]
// CHECK-NEXT:    %[[V42:\w+]] = arith.mulf %[[V39]], %[[V41]]
// CHECK-NEXT:    %[[V43:\w+]] = arith.constant 7.500000e-01
// CHECK-NEXT:    %[[V44:\w+]] = tensor.splat %[[V43]]
// CHECK-NEXT:    %[[V45:\w+]] = arith.cmpf olt, %[[V25]], %[[V44]]
// CHECK-NEXT:    %[[V46:\w+]] = arith.select %[[V45]], %[[V24]], %[[V42]]
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
// CHECK-NEXT:    %[[V8:\w+]] = arith.cmpf olt, %[[V0]], %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.select %[[V8]], %[[V3]], %[[V5]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V11:\w+]] = tensor.splat %[[V10]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V13:\w+]] = tensor.splat %[[V12]]
// CHECK-NEXT:    %[[V14:\w+]] = arith.cmpf ogt, %[[V0]], %[[V13]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.select %[[V14]], %[[V11]], %[[V9]]
// CHECK-NEXT:    %[[V16:\w+]] = arith.constant 7.500000e-01
// CHECK-NEXT:    %[[V17:\w+]] = tensor.splat %[[V16]]
// CHECK-NEXT:    %[[V18:\w+]] = arith.mulf %[[V15]], %[[V17]]
// CHECK-NEXT:    %[[V19:\w+]] = arith.constant 7.500000e-01
// CHECK-NEXT:    %[[V20:\w+]] = tensor.splat %[[V19]]
// CHECK-NEXT:    %[[V21:\w+]] = arith.cmpf olt, %[[V1]], %[[V20]]
// CHECK-NEXT:    %[[V22:\w+]] = arith.select %[[V21]], %[[V0]], %[[V18]]
// CHECK-NEXT:    %[[P_BAR:\w+]] = mlp.scale_rows %[[V22]] by %[[Y_BAR]]
// CHECK-NEXT:    %[[V23:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V24:\w+]] = math.absf %[[V23]]
// CHECK-NEXT:    %[[V25:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V26:\w+]] = tensor.splat %[[V25]]
// CHECK-NEXT:    %[[V27:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V28:\w+]] = tensor.splat %[[V27]]
// CHECK-NEXT:    %[[V29:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V30:\w+]] = tensor.splat %[[V29]]
// CHECK-NEXT:    %[[V31:\w+]] = arith.cmpf olt, %[[V23]], %[[V30]]
// CHECK-NEXT:    %[[V32:\w+]] = arith.select %[[V31]], %[[V26]], %[[V28]]
// CHECK-NEXT:    %[[V33:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V34:\w+]] = tensor.splat %[[V33]]
// CHECK-NEXT:    %[[V35:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V36:\w+]] = tensor.splat %[[V35]]
// CHECK-NEXT:    %[[V37:\w+]] = arith.cmpf ogt, %[[V23]], %[[V36]]
// CHECK-NEXT:    %[[V38:\w+]] = arith.select %[[V37]], %[[V34]], %[[V32]]
// CHECK-NEXT:    %[[V39:\w+]] = arith.constant 7.500000e-01
// CHECK-NEXT:    %[[V40:\w+]] = tensor.splat %[[V39]]
// CHECK-NEXT:    %[[V41:\w+]] = arith.mulf %[[V38]], %[[V40]]
// CHECK-NEXT:    %[[V42:\w+]] = arith.constant 7.500000e-01
// CHECK-NEXT:    %[[V43:\w+]] = tensor.splat %[[V42]]
// CHECK-NEXT:    %[[V44:\w+]] = arith.cmpf olt, %[[V24]], %[[V43]]
// CHECK-NEXT:    %[[V45:\w+]] = arith.select %[[V44]], %[[V23]], %[[V41]]
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
// CHECK-NEXT:    %[[V6:\w+]] = arith.cmpf olt, %[[V0]], %[[V5]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.select %[[V6]], %[[V1]], %[[V3]]
// CHECK-NEXT:    %[[V8:\w+]] = mlp.row_dot %[[V7]], %[[P_DOT]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.mulf %[[T]], %[[P]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.negf %[[P]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V12:\w+]] = tensor.splat %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V14:\w+]] = tensor.splat %[[V13]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.cmpf olt, %[[V9]], %[[V14]]
// CHECK-NEXT:    %[[V16:\w+]] = arith.select %[[V15]], %[[V10]], %[[V12]]
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
// CHECK-NEXT:    %[[V6:\w+]] = arith.cmpf olt, %[[V0]], %[[V5]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.select %[[V6]], %[[V1]], %[[V3]]
// CHECK-NEXT:    %[[P_BAR:\w+]] = mlp.scale_rows %[[V7]] by %[[Y_BAR]]
// CHECK-NEXT:    %[[V8:\w+]] = arith.mulf %[[T]], %[[P]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.negf %[[P]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V11:\w+]] = tensor.splat %[[V10]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V13:\w+]] = tensor.splat %[[V12]]
// CHECK-NEXT:    %[[V14:\w+]] = arith.cmpf olt, %[[V8]], %[[V13]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.select %[[V14]], %[[V9]], %[[V11]]
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
// CHECK-NEXT:    %[[V7:\w+]] = arith.cmpf olt, %[[V0]], %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = arith.select %[[V7]], %[[V2]], %[[V4]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V10:\w+]] = tensor.splat %[[V9]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V12:\w+]] = tensor.splat %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = arith.cmpf ogt, %[[V0]], %[[V12]]
// CHECK-NEXT:    %[[V14:\w+]] = arith.select %[[V13]], %[[V10]], %[[V8]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.constant 1.000000e+02
// CHECK-NEXT:    %[[V16:\w+]] = tensor.splat %[[V15]]
// CHECK-NEXT:    %[[V17:\w+]] = arith.mulf %[[V14]], %[[V16]]
// CHECK-NEXT:    %[[V18:\w+]] = math.absf %[[T]]
// CHECK-NEXT:    %[[V19:\w+]] = arith.constant 1.000000e-08
// CHECK-NEXT:    %[[V20:\w+]] = tensor.splat %[[V19]]
// CHECK-NEXT:    %[[V21:\w+]] = arith.cmpf ogt, %[[V18]], %[[V20]]
// CHECK-NEXT:    %[[V22:\w+]] = arith.select %[[V21]], %[[V18]], %[[V20]]
// CHECK-NEXT:    %[[V23:\w+]] = arith.divf %[[V17]], %[[V22]]
// CHECK-NEXT:    %[[V24:\w+]] = mlp.row_dot %[[V23]], %[[P_DOT]]
// CHECK-NEXT:    %[[V25:\w+]] = math.absf %[[T]]
// CHECK-NEXT:    %[[V26:\w+]] = arith.constant 1.000000e-08
// CHECK-NEXT:    %[[V27:\w+]] = tensor.splat %[[V26]]
// CHECK-NEXT:    %[[V28:\w+]] = arith.cmpf ogt, %[[V25]], %[[V27]]
// CHECK-NEXT:    %[[V29:\w+]] = arith.select %[[V28]], %[[V25]], %[[V27]]
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
// CHECK-NEXT:    %[[V43:\w+]] = arith.cmpf olt, %[[T]], %[[V42]]
// CHECK-NEXT:    %[[V44:\w+]] = arith.select %[[V43]], %[[V38]], %[[V40]]
// CHECK-NEXT:    %[[V45:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V46:\w+]] = tensor.splat %[[V45]]
// CHECK-NEXT:    %[[V47:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V48:\w+]] = tensor.splat %[[V47]]
// CHECK-NEXT:    %[[V49:\w+]] = arith.cmpf ogt, %[[T]], %[[V48]]
// CHECK-NEXT:    %[[V50:\w+]] = arith.select %[[V49]], %[[V46]], %[[V44]]
// CHECK-NEXT:    %[[V51:\w+]] = arith.mulf %[[V36]], %[[V50]]
// CHECK-NEXT:    %[[V52:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V53:\w+]] = tensor.splat %[[V52]]
// CHECK-NEXT:    %[[V54:\w+]] = arith.constant 1.000000e-08
// CHECK-NEXT:    %[[V55:\w+]] = tensor.splat %[[V54]]
// CHECK-NEXT:    %[[V56:\w+]] = arith.cmpf ogt, %[[V25]], %[[V55]]
// CHECK-NEXT:    %[[V57:\w+]] = arith.select %[[V56]], %[[V51]], %[[V53]]
// CHECK-NEXT:    %[[V58:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V59:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V60:\w+]] = tensor.splat %[[V59]]
// CHECK-NEXT:    %[[V61:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V62:\w+]] = tensor.splat %[[V61]]
// CHECK-NEXT:    %[[V63:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V64:\w+]] = tensor.splat %[[V63]]
// CHECK-NEXT:    %[[V65:\w+]] = arith.cmpf olt, %[[V58]], %[[V64]]
// CHECK-NEXT:    %[[V66:\w+]] = arith.select %[[V65]], %[[V60]], %[[V62]]
// CHECK-NEXT:    %[[V67:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V68:\w+]] = tensor.splat %[[V67]]
// CHECK-NEXT:    %[[V69:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V70:\w+]] = tensor.splat %[[V69]]
// CHECK-NEXT:    %[[V71:\w+]] = arith.cmpf ogt, %[[V58]], %[[V70]]
// CHECK-NEXT:    %[[V72:\w+]] = arith.select %[[V71]], %[[V68]], %[[V66]]
// CHECK-NEXT:    %[[V73:\w+]] = arith.constant 1.000000e+02
// CHECK-NEXT:    %[[V74:\w+]] = tensor.splat %[[V73]]
// CHECK-NEXT:    %[[V75:\w+]] = arith.mulf %[[V72]], %[[V74]]
// CHECK-NEXT:    %[[V76:\w+]] = math.absf %[[T]]
// CHECK-NEXT:    %[[V77:\w+]] = arith.constant 1.000000e-08
// CHECK-NEXT:    %[[V78:\w+]] = tensor.splat %[[V77]]
// CHECK-NEXT:    %[[V79:\w+]] = arith.cmpf ogt, %[[V76]], %[[V78]]
// CHECK-NEXT:    %[[V80:\w+]] = arith.select %[[V79]], %[[V76]], %[[V78]]
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
// CHECK-NEXT:    %[[V7:\w+]] = arith.cmpf olt, %[[V0]], %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = arith.select %[[V7]], %[[V2]], %[[V4]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V10:\w+]] = tensor.splat %[[V9]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V12:\w+]] = tensor.splat %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = arith.cmpf ogt, %[[V0]], %[[V12]]
// CHECK-NEXT:    %[[V14:\w+]] = arith.select %[[V13]], %[[V10]], %[[V8]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.constant 1.000000e+02
// CHECK-NEXT:    %[[V16:\w+]] = tensor.splat %[[V15]]
// CHECK-NEXT:    %[[V17:\w+]] = arith.mulf %[[V14]], %[[V16]]
// CHECK-NEXT:    %[[V18:\w+]] = math.absf %[[T]]
// CHECK-NEXT:    %[[V19:\w+]] = arith.constant 1.000000e-08
// CHECK-NEXT:    %[[V20:\w+]] = tensor.splat %[[V19]]
// CHECK-NEXT:    %[[V21:\w+]] = arith.cmpf ogt, %[[V18]], %[[V20]]
// CHECK-NEXT:    %[[V22:\w+]] = arith.select %[[V21]], %[[V18]], %[[V20]]
// CHECK-NEXT:    %[[V23:\w+]] = arith.divf %[[V17]], %[[V22]]
// CHECK-NEXT:    %[[P_BAR:\w+]] = mlp.scale_rows %[[V23]] by %[[Y_BAR]]
// CHECK-NEXT:    %[[V24:\w+]] = math.absf %[[T]]
// CHECK-NEXT:    %[[V25:\w+]] = arith.constant 1.000000e-08
// CHECK-NEXT:    %[[V26:\w+]] = tensor.splat %[[V25]]
// CHECK-NEXT:    %[[V27:\w+]] = arith.cmpf ogt, %[[V24]], %[[V26]]
// CHECK-NEXT:    %[[V28:\w+]] = arith.select %[[V27]], %[[V24]], %[[V26]]
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
// CHECK-NEXT:    %[[V42:\w+]] = arith.cmpf olt, %[[T]], %[[V41]]
// CHECK-NEXT:    %[[V43:\w+]] = arith.select %[[V42]], %[[V37]], %[[V39]]
// CHECK-NEXT:    %[[V44:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V45:\w+]] = tensor.splat %[[V44]]
// CHECK-NEXT:    %[[V46:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V47:\w+]] = tensor.splat %[[V46]]
// CHECK-NEXT:    %[[V48:\w+]] = arith.cmpf ogt, %[[T]], %[[V47]]
// CHECK-NEXT:    %[[V49:\w+]] = arith.select %[[V48]], %[[V45]], %[[V43]]
// CHECK-NEXT:    %[[V50:\w+]] = arith.mulf %[[V35]], %[[V49]]
// CHECK-NEXT:    %[[V51:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V52:\w+]] = tensor.splat %[[V51]]
// CHECK-NEXT:    %[[V53:\w+]] = arith.constant 1.000000e-08
// CHECK-NEXT:    %[[V54:\w+]] = tensor.splat %[[V53]]
// CHECK-NEXT:    %[[V55:\w+]] = arith.cmpf ogt, %[[V24]], %[[V54]]
// CHECK-NEXT:    %[[V56:\w+]] = arith.select %[[V55]], %[[V50]], %[[V52]]
// CHECK-NEXT:    %[[V57:\w+]] = arith.subf %[[P]], %[[T]]
// CHECK-NEXT:    %[[V58:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V59:\w+]] = tensor.splat %[[V58]]
// CHECK-NEXT:    %[[V60:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V61:\w+]] = tensor.splat %[[V60]]
// CHECK-NEXT:    %[[V62:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V63:\w+]] = tensor.splat %[[V62]]
// CHECK-NEXT:    %[[V64:\w+]] = arith.cmpf olt, %[[V57]], %[[V63]]
// CHECK-NEXT:    %[[V65:\w+]] = arith.select %[[V64]], %[[V59]], %[[V61]]
// CHECK-NEXT:    %[[V66:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V67:\w+]] = tensor.splat %[[V66]]
// CHECK-NEXT:    %[[V68:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V69:\w+]] = tensor.splat %[[V68]]
// CHECK-NEXT:    %[[V70:\w+]] = arith.cmpf ogt, %[[V57]], %[[V69]]
// CHECK-NEXT:    %[[V71:\w+]] = arith.select %[[V70]], %[[V67]], %[[V65]]
// CHECK-NEXT:    %[[V72:\w+]] = arith.constant 1.000000e+02
// CHECK-NEXT:    %[[V73:\w+]] = tensor.splat %[[V72]]
// CHECK-NEXT:    %[[V74:\w+]] = arith.mulf %[[V71]], %[[V73]]
// CHECK-NEXT:    %[[V75:\w+]] = math.absf %[[T]]
// CHECK-NEXT:    %[[V76:\w+]] = arith.constant 1.000000e-08
// CHECK-NEXT:    %[[V77:\w+]] = tensor.splat %[[V76]]
// CHECK-NEXT:    %[[V78:\w+]] = arith.cmpf ogt, %[[V75]], %[[V77]]
// CHECK-NEXT:    %[[V79:\w+]] = arith.select %[[V78]], %[[V75]], %[[V77]]
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
