// RUN: anamc-opt %s -p 'reorder-rows' --split-input-file | filecheck %s

// Edges and nodes: every array of a set, results too, and the numbers in the table.
// CHECK-LABEL: func.func @mesh
// CHECK-SAME:    %w: tensor<3xf32> {anamc.name = "w", anamc.dims = [3 : i64]}
// CHECK-SAME:    %x: tensor<?x3xf32> {anamc.name = "x", anamc.dims = ["n", 3 : i64], anamc.order = "n"}
// CHECK-SAME:    %v: tensor<?xf32> {anamc.name = "v", anamc.dims = ["m"], anamc.order = "m"}
// CHECK-SAME:    %e: tensor<?x2xi32> {anamc.name = "e", anamc.dims = ["m", 2 : i64], anamc.order = "m", anamc.numbers = ["n", "n"]}
// CHECK-SAME:    %p: tensor<?x2xi32> {anamc.name = "p", anamc.dims = ["m ceildiv 64 + 1", 2 : i64]}
// CHECK-SAME:    -> (tensor<?x3xf32> {anamc.name = "a", anamc.dims = ["n", 3 : i64], anamc.order = "n"}, tensor<?x3xf32> {anamc.name = "b", anamc.dims = ["m", 3 : i64], anamc.order = "m"})
func.func @mesh(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %w: tensor<3xf32> {anamc.name = "w", anamc.dims = [3]}, %x: tensor<?x3xf32> {anamc.name = "x", anamc.dims = ["n", 3]}, %v: tensor<?xf32> {anamc.name = "v", anamc.dims = ["m"]}, %e: tensor<?x2xi32> {anamc.name = "e", anamc.dims = ["m", 2]}, %p: tensor<?x2xi32> {anamc.name = "p", anamc.dims = ["m ceildiv 64 + 1", 2]}) -> (tensor<?x3xf32> {anamc.name = "a", anamc.dims = ["n", 3]}, tensor<?x3xf32> {anamc.name = "b", anamc.dims = ["m", 3]}) {
  %z = arith.constant 0.0 : f32
  %0 = tensor.splat %z[%n] : tensor<?x3xf32>
  %1 = tensor.empty(%m) : tensor<?x3xf32>
  %a, %b = kernel.rows r = %m read(%x[%e[r, 1]] : tensor<?x3xf32>, %v[r] : tensor<?xf32>, %w : tensor<3xf32>) add(%0[%e[r, 0] | %e[r, 1]] : tensor<?x3xf32>) write(%1[r] : tensor<?x3xf32>) plan(%p : tensor<?x2xi32> by 64) {
  ^bb0(%r: index, %s: tensor<3xf32>, %u: tensor<f32>, %q: tensor<3xf32>):
    kernel.yield %s, %s, %q : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
  }
  func.return %a, %b : tensor<?x3xf32>, tensor<?x3xf32>
}

// -----

// A column that numbers something of a fixed size keeps its numbers; sums over blocks of rows hold nothing.
// CHECK-LABEL: func.func @kinds
// CHECK-SAME:    anamc.name = "k", anamc.dims = [5 : i64]}
// CHECK-SAME:    anamc.name = "e", anamc.dims = ["m", 2 : i64], anamc.order = "m", anamc.numbers = ["", "n"]}
func.func @kinds(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %k: tensor<5xf32> {anamc.name = "k", anamc.dims = [5]}, %e: tensor<?x2xi32> {anamc.name = "e", anamc.dims = ["m", 2]}, %p: tensor<?x2xi32> {anamc.name = "p", anamc.dims = ["m ceildiv 64 + 1", 2]}) -> (tensor<?xf32> {anamc.name = "a", anamc.dims = ["n"]}) {
  %z = arith.constant 0.0 : f32
  %64 = arith.constant 64 : index
  %blocks = arith.ceildivsi %m, %64 : index
  %0 = tensor.splat %z[%n] : tensor<?xf32>
  %1 = tensor.splat %z[%blocks] : tensor<?xf32>
  %a, %b = kernel.rows r = %m read(%k[%e[r, 0]] : tensor<5xf32>) add(%0[%e[r, 1]] : tensor<?xf32>, %1[r floordiv 64] : tensor<?xf32>) plan(%p : tensor<?x2xi32> by 64) {
  ^bb0(%r: index, %s: tensor<f32>):
    kernel.yield %s, %s : tensor<f32>, tensor<f32>
  }
  func.return %a : tensor<?xf32>
}

// -----

