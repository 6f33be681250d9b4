// RUN: anamc-opt %s -p 'convert-nest-to-linalg{strict=true}' --split-input-file --verify-diagnostics | filecheck %s

// CHECK: convert-nest-to-linalg: a nest cannot be converted: it reads an index table
func.func @table(%x: tensor<8xf64>, %t: tensor<5xi32>, %y0: tensor<5xf64>) -> tensor<5xf64> {
  %y = nest.map (e = 5) read(%x[%t[e]] : tensor<8xf64>) set(%y0[e] : tensor<5xf64>) {
  ^bb0(%e: index, %a: f64):
    nest.yield %a : f64
  }
  func.return %y : tensor<5xf64>
}
