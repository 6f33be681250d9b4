// RUN: anamc-opt %s -p convert-kernel-to-vectors --split-input-file | filecheck %s

// A layer: bias, products and the activation behind them stay in registers; blocks of two vectors, then one at a time.
// CHECK-LABEL: func.func @layer
// CHECK:         "scf.parallel"
// CHECK:           scf.for %j = %{{.*}} to %{{.*}} step %{{.*}} {
// CHECK:             %[[B:.*]] = memref.load %b[%{{.*}}] : memref<2xf32>
// CHECK-NEXT:        %[[A:.*]] = vector.broadcast %[[B]] : f32 to vector<4xf32>
// CHECK:             scf.for %i = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%{{.*}} = %[[A]], %{{.*}} = %[[A]], %{{.*}}) -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>) {
// CHECK:               vector.load %x_1[%i, %{{.*}}] : memref<8x8xf32>, vector<4xf32>
// CHECK:               vector.fma
// CHECK-NEXT:          vector.fma
// CHECK-NOT:           arith.mulf
// CHECK:             arith.maximumf
// CHECK:             vector.store
// CHECK:           scf.for %tail
// CHECK:             arith.minsi
// CHECK:             scf.for %lane
// CHECK-NOT:     kernel.rows
func.func @layer(%n: index, %x: memref<?x8xf32>, %w: memref<8x2xf32>, %b: memref<2xf32>, %y: memref<?x2xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x8xf32>, %w : memref<8x2xf32>, %b : memref<2xf32>) write(%y[r] : memref<?x2xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 4, block = 8, tile = [2, 2], chunk = 64>} {
  ^bb0(%r: index, %x_1: tensor<8xf32>, %w_1: tensor<8x2xf32>, %b_1: tensor<2xf32>):
    %e = tensor.empty() : tensor<2xf32>
    %z0 = nest.map (j = 2) read(%b_1[j] : tensor<2xf32>) set(%e[j] : tensor<2xf32>) {
    ^bb0(%j: index, %s: f32):
      nest.yield %s : f32
    }
    %z = nest.map (i = 8, j = 2) read(%x_1[i] : tensor<8xf32>, %w_1[i, j] : tensor<8x2xf32>) add(%z0[j] : tensor<2xf32>) {
    ^bb0(%i: index, %j: index, %s: f32, %t: f32):
      %p = arith.mulf %s, %t : f32
      nest.yield %p : f32
    }
    %h = nest.map (j = 2) read(%z[j] : tensor<2xf32>) set(%e[j] : tensor<2xf32>) {
    ^bb0(%j: index, %s: f32):
      %zero = arith.constant 0.0 : f32
      %p = arith.maximumf %s, %zero : f32
      nest.yield %p : f32
    }
    kernel.yield %h : tensor<2xf32>
  }
  func.return
}

// -----

// A sum over rows: one vector for each element, its lanes together at the end of a chunk.
// CHECK-LABEL: func.func @sum
// CHECK:         "scf.parallel"
// CHECK:           %[[S:.*]] = memref.alloca() : memref<4xf32>
// CHECK:           vector.store %{{.*}}, %[[S]]
// CHECK:           scf.for
// CHECK:             %[[V:.*]] = vector.load %x
// CHECK-NEXT:        %[[T:.*]] = vector.load %[[S]]
// CHECK-NEXT:        vector.fma %[[V]], %[[V]], %[[T]]
// CHECK:           scf.for %tail
// CHECK:             %[[M:.*]] = lanes.first
// CHECK:             lanes.select %[[M]]
// CHECK:           %[[L:.*]] = lanes.sum
// CHECK:           memref.store %{{.*}}, %s[%chunk]
func.func @sum(%n: index, %x: memref<?xf32>, %s: memref<?xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?xf32>) add(%s[r floordiv 8] : memref<?xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 4, block = 4, tile = [1, 1], chunk = 8>} {
  ^bb0(%r: index, %a: tensor<f32>):
    %e = tensor.empty() : tensor<f32>
    %c = nest.map () read(%a : tensor<f32>) set(%e : tensor<f32>) {
    ^bb0(%v: f32):
      %d = arith.mulf %v, %v : f32
      nest.yield %d : f32
    }
    kernel.yield %c : tensor<f32>
  }
  func.return
}

// -----

