// RUN: anamc-opt %s -p ad-expand --split-input-file | filecheck %s

// One nest for all reads: they become results, the result is read, and what the body needs is computed again.
// CHECK-LABEL: func.func private @product_vjp
// CHECK:         %[[Z:.*]] = arith.constant 0.000000e+00 : f64
// CHECK:         %[[A0:.*]] = tensor.splat %[[Z]] : tensor<4x3xf64>
// CHECK:         %[[B0:.*]] = tensor.splat %{{.*}} : tensor<3x5xf64>
// CHECK:         %a_bar, %b_bar = nest.map (i = 4, j = 5, k = 3) read(%a[i, k] : tensor<4x3xf64>, %b[k, j] : tensor<3x5xf64>, %[[Y:.*]][i, j] : tensor<4x5xf64>) add(%[[A0]][i, k] : tensor<4x3xf64>, %[[B0]][k, j] : tensor<3x5xf64>) {
// CHECK-NEXT:    ^bb0(%{{.*}}: index, %{{.*}}: index, %{{.*}}: index, %[[A:.*]]: f64, %[[B:.*]]: f64, %[[V:.*]]: f64):
// CHECK-NEXT:      %[[P:.*]] = arith.mulf %[[V]], %[[B]] : f64
// CHECK-NEXT:      %[[Q:.*]] = arith.mulf %[[V]], %[[A]] : f64
// CHECK-NEXT:      nest.yield %[[P]], %[[Q]] : f64, f64
// CHECK:         func.return %{{.*}}, %a_bar, %b_bar
func.func private @product(%a: tensor<4x3xf64>, %b: tensor<3x5xf64>, %c0: tensor<4x5xf64>) -> tensor<4x5xf64> {
  %c = nest.map (i = 4, j = 5, k = 3) read(%a[i, k] : tensor<4x3xf64>, %b[k, j] : tensor<3x5xf64>) add(%c0[i, j] : tensor<4x5xf64>) {
  ^bb0(%i: index, %j: index, %k: index, %x: f64, %y: f64):
    %p = arith.mulf %x, %y : f64
    nest.yield %p : f64
  }
  func.return %c : tensor<4x5xf64>
}
func.func @gradient(%a: tensor<4x3xf64>, %b: tensor<3x5xf64>, %c: tensor<4x5xf64>) -> (tensor<4x3xf64>, tensor<3x5xf64>, tensor<4x5xf64>) {
  %y, %ab, %bb, %cb = ad.vjp @product(%a, %b, %c) cotangents(%c) wrt [0, 1, 2] : (tensor<4x3xf64>, tensor<3x5xf64>, tensor<4x5xf64>, tensor<4x5xf64>) -> (tensor<4x5xf64>, tensor<4x3xf64>, tensor<3x5xf64>, tensor<4x5xf64>)
  func.return %ab, %bb, %cb : tensor<4x3xf64>, tensor<3x5xf64>, tensor<4x5xf64>
}

// -----

// A tensor read at several places gets the sum; where nothing of the body is needed, nothing is read. Tangents are
// read at the same places.
// CHECK-LABEL: func.func private @difference_jvp
// CHECK:         nest.map (i = 6) read(%[[D:.*]][i + 2] : tensor<8xf64>, %[[D]][i] : tensor<8xf64>) add(%{{.*}}[i] : tensor<6xf64>) {
// CHECK-NEXT:    ^bb0(%{{.*}}: index, %[[A:.*]]: f64, %[[B:.*]]: f64):
// CHECK-NEXT:      arith.subf %[[A]], %[[B]] : f64
// CHECK-LABEL: func.func private @difference_vjp
// CHECK:         %[[P:.*]], %[[Q:.*]] = nest.map (i = 6) read(%{{.*}}[i] : tensor<6xf64>) add(%{{.*}}[i + 2] : tensor<8xf64>, %{{.*}}[i] : tensor<8xf64>) {
// CHECK-NEXT:    ^bb0(%{{.*}}: index, %[[V:.*]]: f64):
// CHECK-NEXT:      %[[N:.*]] = arith.negf %[[V]] : f64
// CHECK-NEXT:      nest.yield %[[V]], %[[N]] : f64, f64
// CHECK:         %[[U:.*]] = arith.addf %[[P]], %[[Q]] : tensor<8xf64>
// CHECK:         func.return %{{.*}}, %[[U]]
func.func private @difference(%u: tensor<8xf64>) -> tensor<6xf64> {
  %zero = arith.constant 0.0 : f64
  %d0 = tensor.splat %zero : tensor<6xf64>
  %d = nest.map (i = 6) read(%u[i + 2] : tensor<8xf64>, %u[i] : tensor<8xf64>) add(%d0[i] : tensor<6xf64>) {
  ^bb0(%i: index, %x: f64, %y: f64):
    %z = arith.subf %x, %y : f64
    nest.yield %z : f64
  }
  func.return %d : tensor<6xf64>
}
func.func @both(%u: tensor<8xf64>, %v: tensor<6xf64>) -> (tensor<8xf64>, tensor<6xf64>) {
  %y, %ub = ad.vjp @difference(%u) cotangents(%v) wrt [0] : (tensor<8xf64>, tensor<6xf64>) -> (tensor<6xf64>, tensor<8xf64>)
  %y2, %yd = ad.jvp @difference(%u) tangents(%u) wrt [0] : (tensor<8xf64>, tensor<8xf64>) -> (tensor<6xf64>, tensor<6xf64>)
  func.return %ub, %yd : tensor<8xf64>, tensor<6xf64>
}

