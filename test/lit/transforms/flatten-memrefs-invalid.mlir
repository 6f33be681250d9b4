// RUN: anamc-opt %s -p flatten-memrefs --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// An inner size without a name.
// CHECK: flatten-memrefs: a buffer has an unnamed run-time size at dimension 1
func.func @f(%x: memref<?x?xf32>, %i: index) {
  %v = memref.load %x[%i, %i] : memref<?x?xf32>
  func.return
}

// -----

// A local array of run-time size.
// CHECK: flatten-memrefs: 'memref.alloca' of run-time size
func.func @f(%n: index) {
  %a = memref.alloca(%n) : memref<?xf32>
  func.return
}

// -----

// A size at a run-time dimension.
// CHECK: flatten-memrefs: 'memref.dim' of a run-time dimension
func.func @f(%x: memref<2x3xf32>, %o: index) {
  %a = memref.dim %x, %o : memref<2x3xf32>
  func.return
}

// -----

// A size without a name.
// CHECK: flatten-memrefs: 'memref.dim' of an unnamed run-time size
func.func @f(%x: memref<?x3xf32>) {
  %o = arith.constant 0 : index
  %a = memref.dim %x, %o : memref<?x3xf32>
  func.return
}

// -----

// Columns first.
// CHECK: flatten-memrefs: memref<2x3xf32, strided<[1, 2]>> is no row-major buffer
func.func @f(%x: memref<2x3xf32, strided<[1, 2]>>) {
  func.return
}
