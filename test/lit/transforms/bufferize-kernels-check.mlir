// RUN: anamc-opt %s --pipeline to-loops | filecheck %s
// RUN: anamc-opt %s --pipeline to-c | filecheck %s --check-prefix=ACC
// RUN: anamc-opt %s --pipeline to-c -t openacc-c | filecheck %s --check-prefix=C

// A function that computes an index has a status of its own for it: at once where the dimension is empty, else behind
// the kernels, from what the check has left at the start of the workspace.
// CHECK:      func.func @f_eval(
// CHECK-SAME: attributes {anamc.entry = "f", anamc.checks = ["{{.*}}dimension 0 of 'x'"]} {
// CHECK:        arith.cmpi sle, %n_1, %{{.*}} : index
// CHECK:        arith.cmpi sgt, %m_1, %{{.*}} : index
// CHECK:        arith.constant 2 : i32
// CHECK:        %low = memref.view %workspace[%{{.*}}][] : memref<?xi8> to memref<i64>
// CHECK:        func.call @f_kernel
// CHECK:        memref.load %low[] : memref<i64>
// CHECK-NEXT:   memref.load %high[] : memref<i64>
// CHECK:        arith.cmpi slt
// CHECK:        arith.cmpi sge
// CHECK:        arith.constant 2 : i32
// CHECK:        arith.select

// On a device, what the check has left comes back before it is read.
// ACC:      acc.getdeviceptr varPtr(%workspace_1 : memref<?xi8>) bounds(%{{.*}}) -> memref<?xi8> {dataClause = #acc<data_clause acc_update_host>}
// ACC-NEXT: acc.update dataOperands
// ACC-NEXT: acc.update_host accPtr({{.*}}) bounds({{.*}}) to varPtr(%workspace : memref<?xi8>)

// C: * Gives 2 if a computed index is out of range: {{.*}}dimension 0 of 'x'.
// C: const int k = (anamc_index)n <= 0 && (anamc_index)m > 0 ? 2 : 0;
// C: ANAMC_ACC(update self(bytes[0:256]))
// C: = low[0] < 0 || high[0] >= (int64_t)(anamc_index)n ? 2 : 0;
func.func @f(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %x: tensor<?xf32> {anamc.name = "x", anamc.dims = ["n"]}, %s: tensor<?xf32> {anamc.name = "s", anamc.dims = ["m"]}) -> (tensor<?xf32> {anamc.name = "y", anamc.dims = ["m"]}) {
  %c = arith.constant 0.0 : f32
  %e = tensor.empty(%m) : tensor<?xi32>
  %at = nest.map (i = %m) read(%s[i] : tensor<?xf32>) set(%e[i] : tensor<?xi32>) {
  ^bb0(%i: index, %v: f32):
    %w = arith.fptosi %v : f32 to i32
    nest.yield %w : i32
  }
  %y0 = tensor.splat %c[%m] : tensor<?xf32>
  %y = nest.map (i = %m) read(%x[%at[i]] : tensor<?xf32>) add(%y0[i] : tensor<?xf32>) {
  ^bb0(%i: index, %v: f32):
    nest.yield %v : f32
  }
  func.return %y : tensor<?xf32>
}
