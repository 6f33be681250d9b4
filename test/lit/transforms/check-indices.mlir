// RUN: anamc-opt %s -p check-indices --split-input-file | filecheck %s

// A computed table: its index is kept inside, and checked; twice the same index is checked once.
// CHECK:      %at = nest.map
// CHECK:      %inside = nest.map (i = %m, j = 3) read(%at[i] : tensor<?xi32>) set(%{{.*}}[i, j] : tensor<?x3xi64>) attributes {anamc.safe} {
// CHECK:        arith.extsi
// CHECK:        arith.cmpi ult
// CHECK:        arith.select
// CHECK:      %low, %high, %low_at, %high_at = nest.map (i = %m, j = 3) read(%at[i] : tensor<?xi32>) min(%{{.*}} : tensor<i64> arg) max(%{{.*}} : tensor<i64> arg) {
// CHECK:      nest.check %low at %low_at, %high at %high_at sizes(%n, %m) {limit = -1 : i64, ranges = [-2 : i64, 3 : i64], tensor = "x", axis = 0 : i64, names = ["i", "j"], number = 0 : i64{{.*}}}
// CHECK-NEXT: nest.map (i = %m, j = 3) read(%x[%inside[i, j]] : tensor<?xf32>) add
// CHECK-NOT:  nest.check
// CHECK:      nest.map (i = %m, j = 3) read(%x[%inside[i, j]] : tensor<?xf32>) max
func.func @f(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %x: tensor<?xf32> {anamc.name = "x", anamc.dims = ["n"]}, %s: tensor<?xi32> {anamc.name = "s", anamc.dims = ["m"]}) -> (tensor<?xf32>, tensor<?xf32>) {
  %c = arith.constant 0.0 : f32
  %e = tensor.empty(%m) : tensor<?xi32>
  %at = nest.map (i = %m) read(%s[i] : tensor<?xi32>) set(%e[i] : tensor<?xi32>) {
  ^bb0(%i: index, %v: i32):
    %w = arith.muli %v, %v : i32
    nest.yield %w : i32
  }
  %y0 = tensor.splat %c[%m] : tensor<?xf32>
  %y = nest.map (i = %m, j = 3) read(%x[2 * %at[i] + j] : tensor<?xf32>) add(%y0[i] : tensor<?xf32>) {
  ^bb0(%i: index, %j: index, %v: f32):
    nest.yield %v : f32
  }
  %z = nest.map (i = %m, j = 3) read(%x[2 * %at[i] + j] : tensor<?xf32>) max(%y0[i] : tensor<?xf32>) {
  ^bb0(%i: index, %j: index, %v: f32):
    nest.yield %v : f32
  }
  func.return %y, %z : tensor<?xf32>, tensor<?xf32>
}

// -----

// An index that depends on a part of the ranges counts only where the others are not empty; guards stay.
// CHECK:      nest.map (i = 4) where(%k + -1 >= 0) read(%at[i] : tensor<4xindex>) set
// CHECK:      nest.check {{.*}} sizes(%k) {limit = 5 : i64, ranges = [4 : i64], tensor = "y", axis = 0 : i64, names = ["i"], number = 0 : i64{{.*}}}
// CHECK:      nest.map (i = 4, j = %k) read(%x[i, j] : tensor<4x?xf32>) add(%{{.*}}[%inside[i]] : tensor<5xf32>)
// CHECK:      nest.map (i = 4, j = %k) where(j + i * -1 >= 0) read(%at[i] : tensor<4xindex>) set
func.func @g(%k: index {anamc.name = "k"}, %x: tensor<4x?xf32> {anamc.name = "x", anamc.dims = [4 : index, "k"]}) -> (tensor<5xf32>, tensor<5xf32>) {
  %c = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4xindex>
  %at = nest.map (i = 4) set(%e[i] : tensor<4xindex>) {
  ^bb0(%i: index):
    nest.yield %i : index
  }
  %y0 = tensor.splat %c : tensor<5xf32>
  %y = nest.map (i = 4, j = %k) read(%x[i, j] : tensor<4x?xf32>) add(%y0[%at[i]] : tensor<5xf32>) {
  ^bb0(%i: index, %j: index, %v: f32):
    nest.yield %v : f32
  }
  %z = nest.map (i = 4, j = %k) where(j - i >= 0) read(%x[i, j] : tensor<4x?xf32>) add(%y0[%at[i]] : tensor<5xf32>) {
  ^bb0(%i: index, %j: index, %v: f32):
    nest.yield %v : f32
  }
  func.return %y, %z : tensor<5xf32>, tensor<5xf32>
}
