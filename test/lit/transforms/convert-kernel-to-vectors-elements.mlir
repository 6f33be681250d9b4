// RUN: anamc-opt %s -p convert-kernel-to-vectors --split-input-file | filecheck %s

// A convolution: filters packed once a row, four places of the image times eight filters in registers.
// CHECK-LABEL: func.func @convolution
// CHECK:           %packed = memref.alloca() : memref<3x3x1x8xf32>
// CHECK-NEXT:      scf.for %pack
// CHECK:                 memref.store %{{.*}}, %packed
// CHECK:           scf.for %i
// CHECK:             scf.for %tile
// CHECK-COUNT-4:       vector.broadcast %{{.*}} : f32 to vector<8xf32>
// CHECK:               scf.for %u
// CHECK:                 scf.for %v
// CHECK:                   memref.load %x
// CHECK:                   vector.load %packed
// CHECK-COUNT-4:           vector.fma
// CHECK-NEXT:              scf.yield
// CHECK:               vector.store %{{.*}}, %y[%r, %i, %{{.*}}, %{{.*}}] : memref<?x?x?x8xf32>, vector<8xf32>
// CHECK:             scf.for %rest
// CHECK:             scf.for %rest
func.func @convolution(%n: index, %h: index, %w: index, %p: index, %q: index, %x: memref<?x?x?x1xf32>, %k: memref<8x3x3x1xf32>, %y: memref<?x?x?x8xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x?x?x1xf32>, %k : memref<8x3x3x1xf32>) write(%y[r] : memref<?x?x?x8xf32>) attributes {schedule = #kernel.schedule<lanes = elements, vector = 8, block = 1, tile = [4, 1], chunk = 1>} {
  ^bb0(%r: index, %image: tensor<?x?x1xf32>, %filters: tensor<8x3x3x1xf32>):
    %0 = arith.constant 0.0 : f32
    %1 = tensor.splat %0[%p, %q] : tensor<?x?x8xf32>
    %s = nest.map (i = %p, j = %q, f = 8, u = 3, v = 3, c = 1) read(%image[i + u, j + v, c] : tensor<?x?x1xf32>, %filters[f, u, v, c] : tensor<8x3x3x1xf32>) add(%1[i, j, f] : tensor<?x?x8xf32>) {
    ^bb1(%i: index, %j: index, %f: index, %u: index, %v: index, %c: index, %a: f32, %b: f32):
      %m = arith.mulf %a, %b : f32
      nest.yield %m : f32
    }
    kernel.yield %s : tensor<?x?x8xf32>
  }
  func.return
}

// -----

// One row of a product of run-time sizes: four vectors side by side, then single ones, of which lanes behind the end stay out of memory.
// CHECK-LABEL: func.func @product
// CHECK:           scf.for %column
// CHECK:             scf.for %k
// CHECK:               memref.load %a[%{{.*}}, %k]
// CHECK-NEXT:          vector.load %b
// CHECK:               vector.fma
// CHECK:           scf.for %tail
// CHECK:             lanes.first
// CHECK:             scf.for %k
// CHECK:               vector.maskedload %b
// CHECK:             vector.maskedstore %c
func.func @product(%m: index, %n: index, %q: index, %a: memref<?x?xf32>, %b: memref<?x?xf32>, %c: memref<?x?xf32>) {
  kernel.rows r = 1 read(%a[r] : memref<?x?xf32>, %b : memref<?x?xf32>) write(%c[r] : memref<?x?xf32>) attributes {schedule = #kernel.schedule<lanes = elements, vector = 8, block = 1, tile = [4, 1], chunk = 1>} {
  ^bb0(%r: index, %x: tensor<?xf32>, %y: tensor<?x?xf32>):
    %0 = arith.constant 0.0 : f32
    %1 = tensor.splat %0[%n] : tensor<?xf32>
    %s = nest.map (j = %n, k = %q) read(%x[k] : tensor<?xf32>, %y[k, j] : tensor<?x?xf32>) add(%1[j] : tensor<?xf32>) {
    ^bb1(%j: index, %k: index, %u: f32, %v: f32):
      %w = arith.mulf %u, %v : f32
      nest.yield %w : f32
    }
    kernel.yield %s : tensor<?xf32>
  }
  func.return
}

// -----

