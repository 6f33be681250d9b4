// RUN: anamc-opt %s -p 'schedule-kernels{machine=avx512}' --split-input-file --verify-diagnostics 2>&1 | filecheck %s

// A block that needs 120 MB of the stack.
// CHECK: error[A0814]: a schedule does not fit its kernel
// CHECK: --> {{.*}}misfit-kernel.mlir:{{[0-9]+}}:3
// CHECK: a block of 10000000 rows needs 120000000 bytes of the stack, more than 524288
// CHECK: help: without a schedule the cost model chooses one that fits
func.func @f(%n: index, %x: memref<?x3xf32>, %y: memref<?x3xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x3xf32>) write(%y[r] : memref<?x3xf32>) attributes {schedule = #kernel.schedule<lanes = features, vector = 16, block = 10000000, tile = [6, 4], chunk = 10000000>} {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %e = tensor.empty() : tensor<3xf32>
    %b = nest.map (i = 3) read(%a[i] : tensor<3xf32>) set(%e[i] : tensor<3xf32>) {
    ^bb0(%i: index, %s: f32):
      %t = arith.addf %s, %s : f32
      nest.yield %t : f32
    }
    kernel.yield %b : tensor<3xf32>
  }
  func.return
}

// -----

// Sums of 6 rows, in chunks of others.
// CHECK: chunk = 64, but it sums 6 rows together
func.func @f(%n: index, %x: memref<?x3xf32>, %y: memref<?x3xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x3xf32>) add(%y[r floordiv 6] : memref<?x3xf32>) attributes {schedule = #kernel.schedule<lanes = features, vector = 16, block = 64, tile = [6, 4], chunk = 64>} {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %e = tensor.empty() : tensor<3xf32>
    %b = nest.map (i = 3) read(%a[i] : tensor<3xf32>) set(%e[i] : tensor<3xf32>) {
    ^bb0(%i: index, %s: f32):
      %t = arith.addf %s, %s : f32
      nest.yield %t : f32
    }
    kernel.yield %b : tensor<3xf32>
  }
  func.return
}

// -----

// A plan with chunks of 256 rows, for a schedule with others.
// CHECK: chunk = 512, but its plan has chunks of 256 rows
func.func @f(%n: index, %x: memref<?x3xf32>, %y: memref<?x3xf32>, %p: memref<?xi32>, %plan: memref<?x2xi32>) {
  kernel.rows r = %n read(%x[r] : memref<?x3xf32>) add(%y[%p[r]] : memref<?x3xf32>) plan(%plan : memref<?x2xi32> by 256) attributes {schedule = #kernel.schedule<lanes = rows, vector = 16, block = 32, tile = [12, 2], chunk = 512>} {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %e = tensor.empty() : tensor<3xf32>
    %b = nest.map (i = 3) read(%a[i] : tensor<3xf32>) set(%e[i] : tensor<3xf32>) {
    ^bb0(%i: index, %s: f32):
      %t = arith.addf %s, %s : f32
      nest.yield %t : f32
    }
    kernel.yield %b : tensor<3xf32>
  }
  func.return
}

// -----

// A kernel that computes nothing.
// CHECK: the kernel has no form with rows in lanes: it computes nothing
func.func @f(%n: index, %x: memref<?x3xf32>, %y: memref<?x3xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x3xf32>) write(%y[r] : memref<?x3xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 16, block = 32, tile = [12, 2], chunk = 512>} {
  ^bb0(%r: index, %a: tensor<3xf32>):
    kernel.yield %a : tensor<3xf32>
  }
  func.return
}

// -----

// One largest row of all.
// CHECK: result 0 is a whole tensor that rows max
func.func @f(%n: index, %x: memref<?x3xf32>, %y: memref<?x3xf32>, %y0: memref<3xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x3xf32>) max(%y0 : memref<3xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 16, block = 32, tile = [12, 2], chunk = 512>} {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %e = tensor.empty() : tensor<3xf32>
    %b = nest.map (i = 3) read(%a[i] : tensor<3xf32>) set(%e[i] : tensor<3xf32>) {
    ^bb0(%i: index, %s: f32):
      %t = arith.addf %s, %s : f32
      nest.yield %t : f32
    }
    kernel.yield %b : tensor<3xf32>
  }
  func.return
}

// -----

// Sums keep their chunks, however few rows there are.
// CHECK: least = 32, but rows that are summed, or have a plan, keep their chunks of 64
func.func @f(%n: index, %x: memref<?x3xf32>, %y: memref<?x3xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x3xf32>) add(%y[r floordiv 64] : memref<?x3xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 16, block = 32, tile = [12, 2], chunk = 64, least = 32>} {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %e = tensor.empty() : tensor<3xf32>
    %b = nest.map (i = 3) read(%a[i] : tensor<3xf32>) set(%e[i] : tensor<3xf32>) {
    ^bb0(%i: index, %s: f32):
      %t = arith.addf %s, %s : f32
      nest.yield %t : f32
    }
    kernel.yield %b : tensor<3xf32>
  }
  func.return
}

// -----

// Nothing to ask for.
// CHECK: ahead = 32, but it reaches no rows by an index table
func.func @f(%n: index, %x: memref<?x3xf32>, %y: memref<?x3xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x3xf32>) write(%y[r] : memref<?x3xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 16, block = 32, tile = [12, 2], chunk = 64, ahead = 32>} {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %e = tensor.empty() : tensor<3xf32>
    %b = nest.map (i = 3) read(%a[i] : tensor<3xf32>) set(%e[i] : tensor<3xf32>) {
    ^bb0(%i: index, %s: f32):
      %t = arith.addf %s, %s : f32
      nest.yield %t : f32
    }
    kernel.yield %b : tensor<3xf32>
  }
  func.return
}
