// RUN: anamc-opt %s | anamc-opt | filecheck %s
// RUN: anamc-opt %s --print-op-generic | anamc-opt | filecheck %s

// A sum over k.
// CHECK-LABEL: func.func @matmul
// CHECK:         %C = nest.map (i = %m, j = %n, k = %q) read(%A[i, k] : tensor<?x?xf32>, %B[k, j] : tensor<?x?xf32>) add(%C0[i, j] : tensor<?x?xf32>) {
// CHECK-NEXT:    ^bb0(%i: index, %j: index, %k: index, %a: f32, %b: f32):
// CHECK-NEXT:      %ab = arith.mulf %a, %b : f32
// CHECK-NEXT:      nest.yield %ab : f32
// CHECK-NEXT:    }
func.func @matmul(%m: index, %n: index, %q: index, %A: tensor<?x?xf32>, %B: tensor<?x?xf32>, %C0: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %C = nest.map (i = %m, j = %n, k = %q) read(%A[i, k] : tensor<?x?xf32>, %B[k, j] : tensor<?x?xf32>) add(%C0[i, j] : tensor<?x?xf32>) {
  ^bb0(%i: index, %j: index, %k: index, %a: f32, %b: f32):
    %ab = arith.mulf %a, %b : f32
    nest.yield %ab : f32
  }
  func.return %C : tensor<?x?xf32>
}

// Indices through a table, with a constant added.
// CHECK-LABEL: func.func @tables
// CHECK:         nest.map (e = %ne) read(%w[e] : tensor<?xf32>, %x[%src[e] + 1, 0] : tensor<?x2xf32>) add(%O0[%dst[e, 1]] : tensor<?xf32>) {
func.func @tables(%ne: index, %w: tensor<?xf32>, %x: tensor<?x2xf32>, %src: tensor<?xi32>, %dst: tensor<?x2xindex>, %O0: tensor<?xf32>) {
  %O = nest.map (e = %ne) read(%w[e] : tensor<?xf32>, %x[%src[e] + 1, 0] : tensor<?x2xf32>) add(%O0[%dst[e, 1]] : tensor<?xf32>) {
  ^bb0(%e: index, %we: f32, %xs: f32):
    %v = arith.mulf %we, %xs : f32
    nest.yield %v : f32
  }
  func.return
}

// Sums, products with constants, divisions, remainders and sizes in indices.
// CHECK-LABEL: func.func @indices
// CHECK:         nest.map (p = 14, a = 2) read(%X[p * 2 + a] : tensor<28xf32>, %Y[(p + %n) floordiv 2, (p + a) mod 3 + p ceildiv 4] : tensor<?x9xf32>) set(%X[p * -2 + a * -1 + 27] : tensor<28xf32>) {
func.func @indices(%n: index, %X: tensor<28xf32>, %Y: tensor<?x9xf32>) {
  %0 = nest.map (p = 14, a = 2) read(%X[2 * p + a] : tensor<28xf32>, %Y[(p + %n) floordiv 2, (p + a) mod 3 + p ceildiv 4] : tensor<?x9xf32>) set(%X[27 - (2 * p + a)] : tensor<28xf32>) {
  ^bb0(%p: index, %a: index, %x: f32, %y: f32):
    nest.yield %x : f32
  }
  func.return
}

// Several results; neighbours with one combiner share a clause.
// CHECK-LABEL: func.func @combiners
// CHECK:         %s, %t, %h, %l = nest.map (i = 4) read(%x[i] : tensor<4xf32>) add(%x0 : tensor<f32>, %x0 : tensor<f32>) max(%x0 : tensor<f32>) min(%x0 : tensor<f32>) {
// CHECK:           nest.yield %v, %v, %v, %v : f32, f32, f32, f32
func.func @combiners(%x: tensor<4xf32>, %x0: tensor<f32>) {
  %s, %t, %h, %l = nest.map (i = 4) read(%x[i] : tensor<4xf32>) add(%x0 : tensor<f32>) add(%x0 : tensor<f32>) max(%x0 : tensor<f32>) min(%x0 : tensor<f32>) {
  ^bb0(%i: index, %v: f32):
    nest.yield %v, %v, %v, %v : f32, f32, f32, f32
  }
  func.return
}

