// RUN: anamc-opt %s -p form-kernels --split-input-file | filecheck %s

// A layer reads its row, and weights whole; views of parameters stay.
// CHECK-LABEL: func.func @dense
// CHECK:         %W, %b = mlp.unpack %p
// CHECK-NEXT:    %[[E:.*]] = tensor.empty(%n) : tensor<?x2xf64>
// CHECK-NEXT:    %z = kernel.rows r = %n read(%x[r] : tensor<?x3xf64>, %W : tensor<3x2xf64>, %b : tensor<2xf64>) write(%[[E]][r] : tensor<?x2xf64>) attributes {anamc.blocks = [7 : i64]} {
// CHECK-NEXT:    ^bb0(%r: index, %[[X:.*]]: tensor<3xf64>, %[[W:.*]]: tensor<3x2xf64>, %[[B:.*]]: tensor<2xf64>):
// CHECK-NEXT:      %[[Z:.*]] = mlp.dense %[[X]], %[[W]], %[[B]] : (tensor<3xf64>, tensor<3x2xf64>, tensor<2xf64>) -> tensor<2xf64>
// CHECK-NEXT:      kernel.yield %[[Z]] : tensor<2xf64>
// CHECK:         func.return %z
func.func @dense(%n: index {anamc.name = "n"}, %x: tensor<?x3xf64> {anamc.dims = ["n", 3 : index]}, %p: tensor<8xf64>) -> tensor<?x2xf64> {
  %W, %b = mlp.unpack %p at 0 : tensor<8xf64> to tensor<3x2xf64>, tensor<2xf64>
  %z = mlp.dense %x, %W, %b {anamc.block = 7 : i64} : (tensor<?x3xf64>, tensor<3x2xf64>, tensor<2xf64>) -> tensor<?x2xf64>
  func.return %z : tensor<?x2xf64>
}

// -----

// Both operands by row; constants stand in the body; a concatenation's dimension counts one less.
// CHECK-LABEL: func.func @rows
// CHECK:         kernel.rows r = 5 read(%x[r] : tensor<5x3xf32>) write
// CHECK:           %[[C:.*]] = arith.constant 2.000000e+00 : f32
// CHECK-NEXT:      %[[S:.*]] = tensor.splat %[[C]] : tensor<3xf32>
// CHECK-NEXT:      arith.addf %{{.*}}, %[[S]] : tensor<3xf32>
// CHECK:         kernel.rows r = 5 read(%y[r] : tensor<5x3xf32>, %x[r] : tensor<5x3xf32>) write
// CHECK:           tensor.concat dim(0) %{{.*}}, %{{.*}} : (tensor<3xf32>, tensor<3xf32>) -> tensor<6xf32>
func.func @rows(%x: tensor<5x3xf32>) -> tensor<5x6xf32> {
  %c = arith.constant dense<2.0> : tensor<5x3xf32>
  %y = arith.addf %x, %c : tensor<5x3xf32>
  %z = tensor.concat dim(1) %y, %x : (tensor<5x3xf32>, tensor<5x3xf32>) -> tensor<5x6xf32>
  func.return %z : tensor<5x6xf32>
}

// -----

// A scalar, and a vector that is one row, are one row.
// CHECK-LABEL: func.func @single
// CHECK:         kernel.rows r = 1 read(%s : tensor<f32>, %s : tensor<f32>) write(%{{.*}} : tensor<f32>) {
// CHECK:         kernel.rows r = 1 read(%x : tensor<3xf32>) write(%{{.*}} : tensor<3xf32>) {
// CHECK:           mlp.softmax %{{.*}} : tensor<3xf32>
// CHECK:         kernel.rows r = 3 read(%x[r] : tensor<3xf32>) write(%{{.*}}[r] : tensor<3xf32>) {
// CHECK:           mlp.relu %{{.*}} : tensor<f32>
func.func @single(%s: tensor<f32>, %x: tensor<3xf32>) -> (tensor<f32>, tensor<3xf32>, tensor<3xf32>) {
  %0 = arith.addf %s, %s : tensor<f32>
  %1 = mlp.softmax %x : tensor<3xf32>
  %2 = mlp.relu %x : tensor<3xf32>
  func.return %0, %1, %2 : tensor<f32>, tensor<3xf32>, tensor<3xf32>
}

// -----