// Rows of both ends of an edge: gathered by shuffles, and added back one after the other.
// CHECK-LABEL: func.func @edges
// CHECK:         scf.for %chunk
// CHECK:           memref.load %edges
// CHECK:           vector.load %h[%{{.*}}, %{{.*}}] : memref<?x2xf32>, vector<2xf32>
// CHECK:           vector.shuffle %{{.*}}, %{{.*}} [0, 2] : vector<2xf32>, vector<2xf32>
// CHECK-NEXT:      vector.shuffle %{{.*}}, %{{.*}} [1, 3] : vector<2xf32>, vector<2xf32>
// CHECK:           scf.for %lane
// CHECK:             memref.load %edges
// CHECK:             vector.store %{{.*}}, %a[%{{.*}}, %{{.*}}] : memref<?x2xf32>, vector<2xf32>
func.func @edges(%n: index, %edges: memref<?x2xi32>, %h: memref<?x2xf32>, %a: memref<?x2xf32>) {
  kernel.rows r = %n read(%h[%edges[r, 0]] : memref<?x2xf32>) add(%a[%edges[r, 1]] : memref<?x2xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 2, block = 2, tile = [1, 1], chunk = 8>} {
  ^bb0(%r: index, %v: tensor<2xf32>):
    %e = tensor.empty() : tensor<2xf32>
    %c = nest.map (i = 2) read(%v[i] : tensor<2xf32>) set(%e[i] : tensor<2xf32>) {
    ^bb0(%i: index, %s: f32):
      %d = arith.cmpf ogt, %s, %s : f32
      %f = arith.select %d, %s, %s : f32
      nest.yield %f : f32
    }
    kernel.yield %c : tensor<2xf32>
  }
  func.return
}

// -----

// Without a schedule a kernel stays.
// CHECK-LABEL: func.func @stays
// CHECK:         kernel.rows
func.func @stays(%n: index, %x: memref<?xf32>, %y: memref<?xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?xf32>) write(%y[r] : memref<?xf32>) {
  ^bb0(%r: index, %a: tensor<f32>):
    kernel.yield %a : tensor<f32>
  }
  func.return
}

// -----

// A sum of outer products: the second factor is turned to rows, tiles of the sum are made by rows.
// CHECK-LABEL: func.func @outer
// CHECK:         %[[S:.*]], %{{.*}} = scf.for %r = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[O:.*]] = %{{.*}}, %{{.*}}) -> (vector<4xf32>, vector<4xf32>)
// CHECK-NEXT:      %[[R:.*]] = vector.load %{{.*}}[%r, %{{.*}}] : memref<4x4xf32>, vector<4xf32>
// CHECK-NEXT:      %[[A:.*]] = memref.load %{{.*}}[%{{.*}}, %r] : memref<2x4xf32>
// CHECK-NEXT:      %[[V:.*]] = vector.broadcast %[[A]]
// CHECK-NEXT:      vector.fma %[[V]], %[[R]], %[[O]]
// CHECK:         %[[T:.*]] = vector.load %w[%{{.*}}, %{{.*}}] : memref<2x4xf32>
// CHECK-NEXT:    %[[U:.*]] = arith.addf %[[T]], %[[S]]
// CHECK-NEXT:    vector.store %[[U]], %w
func.func @outer(%n: index, %x: memref<?x2xf32>, %g: memref<?x4xf32>, %w: memref<2x4xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x2xf32>, %g[r] : memref<?x4xf32>) add(%w : memref<2x4xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 4, block = 4, tile = [2, 1], chunk = 8>} {
  ^bb0(%r: index, %a: tensor<2xf32>, %b: tensor<4xf32>):
    %e = tensor.empty() : tensor<2x4xf32>
    %c = nest.map (i = 2, j = 4) read(%a[i] : tensor<2xf32>, %b[j] : tensor<4xf32>) set(%e[i, j] : tensor<2x4xf32>) {
    ^bb0(%i: index, %j: index, %s: f32, %t: f32):
      %p = arith.mulf %s, %t : f32
      nest.yield %p : f32
    }
    kernel.yield %c : tensor<2x4xf32>
  }
  func.return
}

// -----

