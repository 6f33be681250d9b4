// RUN: anamc-opt %s | anamc-opt | filecheck %s
// RUN: anamc-opt %s --print-op-generic | anamc-opt | filecheck %s

// CHECK-LABEL: func.func @layers
// CHECK:         %W, %b = mlp.unpack %p at 5 : tensor<13xf64> to tensor<3x2xf64>, tensor<2xf64>
// CHECK-NEXT:    %z = mlp.dense %x, %W, %b : (tensor<?x3xf64>, tensor<3x2xf64>, tensor<2xf64>) -> tensor<?x2xf64>
// CHECK-NEXT:    %l = mlp.layer_norm %z, %b, %b eps 1.000000e-05 : (tensor<?x2xf64>, tensor<2xf64>, tensor<2xf64>) -> tensor<?x2xf64>
func.func @layers(%p: tensor<13xf64>, %x: tensor<?x3xf64>) -> tensor<?x2xf64> {
  %W, %b = mlp.unpack %p at 5 : tensor<13xf64> to tensor<3x2xf64>, tensor<2xf64>
  %z = mlp.dense %x, %W, %b : (tensor<?x3xf64>, tensor<3x2xf64>, tensor<2xf64>) -> tensor<?x2xf64>
  %l = mlp.layer_norm %z, %b, %b eps 1.0e-05 : (tensor<?x2xf64>, tensor<2xf64>, tensor<2xf64>) -> tensor<?x2xf64>
  func.return %l : tensor<?x2xf64>
}

// CHECK-LABEL: func.func @activations
// CHECK:         %0 = mlp.sigmoid %x : tensor<?x3xf32>
// CHECK-NEXT:    %1 = mlp.relu %x : tensor<?x3xf32>
// CHECK-NEXT:    %2 = mlp.leaky_relu %x slope 1.000000e-01 : tensor<?x3xf32>
// CHECK-NEXT:    %3 = mlp.elu %x alpha 1.500000e+00 : tensor<?x3xf32>
// CHECK-NEXT:    %4 = mlp.selu %x : tensor<?x3xf32>
// CHECK-NEXT:    %5 = mlp.gelu %x : tensor<?x3xf32>
// CHECK-NEXT:    %6 = mlp.gelu_tanh %x : tensor<?x3xf32>
// CHECK-NEXT:    %7 = mlp.silu %x : tensor<?x3xf32>
// CHECK-NEXT:    %8 = mlp.softplus %x : tensor<?x3xf32>
// CHECK-NEXT:    %9 = mlp.softmax %x : tensor<?x3xf32>
func.func @activations(%x: tensor<?x3xf32>) {
  %0 = mlp.sigmoid %x : tensor<?x3xf32>
  %1 = mlp.relu %x : tensor<?x3xf32>
  %2 = mlp.leaky_relu %x slope 0.1 : tensor<?x3xf32>
  %3 = mlp.elu %x alpha 1.5 : tensor<?x3xf32>
  %4 = mlp.selu %x : tensor<?x3xf32>
  %5 = mlp.gelu %x : tensor<?x3xf32>
  %6 = mlp.gelu_tanh %x : tensor<?x3xf32>
  %7 = mlp.silu %x : tensor<?x3xf32>
  %8 = mlp.softplus %x : tensor<?x3xf32>
  %9 = mlp.softmax %x : tensor<?x3xf32>
  func.return
}

