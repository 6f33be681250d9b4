// RUN: anamc-opt %s -p 'plan-edges{chunk=64}' --split-input-file | filecheck %s

// One plan for what meets in the same way, as the last argument; largest rows too.
// CHECK-LABEL: func.func @shared
// CHECK-SAME:    %plan: tensor<?x2xi32> {anamc.name = "m_plan", anamc.dims = ["m ceildiv 64 + 1", 2 : index], anamc.plan = {chunk = 64 : index, columns = {{\[}}["e", 0 : index, "n"], ["e", 1 : index, "n"]]}})
// CHECK:         arith.addi %{{.*}} {anamc.size = "m ceildiv 64 + 1"}
// CHECK:         kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%{{.*}}[%e[r, 0] | %e[r, 1]] : tensor<?xf32>) plan(%plan : tensor<?x2xi32> by 64) attributes {kept} {
// CHECK:         kernel.rows r = %m read(%x[r] : tensor<?xf32>) max(%{{.*}}[%e[r, 1]] : tensor<?xf32>, %{{.*}}[%e[r, 0]] : tensor<?xf32>) plan(%plan : tensor<?x2xi32> by 64) {
func.func @shared(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %x: tensor<?xf32> {anamc.name = "x", anamc.dims = ["m"]}, %e: tensor<?x2xi32> {anamc.name = "e", anamc.dims = ["m", 2]}) -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) {
  %z = arith.constant 0.0 : f32
  %0 = tensor.splat %z[%n] : tensor<?xf32>
  %1 = tensor.splat %z[%n] : tensor<?xf32>
  %2 = tensor.splat %z[%n] : tensor<?xf32>
  %a = kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%0[%e[r, 0] | %e[r, 1]] : tensor<?xf32>) attributes {kept} {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v, %v : tensor<f32>, tensor<f32>
  }
  %b, %c = kernel.rows r = %m read(%x[r] : tensor<?xf32>) max(%1[%e[r, 1]] : tensor<?xf32>, %2[%e[r, 0]] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v, %v : tensor<f32>, tensor<f32>
  }
  func.return %a, %b, %c : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>
}

// -----

// Blocks of sums are the chunks; a table of rank 1 has no column. What counts different things does not meet.
// CHECK-LABEL: func.func @blocks
// CHECK-SAME:    anamc.plan = {chunk = 128 : index, columns = {{\[}}["s", -1 : index, "n"], ["t", -1 : index, "k"]]}
// CHECK:         plan(%plan : tensor<?x2xi32> by 128)
func.func @blocks(%n: index {anamc.name = "n"}, %k: index {anamc.name = "k"}, %m: index {anamc.name = "m"}, %x: tensor<?xf32> {anamc.name = "x", anamc.dims = ["m"]}, %s: tensor<?xi32> {anamc.name = "s", anamc.dims = ["m"]}, %t: tensor<?xi32> {anamc.name = "t", anamc.dims = ["m"]}, %p0: tensor<?xf32> {anamc.name = "p", anamc.dims = ["n"]}) {
  %z = arith.constant 0.0 : f32
  %0 = tensor.splat %z[%n] : tensor<?xf32>
  %1 = tensor.splat %z[%k] : tensor<?xf32>
  %a, %b, %c = kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%0[%s[r]] : tensor<?xf32>, %1[%t[r]] : tensor<?xf32>, %p0[r floordiv 128] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v, %v, %v : tensor<f32>, tensor<f32>, tensor<f32>
  }
  func.return
}

// -----

// No plan: no rows meet; a computed index; a table that is computed; sums over all rows; a constant number of rows.
// CHECK-LABEL: func.func @no_plan
// CHECK-NOT:     plan(
// CHECK:         func.return
func.func @no_plan(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %x: tensor<?xf32> {anamc.name = "x", anamc.dims = ["m"]}, %t: tensor<?xi32> {anamc.name = "t", anamc.dims = ["m"]}, %y: tensor<?xf32> {anamc.name = "y", anamc.dims = ["n"]}, %s: tensor<f32> {anamc.name = "s", anamc.dims = []}) {
  %a = kernel.rows r = %m read(%x[r] : tensor<?xf32>) write(%x[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %b = kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%y[%t[r] + 1] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %u = kernel.rows r = %m read(%t[r] : tensor<?xi32>) write(%t[r] : tensor<?xi32>) {
  ^bb0(%r: index, %v: tensor<i32>):
    kernel.yield %v : tensor<i32>
  }
  %c = kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%y[%u[r]] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %d, %e = kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%y[%t[r]] : tensor<?xf32>, %s : tensor<f32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v, %v : tensor<f32>, tensor<f32>
  }
  %f = kernel.rows r = 5 read(%x[r] : tensor<?xf32>) add(%y[%t[r]] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return
}
