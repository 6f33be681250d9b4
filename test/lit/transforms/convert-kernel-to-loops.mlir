// RUN: anamc-opt %s -p convert-kernel-to-loops --split-input-file | filecheck %s

// Independent rows are parallel; the body computes at once in the output row.
// CHECK-LABEL: func.func @parallel
// CHECK-NOT:     memref.alloca
// CHECK:         "scf.parallel"(%{{.*}}, %n, %{{.*}})
// CHECK-NEXT:    ^bb0(%r: index):
// CHECK-NEXT:      scf.for %j = %{{.*}} to %{{.*}} step %{{.*}} {
// CHECK-NEXT:        %v = memref.load %x[%r, %j] : memref<?x3xf32>
// CHECK-NEXT:        %t = math.tanh %v : f32
// CHECK-NEXT:        memref.store %t, %y[%r, %j] : memref<?x3xf32>
// CHECK-NEXT:      }
// CHECK-NEXT:      scf.reduce
func.func @parallel(%n: index, %x: memref<?x3xf32>, %y: memref<?x3xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x3xf32>) write(%y[r] : memref<?x3xf32>) {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %e = tensor.empty() : tensor<3xf32>
    %h = nest.map (j = 3) read(%a[j] : tensor<3xf32>) set(%e[j] : tensor<3xf32>) {
    ^bb1(%j: index, %v: f32):
      %t = math.tanh %v : f32
      nest.yield %t : f32
    }
    kernel.yield %h : tensor<3xf32>
  }
  func.return
}

// -----

// Sums through a table are atomic additions; one load of the table serves all columns.
// CHECK-LABEL: func.func @atomic
// CHECK:         "scf.parallel"
// CHECK:           %[[I:.*]] = memref.load %t[%r, %{{.*}}] : memref<?x2xi32>
// CHECK-NEXT:      %[[N:.*]] = arith.index_cast %[[I]] : i32 to index
// CHECK:           scf.for
// CHECK:             memref.atomic_rmw
// CHECK-SAME:        %y, %[[N]]
func.func @atomic(%n: index, %x: memref<?x3xf32>, %t: memref<?x2xi32>, %y: memref<?x3xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x3xf32>) add(%y[%t[r, 1]] : memref<?x3xf32>) {
  ^bb0(%r: index, %a: tensor<3xf32>):
    kernel.yield %a : tensor<3xf32>
  }
  func.return
}

// -----

// Sums into blocks of rows: blocks in parallel, their rows in order.
// CHECK-LABEL: func.func @blocks
// CHECK:         %[[B:.*]] = arith.ceildivsi %n, %{{.*}} : index
// CHECK:         "scf.parallel"(%{{.*}}, %[[B]], %{{.*}})
// CHECK-NEXT:    ^bb0(%block: index):
// CHECK-NEXT:      %[[LOW:.*]] = arith.muli %block, %{{.*}} : index
// CHECK-NEXT:      %[[END:.*]] = arith.addi %[[LOW]], %{{.*}} : index
// CHECK-NEXT:      %[[UP:.*]] = arith.minsi %[[END]], %n : index
// CHECK-NEXT:      scf.for %r = %[[LOW]] to %[[UP]]
// CHECK:             memref.load %y[%block]
// CHECK:             memref.store %{{.*}}, %y[%block]
func.func @blocks(%n: index, %x: memref<?xf32>, %y: memref<?xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?xf32>) add(%y[r floordiv 64] : memref<?xf32>) {
  ^bb0(%r: index, %a: tensor<f32>):
    kernel.yield %a : tensor<f32>
  }
  func.return
}

// -----

// CHECK-LABEL: func.func @no_parallel_rows_as_all_add_to_one
// CHECK-NOT:     scf.parallel
// CHECK:         scf.for %r
func.func @no_parallel_rows_as_all_add_to_one(%n: index, %x: memref<?xf32>, %y: memref<f32>) {
  kernel.rows r = %n read(%x[r] : memref<?xf32>) add(%y : memref<f32>) {
  ^bb0(%r: index, %a: tensor<f32>):
    kernel.yield %a : tensor<f32>
  }
  func.return
}

// -----

// CHECK-LABEL: func.func @no_parallel_rows_as_maxima_meet
// CHECK-NOT:     scf.parallel
// CHECK:         scf.for %r
// CHECK:           arith.maximumf
// CHECK-NOT:     memref.atomic_rmw
func.func @no_parallel_rows_as_maxima_meet(%n: index, %x: memref<?xf32>, %t: memref<?xi32>, %y: memref<?xf32>, %z: memref<?xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?xf32>) max(%y[%t[r]] : memref<?xf32>) add(%z[%t[r]] : memref<?xf32>) {
  ^bb0(%r: index, %a: tensor<f32>):
    kernel.yield %a, %a : tensor<f32>, tensor<f32>
  }
  func.return
}

