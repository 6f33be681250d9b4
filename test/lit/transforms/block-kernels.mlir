// RUN: anamc-opt %s -p block-kernels | filecheck %s
// RUN: anamc-opt %s -p 'block-kernels{machine=avx2}' | filecheck %s --check-prefix AVX2

// The first form stays as it is, and is the one that is called; the copy has a schedule.
func.func private @square(%n: index {anamc.name = "n"}, %x: memref<?x8xf32> {anamc.name = "x", anamc.dims = ["n", 8 : index]}, %y: memref<?x8xf32> {anamc.name = "y", anamc.dims = ["n", 8 : index]}) attributes {anamc.kernel} {
  kernel.rows r = %n read(%x[r] : memref<?x8xf32>) write(%y[r] : memref<?x8xf32>) {
  ^bb0(%r: index, %a: tensor<8xf32>):
    %0 = tensor.empty() : tensor<8xf32>
    %b = nest.map (i = 8) read(%a[i] : tensor<8xf32>) set(%0[i] : tensor<8xf32>) {
    ^bb1(%i: index, %s: f32):
      %p = arith.mulf %s, %s : f32
      nest.yield %p : f32
    }
    kernel.yield %b : tensor<8xf32>
  }
  func.return
}

// A kernel that computes nothing gets no second form.
func.func private @copy(%n: index {anamc.name = "n"}, %x: memref<?xf32> {anamc.name = "x", anamc.dims = ["n"]}, %y: memref<?xf32> {anamc.name = "y", anamc.dims = ["n"]}) attributes {anamc.kernel} {
  kernel.rows r = %n read(%x[r] : memref<?xf32>) write(%y[r] : memref<?xf32>) {
  ^bb0(%r: index, %a: tensor<f32>):
    kernel.yield %a : tensor<f32>
  }
  func.return
}

// CHECK-LABEL: func.func private @square(
// CHECK-NOT:   schedule
// CHECK-LABEL: func.func private @square_blocks(
// CHECK-SAME:  anamc.host_form_of = @square
// CHECK:       schedule = #kernel.schedule<lanes = rows, vector = 16, block = 64, tile = [2, 4], chunk = {{[0-9]+}}>
// CHECK-LABEL: func.func private @copy(
// CHECK-NOT:   host_form_of
// AVX2:        schedule = #kernel.schedule<lanes = rows, vector = 8, block = 32

// A function with a plan is for processors alone: it gets the schedule itself.
func.func private @sum(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %x: memref<?x8xf32> {anamc.name = "x", anamc.dims = ["m", 8 : index]}, %e: memref<?xi32> {anamc.name = "e", anamc.dims = ["m"]}, %plan: memref<?x2xi32> {anamc.name = "plan"}, %y: memref<?x8xf32> {anamc.name = "y", anamc.dims = ["n", 8 : index]}) attributes {anamc.kernel} {
  kernel.rows r = %m read(%x[r] : memref<?x8xf32>) add(%y[%e[r]] : memref<?x8xf32>) plan(%plan : memref<?x2xi32> by 1024) {
  ^bb0(%r: index, %a: tensor<8xf32>):
    %0 = tensor.empty() : tensor<8xf32>
    %b = nest.map (i = 8) read(%a[i] : tensor<8xf32>) set(%0[i] : tensor<8xf32>) {
    ^bb1(%i: index, %s: f32):
      %p = arith.mulf %s, %s : f32
      nest.yield %p : f32
    }
    kernel.yield %b : tensor<8xf32>
  }
  func.return
}
// CHECK-LABEL: func.func private @sum(
// CHECK-SAME:  attributes {anamc.kernel, anamc.host_only}
// CHECK:       schedule = #kernel.schedule<lanes = rows
// CHECK-NOT:   @sum_blocks
