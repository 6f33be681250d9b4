// RUN: anamc-opt %s -p 'schedule-kernels{machine=avx2}' --verify-diagnostics 2>&1 | filecheck %s
// RUN: anamc-opt %s -p 'schedule-kernels{machine=avx512}' | filecheck %s --check-prefix FITS

// A tile of 12 x 2 vectors fits 32 registers, but not 16.
// CHECK: error[A0814]: a schedule does not fit the machine
// CHECK: a tile of 12 x 2 sums, 2 registers each, for a vector of 16 numbers of 32 bits takes 48 vector registers; the machine has 16
// FITS: tile = [12, 2]
func.func @f(%n: index, %x: memref<?x3xf32>, %y: memref<?x3xf32>) {
  kernel.rows r = %n read(%x[r] : memref<?x3xf32>) write(%y[r] : memref<?x3xf32>) attributes {schedule = #kernel.schedule<lanes = rows, vector = 16, block = 32, tile = [12, 2], chunk = 1024>} {
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
