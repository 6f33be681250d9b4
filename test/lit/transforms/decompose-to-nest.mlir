// RUN: anamc-opt %s -p decompose-to-nest --split-input-file | filecheck %s

// A layer starts from its bias; outputs are the inner loop.
// CHECK-LABEL: func.func @dense
// CHECK:         %[[E:.*]] = tensor.empty() : tensor<8xf32>
// CHECK-NEXT:    %[[B:.*]] = nest.map (j = 8) read(%b[j] : tensor<8xf32>) set(%[[E]][j] : tensor<8xf32>) {
// CHECK:         nest.map (i = 3, j = 8) read(%x[i] : tensor<3xf32>, %w[i, j] : tensor<3x8xf32>) add(%[[B]][j] : tensor<8xf32>) {
// CHECK:           arith.mulf
// CHECK-NOT:     mlp.dense
func.func @dense(%x: tensor<3xf32>, %w: tensor<3x8xf32>, %b: tensor<8xf32>) -> tensor<8xf32> {
  %y = mlp.dense %x, %w, %b : (tensor<3xf32>, tensor<3x8xf32>, tensor<8xf32>) -> tensor<8xf32>
  func.return %y : tensor<8xf32>
}

// -----

// Few outputs are summed in a register: inputs are the inner loop.
// CHECK-LABEL: func.func @narrow
// CHECK:         nest.map (i = 2, j = 3) read(%x[j] : tensor<3xf32>, %w[j, i] : tensor<3x2xf32>) add(%{{.*}}[i] : tensor<2xf32>) {
func.func @narrow(%x: tensor<3xf32>, %w: tensor<3x2xf32>, %b: tensor<2xf32>) -> tensor<2xf32> {
  %y = mlp.dense %x, %w, %b : (tensor<3xf32>, tensor<3x2xf32>, tensor<2xf32>) -> tensor<2xf32>
  func.return %y : tensor<2xf32>
}

// -----

// A batch of run-time size.
// CHECK-LABEL: func.func @batch
// CHECK:         %[[N:.*]] = tensor.dim %x
// CHECK:         nest.map (i = %[[N]], j = 3) read(%x[i, j] : tensor<?x3xf32>) set(%{{.*}}[i, j] : tensor<?x3xf32>) {
// CHECK:           arith.maximumf
func.func @batch(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %y = mlp.relu %x : tensor<?x3xf32>
  func.return %y : tensor<?x3xf32>
}

// -----

// Elementwise operations, with constants inside.
// CHECK-LABEL: func.func @elementwise
// CHECK:         nest.map (j = 3) read(%x[j] : tensor<3xf32>) set(
// CHECK:           %[[C:.*]] = arith.constant 2.000000e+00 : f32
// CHECK-NEXT:      arith.divf %{{.*}}, %[[C]] : f32
// CHECK:         nest.map (j = 3) read(%{{.*}}[j] : tensor<3xf32>, %x[j] : tensor<3xf32>) set(
// CHECK-NOT:     tensor.splat
func.func @elementwise(%x: tensor<3xf32>) -> tensor<3xf32> {
  %c = arith.constant 2.0 : f32
  %s = tensor.splat %c : tensor<3xf32>
  %y = arith.divf %x, %s : tensor<3xf32>
  %z = arith.addf %y, %x : tensor<3xf32>
  func.return %z : tensor<3xf32>
}

// -----

