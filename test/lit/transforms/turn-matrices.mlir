// RUN: anamc-opt %s -p turn-matrices --split-input-file | filecheck %s

// Neither iterator finds neighbours in both factors: one is laid out anew.
// CHECK-LABEL: func.func @both_turned
// CHECK:         %[[T:.*]] = tensor.empty() : tensor<50x70xf32>
// CHECK:         %b_turned = kernel.rows r = 50 read(%b : tensor<70x50xf32>) write(%[[T]][r] : tensor<50x70xf32>) {
// CHECK:           nest.map (j = 70) read(%{{.*}}[j, %r] : tensor<70x50xf32>) set(%{{.*}}[j] : tensor<70xf32>)
// CHECK:         kernel.rows r = 64 read(%a : tensor<50x64xf32>, %b_turned : tensor<50x70xf32>)
// CHECK:           nest.map (j = 70, k = 50) read(%a_1[k, %{{.*}}] : tensor<50x64xf32>, %{{.*}}[k, j] : tensor<50x70xf32>)
func.func @both_turned(%n: index, %a: tensor<50x64xf32>, %b: tensor<70x50xf32>) -> tensor<64x70xf32> {
  %e = tensor.empty() : tensor<64x70xf32>
  %c = kernel.rows r = 64 read(%a : tensor<50x64xf32>, %b : tensor<70x50xf32>) write(%e[r] : tensor<64x70xf32>) {
  ^bb0(%r: index, %a_1: tensor<50x64xf32>, %b_1: tensor<70x50xf32>):
    %0 = arith.constant 0.0 : f32
    %1 = tensor.splat %0 : tensor<70xf32>
    %2 = nest.map (j = 70, k = 50) read(%a_1[k, %r] : tensor<50x64xf32>, %b_1[j, k] : tensor<70x50xf32>) add(%1[j] : tensor<70xf32>) {
    ^bb1(%j: index, %k: index, %s: f32, %t: f32):
      %p = arith.mulf %s, %t : f32
      nest.yield %p : f32
    }
    kernel.yield %2 : tensor<70xf32>
  }
  func.return %c : tensor<64x70xf32>
}

// -----

// Few rows read it too seldom.
// CHECK-LABEL: func.func @no_turn_of_few_rows
// CHECK-NOT:     turned
// CHECK:         kernel.rows
// CHECK-NOT:     kernel.rows
func.func @no_turn_of_few_rows(%n: index, %a: tensor<50x64xf32>, %b: tensor<70x50xf32>) -> tensor<16x70xf32> {
  %e = tensor.empty() : tensor<16x70xf32>
  %c = kernel.rows r = 16 read(%a : tensor<50x64xf32>, %b : tensor<70x50xf32>) write(%e[r] : tensor<16x70xf32>) {
  ^bb0(%r: index, %a_1: tensor<50x64xf32>, %b_1: tensor<70x50xf32>):
    %0 = arith.constant 0.0 : f32
    %1 = tensor.splat %0 : tensor<70xf32>
    %2 = nest.map (j = 70, k = 50) read(%a_1[k, %r] : tensor<50x64xf32>, %b_1[j, k] : tensor<70x50xf32>) add(%1[j] : tensor<70xf32>) {
    ^bb1(%j: index, %k: index, %s: f32, %t: f32):
      %p = arith.mulf %s, %t : f32
      nest.yield %p : f32
    }
    kernel.yield %2 : tensor<70xf32>
  }
  func.return %c : tensor<16x70xf32>
}

// -----

// So may a number of rows that is not known.
// CHECK-LABEL: func.func @no_turn_of_unknown_rows
// CHECK-NOT:     turned
// CHECK:         kernel.rows
// CHECK-NOT:     kernel.rows
func.func @no_turn_of_unknown_rows(%n: index, %a: tensor<50x64xf32>, %b: tensor<70x50xf32>) -> tensor<?x70xf32> {
  %e = tensor.empty(%n) : tensor<?x70xf32>
  %c = kernel.rows r = %n read(%a : tensor<50x64xf32>, %b : tensor<70x50xf32>) write(%e[r] : tensor<?x70xf32>) {
  ^bb0(%r: index, %a_1: tensor<50x64xf32>, %b_1: tensor<70x50xf32>):
    %0 = arith.constant 0.0 : f32
    %1 = tensor.splat %0 : tensor<70xf32>
    %2 = nest.map (j = 70, k = 50) read(%a_1[k, %r] : tensor<50x64xf32>, %b_1[j, k] : tensor<70x50xf32>) add(%1[j] : tensor<70xf32>) {
    ^bb1(%j: index, %k: index, %s: f32, %t: f32):
      %p = arith.mulf %s, %t : f32
      nest.yield %p : f32
    }
    kernel.yield %2 : tensor<70xf32>
  }
  func.return %c : tensor<?x70xf32>
}

// -----

