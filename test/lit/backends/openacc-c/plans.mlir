// RUN: anamc-opt %s -t openacc-c | filecheck %s

// An entry by a plan is hidden from OpenACC; the public one checks the plan, and hands over its tables.
func.func @sum_eval(%n: i32 {anamc.name = "n"}, %m: i32 {anamc.name = "m"}, %e: memref<?xi32> {anamc.name = "plan", anamc.dims = ["m", 2 : index], anamc.access = "read"}, %y: memref<?xf32> {anamc.name = "y", anamc.dims = ["n"], anamc.access = "write"}, %workspace: memref<?xi8> {anamc.name = "workspace", anamc.access = "workspace"}) -> i32 attributes {anamc.entry = "sum"} {
  %ok = arith.constant 0 : i32
  func.return %ok : i32
}
func.func @sum_workspace_size(%n: i32 {anamc.name = "n"}, %m: i32 {anamc.name = "m"}) -> i64 attributes {anamc.workspace_of = "sum"} {
  %none = arith.constant 0 : i64
  func.return %none : i64
}
func.func @sum_planned(%n: i32 {anamc.name = "n"}, %m: i32 {anamc.name = "m"}, %e: memref<?xi32> {anamc.name = "plan", anamc.dims = ["m", 2 : index], anamc.access = "read"}, %p: memref<?xi32> {anamc.name = "m_plan", anamc.dims = ["m ceildiv 64 + 1", 2 : index], anamc.access = "read", anamc.plan = {chunk = 64 : index, columns = [["plan", 0 : index, "n"], ["plan", 1 : index, "n"]]}}, %q: memref<?xi32> {anamc.name = "m_plan_2", anamc.dims = ["m ceildiv 128 + 1", 2 : index], anamc.access = "read", anamc.plan = {chunk = 128 : index, columns = [["plan", 1 : index, "9"]]}}, %y: memref<?xf32> {anamc.name = "y", anamc.dims = ["n"], anamc.access = "write"}, %workspace: memref<?xi8> {anamc.name = "workspace", anamc.access = "workspace"}) -> i32 attributes {anamc.entry = "sum_planned", anamc.planned = "sum", anamc.host_only} {
  %ok = arith.constant 0 : i32
  func.return %ok : i32
}

// CHECK:      /* Numbers of int that a plan for sum_planned has. */
// CHECK-NEXT: int64_t sum_plan_size(int n, int m);
// CHECK:      int64_t sum_plan_workspace_size(int n, int m);
// CHECK:      /*
// CHECK-NEXT:  * Makes the plan of a mesh, once
// CHECK-NEXT:  * Gives 0; 1 if a size is negative; -2 if a number of a table is none of a row.
// CHECK:       *   plan    m x 2                in
// CHECK-NEXT:  *   plan_2  sum_plan_size(n, m)  out
// CHECK:      int sum_make_plan(int n, int m, const int *plan, int *plan_2, void *workspace);
// CHECK:      Gives what sum_eval gives; -1 if the plan was made for other sizes or another plan,
// CHECK:      int sum_planned(int n, int m, const int *plan, float *y, void *workspace, const int *plan_2);
// CHECK:      Bytes of workspace that sum_eval and sum_planned need; 0 where they need none.
// CHECK:      #ifndef _OPENACC
// CHECK-NEXT: static int sum_chunks(int n, int m, const int *restrict plan, const int *restrict m_plan,
// CHECK:      #endif
// CHECK:      static int anamc_plan_colours(
// CHECK:      int64_t sum_plan_size(int n, int m)
// CHECK:        return 6 + anamc_plan_length(m, 64) + anamc_plan_length(m, 128);
// CHECK:      int64_t sum_plan_workspace_size(int n, int m)
// CHECK:        return 8 * ((int64_t)n + (int64_t)9) + 2 * anamc_plan_length(m, 64) + 2 * anamc_plan_length(m, 128);
// CHECK:      static uint64_t sum_plan_hash(int n, int m, const int *plan)
// CHECK:        hash = anamc_plan_mix(hash, anamc_plan_hash(plan, (int64_t)m * 2));
// CHECK:      int sum_make_plan(int n, int m, const int *plan, int *plan_2, void *workspace)
// CHECK:          {plan, 0, 2, n, 0},
// CHECK-NEXT:     {plan, 1, 2, n, 0},
// CHECK:        start += anamc_plan_length(m, 64);
// CHECK:          {plan, 1, 2, 9, (int64_t)n},
// CHECK:        plan_2[4] = n;
// CHECK-NEXT:   plan_2[5] = m;
// CHECK-NEXT:   plan_2[0] = 1634627633;
// CHECK-NEXT:   return 0;
// CHECK:      int sum_planned(
// CHECK:        if (!sum_plan_fits(n, m, plan, plan_2)) {
// CHECK-NEXT:     return -1;
// CHECK:      #ifdef _OPENACC
// CHECK-NEXT:   return sum_eval(n, m, plan, y, workspace);
// CHECK-NEXT: #else
// CHECK-NEXT:   return sum_chunks(n, m, plan, plan_2 + 6, plan_2 + 6 + anamc_plan_length(m, 64), y, workspace);
// CHECK-NEXT: #endif
