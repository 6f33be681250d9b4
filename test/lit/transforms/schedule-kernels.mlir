// RUN: anamc-opt %s -p 'schedule-kernels{machine=avx512}' --split-input-file | filecheck %s
// RUN: anamc-opt %s -p 'schedule-kernels{machine=neon}' --split-input-file | filecheck %s --check-prefix NEON

// Narrow rows: blocks of four vectors.
// CHECK-LABEL: func.func @narrow
// CHECK:         schedule = #kernel.schedule<lanes = rows, vector = 16, block = 64, tile = [6, 4], chunk = 1024>
// NEON-LABEL:  func.func @narrow
// NEON:          schedule = #kernel.schedule<lanes = rows, vector = 4, block = 16, tile = [6, 4], chunk = 1024>
func.func @narrow(%n: index, %x: memref<?x3xf32>, %y: memref<?x3xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x3xf32>) write(%y[r] : memref<?x3xf32>) {
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

// Doubles in wide rows: blocks of two shorter vectors.
// CHECK-LABEL: func.func @wide
// CHECK:         schedule = #kernel.schedule<lanes = rows, vector = 8, block = 16, tile = [12, 2], chunk = 1024>
func.func @wide(%n: index, %x: memref<?x64xf64>, %y: memref<?x64xf64>) {
  kernel.rows r = %n read(%x[r] : memref<?x64xf64>) write(%y[r] : memref<?x64xf64>) {
  ^bb0(%r: index, %a: tensor<64xf64>):
    %e = tensor.empty() : tensor<64xf64>
    %b = nest.map (i = 64) read(%a[i] : tensor<64xf64>) set(%e[i] : tensor<64xf64>) {
    ^bb0(%i: index, %s: f64):
      %t = arith.addf %s, %s : f64
      nest.yield %t : f64
    }
    kernel.yield %b : tensor<64xf64>
  }
  func.return
}

// -----

// A schedule written by hand stays.
// CHECK-LABEL: func.func @by_hand
// CHECK:         schedule = #kernel.schedule<lanes = none>
func.func @by_hand(%n: index, %x: memref<?xf32>, %y: memref<?xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?xf32>) write(%y[r] : memref<?xf32>) attributes {schedule = #kernel.schedule<lanes = none>} {
  ^bb0(%r: index, %a: tensor<f32>):
    kernel.yield %a : tensor<f32>
  }
  func.return
}

// -----

// What has no form on vectors says why.
// CHECK-LABEL: func.func @unscheduled
// CHECK:         anamc.unscheduled = "it computes nothing"
// CHECK:         anamc.unscheduled = "result 0 is a whole tensor that rows max"
// CHECK:         anamc.unscheduled = "it computes with the row number"
// CHECK:         anamc.unscheduled = "it reads or gives rows of type tensor<i32>"
// CHECK:         anamc.unscheduled = "its rows are of type tensor<2x2xf32>"
func.func @unscheduled(%n: index, %x: memref<?xf32>, %y: memref<?xf32>, %z: memref<f32>, %t: memref<?xi32>, %s: memref<?x2x2xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?xf32>) write(%y[r] : memref<?xf32>) {
  ^bb0(%r: index, %a: tensor<f32>):
    kernel.yield %a : tensor<f32>
  }
  kernel.rows r = %n read(%x[r] : memref<?xf32>) max(%z : memref<f32>) {
  ^bb0(%r: index, %a: tensor<f32>):
    kernel.yield %a : tensor<f32>
  }
  kernel.rows r = %n read(%x[r] : memref<?xf32>) write(%y[r] : memref<?xf32>) {
  ^bb0(%r: index, %a: tensor<f32>):
    %i = arith.index_cast %r : index to i32
    kernel.yield %a : tensor<f32>
  }
  kernel.rows r = %n read(%x[r] : memref<?xf32>, %t[r] : memref<?xi32>) write(%y[r] : memref<?xf32>) {
  ^bb0(%r: index, %a: tensor<f32>, %b: tensor<i32>):
    %e = tensor.empty() : tensor<f32>
    %c = nest.map () read(%a : tensor<f32>, %b : tensor<i32>) set(%e : tensor<f32>) {
    ^bb0(%s0: f32, %k: i32):
      nest.yield %s0 : f32
    }
    kernel.yield %c : tensor<f32>
  }
  kernel.rows r = %n read(%s[r] : memref<?x2x2xf32>) write(%y[r] : memref<?xf32>) {
  ^bb0(%r: index, %a: tensor<2x2xf32>):
    %e = tensor.empty() : tensor<f32>
    %c = nest.map () read(%a[0, 0] : tensor<2x2xf32>) set(%e : tensor<f32>) {
    ^bb0(%s0: f32):
      nest.yield %s0 : f32
    }
    kernel.yield %c : tensor<f32>
  }
  func.return
}

