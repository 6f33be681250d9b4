// RUN: anamc-opt %s -p ad-expand,canonicalize,cse --split-input-file | filecheck %s

// Forward: tangents are carried as well. Reverse, keeping every state: the loop stores the state in front of each
// iteration, and another one goes back; what every iteration reads is summed.
// CHECK-LABEL: func.func private @steps_jvp
// CHECK:         %{{.*}}, %{{.*}} = scf.for {{.*}} iter_args(%{{.*}} = %x, %{{.*}} = %x_dot) -> (tensor<3xf64>, tensor<3xf64>)
// CHECK-LABEL: func.func private @steps_vjp
// CHECK:         %states = tensor.empty() : tensor<5x3xf64>
// CHECK:         %[[Y:.*]], %[[S:.*]] = scf.for {{.*}} iter_args(%[[X:.*]] = %x, %[[T:.*]] = %states) -> (tensor<3xf64>, tensor<5x3xf64>) {
// CHECK-NEXT:      nest.map ({{.*}} = 3) read(%[[X]][{{.*}}] : tensor<3xf64>) set(%[[T]][%{{.*}}, {{.*}}] : tensor<5x3xf64>)
// CHECK:           math.sin
// CHECK:         scf.for {{.*}} iter_args(%{{.*}} = %y_bar, %{{.*}} = %{{.*}}) -> (tensor<3xf64>, tensor<3xf64>) {
// CHECK:           nest.map ({{.*}} = 3) read(%[[S]][
// CHECK:           math.cos
func.func private @steps(%x: tensor<3xf64>, %w: tensor<3xf64>) -> tensor<3xf64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %n = arith.constant 5 : index
  %y = scf.for %i = %zero to %n step %one iter_args(%s = %x) -> (tensor<3xf64>) {
    %a = math.sin %s : tensor<3xf64>
    %b = arith.mulf %a, %w : tensor<3xf64>
    scf.yield %b : tensor<3xf64>
  }
  func.return %y : tensor<3xf64>
}
func.func @derivatives(%x: tensor<3xf64>, %w: tensor<3xf64>, %v: tensor<3xf64>) -> (tensor<3xf64>, tensor<3xf64>, tensor<3xf64>) {
  %y, %xb, %wb = ad.vjp @steps(%x, %w) cotangents(%v) wrt [0, 1] : (tensor<3xf64>, tensor<3xf64>, tensor<3xf64>) -> (tensor<3xf64>, tensor<3xf64>, tensor<3xf64>)
  %y2, %yd = ad.jvp @steps(%x, %w) tangents(%v) wrt [0] : (tensor<3xf64>, tensor<3xf64>, tensor<3xf64>) -> (tensor<3xf64>, tensor<3xf64>)
  func.return %xb, %wb, %yd : tensor<3xf64>, tensor<3xf64>, tensor<3xf64>
}

// -----

// Only the first state of each of four segments is kept, and those of one segment while it goes back.
// CHECK-LABEL: func.func private @nothing_vjp
// CHECK-NOT:     tensor.empty() : tensor<{{.*}}x3xf64>
// CHECK-LABEL: func.func private @segments(
// CHECK-LABEL: func.func private @segments_vjp
// CHECK:         tensor.empty() : tensor<4x3xf64>
// CHECK:         scf.for
// CHECK:           scf.for
// CHECK:         scf.for
// CHECK:           tensor.empty() : tensor<5x3xf64>
// CHECK:           scf.for
// CHECK:           scf.for
func.func private @nothing(%x: tensor<3xf64>) -> tensor<3xf64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %n = arith.constant 17 : index
  %y = scf.for %i = %zero to %n step %one iter_args(%s = %x) -> (tensor<3xf64>) {
    %a = math.sin %s : tensor<3xf64>
    scf.yield %a : tensor<3xf64>
  } {ad.checkpoint = #ad.policy<recompute>}
  func.return %y : tensor<3xf64>
}
func.func private @segments(%x: tensor<3xf64>) -> tensor<3xf64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %n = arith.constant 17 : index
  %y = scf.for %i = %zero to %n step %one iter_args(%s = %x) -> (tensor<3xf64>) {
    %a = math.sin %s : tensor<3xf64>
    scf.yield %a : tensor<3xf64>
  } {ad.checkpoint = #ad.policy<sqrt>}
  func.return %y : tensor<3xf64>
}
func.func @derivatives(%x: tensor<3xf64>) -> (tensor<3xf64>, tensor<3xf64>) {
  %y, %xb = ad.vjp @segments(%x) cotangents(%x) wrt [0] : (tensor<3xf64>, tensor<3xf64>) -> (tensor<3xf64>, tensor<3xf64>)
  %z, %zb = ad.vjp @nothing(%x) cotangents(%x) wrt [0] : (tensor<3xf64>, tensor<3xf64>) -> (tensor<3xf64>, tensor<3xf64>)
  func.return %xb, %zb : tensor<3xf64>, tensor<3xf64>
}

