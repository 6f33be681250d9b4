// RUN: anamc-opt %s -p convert-nest-to-linalg --split-input-file | filecheck %s

// A product: the iterator that no result depends on is a reduction, and the old value is added to.
// CHECK-LABEL: func.func @product
// CHECK:         %{{.*}} = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction"]}
// CHECK:         ^bb0(%[[A:.*]]: f64, %[[B:.*]]: f64, %[[C:.*]]: f64):
// CHECK:           %[[AB:.*]] = arith.mulf %[[A]], %[[B]] : f64
// CHECK:           %[[S:.*]] = arith.addf %[[C]], %[[AB]] : f64
// CHECK:           linalg.yield %[[S]] : f64
// CHECK-NOT:     nest.map
func.func @product(%A: tensor<4x6xf64>, %B: tensor<6x5xf64>, %C0: tensor<4x5xf64>) -> tensor<4x5xf64> {
  %C = nest.map (i = 4, j = 5, k = 6) read(%A[i, k] : tensor<4x6xf64>, %B[k, j] : tensor<6x5xf64>) add(%C0[i, j] : tensor<4x5xf64>) {
  ^bb0(%i: index, %j: index, %k: index, %a: f64, %b: f64):
    %ab = arith.mulf %a, %b : f64
    nest.yield %ab : f64
  }
  func.return %C : tensor<4x5xf64>
}

// -----

// A convolution keeps its sums of iterators; an iterator that the body uses becomes linalg.index.
// CHECK-LABEL: func.func @convolution
// CHECK:         affine_map<(d0, d1) -> ((d0 + d1))>
// CHECK:         linalg.index 0
func.func @convolution(%x: tensor<8xf64>, %w: tensor<3xf64>, %y0: tensor<6xf64>) -> tensor<6xf64> {
  %y = nest.map (p = 6, d = 3) read(%x[p + d] : tensor<8xf64>, %w[d] : tensor<3xf64>) add(%y0[p] : tensor<6xf64>) {
  ^bb0(%p: index, %d: index, %a: f64, %b: f64):
    %n = arith.index_cast %p : index to i64
    %f = arith.sitofp %n : i64 to f64
    %ab = arith.mulf %a, %b : f64
    %c = arith.mulf %ab, %f : f64
    nest.yield %c : f64
  }
  func.return %y : tensor<6xf64>
}

// -----

// CHECK-LABEL: func.func @maximum_of_a_row
// CHECK:         arith.maximumf
func.func @maximum_of_a_row(%x: tensor<3x4xf64>, %y0: tensor<3xf64>) -> tensor<3xf64> {
  %y = nest.map (i = 3, j = 4) read(%x[i, j] : tensor<3x4xf64>) max(%y0[i] : tensor<3xf64>) {
  ^bb0(%i: index, %j: index, %a: f64):
    nest.yield %a : f64
  }
  func.return %y : tensor<3xf64>
}

// -----

// CHECK-LABEL: func.func @no_conversion_as_an_index_goes_through_a_table
// CHECK:         nest.map
func.func @no_conversion_as_an_index_goes_through_a_table(%x: tensor<8xf64>, %t: tensor<5xi32>, %y0: tensor<5xf64>) -> tensor<5xf64> {
  %y = nest.map (e = 5) read(%x[%t[e]] : tensor<8xf64>) set(%y0[e] : tensor<5xf64>) {
  ^bb0(%e: index, %a: f64):
    nest.yield %a : f64
  }
  func.return %y : tensor<5xf64>
}

// -----

// CHECK-LABEL: func.func @no_conversion_as_an_index_divides
// CHECK:         nest.map
func.func @no_conversion_as_an_index_divides(%x: tensor<4xf64>, %y0: tensor<8xf64>) -> tensor<8xf64> {
  %y = nest.map (i = 8) read(%x[i floordiv 2] : tensor<4xf64>) set(%y0[i] : tensor<8xf64>) {
  ^bb0(%i: index, %a: f64):
    nest.yield %a : f64
  }
  func.return %y : tensor<8xf64>
}

// -----

// CHECK-LABEL: func.func @no_conversion_as_the_range_is_not_that_of_the_shape
// CHECK:         nest.map
func.func @no_conversion_as_the_range_is_not_that_of_the_shape(%x: tensor<8xf64>, %y0: tensor<8xf64>) -> tensor<8xf64> {
  %y = nest.map (i = 5) read(%x[i] : tensor<8xf64>) set(%y0[i] : tensor<8xf64>) {
  ^bb0(%i: index, %a: f64):
    nest.yield %a : f64
  }
  func.return %y : tensor<8xf64>
}

// -----

// CHECK-LABEL: func.func @no_conversion_as_the_result_is_written_at_a_sum
// CHECK:         nest.map
func.func @no_conversion_as_the_result_is_written_at_a_sum(%x: tensor<8xf64>, %y0: tensor<9xf64>) -> tensor<9xf64> {
  %y = nest.map (i = 8) read(%x[i] : tensor<8xf64>) add(%y0[i + 1] : tensor<9xf64>) {
  ^bb0(%i: index, %a: f64):
    nest.yield %a : f64
  }
  func.return %y : tensor<9xf64>
}

// -----

// CHECK-LABEL: func.func @no_conversion_as_no_shape_gives_the_range
// CHECK:         nest.map
func.func @no_conversion_as_no_shape_gives_the_range(%x: tensor<8xf64>, %y0: tensor<8xf64>) -> tensor<8xf64> {
  %y = nest.map (i = 8, repeat = 3) read(%x[i] : tensor<8xf64>) add(%y0[i] : tensor<8xf64>) {
  ^bb0(%i: index, %repeat: index, %a: f64):
    nest.yield %a : f64
  }
  func.return %y : tensor<8xf64>
}