// No form on vectors: guards, and winning iterations.
// CHECK-LABEL: func.func @guards
// CHECK:         anamc.unscheduled = "a loop with guards in a row"
// CHECK:         anamc.unscheduled = "the winning iteration of a loop in a row"
func.func @guards(%n: index, %x: memref<?x3xf32>, %y: memref<?xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x3xf32>) write(%y[r] : memref<?xf32>) {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %z = arith.constant dense<0.0> : tensor<f32>
    %c = nest.map (j = 3) where(j - 1 >= 0) read(%a[j] : tensor<3xf32>) add(%z : tensor<f32>) {
    ^bb0(%j: index, %v: f32):
      nest.yield %v : f32
    }
    kernel.yield %c : tensor<f32>
  }
  kernel.rows r = %n read(%x[r] : memref<?x3xf32>) write(%y[r] : memref<?xf32>) {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %z = arith.constant dense<0.0> : tensor<f32>
    %c, %w = nest.map (j = 3) read(%a[j] : tensor<3xf32>) max(%z : tensor<f32> arg) {
    ^bb0(%j: index, %v: f32):
      nest.yield %v : f32
    }
    kernel.yield %c : tensor<f32>
  }
  func.return
}

// -----

// CHECK-LABEL: func.func @more_reasons
// CHECK:         anamc.unscheduled = "it has 2 rows"
// CHECK:         anamc.unscheduled = "sums over different numbers of rows"
// CHECK:         schedule = #kernel.schedule<lanes = elements, vector = 16, block = 1, tile = [24, 1], chunk = 1>
// CHECK:         schedule = #kernel.schedule<lanes = elements, vector = 16, block = 1, tile = [24, 1], chunk = 1>
// CHECK:         anamc.unscheduled = "'arith.fptosi' in a row"
// CHECK:         anamc.unscheduled = "'mlp.relu' on rows"
// CHECK:         anamc.unscheduled = "a loop of run-time length in a row"
func.func @more_reasons(%n: index, %x: memref<?xf32>, %y: memref<?xf32>, %z: memref<?xf32>, %big: memref<?x90000xf32>, %s: memref<90000xf32>, %few: memref<2xf32>, %b: memref<?x3xf32>) {
  kernel.rows r = 2 read(%few[r] : memref<2xf32>) write(%few[r] : memref<2xf32>) {
  ^bb0(%r: index, %a: tensor<f32>):
    %e = tensor.empty() : tensor<f32>
    %c = nest.map () read(%a : tensor<f32>) set(%e : tensor<f32>) {
    ^bb0(%v: f32):
      nest.yield %v : f32
    }
    kernel.yield %c : tensor<f32>
  }
  kernel.rows r = %n read(%x[r] : memref<?xf32>) add(%y[r floordiv 4] : memref<?xf32>, %z[r floordiv 8] : memref<?xf32>) {
  ^bb0(%r: index, %a: tensor<f32>):
    %e = tensor.empty() : tensor<f32>
    %c = nest.map () read(%a : tensor<f32>) set(%e : tensor<f32>) {
    ^bb0(%v: f32):
      nest.yield %v : f32
    }
    kernel.yield %c, %c : tensor<f32>, tensor<f32>
  }
  kernel.rows r = %n read(%x[r] : memref<?xf32>) add(%s : memref<90000xf32>) {
  ^bb0(%r: index, %a: tensor<f32>):
    %e = tensor.empty() : tensor<90000xf32>
    %c = nest.map (i = 90000) read(%a : tensor<f32>) set(%e[i] : tensor<90000xf32>) {
    ^bb0(%i: index, %v: f32):
      nest.yield %v : f32
    }
    kernel.yield %c : tensor<90000xf32>
  }
  kernel.rows r = %n read(%big[r] : memref<?x90000xf32>) write(%big[r] : memref<?x90000xf32>) {
  ^bb0(%r: index, %a: tensor<90000xf32>):
    %e = tensor.empty() : tensor<90000xf32>
    %c = nest.map (i = 90000) read(%a[i] : tensor<90000xf32>) set(%e[i] : tensor<90000xf32>) {
    ^bb0(%i: index, %v: f32):
      nest.yield %v : f32
    }
    kernel.yield %c : tensor<90000xf32>
  }
  kernel.rows r = %n read(%x[r] : memref<?xf32>) write(%y[r] : memref<?xf32>) {
  ^bb0(%r: index, %a: tensor<f32>):
    %e = tensor.empty() : tensor<f32>
    %c = nest.map () read(%a : tensor<f32>) set(%e : tensor<f32>) {
    ^bb0(%v: f32):
      %k = arith.fptosi %v : f32 to i32
      nest.yield %v : f32
    }
    kernel.yield %c : tensor<f32>
  }
  kernel.rows r = %n read(%b[r] : memref<?x3xf32>) write(%b[r] : memref<?x3xf32>) {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %d = mlp.relu %a : tensor<3xf32>
    %c = nest.map (i = 3) read(%a[i] : tensor<3xf32>) set(%d[i] : tensor<3xf32>) {
    ^bb0(%i: index, %v: f32):
      nest.yield %v : f32
    }
    kernel.yield %c : tensor<3xf32>
  }
  kernel.rows r = %n read(%b[r] : memref<?x3xf32>) write(%y[r] : memref<?xf32>) {
  ^bb0(%r: index, %a: tensor<3xf32>):
    %zero = arith.constant dense<0.0> : tensor<f32>
    %c = nest.map (i = %n) read(%a[i mod 3] : tensor<3xf32>) add(%zero : tensor<f32>) {
    ^bb0(%i: index, %v: f32):
      nest.yield %v : f32
    }
    kernel.yield %c : tensor<f32>
  }
  func.return
}

