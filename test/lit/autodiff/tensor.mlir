// RUN: anamc-opt %s -p ad-expand,cse --split-input-file | filecheck %s

// Parts below each other are read where they stand in the cotangent; run-time sizes are added up.
// CHECK-LABEL: func.func private @rows_vjp(%x: tensor<2x3xf64>, %z: tensor<?x3xf64>, %w: tensor<1x3xf64>, %y_bar: tensor<?x3xf64>)
// CHECK:         %x_bar = nest.map (i0 = 2, i1 = 3) read(%y_bar[i0, i1] :
// CHECK:         %[[M:.*]] = tensor.dim %z
// CHECK:         %z_bar = nest.map (i0 = %[[M]], i1 = 3) read(%y_bar[i0 + 2, i1] :
// CHECK:         %[[S:.*]] = arith.addi %{{.*}}, %[[M]] : index
// CHECK:         %w_bar = nest.map (i0 = 1, i1 = 3) read(%y_bar[i0 + %[[S]], i1] :
func.func private @rows(%x: tensor<2x3xf64>, %z: tensor<?x3xf64>, %w: tensor<1x3xf64>) -> tensor<?x3xf64> {
  %y = tensor.concat dim(0) %x, %z, %w : (tensor<2x3xf64>, tensor<?x3xf64>, tensor<1x3xf64>) -> tensor<?x3xf64>
  func.return %y : tensor<?x3xf64>
}
func.func @adjoint(%x: tensor<2x3xf64>, %z: tensor<?x3xf64>, %w: tensor<1x3xf64>, %v: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %y, %a, %b, %c = ad.vjp @rows(%x, %z, %w) cotangents(%v) wrt [0, 1, 2] : (tensor<2x3xf64>, tensor<?x3xf64>, tensor<1x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<2x3xf64>, tensor<?x3xf64>, tensor<1x3xf64>)
  func.return %b : tensor<?x3xf64>
}

// -----

// A scalar everywhere: its cotangent is the sum. An element: its cotangent goes to its place.
// CHECK-LABEL: func.func private @spread_jvp
// CHECK:         %[[S_DOT:.*]] = tensor.extract %x_dot[%i] : tensor<4xf64>
// CHECK:         tensor.splat %[[S_DOT]] : tensor<2x3xf64>
// CHECK-LABEL: func.func private @spread_vjp
// CHECK:         %[[T:.*]] = nest.map (i0 = 2, i1 = 3) read(%y_bar[i0, i1] : tensor<2x3xf64>) add(
// CHECK:         %[[S:.*]] = tensor.extract %[[T]][] : tensor<f64>
// CHECK:         %[[R:.*]] = tensor.splat %[[S]] : tensor<f64>
// CHECK:         %x_bar = nest.map (i0 = 1) read(%[[R]] : tensor<f64>) set(%{{.*}}[%i] : tensor<4xf64>)
func.func private @spread(%x: tensor<4xf64>, %i: index) -> tensor<2x3xf64> {
  %s = tensor.extract %x[%i] : tensor<4xf64>
  %y = tensor.splat %s : tensor<2x3xf64>
  func.return %y : tensor<2x3xf64>
}
func.func @adjoint_of_spread(%x: tensor<4xf64>, %i: index, %v: tensor<2x3xf64>) -> tensor<4xf64> {
  %y, %a = ad.vjp @spread(%x, %i) cotangents(%v) wrt [0] : (tensor<4xf64>, index, tensor<2x3xf64>) -> (tensor<2x3xf64>, tensor<4xf64>)
  %z, %d = ad.jvp @spread(%x, %i) tangents(%a) wrt [0] : (tensor<4xf64>, index, tensor<4xf64>) -> (tensor<2x3xf64>, tensor<2x3xf64>)
  func.return %a : tensor<4xf64>
}
