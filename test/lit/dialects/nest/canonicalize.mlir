// RUN: anamc-opt %s -p canonicalize --split-input-file | filecheck %s

// Reads that the body does not use go, and the table and the size that only they needed.
// CHECK-LABEL: func.func @unused_read
// CHECK:         nest.map (i = 4) read(%x[i] : tensor<4xf32>) add(%y[i] : tensor<4xf32>) {
// CHECK-NEXT:    ^bb0(%i: index, %v: f32):
func.func @unused_read(%n: index, %t: tensor<4xi32>, %x: tensor<4xf32>, %z: tensor<?xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = nest.map (i = 4) read(%z[%t[i] + %n] : tensor<?xf32>, %x[i] : tensor<4xf32>) add(%y[i] : tensor<4xf32>) {
  ^bb0(%i: index, %w: f32, %v: f32):
    %dead = arith.addf %w, %v : f32
    nest.yield %v : f32
  }
  func.return %0 : tensor<4xf32>
}

// -----

// The same element is read once.
// CHECK-LABEL: func.func @same_read
// CHECK:         nest.map (i = 3) read(%x[i] : tensor<4xf32>, %x[i + 1] : tensor<4xf32>) add(%y[i] : tensor<4xf32>) {
// CHECK-NEXT:    ^bb0(%i: index, %a: f32, %c: f32):
// CHECK-NEXT:      arith.mulf %a, %a
func.func @same_read(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = nest.map (i = 3) read(%x[i] : tensor<4xf32>, %x[i] : tensor<4xf32>, %x[i + 1] : tensor<4xf32>) add(%y[i] : tensor<4xf32>) {
  ^bb0(%i: index, %a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %q = arith.addf %p, %c : f32
    nest.yield %q : f32
  }
  func.return %0 : tensor<4xf32>
}

// -----

// Results that nobody uses go, with what only they need; winners stay with theirs.
// CHECK-LABEL: func.func @unused_result
// CHECK:         %{{.*}}, %[[W:.*]] = nest.map (i = 4) read(%x[i] : tensor<4xf32>) max(%h : tensor<f32> arg) {
// CHECK-NEXT:    ^bb0(%i: index, %v: f32):
// CHECK-NEXT:      nest.yield %v : f32
// CHECK:         func.return %[[W]] : tensor<i64>
func.func @unused_result(%x: tensor<4xf32>, %z: tensor<4xf32>, %y: tensor<4xf32>, %h: tensor<f32>, %l: tensor<f32>) -> tensor<i64> {
  %0, %1, %2, %low, %high = nest.map (i = 4) read(%x[i] : tensor<4xf32>, %z[i] : tensor<4xf32>) add(%y[i] : tensor<4xf32>) min(%l : tensor<f32> arg) max(%h : tensor<f32> arg) {
  ^bb0(%i: index, %v: f32, %w: f32):
    %p = arith.mulf %v, %w : f32
    nest.yield %p, %p, %v : f32, f32, f32
  }
  func.return %high : tensor<i64>
}

// -----

// A winner that nobody asks for.
// CHECK-LABEL: func.func @unused_winner
// CHECK:         nest.map (i = 4) read(%x[i] : tensor<4xf32>) max(%h : tensor<f32>) {
func.func @unused_winner(%x: tensor<4xf32>, %h: tensor<f32>) -> tensor<f32> {
  %0, %1 = nest.map (i = 4) read(%x[i] : tensor<4xf32>) max(%h : tensor<f32> arg) {
  ^bb0(%i: index, %v: f32):
    nest.yield %v : f32
  }
  func.return %0 : tensor<f32>
}

// -----

// Copies of whole tensors are the tensors, at run-time sizes where the ranges are those of the tensor read.
// CHECK-LABEL: func.func @copies
// CHECK-NEXT:    func.return %x, %z : tensor<4x3xf32>, tensor<?xf32>
func.func @copies(%x: tensor<4x3xf32>, %z: tensor<?xf32>, %n: index) -> (tensor<4x3xf32>, tensor<?xf32>) {
  %0 = tensor.empty() : tensor<4x3xf32>
  %1 = nest.map (i = 4, j = 3) read(%x[i, j] : tensor<4x3xf32>) set(%0[i, j] : tensor<4x3xf32>) {
  ^bb0(%i: index, %j: index, %v: f32):
    nest.yield %v : f32
  }
  %c = arith.constant 0 : index
  %m = tensor.dim %z, %c : tensor<?xf32>
  %2 = tensor.empty(%m) : tensor<?xf32>
  %3 = nest.map (i = %m) read(%z[i] : tensor<?xf32>) set(%2[i] : tensor<?xf32>) {
  ^bb0(%i: index, %v: f32):
    nest.yield %v : f32
  }
  func.return %1, %3 : tensor<4x3xf32>, tensor<?xf32>
}

// -----

// No copies: part of the tensor, at other places, behind a guard, and a range that may be another.
// CHECK-LABEL: func.func @no_copies
// CHECK-COUNT-4: nest.map
func.func @no_copies(%x: tensor<4x4xf32>, %y: tensor<4x4xf32>, %z: tensor<?xf32>, %u: tensor<?xf32>, %n: index) -> (tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<?xf32>) {
  %0 = nest.map (i = 4, j = 3) read(%x[i, j] : tensor<4x4xf32>) set(%y[i, j] : tensor<4x4xf32>) {
  ^bb0(%i: index, %j: index, %v: f32):
    nest.yield %v : f32
  }
  %1 = nest.map (i = 4, j = 4) read(%x[j, i] : tensor<4x4xf32>) set(%y[i, j] : tensor<4x4xf32>) {
  ^bb0(%i: index, %j: index, %v: f32):
    nest.yield %v : f32
  }
  %2 = nest.map (i = 4, j = 4) where(i - j >= 0) read(%x[i, j] : tensor<4x4xf32>) set(%y[i, j] : tensor<4x4xf32>) {
  ^bb0(%i: index, %j: index, %v: f32):
    nest.yield %v : f32
  }
  %3 = nest.map (i = %n) read(%z[i] : tensor<?xf32>) set(%u[i] : tensor<?xf32>) {
  ^bb0(%i: index, %v: f32):
    nest.yield %v : f32
  }
  func.return %0, %1, %2, %3 : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<?xf32>
}

// -----

// Iterators that are always 0 go, in tables, guards and the body too.
// CHECK-LABEL: func.func @unit
// CHECK:         nest.map (j = %n) where(%n + j * -2 >= 0) read(%x[0, %t[j]] : tensor<4x?xf32>) add(%y[j] : tensor<?xindex>) {
// CHECK-NEXT:    ^bb0(%j: index, %v: f32):
// CHECK:           %[[S:.*]] = arith.addi %{{.*}}, %j : index
// CHECK-NEXT:      nest.yield %[[S]]
func.func @unit(%n: index, %t: tensor<?xi32>, %x: tensor<4x?xf32>, %y: tensor<?xindex>) -> tensor<?xindex> {
  %0 = nest.map (i = 1, j = %n, k = 1) where(%n + i - 2 * j >= 0) read(%x[3 * i + k, %t[j + 2 * k]] : tensor<4x?xf32>) add(%y[(4 * j + i) floordiv 4] : tensor<?xindex>) {
  ^bb0(%i: index, %j: index, %k: index, %v: f32):
    %c = arith.fptosi %v : f32 to i32
    %d = arith.index_cast %c : i32 to index
    %s = arith.addi %d, %j : index
    %u = arith.addi %s, %i : index
    nest.yield %u : index
  }
  func.return %0 : tensor<?xindex>
}

// -----

// A tensor that is one constant everywhere is that constant.
// CHECK-LABEL: func.func @constants
// CHECK:         nest.map (i = 4) add(%y[i] : tensor<4xf32>) {
// CHECK-NEXT:    ^bb0(%i: index):
// CHECK-NEXT:      %[[A:.*]] = arith.constant 3.000000e+00 : f32
// CHECK-NEXT:      nest.yield %[[A]]
func.func @constants(%y: tensor<4xf32>) -> tensor<4xf32> {
  %c = arith.constant 1.0 : f32
  %x = tensor.splat %c : tensor<4xf32>
  %z = arith.constant dense<2.0> : tensor<4xf32>
  %0 = nest.map (i = 4) read(%x[i] : tensor<4xf32>, %z[i] : tensor<4xf32>) add(%y[i] : tensor<4xf32>) {
  ^bb0(%i: index, %a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    nest.yield %s : f32
  }
  func.return %0 : tensor<4xf32>
}

// -----

// No iteration: ranges of 0, guards that never hold.
// CHECK-LABEL: func.func @empty
// CHECK-NOT:     nest.map
// CHECK:         func.return %y, %y, %{{.*}} : tensor<4xf32>, tensor<4xf32>, tensor<4xi64>
func.func @empty(%n: index, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xi64>) {
  %c = arith.constant 1.0 : f32
  %0 = nest.map (i = %n, j = 0) add(%y[j] : tensor<4xf32>) {
  ^bb0(%i: index, %j: index):
    nest.yield %c : f32
  }
  %1, %2 = nest.map (i = 4) where(i - 4 >= 0) max(%y[i] : tensor<4xf32> arg) {
  ^bb0(%i: index):
    nest.yield %c : f32
  }
  func.return %0, %1, %2 : tensor<4xf32>, tensor<4xf32>, tensor<4xi64>
}

// -----

// Guards that always hold go.
// CHECK-LABEL: func.func @guards
// CHECK:         nest.map (i = 4, j = %n) where(j + -1 >= 0) read
func.func @guards(%n: index, %x: tensor<?xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = nest.map (i = 4, j = %n) where(3 - i >= 0, j - 1 >= 0, j floordiv 2 + i >= 0) read(%x[j] : tensor<?xf32>) add(%y[i] : tensor<4xf32>) {
  ^bb0(%i: index, %j: index, %v: f32):
    nest.yield %v : f32
  }
  func.return %0 : tensor<4xf32>
}