// -----

// CHECK-LABEL: func.func @no_loop_as_there_is_one_row
// CHECK-NOT:     scf.
// CHECK:         memref.load %x[]
// CHECK-NEXT:    memref.store %{{.*}}, %y[]
func.func @no_loop_as_there_is_one_row(%x: memref<f32>, %y: memref<f32>) {
  kernel.rows r = 1 read(%x : memref<f32>) write(%y : memref<f32>) {
  ^bb0(%r: index, %a: tensor<f32>):
    kernel.yield %a : tensor<f32>
  }
  func.return
}

// -----

// A sum over the inner iterator is carried in a register, scalars too; the array that is read for the last time is
// used again.
// CHECK-LABEL: func.func @registers
// CHECK:         %h = memref.alloca() : memref<3xf32>
// CHECK-NOT:     memref.alloca
// CHECK:         %s = scf.for %[[J:.*]] = %{{.*}} iter_args(%{{.*}} = %{{.*}}) -> (f32) {
// CHECK-NEXT:      %{{.*}} = memref.load %h[%
// CHECK:         scf.for %j
// CHECK-NEXT:      %{{.*}} = memref.load %h[%
// CHECK-NEXT:      %{{.*}} = arith.mulf %{{.*}}, %s
// CHECK-NEXT:      memref.store %{{.*}}, %h[%
func.func @registers(%x: memref<3xf32>, %y: memref<3x3xf32>) {
  kernel.rows r = 1 read(%x : memref<3xf32>) write(%y : memref<3x3xf32>) {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %e = tensor.empty() : tensor<3xf32>
    %h = nest.map (j = 3) read(%a[j] : tensor<3xf32>) set(%e[j] : tensor<3xf32>) {
    ^bb1(%j: index, %v: f32):
      %t = math.tanh %v : f32
      nest.yield %t : f32
    }
    %c = arith.constant 0.0 : f32
    %z = tensor.splat %c : tensor<f32>
    %s = nest.map (j = 3) read(%h[j] : tensor<3xf32>) add(%z : tensor<f32>) {
    ^bb1(%j: index, %v: f32):
      nest.yield %v : f32
    }
    %e2 = tensor.empty() : tensor<3xf32>
    %g = nest.map (j = 3) read(%h[j] : tensor<3xf32>, %s : tensor<f32>) set(%e2[j] : tensor<3xf32>) {
    ^bb1(%j: index, %v: f32, %w: f32):
      %t = arith.mulf %v, %w : f32
      nest.yield %t : f32
    }
    %e3 = tensor.empty() : tensor<3x3xf32>
    %o = nest.map (i = 3, j = 3) read(%g[i] : tensor<3xf32>, %g[j] : tensor<3xf32>) set(%e3[i, j] : tensor<3x3xf32>) {
    ^bb1(%i: index, %j: index, %v: f32, %w: f32):
      %t = arith.mulf %v, %w : f32
      nest.yield %t : f32
    }
    kernel.yield %o : tensor<3x3xf32>
  }
  func.return
}

// -----

// CHECK-LABEL: func.func @no_reuse_as_elements_are_read_elsewhere
// CHECK:         memref.alloca() : memref<3xf32>
// CHECK:         memref.alloca() : memref<3xf32>
func.func @no_reuse_as_elements_are_read_elsewhere(%x: memref<3xf32>, %y: memref<f32>) {
  kernel.rows r = 1 read(%x : memref<3xf32>) add(%y : memref<f32>) {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %e = tensor.empty() : tensor<3xf32>
    %h = nest.map (j = 3) read(%a[j] : tensor<3xf32>) set(%e[j] : tensor<3xf32>) {
    ^bb1(%j: index, %v: f32):
      nest.yield %v : f32
    }
    %g = nest.map (j = 3) read(%h[2 - j] : tensor<3xf32>) set(%e[j] : tensor<3xf32>) {
    ^bb1(%j: index, %v: f32):
      nest.yield %v : f32
    }
    %c = arith.constant 0.0 : f32
    %z = tensor.splat %c : tensor<f32>
    %s = nest.map (j = 3) read(%g[j] : tensor<3xf32>) add(%z : tensor<f32>) {
    ^bb1(%j: index, %v: f32):
      nest.yield %v : f32
    }
    kernel.yield %s : tensor<f32>
  }
  func.return
}

