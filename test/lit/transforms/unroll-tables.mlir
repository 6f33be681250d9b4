// RUN: anamc-opt %s -p unroll-tables --split-input-file | filecheck %s

// Both ends of an edge: two nests, each with a column of its own; the second goes on with the results of the first.
// CHECK-LABEL: func.func @ends
// CHECK:         %[[A:.*]] = nest.map (k = %m) read(%q[%e[k, 0], 1] : tensor<?x4xf32>, %w[k] : tensor<?xf32>) add(%y[k, 0] : tensor<?x2xf32>) {
// CHECK:         %[[B:.*]] = nest.map (k = %m) read(%q[%e[k, 1], 1] : tensor<?x4xf32>, %w[k] : tensor<?xf32>) add(%[[A]][k, 1] : tensor<?x2xf32>) {
// CHECK:         func.return %[[B]]
func.func @ends(%m: index, %q: tensor<?x4xf32>, %e: tensor<?x2xi32>, %w: tensor<?xf32>, %y: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %0 = nest.map (k = %m, s = 2) read(%q[%e[k, s], 1] : tensor<?x4xf32>, %w[k] : tensor<?xf32>) add(%y[k, s] : tensor<?x2xf32>) {
  ^bb0(%k: index, %s: index, %a: f32, %b: f32):
    %c = arith.mulf %a, %b : f32
    nest.yield %c : f32
  }
  func.return %0 : tensor<?x2xf32>
}

// -----

// Sums through the columns of a table; the number of the column is a constant in each.
// CHECK-LABEL: func.func @scattered
// CHECK:         nest.map (k = %m) read(%x[k] : tensor<?xf32>) add(%y[%t[k, 2]] : tensor<?xf32>) {
// CHECK:           arith.constant 0 : index
// CHECK:         nest.map (k = %m) read(%x[k] : tensor<?xf32>) add(%{{.*}}[%t[k, 3]] : tensor<?xf32>) {
// CHECK:           arith.constant 1 : index
func.func @scattered(%m: index, %x: tensor<?xf32>, %t: tensor<?x4xi32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  %0 = nest.map (k = %m, s = 2) read(%x[k] : tensor<?xf32>) add(%y[%t[k, s + 2]] : tensor<?xf32>) {
  ^bb0(%k: index, %s: index, %a: f32):
    %n = arith.index_cast %s : index to i32
    %f = arith.sitofp %n : i32 to f32
    %b = arith.mulf %a, %f : f32
    nest.yield %b : f32
  }
  func.return %0 : tensor<?xf32>
}

// -----

// They stay: an iterator of many rounds; one that chooses the row of the table too; guards.
// CHECK-LABEL: func.func @stay
// CHECK:         nest.map (k = %m, s = 5)
// CHECK:         nest.map (k = %m, s = 2)
// CHECK:         nest.map (k = %m, s = 2)
func.func @stay(%m: index, %x: tensor<?xf32>, %t: tensor<?x5xi32>, %y: tensor<?x5xf32>, %z: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %0 = nest.map (k = %m, s = 5) read(%x[%t[k, s]] : tensor<?xf32>) add(%y[k, s] : tensor<?x5xf32>) {
  ^bb0(%k: index, %s: index, %a: f32):
    nest.yield %a : f32
  }
  %1 = nest.map (k = %m, s = 2) read(%x[%t[k + s, s]] : tensor<?xf32>) add(%z[k, s] : tensor<?x2xf32>) {
  ^bb0(%k: index, %s: index, %a: f32):
    nest.yield %a : f32
  }
  %2 = nest.map (k = %m, s = 2) where(k - 1 >= 0) read(%x[%t[k, s]] : tensor<?xf32>) add(%1[k, s] : tensor<?x2xf32>) {
  ^bb0(%k: index, %s: index, %a: f32):
    nest.yield %a : f32
  }
  func.return %2 : tensor<?x2xf32>
}
