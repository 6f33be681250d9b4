// RUN: anamc-opt %s -p 'split-reductions{block=1}' --verify-diagnostics | filecheck %s
// RUN: anamc-opt %s -p split-reductions --verify-diagnostics | filecheck %s --check-prefix=BUFFERS
// RUN: anamc-opt %s -p 'split-reductions{most=-1}' --verify-diagnostics | filecheck %s --check-prefix=MOST

// MOST: split-reductions: most must be 0 or more, got -1
// CHECK: split-reductions: block must be >= 2, got 1
// BUFFERS: expected a tensor, got a value of type memref<f32>
func.func @f(%n: index, %x: memref<?xf32>, %i: memref<f32>) {
  kernel.rows r = %n read(%x[r] : memref<?xf32>) add(%i : memref<f32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return
}
