// RUN: anamc-opt %s -p decompose-to-nest --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// Means over a run-time size.
// CHECK: decompose-to-nest: 'mlp.layer_norm' over a dimension of run-time size
func.func @f(%x: tensor<?xf32>) -> tensor<?xf32> {
  %y = mlp.layer_norm %x, %x, %x eps 1.0e-05 : (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  func.return %y : tensor<?xf32>
}
