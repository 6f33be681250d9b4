// RUN: anamc-opt %s -p 'split-reductions{block=100 most=8}' --split-input-file | filecheck %s

// Many numbers have eight partial sums at most, each of blocks that are eight apart.
// CHECK-LABEL: func.func @gradient
// CHECK:         %[[C:.*]] = arith.ceildivsi %n, %{{.*}} : index
// CHECK:         %[[EIGHT:.*]] = arith.constant 8 : index
// CHECK-NEXT:    %[[N:.*]] = arith.minsi %[[C]], %[[EIGHT]] : index
// CHECK:         %[[Z:.*]] = tensor.splat %{{.*}}[%[[N]]] : tensor<?x16x16xf32>
// CHECK-NEXT:    kernel.rows r = %n read(%x[r] : tensor<?x16x16xf32>) add(%[[Z]][r floordiv 100 mod 8] : tensor<?x16x16xf32>) {
// CHECK:         kernel.rows b = %[[N]] read(%partials[b] : tensor<?x16x16xf32>) add(%i : tensor<16x16xf32>)
func.func @gradient(%n: index, %x: tensor<?x16x16xf32>, %i: tensor<16x16xf32>) -> tensor<16x16xf32> {
  %s = kernel.rows r = %n read(%x[r] : tensor<?x16x16xf32>) add(%i : tensor<16x16xf32>) {
  ^bb0(%r: index, %v: tensor<16x16xf32>):
    kernel.yield %v : tensor<16x16xf32>
  }
  func.return %s : tensor<16x16xf32>
}

// -----

// 900 rows are nine blocks, 800 eight: those meet nowhere.
// CHECK-LABEL: func.func @constant_rows
// CHECK:         add(%{{.*}}[r floordiv 100 mod 8] : tensor<8x256xf32>)
// CHECK:         kernel.rows b = 8
// CHECK:         add(%{{.*}}[r floordiv 100] : tensor<8x256xf32>)
// CHECK:         kernel.rows b = 8
func.func @constant_rows(%x: tensor<900x256xf32>, %y: tensor<800x256xf32>, %i: tensor<256xf32>) -> (tensor<256xf32>, tensor<256xf32>) {
  %s = kernel.rows r = 900 read(%x[r] : tensor<900x256xf32>) add(%i : tensor<256xf32>) {
  ^bb0(%r: index, %v: tensor<256xf32>):
    kernel.yield %v : tensor<256xf32>
  }
  %t = kernel.rows r = 800 read(%y[r] : tensor<800x256xf32>) add(%i : tensor<256xf32>) {
  ^bb0(%r: index, %v: tensor<256xf32>):
    kernel.yield %v : tensor<256xf32>
  }
  func.return %s, %t : tensor<256xf32>, tensor<256xf32>
}

// -----

// Few numbers have a partial sum of each block, and so has what stands beside sums over blocks.
// CHECK-LABEL: func.func @others
// CHECK:         add(%{{.*}}[r floordiv 100] : tensor<?x255xf32>)
// CHECK:         add(%p[r floordiv 100] : tensor<?x256xf32>, %{{.*}}[r floordiv 100] : tensor<?x256xf32>)
func.func @others(%n: index, %x: tensor<?x255xf32>, %y: tensor<?x256xf32>, %p: tensor<?x256xf32>, %i: tensor<255xf32>, %j: tensor<256xf32>) -> (tensor<255xf32>, tensor<?x256xf32>, tensor<256xf32>) {
  %s = kernel.rows r = %n read(%x[r] : tensor<?x255xf32>) add(%i : tensor<255xf32>) {
  ^bb0(%r: index, %v: tensor<255xf32>):
    kernel.yield %v : tensor<255xf32>
  }
  %q, %t = kernel.rows r = %n read(%y[r] : tensor<?x256xf32>) add(%p[r floordiv 100] : tensor<?x256xf32>) add(%j : tensor<256xf32>) {
  ^bb0(%r: index, %v: tensor<256xf32>):
    kernel.yield %v, %v : tensor<256xf32>, tensor<256xf32>
  }
  func.return %s, %q, %t : tensor<255xf32>, tensor<?x256xf32>, tensor<256xf32>
}