// An elementary function needs registers of its own: it runs behind the sum, in the same array.
// CHECK-LABEL: func.func @long
// CHECK:         %h = memref.alloca() : memref<2x4xf32>
// CHECK:         vector.fma
// CHECK:         vector.store %{{.*}}, %h
// CHECK:         scf.for %j_1 =
// CHECK-NEXT:      %[[Z:.*]] = vector.load %h[%j_1
// CHECK-NEXT:      %[[T:.*]] = math.tanh %[[Z]]
// CHECK-NEXT:      vector.store %[[T]], %h[%j_1
func.func @long(%n: index, %x: memref<?x2xf32>, %w: memref<2x2xf32>, %y: memref<?x2xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x2xf32>, %w : memref<2x2xf32>) write(%y[r] : memref<?x2xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 4, block = 4, tile = [2, 1], chunk = 8>} {
  ^bb0(%r: index, %a: tensor<2xf32>, %b: tensor<2x2xf32>):
    %zero = arith.constant dense<0.0> : tensor<2xf32>
    %e = tensor.empty() : tensor<2xf32>
    %h = nest.map (j = 2, i = 2) read(%a[i] : tensor<2xf32>, %b[i, j] : tensor<2x2xf32>) add(%zero[j] : tensor<2xf32>) {
    ^bb0(%j: index, %i: index, %s: f32, %t: f32):
      %p = arith.mulf %s, %t : f32
      nest.yield %p : f32
    }
    %c = nest.map (j = 2) read(%h[j] : tensor<2xf32>) set(%e[j] : tensor<2xf32>) {
    ^bb0(%j: index, %s: f32):
      %p = math.tanh %s : f32
      nest.yield %p : f32
    }
    kernel.yield %c : tensor<2xf32>
  }
  func.return
}

// -----

// A plan: colours in order, their chunks in parallel; its chunks, not those of the schedule.
// CHECK-LABEL: func.func @planned
// CHECK:         memref.load %plan[
// CHECK:         scf.for %colour =
// CHECK:           "scf.parallel"
// CHECK-NEXT:      ^bb0(%chunk: index):
// CHECK:             memref.load %plan[
// CHECK-NEXT:        arith.index_cast
// CHECK-NEXT:        arith.muli %{{.*}}, %[[C64:.*]] : index
// CHECK:         anamc.grain = 1
func.func @planned(%n: index, %x: memref<?x4xf32>, %e: memref<?x2xi32>, %y: memref<?x4xf32>, %plan: memref<?x2xi32>) {
  kernel.rows r = %n read(%x[r] : memref<?x4xf32>) add(%y[%e[r, 0] | %e[r, 1]] : memref<?x4xf32>) plan(%plan : memref<?x2xi32> by 64) attributes {schedule = #kernel.schedule<lanes = rows, vector = 16, block = 32, tile = [12, 2], chunk = 1024>} {
  ^bb0(%r: index, %v: tensor<4xf32>):
    %0 = tensor.empty() : tensor<4xf32>
    %m = nest.map (i = 4) read(%v[i] : tensor<4xf32>) set(%0[i] : tensor<4xf32>) {
    ^bb1(%i: index, %a: f32):
      %b = arith.mulf %a, %a : f32
      nest.yield %b : f32
    }
    kernel.yield %m, %m : tensor<4xf32>, tensor<4xf32>
  }
  func.return
}

// -----

