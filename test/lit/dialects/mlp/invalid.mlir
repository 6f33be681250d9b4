// RUN: anamc-opt %s --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// Parts behind the end of the vector.
// CHECK: 'mlp.unpack' reads up to element 5 of a vector of 4
func.func @f(%p: tensor<4xf64>) {
  %W, %b = mlp.unpack %p at 1 : tensor<4xf64> to tensor<1x2xf64>, tensor<2xf64>
  func.return
}

// -----

// Parts in front of the vector.
// CHECK: 'mlp.unpack' starts at -1
func.func @f(%p: tensor<4xf64>) {
  %W = mlp.unpack %p at -1 : tensor<4xf64> to tensor<2xf64>
  func.return
}

// -----

// A vector of run-time length.
// CHECK: 'mlp.unpack' needs constant shapes, got tensor<?xf64>
func.func @f(%p: tensor<?xf64>) {
  %W = mlp.unpack %p at 0 : tensor<?xf64> to tensor<2xf64>
  func.return
}

// -----

// A part of run-time size.
// CHECK: 'mlp.unpack' needs constant shapes, got tensor<?xf64>
func.func @f(%p: tensor<4xf64>) {
  %W = mlp.unpack %p at 0 : tensor<4xf64> to tensor<?xf64>
  func.return
}

// -----

// Parts of another type.
// CHECK: attribute f64 expected from variable 'T', but got f32
func.func @f(%p: tensor<4xf64>) {
  %W = mlp.unpack %p at 0 : tensor<4xf64> to tensor<2xf32>
  func.return
}

// -----

// Weights of another rank.
// CHECK: 'mlp.dense' expects x of rank >= 1, w of rank 2 and b of rank 1, got tensor<?x3xf64>, tensor<2xf64>, tensor<2xf64>
func.func @f(%x: tensor<?x3xf64>, %b: tensor<2xf64>) {
  %y = mlp.dense %x, %b, %b : (tensor<?x3xf64>, tensor<2xf64>, tensor<2xf64>) -> tensor<?x2xf64>
  func.return
}

// -----

// Contracted dimensions differ.
// CHECK: 'mlp.dense' contracts x dim 1 = 3 with w dim 0 = 5
func.func @f(%x: tensor<?x3xf64>, %w: tensor<5x2xf64>, %b: tensor<2xf64>) {
  %y = mlp.dense %x, %w, %b : (tensor<?x3xf64>, tensor<5x2xf64>, tensor<2xf64>) -> tensor<?x2xf64>
  func.return
}

// -----

// A bias of another width.
// CHECK: 'mlp.dense' adds b of size 4 to 2 outputs
func.func @f(%x: tensor<?x3xf64>, %w: tensor<3x2xf64>, %b: tensor<4xf64>) {
  %y = mlp.dense %x, %w, %b : (tensor<?x3xf64>, tensor<3x2xf64>, tensor<4xf64>) -> tensor<?x2xf64>
  func.return
}

// -----

// A result of another shape.
// CHECK: 'mlp.dense' gives tensor<?x2xf64>, its result has tensor<7x2xf64>
func.func @f(%x: tensor<?x3xf64>, %w: tensor<3x2xf64>, %b: tensor<2xf64>) {
  %y = mlp.dense %x, %w, %b : (tensor<?x3xf64>, tensor<3x2xf64>, tensor<2xf64>) -> tensor<7x2xf64>
  func.return
}

// -----

// Two float types.
// CHECK: attribute f32 expected from variable 'T', but got f64
func.func @f(%x: tensor<?x3xf32>, %w: tensor<3x2xf64>, %b: tensor<2xf64>) {
  %y = mlp.dense %x, %w, %b : (tensor<?x3xf32>, tensor<3x2xf64>, tensor<2xf64>) -> tensor<?x2xf64>
  func.return
}

// -----

// Integers.
// CHECK: Unexpected attribute i32
func.func @f(%x: tensor<?x3xi32>) {
  %y = mlp.relu %x : tensor<?x3xi32>
  func.return
}

// -----

// Layer normalisation with a result of another type.
// CHECK: 'mlp.layer_norm' gives tensor<?x3xf64>, its result has tensor<4x3xf64>
func.func @f(%x: tensor<?x3xf64>, %s: tensor<3xf64>) {
  %y = mlp.layer_norm %x, %s, %s eps 1.0e-05 : (tensor<?x3xf64>, tensor<3xf64>, tensor<3xf64>) -> tensor<4x3xf64>
  func.return
}

