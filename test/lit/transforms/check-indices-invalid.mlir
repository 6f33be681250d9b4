// RUN: anamc-opt %s -p check-indices --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// Edges that are computed.
// CHECK: check-indices: the edges of 'scatter.gather' are computed, and could point at no node; write it as 'nest.map'
func.func @f(%x: tensor<3x2xf32>) -> tensor<4x2xf32> {
  %e = arith.constant dense<7> : tensor<4x2xi32>
  %y = scatter.gather %x at %e end 1 : (tensor<3x2xf32>, tensor<4x2xi32>) -> tensor<4x2xf32>
  func.return %y : tensor<4x2xf32>
}

// -----

// A table whose size nobody can tell before a call.
// CHECK: check-indices: a table is read at d0, and its size cannot be told
func.func @g(%n: index {anamc.name = "n"}, %x: tensor<3xf32>) -> tensor<3xf32> {
  %many = arith.shli %n, %n : index
  %e = tensor.empty(%many) : tensor<?xi32>
  %c = arith.constant 0.0 : f32
  %y0 = tensor.splat %c : tensor<3xf32>
  %y = nest.map (i = 3) read(%x[%e[i]] : tensor<3xf32>) add(%y0[i] : tensor<3xf32>) {
  ^bb0(%i: index, %v: f32):
    nest.yield %v : f32
  }
  func.return %y : tensor<3xf32>
}
