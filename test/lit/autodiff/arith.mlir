// The adjoint and the tangent of arith.
// RUN: anamc-opt %s -p ad-expand | filecheck %s

// CHECK-LABEL: func.func private @addf_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}%[[B_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.addf %[[A]], %[[B]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[A_DOT]], %[[B_DOT]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @addf_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.addf %[[A]], %[[B]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_BAR]], %[[Y_BAR]]
func.func @addf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = arith.addf %a, %b : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_addf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @addf(%a, %b) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_addf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>, %b_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @addf(%a, %b) tangents(%a_dot, %b_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @subf_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}%[[B_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.subf %[[A]], %[[B]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.subf %[[A_DOT]], %[[B_DOT]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @subf_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.subf %[[A]], %[[B]]
// CHECK-NEXT:    %[[B_BAR:\w+]] = arith.negf %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_BAR]], %[[B_BAR]]
func.func @subf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = arith.subf %a, %b : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_subf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @subf(%a, %b) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_subf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>, %b_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @subf(%a, %b) tangents(%a_dot, %b_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @mulf_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}%[[B_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.mulf %[[A]], %[[B]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.mulf %[[A_DOT]], %[[B]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.mulf %[[B_DOT]], %[[A]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V0]], %[[V1]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @mulf_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.mulf %[[A]], %[[B]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[B]]
// CHECK-NEXT:    %[[B_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[A]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]], %[[B_BAR]]
func.func @mulf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = arith.mulf %a, %b : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_mulf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @mulf(%a, %b) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_mulf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>, %b_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @mulf(%a, %b) tangents(%a_dot, %b_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @divf_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}%[[B_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.divf %[[A]], %[[B]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.divf %[[A_DOT]], %[[B]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.divf %[[B_DOT]], %[[B]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.mulf %[[V1]], %[[Y]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.subf %[[V0]], %[[V2]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @divf_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.divf %[[A]], %[[B]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.divf %[[Y_BAR]], %[[B]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.divf %[[Y_BAR]], %[[B]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.mulf %[[V0]], %[[Y]]
// CHECK-NEXT:    %[[B_BAR:\w+]] = arith.negf %[[V1]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]], %[[B_BAR]]
func.func @divf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = arith.divf %a, %b : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_divf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @divf(%a, %b) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_divf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>, %b_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @divf(%a, %b) tangents(%a_dot, %b_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @negf_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.negf %[[A]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.negf %[[A_DOT]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @negf_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.negf %[[A]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.negf %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @negf(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = arith.negf %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_negf(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @negf(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_negf(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @negf(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @maximumf_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}%[[B_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.maximumf %[[A]], %[[B]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[A_DOT]], %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.where "oeq" %[[A]], %[[B]] then %[[V3]] else %[[A_DOT]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V7:\w+]] = tensor.splat %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = mlp.where "oge" %[[A]], %[[B]] then %[[V4]] else %[[V7]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V11:\w+]] = tensor.splat %[[V10]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.mulf %[[B_DOT]], %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = mlp.where "oeq" %[[B]], %[[A]] then %[[V12]] else %[[B_DOT]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V16:\w+]] = tensor.splat %[[V15]]
// CHECK-NEXT:    %[[V17:\w+]] = mlp.where "oge" %[[B]], %[[A]] then %[[V13]] else %[[V16]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V8]], %[[V17]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @maximumf_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.maximumf %[[A]], %[[B]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[Y_BAR]], %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.where "oeq" %[[A]], %[[B]] then %[[V3]] else %[[Y_BAR]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V8:\w+]] = tensor.splat %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.mulf %[[Y_BAR]], %[[V8]]
// CHECK-NEXT:    %[[V10:\w+]] = mlp.where "oeq" %[[B]], %[[A]] then %[[V9]] else %[[Y_BAR]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V13:\w+]] = tensor.splat %[[V12]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = mlp.where "oge" %[[A]], %[[B]] then %[[V4]] else %[[V13]]
// CHECK-NEXT:    %[[V14:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V15:\w+]] = tensor.splat %[[V14]]
// CHECK-NEXT:    %[[B_BAR:\w+]] = mlp.where "oge" %[[B]], %[[A]] then %[[V10]] else %[[V15]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]], %[[B_BAR]]
func.func @maximumf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = arith.maximumf %a, %b : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_maximumf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @maximumf(%a, %b) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_maximumf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>, %b_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @maximumf(%a, %b) tangents(%a_dot, %b_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @minimumf_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}%[[B_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.minimumf %[[A]], %[[B]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[A_DOT]], %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.where "oeq" %[[A]], %[[B]] then %[[V3]] else %[[A_DOT]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V7:\w+]] = tensor.splat %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = mlp.where "ole" %[[A]], %[[B]] then %[[V4]] else %[[V7]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V11:\w+]] = tensor.splat %[[V10]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.mulf %[[B_DOT]], %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = mlp.where "oeq" %[[B]], %[[A]] then %[[V12]] else %[[B_DOT]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V16:\w+]] = tensor.splat %[[V15]]
// CHECK-NEXT:    %[[V17:\w+]] = mlp.where "ole" %[[B]], %[[A]] then %[[V13]] else %[[V16]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V8]], %[[V17]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @minimumf_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.minimumf %[[A]], %[[B]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[Y_BAR]], %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.where "oeq" %[[A]], %[[B]] then %[[V3]] else %[[Y_BAR]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V8:\w+]] = tensor.splat %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.mulf %[[Y_BAR]], %[[V8]]
// CHECK-NEXT:    %[[V10:\w+]] = mlp.where "oeq" %[[B]], %[[A]] then %[[V9]] else %[[Y_BAR]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V13:\w+]] = tensor.splat %[[V12]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = mlp.where "ole" %[[A]], %[[B]] then %[[V4]] else %[[V13]]
// CHECK-NEXT:    %[[V14:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V15:\w+]] = tensor.splat %[[V14]]
// CHECK-NEXT:    %[[B_BAR:\w+]] = mlp.where "ole" %[[B]], %[[A]] then %[[V10]] else %[[V15]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]], %[[B_BAR]]
func.func @minimumf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = arith.minimumf %a, %b : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_minimumf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @minimumf(%a, %b) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_minimumf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>, %b_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @minimumf(%a, %b) tangents(%a_dot, %b_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @maxnumf_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}%[[B_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.maxnumf %[[A]], %[[B]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[A_DOT]], %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.where "oeq" %[[A]], %[[B]] then %[[V3]] else %[[A_DOT]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V7:\w+]] = tensor.splat %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = mlp.where "oge" %[[A]], %[[B]] then %[[V4]] else %[[V7]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V11:\w+]] = tensor.splat %[[V10]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.mulf %[[B_DOT]], %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = mlp.where "oeq" %[[B]], %[[A]] then %[[V12]] else %[[B_DOT]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V16:\w+]] = tensor.splat %[[V15]]
// CHECK-NEXT:    %[[V17:\w+]] = mlp.where "oge" %[[B]], %[[A]] then %[[V13]] else %[[V16]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V8]], %[[V17]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @maxnumf_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.maxnumf %[[A]], %[[B]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[Y_BAR]], %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.where "oeq" %[[A]], %[[B]] then %[[V3]] else %[[Y_BAR]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V8:\w+]] = tensor.splat %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.mulf %[[Y_BAR]], %[[V8]]
// CHECK-NEXT:    %[[V10:\w+]] = mlp.where "oeq" %[[B]], %[[A]] then %[[V9]] else %[[Y_BAR]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V13:\w+]] = tensor.splat %[[V12]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = mlp.where "oge" %[[A]], %[[B]] then %[[V4]] else %[[V13]]
// CHECK-NEXT:    %[[V14:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V15:\w+]] = tensor.splat %[[V14]]
// CHECK-NEXT:    %[[B_BAR:\w+]] = mlp.where "oge" %[[B]], %[[A]] then %[[V10]] else %[[V15]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]], %[[B_BAR]]
func.func @maxnumf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = arith.maxnumf %a, %b : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_maxnumf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @maxnumf(%a, %b) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_maxnumf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>, %b_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @maxnumf(%a, %b) tangents(%a_dot, %b_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @minnumf_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}%[[B_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.minnumf %[[A]], %[[B]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[A_DOT]], %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.where "oeq" %[[A]], %[[B]] then %[[V3]] else %[[A_DOT]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V7:\w+]] = tensor.splat %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = mlp.where "ole" %[[A]], %[[B]] then %[[V4]] else %[[V7]]
// CHECK-NEXT:    %[[V10:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V11:\w+]] = tensor.splat %[[V10]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.mulf %[[B_DOT]], %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = mlp.where "oeq" %[[B]], %[[A]] then %[[V12]] else %[[B_DOT]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V16:\w+]] = tensor.splat %[[V15]]
// CHECK-NEXT:    %[[V17:\w+]] = mlp.where "ole" %[[B]], %[[A]] then %[[V13]] else %[[V16]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V8]], %[[V17]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @minnumf_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.minnumf %[[A]], %[[B]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.mulf %[[Y_BAR]], %[[V2]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.where "oeq" %[[A]], %[[B]] then %[[V3]] else %[[Y_BAR]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V8:\w+]] = tensor.splat %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = arith.mulf %[[Y_BAR]], %[[V8]]
// CHECK-NEXT:    %[[V10:\w+]] = mlp.where "oeq" %[[B]], %[[A]] then %[[V9]] else %[[Y_BAR]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V13:\w+]] = tensor.splat %[[V12]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = mlp.where "ole" %[[A]], %[[B]] then %[[V4]] else %[[V13]]
// CHECK-NEXT:    %[[V14:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V15:\w+]] = tensor.splat %[[V14]]
// CHECK-NEXT:    %[[B_BAR:\w+]] = mlp.where "ole" %[[B]], %[[A]] then %[[V10]] else %[[V15]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]], %[[B_BAR]]
func.func @minnumf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = arith.minnumf %a, %b : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_minnumf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @minnumf(%a, %b) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_minnumf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>, %b_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @minnumf(%a, %b) tangents(%a_dot, %b_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @select_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[C:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}%[[B_DOT:\w+]]{{.*}}%[[C_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[T:\w+]] = arith.cmpf ogt, %[[A]], %[[B]]
// CHECK-NEXT:    %[[Y:\w+]] = arith.select %[[T]], %[[B]], %[[C]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.select %[[T]], %[[B_DOT]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]]
// CHECK-NEXT:    %[[V5:\w+]] = arith.select %[[T]], %[[V4]], %[[C_DOT]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V2]], %[[V5]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @select_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[C:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[T:\w+]] = arith.cmpf ogt, %[[A]], %[[B]]
// CHECK-NEXT:    %[[Y:\w+]] = arith.select %[[T]], %[[B]], %[[C]]
// CHECK-NEXT:    %[[V4:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[A_BAR:\w+]] = tensor.splat %[[V4]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[B_BAR:\w+]] = arith.select %[[T]], %[[Y_BAR]], %[[V1]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V3:\w+]] = tensor.splat %[[V2]]
// CHECK-NEXT:    %[[C_BAR:\w+]] = arith.select %[[T]], %[[V3]], %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]], %[[B_BAR]], %[[C_BAR]]
func.func @select(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %c: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %t = arith.cmpf ogt, %a, %b : tensor<4x3xf64>
  %y = arith.select %t, %b, %c : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_select(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %c: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2, %r3 = ad.vjp @select(%a, %b, %c) cotangents(%y_bar) wrt [0, 1, 2] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2, %r3 : tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_select(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %c: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>, %b_dot: tensor<4x3xf64>, %c_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @select(%a, %b, %c) tangents(%a_dot, %b_dot, %c_dot) wrt [0, 1, 2] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @extf_jvp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.extf %[[X]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.extf %[[X_DOT]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @extf_vjp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.extf %[[X]]
// CHECK-NEXT:    %[[X_BAR:\w+]] = arith.truncf %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]]
func.func @extf(%x: tensor<4xf32>) -> tensor<4xf64> {
  %y = arith.extf %x : tensor<4xf32> to tensor<4xf64>
  func.return %y : tensor<4xf64>
}
func.func @adjoint_of_extf(%x: tensor<4xf32>, %y_bar: tensor<4xf64>) -> tensor<4xf32> {
  %r0, %r1 = ad.vjp @extf(%x) cotangents(%y_bar) wrt [0] : (tensor<4xf32>, tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf32>)
  func.return %r1 : tensor<4xf32>
}
func.func @tangent_of_extf(%x: tensor<4xf32>, %x_dot: tensor<4xf32>) -> tensor<4xf64> {
  %r0, %r1 = ad.jvp @extf(%x) tangents(%x_dot) wrt [0] : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf64>, tensor<4xf64>)
  func.return %r1 : tensor<4xf64>
}

// CHECK-LABEL: func.func private @truncf_jvp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.truncf %[[X]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.truncf %[[X_DOT]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @truncf_vjp
// CHECK-SAME:    (%[[X:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = arith.truncf %[[X]]
// CHECK-NEXT:    %[[X_BAR:\w+]] = arith.extf %[[Y_BAR]]
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]]
func.func @truncf(%x: tensor<4xf64>) -> tensor<4xf32> {
  %y = arith.truncf %x : tensor<4xf64> to tensor<4xf32>
  func.return %y : tensor<4xf32>
}
func.func @adjoint_of_truncf(%x: tensor<4xf64>, %y_bar: tensor<4xf32>) -> tensor<4xf64> {
  %r0, %r1 = ad.vjp @truncf(%x) cotangents(%y_bar) wrt [0] : (tensor<4xf64>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf64>)
  func.return %r1 : tensor<4xf64>
}
func.func @tangent_of_truncf(%x: tensor<4xf64>, %x_dot: tensor<4xf64>) -> tensor<4xf32> {
  %r0, %r1 = ad.jvp @truncf(%x) tangents(%x_dot) wrt [0] : (tensor<4xf64>, tensor<4xf64>) -> (tensor<4xf32>, tensor<4xf32>)
  func.return %r1 : tensor<4xf32>
}