// Features in lanes: the matrix is turned once, four columns of eight rows at a time by shuffles; a tile of rows is summed with the gathered row as part of the group,
// rows are added to the nodes in their order, and the outer products are summed over the rows of the block. What
// fills the registers is not to be unrolled.
// CHECK-LABEL: func.func @features
// CHECK:         %turned = memref.alloca() : memref<8x8xf32>
// CHECK:         vector.load %w[%{{.*}}, %{{.*}}] : memref<8x8xf32>, vector<4xf32>
// CHECK:         vector.shuffle
// CHECK-COUNT-4: vector.store %{{.*}}, %turned[%{{.*}}, %{{.*}}] : memref<8x8xf32>, vector<8xf32>
// CHECK:         "scf.parallel"
// CHECK:           scf.for %block
// CHECK:             scf.for %rows
// CHECK:               scf.for %j{{.*}} -> (vector<8xf32>, vector<8xf32>)
// CHECK:                 vector.load %turned[%j{{.*}}] : memref<8x8xf32>, vector<8xf32>
// CHECK:                 vector.fma
// CHECK:                 vector.fma
// CHECK:               } {anamc.rolled}
// CHECK:               vector.load %h[%{{.*}}, %{{.*}}] : memref<?x8xf32>, vector<8xf32>
// CHECK:               vector.store %{{.*}}, %y[
// CHECK:             scf.for %r{{.*}} -> (vector<8xf32>, vector<8xf32>)
// CHECK:             vector.load %g[%chunk,
func.func @features(%n: index, %e: memref<?x2xi32>, %x: memref<?x8xf32>, %h: memref<?x8xf32>, %w: memref<8x8xf32>, %y: memref<?x8xf32>, %g: memref<?x8x8xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x8xf32>, %w : memref<8x8xf32>, %h[%e[r, 1]] : memref<?x8xf32>) write(%y[r] : memref<?x8xf32>) add(%g[r floordiv 64] : memref<?x8x8xf32>) attributes {schedule = #kernel.schedule<lanes = features, vector = 8, block = 32, tile = [2, 1], chunk = 64>} {
  ^bb0(%r: index, %a: tensor<8xf32>, %W: tensor<8x8xf32>, %k: tensor<8xf32>):
    %0 = arith.constant 0.0 : f32
    %s = tensor.splat %0 : tensor<8xf32>
    %b = nest.map (i = 8, j = 8) read(%a[j] : tensor<8xf32>, %W[i, j] : tensor<8x8xf32>) add(%s[i] : tensor<8xf32>) {
    ^bb0(%i: index, %j: index, %p: f32, %q: f32):
      %t = arith.mulf %p, %q : f32
      nest.yield %t : f32
    }
    %c = tensor.empty() : tensor<8xf32>
    %d = nest.map (i = 8) read(%b[i] : tensor<8xf32>, %k[i] : tensor<8xf32>) set(%c[i] : tensor<8xf32>) {
    ^bb0(%i: index, %p: f32, %q: f32):
      %t = arith.addf %p, %q : f32
      nest.yield %t : f32
    }
    %f = tensor.empty() : tensor<8x8xf32>
    %o = nest.map (i = 8, j = 8) read(%a[i] : tensor<8xf32>, %d[j] : tensor<8xf32>) set(%f[i, j] : tensor<8x8xf32>) {
    ^bb0(%i: index, %j: index, %p: f32, %q: f32):
      %t = arith.mulf %p, %q : f32
      nest.yield %t : f32
    }
    kernel.yield %d, %o : tensor<8xf32>, tensor<8x8xf32>
  }
  func.return
}

// -----

// Features in lanes: a sum to one number runs across, the rows of two tables are added in order.
// CHECK-LABEL: func.func @across
// CHECK:         scf.for %row
// CHECK:           lanes.sum
// CHECK:         scf.for %row
// CHECK:           memref.load %s[
// CHECK:           memref.store %{{.*}}, %s[
func.func @across(%n: index, %e: memref<?x2xi32>, %x: memref<?x8xf32>, %s: memref<?xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x8xf32>) add(%s[%e[r, 0] | %e[r, 1]] : memref<?xf32>) attributes {schedule = #kernel.schedule<lanes = features, vector = 8, block = 32, tile = [2, 1], chunk = 64>} {
  ^bb0(%r: index, %a: tensor<8xf32>):
    %0 = arith.constant 0.0 : f32
    %z = tensor.splat %0 : tensor<f32>
    %b = nest.map (i = 8) read(%a[i] : tensor<8xf32>) add(%z : tensor<f32>) {
    ^bb0(%i: index, %p: f32):
      nest.yield %p : f32
    }
    kernel.yield %b, %b : tensor<f32>, tensor<f32>
  }
  func.return
}

// -----

// Chunks by the number of rows: a 64th of them, 4 at least and 64 at most.
// CHECK-LABEL: func.func @few
// CHECK-DAG:     %[[L:.*]] = arith.constant 4 : index
// CHECK-DAG:     %[[M:.*]] = arith.constant 64 : index
// CHECK-DAG:     %[[T:.*]] = arith.constant 256 : index
// CHECK:         %[[C:.*]] = arith.ceildivsi %n, %[[T]]
// CHECK:         %[[S:.*]] = arith.muli %[[C]], %[[L]]
// CHECK:         %[[A:.*]] = arith.maxsi %[[S]], %[[L]]
// CHECK:         %[[B:.*]] = arith.minsi %[[A]], %[[M]]
// CHECK:         %[[N:.*]] = arith.ceildivsi %n, %[[B]]
// CHECK:         "scf.parallel"(%{{.*}}, %[[N]], %{{.*}})
// CHECK:         ^bb0(%chunk: index):
// CHECK-NEXT:      %[[F:.*]] = arith.muli %chunk, %[[B]]
// CHECK-NEXT:      arith.addi %[[F]], %[[B]]
func.func @few(%n: index, %x: memref<?xf32>, %y: memref<?xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?xf32>) write(%y[r] : memref<?xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 4, block = 8, tile = [2, 2], chunk = 64, least = 4>} {
  ^bb0(%r: index, %a: tensor<f32>):
    %e = tensor.empty() : tensor<f32>
    %c = nest.map () read(%a : tensor<f32>) set(%e : tensor<f32>) {
    ^bb0(%v: f32):
      %d = arith.mulf %v, %v : f32
      nest.yield %d : f32
    }
    kernel.yield %c : tensor<f32>
  }
  func.return
}