// What is summed has neighbours in both: each lane sums a part.
// CHECK-LABEL: func.func @no_turn_with_neighbours
// CHECK-NOT:     turned
// CHECK:         kernel.rows
// CHECK-NOT:     kernel.rows
func.func @no_turn_with_neighbours(%n: index, %a: tensor<64x50xf32>, %b: tensor<70x50xf32>) -> tensor<64x70xf32> {
  %e = tensor.empty() : tensor<64x70xf32>
  %c = kernel.rows r = 64 read(%a : tensor<64x50xf32>, %b : tensor<70x50xf32>) write(%e[r] : tensor<64x70xf32>) {
  ^bb0(%r: index, %a_1: tensor<64x50xf32>, %b_1: tensor<70x50xf32>):
    %0 = arith.constant 0.0 : f32
    %1 = tensor.splat %0 : tensor<70xf32>
    %2 = nest.map (j = 70, k = 50) read(%a_1[%r, k] : tensor<64x50xf32>, %b_1[j, k] : tensor<70x50xf32>) add(%1[j] : tensor<70xf32>) {
    ^bb1(%j: index, %k: index, %s: f32, %t: f32):
      %p = arith.mulf %s, %t : f32
      nest.yield %p : f32
    }
    kernel.yield %2 : tensor<70xf32>
  }
  func.return %c : tensor<64x70xf32>
}

// -----

// A nest with guards stays.
// CHECK-LABEL: func.func @no_turn_with_guards
// CHECK-NOT:     turned
// CHECK:         kernel.rows
// CHECK-NOT:     kernel.rows
func.func @no_turn_with_guards(%n: index, %a: tensor<50x64xf32>, %b: tensor<70x50xf32>) -> tensor<64x70xf32> {
  %e = tensor.empty() : tensor<64x70xf32>
  %c = kernel.rows r = 64 read(%a : tensor<50x64xf32>, %b : tensor<70x50xf32>) write(%e[r] : tensor<64x70xf32>) {
  ^bb0(%r: index, %a_1: tensor<50x64xf32>, %b_1: tensor<70x50xf32>):
    %0 = arith.constant 0.0 : f32
    %1 = tensor.splat %0 : tensor<70xf32>
    %2 = nest.map (j = 70, k = 50) where(k - j >= 0) read(%a_1[k, %r] : tensor<50x64xf32>, %b_1[j, k] : tensor<70x50xf32>) add(%1[j] : tensor<70xf32>) {
    ^bb1(%j: index, %k: index, %s: f32, %t: f32):
      %p = arith.mulf %s, %t : f32
      nest.yield %p : f32
    }
    kernel.yield %2 : tensor<70xf32>
  }
  func.return %c : tensor<64x70xf32>
}

// -----

// So does a kernel that somebody scheduled.
// CHECK-LABEL: func.func @no_turn_with_a_schedule
// CHECK-NOT:     turned
// CHECK:         kernel.rows
// CHECK-NOT:     kernel.rows
func.func @no_turn_with_a_schedule(%n: index, %a: tensor<50x64xf32>, %b: tensor<70x50xf32>) -> tensor<64x70xf32> {
  %e = tensor.empty() : tensor<64x70xf32>
  %c = kernel.rows r = 64 read(%a : tensor<50x64xf32>, %b : tensor<70x50xf32>) write(%e[r] : tensor<64x70xf32>) attributes {schedule = #kernel.schedule<lanes = none>} {
  ^bb0(%r: index, %a_1: tensor<50x64xf32>, %b_1: tensor<70x50xf32>):
    %0 = arith.constant 0.0 : f32
    %1 = tensor.splat %0 : tensor<70xf32>
    %2 = nest.map (j = 70, k = 50) read(%a_1[k, %r] : tensor<50x64xf32>, %b_1[j, k] : tensor<70x50xf32>) add(%1[j] : tensor<70xf32>) {
    ^bb1(%j: index, %k: index, %s: f32, %t: f32):
      %p = arith.mulf %s, %t : f32
      nest.yield %p : f32
    }
    kernel.yield %2 : tensor<70xf32>
  }
  func.return %c : tensor<64x70xf32>
}

// -----

// The kernel reads the matrix in another way too.
// CHECK-LABEL: func.func @no_turn_where_read_otherwise
// CHECK-NOT:     turned
// CHECK:         kernel.rows
// CHECK-NOT:     kernel.rows
func.func @no_turn_where_read_otherwise(%n: index, %a: tensor<50x64xf32>, %b: tensor<70x50xf32>) -> tensor<64x70xf32> {
  %e = tensor.empty() : tensor<64x70xf32>
  %c = kernel.rows r = 64 read(%a : tensor<50x64xf32>, %b : tensor<70x50xf32>) write(%e[r] : tensor<64x70xf32>) {
  ^bb0(%r: index, %a_1: tensor<50x64xf32>, %b_1: tensor<70x50xf32>):
    %0 = arith.constant 0.0 : f32
    %1 = tensor.splat %0 : tensor<70xf32>
    %2 = nest.map (j = 70, k = 50) read(%a_1[k, %r] : tensor<50x64xf32>, %b_1[j, k] : tensor<70x50xf32>, %b_1[k, 0] : tensor<70x50xf32>) add(%1[j] : tensor<70xf32>) {
    ^bb1(%j: index, %k: index, %s: f32, %t: f32, %u: f32):
      %p = arith.mulf %s, %t : f32
      nest.yield %p : f32
    }
    kernel.yield %2 : tensor<70xf32>
  }
  func.return %c : tensor<64x70xf32>
}