// Gathers read through the edge list; sums add their signed row at both ends.
// CHECK-LABEL: func.func @graph
// CHECK:         %g = kernel.rows r = %m read(%x[%e[r, 1]] : tensor<?x3xf32>) write(%{{.*}}[r] : tensor<?x3xf32>) {
// CHECK:         %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:    %[[Y:.*]] = tensor.splat %[[ZERO]][%n] : tensor<?x3xf32>
// CHECK-NEXT:    %s = kernel.rows r = %m read(%g[r] : tensor<?x3xf32>) add(%[[Y]][%e[r, 0] | %e[r, 1]] : tensor<?x3xf32>) {
// CHECK:           %[[M:.*]] = arith.negf %[[V:.*]] : tensor<3xf32>
// CHECK-NEXT:      kernel.yield %[[V]], %[[M]]
// CHECK:         kernel.rows r = %m read(%g
// CHECK-SAME:    add(%{{.*}}[%e[r, 0]] : tensor<?x3xf32>, %{{.*}}[%e[r, 0]] : tensor<?xf32>)
// CHECK:         kernel.rows r = %n
// CHECK:           arith.divf
// CHECK:           arith.select
// CHECK:         arith.constant 0xff800000 : f32
// CHECK:         kernel.rows r = %m
// CHECK-SAME:    max(%{{.*}}[%e[r, 1]] : tensor<?x3xf32>) add(%{{.*}}[%e[r, 1]] : tensor<?xf32>)
func.func @graph(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %x: tensor<?x3xf32> {anamc.dims = ["n", 3 : index]}, %e: tensor<?x2xi32> {anamc.dims = ["m", 2 : index]}) -> (tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x3xf32>) {
  %g = scatter.gather %x at %e end 1 : (tensor<?x3xf32>, tensor<?x2xi32>) -> tensor<?x3xf32>
  %s = scatter.sum %g over %e onto %n signs [1, -1] : (tensor<?x3xf32>, tensor<?x2xi32>, index) -> tensor<?x3xf32>
  %a = scatter.mean %g over %e onto %n signs [1, 0] : (tensor<?x3xf32>, tensor<?x2xi32>, index) -> tensor<?x3xf32>
  %b = scatter.max %g over %e onto %n signs [0, -1] : (tensor<?x3xf32>, tensor<?x2xi32>, index) -> tensor<?x3xf32>
  func.return %a, %b, %s : tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x3xf32>
}

// -----

// A mean adds a part of each row to the whole; an operation without a reader goes.
// CHECK-LABEL: func.func @mean
// CHECK:         %y = kernel.rows r = %n read(%x[r] : tensor<?xf32>) add(%i : tensor<f32>) {
// CHECK:           %[[F:.*]] = arith.constant 2.500000e-01 : f32
// CHECK:           %[[N:.*]] = arith.sitofp
// CHECK-NEXT:      arith.divf %[[F]], %[[N]] : f32
// CHECK-NOT:     mlp.silu
func.func @mean(%n: index {anamc.name = "n"}, %x: tensor<?xf32> {anamc.dims = ["n"]}, %i: tensor<f32>) -> tensor<f32> {
  %unused = mlp.silu %x : tensor<?xf32>
  %y = mlp.mean %x times 0.25 onto %i : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  func.return %y : tensor<f32>
}

// -----

// A constant that is returned is written by a kernel.
// CHECK-LABEL: func.func @constants
// CHECK:         kernel.rows r = 2 write(%{{.*}}[r] : tensor<2x3xf32>) {
// CHECK:           arith.constant 5.000000e-01 : f32
// CHECK:         kernel.rows r = 1 write(%{{.*}} : tensor<f32>) {
func.func @constants() -> (tensor<2x3xf32>, tensor<f32>) {
  %h = arith.constant 0.5 : f32
  %0 = tensor.splat %h : tensor<2x3xf32>
  %1 = arith.constant dense<0.0> : tensor<f32>
  func.return %0, %1 : tensor<2x3xf32>, tensor<f32>
}

// -----

// A nest becomes rows over an iterator that every result is written by.
// CHECK-LABEL: func.func @nest_rows
// CHECK:         kernel.rows r = 4 read(%x[r] : tensor<4x3xf32>) write(%{{.*}}[r] : tensor<4xf32>) {
// CHECK:           nest.map (
func.func @nest_rows(%x: tensor<4x3xf32>) -> tensor<4xf32> {
  %c = arith.constant 0.0 : f32
  %0 = tensor.splat %c : tensor<4xf32>
  %1 = nest.map (i = 4, j = 3) read(%x[i, j] : tensor<4x3xf32>) add(%0[i] : tensor<4xf32>) {
  ^bb0(%i: index, %j: index, %v: f32):
    nest.yield %v : f32
  }
  func.return %1 : tensor<4xf32>
}

// -----

// CHECK-LABEL: func.func @no_rows_as_iterations_meet
// CHECK:         kernel.rows r = 1 read(%x : tensor<4xf32>) write(%{{.*}} : tensor<2xf32>) {
func.func @no_rows_as_iterations_meet(%x: tensor<4xf32>) -> tensor<2xf32> {
  %c = arith.constant 0.0 : f32
  %0 = tensor.splat %c : tensor<2xf32>
  %1 = nest.map (i = 4) read(%x[i] : tensor<4xf32>) max(%0[i mod 2] : tensor<2xf32>) {
  ^bb0(%i: index, %v: f32):
    nest.yield %v : f32
  }
  func.return %1 : tensor<2xf32>
}

// -----

