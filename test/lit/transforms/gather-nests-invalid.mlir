// RUN: anamc-opt %s -p 'gather-nests{strict=true}' --split-input-file --verify-diagnostics | filecheck %s

// CHECK: gather-nests: a nest stays sequential: its results are reached at several places
func.func @f(%x: tensor<4x3xf64>, %t: tensor<4xi32>, %y: tensor<9xf64>, %s: tensor<f64>) {
  %0, %1 = nest.map (i = 4, j = 3) read(%x[i, j] : tensor<4x3xf64>) add(%y[i + j] : tensor<9xf64>, %y[i + 2 * j] : tensor<9xf64>) {
  ^bb0(%i: index, %j: index, %v: f64):
    nest.yield %v, %v : f64, f64
  }
  func.return
}

// -----

// CHECK: gather-nests: a nest stays sequential: it asks for the winning iteration of a result
func.func @f(%x: tensor<4x3xf64>, %t: tensor<4xi32>, %y: tensor<9xf64>, %s: tensor<f64>) {
  %0, %1 = nest.map (i = 4, j = 3) read(%x[i, j] : tensor<4x3xf64>) max(%y[i + j] : tensor<9xf64> arg) {
  ^bb0(%i: index, %j: index, %v: f64):
    nest.yield %v : f64
  }
  func.return
}

// -----

// CHECK: gather-nests: a nest stays sequential: a result is reached through an index table
func.func @f(%x: tensor<4x3xf64>, %t: tensor<4xi32>, %y: tensor<9xf64>, %s: tensor<f64>) {
  %0 = nest.map (i = 4, j = 3) read(%x[i, j] : tensor<4x3xf64>) max(%y[%t[i]] : tensor<9xf64>) {
  ^bb0(%i: index, %j: index, %v: f64):
    nest.yield %v : f64
  }
  func.return
}

// -----

// CHECK: gather-nests: a nest stays sequential: its result is one element
func.func @f(%x: tensor<4x3xf64>, %t: tensor<4xi32>, %y: tensor<9xf64>, %s: tensor<f64>) {
  %0 = nest.map (i = 4, j = 3) read(%x[i, j] : tensor<4x3xf64>) min(%s : tensor<f64>) {
  ^bb0(%i: index, %j: index, %v: f64):
    nest.yield %v : f64
  }
  func.return
}

// -----

// CHECK: gather-nests: a nest stays sequential: every iterator occurs more than once in an index
func.func @f(%x: tensor<4x3xf64>, %t: tensor<4xi32>, %y: tensor<9xf64>, %s: tensor<f64>) {
  %0 = nest.map (i = 4, j = 3) read(%x[i, j] : tensor<4x3xf64>) add(%y[(i + j) floordiv 2 + i + j] : tensor<9xf64>) {
  ^bb0(%i: index, %j: index, %v: f64):
    nest.yield %v : f64
  }
  func.return
}

// -----

// CHECK: gather-nests: a nest stays sequential: it has no iterations
func.func @f(%x: tensor<4x3xf64>, %t: tensor<4xi32>, %y: tensor<9xf64>, %s: tensor<f64>) {
  %0 = nest.map (i = 4, j = 3, k = 0) read(%x[i, j] : tensor<4x3xf64>) add(%y[i + j + k] : tensor<9xf64>) {
  ^bb0(%i: index, %j: index, %k: index, %v: f64):
    nest.yield %v : f64
  }
  func.return
}

// -----

// CHECK: gather-nests: a nest stays sequential: a remainder over a range of run-time size that is not an iterator's
func.func @f(%n: index, %x: tensor<?xf64>, %y: tensor<4xf64>) {
  %0 = nest.map (i = %n, j = 2) read(%x[i] : tensor<?xf64>) add(%y[(i + j) mod 4] : tensor<4xf64>) {
  ^bb0(%i: index, %j: index, %v: f64):
    nest.yield %v : f64
  }
  func.return
}