// -----

// A kernel in a branch; 0.0 and -0.0 are two constants.
// CHECK-LABEL: func.func @branch
// CHECK-DAG:     arith.constant 0.000000e+00 : f32
// CHECK-DAG:     arith.constant -0.000000e+00 : f32
// CHECK:         scf.if %c {
// CHECK:           "scf.parallel"
func.func @branch(%c: i1, %y: memref<3xf32>, %z: memref<3xf32>) {
  scf.if %c {
    kernel.rows r = 3 write(%y[r] : memref<3xf32>, %z[r] : memref<3xf32>) {
    ^bb0(%r: index):
      %a = arith.constant dense<0.0> : tensor<f32>
      %b = arith.constant dense<-0.0> : tensor<f32>
      kernel.yield %a, %b : tensor<f32>, tensor<f32>
    }
  }
  func.return
}

// -----

// A guard bounds the loop of its innermost iterator where it is linear in it, else it is a branch.
// CHECK-LABEL: func.func @guards
// CHECK:         "scf.parallel"
// CHECK-NEXT:    ^bb0(%r: index):
// CHECK:           %[[END:.*]] = arith.minsi %n, %{{.*}} : index
// CHECK:           %[[START:.*]] = arith.maxsi %{{.*}}, %{{.*}} : index
// CHECK:           scf.for %p = %[[START]] to %[[END]]
// CHECK:             %[[HOLDS:.*]] = arith.cmpi sge, %{{.*}}, %{{.*}} : index
// CHECK-NEXT:        %{{.*}} = scf.if %[[HOLDS]] -> (f32) {
// CHECK:             } else {
// CHECK-NEXT:          scf.yield
func.func @guards(%n: index, %m: index, %x: memref<?xf32>, %w: memref<3xf32>, %y: memref<?xf32>) {
  kernel.rows r = %m read(%x : memref<?xf32>, %w : memref<3xf32>) write(%y[r] : memref<?xf32>) {
  ^bb0(%r: index, %a: tensor<?xf32>, %b: tensor<3xf32>):
    %c = arith.constant 0.0 : f32
    %z = tensor.splat %c : tensor<f32>
    %h = nest.map (p = %n) where(%r - p >= 0, p - %r + 2 >= 0, p mod 2 - 1 >= 0) read(%a[p] : tensor<?xf32>, %b[%r - p] : tensor<3xf32>) add(%z : tensor<f32>) {
    ^bb1(%p: index, %u: f32, %v: f32):
      %t = arith.mulf %u, %v : f32
      nest.yield %t : f32
    }
    kernel.yield %h : tensor<f32>
  }
  func.return
}

// -----

// The winner of a maximum: larger, or the first NaN.
// CHECK-LABEL: func.func @winner
// CHECK:         %[[NOBODY:.*]] = arith.constant -1 : i64
// CHECK:           scf.for %j = {{.*}} iter_args(%{{.*}} = %{{.*}}, %{{.*}} = %[[NOBODY]]) -> (f32, i64)
// CHECK:             %[[AHEAD:.*]] = arith.cmpf ugt, %v, %[[OLD:.*]] : f32
// CHECK:             %[[NUMBER:.*]] = arith.cmpf ord, %[[OLD]], %[[OLD]] : f32
// CHECK:             %[[WON:.*]] = arith.andi %[[AHEAD]], %[[NUMBER]] : i1
// CHECK:             arith.select %[[WON]], %v, %[[OLD]] : f32
// CHECK:             arith.select %[[WON]], %{{.*}}, %{{.*}} : i64
func.func @winner(%n: index, %x: memref<?x3xf32>, %y: memref<?xf32>, %w: memref<?xi64>) {
  kernel.rows r = %n read(%x[r] : memref<?x3xf32>) write(%y[r] : memref<?xf32>, %w[r] : memref<?xi64>) {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %c = arith.constant 0.0 : f32
    %z = tensor.splat %c : tensor<f32>
    %h, %k = nest.map (j = 3) read(%a[j] : tensor<3xf32>) max(%z : tensor<f32> arg) {
    ^bb1(%j: index, %v: f32):
      nest.yield %v : f32
    }
    kernel.yield %h, %k : tensor<f32>, tensor<i64>
  }
  func.return
}

// -----