// -----

// Rows that a table reaches are asked for `ahead` rows before they are needed, as far as there are rows: one number in
// each 64 bytes, and the last one, for a row may begin inside. What is read and added to by one index is found once.
// CHECK-LABEL: func.func @ahead
// CHECK:         %[[L:.*]] = arith.subi %n, %[[A:.*]] : index
// CHECK-NEXT:    %[[M:.*]] = arith.minsi %[[L]], %{{.*}} : index
// CHECK:         scf.for %ahead = %{{.*}} to %[[M]] step %{{.*}} {
// CHECK:           %[[R:.*]] = arith.addi %[[A]], %ahead : index
// CHECK:           %[[E:.*]] = memref.load %e[%[[R]], %{{.*}}] : memref<?x2xi32>
// CHECK-NEXT:      %[[I:.*]] = arith.index_cast %[[E]] : i32 to index
// CHECK:           lanes.prefetch f32 %h[%[[I]], %{{.*}}] : memref<?x20xf32>
// CHECK:           lanes.prefetch f32 %h[%[[I]], %{{.*}}] : memref<?x20xf32>
// CHECK:           lanes.prefetch f32 %h[%[[I]], %{{.*}}] : memref<?x20xf32>
// CHECK-NOT:       memref.load
// CHECK:           lanes.prefetch f32 %s[%[[I]]] : memref<?xf32>
// CHECK-NOT:       lanes.prefetch
func.func @ahead(%n: index, %e: memref<?x2xi32>, %h: memref<?x20xf32>, %s: memref<?xf32>) {
  kernel.rows r = %n read(%h[%e[r, 0]] : memref<?x20xf32>) add(%s[%e[r, 0]] : memref<?xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 4, block = 4, tile = [1, 1], chunk = 4, ahead = 8>} {
  ^bb0(%r: index, %v: tensor<20xf32>):
    %z = arith.constant 0.0 : f32
    %z0 = tensor.splat %z : tensor<f32>
    %t = nest.map (i = 20) read(%v[i] : tensor<20xf32>) add(%z0 : tensor<f32>) {
    ^bb0(%i: index, %a: f32):
      nest.yield %a : f32
    }
    kernel.yield %t : tensor<f32>
  }
  func.return
}

// -----

// Rows that are neighbours, of few numbers each, are read and written as whole vectors, whose numbers are dealt out.
// CHECK-LABEL: func.func @neighbours
// CHECK:         vector.load %x[%{{.*}}, %{{.*}}] : memref<?x3xf32>, vector<4xf32>
// CHECK:         vector.load %x[%{{.*}}, %{{.*}}] : memref<?x3xf32>, vector<4xf32>
// CHECK:         vector.load %x[%{{.*}}, %{{.*}}] : memref<?x3xf32>, vector<4xf32>
// CHECK-NEXT:    vector.shuffle %{{.*}}, %{{.*}} [0, 3, 6, {{[0-9]}}] : vector<4xf32>, vector<4xf32>
// CHECK:         vector.store %{{.*}}, %y[%{{.*}}, %{{.*}}] : memref<?x3xf32>, vector<4xf32>
// CHECK-NOT:     memref<?x3xf32>, vector<2xf32>
// CHECK:         scf.for %tail
func.func @neighbours(%n: index, %x: memref<?x3xf32>, %y: memref<?x3xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x3xf32>) write(%y[r] : memref<?x3xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 4, block = 4, tile = [1, 1], chunk = 4>} {
  ^bb0(%r: index, %v: tensor<3xf32>):
    %0 = tensor.empty() : tensor<3xf32>
    %t = nest.map (i = 3) read(%v[i] : tensor<3xf32>) set(%0[i] : tensor<3xf32>) {
    ^bb0(%i: index, %a: f32):
      %b = arith.mulf %a, %a : f32
      nest.yield %b : f32
    }
    kernel.yield %t : tensor<3xf32>
  }
  func.return
}
