// RUN: anamc-opt %s --allow-unregistered-dialect | anamc-opt --allow-unregistered-dialect | filecheck %s
// RUN: anamc-opt %s --allow-unregistered-dialect --print-op-generic | anamc-opt --allow-unregistered-dialect | filecheck %s

func.func @f(%x: tensor<2xf64>, %k: tensor<3xi32>) -> (tensor<2xf64>, tensor<f64>) {
  %s = arith.constant dense<0.0> : tensor<f64>
  func.return %x, %s : tensor<2xf64>, tensor<f64>
}

// CHECK-LABEL: func.func @requests
// CHECK:         %0, %1, %2 = ad.vjp @f(%x, %k) cotangents(%x, %t) wrt [0] : (tensor<2xf64>, tensor<3xi32>, tensor<2xf64>, tensor<f64>) -> (tensor<2xf64>, tensor<f64>, tensor<2xf64>)
// CHECK-NEXT:    %3, %4, %5 = ad.jvp @f(%x, %k) tangents(%x) wrt [0] of [1] {anamc.block = 1 : i64} : (tensor<2xf64>, tensor<3xi32>, tensor<2xf64>) -> (tensor<2xf64>, tensor<f64>, tensor<f64>)
// CHECK-NEXT:    %6 = ad.stop_gradient %x : tensor<2xf64>
func.func @requests(%x: tensor<2xf64>, %k: tensor<3xi32>, %t: tensor<f64>) {
  %0, %1, %2 = ad.vjp @f(%x, %k) cotangents(%x, %t) wrt [0] : (tensor<2xf64>, tensor<3xi32>, tensor<2xf64>, tensor<f64>) -> (tensor<2xf64>, tensor<f64>, tensor<2xf64>)
  %3, %4, %5 = ad.jvp @f(%x, %k) tangents(%x) wrt [0] of [1] {anamc.block = 1 : i64} : (tensor<2xf64>, tensor<3xi32>, tensor<2xf64>) -> (tensor<2xf64>, tensor<f64>, tensor<f64>)
  %6 = ad.stop_gradient %x : tensor<2xf64>
  func.return
}

// CHECK:         ad.custom @f {vjp = @g, record = [0 : i64], results = [1 : i64]}
ad.custom @f {vjp = @g, record = [0 : i64], results = [1 : i64]}

// CHECK:         #ad.policy<all>, #ad.policy<sqrt>, #ad.policy<recompute>, #ad.policy<binomial, 4>
"test.op"() {policies = [#ad.policy<all>, #ad.policy<sqrt>, #ad.policy<recompute>, #ad.policy<binomial, 4>]} : () -> ()
