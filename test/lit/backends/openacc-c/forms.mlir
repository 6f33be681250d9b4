// RUN: anamc-opt %s -t openacc-c | filecheck %s

// A kernel in two forms has one name; what only the second calls is hidden from OpenACC too, helpers included.
func.func private @scale_rows(%chunk: index, %n: index, %x: memref<?xf32>) attributes {anamc.host_only} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %sixteen = arith.constant 16 : index
  %last = arith.minsi %chunk, %n : index
  %sum = memref.alloca() {anamc.aligned} : memref<16xf32>
  scf.for %l = %zero to %sixteen step %one {
    %at = arith.addi %last, %l : index
    %a = memref.load %x[%at] : memref<?xf32>
    memref.store %a, %sum[%l] : memref<16xf32>
    %b = memref.load %sum[%l] : memref<16xf32>
    memref.store %b, %x[%l] : memref<?xf32>
  } {anamc.simd}
  func.return
}

func.func private @scale(%n: index, %x: memref<?xf32>) attributes {anamc.kernel} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1.0 : f32
  memref.store %one, %x[%zero] : memref<?xf32>
  func.return
}

func.func private @scale_blocks(%n: index, %x: memref<?xf32>) attributes {anamc.kernel, anamc.host_form_of = @scale} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  "scf.parallel"(%zero, %n, %one) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%chunk: index):
    func.call @scale_rows(%chunk, %n, %x) : (index, index, memref<?xf32>) -> ()
    scf.reduce
  }) {anamc.omp_parallel_for} : (index, index, index) -> ()
  func.return
}

func.func @f(%n: index, %x: memref<?xf32>) {
  func.call @scale(%n, %x) : (index, memref<?xf32>) -> ()
  func.return
}

// CHECK:      #ifndef _OPENACC
// CHECK-NEXT: /* The smaller of a and b. */
// CHECK:      #endif
// CHECK:      #ifndef _OPENACC
// CHECK-NEXT: static void scale_rows(
// CHECK:        ANAMC_ALIGNED float sum[16];
// CHECK-NEXT:   ANAMC_SIMD
// CHECK-NEXT:   for (anamc_index l = 0; l < 16; ++l) {
// CHECK:      #endif
// CHECK:      #ifdef _OPENACC
// CHECK-NEXT: static void scale(
// CHECK:        x[0] = 1.0f;
// CHECK:      #else
// CHECK-NEXT: static void scale(
// CHECK:        ANAMC_OMP(parallel for schedule(static))
// CHECK:          scale_rows(chunk, n, x);
// CHECK:      #endif
// CHECK:      void f(
// CHECK:        scale(n, x);