// -----

// Layer normalisation with a scale of another width.
// CHECK: 'mlp.layer_norm' of tensor<?x3xf64> expects one scale and shift an element of the last dimension, got tensor<2xf64>, tensor<3xf64>
func.func @f(%x: tensor<?x3xf64>, %s: tensor<3xf64>, %t: tensor<2xf64>) {
  %y = mlp.layer_norm %x, %t, %s eps 1.0e-05 : (tensor<?x3xf64>, tensor<2xf64>, tensor<3xf64>) -> tensor<?x3xf64>
  func.return
}

// -----

// Layer normalisation of a scalar.
// CHECK: 'mlp.layer_norm' of tensor<f64> expects one scale and shift an element of the last dimension, got tensor<f64>, tensor<f64>
func.func @f(%x: tensor<f64>) {
  %y = mlp.layer_norm %x, %x, %x eps 1.0e-05 : (tensor<f64>, tensor<f64>, tensor<f64>) -> tensor<f64>
  func.return
}

// -----

// Layer normalisation without eps.
// CHECK: 'mlp.layer_norm' needs eps > 0, got 0.0
func.func @f(%x: tensor<?x3xf64>, %s: tensor<3xf64>) {
  %y = mlp.layer_norm %x, %s, %s eps 0.0 : (tensor<?x3xf64>, tensor<3xf64>, tensor<3xf64>) -> tensor<?x3xf64>
  func.return
}

// -----

// Softmax of a scalar.
// CHECK: 'mlp.softmax' needs a dimension to sum over, got a tensor of rank 0
func.func @f(%x: tensor<f64>) {
  %y = mlp.softmax %x : tensor<f64>
  func.return
}

// -----

// An unknown loss.
// CHECK: 'mlp.row_loss' kind must be one of mse, mae, mape, huber, bce_with_logits, cross_entropy, hinge, got 'mes'
func.func @f(%x: tensor<?x3xf64>) {
  %y = mlp.row_loss "mes" delta 1.0 %x, %x : (tensor<?x3xf64>, tensor<?x3xf64>) -> tensor<?xf64>
  func.return
}

// -----

// A loss of two shapes.
// CHECK: 'mlp.row_loss' compares tensor<?x3xf64> with tensor<?x2xf64>
func.func @f(%x: tensor<?x3xf64>, %t: tensor<?x2xf64>) {
  %y = mlp.row_loss "mse" delta 1.0 %x, %t : (tensor<?x3xf64>, tensor<?x2xf64>) -> tensor<?xf64>
  func.return
}

// -----

// A loss with a result that keeps the row.
// CHECK: 'mlp.row_loss' of tensor<?x3xf64> cannot give tensor<?x3xf64>
func.func @f(%x: tensor<?x3xf64>) {
  %y = mlp.row_loss "mse" delta 1.0 %x, %x : (tensor<?x3xf64>, tensor<?x3xf64>) -> tensor<?x3xf64>
  func.return
}

// -----

// A loss of scalars.
// CHECK: 'mlp.row_loss' of tensor<f64> cannot give tensor<f64>
func.func @f(%x: tensor<f64>) {
  %y = mlp.row_loss "mse" delta 1.0 %x, %x : (tensor<f64>, tensor<f64>) -> tensor<f64>
  func.return
}

// -----

// A delta that is not positive.
// CHECK: 'mlp.row_loss' needs delta > 0, got -1.0
func.func @f(%x: tensor<?x3xf64>) {
  %y = mlp.row_loss "huber" delta -1.0 %x, %x : (tensor<?x3xf64>, tensor<?x3xf64>) -> tensor<?xf64>
  func.return
}

// -----

// A mean of rows that are no scalars.
// CHECK: 'mlp.mean' takes rank 1 and gives rank 0, got tensor<?x3xf64>, tensor<f64> -> tensor<f64>
func.func @f(%x: tensor<?x3xf64>, %i: tensor<f64>) {
  %y = mlp.mean %x times 1.0 onto %i : (tensor<?x3xf64>, tensor<f64>) -> tensor<f64>
  func.return
}
