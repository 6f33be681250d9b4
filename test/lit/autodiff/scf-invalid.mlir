// RUN: anamc-opt %s -p ad-expand --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// A number in place of a tensor of rank 0.
// CHECK: error[A1103]: 'scf.for' with a value of type f64 cannot be differentiated
// CHECK: help: carry tensors, of rank 0 for a number
func.func private @f(%x: f64, %n: index) -> f64 {
  %y = scf.for %i = %n to %n step %n iter_args(%s = %x) -> (f64) {
    scf.yield %s : f64
  }
  func.return %y : f64
}
func.func @g(%x: f64, %n: index) -> f64 {
  %y, %b = ad.vjp @f(%x, %n) cotangents(%x) wrt [0] : (f64, index, f64) -> (f64, f64)
  func.return %b : f64
}

// -----

// A loop that carries the number of something is pushed forward, not run backwards.
// CHECK: error[A1103]: 'scf.for' with a value of type index cannot be differentiated
// CHECK: it counts what it does, as the reverse of a loop under 'binomial' does too
func.func private @f(%x: tensor<2xf64>, %n: index) -> tensor<2xf64> {
  %one = arith.constant 1 : index
  %y, %m = scf.for %i = %one to %n step %one iter_args(%s = %x, %j = %one) -> (tensor<2xf64>, index) {
    %k = arith.addi %j, %i : index
    scf.yield %s, %k : tensor<2xf64>, index
  }
  func.return %y : tensor<2xf64>
}
func.func @g(%x: tensor<2xf64>, %n: index) -> tensor<2xf64> {
  %y, %b = ad.vjp @f(%x, %n) cotangents(%x) wrt [0] : (tensor<2xf64>, index, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
  func.return %b : tensor<2xf64>
}

// -----

// Something else in the place of a policy.
// CHECK: error[A1103]: 'ad.checkpoint' of a loop is no policy: "sqrt"
// CHECK: help: one of #ad.policy<all>, #ad.policy<sqrt>, #ad.policy<recompute>, #ad.policy<binomial, c>
func.func private @f(%x: tensor<2xf64>, %n: index) -> tensor<2xf64> {
  %y = scf.for %i = %n to %n step %n iter_args(%s = %x) -> (tensor<2xf64>) {
    scf.yield %s : tensor<2xf64>
  } {ad.checkpoint = "sqrt"}
  func.return %y : tensor<2xf64>
}
func.func @g(%x: tensor<2xf64>, %n: index) -> tensor<2xf64> {
  %y, %b = ad.vjp @f(%x, %n) cotangents(%x) wrt [0] : (tensor<2xf64>, index, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
  func.return %b : tensor<2xf64>
}
