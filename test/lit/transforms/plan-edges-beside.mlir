// RUN: anamc-opt %s -p 'plan-edges{chunk=64 beside=true}' --split-input-file | filecheck %s

// The function stays, and has a planned form behind it that says whose it is.
// CHECK-LABEL: func.func @sum(
// CHECK-NOT:     plan
// CHECK:         kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%{{.*}}[%e[r, 0] | %e[r, 1]] : tensor<?xf32>) {
// CHECK-LABEL: func.func @sum_planned_2(
// CHECK-SAME:    %plan: tensor<?x2xi32> {anamc.name = "m_plan"
// CHECK-SAME:    attributes {anamc.planned = "sum", anamc.host_only}
// CHECK:         plan(%plan : tensor<?x2xi32> by 64)
// CHECK-LABEL: func.func @sum_planned()
func.func @sum(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %x: tensor<?xf32> {anamc.name = "x", anamc.dims = ["m"]}, %e: tensor<?x2xi32> {anamc.name = "e", anamc.dims = ["m", 2]}) -> tensor<?xf32> attributes {anamc.companion = ["vjp", "g"]} {
  %z = arith.constant 0.0 : f32
  %0 = tensor.splat %z[%n] : tensor<?xf32>
  %a = kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%0[%e[r, 0] | %e[r, 1]] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v, %v : tensor<f32>, tensor<f32>
  }
  func.return %a : tensor<?xf32>
}
func.func @sum_planned() {
  func.return
}

// -----

// No form where C cannot make the plan: numbers of 64 bits; a table of other rows; what is counted has no size.
// CHECK:       func.func @wide(
// CHECK-NOT:   planned
// CHECK-NOT:   plan(
// CHECK:       func.func @others(
// CHECK-NOT:   planned
// CHECK-NOT:   plan(
// CHECK:       func.func @nameless(
// CHECK-NOT:   planned
// CHECK-NOT:   plan(
func.func @wide(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %x: tensor<?xf32> {anamc.name = "x", anamc.dims = ["m"]}, %e: tensor<?xi64> {anamc.name = "e", anamc.dims = ["m"]}, %y: tensor<?xf32> {anamc.name = "y", anamc.dims = ["n"]}) -> tensor<?xf32> {
  %a = kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%y[%e[r]] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %a : tensor<?xf32>
}
func.func @others(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %x: tensor<?xf32> {anamc.name = "x", anamc.dims = ["m"]}, %e: tensor<?xi32> {anamc.name = "e", anamc.dims = ["m + 1"]}, %y: tensor<?xf32> {anamc.name = "y", anamc.dims = ["n"]}) -> tensor<?xf32> {
  %a = kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%y[%e[r]] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %a : tensor<?xf32>
}
func.func @nameless(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %x: tensor<?xf32> {anamc.name = "x", anamc.dims = ["m"]}, %e: tensor<?xi32> {anamc.name = "e", anamc.dims = ["m"]}) -> tensor<?xf32> {
  %two = arith.constant 2 : index
  %k = arith.muli %n, %two : index
  %z = arith.constant 0.0 : f32
  %0 = tensor.splat %z[%k] : tensor<?xf32>
  %a = kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%0[%e[r]] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %a : tensor<?xf32>
}
