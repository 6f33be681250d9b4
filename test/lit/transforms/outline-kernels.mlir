// RUN: anamc-opt %s -p outline-kernels --split-input-file | filecheck %s

// A kernel becomes a private function of its sizes and buffers, read ones first, named after its blocks.
// CHECK-LABEL: func.func private @net_fit_two(
// CHECK-SAME:    %n: index {anamc.name = "n"}, %x: memref<?x2xf32> {anamc.name = "x", anamc.dims = ["n", 2 : index], anamc.access = "read"},
// CHECK-SAME:    %p: memref<8xf32> {anamc.name = "p", anamc.dims = [8 : index], anamc.access = "read"},
// CHECK-SAME:    %y: memref<?x2xf32> {anamc.name = "y", anamc.dims = ["n", 2 : index], anamc.access = "write"})
// CHECK-SAME:    attributes {anamc.kernel, anamc.comment = ["encoder 'fit two' (id 2)"]} {
// CHECK-NEXT:    %b = memref.reinterpret_cast %p
// CHECK-NEXT:    kernel.rows r = %n read(%x[r] : memref<?x2xf32>, %b : memref<2xf32, strided<[1], offset: 3>>) write(%y[r]
// CHECK:         func.return
// CHECK:       func.func @net_eval
// CHECK-NOT:     memref.reinterpret_cast
// CHECK:         %[[N:.*]] = arith.index_cast %n : i32 to index
// CHECK-NEXT:    func.call @net_fit_two(%[[N]], %x, %p, %y)
func.func @net_eval(%n: i32 {anamc.name = "n"}, %x: memref<?x2xf32> {anamc.name = "x", anamc.dims = ["n", 2 : index]}, %p: memref<8xf32> {anamc.name = "p"}, %y: memref<?x2xf32> {anamc.name = "y", anamc.dims = ["n", 2 : index]}) attributes {anamc.entry = "net", anamc.blocks = {"2" = {name = "fit two", text = "encoder 'fit two' (id 2)"}}} {
  %m = arith.index_cast %n : i32 to index
  %b = memref.reinterpret_cast %p to offset: [3], sizes: [2], strides: [1] : memref<8xf32> to memref<2xf32, strided<[1], offset: 3>>
  kernel.rows r = %m read(%x[r] : memref<?x2xf32>, %b : memref<2xf32, strided<[1], offset: 3>>) write(%y[r] : memref<?x2xf32>) attributes {anamc.blocks = [2 : i64]} {
  ^bb0(%r: index, %v: tensor<2xf32>, %w: tensor<2xf32>):
    %s = arith.addf %v, %w : tensor<2xf32>
    kernel.yield %s : tensor<2xf32>
  }
  func.return
}

// -----

// A kernel that fills joins the next; a name that is taken gets a number.
// CHECK-LABEL: func.func private @f_kernel_2(
// CHECK-SAME:    %x: memref<3xf32> {{.*}}anamc.access = "read"}, %y: memref<3xf32> {{.*}}anamc.access = "update"})
// CHECK:         kernel.rows {{.*}} write(%y[r]
// CHECK:         kernel.rows {{.*}} add(%y[r]
// CHECK:       func.func private @f_kernel_3(
// CHECK-SAME:    %y: memref<3xf32> {{.*}}anamc.access = "write"})
func.func private @f_kernel()
func.func @f_eval(%x: memref<3xf32> {anamc.name = "x"}, %y: memref<3xf32> {anamc.name = "y"}) attributes {anamc.entry = "f"} {
  kernel.rows r = 3 write(%y[r] : memref<3xf32>) attributes {anamc.fill} {
  ^bb0(%r: index):
    %c = arith.constant 0.0 : f32
    %z = tensor.splat %c : tensor<f32>
    kernel.yield %z : tensor<f32>
  }
  kernel.rows r = 3 read(%x[r] : memref<3xf32>) add(%y[r] : memref<3xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield %v : tensor<f32>
  }
  kernel.rows r = 3 write(%y[r] : memref<3xf32>) attributes {anamc.fill} {
  ^bb0(%r: index):
    %c = arith.constant 0.0 : f32
    %z = tensor.splat %c : tensor<f32>
    kernel.yield %z : tensor<f32>
  }
  func.return
}

// -----

// Only what is written whole is "write": two of three rows are an update. Constants from outside come along.
// CHECK-LABEL: func.func private @f_kernel(
// CHECK-SAME:    %y: memref<3xf32> {{.*}}anamc.access = "update"})
// CHECK:         %c = arith.constant 1.000000e+00 : f32
// CHECK:       func.func private @f_kernel_2(
// CHECK-SAME:    %y: memref<3xf32> {{.*}}anamc.access = "update"})
func.func @f_eval(%y: memref<3xf32> {anamc.name = "y"}) attributes {anamc.entry = "f"} {
  %c = arith.constant 1.0 : f32
  kernel.rows r = 2 write(%y[r] : memref<3xf32>) {
  ^bb0(%r: index):
    %z = tensor.splat %c : tensor<f32>
    kernel.yield %z : tensor<f32>
  }
  kernel.rows r = 2 write(%y[r + 1] : memref<3xf32>) {
  ^bb0(%r: index):
    %d = arith.constant 1.0 : f32
    %z = tensor.splat %d : tensor<f32>
    kernel.yield %z : tensor<f32>
  }
  func.return
}

// -----

// CHECK-LABEL: func.func @no_outlining_as_function_is_no_entry
// CHECK:         kernel.rows
func.func @no_outlining_as_function_is_no_entry(%y: memref<3xf32>) {
  kernel.rows r = 3 read(%y[r] : memref<3xf32>) {
  ^bb0(%r: index, %v: tensor<f32>):
    kernel.yield
  }
  func.return
}

// -----

// Kernels in loops: a place in a buffer and the number of the round are handed over, and a fill joins no kernel of
// another block.
// CHECK-LABEL: func.func private @f_kernel(
// CHECK-SAME:    %x: memref<5x3xf32> {{.*}}anamc.access = "write"})
// CHECK-LABEL: func.func private @f_kernel_2(%k: index {{.*}}, %x: memref<5x3xf32> {{.*}}anamc.access = "update"})
// CHECK:         %[[E:.*]] = memref.subview %x[%k, 0] [1, 3] [1, 1]
// CHECK-NEXT:    kernel.rows r = 3 write(%[[E]][r]
// CHECK:         scf.for %k = {{.*}} {
// CHECK-NEXT:      func.call @f_kernel_2(%k, %x)
// CHECK-NEXT:    }
func.func @f_eval(%x: memref<5x3xf32> {anamc.name = "x"}) attributes {anamc.entry = "f"} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  kernel.rows r = 5 write(%x[r] : memref<5x3xf32>) attributes {anamc.fill} {
  ^bb0(%r: index):
    %c = arith.constant dense<1.0> : tensor<3xf32>
    kernel.yield %c : tensor<3xf32>
  }
  scf.for %k = %zero to %one step %one {
    %e = memref.subview %x[%k, 0] [1, 3] [1, 1] : memref<5x3xf32> to memref<3xf32, strided<[1], offset: ?>>
    kernel.rows r = 3 write(%e[r] : memref<3xf32, strided<[1], offset: ?>>) {
    ^bb0(%r: index):
      %c = arith.constant dense<1.0> : tensor<f32>
      kernel.yield %c : tensor<f32>
    }
  }
  func.return
}