// -----

// The chunks of a plan are those of the schedule; chunks that are no multiple of a block keep a kernel on scalars.
// Rows that a table reaches are asked for one block ahead.
// CHECK-LABEL: func.func @planned
// CHECK:         plan(%plan : tensor<?x2xi32> by 256) attributes {schedule = #kernel.schedule<{{.*}}, block = 64, {{.*}}, chunk = 256, ahead = 64>}
// CHECK:         schedule = #kernel.schedule<lanes = elements, vector = 16, {{.*}}>
// NEON-LABEL: func.func @planned
func.func @planned(%n: index, %x: tensor<?x4xf32>, %e: tensor<?x2xi32>, %y0: tensor<?x4xf32>, %plan: tensor<?x2xi32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %y = kernel.rows r = %n read(%x[r] : tensor<?x4xf32>) add(%y0[%e[r, 0]] : tensor<?x4xf32>) plan(%plan : tensor<?x2xi32> by 256) {
  ^bb0(%r: index, %v: tensor<4xf32>):
    %0 = tensor.empty() : tensor<4xf32>
    %m = nest.map (i = 4) read(%v[i] : tensor<4xf32>) set(%0[i] : tensor<4xf32>) {
    ^bb1(%i: index, %a: f32):
      %b = arith.mulf %a, %a : f32
      nest.yield %b : f32
    }
    kernel.yield %m : tensor<4xf32>
  }
  %z = kernel.rows r = %n read(%x[r] : tensor<?x4xf32>) add(%y[%e[r, 0]] : tensor<?x4xf32>) plan(%plan : tensor<?x2xi32> by 3) {
  ^bb0(%r: index, %v: tensor<4xf32>):
    %0 = tensor.empty() : tensor<4xf32>
    %m = nest.map (i = 4) read(%v[i] : tensor<4xf32>) set(%0[i] : tensor<4xf32>) {
    ^bb1(%i: index, %a: f32):
      %b = arith.mulf %a, %a : f32
      nest.yield %b : f32
    }
    kernel.yield %m : tensor<4xf32>
  }
  func.return %y, %z : tensor<?x4xf32>, tensor<?x4xf32>
}

// -----