// No iterators, no reads, no results.
// CHECK-LABEL: func.func @little
// CHECK:         nest.map () read(%x : tensor<f32>) set(%x : tensor<f32>) {
// CHECK:         nest.map (i = 3) {
// CHECK:           nest.yield
// CHECK-NEXT:    }
func.func @little(%x: tensor<f32>) {
  %y = nest.map () read(%x : tensor<f32>) set(%x : tensor<f32>) {
  ^bb0(%v: f32):
    nest.yield %v : f32
  }
  nest.map (i = 3) {
  ^bb0(%i: index):
    nest.yield
  }
  func.return
}

// Attributes; iterators are called i0, i1, ... where the body has no names for them that an index can hold.
// CHECK-LABEL: func.func @names
// CHECK:         nest.map (i0 = 2, i1 = 3) set(%x[i0, i1] : tensor<2x3xf32>) attributes {note = "n"} {
// CHECK-NEXT:    ^bb0(%{{.*}}: index, %{{.*}}: index):
// CHECK:         nest.map (i0 = 2, i1 = 3) set(%x[i0, i1] : tensor<2x3xf32>) {
// CHECK-NEXT:    ^bb0(%a-b: index, %c_1: index):
func.func @names(%x: tensor<2x3xf32>, %c: f32) {
  %0 = nest.map (p = 2, q = 3) set(%x[p, q] : tensor<2x3xf32>) attributes {note = "n"} {
  ^bb0(%1: index, %2: index):
    nest.yield %c : f32
  }
  %3 = nest.map (p = 2, q = 3) set(%x[p, q] : tensor<2x3xf32>) {
  ^bb0(%a-b: index, %c_1: index):
    nest.yield %c : f32
  }
  func.return
}

// Winning iterations: one more result for each that asks, behind all others.
// CHECK-LABEL: func.func @winners
// CHECK:         %s, %h, %l, %hi, %lo = nest.map (i = %n, j = 3) read(%x[i, j] : tensor<?x3xf32>) add(%y[i] : tensor<?xf32>) max(%y[i] : tensor<?xf32> arg) min(%z : tensor<f32> arg) {
// CHECK:         func.return %hi, %lo : tensor<?xi64>, tensor<i64>
func.func @winners(%n: index, %x: tensor<?x3xf32>, %y: tensor<?xf32>, %z: tensor<f32>) -> (tensor<?xi64>, tensor<i64>) {
  %s, %h, %l, %hi, %lo = nest.map (i = %n, j = 3) read(%x[i, j] : tensor<?x3xf32>) add(%y[i] : tensor<?xf32>) max(%y[i] : tensor<?xf32> arg) min(%z : tensor<f32> arg) {
  ^bb0(%i: index, %j: index, %v: f32):
    nest.yield %v, %v, %v : f32, f32, f32
  }
  func.return %hi, %lo : tensor<?xi64>, tensor<i64>
}

// Guards: only points where all of them are >= 0; indices may leave the ranges elsewhere.
// CHECK-LABEL: func.func @guards
// CHECK:         nest.map (o = 9, p = %n) where(o + p * -1 >= 0, p + o * -1 + 2 >= 0, %n + -4 >= 0) read(%w[o + p * -1] : tensor<3xf32>) add(%y[o] : tensor<9xf32>) {
func.func @guards(%n: index, %w: tensor<3xf32>, %y: tensor<9xf32>) {
  %0 = nest.map (o = 9, p = %n) where(o - p >= 0, p - o + 2 >= 0, %n - 4 >= 0) read(%w[o - p] : tensor<3xf32>) add(%y[o] : tensor<9xf32>) {
  ^bb0(%o: index, %p: index, %v: f32):
    nest.yield %v : f32
  }
  func.return
}

// A table of rank 0.
// CHECK-LABEL: func.func @one_index
// CHECK:         nest.map (i = 4) read(%x[%t[], i] : tensor<?x4xf32>) set(%y0[i] : tensor<4xf32>) {
func.func @one_index(%x: tensor<?x4xf32>, %t: tensor<i64>, %y0: tensor<4xf32>) -> tensor<4xf32> {
  %y = nest.map (i = 4) read(%x[%t[], i] : tensor<?x4xf32>) set(%y0[i] : tensor<4xf32>) {
  ^bb0(%i: index, %v: f32):
    nest.yield %v : f32
  }
  func.return %y : tensor<4xf32>
}
