// The adjoint and the tangent of math.
// RUN: anamc-opt %s -p ad-expand | filecheck %s

// CHECK-LABEL: func.func private @tanh_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.tanh %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.mulf %[[Y]], %[[Y]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.subf %[[V1]], %[[V2]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.mulf %[[A_DOT]], %[[V3]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @tanh_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.tanh %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.mulf %[[Y]], %[[Y]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.subf %[[V1]], %[[V2]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[V3]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @tanh(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = math.tanh %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_tanh(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @tanh(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_tanh(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @tanh(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @exp_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.exp %[[A]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.mulf %[[A_DOT]], %[[Y]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @exp_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.exp %[[A]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[Y]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @exp(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = math.exp %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_exp(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @exp(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_exp(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @exp(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @expm1_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.expm1 %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = math.exp %[[A]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.mulf %[[A_DOT]], %[[V0]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @expm1_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.expm1 %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = math.exp %[[A]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[V0]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @expm1(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = math.expm1 %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_expm1(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @expm1(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_expm1(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @expm1(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @sin_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.sin %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = math.cos %[[A]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.mulf %[[A_DOT]], %[[V0]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @sin_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.sin %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = math.cos %[[A]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[V0]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @sin(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = math.sin %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_sin(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @sin(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_sin(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @sin(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @cos_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.cos %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = math.sin %[[A]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.mulf %[[A_DOT]], %[[V0]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.negf %[[V1]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @cos_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.cos %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = math.sin %[[A]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.mulf %[[Y_BAR]], %[[V0]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.negf %[[V1]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @cos(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = math.cos %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_cos(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @cos(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_cos(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @cos(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @erf_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.erf %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.mulf %[[A]], %[[A]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.negf %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = math.exp %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 1.1283791670955126
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]]
// CHECK-NEXT:    %[[V5:\w+]] = arith.mulf %[[V2]], %[[V4]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.mulf %[[A_DOT]], %[[V5]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @erf_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.erf %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.mulf %[[A]], %[[A]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.negf %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = math.exp %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 1.1283791670955126
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]]
// CHECK-NEXT:    %[[V5:\w+]] = arith.mulf %[[V2]], %[[V4]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[V5]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @erf(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = math.erf %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_erf(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @erf(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_erf(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @erf(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @log_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.log %[[A]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.divf %[[A_DOT]], %[[A]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @log_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.log %[[A]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.divf %[[Y_BAR]], %[[A]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @log(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = math.log %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_log(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @log(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_log(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @log(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @log2_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.log2 %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.69314718055994529
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.mulf %[[A]], %[[V1]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.divf %[[A_DOT]], %[[V2]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @log2_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.log2 %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.69314718055994529
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.mulf %[[A]], %[[V1]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.divf %[[Y_BAR]], %[[V2]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @log2(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = math.log2 %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_log2(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @log2(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_log2(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @log2(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @log10_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.log10 %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 2.3025850929940459
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.mulf %[[A]], %[[V1]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.divf %[[A_DOT]], %[[V2]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @log10_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.log10 %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 2.3025850929940459
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.mulf %[[A]], %[[V1]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.divf %[[Y_BAR]], %[[V2]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @log10(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = math.log10 %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_log10(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @log10(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_log10(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @log10(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @log1p_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.log1p %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.addf %[[A]], %[[V1]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.divf %[[A_DOT]], %[[V2]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @log1p_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.log1p %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.addf %[[A]], %[[V1]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.divf %[[Y_BAR]], %[[V2]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @log1p(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = math.log1p %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_log1p(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @log1p(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_log1p(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @log1p(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @sqrt_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.sqrt %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V3:\w+]] = tensor.splat %[[V2]]
// CHECK-NEXT:    %[[V5:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V6:\w+]] = tensor.splat %[[V5]]
// CHECK-NEXT:    %[[V7:\w+]] = mlp.where "oeq" %[[Y]], %[[V1]] then %[[V3]] else %[[Y]]
// CHECK-NEXT:    %[[V8:\w+]] = arith.divf %[[V6]], %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = mlp.where "oeq" %[[Y]], %[[V1]] then %[[V1]] else %[[V8]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.mulf %[[A_DOT]], %[[V9]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @sqrt_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.sqrt %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V3:\w+]] = tensor.splat %[[V2]]
// CHECK-NEXT:    %[[V5:\w+]] = arith.constant 5.000000e-01
// CHECK-NEXT:    %[[V6:\w+]] = tensor.splat %[[V5]]
// CHECK-NEXT:    %[[V7:\w+]] = mlp.where "oeq" %[[Y]], %[[V1]] then %[[V3]] else %[[Y]]
// CHECK-NEXT:    %[[V8:\w+]] = arith.divf %[[V6]], %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = mlp.where "oeq" %[[Y]], %[[V1]] then %[[V1]] else %[[V8]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[V9]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @sqrt(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = math.sqrt %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_sqrt(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @sqrt(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_sqrt(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @sqrt(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @rsqrt_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.rsqrt %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant -5.000000e-01
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.mulf %[[Y]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.divf %[[V2]], %[[A]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.mulf %[[A_DOT]], %[[V3]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @rsqrt_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.rsqrt %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant -5.000000e-01
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.mulf %[[Y]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.divf %[[V2]], %[[A]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[V3]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @rsqrt(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = math.rsqrt %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_rsqrt(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @rsqrt(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_rsqrt(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @rsqrt(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @absf_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.absf %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.negf %[[A_DOT]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]]
// CHECK-NEXT:    %[[V6:\w+]] = mlp.where "olt" %[[A]], %[[V4]] then %[[V0]] else %[[V2]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V8:\w+]] = tensor.splat %[[V7]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = mlp.where "ogt" %[[A]], %[[V8]] then %[[A_DOT]] else %[[V6]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @absf_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.absf %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.negf %[[Y_BAR]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V2:\w+]] = tensor.splat %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]]
// CHECK-NEXT:    %[[V6:\w+]] = mlp.where "olt" %[[A]], %[[V4]] then %[[V0]] else %[[V2]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V8:\w+]] = tensor.splat %[[V7]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = mlp.where "ogt" %[[A]], %[[V8]] then %[[Y_BAR]] else %[[V6]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @absf(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = math.absf %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_absf(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @absf(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_absf(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @absf(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @fma_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[C:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}%[[B_DOT:\w+]]{{.*}}%[[C_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.fma %[[A]], %[[B]], %[[C]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.mulf %[[A_DOT]], %[[B]]
// CHECK-NEXT:    %[[V1:\w+]] = arith.mulf %[[B_DOT]], %[[A]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.addf %[[V0]], %[[V1]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V2]], %[[C_DOT]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @fma_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[C:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.fma %[[A]], %[[B]], %[[C]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[B]]
// CHECK-NEXT:    %[[B_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[A]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]], %[[B_BAR]], %[[Y_BAR]]
func.func @fma(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %c: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = math.fma %a, %b, %c : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_fma(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %c: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2, %r3 = ad.vjp @fma(%a, %b, %c) cotangents(%y_bar) wrt [0, 1, 2] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2, %r3 : tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_fma(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %c: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>, %b_dot: tensor<4x3xf64>, %c_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @fma(%a, %b, %c) tangents(%a_dot, %b_dot, %c_dot) wrt [0, 1, 2] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @powf_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}%[[B_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.powf %[[A]], %[[B]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V3:\w+]] = tensor.splat %[[V2]]
// CHECK-NEXT:    %[[M:\w+]] = math.absf %[[A]]
// CHECK-NEXT:    %[[T0:\w+]] = arith.constant 1.000000e-30
// CHECK-NEXT:    %[[T:\w+]] = tensor.splat %[[T0]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.where "oge" %[[M]], %[[T]] then %[[A]] else %[[V3]]
// CHECK-NEXT:    %[[V5:\w+]] = mlp.where "oeq" %[[B]], %[[V1]] then %[[V4]] else %[[A]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V7:\w+]] = tensor.splat %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = arith.addf %[[B]], %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = math.powf %[[V5]], %[[V8]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.mulf %[[B]], %[[V9]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.mulf %[[A_DOT]], %[[V11]]
// CHECK-NEXT:    %[[V13:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V14:\w+]] = tensor.splat %[[V13]]
// CHECK-NEXT:    %[[V15:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V16:\w+]] = tensor.splat %[[V15]]
// CHECK-NEXT:    %[[V18:\w+]] = mlp.where "ogt" %[[A]], %[[V14]] then %[[A]] else %[[V16]]
// CHECK-NEXT:    %[[V19:\w+]] = math.log %[[V18]]
// CHECK-NEXT:    %[[V20:\w+]] = arith.mulf %[[V19]], %[[Y]]
// CHECK-NEXT:    %[[V21:\w+]] = mlp.where "ogt" %[[A]], %[[V14]] then %[[V20]] else %[[V14]]
// CHECK-NEXT:    %[[V22:\w+]] = arith.mulf %[[B_DOT]], %[[V21]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.addf %[[V12]], %[[V22]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @powf_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[B:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.powf %[[A]], %[[B]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V3:\w+]] = tensor.splat %[[V2]]
// CHECK-NEXT:    %[[M:\w+]] = math.absf %[[A]]
// CHECK-NEXT:    %[[T0:\w+]] = arith.constant 1.000000e-30
// CHECK-NEXT:    %[[T:\w+]] = tensor.splat %[[T0]]
// CHECK-NEXT:    %[[V4:\w+]] = mlp.where "oge" %[[M]], %[[T]] then %[[A]] else %[[V3]]
// CHECK-NEXT:    %[[V5:\w+]] = mlp.where "oeq" %[[B]], %[[V1]] then %[[V4]] else %[[A]]
// CHECK-NEXT:    %[[V6:\w+]] = arith.constant -1.000000e+00
// CHECK-NEXT:    %[[V7:\w+]] = tensor.splat %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = arith.addf %[[B]], %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = math.powf %[[V5]], %[[V8]]
// CHECK-NEXT:    %[[V11:\w+]] = arith.mulf %[[B]], %[[V9]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[V11]]
// CHECK-NEXT:    %[[V12:\w+]] = arith.constant 0.000000e+00
// CHECK-NEXT:    %[[V13:\w+]] = tensor.splat %[[V12]]
// CHECK-NEXT:    %[[V14:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V15:\w+]] = tensor.splat %[[V14]]
// CHECK-NEXT:    %[[V17:\w+]] = mlp.where "ogt" %[[A]], %[[V13]] then %[[A]] else %[[V15]]
// CHECK-NEXT:    %[[V18:\w+]] = math.log %[[V17]]
// CHECK-NEXT:    %[[V19:\w+]] = arith.mulf %[[V18]], %[[Y]]
// CHECK-NEXT:    %[[V20:\w+]] = mlp.where "ogt" %[[A]], %[[V13]] then %[[V19]] else %[[V13]]
// CHECK-NEXT:    %[[B_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[V20]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]], %[[B_BAR]]
func.func @powf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = math.powf %a, %b : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_powf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @powf(%a, %b) cotangents(%y_bar) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1, %r2 : tensor<4x3xf64>, tensor<4x3xf64>
}
func.func @tangent_of_powf(%a: tensor<4x3xf64>, %b: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>, %b_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @powf(%a, %b) tangents(%a_dot, %b_dot) wrt [0, 1] : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}

// CHECK-LABEL: func.func private @exp2_jvp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[A_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.exp2 %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.69314718055994529
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.mulf %[[Y]], %[[V1]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = arith.mulf %[[A_DOT]], %[[V2]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @exp2_vjp
// CHECK-SAME:    (%[[A:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = math.exp2 %[[A]]
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0.69314718055994529
// CHECK-NEXT:    %[[V1:\w+]] = tensor.splat %[[V0]]
// CHECK-NEXT:    %[[V2:\w+]] = arith.mulf %[[Y]], %[[V1]]
// CHECK-NEXT:    %[[A_BAR:\w+]] = arith.mulf %[[Y_BAR]], %[[V2]]
// CHECK-NEXT:    func.return %[[Y]], %[[A_BAR]]
func.func @exp2(%a: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %y = math.exp2 %a : tensor<4x3xf64>
  func.return %y : tensor<4x3xf64>
}
func.func @adjoint_of_exp2(%a: tensor<4x3xf64>, %y_bar: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.vjp @exp2(%a) cotangents(%y_bar) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
func.func @tangent_of_exp2(%a: tensor<4x3xf64>, %a_dot: tensor<4x3xf64>) -> tensor<4x3xf64> {
  %r0, %r1 = ad.jvp @exp2(%a) tangents(%a_dot) wrt [0] : (tensor<4x3xf64>, tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xf64>)
  func.return %r1 : tensor<4x3xf64>
}
