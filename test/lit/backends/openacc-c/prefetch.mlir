// RUN: anamc-opt %s -t openacc-c | filecheck %s

// Asked for where the compiler has a word for it, not on devices.
// CHECK:      #if defined(__GNUC__) && !defined(_OPENACC) && !defined(__NVCOMPILER)
// CHECK-NEXT: #define ANAMC_PREFETCH(address) __builtin_prefetch(address, 0, 2)
// CHECK-NEXT: #else
// CHECK-NEXT: #define ANAMC_PREFETCH(address) ((void)(address))
// CHECK-NEXT: #endif
// CHECK:      void rows(anamc_index n, const float *restrict h, float *restrict y)
// CHECK:        for (anamc_index r = 0; r < n; ++r) {
// CHECK-NEXT:     ANAMC_PREFETCH(&h[r * 4]);
// CHECK-NEXT:     y[r] = h[r];
func.func @rows(%n: index {anamc.name = "n"}, %h: memref<?xf32> {anamc.name = "h", anamc.dims = ["4*n"], anamc.access = "read"}, %y: memref<?xf32> {anamc.name = "y", anamc.dims = ["n"], anamc.access = "write"}) attributes {anamc.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  scf.for %r = %c0 to %n step %c1 {
    %i = arith.muli %r, %c4 : index
    lanes.prefetch f32 %h[%i] : memref<?xf32>
    %v = memref.load %h[%r] : memref<?xf32>
    memref.store %v, %y[%r] : memref<?xf32>
  }
  func.return
}
