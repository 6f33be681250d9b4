// RUN: anamc-opt %s -p lift-numbers --split-input-file | filecheck %s

// An element is a tensor of rank 0, arithmetic on it too; spread over a tensor it is a nest.
// CHECK-LABEL: func.func @arithmetic
// CHECK-NEXT:    %[[E:.*]] = tensor.empty() : tensor<f64>
// CHECK-NEXT:    %s = nest.map () read(%x[1] : tensor<4xf64>) set(%[[E]] : tensor<f64>) {
// CHECK:         %t = math.sin %s : tensor<f64>
// CHECK:         nest.map (i0 = 4) read(%t : tensor<f64>) set(%{{.*}}[i0] : tensor<4xf64>)
// CHECK-NOT:     tensor.extract
func.func @arithmetic(%x: tensor<4xf64>) -> tensor<4xf64> {
  %one = arith.constant 1 : index
  %s = tensor.extract %x[%one] : tensor<4xf64>
  %t = math.sin %s : f64
  %y = tensor.splat %t : tensor<4xf64>
  func.return %y : tensor<4xf64>
}

// -----

// What a loop carries, and what a branch gives.
// CHECK-LABEL: func.func @loop
// CHECK:         scf.for {{.*}} iter_args(%s = %{{.*}}) -> (tensor<f64>) {
// CHECK-NEXT:      %b = scf.if %c -> (tensor<f64>) {
// CHECK-NEXT:        %t = math.sin %s : tensor<f64>
// CHECK-NEXT:        scf.yield %t : tensor<f64>
// CHECK:           scf.yield %b : tensor<f64>
// CHECK:         nest.map () read(%r : tensor<f64>) set(%x[%k] : tensor<4xf64>)
func.func @loop(%x: tensor<4xf64>, %n: index, %k: index, %c: i1) -> tensor<4xf64> {
  %one = arith.constant 1 : index
  %a = tensor.extract %x[%k] : tensor<4xf64>
  %r = scf.for %i = %one to %n step %one iter_args(%s = %a) -> (f64) {
    %b = scf.if %c -> (f64) {
      %t = math.sin %s : f64
      scf.yield %t : f64
    } else {
      scf.yield %s : f64
    }
    scf.yield %b : f64
  }
  %y = tensor.insert %r into %x[%k] : tensor<4xf64>
  func.return %y : tensor<4xf64>
}

// -----

// A comparison of numbers chooses one; a nest reads what its body takes from outside.
// CHECK-LABEL: func.func @chosen
// CHECK:         %s = mlp.where "olt" %a, %{{.*}} then %a else %{{.*}} : tensor<f64>
// CHECK:         nest.map (i = 4) read(%x[i] : tensor<4xf64>, %s : tensor<f64>) set(
// CHECK-NEXT:    ^bb0(%{{.*}}: index, %v: f64, %[[S:.*]]: f64):
// CHECK-NEXT:      arith.mulf %v, %[[S]] : f64
func.func @chosen(%x: tensor<4xf64>) -> tensor<4xf64> {
  %one = arith.constant 1 : index
  %h = arith.constant 0.5 : f64
  %a = tensor.extract %x[%one] : tensor<4xf64>
  %c = arith.cmpf olt, %a, %h : f64
  %s = arith.select %c, %a, %h : f64
  %e = tensor.empty() : tensor<4xf64>
  %y = nest.map (i = 4) read(%x[i] : tensor<4xf64>) set(%e[i] : tensor<4xf64>) {
  ^bb0(%i: index, %v: f64):
    %m = arith.mulf %v, %s : f64
    nest.yield %m : f64
  }
  func.return %y : tensor<4xf64>
}

// -----

// A branch on a number, integers, and functions without elements stay.
// CHECK-LABEL: func.func @stays
// CHECK:         %a = tensor.extract %x[%{{.*}}] : tensor<4xf64>
// CHECK-NEXT:    %c = arith.cmpf olt, %a, %h : f64
// CHECK-NEXT:    %j = tensor.extract %k[%{{.*}}] : tensor<4xi32>
// CHECK-NEXT:    scf.if %c
func.func @stays(%x: tensor<4xf64>, %k: tensor<4xi32>) -> (tensor<4xf64>, i32) {
  %one = arith.constant 1 : index
  %h = arith.constant 0.5 : f64
  %a = tensor.extract %x[%one] : tensor<4xf64>
  %c = arith.cmpf olt, %a, %h : f64
  %j = tensor.extract %k[%one] : tensor<4xi32>
  %y = scf.if %c -> (tensor<4xf64>) {
    %z = math.sin %x : tensor<4xf64>
    scf.yield %z : tensor<4xf64>
  } else {
    scf.yield %x : tensor<4xf64>
  }
  func.return %y, %j : tensor<4xf64>, i32
}
