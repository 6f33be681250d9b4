// RUN: anamc-opt %s -p slice-nests --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// One too far in the last round.
// CHECK: slice-nests: index 0 of 'y' in 'nest.map' at {{.*}}slice-nests-invalid.mlir:{{[0-9]+}}:{{[0-9]+}} changes in a loop, and is not known to be inside; only indices outside of loops are checked while a function runs
func.func @f(%n: index {anamc.name = "n"}, %y: tensor<?xf64> {anamc.name = "y", anamc.dims = ["n"]}, %x: tensor<f64> {anamc.name = "x"}) -> tensor<f64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %e = tensor.empty() : tensor<f64>
  %z = scf.for %k = %zero to %n step %one iter_args(%s = %x) -> (tensor<f64>) {
    %a = nest.map () read(%y[%k + 1] : tensor<?xf64>) set(%e : tensor<f64>) {
    ^bb0(%v: f64):
      nest.yield %v : f64
    }
    scf.yield %a : tensor<f64>
  }
  func.return %z : tensor<f64>
}

// -----

// A loop that starts below 0.
// CHECK: slice-nests: index 0 of 'y' in 'nest.map' at {{.*}}slice-nests-invalid.mlir:{{[0-9]+}}:{{[0-9]+}} changes in a loop
func.func @f(%n: index {anamc.name = "n"}, %y: tensor<?xf64> {anamc.name = "y", anamc.dims = ["n"]}, %x: tensor<f64> {anamc.name = "x"}) -> tensor<f64> {
  %low = arith.constant -1 : index
  %one = arith.constant 1 : index
  %e = tensor.empty() : tensor<f64>
  %z = scf.for %k = %low to %n step %one iter_args(%s = %x) -> (tensor<f64>) {
    %a = nest.map () read(%y[%k] : tensor<?xf64>) set(%e : tensor<f64>) {
    ^bb0(%v: f64):
      nest.yield %v : f64
    }
    scf.yield %a : tensor<f64>
  }
  func.return %z : tensor<f64>
}

// -----

// A table that a loop computes.
// CHECK: slice-nests: index 0 of 'y' in 'nest.map' at {{.*}}slice-nests-invalid.mlir:{{[0-9]+}}:{{[0-9]+}} changes in a loop
func.func @f(%y: tensor<5xf64> {anamc.name = "y"}, %x: tensor<5xi64> {anamc.name = "x"}) -> tensor<5xi64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %e = tensor.empty() : tensor<5xf64>
  %z = scf.for %k = %zero to %one step %one iter_args(%s = %x) -> (tensor<5xi64>) {
    %a = nest.map (i = 5) read(%y[%s[i]] : tensor<5xf64>) set(%e[i] : tensor<5xf64>) {
    ^bb0(%i: index, %v: f64):
      nest.yield %v : f64
    }
    scf.yield %s : tensor<5xi64>
  }
  func.return %z : tensor<5xi64>
}

// -----

// Edges that a loop carries.
// CHECK: slice-nests: the edges of 'scatter.gather' at {{.*}}slice-nests-invalid.mlir:{{[0-9]+}}:{{[0-9]+}} are computed, and could point at no node
func.func @f(%x: tensor<5x1xf64> {anamc.name = "x"}, %e: tensor<4x2xi32> {anamc.name = "e"}) -> tensor<4x2xi32> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %z = scf.for %k = %zero to %one step %one iter_args(%s = %e) -> (tensor<4x2xi32>) {
    %a = scatter.gather %x at %s end 0 : (tensor<5x1xf64>, tensor<4x2xi32>) -> tensor<4x1xf64>
    scf.yield %s : tensor<4x2xi32>
  }
  func.return %z : tensor<4x2xi32>
}
