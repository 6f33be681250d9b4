// RUN: anamc-opt %s -p convert-kernel-to-loops --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// A kernel on tensors.
// CHECK: convert-kernel-to-loops: a kernel on tensors; run bufferize-kernels before
func.func @f(%x: tensor<3xf32>) {
  %y = kernel.rows r = 3 read(%x[r] : tensor<3xf32>) write(%x[r] : tensor<3xf32>) {
  ^bb0(%r: index, %a: tensor<f32>):
    kernel.yield %a : tensor<f32>
  }
  func.return
}

// -----

// A layer in the body.
// CHECK: convert-kernel-to-loops: 'mlp.relu' on rows; run decompose-to-nest before
func.func @f(%x: memref<3xf32>) {
  kernel.rows r = 1 read(%x : memref<3xf32>) {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %b = mlp.relu %a : tensor<3xf32>
    kernel.yield
  }
  func.return
}

// -----

// What nobody wrote is read.
// CHECK: convert-kernel-to-loops: an element of 'tensor.empty' is read
func.func @f(%x: memref<3xf32>) {
  kernel.rows r = 1 write(%x : memref<3xf32>) {
  ^bb0(%r: index):
    %a = tensor.empty() : tensor<3xf32>
    kernel.yield %a : tensor<3xf32>
  }
  func.return
}

// -----

// A table that is a constant.
// CHECK: convert-kernel-to-loops: an index table has no place in memory
func.func @f(%x: memref<3xf32>) {
  kernel.rows r = 1 read(%x : memref<3xf32>) add(%x : memref<3xf32>) {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %t = arith.constant dense<1> : tensor<3xi32>
    %b = nest.map (i = 3) read(%a[%t[i]] : tensor<3xf32>) add(%a[i] : tensor<3xf32>) {
    ^bb1(%i: index, %v: f32):
      nest.yield %v : f32
    }
    kernel.yield %b : tensor<3xf32>
  }
  func.return
}

// -----

// Numbers that differ.
// CHECK: convert-kernel-to-loops: a dense constant must have one value everywhere
func.func @f(%x: memref<2xf32>) {
  kernel.rows r = 1 write(%x : memref<2xf32>) {
  ^bb0(%r: index):
    %a = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
    kernel.yield %a : tensor<2xf32>
  }
  func.return
}

// -----

// A local array of run-time size.
// CHECK: convert-kernel-to-loops: a local array needs a constant shape
func.func @f(%n: index, %x: memref<?xf32>, %y: memref<f32>) {
  kernel.rows r = 1 read(%x : memref<?xf32>) add(%y : memref<f32>) {
  ^bb0(%r: index, %a: tensor<?xf32>):
    %e = tensor.empty(%n) : tensor<?xf32>
    %b = nest.map (i = %n) read(%a[i] : tensor<?xf32>) set(%e[i] : tensor<?xf32>) {
    ^bb1(%i: index, %v: f32):
      nest.yield %v : f32
    }
    %c = arith.constant 0.0 : f32
    %z = tensor.splat %c : tensor<f32>
    %s = nest.map (i = %n) read(%b[i] : tensor<?xf32>) add(%z : tensor<f32>) {
    ^bb1(%i: index, %v: f32):
      nest.yield %v : f32
    }
    kernel.yield %s : tensor<f32>
  }
  func.return
}