// CHECK-LABEL: func.func @no_kernel_as_it_is_one
// CHECK-COUNT-1: kernel.rows
// CHECK-NOT:     kernel.rows
func.func @no_kernel_as_it_is_one(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tensor.empty() : tensor<4xf32>
  %y = kernel.rows r = 4 read(%x[r] : tensor<4xf32>) write(%0[r] : tensor<4xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %y : tensor<4xf32>
}

// -----

// Each result of a nest in its own way: rows of its own, at `[2 r + 1]` too; a sum over all rows.
// CHECK-LABEL: func.func @results
// CHECK:         kernel.rows r = 4
// CHECK-SAME:      write(%{{.*}}[r] : tensor<4x3xf32>, %{{.*}}[r * 2 + 1] : tensor<9xf32>) add(%{{.*}} : tensor<3xf32>) {
func.func @results(%x: tensor<4x3xf32>, %y0: tensor<9xf32>) -> (tensor<4x3xf32>, tensor<9xf32>, tensor<3xf32>) {
  %c = arith.constant 0.0 : f32
  %a0 = tensor.empty() : tensor<4x3xf32>
  %b0 = tensor.splat %c : tensor<3xf32>
  %a, %y, %b = nest.map (i = 4, j = 3) read(%x[i, j] : tensor<4x3xf32>) set(%a0[i, j] : tensor<4x3xf32>) add(%y0[2 * i + 1] : tensor<9xf32>) add(%b0[j] : tensor<3xf32>) {
  ^bb0(%i: index, %j: index, %v: f32):
    nest.yield %v, %v, %v : f32, f32, f32
  }
  func.return %a, %y, %b : tensor<4x3xf32>, tensor<9xf32>, tensor<3xf32>
}

// -----

// Winners of rows are numbered as in the whole nest.
// CHECK-LABEL: func.func @winners
// CHECK:         kernel.rows r = 4
// CHECK:           %{{.*}}, %[[WITHIN:.*]] = nest.map (j = 3) {{.*}} max(%{{.*}} : tensor<f32> arg) {
// CHECK:           nest.map () read(%[[WITHIN]] : tensor<i64>) set(
// CHECK:             arith.muli %r, %{{.*}} : index
func.func @winners(%x: tensor<4x3xf32>, %y0: tensor<4xf32>) -> tensor<4xi64> {
  %y, %w = nest.map (i = 4, j = 3) read(%x[i, j] : tensor<4x3xf32>) max(%y0[i] : tensor<4xf32> arg) {
  ^bb0(%i: index, %j: index, %v: f32):
    nest.yield %v : f32
  }
  func.return %w : tensor<4xi64>
}

// -----

// Rows one after the other: a kernel a part, each into its rows.
// CHECK-LABEL: func.func @below
// CHECK:         %[[E:.*]] = tensor.empty() : tensor<7x2xf32>
// CHECK:         %[[A:.*]] = kernel.rows r = 4 read(%x[r] : tensor<4x2xf32>) write(%[[E]][r] : tensor<7x2xf32>) {
// CHECK:         %[[B:.*]] = kernel.rows r = 3 read(%y[r] : tensor<3x2xf32>, %[[A]][r + 4] : tensor<7x2xf32>) write(%[[A]][r + 4] : tensor<7x2xf32>) {
// CHECK:         func.return %[[B]]
func.func @below(%x: tensor<4x2xf32>, %y: tensor<3x2xf32>) -> tensor<7x2xf32> {
  %z = tensor.concat dim(0) %x, %y : (tensor<4x2xf32>, tensor<3x2xf32>) -> tensor<7x2xf32>
  func.return %z : tensor<7x2xf32>
}

// -----

// In loops and branches too; constants that they start from or give are written.
// CHECK-LABEL: func.func @loops
// CHECK:         %[[ZERO:.*]] = kernel.rows r = 3 write(
// CHECK:         scf.for %{{.*}} iter_args(%{{.*}} = %[[ZERO]]) -> (tensor<3xf64>) {
// CHECK:           %[[T:.*]] = kernel.rows r = 3
// CHECK-NEXT:      ^bb0
// CHECK-NEXT:        math.sin
// CHECK:           scf.if
// CHECK-NEXT:        scf.yield %[[T]]
// CHECK:           } else {
// CHECK:             %[[C:.*]] = kernel.rows r = 3 write(
// CHECK:             scf.yield %[[C]]
func.func @loops(%n: index {anamc.name = "n"}) -> tensor<3xf64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %z = arith.constant dense<0.0> : tensor<3xf64>
  %y = scf.for %i = %zero to %n step %one iter_args(%s = %z) -> (tensor<3xf64>) {
    %t = math.sin %s : tensor<3xf64>
    %c = arith.cmpi eq, %i, %zero : index
    %u = scf.if %c -> (tensor<3xf64>) {
      scf.yield %t : tensor<3xf64>
    } else {
      %d = arith.constant dense<1.0> : tensor<3xf64>
      scf.yield %d : tensor<3xf64>
    }
    scf.yield %u : tensor<3xf64>
  }
  func.return %y : tensor<3xf64>
}