// Lanes along what is summed: both factors are read along it, and are 0 behind its end. The lanes of four neighbours
// of the result are added together, by halves.
// CHECK-LABEL: func.func @across
// CHECK:           scf.for %tile
// CHECK:             scf.for %column
// CHECK:               vector.load %x
// CHECK-NEXT:          vector.load %b
// CHECK:               vector.fma
// CHECK:             scf.for %tail
// CHECK:               vector.maskedload %x
// CHECK:               vector.fma
// CHECK-NOT:           lanes.select
// CHECK:             vector.shuffle %{{.*}}, %{{.*}} [0, 1, 2, 3, 8, 9, 10, 11]
// CHECK-NEXT:        vector.shuffle %{{.*}}, %{{.*}} [4, 5, 6, 7, 12, 13, 14, 15]
// CHECK:             vector.shuffle %{{.*}}, %{{.*}} [0, 1, 4, 5, 8, 9, 12, 13]
// CHECK:             vector.shuffle %{{.*}}, %{{.*}} [0, 2, 4, 6]
// CHECK:             vector.store %{{.*}}, %c[%{{.*}}, %{{.*}}] : memref<?x?xf32>, vector<4xf32>
// CHECK:           scf.for %rest
// CHECK:             vector.store %{{.*}}, %c[%{{.*}}, %{{.*}}] : memref<?x?xf32>, vector<2xf32>
// CHECK:           scf.for %rest
// CHECK:             lanes.sum
func.func @across(%n: index, %q: index, %x: memref<?xf32>, %b: memref<?x?xf32>, %c: memref<?x?xf32>) {
  kernel.rows r = 1 read(%x : memref<?xf32>, %b : memref<?x?xf32>) write(%c[r] : memref<?x?xf32>) attributes {schedule = #kernel.schedule<lanes = elements, vector = 8, block = 1, tile = [4, 1], chunk = 1>} {
  ^bb0(%r: index, %u: tensor<?xf32>, %v: tensor<?x?xf32>):
    %0 = arith.constant 0.0 : f32
    %1 = tensor.splat %0[%n] : tensor<?xf32>
    %s = nest.map (j = %n, k = %q) read(%u[k] : tensor<?xf32>, %v[j, k] : tensor<?x?xf32>) add(%1[j] : tensor<?xf32>) {
    ^bb1(%j: index, %k: index, %a: f32, %d: f32):
      %w = arith.mulf %a, %d : f32
      nest.yield %w : f32
    }
    kernel.yield %s : tensor<?xf32>
  }
  func.return
}

// -----

// What is no product of two reads may be something else behind the end, and is left out there.
// CHECK-LABEL: func.func @across_of_sums
// CHECK:             scf.for %tail
// CHECK:               vector.maskedload %x
// CHECK:               lanes.select
func.func @across_of_sums(%n: index, %q: index, %x: memref<?xf32>, %b: memref<?x?xf32>, %c: memref<?x?xf32>) {
  kernel.rows r = 1 read(%x : memref<?xf32>, %b : memref<?x?xf32>) write(%c[r] : memref<?x?xf32>) attributes {schedule = #kernel.schedule<lanes = elements, vector = 8, block = 1, tile = [4, 1], chunk = 1>} {
  ^bb0(%r: index, %u: tensor<?xf32>, %v: tensor<?x?xf32>):
    %0 = arith.constant 0.0 : f32
    %1 = tensor.splat %0[%n] : tensor<?xf32>
    %s = nest.map (j = %n, k = %q) read(%u[k] : tensor<?xf32>, %v[j, k] : tensor<?x?xf32>) add(%1[j] : tensor<?xf32>) {
    ^bb1(%j: index, %k: index, %a: f32, %d: f32):
      %one = arith.constant 1.0 : f32
      %p = arith.mulf %a, %d : f32
      %w = arith.addf %p, %one : f32
      nest.yield %w : f32
    }
    kernel.yield %s : tensor<?xf32>
  }
  func.return
}

// -----

