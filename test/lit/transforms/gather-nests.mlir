// RUN: anamc-opt %s -p gather-nests --split-input-file | filecheck %s

// A shift: the last iterator of the index follows from the element, so that additions keep their order.
// CHECK-LABEL: func.func @shift
// CHECK:         nest.map (o0 = 10, p = 8) where(o0 + p * -1 >= 0, o0 * -1 + p + 2 >= 0) read(%g[p] : tensor<8xf64>, %w[o0 + p * -1] : tensor<3xf64>) add(%x0[o0] : tensor<10xf64>) {
func.func @shift(%g: tensor<8xf64>, %w: tensor<3xf64>, %x0: tensor<10xf64>) -> tensor<10xf64> {
  %0 = nest.map (p = 8, d = 3) read(%g[p] : tensor<8xf64>, %w[d] : tensor<3xf64>) add(%x0[p + d] : tensor<10xf64>) {
  ^bb0(%p: index, %d: index, %gv: f64, %wv: f64):
    %a = arith.mulf %gv, %wv : f64
    nest.yield %a : f64
  }
  func.return %0 : tensor<10xf64>
}

// -----

// Two dimensions, run-time sizes, and an iterator that is a value in the body.
// CHECK-LABEL: func.func @image
// CHECK:         nest.map (o0 = %h, o1 = %l, p = %m, q = %n) where(o0 + p * -1 >= 0, o0 * -1 + p + 2 >= 0, o1 + q * -1 >= 0, o1 * -1 + q + 2 >= 0) read(%g[p, q] : tensor<?x?xf64>) add(%x0[o0, o1] : tensor<?x?xf64>) {
// CHECK:           arith.index_cast %{{.*}} : index to i64
func.func @image(%h: index {anamc.name = "h"}, %l: index {anamc.name = "l"}, %m: index {anamc.name = "m"}, %n: index {anamc.name = "n"}, %g: tensor<?x?xf64> {anamc.dims = ["m", "n"]}, %x0: tensor<?x?xf64> {anamc.dims = ["h", "l"]}) -> tensor<?x?xf64> {
  %0 = nest.map (p = %m, q = %n, a = 3, b = 3) read(%g[p, q] : tensor<?x?xf64>) add(%x0[p + a, q + b] : tensor<?x?xf64>) {
  ^bb0(%p: index, %q: index, %a: index, %b: index, %v: f64):
    %i = arith.index_cast %b : index to i64
    %f = arith.sitofp %i : i64 to f64
    %w = arith.mulf %v, %f : f64
    nest.yield %w : f64
  }
  func.return %0 : tensor<?x?xf64>
}

// -----

// Digits of a mixed radix: nothing is left to enumerate.
// CHECK-LABEL: func.func @digits
// CHECK:         nest.map (o0 = 12) read(%x[o0 floordiv 4, o0 mod 4] : tensor<3x4xf64>) set(%y0[o0] : tensor<12xf64>) {
func.func @digits(%x: tensor<3x4xf64>, %y0: tensor<12xf64>) -> tensor<12xf64> {
  %0 = nest.map (i = 3, j = 4) read(%x[i, j] : tensor<3x4xf64>) set(%y0[4 * i + j] : tensor<12xf64>) {
  ^bb0(%i: index, %j: index, %v: f64):
    nest.yield %v : f64
  }
  func.return %0 : tensor<12xf64>
}

// -----

// A stride that leaves out elements: only where it divides.
// CHECK-LABEL: func.func @stride
// CHECK:         nest.map (o0 = 10, i = 4) where((o0 + i * -2) mod 3 * -1 >= 0, o0 + i * -2 >= 0, o0 * -1 + i * 2 + 5 >= 0) read(%x[i, (o0 + i * -2) floordiv 3] : tensor<4x2xf64>) add(%y0[o0] : tensor<10xf64>) {
func.func @stride(%x: tensor<4x2xf64>, %y0: tensor<10xf64>) -> tensor<10xf64> {
  %0 = nest.map (i = 4, a = 2) read(%x[i, a] : tensor<4x2xf64>) add(%y0[2 * i + 3 * a] : tensor<10xf64>) {
  ^bb0(%i: index, %a: index, %v: f64):
    nest.yield %v : f64
  }
  func.return %0 : tensor<10xf64>
}

// -----

// Quotients and remainders: what they come from is enumerated, in the nest's order.
// CHECK-LABEL: func.func @quotient
// CHECK:         nest.map (o0 = 4, i = 3) where(o0 * -3 + i * -1 + 9 >= 0) read(%x[o0 * 3 + i] : tensor<10xf64>) max(%y0[o0] : tensor<4xf64>) {
// CHECK:         nest.map (o0 = 4, i = 3) where(i * -4 + o0 * -1 + 9 >= 0) read(%x[i * 4 + o0] : tensor<10xf64>) add(%y0[o0] : tensor<4xf64>) {
func.func @quotient(%x: tensor<10xf64>, %y0: tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>) {
  %0 = nest.map (i = 10) read(%x[i] : tensor<10xf64>) max(%y0[i floordiv 3] : tensor<4xf64>) {
  ^bb0(%i: index, %v: f64):
    nest.yield %v : f64
  }
  %1 = nest.map (i = 10) read(%x[i] : tensor<10xf64>) add(%y0[i mod 4] : tensor<4xf64>) {
  ^bb0(%i: index, %v: f64):
    nest.yield %v : f64
  }
  func.return %0, %1 : tensor<4xf64>, tensor<4xf64>
}

// -----

// A remainder over a run-time size: the number of its multiples is computed in front.
// CHECK-LABEL: func.func @remainder
// CHECK:         %[[Q:.*]] = arith.ceildivsi %n, %{{.*}} : index
// CHECK:         nest.map (o0 = 4, i = %[[Q]]) where(%n + i * -4 + o0 * -1 + -1 >= 0) read(%x[i * 4 + o0] : tensor<?xf64>)
func.func @remainder(%n: index, %x: tensor<?xf64>, %y0: tensor<4xf64>) -> tensor<4xf64> {
  %0 = nest.map (i = %n) read(%x[i] : tensor<?xf64>) add(%y0[i mod 4] : tensor<4xf64>) {
  ^bb0(%i: index, %v: f64):
    nest.yield %v : f64
  }
  func.return %0 : tensor<4xf64>
}

// -----

// Two results at the same place stay together; nests that have rows stay as they are.
// CHECK-LABEL: func.func @others
// CHECK:         nest.map (o0 = 10, p = 8) {{.*}} add(%x0[o0] : tensor<10xf64>) max(%x0[o0] : tensor<10xf64>) {
// CHECK:         nest.map (p = 8, d = 3) read(%g[p] : tensor<8xf64>) add(%x0[p] : tensor<10xf64>) {
func.func @others(%g: tensor<8xf64>, %x0: tensor<10xf64>) -> (tensor<10xf64>, tensor<10xf64>, tensor<10xf64>) {
  %0, %1 = nest.map (p = 8, d = 3) read(%g[p] : tensor<8xf64>) add(%x0[p + d] : tensor<10xf64>) max(%x0[p + d] : tensor<10xf64>) {
  ^bb0(%p: index, %d: index, %v: f64):
    nest.yield %v, %v : f64, f64
  }
  %2 = nest.map (p = 8, d = 3) read(%g[p] : tensor<8xf64>) add(%x0[p] : tensor<10xf64>) {
  ^bb0(%p: index, %d: index, %v: f64):
    nest.yield %v : f64
  }
  func.return %0, %1, %2 : tensor<10xf64>, tensor<10xf64>, tensor<10xf64>
}
