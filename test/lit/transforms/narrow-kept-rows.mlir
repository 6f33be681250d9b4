// RUN: anamc-opt %s -p narrow-kept-rows --split-input-file | filecheck %s

// Between the two stands a sum over all rows. Of two rows the second kernel needs their sum alone, of which the weights
// are known before: one row is kept instead of two. What the other sum is needed for stays.
// CHECK-LABEL: func.func @two_for_one
// CHECK:         %[[E:.*]] = tensor.empty(%n) : tensor<?x4xf32>
// CHECK:         %s, %u = kernel.rows r = %n read(%x[r] : tensor<?x4xf32>, %w : tensor<4x4xf32>) add(%s0 : tensor<4xf32>) write(%[[E]][r] : tensor<?x4xf32>) {
// CHECK-DAG:       math.exp
// CHECK-DAG:       math.sin
// CHECK:           mlp.dense_transposed
// CHECK:           arith.addf
// CHECK:           kernel.yield
// CHECK:         kernel.rows r = %n read(%u[r] : tensor<?x4xf32>, %s : tensor<4xf32>) write(%e[r] : tensor<?x4xf32>) {
// CHECK-NEXT:    ^
// CHECK-NEXT:      arith.mulf
// CHECK-NEXT:      kernel.yield
func.func @two_for_one(%n: index, %x: tensor<?x4xf32>, %w: tensor<4x4xf32>, %e: tensor<?x4xf32>, %s0: tensor<4xf32>) -> tensor<?x4xf32> {
  %a, %b, %s = kernel.rows r = %n read(%x[r] : tensor<?x4xf32>) write(%e[r] : tensor<?x4xf32>, %e[r] : tensor<?x4xf32>) add(%s0 : tensor<4xf32>) {
  ^bb0(%r: index, %v: tensor<4xf32>):
    %a_ = math.exp %v : tensor<4xf32>
    %b_ = math.sin %v : tensor<4xf32>
    kernel.yield %a_, %b_, %a_ : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
  }
  %c = kernel.rows r = %n read(%a[r] : tensor<?x4xf32>, %b[r] : tensor<?x4xf32>, %w : tensor<4x4xf32>, %s : tensor<4xf32>) write(%e[r] : tensor<?x4xf32>) {
  ^bb0(%r: index, %a_: tensor<4xf32>, %b_: tensor<4xf32>, %w_: tensor<4x4xf32>, %s_: tensor<4xf32>):
    %t = mlp.dense_transposed %b_, %w_ : (tensor<4xf32>, tensor<4x4xf32>) -> tensor<4xf32>
    %u = arith.addf %a_, %t : tensor<4xf32>
    %c_ = arith.mulf %u, %s_ : tensor<4xf32>
    kernel.yield %c_ : tensor<4xf32>
  }
  func.return %c : tensor<?x4xf32>
}

// -----

// A narrower row of a wider one, over a constant number of rows.
// CHECK-LABEL: func.func @narrower
// CHECK:         kernel.rows r = 9 read(%x[r] : tensor<9x2xf32>, %w : tensor<8x2xf32>, %v : tensor<2x8xf32>) write(%{{.*}}[r] : tensor<9x2xf32>) {
// CHECK:           mlp.dense_transposed
// CHECK:           mlp.dense_transposed
// CHECK:         kernel.rows r = 9 read(%{{.*}}[r] : tensor<9x2xf32>, %{{.*}}[%p[r]] : tensor<9x2xf32>)
func.func @narrower(%x: tensor<9x2xf32>, %w: tensor<8x2xf32>, %v: tensor<2x8xf32>, %e: tensor<9x8xf32>, %f: tensor<9x2xf32>, %p: tensor<9xi32>) -> tensor<9x2xf32> {
  %a = kernel.rows r = 9 read(%x[r] : tensor<9x2xf32>, %w : tensor<8x2xf32>) write(%e[r] : tensor<9x8xf32>) {
  ^bb0(%r: index, %x_: tensor<2xf32>, %w_: tensor<8x2xf32>):
    %a_ = mlp.dense_transposed %x_, %w_ : (tensor<2xf32>, tensor<8x2xf32>) -> tensor<8xf32>
    kernel.yield %a_ : tensor<8xf32>
  }
  %b = kernel.rows r = 9 read(%a[r] : tensor<9x8xf32>, %v : tensor<2x8xf32>, %f[%p[r]] : tensor<9x2xf32>) write(%f[r] : tensor<9x2xf32>) {
  ^bb0(%r: index, %a_: tensor<8xf32>, %v_: tensor<2x8xf32>, %f_: tensor<2xf32>):
    %b_ = mlp.dense_transposed %a_, %v_ : (tensor<8xf32>, tensor<2x8xf32>) -> tensor<2xf32>
    %c = arith.addf %b_, %f_ : tensor<2xf32>
    kernel.yield %c : tensor<2xf32>
  }
  func.return %b : tensor<9x2xf32>
}

