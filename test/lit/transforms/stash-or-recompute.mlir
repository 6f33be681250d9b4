// RUN: anamc-opt %s -p 'stash-or-recompute{keep=none}' --split-input-file | filecheck %s
// RUN: anamc-opt %s -p 'stash-or-recompute{keep=16}' --split-input-file | filecheck %s --check-prefix=HALF
// RUN: anamc-opt %s -p 'stash-or-recompute{keep=auto}' --split-input-file | filecheck %s --check-prefix=AUTO
// RUN: anamc-opt %s -p stash-or-recompute --split-input-file | filecheck %s --check-prefix=ALL

// Between the two stands a sum over all rows: the second kernel computes again what it read, also what it needs of it.
// CHECK-LABEL: func.func @across_a_sum
// CHECK:         kernel.rows r = %n read(%x[r] : tensor<?x4xf32>) add(%s0 : tensor<4xf32>) {
// CHECK:           math.exp
// CHECK-NOT:       math.tanh
// CHECK:           kernel.yield
// CHECK:         kernel.rows r = %n read(%{{.*}} : tensor<?x4xf32>, %{{.*}} : tensor<4xf32>) write(%e[r] : tensor<?x4xf32>) {
// CHECK-DAG:       math.exp
// CHECK-DAG:       math.tanh
// CHECK:           arith.mulf

// The cheapest goes first, until the rest fits.
// HALF-LABEL: func.func @across_a_sum
// HALF:         kernel.rows r = %n read(%x[r] : tensor<?x4xf32>) write(%e[r] : tensor<?x4xf32>) add(%s0 : tensor<4xf32>)
// HALF:         kernel.rows r = %n read(%{{.*}} : tensor<?x4xf32>, %{{.*}} : tensor<?x4xf32>, %{{.*}} : tensor<4xf32>)

// ALL-LABEL: func.func @across_a_sum
// ALL:         kernel.rows r = %n read(%x[r] : tensor<?x4xf32>) write(%e[r] : tensor<?x4xf32>, %e[r] : tensor<?x4xf32>) add(%s0 : tensor<4xf32>)
func.func @across_a_sum(%n: index, %x: tensor<?x4xf32>, %e: tensor<?x4xf32>, %s0: tensor<4xf32>) -> tensor<?x4xf32> {
  %h, %t, %s = kernel.rows r = %n read(%x[r] : tensor<?x4xf32>) write(%e[r] : tensor<?x4xf32>, %e[r] : tensor<?x4xf32>) add(%s0 : tensor<4xf32>) {
  ^bb0(%r: index, %v: tensor<4xf32>):
    %h_ = math.exp %v : tensor<4xf32>
    %t_ = math.tanh %h_ : tensor<4xf32>
    kernel.yield %h_, %t_, %h_ : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
  }
  %b = kernel.rows r = %n read(%h[r] : tensor<?x4xf32>, %t[r] : tensor<?x4xf32>, %s : tensor<4xf32>) write(%e[r] : tensor<?x4xf32>) {
  ^bb0(%r: index, %h_: tensor<4xf32>, %t_: tensor<4xf32>, %sum: tensor<4xf32>):
    %a = arith.mulf %h_, %t_ : tensor<4xf32>
    %b_ = arith.mulf %a, %sum : tensor<4xf32>
    kernel.yield %b_ : tensor<4xf32>
  }
  func.return %b : tensor<?x4xf32>
}

// -----

// What is read through a table, over other rows, or is a result of the function stays.
// CHECK-LABEL: func.func @kept
// CHECK:         kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>) {
// CHECK:         kernel.rows r = %m
func.func @kept(%n: index, %m: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %f: tensor<?xf32>, %p: tensor<?xi32>) -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) {
  %h, %g, %o = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>, %e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    %h_ = math.exp %v : tensor<f32>
    %g_ = math.sin %v : tensor<f32>
    %o_ = math.cos %v : tensor<f32>
    kernel.yield %h_, %g_, %o_ : tensor<f32>, tensor<f32>, tensor<f32>
  }
  %b = kernel.rows r = %m read(%h[%p[r]] : tensor<?xf32>, %g[r] : tensor<?xf32>) write(%f[r] : tensor<?xf32>) {
  ^bb0(%r: index, %h_: tensor<f32>, %g_: tensor<f32>):
    %b_ = arith.mulf %h_, %g_ : tensor<f32>
    kernel.yield %b_ : tensor<f32>
  }
  %c = kernel.rows r = %n read(%o[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) {
  ^bb0(%r: index, %o_: tensor<f32>):
    kernel.yield %o_ : tensor<f32>
  }
  func.return %b, %c, %o : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>
}

// -----

