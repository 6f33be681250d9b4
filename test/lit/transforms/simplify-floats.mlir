// RUN: anamc-opt %s -p simplify-floats --allow-unregistered-dialect | filecheck %s

// CHECK-LABEL: func.func @zeros_and_ones
// CHECK-SAME:    (%[[X:\w+]]: f64)
// CHECK-NEXT:    func.return %[[X]] : f64
func.func @zeros_and_ones(%x: f64) -> f64 {
  %zero = arith.constant 0.0 : f64
  %one = arith.constant 1.0 : f64
  %a = arith.addf %x, %zero : f64
  %b = arith.addf %zero, %a : f64
  %c = arith.subf %b, %zero : f64
  %d = arith.mulf %c, %one : f64
  %e = arith.divf %d, %one : f64
  %f = arith.negf %e : f64
  %g = arith.negf %f : f64
  func.return %g : f64
}

// CHECK-LABEL: func.func @a_factor_of_zero
// CHECK-SAME:    (%[[X:\w+]]: f64)
// CHECK-NEXT:    %[[ZERO:\w+]] = arith.constant 0.0
// CHECK-NEXT:    func.return %[[ZERO]], %[[ZERO]], %[[X]]
func.func @a_factor_of_zero(%x: f64) -> (f64, f64, f64) {
  %zero = arith.constant 0.0 : f64
  %a = arith.mulf %x, %zero : f64
  %b = arith.divf %a, %x : f64
  %c = arith.addf %x, %b : f64
  func.return %a, %b, %c : f64, f64, f64
}

// CHECK-LABEL: func.func @signs
// CHECK-SAME:    (%[[X:\w+]]: f64, %[[Y:\w+]]: f64)
// CHECK-NEXT:    %[[D:\w+]] = arith.subf %[[X]], %[[Y]]
// CHECK-NEXT:    %[[S:\w+]] = arith.addf %[[X]], %[[Y]]
// CHECK-NEXT:    %[[N:\w+]] = arith.negf %[[X]]
// CHECK-NEXT:    func.return %[[D]], %[[S]], %[[N]]
func.func @signs(%x: f64, %y: f64) -> (f64, f64, f64) {
  %less = arith.constant -1.0 : f64
  %zero = arith.constant 0.0 : f64
  %m = arith.negf %y : f64
  %d = arith.addf %x, %m : f64
  %s = arith.subf %x, %m : f64
  %n = arith.mulf %less, %x : f64
  func.return %d, %s, %n : f64, f64, f64
}

// Tensors of one number, and rows.
// CHECK-LABEL: func.func @tensors
// CHECK-SAME:    (%[[X:\w+]]: tensor<2x3xf64>)
// CHECK-NEXT:    func.return %[[X]]
func.func @tensors(%x: tensor<2x3xf64>) -> tensor<2x3xf64> {
  %zero = arith.constant 0.0 : f64
  %zeros = tensor.splat %zero : tensor<2x3xf64>
  %ones = arith.constant dense<1.0> : tensor<2x3xf64>
  %all = arith.constant dense<1.0> : tensor<2xf64>
  %a = arith.addf %x, %zeros : tensor<2x3xf64>
  %b = arith.mulf %ones, %a : tensor<2x3xf64>
  %c = mlp.scale_rows %b by %all : (tensor<2x3xf64>, tensor<2xf64>) -> tensor<2x3xf64>
  func.return %c : tensor<2x3xf64>
}

// CHECK-LABEL: func.func @a_choice_of_the_same
// CHECK-SAME:    %[[X:\w+]]: f64)
// CHECK-NEXT:    func.return %[[X]]
func.func @a_choice_of_the_same(%c: i1, %x: f64) -> f64 {
  %y = arith.select %c, %x, %x : f64
  func.return %y : f64
}

// Inside a loop too; what has effects stays.
// CHECK-LABEL: func.func @regions
// CHECK:         scf.for
// CHECK-NEXT:      "test.op"(%{{\w+}}) : (f64) -> ()
// CHECK-NEXT:      scf.yield %{{\w+}} : f64
func.func @regions(%n: index, %x: f64) -> f64 {
  %i0 = arith.constant 0 : index
  %i1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f64
  %y = scf.for %i = %i0 to %n step %i1 iter_args(%t = %x) -> (f64) {
    %a = arith.addf %t, %zero : f64
    "test.op"(%a) : (f64) -> ()
    scf.yield %a : f64
  }
  func.return %y : f64
}

// CHECK-LABEL: func.func @no_folding_as_two_is_not_one
// CHECK:         arith.mulf
func.func @no_folding_as_two_is_not_one(%x: f64) -> f64 {
  %two = arith.constant 2.0 : f64
  %y = arith.mulf %x, %two : f64
  func.return %y : f64
}

// CHECK-LABEL: func.func @no_folding_as_values_differ
// CHECK:         arith.addf
func.func @no_folding_as_values_differ(%x: tensor<2xf64>) -> tensor<2xf64> {
  %some = arith.constant dense<[0.0, 1.0]> : tensor<2xf64>
  %y = arith.addf %x, %some : tensor<2xf64>
  func.return %y : tensor<2xf64>
}

// CHECK-LABEL: func.func @no_folding_of_integers
// CHECK:         arith.addi
func.func @no_folding_of_integers(%x: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %y = arith.addi %x, %zero : i32
  func.return %y : i32
}