// -----

// Kept as they are: rows that somebody else reads too, or that are needed for something else; what needs a
// tensor that is only known behind the first kernel, the row number, or rows of a third kernel.
// CHECK-LABEL: func.func @kept
// CHECK-COUNT-2: write(%e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>) {
// CHECK-LABEL: func.func @later
// CHECK:         write(%e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>) add(%s : tensor<f32>) {
// CHECK-LABEL: func.func @numbered
// CHECK:         write(%e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>) {
func.func @kept(%n: index, %x: tensor<?xf32>, %e: tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) {
  %a, %b = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %b_ = math.sin %v : tensor<f32>
    kernel.yield %v, %b_ : tensor<f32>, tensor<f32>
  }
  %c, %d = kernel.rows r = %n read(%a[r] : tensor<?xf32>, %b[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %a_: tensor<f32>, %b_: tensor<f32>):
    %c_ = arith.addf %a_, %b_ : tensor<f32>
    %d_ = arith.mulf %c_, %b_ : tensor<f32>
    kernel.yield %c_, %d_ : tensor<f32>, tensor<f32>
  }
  func.return %a, %c, %d : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>
}
func.func @later(%n: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %s: tensor<f32>) -> tensor<?xf32> {
  %a, %b, %t = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>) add(%s : tensor<f32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %b_ = math.sin %v : tensor<f32>
    kernel.yield %v, %b_, %v : tensor<f32>, tensor<f32>, tensor<f32>
  }
  %c = kernel.rows r = %n read(%a[r] : tensor<?xf32>, %b[r] : tensor<?xf32>, %t : tensor<f32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %a_: tensor<f32>, %b_: tensor<f32>, %t_: tensor<f32>):
    %c_ = arith.addf %a_, %t_ : tensor<f32>
    %d_ = arith.mulf %c_, %b_ : tensor<f32>
    kernel.yield %d_ : tensor<f32>
  }
  func.return %c : tensor<?xf32>
}
func.func @numbered(%n: index, %x: tensor<?xf32>, %e: tensor<?xf32>) -> tensor<?xf32> {
  %a, %b = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %b_ = math.sin %v : tensor<f32>
    kernel.yield %v, %b_ : tensor<f32>, tensor<f32>
  }
  %c = kernel.rows r = %n read(%a[r] : tensor<?xf32>, %b[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %a_: tensor<f32>, %b_: tensor<f32>):
    %i = arith.index_cast %r : index to i32
    %f = arith.sitofp %i : i32 to f32
    %s = tensor.splat %f : tensor<f32>
    %c_ = arith.addf %a_, %s : tensor<f32>
    %d_ = arith.mulf %c_, %b_ : tensor<f32>
    kernel.yield %d_ : tensor<f32>
  }
  func.return %c : tensor<?xf32>
}

// -----

