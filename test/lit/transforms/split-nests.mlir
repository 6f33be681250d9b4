// RUN: anamc-opt %s -p split-nests --split-input-file | filecheck %s

// The adjoint of a matrix product: rows over i serve the first result and, in sums, the second.
// CHECK-LABEL: func.func @together
// CHECK-COUNT-1: nest.map
// CHECK-NOT:     nest.map
func.func @together(%g: tensor<8x4xf64>, %a: tensor<8x3xf64>, %b: tensor<3x4xf64>, %a0: tensor<8x3xf64>, %b0: tensor<3x4xf64>) -> (tensor<8x3xf64>, tensor<3x4xf64>) {
  %0, %1 = nest.map (i = 8, k = 3, j = 4) read(%g[i, j] : tensor<8x4xf64>, %a[i, k] : tensor<8x3xf64>, %b[k, j] : tensor<3x4xf64>) add(%a0[i, k] : tensor<8x3xf64>, %b0[k, j] : tensor<3x4xf64>) {
  ^bb0(%i: index, %k: index, %j: index, %gv: f64, %av: f64, %bv: f64):
    %p = arith.mulf %gv, %bv : f64
    %q = arith.mulf %gv, %av : f64
    nest.yield %p, %q : f64, f64
  }
  func.return %0, %1 : tensor<8x3xf64>, tensor<3x4xf64>
}

// -----

// The adjoint of a convolution: shifted rows apart from sums; each nest computes what it needs.
// CHECK-LABEL: func.func @apart
// CHECK:         %[[W:.*]] = nest.map (p = 8, d = 3) read(%g[p] : tensor<8xf64>, %x[p + d] : tensor<10xf64>) add(%w0[d] : tensor<3xf64>) {
// CHECK:           arith.mulf
// CHECK-NOT:       arith.mulf
// CHECK:         %[[X:.*]] = nest.map (p = 8, d = 3) read(%g[p] : tensor<8xf64>, %w[d] : tensor<3xf64>) add(%x0[p + d] : tensor<10xf64>) {
// CHECK:         func.return %[[X]], %[[W]]
func.func @apart(%g: tensor<8xf64>, %x: tensor<10xf64>, %w: tensor<3xf64>, %x0: tensor<10xf64>, %w0: tensor<3xf64>) -> (tensor<10xf64>, tensor<3xf64>) {
  %0, %1 = nest.map (p = 8, d = 3) read(%g[p] : tensor<8xf64>, %x[p + d] : tensor<10xf64>, %w[d] : tensor<3xf64>) add(%x0[p + d] : tensor<10xf64>, %w0[d] : tensor<3xf64>) {
  ^bb0(%p: index, %d: index, %gv: f64, %xv: f64, %wv: f64):
    %a = arith.mulf %gv, %wv : f64
    %b = arith.mulf %gv, %xv : f64
    nest.yield %a, %b : f64, f64
  }
  func.return %0, %1 : tensor<10xf64>, tensor<3xf64>
}

// -----

// Sums through a table apart from sums over all rows; rows of their own stay with the latter. Winners stay with theirs.
// CHECK-LABEL: func.func @tables
// CHECK:         nest.map (e = %n, j = 2) read(%x[e, j] : tensor<?x2xf64>) set(%y0[e, j] : tensor<?x2xf64>) add(%s0[j] : tensor<2xf64>) {
// CHECK:         nest.map (e = %n, j = 2) read(%x[e, j] : tensor<?x2xf64>) add(%z0[%t[e], j] : tensor<?x2xf64>) {
// CHECK:         nest.map (e = %n, j = 2) read(%x[e, j] : tensor<?x2xf64>) max(%m0 : tensor<f64> arg) {
func.func @tables(%n: index, %x: tensor<?x2xf64>, %t: tensor<?xi32>, %y0: tensor<?x2xf64>, %z0: tensor<?x2xf64>, %s0: tensor<2xf64>, %m0: tensor<f64>) -> (tensor<?x2xf64>, tensor<?x2xf64>, tensor<2xf64>, tensor<i64>) {
  %y, %z, %s, %m, %arg = nest.map (e = %n, j = 2) read(%x[e, j] : tensor<?x2xf64>) set(%y0[e, j] : tensor<?x2xf64>) add(%z0[%t[e], j] : tensor<?x2xf64>, %s0[j] : tensor<2xf64>) max(%m0 : tensor<f64> arg) {
  ^bb0(%e: index, %j: index, %v: f64):
    nest.yield %v, %v, %v, %v : f64, f64, f64, f64
  }
  func.return %y, %z, %s, %arg : tensor<?x2xf64>, tensor<?x2xf64>, tensor<2xf64>, tensor<i64>
}
