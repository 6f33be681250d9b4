// RUN: anamc-opt %s -p fuse-kernels --split-input-file | filecheck %s

// Rows that only the next kernel reads are handed over inside.
// CHECK-LABEL: func.func @chain
// CHECK:         %b = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) attributes {anamc.blocks = [1 : i64, 2 : i64]} {
// CHECK-NEXT:    ^bb0(%r: index, %[[X:.*]]: tensor<f32>):
// CHECK-NEXT:      %[[S:.*]] = mlp.silu %[[X]] : tensor<f32>
// CHECK-NEXT:      %[[T:.*]] = math.tanh %[[S]] : tensor<f32>
// CHECK-NEXT:      kernel.yield %[[T]] : tensor<f32>
// CHECK-NOT:     kernel.rows
func.func @chain(%n: index, %x: tensor<?xf32>, %e: tensor<?xf32>) -> tensor<?xf32> {
  %a = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) attributes {anamc.blocks = [1 : i64]} {
  ^bb0(%r: index, %v: tensor<f32>):
    %s = mlp.silu %v : tensor<f32>
    kernel.yield %s : tensor<f32>
  }
  %b = kernel.rows r = %n read(%a[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) attributes {anamc.blocks = [2 : i64, 1 : i64]} {
  ^bb0(%r: index, %v: tensor<f32>):
    %s = math.tanh %v : tensor<f32>
    kernel.yield %s : tensor<f32>
  }
  func.return %b : tensor<?xf32>
}

// -----

// A result that is read later as well stays a result; equal reads and tables are kept once.
// CHECK-LABEL: func.func @several_users
// CHECK:         %a, %b = kernel.rows r = %n read(%x[%t[r]] : tensor<?xf32>) write(%e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>) {
// CHECK-NEXT:    ^bb0(%r: index, %[[X:.*]]: tensor<f32>):
// CHECK-NEXT:      %[[S:.*]] = mlp.silu %[[X]]
// CHECK-NEXT:      %[[T:.*]] = arith.mulf %[[S]], %[[X]]
// CHECK-NEXT:      %[[U:.*]] = arith.addf %[[T]], %[[S]]
// CHECK-NEXT:      kernel.yield %[[S]], %[[U]]
// CHECK:         func.return %a, %b
func.func @several_users(%n: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %t: tensor<?xi32>) -> (tensor<?xf32>, tensor<?xf32>) {
  %a = kernel.rows r = %n read(%x[%t[r]] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %s = mlp.silu %v : tensor<f32>
    kernel.yield %s : tensor<f32>
  }
  %b = kernel.rows r = %n read(%a[r] : tensor<?xf32>, %x[%t[r]] : tensor<?xf32>, %a[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %u: tensor<f32>, %v: tensor<f32>, %w: tensor<f32>):
    %s = arith.mulf %u, %v : tensor<f32>
    %q = arith.addf %s, %w : tensor<f32>
    kernel.yield %q : tensor<f32>
  }
  func.return %a, %b : tensor<?xf32>, tensor<?xf32>
}

// -----