// A kernel that sees the number of its row: edges stay, nodes may move.
// CHECK-LABEL: func.func @row_number
// CHECK-SAME:    anamc.name = "e", anamc.dims = ["m"], anamc.numbers = ["n"]}
// CHECK-SAME:    anamc.name = "a", anamc.dims = ["n"], anamc.order = "n"}
func.func @row_number(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %e: tensor<?xi32> {anamc.name = "e", anamc.dims = ["m"]}, %p: tensor<?x2xi32> {anamc.name = "p", anamc.dims = ["m ceildiv 64 + 1", 2]}) -> (tensor<?xf32> {anamc.name = "a", anamc.dims = ["n"]}) {
  %z = arith.constant 0.0 : f32
  %0 = tensor.splat %z[%n] : tensor<?xf32>
  %a = kernel.rows r = %m read() add(%0[%e[r]] : tensor<?xf32>) plan(%p : tensor<?x2xi32> by 64) {
  ^bb0(%r: index):
    %i = arith.index_cast %r : index to i32
    %f = arith.sitofp %i : i32 to f32
    %t = tensor.from_elements %f : tensor<f32>
    kernel.yield %t : tensor<f32>
  }
  func.return %a : tensor<?xf32>
}

// -----

// Nodes stay: a neighbour in memory; edges may move.
// CHECK-LABEL: func.func @stencil
// CHECK-SAME:    anamc.name = "x", anamc.dims = ["n"]}
// CHECK-SAME:    anamc.name = "e", anamc.dims = ["m"], anamc.order = "m"}
// CHECK-SAME:    anamc.name = "a", anamc.dims = ["n"]}
func.func @stencil(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %x: tensor<?xf32> {anamc.name = "x", anamc.dims = ["n"]}, %e: tensor<?xi32> {anamc.name = "e", anamc.dims = ["m"]}, %p: tensor<?x2xi32> {anamc.name = "p", anamc.dims = ["m ceildiv 64 + 1", 2]}) -> (tensor<?xf32> {anamc.name = "a", anamc.dims = ["n"]}) {
  %z = arith.constant 0.0 : f32
  %0 = tensor.splat %z[%n] : tensor<?xf32>
  %1 = kernel.rows r = %m read(%x[%e[r]] : tensor<?xf32>) add(%0[%e[r]] : tensor<?xf32>) plan(%p : tensor<?x2xi32> by 64) {
  ^bb0(%r: index, %s: tensor<f32>):
    kernel.yield %s : tensor<f32>
  }
  %a = kernel.rows r = %n read(%1[(r + 1) mod 4] : tensor<?xf32>) write(%0[r] : tensor<?xf32>) {
  ^bb0(%r: index, %s: tensor<f32>):
    kernel.yield %s : tensor<f32>
  }
  func.return %a : tensor<?xf32>
}

// -----

// Numbers that the body sees, or that are returned, stay as they are; so does what they number.
// CHECK-LABEL: func.func @seen
// CHECK-SAME:    anamc.name = "e", anamc.dims = ["m"], anamc.order = "m"}
// CHECK-SAME:    anamc.name = "f", anamc.dims = ["m"], anamc.order = "m"}
// CHECK-SAME:    anamc.name = "a", anamc.dims = ["n"]}
// CHECK-SAME:    anamc.name = "b", anamc.dims = ["k"]}
func.func @seen(%n: index {anamc.name = "n"}, %k: index {anamc.name = "k"}, %m: index {anamc.name = "m"}, %e: tensor<?xi32> {anamc.name = "e", anamc.dims = ["m"]}, %f: tensor<?xi32> {anamc.name = "f", anamc.dims = ["m"]}, %p: tensor<?x2xi32> {anamc.name = "p", anamc.dims = ["m ceildiv 64 + 1", 2]}) -> (tensor<?xf32> {anamc.name = "a", anamc.dims = ["n"]}, tensor<?xf32> {anamc.name = "b", anamc.dims = ["k"]}, tensor<?xi32> {anamc.name = "c", anamc.dims = ["m"]}) {
  %z = arith.constant 0.0 : f32
  %0 = tensor.splat %z[%n] : tensor<?xf32>
  %1 = tensor.splat %z[%k] : tensor<?xf32>
  %a, %b = kernel.rows r = %m read(%e[r] : tensor<?xi32>) add(%0[%e[r]] : tensor<?xf32>, %1[%f[r]] : tensor<?xf32>) plan(%p : tensor<?x2xi32> by 64) {
  ^bb0(%r: index, %s: tensor<i32>):
    %i = tensor.extract %s[] : tensor<i32>
    %g = arith.sitofp %i : i32 to f32
    %t = tensor.from_elements %g : tensor<f32>
    kernel.yield %t, %t : tensor<f32>, tensor<f32>
  }
  func.return %a, %b, %f : tensor<?xf32>, tensor<?xf32>, tensor<?xi32>
}

// -----

