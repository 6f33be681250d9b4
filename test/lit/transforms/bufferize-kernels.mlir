// RUN: anamc-opt %s -p expose-sizes,bufferize-kernels --split-input-file | filecheck %s

// A returned result is written in its place; sizes are 32 bits and checked.
// CHECK-LABEL: func.func @output_eval(
// CHECK-SAME:    %{{[a-z_]+}}: i32 {anamc.name = "x_size_0"}, %x: memref<?x2xf32> {anamc.name = "x", anamc.dims = ["x_size_0", 2 : index], anamc.access = "read"},
// CHECK-SAME:    %y: memref<?x2xf32> {anamc.name = "y", anamc.dims = ["x_size_0", 2 : index], anamc.access = "write"},
// CHECK-SAME:    %workspace: memref<?xi8> {anamc.name = "workspace", anamc.access = "workspace"}) -> i32 attributes {anamc.entry = "output"} {
// CHECK:         %[[NEG:.*]] = arith.cmpi slt
// CHECK-NEXT:    %[[STATUS:.*]] = scf.if %[[NEG]] -> (i32) {
// CHECK-NEXT:      scf.yield %{{.*}} : i32
// CHECK-NEXT:    } else {
// CHECK-NEXT:      %[[N:.*]] = arith.index_cast
// CHECK-NEXT:      kernel.rows r = %[[N]] read(%x[r] : memref<?x2xf32>) write(%y[r] : memref<?x2xf32>) {
// CHECK-NEXT:      ^bb0(%r: index, %[[V:.*]]: tensor<2xf32>):
// CHECK-NEXT:        kernel.yield %[[V]]
// CHECK:         func.return %[[STATUS]]
// CHECK:       func.func @output_workspace_size(%{{.*}}: i32 {anamc.name = "x_size_0"}) -> i64 attributes {anamc.workspace_of = "output"} {
func.func @output(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?x2xf32>
  %e = tensor.empty(%n) : tensor<?x2xf32>
  %y = kernel.rows r = %n read(%x[r] : tensor<?x2xf32>) write(%e[r] : tensor<?x2xf32>) {
  ^bb0(%r: index, %v: tensor<2xf32>):
    kernel.yield %v : tensor<2xf32>
  }
  func.return %y : tensor<?x2xf32>
}

// -----

// Slots of the workspace are aligned, and used again when their last reader has run: %c lies where %a lay.
// CHECK-LABEL: func.func @slots_eval
// CHECK:         %a = memref.view %workspace[%[[O:.*]]][] : memref<?xi8> to memref<3xf64>
// CHECK-NEXT:    kernel.rows r = 3 read(%x[r] : memref<3xf64>) write(%a[r] : memref<3xf64>)
// CHECK:         %b = memref.view %workspace[%{{.*}}][] : memref<?xi8> to memref<3xf64>
// CHECK-NEXT:    kernel.rows r = 3 read(%a[r] : memref<3xf64>) write(%b[r] : memref<3xf64>)
// CHECK:         kernel.rows r = 3 read(%b[r] : memref<3xf64>) write(%a[r] : memref<3xf64>)
// CHECK:         kernel.rows r = 3 read(%a[r] : memref<3xf64>, %b[r] : memref<3xf64>) write(%d[r] : memref<3xf64>)
// CHECK:       func.func @slots_workspace_size() -> i64
// CHECK:         arith.constant 64 : index
// CHECK:         arith.constant 64 : index
// CHECK-NOT:     arith.constant 64 : index
func.func @slots(%x: tensor<3xf64>) -> tensor<3xf64> {
  %e = tensor.empty() : tensor<3xf64>
  %a = kernel.rows r = 3 read(%x[r] : tensor<3xf64>) write(%e[r] : tensor<3xf64>) {
  ^bb0(%r: index, %v: tensor<f64>):
    kernel.yield %v : tensor<f64>
  }
  %b = kernel.rows r = 3 read(%a[r] : tensor<3xf64>) write(%e[r] : tensor<3xf64>) {
  ^bb0(%r: index, %v: tensor<f64>):
    kernel.yield %v : tensor<f64>
  }
  %c = kernel.rows r = 3 read(%b[r] : tensor<3xf64>) write(%e[r] : tensor<3xf64>) {
  ^bb0(%r: index, %v: tensor<f64>):
    kernel.yield %v : tensor<f64>
  }
  %d = kernel.rows r = 3 read(%c[r] : tensor<3xf64>, %b[r] : tensor<3xf64>) write(%e[r] : tensor<3xf64>) {
  ^bb0(%r: index, %v: tensor<f64>, %w: tensor<f64>):
    kernel.yield %v : tensor<f64>
  }
  func.return %d : tensor<3xf64>
}