// A loop around others is bounded by the most that these can add to a guard, which is decided inside.
// CHECK-LABEL: func.func @relaxed
// CHECK:         %[[END:.*]] = arith.minsi
// CHECK:         %[[START:.*]] = arith.maxsi
// CHECK:         scf.for %p = %[[START]] to %[[END]]
// CHECK:           %[[INNER:.*]] = arith.maxsi
// CHECK:           scf.for %t = %[[INNER]] to
func.func @relaxed(%n: index, %m: index, %x: memref<?xf32>, %y: memref<?xf32>) {
  kernel.rows r = %m read(%x : memref<?xf32>) write(%y[r] : memref<?xf32>) {
  ^bb0(%r: index, %a: tensor<?xf32>):
    %c = arith.constant 0.0 : f32
    %z = tensor.splat %c : tensor<f32>
    %h = nest.map (p = %n, t = 2) where(2 * %r + t - p >= 0, p - 2 * %r - t + 4 >= 0) read(%a[p] : tensor<?xf32>) add(%z : tensor<f32>) {
    ^bb1(%p: index, %t: index, %u: f32):
      nest.yield %u : f32
    }
    kernel.yield %h : tensor<f32>
  }
  func.return
}

// -----

// A plan: colours in order, their chunks in parallel, rows of a chunk in order, no atomic additions.
// CHECK-LABEL: func.func @planned
// CHECK:         %[[COUNT:.*]] = memref.load %plan[%{{.*}}, %{{.*}}]
// CHECK:         scf.for %colour =
// CHECK:           memref.load %plan[%colour, %{{.*}}]
// CHECK:           "scf.parallel"
// CHECK:           ^bb0(%chunk: index):
// CHECK:             %[[CHUNK:.*]] = memref.load %plan[
// CHECK:             scf.for %r =
// CHECK:               memref.load %y[
// CHECK:               memref.store
// CHECK-NOT:     atomic
// CHECK:         anamc.grain = 1
func.func @planned(%n: index, %x: memref<?xf32>, %e: memref<?x2xi32>, %y: memref<?xf32>, %plan: memref<?x2xi32>) {
  kernel.rows r = %n read(%x[r] : memref<?xf32>) add(%y[%e[r, 0] | %e[r, 1]] : memref<?xf32>) plan(%plan : memref<?x2xi32> by 64) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v, %v : tensor<f32>, tensor<f32>
  }
  func.return
}

// -----

// Partial sums are added up by 64, and these sums to the result; few of them one by one. A row of partial sums is one run
// of numbers, whatever its rank.
// CHECK-LABEL: func.func @totals
// CHECK:         %[[S:.*]] = memref.alloca() : memref<6xf32>
// CHECK:         arith.ceildivsi %n, %{{.*}} : index
// CHECK:         scf.for %group
// CHECK:           arith.minsi
// CHECK:           scf.for %[[K:.*]] = %{{.*}} to %[[SIX:.*]] step
// CHECK-NEXT:        memref.store %{{.*}}, %[[S]][%[[K]]] : memref<6xf32>
// CHECK:           scf.for %b
// CHECK:             %[[F:.*]] = arith.muli %b, %[[SIX]] : index
// CHECK-NEXT:        %[[R:.*]] = memref.reinterpret_cast %p to offset: [%[[F]]], sizes: [6], strides: [1]
// CHECK-NEXT:        scf.for %[[I:.*]] = %{{.*}} to %[[SIX]] step
// CHECK-NEXT:          memref.load %[[R]][%[[I]]]
// CHECK:           scf.for %[[I:.*]] =
// CHECK-NEXT:        scf.for %[[J:.*]] =
// CHECK:               memref.load %[[S]]
// CHECK:               memref.store %{{.*}}, %s[%[[I]], %[[J]]] : memref<2x3xf32>
// CHECK:         scf.for %b
// CHECK-NOT:       memref.alloca
// CHECK:         func.return
func.func @totals(%n: index, %p: memref<?x2x3xf32>, %q: memref<9x3xf32>, %s: memref<2x3xf32>, %t: memref<3xf32>) {
  kernel.rows b = %n read(%p[b] : memref<?x2x3xf32>) add(%s : memref<2x3xf32>) attributes {anamc.total} {
  ^bb0(%b: index, %v: tensor<2x3xf32>):
    kernel.yield %v : tensor<2x3xf32>
  }
  kernel.rows b = 9 read(%q[b] : memref<9x3xf32>) add(%t : memref<3xf32>) attributes {anamc.total} {
  ^bb0(%b: index, %v: tensor<3xf32>):
    kernel.yield %v : tensor<3xf32>
  }
  func.return
}