// By price: a sum is computed again, of a fourth of a product a byte; a layer of 64 products a byte is kept.
// AUTO-LABEL: func.func @prices
// AUTO:         kernel.rows r = %n read({{.*}}) write(%{{[a-z]+}}[r] : tensor<?x256xf32>) add(
// AUTO:         kernel.rows r = %n read(%x[r] : tensor<?x256xf32>, %h[r] : tensor<?x256xf32>, %s : tensor<256xf32>) write
// AUTO:           arith.addf
func.func @prices(%n: index, %x: tensor<?x256xf32>, %w: tensor<256x256xf32>, %e: tensor<?x256xf32>, %s0: tensor<256xf32>) -> tensor<?x256xf32> {
  %h, %t, %s = kernel.rows r = %n read(%x[r] : tensor<?x256xf32>, %w : tensor<256x256xf32>) write(%e[r] : tensor<?x256xf32>, %e[r] : tensor<?x256xf32>) add(%s0 : tensor<256xf32>) {
  ^bb0(%r: index, %v: tensor<256xf32>, %w_: tensor<256x256xf32>):
    %h_ = mlp.dense_transposed %v, %w_ : (tensor<256xf32>, tensor<256x256xf32>) -> tensor<256xf32>
    %t_ = arith.addf %v, %v : tensor<256xf32>
    kernel.yield %h_, %t_, %h_ : tensor<256xf32>, tensor<256xf32>, tensor<256xf32>
  }
  %b = kernel.rows r = %n read(%h[r] : tensor<?x256xf32>, %t[r] : tensor<?x256xf32>, %s : tensor<256xf32>) write(%e[r] : tensor<?x256xf32>) {
  ^bb0(%r: index, %h_: tensor<256xf32>, %t_: tensor<256xf32>, %sum: tensor<256xf32>):
    %a = arith.mulf %h_, %t_ : tensor<256xf32>
    %b_ = arith.mulf %a, %sum : tensor<256xf32>
    kernel.yield %b_ : tensor<256xf32>
  }
  func.return %b : tensor<?x256xf32>
}

// -----

// A row number that a nest in the body uses is no value that can be read later either.
// CHECK-LABEL: func.func @numbered
// CHECK:         write(%e[r] : tensor<?x4xf32>) add(%s0 : tensor<4xf32>) {
func.func @numbered(%n: index, %x: tensor<?x4xf32>, %e: tensor<?x4xf32>, %s0: tensor<4xf32>) -> tensor<?x4xf32> {
  %h, %s = kernel.rows r = %n read(%x[r] : tensor<?x4xf32>) write(%e[r] : tensor<?x4xf32>) add(%s0 : tensor<4xf32>) {
  ^bb0(%r: index, %v: tensor<4xf32>):
    %0 = tensor.empty() : tensor<4xf32>
    %h_ = nest.map (i = 4) read(%v[i] : tensor<4xf32>) set(%0[i] : tensor<4xf32>) {
    ^bb0(%i: index, %a: f32):
      %k = arith.index_cast %r : index to i32
      %f = arith.sitofp %k : i32 to f32
      %b = arith.addf %a, %f : f32
      nest.yield %b : f32
    }
    kernel.yield %h_, %h_ : tensor<4xf32>, tensor<4xf32>
  }
  %b = kernel.rows r = %n read(%h[r] : tensor<?x4xf32>, %s : tensor<4xf32>) write(%e[r] : tensor<?x4xf32>) {
  ^bb0(%r: index, %h_: tensor<4xf32>, %sum: tensor<4xf32>):
    %b_ = arith.mulf %h_, %sum : tensor<4xf32>
    kernel.yield %b_ : tensor<4xf32>
  }
  func.return %b : tensor<?x4xf32>
}

// -----

// Nor do kernels that somebody scheduled compute again what others keep for them.
// CHECK-LABEL: func.func @scheduled
// CHECK:         write(%e[r] : tensor<?xf32>) add(%s0 : tensor<f32>) {
// CHECK:         attributes {schedule = #kernel.schedule<lanes = none>} {
func.func @scheduled(%n: index, %x: tensor<?xf32>, %e: tensor<?xf32>, %s0: tensor<f32>) -> tensor<?xf32> {
  %a, %s = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%e[r] : tensor<?xf32>) add(%s0 : tensor<f32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v, %v : tensor<f32>, tensor<f32>
  }
  %c = kernel.rows r = %n read(%a[r] : tensor<?xf32>, %s : tensor<f32>) write(%e[r] : tensor<?xf32>) attributes {schedule = #kernel.schedule<lanes = none>} {
  ^bb0(%r: index, %a_: tensor<f32>, %s_: tensor<f32>):
    %c_ = arith.mulf %a_, %s_ : tensor<f32>
    kernel.yield %c_ : tensor<f32>
  }
  func.return %c : tensor<?xf32>
}