// Gathered rows that fill the lanes: features in lanes.
// CHECK-LABEL: func.func @gathered
// CHECK:         schedule = #kernel.schedule<lanes = features, vector = 16, block = 96, tile = [6, 4], chunk = 1024, ahead = 96>
// NEON-LABEL:  func.func @gathered
// NEON:          schedule = #kernel.schedule<lanes = features, vector = 4, block = 96, tile = [6, 4], chunk = 1024, ahead = 96>
// They do not fill them: rows in lanes.
// CHECK:         schedule = #kernel.schedule<lanes = rows, vector = 16, block = 64, tile = [6, 4], chunk = 1024, ahead = 64>
func.func @gathered(%n: index, %m: index, %e: memref<?x2xi32>, %x: memref<?x16xf32>, %w: memref<16x16xf32>, %y: memref<?x16xf32>, %u: memref<?x9xf32>, %v: memref<9x9xf32>, %z: memref<?x9xf32>) {
  kernel.rows r = %n read(%x[%e[r, 0]] : memref<?x16xf32>, %w : memref<16x16xf32>) write(%y[r] : memref<?x16xf32>) {
  ^bb0(%r: index, %a: tensor<16xf32>, %W: tensor<16x16xf32>):
    %0 = arith.constant 0.0 : f32
    %s = tensor.splat %0 : tensor<16xf32>
    %b = nest.map (i = 16, j = 16) read(%a[i] : tensor<16xf32>, %W[i, j] : tensor<16x16xf32>) add(%s[j] : tensor<16xf32>) {
    ^bb0(%i: index, %j: index, %p: f32, %q: f32):
      %t = arith.mulf %p, %q : f32
      nest.yield %t : f32
    }
    kernel.yield %b : tensor<16xf32>
  }
  kernel.rows r = %n read(%u[%e[r, 0]] : memref<?x9xf32>, %v : memref<9x9xf32>) write(%z[r] : memref<?x9xf32>) {
  ^bb0(%r: index, %a: tensor<9xf32>, %W: tensor<9x9xf32>):
    %0 = arith.constant 0.0 : f32
    %s = tensor.splat %0 : tensor<9xf32>
    %b = nest.map (i = 9, j = 9) read(%a[i] : tensor<9xf32>, %W[i, j] : tensor<9x9xf32>) add(%s[j] : tensor<9xf32>) {
    ^bb0(%i: index, %j: index, %p: f32, %q: f32):
      %t = arith.mulf %p, %q : f32
      nest.yield %t : f32
    }
    kernel.yield %b : tensor<9xf32>
  }
  func.return
}

// -----

// Rows that are matrices are summed, but not written; one by one, too few elements are neighbours.
// CHECK-LABEL: func.func @matrices
// CHECK:         anamc.unscheduled = "it writes rows of rank 2"
// NEON-LABEL: func.func @matrices
func.func @matrices(%n: index, %x: tensor<?x3xf32>, %y0: tensor<?x3x3xf32>) -> tensor<?x3x3xf32> {
  %y = kernel.rows r = %n read(%x[r] : tensor<?x3xf32>) write(%y0[r] : tensor<?x3x3xf32>) {
  ^bb0(%r: index, %v: tensor<3xf32>):
    %0 = tensor.empty() : tensor<3x3xf32>
    %m = nest.map (i = 3, j = 3) read(%v[i] : tensor<3xf32>, %v[j] : tensor<3xf32>) set(%0[i, j] : tensor<3x3xf32>) {
    ^bb1(%i: index, %j: index, %a: f32, %b: f32):
      %c = arith.mulf %a, %b : f32
      nest.yield %c : f32
    }
    kernel.yield %m : tensor<3x3xf32>
  }
  func.return %y : tensor<?x3x3xf32>
}

// -----