// Sizes in indices of both kernels.
// CHECK-LABEL: func.func @sizes
// CHECK:         kernel.rows r = 4 read(%x[r + %j] : tensor<?xf32>, %x[r + %k] : tensor<?xf32>)
func.func @sizes(%k: index, %j: index, %x: tensor<?xf32>, %e: tensor<4xf32>) -> tensor<4xf32> {
  %a = kernel.rows r = 4 read(%x[r + %j] : tensor<?xf32>) write(%e[r] : tensor<4xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %b = kernel.rows r = 4 read(%a[r] : tensor<4xf32>, %x[r + %k] : tensor<?xf32>) write(%e[r] : tensor<4xf32>) {
  ^bb0(%r: index, %v: tensor<f32>, %w: tensor<f32>):
    %s = arith.subf %v, %w : tensor<f32>
    kernel.yield %s : tensor<f32>
  }
  func.return %b : tensor<4xf32>
}

// -----

// CHECK-LABEL: func.func @no_fusion_as_rows_differ
// CHECK-COUNT-2: kernel.rows
func.func @no_fusion_as_rows_differ(%n: index, %m: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %t: tensor<?xi32>) -> tensor<?xf32> {
  %a = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %b = kernel.rows r = %m read(%a[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %b : tensor<?xf32>
}
// -----

// CHECK-LABEL: func.func @no_fusion_as_rows_are_read_through_a_table
// CHECK-COUNT-2: kernel.rows
func.func @no_fusion_as_rows_are_read_through_a_table(%n: index, %m: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %t: tensor<?xi32>) -> tensor<?xf32> {
  %a = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %b = kernel.rows r = %n read(%a[%t[r]] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %b : tensor<?xf32>
}
// -----

// CHECK-LABEL: func.func @no_fusion_as_rows_are_shifted
// CHECK-COUNT-2: kernel.rows
func.func @no_fusion_as_rows_are_shifted(%n: index, %m: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %t: tensor<?xi32>) -> tensor<?xf32> {
  %a = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %b = kernel.rows r = %n read(%a[r + 1] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %b : tensor<?xf32>
}
// -----

// CHECK-LABEL: func.func @no_fusion_as_tensor_is_read_whole
// CHECK-COUNT-2: kernel.rows
func.func @no_fusion_as_tensor_is_read_whole(%n: index, %m: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %t: tensor<?xi32>) -> tensor<?xf32> {
  %a = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %b = kernel.rows r = %n read(%x[r] : tensor<?xf32>, %a : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>, %w: tensor<?xf32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %b : tensor<?xf32>
}
// -----

// CHECK-LABEL: func.func @no_fusion_as_rows_are_accumulated
// CHECK-COUNT-2: kernel.rows
func.func @no_fusion_as_rows_are_accumulated(%n: index, %m: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %t: tensor<?xi32>) -> tensor<?xf32> {
  %a = kernel.rows r = %n read(%x[r] : tensor<?xf32>) add(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %b = kernel.rows r = %n read(%a[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %b : tensor<?xf32>
}
// -----

// CHECK-LABEL: func.func @no_fusion_as_rows_are_written_shifted
// CHECK-COUNT-2: kernel.rows
func.func @no_fusion_as_rows_are_written_shifted(%n: index, %m: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %t: tensor<?xi32>) -> tensor<?xf32> {
  %a = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r + 1] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %b = kernel.rows r = %n read(%a[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %b : tensor<?xf32>
}
// -----

// CHECK-LABEL: func.func @no_fusion_as_result_starts_from_the_other
// CHECK-COUNT-2: kernel.rows
func.func @no_fusion_as_result_starts_from_the_other(%n: index, %m: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %t: tensor<?xi32>) -> tensor<?xf32> {
  %a = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %b = kernel.rows r = %n read(%a[r] : tensor<?xf32>) write(%a[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %b : tensor<?xf32>
}
// -----

// CHECK-LABEL: func.func @no_fusion_as_a_user_stands_between
// CHECK-COUNT-2: kernel.rows
func.func @no_fusion_as_a_user_stands_between(%n: index, %m: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %t: tensor<?xi32>) -> tensor<?xf32> {
  %a = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %u = mlp.relu %a : tensor<?xf32>
  %b = kernel.rows r = %n read(%a[r] : tensor<?xf32>, %u[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>, %w: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %b : tensor<?xf32>
}
// -----

// Kernels that read the same rows are one, and read them once.
// CHECK-LABEL: func.func @siblings
// CHECK:         %a, %b = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(
// CHECK-NOT:     kernel.rows
func.func @siblings(%n: index, %x: tensor<?xf32>, %e: tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>) {
  %a = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %s = mlp.silu %v : tensor<f32>
    kernel.yield %s : tensor<f32>
  }
  %b = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %s = mlp.relu %v : tensor<f32>
    kernel.yield %s : tensor<f32>
  }
  func.return %a, %b : tensor<?xf32>, tensor<?xf32>
}

// -----

// CHECK-LABEL: func.func @no_fusion_as_nothing_is_shared
// CHECK-COUNT-2: kernel.rows
func.func @no_fusion_as_nothing_is_shared(%n: index, %x: tensor<?xf32>, %y: tensor<?xf32>, %e: tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>) {
  %a = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %b = kernel.rows r = %n read(%y[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %a, %b : tensor<?xf32>, tensor<?xf32>
}

// -----

// What uses the first kernel and is not needed by the second comes behind them.
// CHECK-LABEL: func.func @users_in_between_come_later
// CHECK:         %a, %b = kernel.rows r = %n read(%x[r] : tensor<?xf32>)
// CHECK:         %u = kernel.rows r = %m read(%a[%t[r]] : tensor<?xf32>)
// CHECK:         func.return %u, %b
func.func @users_in_between_come_later(%n: index, %m: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %t: tensor<?xi32>) -> (tensor<?xf32>, tensor<?xf32>) {
  %a = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %s = mlp.silu %v : tensor<f32>
    kernel.yield %s : tensor<f32>
  }
  %u = kernel.rows r = %m read(%a[%t[r]] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %b = kernel.rows r = %n read(%a[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %u, %b : tensor<?xf32>, tensor<?xf32>
}

// -----

// What only the later of two intervals needs is computed there: the scatter stands between them.
// CHECK-LABEL: func.func @late_values_are_computed_late
// CHECK:         %a, %s = kernel.rows r = %n
// CHECK-NOT:       math.exp
// CHECK:         kernel.yield
// CHECK:         kernel.rows r = %m
// CHECK:         kernel.rows r = %n
// CHECK:           math.exp
func.func @late_values_are_computed_late(%n: index, %m: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %t: tensor<?xi32>) -> tensor<?xf32> {
  %a = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %w = mlp.silu %v : tensor<f32>
    kernel.yield %w : tensor<f32>
  }
  %late = kernel.rows r = %n read(%a[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %w = math.exp %v : tensor<f32>
    kernel.yield %w : tensor<f32>
  }
  %s = kernel.rows r = %n read(%a[r] : tensor<?xf32>) add(%e[%t[r]] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %g = kernel.rows r = %m read(%s[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %b = kernel.rows r = %n read(%late[r] : tensor<?xf32>, %g[%t[r]] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>, %w: tensor<f32>):
    %p = arith.mulf %v, %w : tensor<f32>
    kernel.yield %p : tensor<f32>
  }
  func.return %b : tensor<?xf32>
}

// -----

// A sum through a table that another kernel goes on with becomes one; what lies between is computed inside.
// CHECK-LABEL: func.func @continued
// CHECK:         %[[Y:.*]] = kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%y[%e[r, 0] | %e[r, 1]] : tensor<?xf32>) {
// CHECK-NEXT:    ^bb0(%r: index, %[[X:.*]]: tensor<f32>):
// CHECK-NEXT:      %[[A:.*]] = arith.negf %[[X]]
// CHECK-NEXT:      kernel.yield %[[X]], %[[A]] : tensor<f32>, tensor<f32>
// CHECK:         func.return %[[Y]]
func.func @continued(%m: index, %x: tensor<?xf32>, %e: tensor<?x2xi32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  %0 = kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%y[%e[r, 0]] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %1 = kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%0[%e[r, 1]] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %a = arith.negf %v : tensor<f32>
    kernel.yield %a : tensor<f32>
  }
  func.return %1 : tensor<?xf32>
}

// -----

// Not where somebody else reads the first sum, and not a sum behind a maximum.
// CHECK-LABEL: func.func @no_fuse_as_the_sum_has_two_readers
// CHECK-COUNT-3: kernel.rows
func.func @no_fuse_as_the_sum_has_two_readers(%m: index, %x: tensor<?xf32>, %e: tensor<?x2xi32>, %y: tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>) {
  %0 = kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%y[%e[r, 0]] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %1 = kernel.rows r = %m read(%x[r] : tensor<?xf32>) max(%0[%e[r, 1]] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %2 = kernel.rows r = %m read(%x[r] : tensor<?xf32>) add(%1[%e[r, 1]] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %0, %2 : tensor<?xf32>, tensor<?xf32>
}

// -----

// Not what somebody scheduled: a schedule is of the kernel that it stands at.
// CHECK-LABEL: func.func @no_fuse_as_a_kernel_has_a_schedule
// CHECK:         kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) attributes {schedule = #kernel.schedule<lanes = none>} {
// CHECK:         kernel.rows
// CHECK:         kernel.rows r = %n {{.*}} attributes {schedule = #kernel.schedule<lanes = rows, vector = 8, block = 8, tile = [1, 1], chunk = 64>} {
func.func @no_fuse_as_a_kernel_has_a_schedule(%n: index, %x: tensor<?xf32>, %e: tensor<?xf32>) -> tensor<?xf32> {
  %a = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) attributes {schedule = #kernel.schedule<lanes = none>} {
  ^bb0(%r: index, %v: tensor<f32>):
    %y = math.sin %v : tensor<f32>
    kernel.yield %y : tensor<f32>
  }
  %b = kernel.rows r = %n read(%a[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %y = math.cos %v : tensor<f32>
    kernel.yield %y : tensor<f32>
  }
  %c = kernel.rows r = %n read(%b[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 8, block = 8, tile = [1, 1], chunk = 64>} {
  ^bb0(%r: index, %v: tensor<f32>):
    %y = math.sin %v : tensor<f32>
    kernel.yield %y : tensor<f32>
  }
  func.return %c : tensor<?xf32>
}

// -----

// Nor what has a plan already.
// CHECK-LABEL: func.func @no_fuse_as_a_kernel_has_a_plan
// CHECK:         kernel.rows
// CHECK:         plan(%plan : tensor<?x2xi32> by 256)
func.func @no_fuse_as_a_kernel_has_a_plan(%m: index, %x: tensor<?xf32>, %e: tensor<?xi32>, %y: tensor<?xf32>, %plan: tensor<?x2xi32>) -> tensor<?xf32> {
  %a = kernel.rows r = %m read(%x[r] : tensor<?xf32>) write(%y[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %b = kernel.rows r = %m read(%a[r] : tensor<?xf32>) add(%y[%e[r]] : tensor<?xf32>) plan(%plan : tensor<?x2xi32> by 256) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %b : tensor<?xf32>
}