// Mean, variance, inverse deviation, result.
// CHECK-LABEL: func.func @layer_norm
// CHECK:         %mean = nest.map (j = 4) read(%x[j] : tensor<4xf32>) add(
// CHECK:         %var = nest.map (j = 4) read(%x[j] : tensor<4xf32>, %mean : tensor<f32>) add(
// CHECK:         %inv = nest.map () read(%var : tensor<f32>) set(
// CHECK:         nest.map (j = 4) read(%x[j] : tensor<4xf32>, %mean : tensor<f32>, %inv : tensor<f32>, %s[j] : tensor<4xf32>, %t[j] : tensor<4xf32>) set(
func.func @layer_norm(%x: tensor<4xf32>, %s: tensor<4xf32>, %t: tensor<4xf32>) -> tensor<4xf32> {
  %y = mlp.layer_norm %x, %s, %t eps 1.0e-05 : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----

// Exponentials are shifted by the largest element.
// CHECK-LABEL: func.func @softmax
// CHECK:         %largest = nest.map (j = 4) read(%x[j] : tensor<4xf32>) max(
// CHECK:         %e = nest.map (j = 4) read(%x[j] : tensor<4xf32>, %largest : tensor<f32>) set(
// CHECK:         %total = nest.map (j = 4) read(%e[j] : tensor<4xf32>) add(
// CHECK:         nest.map (j = 4) read(%e[j] : tensor<4xf32>, %total : tensor<f32>) set(
func.func @softmax(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = mlp.softmax %x : tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----

// A loss is summed over the row.
// CHECK-LABEL: func.func @loss
// CHECK:         nest.map (j = 4) read(%p[j] : tensor<4xf32>, %t[j] : tensor<4xf32>) add(%{{.*}} : tensor<f32>) {
// CHECK:           arith.constant 5.000000e-01 : f32
// CHECK:         %total = nest.map
// CHECK:         nest.map (j = 4) read(%p[j] : tensor<4xf32>, %t[j] : tensor<4xf32>, %largest : tensor<f32>, %total : tensor<f32>) add(
// CHECK:           math.log
func.func @loss(%p: tensor<4xf32>, %t: tensor<4xf32>) -> (tensor<f32>, tensor<f32>) {
  %y = mlp.row_loss "huber" delta 0.5 %p, %t : (tensor<4xf32>, tensor<4xf32>) -> tensor<f32>
  %z = mlp.row_loss "cross_entropy" delta 1.0 %p, %t : (tensor<4xf32>, tensor<4xf32>) -> tensor<f32>
  func.return %y, %z : tensor<f32>, tensor<f32>
}

// -----

// Parts go to their places in one tensor.
// CHECK-LABEL: func.func @concat
// CHECK:         %[[A:.*]] = nest.map (j = 2) read(%x[j] : tensor<2xf32>) set(%{{.*}}[j] : tensor<5xf32>) {
// CHECK:         nest.map (j = 3) read(%y[j] : tensor<3xf32>) set(%[[A]][j + 2] : tensor<5xf32>) {
func.func @concat(%x: tensor<2xf32>, %y: tensor<3xf32>) -> tensor<5xf32> {
  %z = tensor.concat dim(0) %x, %y : (tensor<2xf32>, tensor<3xf32>) -> tensor<5xf32>
  func.return %z : tensor<5xf32>
}

// -----

// CHECK-LABEL: func.func @no_nest_as_values_are_scalars
// CHECK:         arith.addf %x, %x : f32
func.func @no_nest_as_values_are_scalars(%x: f32) -> f32 {
  %y = arith.addf %x, %x : f32
  func.return %y : f32
}

// -----

// CHECK-LABEL: func.func @no_nest_as_there_is_no_rule
// CHECK:         "test.op"
func.func @no_nest_as_there_is_no_rule(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %y = "test.op"(%x) : (tensor<?x2xf32>) -> tensor<?x2xf32>
  func.return %y : tensor<?x2xf32>
}

// -----

// Through the edge list; the ends of a sum one after the other.
// CHECK-LABEL: func.func @scatters
// CHECK:         nest.map (i = %{{.*}}, j = 2) read(%x[%e[i, 1], j] : tensor<?x2xf32>) set(%{{.*}}[i, j] : tensor<?x2xf32>) {
// CHECK:         %[[L:.*]] = nest.map (i = %{{.*}}, j = 2) read(%g[i, j] : tensor<?x2xf32>) add(%{{.*}}[%e[i, 0], j] : tensor<?x2xf32>) {
// CHECK-NOT:       arith.negf
// CHECK:         nest.map (i = %{{.*}}, j = 2) read(%g[i, j] : tensor<?x2xf32>) add(%[[L]][%e[i, 1], j] : tensor<?x2xf32>) {
// CHECK:           arith.negf
func.func @scatters(%x: tensor<?x2xf32>, %e: tensor<?x2xi32>, %n: index) -> tensor<?x2xf32> {
  %g = scatter.gather %x at %e end 1 : (tensor<?x2xf32>, tensor<?x2xi32>) -> tensor<?x2xf32>
  %y = scatter.sum %g over %e onto %n signs [1, -1] : (tensor<?x2xf32>, tensor<?x2xi32>, index) -> tensor<?x2xf32>
  func.return %y : tensor<?x2xf32>
}

// -----

// CHECK-LABEL: func.func @parts
// CHECK:         nest.map (i = 2, j = 3) read(%p[i * 3 + j + 1] : tensor<9xf32>) set(%{{.*}}[i, j] : tensor<2x3xf32>) {
// CHECK:         nest.map () read(%p[7] : tensor<9xf32>) set(%{{.*}} : tensor<f32>) {
func.func @parts(%p: tensor<9xf32>) -> (tensor<2x3xf32>, tensor<f32>) {
  %a, %b = mlp.unpack %p at 1 : tensor<9xf32> to tensor<2x3xf32>, tensor<f32>
  func.return %a, %b : tensor<2x3xf32>, tensor<f32>
}

// -----

// CHECK-LABEL: func.func @mean
// CHECK:         nest.map (j = %[[N:.*]]) read(%x[j] : tensor<?xf32>) add(%s : tensor<f32>) {
// CHECK:           arith.index_cast %[[N]] : index to i64
func.func @mean(%x: tensor<?xf32>, %s: tensor<f32>) -> tensor<f32> {
  %y = mlp.mean %x times 0.5 onto %s : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  func.return %y : tensor<f32>
}
