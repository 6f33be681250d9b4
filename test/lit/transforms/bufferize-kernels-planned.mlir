// RUN: anamc-opt %s -p bufferize-kernels | filecheck %s

// A function with plans beside another one keeps its name, its marks and the plan, and has no workspace of its own.
func.func @sum_planned(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %x: tensor<?xf32> {anamc.name = "x", anamc.dims = ["m"]}, %e: tensor<?xi32> {anamc.name = "e", anamc.dims = ["m"]}, %plan: tensor<?x2xi32> {anamc.name = "m_plan", anamc.dims = ["m ceildiv 64 + 1", 2 : index], anamc.plan = {chunk = 64 : index, columns = [["e", -1 : index, "n"]]}}) -> (tensor<?xf32> {anamc.name = "y", anamc.dims = ["n"]}) attributes {anamc.planned = "sum", anamc.host_only} {
  %z = arith.constant 0.0 : f32
  %0 = tensor.splat %z[%n] : tensor<?xf32>
  %y = kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%0[%e[r]] : tensor<?xf32>) plan(%plan : tensor<?x2xi32> by 64) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %y : tensor<?xf32>
}
// CHECK-LABEL: func.func @sum_planned(
// CHECK-SAME:  %plan: memref<?x2xi32> {{{.*}}anamc.plan = {chunk = 64 : index
// CHECK-SAME:  attributes {anamc.entry = "sum_planned", {{.*}}anamc.planned = "sum"
// CHECK:       plan(%plan : memref<?x2xi32> by 64)
// CHECK-NOT:   workspace_size