// Rows of rank 2 whose elements fill the lanes, and a product of run-time width.
// CHECK-LABEL: func.func @elements
// CHECK:         schedule = #kernel.schedule<lanes = elements, vector = 16, block = 1, tile = [24, 1], chunk = 1>
// CHECK:         schedule = #kernel.schedule<lanes = elements, vector = 16, block = 1, tile = [24, 1], chunk = 1>
// NEON-LABEL: func.func @elements
// NEON:          schedule = #kernel.schedule<lanes = elements, vector = 4, block = 1, tile = [24, 1], chunk = 1>
func.func @elements(%n: index, %m: index, %x: tensor<?x32xf32>, %y0: tensor<?x32x32xf32>, %a: tensor<?x?xf32>, %b: tensor<?x?xf32>, %c0: tensor<?x?xf32>) -> (tensor<?x32x32xf32>, tensor<?x?xf32>) {
  %y = kernel.rows r = %n read(%x[r] : tensor<?x32xf32>) write(%y0[r] : tensor<?x32x32xf32>) {
  ^bb0(%r: index, %v: tensor<32xf32>):
    %0 = tensor.empty() : tensor<32x32xf32>
    %p = nest.map (i = 32, j = 32) read(%v[i] : tensor<32xf32>, %v[j] : tensor<32xf32>) set(%0[i, j] : tensor<32x32xf32>) {
    ^bb1(%i: index, %j: index, %s: f32, %t: f32):
      %q = arith.mulf %s, %t : f32
      nest.yield %q : f32
    }
    kernel.yield %p : tensor<32x32xf32>
  }
  %c = kernel.rows r = %n read(%a[r] : tensor<?x?xf32>, %b : tensor<?x?xf32>) write(%c0[r] : tensor<?x?xf32>) {
  ^bb0(%r: index, %u: tensor<?xf32>, %v: tensor<?x?xf32>):
    %zero = arith.constant 0.0 : f32
    %0 = tensor.splat %zero[%m] : tensor<?xf32>
    %p = nest.map (j = %m, k = %n) read(%u[k] : tensor<?xf32>, %v[k, j] : tensor<?x?xf32>) add(%0[j] : tensor<?xf32>) {
    ^bb1(%j: index, %k: index, %s: f32, %t: f32):
      %q = arith.mulf %s, %t : f32
      nest.yield %q : f32
    }
    kernel.yield %p : tensor<?xf32>
  }
  func.return %y, %c : tensor<?x32x32xf32>, tensor<?x?xf32>
}

// -----

// A row of much work: few rows are shared by threads too, unless they are summed.
// CHECK-LABEL: func.func @heavy
// CHECK:         schedule = #kernel.schedule<lanes = features, vector = 16, block = 96, tile = [6, 4], chunk = 256, least = 48>
// CHECK:         schedule = #kernel.schedule<{{.*}}, chunk = 256>
// NEON-LABEL:  func.func @heavy
// NEON:          schedule = #kernel.schedule<lanes = features, vector = 4, block = 96, tile = [6, 4], chunk = 256, least = 48>
func.func @heavy(%n: index, %x: memref<?x100xf32>, %w: memref<100x100xf32>, %y: memref<?x100xf32>, %z: memref<100xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x100xf32>, %w : memref<100x100xf32>) write(%y[r] : memref<?x100xf32>) {
  ^bb0(%r: index, %a: tensor<100xf32>, %W: tensor<100x100xf32>):
    %0 = arith.constant 0.0 : f32
    %s = tensor.splat %0 : tensor<100xf32>
    %b = nest.map (i = 100, j = 100) read(%a[i] : tensor<100xf32>, %W[i, j] : tensor<100x100xf32>) add(%s[j] : tensor<100xf32>) {
    ^bb0(%i: index, %j: index, %p: f32, %q: f32):
      %t = arith.mulf %p, %q : f32
      nest.yield %t : f32
    }
    kernel.yield %b : tensor<100xf32>
  }
  kernel.rows r = %n read(%x[r] : memref<?x100xf32>, %w : memref<100x100xf32>) add(%z : memref<100xf32>) {
  ^bb0(%r: index, %a: tensor<100xf32>, %W: tensor<100x100xf32>):
    %0 = arith.constant 0.0 : f32
    %s = tensor.splat %0 : tensor<100xf32>
    %b = nest.map (i = 100, j = 100) read(%a[i] : tensor<100xf32>, %W[i, j] : tensor<100x100xf32>) add(%s[j] : tensor<100xf32>) {
    ^bb0(%i: index, %j: index, %p: f32, %q: f32):
      %t = arith.mulf %p, %q : f32
      nest.yield %t : f32
    }
    kernel.yield %b : tensor<100xf32>
  }
  func.return
}
