// RUN: anamc-opt %s -p slice-nests --split-input-file | filecheck %s

// Entry k of a stack is read where it lies; a nest that only takes it or puts it there is gone.
// CHECK-LABEL: func.func @copies
// CHECK:         scf.for %[[K:.*]] = %{{.*}} iter_args(%[[S:.*]] = %x, %[[T:.*]] = %{{.*}})
// CHECK-NEXT:      %[[PUT:.*]] = tensor.insert_slice %[[S]] into %[[T]][%[[K]], 0] [1, 3] [1, 1] : tensor<3xf64> into tensor<5x3xf64>
// CHECK:           %[[OLD:.*]] = tensor.extract_slice %y[%[[K]], 0] [1, 3] [1, 1] : tensor<5x3xf64> to tensor<3xf64>
// CHECK-NEXT:      scf.yield %[[OLD]], %[[PUT]]
func.func @copies(%x: tensor<3xf64> {anamc.name = "x"}, %y: tensor<5x3xf64> {anamc.name = "y"}) -> tensor<5x3xf64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %n = arith.constant 5 : index
  %e = tensor.empty() : tensor<5x3xf64>
  %z, %t = scf.for %k = %zero to %n step %one iter_args(%s = %x, %stack = %e) -> (tensor<3xf64>, tensor<5x3xf64>) {
    %put = nest.map (i = 3) read(%s[i] : tensor<3xf64>) set(%stack[%k, i] : tensor<5x3xf64>) {
    ^bb0(%i: index, %v: f64):
      nest.yield %v : f64
    }
    %f = tensor.empty() : tensor<3xf64>
    %old = nest.map (i = 3) read(%y[%k, i] : tensor<5x3xf64>) set(%f[i] : tensor<3xf64>) {
    ^bb0(%i: index, %v: f64):
      nest.yield %v : f64
    }
    scf.yield %old, %put : tensor<3xf64>, tensor<5x3xf64>
  }
  func.return %t : tensor<5x3xf64>
}

// -----

// What computes stays, on entries: one that is added to starts from itself, one that is set from nothing.
// CHECK-LABEL: func.func @computes
// CHECK:         scf.for %[[K:.*]] = %{{.*}} iter_args(%[[T:.*]] = %y)
// CHECK:           %[[READ:.*]] = tensor.extract_slice %[[T]][%{{.*}}, 0] [1, 3] [1, 1]
// CHECK-NEXT:      %[[START:.*]] = tensor.extract_slice %[[T]][%[[K]], 0] [1, 3] [1, 1]
// CHECK-NEXT:      %[[SUM:.*]] = nest.map (i = 3) read(%[[READ]][i] : tensor<3xf64>) add(%[[START]][i] : tensor<3xf64>)
// CHECK:           tensor.insert_slice %[[SUM]] into %[[T]][%[[K]], 0]
// CHECK:           %[[NOTHING:.*]] = tensor.empty() : tensor<3xf64>
// CHECK-NEXT:      nest.map (i = 3) read(%x[i] : tensor<3xf64>) set(%[[NOTHING]][i] : tensor<3xf64>)
func.func @computes(%x: tensor<3xf64> {anamc.name = "x"}, %y: tensor<5x3xf64> {anamc.name = "y"}) -> tensor<5x3xf64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %four = arith.constant 4 : index
  %t = scf.for %k = %zero to %four step %one iter_args(%stack = %y) -> (tensor<5x3xf64>) {
    %a = nest.map (i = 3) read(%stack[%k + 1, i] : tensor<5x3xf64>) add(%stack[%k, i] : tensor<5x3xf64>) {
    ^bb0(%i: index, %v: f64):
      nest.yield %v : f64
    }
    %b = nest.map (i = 3) read(%x[i] : tensor<3xf64>) set(%a[%k, i] : tensor<5x3xf64>) {
    ^bb0(%i: index, %v: f64):
      %w = arith.mulf %v, %v : f64
      nest.yield %w : f64
    }
    scf.yield %b : tensor<5x3xf64>
  }
  func.return %t : tensor<5x3xf64>
}

// -----

// Backwards, in strides and in segments: indices that are known to be inside.
// CHECK-LABEL: func.func @inside
// CHECK-COUNT-3: tensor.extract_slice
func.func @inside(%n: index {anamc.name = "n"}, %y: tensor<?xf64> {anamc.name = "y", anamc.dims = ["n"]}, %x: tensor<f64> {anamc.name = "x"}) -> tensor<f64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %two = arith.constant 2 : index
  %three = arith.constant 3 : index
  %last = arith.subi %n, %one : index
  %rest = arith.subi %n, %two : index
  %rounds = arith.ceildivsi %rest, %three : index
  %e = tensor.empty() : tensor<f64>
  %z = scf.for %k = %zero to %n step %one iter_args(%s = %x) -> (tensor<f64>) {
    %back = arith.subi %last, %k : index
    %a = nest.map () read(%y[%back] : tensor<?xf64>) set(%e : tensor<f64>) {
    ^bb0(%v: f64):
      nest.yield %v : f64
    }
    %left = arith.subi %n, %k : index
    %length = arith.minsi %left, %three : index
    %t = scf.for %j = %zero to %length step %one iter_args(%u = %a) -> (tensor<f64>) {
      %at = arith.addi %k, %j : index
      %b = nest.map () read(%y[%at] : tensor<?xf64>) set(%e : tensor<f64>) {
      ^bb0(%v: f64):
        nest.yield %v : f64
      }
      scf.yield %b : tensor<f64>
    }
    scf.yield %t : tensor<f64>
  }
  %q = scf.for %k = %zero to %rounds step %one iter_args(%s = %z) -> (tensor<f64>) {
    %far = arith.muli %k, %three : index
    %at = arith.addi %two, %far : index
    %b = nest.map () read(%y[%at] : tensor<?xf64>) set(%e : tensor<f64>) {
    ^bb0(%v: f64):
      nest.yield %v : f64
    }
    scf.yield %b : tensor<f64>
  }
  func.return %q : tensor<f64>
}

// -----

// Outside of loops nests stay as they are.
// CHECK-LABEL: func.func @no_slice_as_outside_of_loops
// CHECK-NOT:     tensor.extract_slice
func.func @no_slice_as_outside_of_loops(%k: index {anamc.name = "k"}, %y: tensor<5x3xf64> {anamc.name = "y"}) -> tensor<3xf64> {
  %e = tensor.empty() : tensor<3xf64>
  %a = nest.map (i = 3) read(%y[%k, i] : tensor<5x3xf64>) set(%e[i] : tensor<3xf64>) {
  ^bb0(%i: index, %v: f64):
    nest.yield %v : f64
  }
  func.return %a : tensor<3xf64>
}
