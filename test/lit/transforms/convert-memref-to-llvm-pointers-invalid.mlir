// RUN: anamc-opt %s -p convert-memref-to-llvm-pointers --split-input-file --verify-diagnostics | filecheck %s

// CHECK: convert-memref-to-llvm-pointers: argument of 'rank' must have rank 1: memref<?x2xf32>
func.func @rank(%x: memref<?x2xf32>) {
  func.return
}

// -----

// CHECK: convert-memref-to-llvm-pointers: cannot convert 'memref.copy'
func.func @copy(%x: memref<4xf32>, %y: memref<4xf32>) {
  "memref.copy"(%x, %y) : (memref<4xf32>, memref<4xf32>) -> ()
  func.return
}

// -----

// CHECK: convert-memref-to-llvm-pointers: 'memref.alloca' must have rank 1 and a constant size
func.func @alloca(%n: index) {
  %z = memref.alloca(%n) : memref<?xf32>
  func.return
}

// -----

// CHECK: convert-memref-to-llvm-pointers: 'memref.subview' must have rank 1 and stride 1
func.func @stride(%p: memref<13xf32>) {
  %a = memref.subview %p[0] [4] [2] : memref<13xf32> to memref<4xf32, strided<[2]>>
  func.return
}

// -----

// CHECK: convert-memref-to-llvm-pointers: 'scf.if' must not carry a memref
func.func @carried(%c: i1, %p: memref<13xf32>) {
  %a = scf.if %c -> (memref<13xf32>) {
    scf.yield %p : memref<13xf32>
  } else {
    scf.yield %p : memref<13xf32>
  }
  func.return
}

// -----

// CHECK: convert-memref-to-llvm-pointers: elements of type 'index' have no size
func.func @element(%p: memref<13xindex>, %i: index) {
  %a = memref.load %p[%i] : memref<13xindex>
  func.return
}

// -----

// CHECK: convert-memref-to-llvm-pointers: 'writes' stores to its argument 0, whose access is "read"
func.func private @writes(%p: memref<?xf32> {anamc.access = "read"}, %i: index, %v: f32) attributes {anamc.kernel} {
  %a = memref.subview %p[%i] [4] [1] : memref<?xf32> to memref<4xf32, strided<[1], offset: ?>>
  memref.store %v, %a[%i] : memref<4xf32, strided<[1], offset: ?>>
  func.return
}

// -----

// CHECK: convert-memref-to-llvm-pointers: 'memref.alloca' stands in no function
%z = memref.alloca() : memref<4xf32>

// -----

// CHECK: convert-memref-to-llvm-pointers: 'memref.load' must have one index, got 2
func.func @indices(%i: index, %x: memref<4xf32>) {
  "cf.br"() [^bb1] : () -> ()
^bb1(%y: memref<2x2xf32>):
  %v = memref.load %y[%i, %i] : memref<2x2xf32>
  func.return
}