// -----

// What a sum starts from is written in front of it; where it starts from a result that nobody else reads, it is
// that result's place.
// CHECK-LABEL: func.func @starts_eval
// CHECK:         kernel.rows r = 1 write(%t : memref<f32>) attributes {anamc.fill} {
// CHECK:           arith.constant dense<0.000000e+00> : tensor<f32>
// CHECK:         kernel.rows r = 3 read(%x[r] : memref<3xf32>) add(%t : memref<f32>) {
// CHECK:         kernel.rows r = 3 read(%x[r] : memref<3xf32>) add(%t : memref<f32>) {
// CHECK:         kernel.rows r = 3 write(%u[r] : memref<3xf32>) attributes {anamc.fill} {
// CHECK:         kernel.rows r = 3 read(%x[r] : memref<3xf32>) add(%u[%i[r]] : memref<3xf32>) {
func.func @starts(%x: tensor<3xf32>, %i: tensor<3xi32>) -> (tensor<f32>, tensor<3xf32>) {
  %z = arith.constant dense<0.0> : tensor<f32>
  %s = kernel.rows r = 3 read(%x[r] : tensor<3xf32>) add(%z : tensor<f32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %t = kernel.rows r = 3 read(%x[r] : tensor<3xf32>) add(%s : tensor<f32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %c = arith.constant 0.0 : f32
  %o = tensor.splat %c : tensor<3xf32>
  %u = kernel.rows r = 3 read(%x[r] : tensor<3xf32>) add(%o[%i[r]] : tensor<3xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %t, %u : tensor<f32>, tensor<3xf32>
}

// -----

// A result that starts from an argument, or from what is returned too, starts from a copy; so does what is returned
// twice, or as it came.
// CHECK-LABEL: func.func @copies_eval
// CHECK:         kernel.rows r = 1 read(%i : memref<f32>) write(%s : memref<f32>) {
// CHECK:         kernel.rows r = 3 read(%x[r] : memref<3xf32>) add(%s : memref<f32>) {
// CHECK:         kernel.rows r = 1 read(%s : memref<f32>) write(%t : memref<f32>) {
// CHECK:         kernel.rows r = 3 read(%x[r] : memref<3xf32>) add(%t : memref<f32>) {
// CHECK:         kernel.rows r = 1 read(%s : memref<f32>) write(%s_1 : memref<f32>) {
// CHECK:         kernel.rows r = 3 read(%x[r] : memref<3xf32>) write(%out3[r] : memref<3xf32>) {
func.func @copies(%x: tensor<3xf32>, %i: tensor<f32>) -> (tensor<f32>, tensor<f32>, tensor<f32> {anamc.name = "s_2"}, tensor<3xf32>) {
  %s = kernel.rows r = 3 read(%x[r] : tensor<3xf32>) add(%i : tensor<f32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  %t = kernel.rows r = 3 read(%x[r] : tensor<3xf32>) add(%s : tensor<f32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  func.return %s, %t, %s, %x : tensor<f32>, tensor<f32>, tensor<f32>, tensor<3xf32>
}

// -----

// Parts of a vector, and parts of parts, are views of the vector.
// CHECK-LABEL: func.func @views_eval
// CHECK:         %W = memref.reinterpret_cast %p to offset: [1], sizes: [2, 3], strides: [3, 1] : memref<8xf32> to memref<2x3xf32, strided<[3, 1], offset: 1>>
// CHECK:         memref.reinterpret_cast %p to offset: [2], sizes: [3], strides: [1] : memref<8xf32> to memref<3xf32, strided<[1], offset: 2>>
func.func @views(%p: tensor<8xf32>) -> tensor<3xf32> {
  %W, %rest = mlp.unpack %p at 1 : tensor<8xf32> to tensor<2x3xf32>, tensor<1xf32>
  %all = mlp.unpack %p at 1 : tensor<8xf32> to tensor<7xf32>
  %b = mlp.unpack %all at 1 : tensor<7xf32> to tensor<3xf32>
  func.return %b : tensor<3xf32>
}

// -----

// What a loop carries is written in place where each row is made of itself alone.
// CHECK-LABEL: func.func @in_place_eval
// CHECK:         %[[S:.*]] = memref.view %workspace
// CHECK-NEXT:    kernel.rows r = 3 read(%x[r] : memref<3xf64>) write(%[[S]][r] : memref<3xf64>)
// CHECK:         scf.for %{{.*}} = %{{.*}} to %{{.*}} step %{{.*}} {
// CHECK-NEXT:      kernel.rows r = 3 read(%[[S]][r] : memref<3xf64>) write(%[[S]][r] : memref<3xf64>)
// CHECK-NOT:     memref.view
// CHECK:         kernel.rows r = 3 read(%[[S]][r] : memref<3xf64>) write(%y[r] : memref<3xf64>)
func.func @in_place(%n: index, %x: tensor<3xf64>) -> tensor<3xf64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %e = tensor.empty() : tensor<3xf64>
  %y = scf.for %i = %zero to %n step %one iter_args(%s = %x) -> (tensor<3xf64>) {
    %t = kernel.rows r = 3 read(%s[r] : tensor<3xf64>) write(%e[r] : tensor<3xf64>) {
    ^bb0(%r: index, %v: tensor<f64>):
      %w = math.sin %v : tensor<f64>
      kernel.yield %w : tensor<f64>
    }
    scf.yield %t : tensor<3xf64>
  }
  func.return %y : tensor<3xf64>
}

// -----

// Where rows are made of others, two buffers change their places: the loop carries where they are.
// CHECK-LABEL: func.func @swap_eval
// CHECK:         %{{.*}}, %{{.*}} = scf.for %{{.*}} iter_args(%[[A:.*]] = %{{.*}}, %[[B:.*]] = %{{.*}}) -> (index, index) {
// CHECK-NEXT:      %[[S:.*]] = memref.view %workspace[%[[A]]][]
// CHECK-NEXT:      %[[T:.*]] = memref.view %workspace[%[[B]]][]
// CHECK-NEXT:      kernel.rows r = 3 read(%[[S]] : memref<3xf64>) write(%[[T]][r] : memref<3xf64>)
// CHECK:           scf.yield %[[B]], %[[A]] : index, index
func.func @swap(%n: index, %x: tensor<3xf64>) -> tensor<3xf64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %e = tensor.empty() : tensor<3xf64>
  %y = scf.for %i = %zero to %n step %one iter_args(%s = %x) -> (tensor<3xf64>) {
    %t = kernel.rows r = 3 read(%s : tensor<3xf64>) write(%e[r] : tensor<3xf64>) {
    ^bb0(%r: index, %v: tensor<3xf64>):
      %f = tensor.empty() : tensor<f64>
      %w = nest.map () read(%v[2 - %r] : tensor<3xf64>) set(%f : tensor<f64>) {
      ^bb0(%u: f64):
        nest.yield %u : f64
      }
      kernel.yield %w : tensor<f64>
    }
    scf.yield %t : tensor<3xf64>
  }
  func.return %y : tensor<3xf64>
}

// -----

// A version that is still read is not written over: the older one of two is, in turns.
// CHECK-LABEL: func.func @versions_eval
// CHECK:         scf.for %{{.*}} iter_args(%[[A:.*]] = %{{.*}}, %[[B:.*]] = %{{.*}}) -> (index, index) {
// CHECK-DAG:       %[[S:.*]] = memref.view %workspace[%[[A]]][]
// CHECK-DAG:       %[[T:.*]] = memref.view %workspace[%[[B]]][]
// CHECK:           kernel.rows r = 3 read(%[[S]][r] : memref<3xf64>, %[[T]][r] : memref<3xf64>) write(%[[T]][r] : memref<3xf64>)
// CHECK:           scf.yield %[[B]], %[[A]] : index, index
func.func @versions(%n: index, %x: tensor<3xf64>, %w: tensor<3xf64>) -> tensor<3xf64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %e = tensor.empty() : tensor<3xf64>
  %y, %z = scf.for %i = %zero to %n step %one iter_args(%s = %x, %t = %w) -> (tensor<3xf64>, tensor<3xf64>) {
    %u = kernel.rows r = 3 read(%s[r] : tensor<3xf64>, %t[r] : tensor<3xf64>) write(%e[r] : tensor<3xf64>) {
    ^bb0(%r: index, %a: tensor<f64>, %b: tensor<f64>):
      %c = arith.subf %a, %b : tensor<f64>
      kernel.yield %c : tensor<f64>
    }
    scf.yield %u, %s : tensor<3xf64>, tensor<3xf64>
  }
  func.return %y : tensor<3xf64>
}

// -----

// An entry of a stack is written where it lies.
// CHECK-LABEL: func.func @stack_eval
// CHECK:         %[[STACK:.*]] = memref.view %workspace[%{{.*}}][] : memref<?xi8> to memref<5x3xf64>
// CHECK:         scf.for %[[K:.*]] = %{{.*}} {
// CHECK-NEXT:      %[[ENTRY:.*]] = memref.subview %[[STACK]][%[[K]], 0] [1, 3] [1, 1] : memref<5x3xf64> to memref<3xf64, strided<[1], offset: ?>>
// CHECK-NEXT:      kernel.rows r = 3 read(%x[r] : memref<3xf64>) write(%[[ENTRY]][r] : memref<3xf64, strided<[1], offset: ?>>)
// CHECK-NOT:     5x3xf64>) write
// CHECK:         memref.subview %[[STACK]][2, 0] [1, 3] [1, 1]
func.func @stack(%x: tensor<3xf64>) -> tensor<3xf64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %n = arith.constant 5 : index
  %e = tensor.empty() : tensor<5x3xf64>
  %t = scf.for %k = %zero to %n step %one iter_args(%s = %e) -> (tensor<5x3xf64>) {
    %u = tensor.insert_slice %x into %s[%k, 0] [1, 3] [1, 1] : tensor<3xf64> into tensor<5x3xf64>
    scf.yield %u : tensor<5x3xf64>
  }
  %y = tensor.extract_slice %t[2, 0] [1, 3] [1, 1] : tensor<5x3xf64> to tensor<3xf64>
  func.return %y : tensor<3xf64>
}

// -----

// Both sides of a branch write to the same place.
// CHECK-LABEL: func.func @sides_eval
// CHECK:         %[[Y:.*]] = memref.view %workspace
// CHECK:         scf.if %{{.*}} {
// CHECK-NEXT:      kernel.rows r = 3 read(%x[r] : memref<3xf64>) write(%[[Y]][r] : memref<3xf64>)
// CHECK:         } else {
// CHECK-NEXT:      kernel.rows r = 3 read(%x[r] : memref<3xf64>) write(%[[Y]][r] : memref<3xf64>)
func.func @sides(%n: index, %x: tensor<3xf64>) -> tensor<3xf64> {
  %zero = arith.constant 0 : index
  %c = arith.cmpi eq, %n, %zero : index
  %e = tensor.empty() : tensor<3xf64>
  %y = scf.if %c -> (tensor<3xf64>) {
    %t = kernel.rows r = 3 read(%x[r] : tensor<3xf64>) write(%e[r] : tensor<3xf64>) {
    ^bb0(%r: index, %v: tensor<f64>):
      %w = math.sin %v : tensor<f64>
      kernel.yield %w : tensor<f64>
    }
    scf.yield %t : tensor<3xf64>
  } else {
    scf.yield %x : tensor<3xf64>
  }
  func.return %y : tensor<3xf64>
}
