// The adjoint and the tangent of the activations of mlp.
// RUN: anamc-opt %s -p ad-expand | filecheck %s

// CHECK-LABEL: func.func private @sigmoid_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.sigmoid %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.subf %[[V1]], %[[Y]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[Y]], %[[V2]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.mulf %[[A_DOT]], %[[V3]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @sigmoid_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.sigmoid %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.subf %[[V1]], %[[Y]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[Y]], %[[V2]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[V3]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @sigmoid(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = mlp.sigmoid %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_sigmoid(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @sigmoid(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_sigmoid(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @sigmoid(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @gelu_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.gelu %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.70710678118654757
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.mulf %[[A]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = math.erf %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V5:\w+]] = tensor.splat %[[V4]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.addf %[[V3]], %[[V5]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V8:\w+]] = tensor.splat %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.mulf %[[V6]], %[[V8]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.mulf %[[A]], %[[A]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.constant -5.000000e-01
// CHECK-NEXT:    %[[V12:\w+]] = tensor.splat %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = arith.mulf %[[V10]], %[[V12]]
// CHECK-NEXT:    %[[V14:\w+]] = math.exp %[[V13]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.constant 0.3989422804014327
// CHECK-NEXT:    %[[V16:\w+]] = tensor.splat %[[V15]]
// CHECK-NEXT:    %[[V17:\w+]] = arith.mulf %[[V14]], %[[V16]]
// CHECK-NEXT:    %[[V18:\w+]] = arith.constant -1.000000e+03
// CHECK-NEXT:    %[[V19:\w+]] = tensor.splat %[[V18]]
// CHECK-NEXT:    %[[V20:\w+]] = arith.constant 1.000000e+03
// CHECK-NEXT:    %[[V21:\w+]] = tensor.splat %[[V20]]
// CHECK-NEXT:    %[[V22:\w+]] = mlp.where "olt" %[[A]], %[[V19]] then %[[V19]] else %[[A]]
// CHECK-NEXT:    %[[V23:\w+]] = mlp.where "ogt" %[[A]], %[[V21]] then %[[V21]] else %[[V22]]
// CHECK-NEXT:    %[[V24:\w+]] = arith.mulf %[[V23]], %[[V17]]
// CHECK-NEXT:    %[[V25:\w+]] = arith.addf %[[V9]], %[[V24]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.mulf %[[A_DOT]], %[[V25]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @gelu_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.gelu %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.70710678118654757
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.mulf %[[A]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = math.erf %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V5:\w+]] = tensor.splat %[[V4]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.addf %[[V3]], %[[V5]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V8:\w+]] = tensor.splat %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.mulf %[[V6]], %[[V8]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.mulf %[[A]], %[[A]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.constant -5.000000e-01
// CHECK-NEXT:    %[[V12:\w+]] = tensor.splat %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = arith.mulf %[[V10]], %[[V12]]
// CHECK-NEXT:    %[[V14:\w+]] = math.exp %[[V13]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.constant 0.3989422804014327
// CHECK-NEXT:    %[[V16:\w+]] = tensor.splat %[[V15]]
// CHECK-NEXT:    %[[V17:\w+]] = arith.mulf %[[V14]], %[[V16]]
// CHECK-NEXT:    %[[V18:\w+]] = arith.constant -1.000000e+03
// CHECK-NEXT:    %[[V19:\w+]] = tensor.splat %[[V18]]
// CHECK-NEXT:    %[[V20:\w+]] = arith.constant 1.000000e+03
// CHECK-NEXT:    %[[V21:\w+]] = tensor.splat %[[V20]]
// CHECK-NEXT:    %[[V22:\w+]] = mlp.where "olt" %[[A]], %[[V19]] then %[[V19]] else %[[A]]
// CHECK-NEXT:    %[[V23:\w+]] = mlp.where "ogt" %[[A]], %[[V21]] then %[[V21]] else %[[V22]]
// CHECK-NEXT:    %[[V24:\w+]] = arith.mulf %[[V23]], %[[V17]]
// CHECK-NEXT:    %[[V25:\w+]] = arith.addf %[[V9]], %[[V24]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[V25]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @gelu(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = mlp.gelu %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_gelu(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @gelu(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_gelu(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @gelu(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @gelu_tanh_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.gelu_tanh %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant -1.000000e+03
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.constant 1.000000e+03
// CHECK-NEXT:    %[[V3:\w+]] = tensor.splat %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.where "olt" %[[A]], %[[V1]] then %[[V1]] else %[[A]]
// CHECK-NEXT:    %[[V5:\w+]] = mlp.where "ogt" %[[A]], %[[V3]] then %[[V3]] else %[[V4]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.mulf %[[V5]], %[[V5]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.constant 0.035677408136300125
// CHECK-NEXT:    %[[V8:\w+]] = tensor.splat %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.mulf %[[V6]], %[[V8]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.constant 0.79788456080286541
// CHECK-NEXT:    %[[V11:\w+]] = tensor.splat %[[V10]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.addf %[[V9]], %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = arith.mulf %[[V5]], %[[V12]]
// CHECK-NEXT:    %[[V14:\w+]] = math.tanh %[[V13]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.constant 0.10703222440890038
// CHECK-NEXT:    %[[V16:\w+]] = tensor.splat %[[V15]]
// CHECK-NEXT:    %[[V17:\w+]] = arith.mulf %[[V6]], %[[V16]]
// CHECK-NEXT:    %[[V18:\w+]] = arith.constant 0.79788456080286541
// CHECK-NEXT:    %[[V19:\w+]] = tensor.splat %[[V18]]
// CHECK-NEXT:    %[[V20:\w+]] = arith.addf %[[V17]], %[[V19]]
// CHECK-NEXT:    %[[V21:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V22:\w+]] = tensor.splat %[[V21]]
// CHECK-NEXT:    %[[V23:\w+]] = arith.mulf %[[V14]], %[[V14]]
// CHECK-NEXT:    %[[V24:\w+]] = arith.subf %[[V22]], %[[V23]]
// CHECK-NEXT:    %[[V25:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V26:\w+]] = tensor.splat %[[V25]]
// CHECK-NEXT:    %[[V27:\w+]] = arith.mulf %[[V5]], %[[V26]]
// CHECK-NEXT:    %[[V28:\w+]] = arith.mulf %[[V27]], %[[V24]]
// CHECK-NEXT:    %[[V29:\w+]] = arith.mulf %[[V28]], %[[V20]]
// CHECK-NEXT:    %[[V30:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V31:\w+]] = tensor.splat %[[V30]]
// CHECK-NEXT:    %[[V32:\w+]] = arith.addf %[[V14]], %[[V31]]
// CHECK-NEXT:    %[[V33:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V34:\w+]] = tensor.splat %[[V33]]
// CHECK-NEXT:    %[[V35:\w+]] = arith.mulf %[[V32]], %[[V34]]
// CHECK-NEXT:    %[[V36:\w+]] = arith.addf %[[V35]], %[[V29]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.mulf %[[A_DOT]], %[[V36]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @gelu_tanh_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.gelu_tanh %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant -1.000000e+03
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.constant 1.000000e+03
// CHECK-NEXT:    %[[V3:\w+]] = tensor.splat %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.where "olt" %[[A]], %[[V1]] then %[[V1]] else %[[A]]
// CHECK-NEXT:    %[[V5:\w+]] = mlp.where "ogt" %[[A]], %[[V3]] then %[[V3]] else %[[V4]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.mulf %[[V5]], %[[V5]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.constant 0.035677408136300125
// CHECK-NEXT:    %[[V8:\w+]] = tensor.splat %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.mulf %[[V6]], %[[V8]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.constant 0.79788456080286541
// CHECK-NEXT:    %[[V11:\w+]] = tensor.splat %[[V10]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.addf %[[V9]], %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = arith.mulf %[[V5]], %[[V12]]
// CHECK-NEXT:    %[[V14:\w+]] = math.tanh %[[V13]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.constant 0.10703222440890038
// CHECK-NEXT:    %[[V16:\w+]] = tensor.splat %[[V15]]
// CHECK-NEXT:    %[[V17:\w+]] = arith.mulf %[[V6]], %[[V16]]
// CHECK-NEXT:    %[[V18:\w+]] = arith.constant 0.79788456080286541
// CHECK-NEXT:    %[[V19:\w+]] = tensor.splat %[[V18]]
// CHECK-NEXT:    %[[V20:\w+]] = arith.addf %[[V17]], %[[V19]]
// CHECK-NEXT:    %[[V21:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V22:\w+]] = tensor.splat %[[V21]]
// CHECK-NEXT:    %[[V23:\w+]] = arith.mulf %[[V14]], %[[V14]]
// CHECK-NEXT:    %[[V24:\w+]] = arith.subf %[[V22]], %[[V23]]
// CHECK-NEXT:    %[[V25:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V26:\w+]] = tensor.splat %[[V25]]
// CHECK-NEXT:    %[[V27:\w+]] = arith.mulf %[[V5]], %[[V26]]
// CHECK-NEXT:    %[[V28:\w+]] = arith.mulf %[[V27]], %[[V24]]
// CHECK-NEXT:    %[[V29:\w+]] = arith.mulf %[[V28]], %[[V20]]
// CHECK-NEXT:    %[[V30:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V31:\w+]] = tensor.splat %[[V30]]
// CHECK-NEXT:    %[[V32:\w+]] = arith.addf %[[V14]], %[[V31]]
// CHECK-NEXT:    %[[V33:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V34:\w+]] = tensor.splat %[[V33]]
// CHECK-NEXT:    %[[V35:\w+]] = arith.mulf %[[V32]], %[[V34]]
// CHECK-NEXT:    %[[V36:\w+]] = arith.addf %[[V35]], %[[V29]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[V36]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @gelu_tanh(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = mlp.gelu_tanh %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_gelu_tanh(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @gelu_tanh(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_gelu_tanh(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @gelu_tanh(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @silu_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.silu %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = mlp.sigmoid %[[A]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant -1.000000e+03
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 1.000000e+03
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]]
// CHECK-NEXT:    %[[V5:\w+]] = mlp.where "olt" %[[A]], %[[V2]] then %[[V2]] else %[[A]]
// CHECK-NEXT:    %[[V6:\w+]] = mlp.where "ogt" %[[A]], %[[V4]] then %[[V4]] else %[[V5]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V8:\w+]] = tensor.splat %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.subf %[[V8]], %[[V0]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.mulf %[[V6]], %[[V9]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V12:\w+]] = tensor.splat %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = arith.addf %[[V10]], %[[V12]]
// CHECK-NEXT:    %[[V14:\w+]] = arith.mulf %[[V0]], %[[V13]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.mulf %[[A_DOT]], %[[V14]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @silu_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.silu %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = mlp.sigmoid %[[A]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant -1.000000e+03
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 1.000000e+03
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]]
// CHECK-NEXT:    %[[V5:\w+]] = mlp.where "olt" %[[A]], %[[V2]] then %[[V2]] else %[[A]]
// CHECK-NEXT:    %[[V6:\w+]] = mlp.where "ogt" %[[A]], %[[V4]] then %[[V4]] else %[[V5]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V8:\w+]] = tensor.splat %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.subf %[[V8]], %[[V0]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.mulf %[[V6]], %[[V9]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V12:\w+]] = tensor.splat %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = arith.addf %[[V10]], %[[V12]]
// CHECK-NEXT:    %[[V14:\w+]] = arith.mulf %[[V0]], %[[V13]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[V14]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @silu(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = mlp.silu %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_silu(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @silu(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_silu(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @silu(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @softplus_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.softplus %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = mlp.sigmoid %[[A]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.mulf %[[A_DOT]], %[[V0]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @softplus_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.softplus %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = mlp.sigmoid %[[A]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[V0]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @softplus(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = mlp.softplus %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_softplus(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @softplus(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_softplus(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @softplus(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @softmax_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.softmax %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.mulf %[[Y]], %[[A_DOT]]
// CHECK-NEXT:    %[[V1:\w+]] = mlp.row_dot %[[Y]], %[[A_DOT]]
// CHECK-NEXT:    %[[V2:\w+]] = mlp.scale_rows %[[Y]] by %[[V1]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.subf %[[V0]], %[[V2]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @softmax_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.softmax %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.mulf %[[Y]], %[[Y_BAR]]
// CHECK-NEXT:    %[[V1:\w+]] = mlp.row_dot %[[Y]], %[[Y_BAR]]
// CHECK-NEXT:    %[[V2:\w+]] = mlp.scale_rows %[[Y]] by %[[V1]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.subf %[[V0]], %[[V2]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @softmax(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = mlp.softmax %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_softmax(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @softmax(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_softmax(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @softmax(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @log_softmax_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.log_softmax %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = mlp.softmax %[[A]]
// CHECK-NEXT:    %[[V1:\w+]] = mlp.row_dot %[[V0]], %[[A_DOT]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V3:\w+]] = tensor.splat %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.scale_rows %[[V3]] by %[[V1]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.subf %[[A_DOT]], %[[V4]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @log_softmax_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.log_softmax %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = mlp.row_dot %[[Y_BAR]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = mlp.softmax %[[A]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.scale_rows %[[V3]] by %[[V2]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.subf %[[Y_BAR]], %[[V4]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @log_softmax(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = mlp.log_softmax %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_log_softmax(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @log_softmax(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_log_softmax(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @log_softmax(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @relu_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.relu %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V3:\w+]] = tensor.splat %[[V2]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = mlp.where "ogt" %[[A]], %[[V3]] then %[[A_DOT]] else %[[V1]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @relu_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.relu %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V3:\w+]] = tensor.splat %[[V2]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = mlp.where "ogt" %[[A]], %[[V3]] then %[[Y_BAR]] else %[[V1]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @relu(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = mlp.relu %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_relu(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @relu(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_relu(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @relu(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @selu_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.selu %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 1.7580993408473766
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.addf %[[Y]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[A_DOT]], %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = arith.constant 1.0507009873554805
// CHECK-NEXT:    %[[V5:\w+]] = tensor.splat %[[V4]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.mulf %[[A_DOT]], %[[V5]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V8:\w+]] = tensor.splat %[[V7]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = mlp.where "ogt" %[[A]], %[[V8]] then %[[V6]] else %[[V3]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @selu_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.selu %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 1.7580993408473766
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.addf %[[Y]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[Y_BAR]], %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = arith.constant 1.0507009873554805
// CHECK-NEXT:    %[[V5:\w+]] = tensor.splat %[[V4]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.mulf %[[Y_BAR]], %[[V5]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V8:\w+]] = tensor.splat %[[V7]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = mlp.where "ogt" %[[A]], %[[V8]] then %[[V6]] else %[[V3]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @selu(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = mlp.selu %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_selu(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @selu(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_selu(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @selu(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @leaky_relu_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.leaky_relu %[[A]] slope 1.000000e-01
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 1.000000e-01
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.mulf %[[A_DOT]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = mlp.where "ogt" %[[A]], %[[V4]] then %[[A_DOT]] else %[[V2]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @leaky_relu_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.leaky_relu %[[A]] slope 1.000000e-01
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 1.000000e-01
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.mulf %[[Y_BAR]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = mlp.where "ogt" %[[A]], %[[V4]] then %[[Y_BAR]] else %[[V2]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @leaky_relu(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = mlp.leaky_relu %a slope 0.1 : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_leaky_relu(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @leaky_relu(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_leaky_relu(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @leaky_relu(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @elu_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.elu %[[A]] alpha 1.500000e+00
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 1.500000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.addf %[[Y]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[A_DOT]], %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V5:\w+]] = tensor.splat %[[V4]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = mlp.where "ogt" %[[A]], %[[V5]] then %[[A_DOT]] else %[[V3]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @elu_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = mlp.elu %[[A]] alpha 1.500000e+00
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 1.500000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.addf %[[Y]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[Y_BAR]], %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V5:\w+]] = tensor.splat %[[V4]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = mlp.where "ogt" %[[A]], %[[V5]] then %[[Y_BAR]] else %[[V3]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @elu(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = mlp.elu %a alpha 1.5 : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_elu(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @elu(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_elu(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @elu(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
