// RUN: anamc-opt %s -p 'split-reductions{block=100}' --split-input-file | filecheck %s

// Sums of blocks, then their sum onto what the result starts from; other results stay.
// CHECK-LABEL: func.func @sum
// CHECK:         %[[N:.*]] = arith.ceildivsi %n, %{{.*}} : index
// CHECK:         %[[Z:.*]] = tensor.splat %{{.*}}[%[[N]]] : tensor<?x2xf32>
// CHECK-NEXT:    %y, %partials = kernel.rows r = %n read(%x[r] : tensor<?x2xf32>) write(%e[r] : tensor<?x2xf32>) add(%[[Z]][r floordiv 100] : tensor<?x2xf32>) {
// CHECK:         %s = kernel.rows b = %[[N]] read(%partials[b] : tensor<?x2xf32>) add(%i : tensor<2xf32>)
// CHECK:         func.return %y, %s
func.func @sum(%n: index, %x: tensor<?x2xf32>, %e: tensor<?x2xf32>, %i: tensor<2xf32>) -> (tensor<?x2xf32>, tensor<2xf32>) {
  %y, %s = kernel.rows r = %n read(%x[r] : tensor<?x2xf32>) write(%e[r] : tensor<?x2xf32>) add(%i : tensor<2xf32>) {
  ^bb0(%r: index, %v: tensor<2xf32>):
    kernel.yield %v, %v : tensor<2xf32>, tensor<2xf32>
  }
  func.return %y, %s : tensor<?x2xf32>, tensor<2xf32>
}

// -----

// A constant number of rows, and sums into blocks that stand there already.
// CHECK-LABEL: func.func @constant_rows
// CHECK:         tensor.splat %{{.*}} : tensor<3xf32>
// CHECK:         %q, %partials = kernel.rows r = 201 {{.*}} add(%p[r floordiv 100] : tensor<3xf32>, %{{.*}}[r floordiv 100] : tensor<3xf32>) {
// CHECK:         kernel.rows b = 3 read(%partials[b] : tensor<3xf32>) add(%i : tensor<f32>)
// CHECK-NOT:     kernel.rows
func.func @constant_rows(%x: tensor<201xf32>, %p: tensor<3xf32>, %i: tensor<f32>) -> (tensor<3xf32>, tensor<f32>) {
  %q, %s = kernel.rows r = 201 read(%x[r] : tensor<201xf32>) add(%p[r floordiv 100] : tensor<3xf32>) add(%i : tensor<f32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v, %v : tensor<f32>, tensor<f32>
  }
  func.return %q, %s : tensor<3xf32>, tensor<f32>
}

// -----

// CHECK-LABEL: func.func @no_split_as_rows_are_one_block
// CHECK-COUNT-1: kernel.rows
// CHECK-NOT:     kernel.rows
func.func @no_split_as_rows_are_one_block(%x: tensor<100xf32>, %i: tensor<f32>) -> tensor<f32> {
  %s = kernel.rows r = 100 read(%x[r] : tensor<100xf32>) add(%i : tensor<f32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %s : tensor<f32>
}

// -----

// CHECK-LABEL: func.func @no_split_as_nothing_is_summed_whole
// CHECK-COUNT-1: kernel.rows
// CHECK-NOT:     kernel.rows
func.func @no_split_as_nothing_is_summed_whole(%n: index, %x: tensor<?xf32>, %t: tensor<?xi32>, %i: tensor<f32>) -> (tensor<?xf32>, tensor<f32>) {
  %a, %s = kernel.rows r = %n read(%x[r] : tensor<?xf32>) add(%x[%t[r]] : tensor<?xf32>) max(%i : tensor<f32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v, %v : tensor<f32>, tensor<f32>
  }
  func.return %a, %s : tensor<?xf32>, tensor<f32>
}

// -----

// CHECK-LABEL: func.func @no_split_as_it_sums_partials
// CHECK-COUNT-1: kernel.rows
// CHECK-NOT:     kernel.rows
func.func @no_split_as_it_sums_partials(%n: index, %x: tensor<?xf32>, %i: tensor<f32>) -> tensor<f32> {
  %s = kernel.rows r = %n read(%x[r] : tensor<?xf32>) add(%i : tensor<f32>) attributes {anamc.total} {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %s : tensor<f32>
}
