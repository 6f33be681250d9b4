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

// -----

// Other widths than those of the weights.
// CHECK: 'mlp.dense_transposed' contracts the last dimensions, got tensor<?x3xf64>, tensor<4x2xf64> -> tensor<?x4xf64>
func.func @f(%g: tensor<?x3xf64>, %w: tensor<4x2xf64>) {
  %y = mlp.dense_transposed %g, %w : (tensor<?x3xf64>, tensor<4x2xf64>) -> tensor<?x4xf64>
  func.return
}

// -----

// Products of different rows.
// CHECK: 'mlp.outer' sums products of the same rows, got tensor<5x3xf64>, tensor<4x2xf64> -> tensor<3x2xf64>
func.func @f(%x: tensor<5x3xf64>, %g: tensor<4x2xf64>) {
  %w = mlp.outer %x, %g : (tensor<5x3xf64>, tensor<4x2xf64>) -> tensor<3x2xf64>
  func.return
}

// -----

// A sum of another width.
// CHECK: 'mlp.sum_rows' keeps the last dimension, got tensor<5x3xf64> -> tensor<5xf64>
func.func @f(%x: tensor<5x3xf64>) {
  %y = mlp.sum_rows %x : (tensor<5x3xf64>) -> tensor<5xf64>
  func.return
}

// -----

// A row of another width.
// CHECK: 'mlp.broadcast' repeats a row of constant size, got tensor<3xf64> to tensor<5x4xf64>
func.func @f(%x: tensor<3xf64>) {
  %y = mlp.broadcast %x[] : tensor<3xf64> to tensor<5x4xf64>
  func.return
}

// -----

// A run-time size too many.
// CHECK: 'mlp.broadcast' to tensor<5x3xf64> needs 0 sizes
func.func @f(%x: tensor<3xf64>, %n: index) {
  %y = mlp.broadcast %x[%n] : tensor<3xf64> to tensor<5x3xf64>
  func.return
}

// -----

// Rows of different widths.
// CHECK: 'mlp.row_dot' multiplies rows of one type, got tensor<5x3xf64>, tensor<5x2xf64> -> tensor<5xf64>
func.func @f(%a: tensor<5x3xf64>, %b: tensor<5x2xf64>) {
  %y = mlp.row_dot %a, %b : (tensor<5x3xf64>, tensor<5x2xf64>) -> tensor<5xf64>
  func.return
}

// -----

// A number for another count of rows.
// CHECK: 'mlp.scale_rows' takes a number a row, got tensor<5x3xf64>, tensor<3xf64> -> tensor<5x3xf64>
func.func @f(%x: tensor<5x3xf64>, %s: tensor<3xf64>) {
  %y = mlp.scale_rows %x by %s : (tensor<5x3xf64>, tensor<3xf64>) -> tensor<5x3xf64>
  func.return
}

// -----

// A deviation an element.
// CHECK: 'mlp.standardize' gives the rows and a number a row, got tensor<5x3xf64> -> tensor<5x3xf64>, tensor<5x3xf64>
func.func @f(%x: tensor<5x3xf64>) {
  %y, %i = mlp.standardize %x eps 1.0e-05 : (tensor<5x3xf64>) -> (tensor<5x3xf64>, tensor<5x3xf64>)
  func.return
}

// -----

// No epsilon: a constant row would give NaN.
// CHECK: 'mlp.standardize' needs eps > 0, got 0.0
func.func @f(%x: tensor<5x3xf64>) {
  %y, %i = mlp.standardize %x eps 0.0 : (tensor<5x3xf64>) -> (tensor<5x3xf64>, tensor<5xf64>)
  func.return
}

// -----

// A direction of another shape.
// CHECK: 'mlp.standardize_tangent' takes rows, rows and a number a row, got tensor<5x2xf64>, tensor<5x3xf64>, tensor<5xf64> -> tensor<5x3xf64>
func.func @f(%v: tensor<5x2xf64>, %h: tensor<5x3xf64>, %i: tensor<5xf64>) {
  %y = mlp.standardize_tangent %v at %h, %i : (tensor<5x2xf64>, tensor<5x3xf64>, tensor<5xf64>) -> tensor<5x3xf64>
  func.return
}

// -----

// A cotangent of rank 1.
// CHECK: 'mlp.mean_transposed' takes rank 0 and gives rank 1, got tensor<1xf64> to tensor<5xf64>
func.func @f(%g: tensor<1xf64>) {
  %y = mlp.mean_transposed %g[] times 1.0 : tensor<1xf64> to tensor<5xf64>
  func.return
}

// -----

// Fewer places than parts.
// CHECK: 'mlp.pack' has 1 offsets for 2 parts
func.func @f(%w: tensor<2xf64>, %b: tensor<2xf64>) {
  %p = mlp.pack %w, %b at [0 : i64] : tensor<2xf64>, tensor<2xf64> to tensor<4xf64>
  func.return
}

// -----

// Parts on top of each other.
// CHECK: 'mlp.pack' puts a part at 1, before the end 2 of the one before it
func.func @f(%w: tensor<2xf64>, %b: tensor<2xf64>) {
  %p = mlp.pack %w, %b at [0 : i64, 1 : i64] : tensor<2xf64>, tensor<2xf64> to tensor<4xf64>
  func.return
}

// -----

// A part behind the end.
// CHECK: 'mlp.pack' fills up to element 5 of a vector of 4
func.func @f(%w: tensor<2xf64>) {
  %p = mlp.pack %w at [3 : i64] : tensor<2xf64> to tensor<4xf64>
  func.return
}

// -----

// A vector of rank 2.
// CHECK: 'mlp.pack' gives a flat vector, got tensor<4x1xf64>
func.func @f(%w: tensor<2xf64>) {
  %p = mlp.pack %w at [0 : i64] : tensor<2xf64> to tensor<4x1xf64>
  func.return
}

// -----

// Parts that leave a column out.
// CHECK: 'mlp.split' of tensor<5x3xf64> gives parts of 2 in all
func.func @f(%x: tensor<5x3xf64>) {
  %l, %r = mlp.split %x : tensor<5x3xf64> to tensor<5x1xf64>, tensor<5x1xf64>
  func.return
}

// -----

// A part of other rows.
// CHECK: 'mlp.split' parts differ from tensor<5x3xf64> in more than the last dimension
func.func @f(%x: tensor<5x3xf64>) {
  %l, %r = mlp.split %x : tensor<5x3xf64> to tensor<4x1xf64>, tensor<5x2xf64>
  func.return
}

// -----

// A scalar has no row to sum over.
// CHECK: 'mlp.log_softmax' needs a dimension to sum over, got a tensor of rank 0
func.func @f(%x: tensor<f64>) {
  %y = mlp.log_softmax %x : tensor<f64>
  func.return
}
