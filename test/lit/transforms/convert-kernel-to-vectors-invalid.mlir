// RUN: anamc-opt %s -p convert-kernel-to-vectors --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// A kernel on tensors.
// CHECK: convert-kernel-to-vectors: a kernel on tensors; run bufferize-kernels before
func.func @f(%x: tensor<3xf32>) {
  %y = kernel.rows r = 3 read(%x[r] : tensor<3xf32>) write(%x[r] : tensor<3xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 4, block = 4, tile = [1, 1], chunk = 4>} {
  ^bb0(%r: index, %a: tensor<f32>):
    kernel.yield %a : tensor<f32>
  }
  func.return
}

// -----

// Nothing to compute.
// CHECK: convert-kernel-to-vectors: a kernel has no form on vectors: it computes nothing
func.func @f(%x: memref<3xf32>, %y: memref<3xf32>) {
  kernel.rows r = 3 read(%x[r] : memref<3xf32>) write(%y[r] : memref<3xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 4, block = 4, tile = [1, 1], chunk = 4>} {
  ^bb0(%r: index, %a: tensor<f32>):
    kernel.yield %a : tensor<f32>
  }
  func.return
}

// -----

// Sums of 6 rows in blocks of 4.
// CHECK: convert-kernel-to-vectors: 6 rows that are summed together are no multiple of the block
func.func @f(%n: index, %x: memref<?xf32>, %s: memref<?xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?xf32>) add(%s[r floordiv 6] : memref<?xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 4, block = 4, tile = [1, 1], chunk = 4>} {
  ^bb0(%r: index, %a: tensor<f32>):
    %e = tensor.empty() : tensor<f32>
    %c = nest.map () read(%a : tensor<f32>) set(%e : tensor<f32>) {
    ^bb0(%v: f32):
      nest.yield %v : f32
    }
    kernel.yield %c : tensor<f32>
  }
  func.return
}

// -----

// A schedule that contradicts itself.
// CHECK: #kernel.schedule: block = 8 is not vector = 4 times 1 of tile
func.func @f() attributes {s = #kernel.schedule<lanes = rows, vector = 4, block = 8, tile = [1, 1], chunk = 8>} {
  func.return
}

// -----

// CHECK: #kernel.schedule: vector must be a power of 2, got 3
func.func @f() attributes {s = #kernel.schedule<lanes = rows, vector = 3, block = 3, tile = [1, 1], chunk = 3>} {
  func.return
}

// -----

// CHECK: #kernel.schedule: chunk = 6 is no multiple of block = 4
func.func @f() attributes {s = #kernel.schedule<lanes = rows, vector = 4, block = 4, tile = [1, 1], chunk = 6>} {
  func.return
}

// -----

// CHECK: #kernel.schedule: lanes must be one of none, rows, features, elements, got 'columns'
func.func @f() attributes {s = #kernel.schedule<lanes = columns>} {
  func.return
}

// -----

// CHECK: #kernel.schedule has no 'colour': expected lanes, vector, block, tile, chunk, least or ahead
func.func @f() attributes {s = #kernel.schedule<colour = red>} {
  func.return
}

// -----

// CHECK: #kernel.schedule: tile needs two numbers, outputs and vectors
func.func @f() attributes {s = #kernel.schedule<lanes = rows, tile = [1]>} {
  func.return
}

// -----

// CHECK: #kernel.schedule: every number but ahead must be 1 or more
func.func @f() attributes {s = #kernel.schedule<lanes = rows, vector = 0, block = 0, tile = [1, 1]>} {
  func.return
}
