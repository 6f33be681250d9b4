// RUN: anamc-opt %s | anamc-opt | filecheck %s
// RUN: anamc-opt %s --print-op-generic | anamc-opt | filecheck %s

// Every row reads its own, and the parameters whole.
// CHECK-LABEL: func.func @rows
// CHECK:         %y = kernel.rows r = %n read(%x[r] : tensor<?x3xf32>, %w : tensor<3x2xf32>, %b : tensor<2xf32>) write(%y0[r] : tensor<?x2xf32>) attributes {anamc.blocks = [3 : i64]} {
// CHECK-NEXT:    ^bb0(%r: index, %v: tensor<3xf32>, %W: tensor<3x2xf32>, %c: tensor<2xf32>):
// CHECK-NEXT:      %z = mlp.dense %v, %W, %c : (tensor<3xf32>, tensor<3x2xf32>, tensor<2xf32>) -> tensor<2xf32>
// CHECK-NEXT:      kernel.yield %z : tensor<2xf32>
// CHECK-NEXT:    }
func.func @rows(%n: index, %x: tensor<?x3xf32>, %w: tensor<3x2xf32>, %b: tensor<2xf32>, %y0: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %y = kernel.rows r = %n read(%x[r] : tensor<?x3xf32>, %w : tensor<3x2xf32>, %b : tensor<2xf32>) write(%y0[r] : tensor<?x2xf32>) attributes {anamc.blocks = [3 : i64]} {
  ^bb0(%r: index, %v: tensor<3xf32>, %W: tensor<3x2xf32>, %c: tensor<2xf32>):
    %z = mlp.dense %v, %W, %c : (tensor<3xf32>, tensor<3x2xf32>, tensor<2xf32>) -> tensor<2xf32>
    kernel.yield %z : tensor<2xf32>
  }
  func.return %y : tensor<?x2xf32>
}

// Reads through an edge list, and scatters to both ends: one value an index.
// CHECK-LABEL: func.func @edges
// CHECK:         kernel.rows r = %m read(%h[%e[r, 0]] : tensor<?x2xf32>, %h[%e[r, 1]] : tensor<?x2xf32>) add(%a0[%e[r, 0] | %e[r, 1]] : tensor<?x2xf32>) {
// CHECK:           kernel.yield %d, %l : tensor<2xf32>, tensor<2xf32>
func.func @edges(%m: index, %h: tensor<?x2xf32>, %e: tensor<?x2xi32>, %a0: tensor<?x2xf32>) {
  %a = kernel.rows r = %m read(%h[%e[r, 0]] : tensor<?x2xf32>, %h[%e[r, 1]] : tensor<?x2xf32>) add(%a0[%e[r, 0] | %e[r, 1]] : tensor<?x2xf32>) {
  ^bb0(%r: index, %l: tensor<2xf32>, %g: tensor<2xf32>):
    %d = arith.subf %g, %l : tensor<2xf32>
    kernel.yield %d, %l : tensor<2xf32>, tensor<2xf32>
  }
  func.return
}

// Sums, largest rows, sizes in an index, a constant number of rows.
// CHECK-LABEL: func.func @reductions
// CHECK:         kernel.rows r = 5 read(%x[r + %k] : tensor<?x2xf32>) add(%s0 : tensor<2xf32>) max(%s0 : tensor<2xf32>) add(%p0[r floordiv 2] : tensor<3x2xf32>) {
func.func @reductions(%k: index, %x: tensor<?x2xf32>, %s0: tensor<2xf32>, %p0: tensor<3x2xf32>) {
  %s, %h, %p = kernel.rows r = 5 read(%x[r + %k] : tensor<?x2xf32>) add(%s0 : tensor<2xf32>) max(%s0 : tensor<2xf32>) add(%p0[r floordiv 2] : tensor<3x2xf32>) {
  ^bb0(%r: index, %v: tensor<2xf32>):
    kernel.yield %v, %v, %v : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
  }
  func.return
}

// On buffers: no results.
// CHECK-LABEL: func.func @buffers
// CHECK:         kernel.rows r = %n read(%x[%t[r]] : memref<?x2xf32>) write(%y[r] : memref<?x2xf32>) {
// CHECK-NEXT:    ^bb0(%r: index, %v: tensor<2xf32>):
// CHECK-NEXT:      kernel.yield %v : tensor<2xf32>
// CHECK-NEXT:    }
func.func @buffers(%n: index, %x: memref<?x2xf32>, %t: memref<?xi32>, %y: memref<?x2xf32>) {
  kernel.rows r = %n read(%x[%t[r]] : memref<?x2xf32>) write(%y[r] : memref<?x2xf32>) {
  ^bb0(%r: index, %v: tensor<2xf32>):
    kernel.yield %v : tensor<2xf32>
  }
  func.return
}

// A plan of chunks of rows, behind what is combined.
// CHECK-LABEL: func.func @planned
// CHECK:         kernel.rows r = %n read(%x[r] : tensor<?x2xf32>) add(%y0[%e[r, 0] | %e[r, 1]] : tensor<?x2xf32>, %p0[r floordiv 64] : tensor<?x2xf32>) plan(%plan : tensor<?x2xi32> by 64) attributes {anamc.blocks = []} {
func.func @planned(%n: index, %x: tensor<?x2xf32>, %e: tensor<?x2xi32>, %y0: tensor<?x2xf32>, %p0: tensor<?x2xf32>, %plan: tensor<?x2xi32>) {
  %y, %p = kernel.rows r = %n read(%x[r] : tensor<?x2xf32>) add(%y0[%e[r, 0] | %e[r, 1]] : tensor<?x2xf32>, %p0[r floordiv 64] : tensor<?x2xf32>) plan(%plan : tensor<?x2xi32> by 64) attributes {anamc.blocks = []} {
  ^bb0(%r: index, %v: tensor<2xf32>):
    kernel.yield %v, %v, %v : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
  }
  func.return
}

// A table of rank 0: the same index for all rows.
// CHECK-LABEL: func.func @one_index
// CHECK:         kernel.rows r = %n read(%x[%t[] + 1] : tensor<?x2xf32>) write(%y0[r] : tensor<?x2xf32>) {
func.func @one_index(%n: index, %x: tensor<?x2xf32>, %t: tensor<i32>, %y0: tensor<?x2xf32>) {
  %y = kernel.rows r = %n read(%x[%t[] + 1] : tensor<?x2xf32>) write(%y0[r] : tensor<?x2xf32>) {
  ^bb0(%r: index, %v: tensor<2xf32>):
    kernel.yield %v : tensor<2xf32>
  }
  func.return
}