// All nodes at once, a column that numbers two sets, a set in a second dimension: those stay.
// CHECK-LABEL: func.func @several
// CHECK-SAME:    anamc.name = "x", anamc.dims = ["n"]}
// CHECK-SAME:    anamc.name = "d", anamc.dims = ["m", "k"], anamc.order = "m"}
// CHECK-SAME:    anamc.name = "e", anamc.dims = ["m"], anamc.order = "m"}
// CHECK-SAME:    anamc.name = "f", anamc.dims = ["m"], anamc.order = "m"}
// CHECK-SAME:    anamc.name = "a", anamc.dims = ["l"]}
func.func @several(%n: index {anamc.name = "n"}, %k: index {anamc.name = "k"}, %l: index {anamc.name = "l"}, %m: index {anamc.name = "m"}, %x: tensor<?xf32> {anamc.name = "x", anamc.dims = ["n"]}, %d: tensor<?x?xf32> {anamc.name = "d", anamc.dims = ["m", "k"]}, %e: tensor<?xi32> {anamc.name = "e", anamc.dims = ["m"]}, %f: tensor<?xi32> {anamc.name = "f", anamc.dims = ["m"]}, %p: tensor<?x2xi32> {anamc.name = "p", anamc.dims = ["m ceildiv 64 + 1", 2]}) -> (tensor<?xf32> {anamc.name = "a", anamc.dims = ["l"]}) {
  %z = arith.constant 0.0 : f32
  %0 = tensor.splat %z[%l] : tensor<?xf32>
  %1 = tensor.splat %z[%k] : tensor<?xf32>
  %2 = tensor.splat %z[%n] : tensor<?xf32>
  %a, %b, %c = kernel.rows r = %m read(%x : tensor<?xf32>, %d[r] : tensor<?x?xf32>) add(%0[%e[r]] : tensor<?xf32>, %1[%f[r]] : tensor<?xf32>, %2[%e[r]] : tensor<?xf32>) plan(%p : tensor<?x2xi32> by 64) {
  ^bb0(%r: index, %s: tensor<?xf32>, %g: tensor<?xf32>):
    %t = tensor.splat %z : tensor<f32>
    kernel.yield %t, %t, %t : tensor<f32>, tensor<f32>, tensor<f32>
  }
  func.return %a : tensor<?xf32>
}

// -----

// Without a plan there is nothing to gain.
// CHECK-LABEL: func.func @unplanned
// CHECK-NOT:     anamc.order
func.func @unplanned(%n: index {anamc.name = "n"}, %x: tensor<?xf32> {anamc.name = "x", anamc.dims = ["n"]}) -> (tensor<?xf32> {anamc.name = "a", anamc.dims = ["n"]}) {
  %0 = tensor.empty(%n) : tensor<?xf32>
  %a = kernel.rows r = %n read(%x[r] : tensor<?xf32>) write(%0[r] : tensor<?xf32>) {
  ^bb0(%r: index, %s: tensor<f32>):
    kernel.yield %s : tensor<f32>
  }
  func.return %a : tensor<?xf32>
}

// -----

// Rows along those of another size, and numbers read from a table of another size: nobody knows whether they are one set.
// CHECK-LABEL: func.func @unequal
// CHECK-SAME:    anamc.name = "x", anamc.dims = ["l"]}
// CHECK-SAME:    anamc.name = "v", anamc.dims = ["m"]}
// CHECK-SAME:    anamc.name = "e", anamc.dims = ["k"], anamc.numbers = ["n"]}
func.func @unequal(%n: index {anamc.name = "n"}, %k: index {anamc.name = "k"}, %l: index {anamc.name = "l"}, %m: index {anamc.name = "m"}, %x: tensor<?xf32> {anamc.name = "x", anamc.dims = ["l"]}, %v: tensor<?xf32> {anamc.name = "v", anamc.dims = ["m"]}, %e: tensor<?xi32> {anamc.name = "e", anamc.dims = ["k"]}, %p: tensor<?x2xi32> {anamc.name = "p", anamc.dims = ["m ceildiv 64 + 1", 2]}) -> (tensor<?xf32> {anamc.name = "a", anamc.dims = ["n"]}) {
  %z = arith.constant 0.0 : f32
  %0 = tensor.splat %z[%n] : tensor<?xf32>
  %a = kernel.rows r = %m read(%x[r] : tensor<?xf32>, %v[r] : tensor<?xf32>) add(%0[%e[r]] : tensor<?xf32>) plan(%p : tensor<?x2xi32> by 64) {
  ^bb0(%r: index, %s: tensor<f32>, %t: tensor<f32>):
    kernel.yield %s : tensor<f32>
  }
  func.return %a : tensor<?xf32>
}