// -----

// A maximum is asked for its winner: all goes there, or to the initial value where nobody won. Tables and guards stay.
// CHECK-LABEL: func.func private @largest_vjp
// CHECK:         %[[Y:.*]], %[[W:.*]] = nest.map (e = 5) where(e * -1 + 3 >= 0) read(%{{.*}}[e] : tensor<5xf64>) max(%{{.*}}[%t[e]] : tensor<4xf64> arg) {
// CHECK:         nest.map ({{.*}} = 4) read(%[[V:.*]][{{.*}}] : tensor<4xf64>, %[[W]][{{.*}}] : tensor<4xi64>) set(
// CHECK:           arith.cmpi eq, %{{.*}}, %{{.*}} : i64
// CHECK:           arith.select
// CHECK:         nest.map (e = 5) where(e * -1 + 3 >= 0) read(%[[V]][%t[e]] : tensor<4xf64>, %[[W]][%t[e]] : tensor<4xi64>) add(%{{.*}}[e] : tensor<5xf64>) {
// CHECK-NEXT:    ^bb0(%[[E:.*]]: index, %[[B:.*]]: f64, %[[N:.*]]: i64):
// CHECK-NEXT:      %[[I:.*]] = arith.index_cast %[[E]] : index to i64
// CHECK-NEXT:      %[[C:.*]] = arith.cmpi eq, %[[I]], %[[N]] : i64
// CHECK:           arith.select %[[C]], %[[B]], %{{.*}} : f64
func.func private @largest(%x: tensor<5xf64>, %t: tensor<5xi32>, %y0: tensor<4xf64>) -> tensor<4xf64> {
  %y = nest.map (e = 5) where(3 - e >= 0) read(%x[e] : tensor<5xf64>) max(%y0[%t[e]] : tensor<4xf64>) {
  ^bb0(%e: index, %v: f64):
    nest.yield %v : f64
  }
  func.return %y : tensor<4xf64>
}
func.func @winners(%x: tensor<5xf64>, %t: tensor<5xi32>, %y0: tensor<4xf64>) -> (tensor<5xf64>, tensor<4xf64>) {
  %y, %xb, %y0b = ad.vjp @largest(%x, %t, %y0) cotangents(%y0) wrt [0, 2] : (tensor<5xf64>, tensor<5xi32>, tensor<4xf64>, tensor<4xf64>) -> (tensor<4xf64>, tensor<5xf64>, tensor<4xf64>)
  func.return %xb, %y0b : tensor<5xf64>, tensor<4xf64>
}

// -----

// What was overwritten does not count; choices come last, so that the side not taken brings in nothing.
// CHECK-LABEL: func.func private @placed_vjp
// CHECK:         %y0_bar = nest.map (i = 4) set(%[[V:.*]][i * 2 + 1] : tensor<10xf64>) {
// CHECK:           nest.yield %{{.*}} : f64
// CHECK:         nest.map (i = 4) read(%{{.*}}[i] : tensor<4xf64>, %[[V]][i * 2 + 1] : tensor<10xf64>) add(%{{.*}}[i] : tensor<4xf64>) {
// CHECK-NEXT:    ^bb0(%{{.*}}: index, %[[X:.*]]: f64, %[[B:.*]]: f64):
// CHECK:           %[[C:.*]] = arith.cmpf ogt, %[[X]], %[[O:.*]] : f64
// CHECK:           %[[D:.*]] = arith.divf %[[B]], %[[X]] : f64
// CHECK:           arith.select %[[C]], %[[D]], %{{.*}} : f64
func.func private @placed(%x: tensor<4xf64>, %y0: tensor<10xf64>) -> tensor<10xf64> {
  %y = nest.map (i = 4) read(%x[i] : tensor<4xf64>) set(%y0[2 * i + 1] : tensor<10xf64>) {
  ^bb0(%i: index, %v: f64):
    %zero = arith.constant 0.0 : f64
    %c = arith.cmpf ogt, %v, %zero : f64
    %l = math.log %v : f64
    %s = arith.select %c, %l, %zero : f64
    nest.yield %s : f64
  }
  func.return %y : tensor<10xf64>
}
func.func @sets(%x: tensor<4xf64>, %y0: tensor<10xf64>) -> (tensor<4xf64>, tensor<10xf64>) {
  %y, %xb, %y0b = ad.vjp @placed(%x, %y0) cotangents(%y0) wrt [0, 1] : (tensor<4xf64>, tensor<10xf64>, tensor<10xf64>) -> (tensor<10xf64>, tensor<4xf64>, tensor<10xf64>)
  func.return %xb, %y0b : tensor<4xf64>, tensor<10xf64>
}