// The same operations on one row, and on scalars.
// CHECK-LABEL: func.func @row
// CHECK:         mlp.dense %x, %w, %b {anamc.block = 3 : i64} : (tensor<3xf32>, tensor<3x2xf32>, tensor<2xf32>) -> tensor<2xf32>
// CHECK-NEXT:    mlp.relu %s {anamc.block = 3 : i64} : tensor<f32>
func.func @row(%x: tensor<3xf32>, %w: tensor<3x2xf32>, %b: tensor<2xf32>, %s: tensor<f32>) {
  %0 = mlp.dense %x, %w, %b {anamc.block = 3 : i64} : (tensor<3xf32>, tensor<3x2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = mlp.relu %s {anamc.block = 3 : i64} : tensor<f32>
  func.return
}

// CHECK-LABEL: func.func @loss
// CHECK:         %l = mlp.row_loss "huber" delta 5.000000e-01 %p, %t : (tensor<?x2xf64>, tensor<?x2xf64>) -> tensor<?xf64>
// CHECK-NEXT:    %y = mlp.mean %l times 2.500000e-01 onto %i : (tensor<?xf64>, tensor<f64>) -> tensor<f64>
func.func @loss(%p: tensor<?x2xf64>, %t: tensor<?x2xf64>, %i: tensor<f64>) -> tensor<f64> {
  %l = mlp.row_loss "huber" delta 0.5 %p, %t : (tensor<?x2xf64>, tensor<?x2xf64>) -> tensor<?xf64>
  %y = mlp.mean %l times 0.25 onto %i : (tensor<?xf64>, tensor<f64>) -> tensor<f64>
  func.return %y : tensor<f64>
}

// What derivatives of layers are made of.
// CHECK-LABEL: func.func @adjoints
// CHECK:         %0 = mlp.dense_transposed %g, %w : (tensor<?x2xf64>, tensor<3x2xf64>) -> tensor<?x3xf64>
// CHECK-NEXT:    %1 = mlp.outer %x, %g : (tensor<?x3xf64>, tensor<?x2xf64>) -> tensor<3x2xf64>
// CHECK-NEXT:    %2 = mlp.sum_rows %x : (tensor<?x3xf64>) -> tensor<3xf64>
// CHECK-NEXT:    %3 = mlp.broadcast %2[%n] : tensor<3xf64> to tensor<?x3xf64>
// CHECK-NEXT:    %4 = mlp.row_dot %x, %3 : (tensor<?x3xf64>, tensor<?x3xf64>) -> tensor<?xf64>
// CHECK-NEXT:    %5 = mlp.scale_rows %x by %4 : (tensor<?x3xf64>, tensor<?xf64>) -> tensor<?x3xf64>
// CHECK-NEXT:    %h, %i = mlp.standardize %x eps 1.000000e-05 : (tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?xf64>)
// CHECK-NEXT:    %6 = mlp.standardize_tangent %x at %h, %i : (tensor<?x3xf64>, tensor<?x3xf64>, tensor<?xf64>) -> tensor<?x3xf64>
// CHECK-NEXT:    %7 = mlp.mean_transposed %s[%n] times 2.500000e-01 : tensor<f64> to tensor<?xf64>
// CHECK-NEXT:    %8 = mlp.pack %1, %2 at [2 : i64, 10 : i64] : tensor<3x2xf64>, tensor<3xf64> to tensor<13xf64>
// CHECK-NEXT:    %l, %r = mlp.split %x : tensor<?x3xf64> to tensor<?x1xf64>, tensor<?x2xf64>
// CHECK-NEXT:    %9 = mlp.log_softmax %x : tensor<?x3xf64>
func.func @adjoints(%g: tensor<?x2xf64>, %w: tensor<3x2xf64>, %x: tensor<?x3xf64>, %s: tensor<f64>, %n: index) {
  %0 = mlp.dense_transposed %g, %w : (tensor<?x2xf64>, tensor<3x2xf64>) -> tensor<?x3xf64>
  %1 = mlp.outer %x, %g : (tensor<?x3xf64>, tensor<?x2xf64>) -> tensor<3x2xf64>
  %2 = mlp.sum_rows %x : (tensor<?x3xf64>) -> tensor<3xf64>
  %3 = mlp.broadcast %2[%n] : tensor<3xf64> to tensor<?x3xf64>
  %4 = mlp.row_dot %x, %3 : (tensor<?x3xf64>, tensor<?x3xf64>) -> tensor<?xf64>
  %5 = mlp.scale_rows %x by %4 : (tensor<?x3xf64>, tensor<?xf64>) -> tensor<?x3xf64>
  %h, %i = mlp.standardize %x eps 1.0e-05 : (tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?xf64>)
  %6 = mlp.standardize_tangent %x at %h, %i : (tensor<?x3xf64>, tensor<?x3xf64>, tensor<?xf64>) -> tensor<?x3xf64>
  %7 = mlp.mean_transposed %s[%n] times 0.25 : tensor<f64> to tensor<?xf64>
  %8 = mlp.pack %1, %2 at [2, 10] : tensor<3x2xf64>, tensor<3xf64> to tensor<13xf64>
  %l, %r = mlp.split %x : tensor<?x3xf64> to tensor<?x1xf64>, tensor<?x2xf64>
  %9 = mlp.log_softmax %x : tensor<?x3xf64>
  func.return
}

// One row: its sum is itself, its outer product a matrix.
// CHECK-LABEL: func.func @adjoints_of_a_row
// CHECK:         mlp.outer %x, %g : (tensor<3xf32>, tensor<2xf32>) -> tensor<3x2xf32>
// CHECK-NEXT:    mlp.sum_rows %x : (tensor<3xf32>) -> tensor<3xf32>
// CHECK-NEXT:    mlp.row_dot %x, %x : (tensor<3xf32>, tensor<3xf32>) -> tensor<f32>
func.func @adjoints_of_a_row(%x: tensor<3xf32>, %g: tensor<2xf32>) {
  %0 = mlp.outer %x, %g : (tensor<3xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %1 = mlp.sum_rows %x : (tensor<3xf32>) -> tensor<3xf32>
  %2 = mlp.row_dot %x, %x : (tensor<3xf32>, tensor<3xf32>) -> tensor<f32>
  func.return
}