// Kept as they are: rows that are results too; a part of the sum that is needed for itself; a row as wide as the one it is of.
// CHECK-LABEL: func.func @returned
// CHECK:         write(%e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>) add(%s0 : tensor<f32>) {
// CHECK-LABEL: func.func @shared
// CHECK:         write(%e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>) add(%s0 : tensor<f32>) {
// CHECK-LABEL: func.func @as_wide
// CHECK:         %a, %s = kernel.rows
// CHECK-NEXT:    ^
// CHECK-NEXT:      math.sin
// CHECK-NEXT:      kernel.yield
func.func @returned(%n: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %s0: tensor<f32>) -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) {
  %a, %b, %s = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>) add(%s0 : tensor<f32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %b_ = math.sin %v : tensor<f32>
    kernel.yield %v, %b_, %v : tensor<f32>, tensor<f32>, tensor<f32>
  }
  %c = kernel.rows r = %n read(%a[r] : tensor<?xf32>, %b[r] : tensor<?xf32>, %s : tensor<f32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %a_: tensor<f32>, %b_: tensor<f32>, %s_: tensor<f32>):
    %t = arith.addf %a_, %b_ : tensor<f32>
    %c_ = arith.mulf %t, %s_ : tensor<f32>
    kernel.yield %c_ : tensor<f32>
  }
  func.return %a, %b, %c : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>
}
func.func @shared(%n: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %s0: tensor<f32>) -> tensor<?xf32> {
  %a, %b, %s = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>) add(%s0 : tensor<f32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %b_ = math.sin %v : tensor<f32>
    kernel.yield %v, %b_, %v : tensor<f32>, tensor<f32>, tensor<f32>
  }
  %c = kernel.rows r = %n read(%a[r] : tensor<?xf32>, %b[r] : tensor<?xf32>, %s : tensor<f32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %a_: tensor<f32>, %b_: tensor<f32>, %s_: tensor<f32>):
    %u = math.exp %b_ : tensor<f32>
    %t = arith.addf %a_, %u : tensor<f32>
    %v = arith.mulf %u, %s_ : tensor<f32>
    %c_ = arith.mulf %t, %v : tensor<f32>
    kernel.yield %c_ : tensor<f32>
  }
  func.return %c : tensor<?xf32>
}
func.func @as_wide(%n: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %s0: tensor<f32>) -> tensor<?xf32> {
  %a, %s = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) add(%s0 : tensor<f32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %a_ = math.sin %v : tensor<f32>
    kernel.yield %a_, %a_ : tensor<f32>, tensor<f32>
  }
  %c = kernel.rows r = %n read(%a[r] : tensor<?xf32>, %s : tensor<f32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %a_: tensor<f32>, %s_: tensor<f32>):
    %u = math.exp %a_ : tensor<f32>
    %c_ = arith.mulf %u, %s_ : tensor<f32>
    kernel.yield %c_ : tensor<f32>
  }
  func.return %c : tensor<?xf32>
}

// -----

// Kept as they are: sums of what rows add through a table or to themselves, although the later kernel reads them row by row.
// CHECK-LABEL: func.func @sums
// CHECK:         add(%e[%p[r]] : tensor<?xf32>, %e[r] : tensor<?xf32>) {
// CHECK-NEXT:    ^
// CHECK-NEXT:      math.sin
// CHECK-NEXT:      kernel.yield
func.func @sums(%n: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %p: tensor<?xi32>) -> tensor<?xf32> {
  %a, %b = kernel.rows r = %n read(%x[r] : tensor<?xf32>) add(%e[%p[r]] : tensor<?xf32>, %e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %b_ = math.sin %v : tensor<f32>
    kernel.yield %v, %b_ : tensor<f32>, tensor<f32>
  }
  %c = kernel.rows r = %n read(%a[r] : tensor<?xf32>, %b[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %a_: tensor<f32>, %b_: tensor<f32>):
    %c_ = arith.addf %a_, %b_ : tensor<f32>
    kernel.yield %c_ : tensor<f32>
  }
  func.return %c : tensor<?xf32>
}

// -----

// Nor does anything move out of a kernel that somebody scheduled, or into one.
// CHECK-LABEL: func.func @scheduled
// CHECK:         kernel.rows r = %n read(%x[r] : tensor<?xf32>, %y[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>) add(%s0 : tensor<f32>)
// CHECK:         attributes {schedule = #kernel.schedule<lanes = none>} {
// CHECK-NEXT:    ^
// CHECK-NEXT:      arith.addf
func.func @scheduled(%n: index, %x: tensor<?xf32>, %y: tensor<?xf32>, %e: tensor<?xf32>, %s0: tensor<f32>) -> tensor<?xf32> {
  %a, %b, %s = kernel.rows r = %n read(%x[r] : tensor<?xf32>, %y[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>) add(%s0 : tensor<f32>) {
  ^bb0(%r: index, %v: tensor<f32>, %w: tensor<f32>):
    %a_ = math.sin %v : tensor<f32>
    %b_ = math.sin %w : tensor<f32>
    kernel.yield %a_, %b_, %a_ : tensor<f32>, tensor<f32>, tensor<f32>
  }
  %c = kernel.rows r = %n read(%a[r] : tensor<?xf32>, %b[r] : tensor<?xf32>, %s : tensor<f32>) write(%e[r] : tensor<?xf32>) attributes {schedule = #kernel.schedule<lanes = none>} {
  ^bb0(%r: index, %a_: tensor<f32>, %b_: tensor<f32>, %s_: tensor<f32>):
    %t = arith.addf %a_, %b_ : tensor<f32>
    %c_ = arith.mulf %t, %s_ : tensor<f32>
    kernel.yield %c_ : tensor<f32>
  }
  func.return %c : tensor<?xf32>
}