// -----

// Each side of a branch has its own reverse; a value that it does not use gets zeros there.
// CHECK-LABEL: func.func private @either_jvp
// CHECK:         %{{.*}}, %[[DOT:.*]] = scf.if %c -> (tensor<3xf64>, tensor<3xf64>) {
// CHECK:           %[[A:.*]] = math.sin %x
// CHECK:           math.cos %x
// CHECK:           %[[D:.*]] = arith.mulf
// CHECK:           scf.yield %[[A]], %[[D]]
// CHECK:         } else {
// CHECK:           tensor.splat
// CHECK:           scf.yield
// CHECK-LABEL: func.func private @either_vjp
// CHECK:         %{{.*}} = scf.if %c -> (tensor<3xf64>) {
// CHECK:         %{{.*}} = scf.if %c -> (tensor<3xf64>) {
// CHECK:           math.cos %x
// CHECK:           arith.mulf
// CHECK:         } else {
// CHECK:           tensor.splat
func.func private @either(%x: tensor<3xf64>, %c: i1) -> tensor<3xf64> {
  %y = scf.if %c -> (tensor<3xf64>) {
    %a = math.sin %x : tensor<3xf64>
    scf.yield %a : tensor<3xf64>
  } else {
    %z = arith.constant dense<1.0> : tensor<3xf64>
    scf.yield %z : tensor<3xf64>
  }
  func.return %y : tensor<3xf64>
}
func.func @derivatives(%x: tensor<3xf64>, %c: i1) -> tensor<3xf64> {
  %y, %xb = ad.vjp @either(%x, %c) cotangents(%x) wrt [0] : (tensor<3xf64>, i1, tensor<3xf64>) -> (tensor<3xf64>, tensor<3xf64>)
  %y2, %yd = ad.jvp @either(%x, %c) tangents(%xb) wrt [0] : (tensor<3xf64>, i1, tensor<3xf64>) -> (tensor<3xf64>, tensor<3xf64>)
  func.return %yd : tensor<3xf64>
}

// -----

// Three states are kept; round by round from the last one, the state in front of it is found from those, and others are
// kept on the way.
// CHECK-LABEL: func.func private @few_vjp
// CHECK:         tensor.empty() : tensor<3x2xf64>
// CHECK-NOT:     tensor.empty() : tensor<{{.*}}x2xf64>
// CHECK:         scf.for {{.*}} -> (tensor<2xf64>, tensor<3x2xf64>) {
// CHECK:           scf.for {{.*}} -> (index, index, index, index, index, index, tensor<3x2xf64>) {
// CHECK:             scf.for {{.*}} -> (tensor<3x2xf64>) {
// CHECK:               scf.for {{.*}} -> (tensor<2xf64>) {
// CHECK:           math.cos
func.func private @few(%x: tensor<2xf64>, %n: index) -> tensor<2xf64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %y = scf.for %i = %zero to %n step %one iter_args(%s = %x) -> (tensor<2xf64>) {
    %a = math.sin %s : tensor<2xf64>
    scf.yield %a : tensor<2xf64>
  } {ad.checkpoint = #ad.policy<binomial, 3>}
  func.return %y : tensor<2xf64>
}
func.func @derivatives(%x: tensor<2xf64>, %n: index, %v: tensor<2xf64>) -> tensor<2xf64> {
  %y, %b = ad.vjp @few(%x, %n) cotangents(%v) wrt [0] : (tensor<2xf64>, index, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
  func.return %b : tensor<2xf64>
}
