// RUN: anamc-opt %s -p 'convert-nest-to-linalg{strict=true}' --split-input-file --verify-diagnostics | filecheck %s

// CHECK: convert-nest-to-linalg: a nest cannot be converted: it reads an index table
func.func @table(%x: tensor<8xf64>, %t: tensor<5xi32>, %y0: tensor<5xf64>) -> tensor<5xf64> {
  %y = nest.map (e = 5) read(%x[%t[e]] : tensor<8xf64>) set(%y0[e] : tensor<5xf64>) {
  ^bb0(%e: index, %a: f64):
    nest.yield %a : f64
  }
  func.return %y : tensor<5xf64>
}

// -----

// CHECK: convert-nest-to-linalg: a nest cannot be converted: it has guards
func.func @guards(%x: tensor<5xf64>, %y0: tensor<5xf64>) -> tensor<5xf64> {
  %y = nest.map (i = 5) where(i - 2 >= 0) read(%x[i] : tensor<5xf64>) set(%y0[i] : tensor<5xf64>) {
  ^bb0(%i: index, %a: f64):
    nest.yield %a : f64
  }
  func.return %y : tensor<5xf64>
}

// -----

// CHECK: convert-nest-to-linalg: a nest cannot be converted: it asks for the winning iteration of a result
func.func @winner(%x: tensor<5xf64>, %y0: tensor<f64>) -> tensor<i64> {
  %y, %a = nest.map (i = 5) read(%x[i] : tensor<5xf64>) max(%y0 : tensor<f64> arg) {
  ^bb0(%i: index, %v: f64):
    nest.yield %v : f64
  }
  func.return %a : tensor<i64>
}