// Rows at once where nothing else is shared: b is read along lanes for four rows of a.
// CHECK-LABEL: func.func @rows
// CHECK:         arith.floordivsi %m
// CHECK:         "scf.parallel"
// CHECK:           scf.for %k
// CHECK:             vector.load %b
// CHECK-COUNT-4:     vector.fma
// CHECK-NEXT:        scf.yield
// CHECK:         scf.for %rest
func.func @rows(%m: index, %q: index, %a: memref<?x?xf32>, %b: memref<?x8xf32>, %c: memref<?x8xf32>) {
  kernel.rows r = %m read(%a[r] : memref<?x?xf32>, %b : memref<?x8xf32>) write(%c[r] : memref<?x8xf32>) attributes {schedule = #kernel.schedule<lanes = elements, vector = 8, block = 1, tile = [4, 1], chunk = 1>} {
  ^bb0(%r: index, %x: tensor<?xf32>, %y: tensor<?x8xf32>):
    %0 = arith.constant 0.0 : f32
    %1 = tensor.splat %0 : tensor<8xf32>
    %s = nest.map (j = 8, k = %q) read(%x[k] : tensor<?xf32>, %y[k, j] : tensor<?x8xf32>) add(%1[j] : tensor<8xf32>) {
    ^bb1(%j: index, %k: index, %u: f32, %v: f32):
      %w = arith.mulf %u, %v : f32
      nest.yield %w : f32
    }
    kernel.yield %s : tensor<8xf32>
  }
  func.return
}

// -----

// Two results of one nest, of which one has its elements where lanes can count them: the other stays on scalars.
// CHECK-LABEL: func.func @two
// CHECK:         arith.maximumf %{{.*}} : f32
// CHECK:         vector.store
func.func @two(%n: index, %x: memref<?x32xf32>, %y: memref<?x32xf32>, %z: memref<?x32xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x32xf32>) write(%y[r] : memref<?x32xf32>, %z[r] : memref<?x32xf32>) attributes {schedule = #kernel.schedule<lanes = elements, vector = 4, block = 1, tile = [4, 1], chunk = 1>} {
  ^bb0(%r: index, %a: tensor<32xf32>):
    %0 = arith.constant 0.0 : f32
    %1 = tensor.splat %0 : tensor<32xf32>
    %s, %t = nest.map (j = 32) read(%a[j] : tensor<32xf32>) max(%1[j mod 2] : tensor<32xf32>) add(%1[j] : tensor<32xf32>) {
    ^bb1(%j: index, %v: f32):
      nest.yield %v, %v : f32, f32
    }
    kernel.yield %s, %t : tensor<32xf32>, tensor<32xf32>
  }
  func.return
}

// -----

// What a row adds to a whole tensor is added there, vector by vector.
// CHECK-LABEL: func.func @added
// CHECK:         scf.for %r
// CHECK:           vector.load %s
// CHECK:           vector.store %{{.*}}, %s
func.func @added(%n: index, %x: memref<?xf32>, %w: memref<9000xf32>, %s: memref<9000xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?xf32>, %w : memref<9000xf32>) add(%s : memref<9000xf32>) attributes {schedule = #kernel.schedule<lanes = elements, vector = 8, block = 1, tile = [4, 1], chunk = 1>} {
  ^bb0(%r: index, %a: tensor<f32>, %b: tensor<9000xf32>):
    %e = tensor.empty() : tensor<9000xf32>
    %c = nest.map (j = 9000) read(%a : tensor<f32>, %b[j] : tensor<9000xf32>) set(%e[j] : tensor<9000xf32>) {
    ^bb1(%j: index, %u: f32, %v: f32):
      %m = arith.mulf %u, %v : f32
      nest.yield %m : f32
    }
    kernel.yield %c : tensor<9000xf32>
  }
  func.return
}

// -----

// A guard on what lanes would count: scalars.
// CHECK-LABEL: func.func @guarded
// CHECK-NOT:     vector.load
// CHECK:         func.return
func.func @guarded(%n: index, %x: memref<?x32xf32>, %y: memref<?x32xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x32xf32>) write(%y[r] : memref<?x32xf32>) attributes {schedule = #kernel.schedule<lanes = elements, vector = 8, block = 1, tile = [4, 1], chunk = 1>} {
  ^bb0(%r: index, %a: tensor<32xf32>):
    %0 = arith.constant 0.0 : f32
    %1 = tensor.splat %0 : tensor<32xf32>
    %s = nest.map (j = 32) where(j - 1 >= 0) read(%a[j] : tensor<32xf32>) add(%1[j] : tensor<32xf32>) {
    ^bb1(%j: index, %v: f32):
      nest.yield %v : f32
    }
    kernel.yield %s : tensor<32xf32>
  }
  func.return
}
