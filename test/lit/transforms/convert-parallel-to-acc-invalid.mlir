// RUN: anamc-opt %s -p convert-parallel-to-acc --split-input-file --verify-diagnostics | filecheck %s

// CHECK: convert-parallel-to-acc: 'scf.parallel' with reductions is not supported
func.func @reduction(%n: index, %x: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %s = "scf.parallel"(%c0, %n, %c1, %x) <{operandSegmentSizes = array<i32: 1, 1, 1, 1>}> ({
  ^bb0(%r: index):
    scf.reduce(%x : f32) {
    ^bb1(%a: f32, %b: f32):
      %c = arith.addf %a, %b : f32
      scf.reduce.return %c : f32
    }
  }) : (index, index, index, f32) -> f32
  func.return
}

// -----

// CHECK: convert-parallel-to-acc: argument 'a' has no 'anamc.dims'
func.func @no_dims(%n: index {anamc.name = "n"}, %a: memref<?xf32> {anamc.name = "a"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %x = arith.constant 1.0 : f32
  "scf.parallel"(%c0, %n, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    memref.store %x, %a[%r] : memref<?xf32>
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}

// -----

// CHECK: convert-parallel-to-acc: the dimension "m" is no size of the function
func.func @unknown_size(%n: index {anamc.name = "n"}, %a: memref<?xf32> {anamc.name = "a", anamc.dims = ["m"]}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %x = arith.constant 1.0 : f32
  "scf.parallel"(%c0, %n, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    memref.store %x, %a[%r] : memref<?xf32>
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}

// -----

// CHECK: convert-parallel-to-acc: a 'memref.alloca' is shared by a parallel loop and its surroundings
func.func @shared_alloca(%n: index {anamc.name = "n"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %x = arith.constant 1.0 : f32
  %a = memref.alloca() : memref<4xf32>
  "scf.parallel"(%c0, %n, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    memref.store %x, %a[%r] : memref<4xf32>
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}

// -----

// CHECK: convert-parallel-to-acc: the length of an array 'memref<?xf32>' is not known
func.func @unknown_length(%n: index {anamc.name = "n"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %x = arith.constant 1.0 : f32
  %a = memref.alloc(%n) : memref<?xf32>
  "scf.parallel"(%c0, %n, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    memref.store %x, %a[%r] : memref<?xf32>
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}

// -----

// CHECK: convert-parallel-to-acc: a value computed in a serial part is used by another part of the kernel
func.func private @escapes(%n: index {anamc.name = "n"}, %a: memref<4xf32> {anamc.name = "a"}) attributes {anamc.kernel} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %x = memref.load %a[%c0] : memref<4xf32>
  "scf.parallel"(%c0, %n, %c1) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> ({
  ^bb0(%r: index):
    memref.store %x, %a[%r] : memref<4xf32>
    scf.reduce
  }) : (index, index, index) -> ()
  func.return
}

// -----

// CHECK: convert-parallel-to-acc: cannot place 'test.op' between parallel loops
func.func private @unknown_op(%n: index) attributes {anamc.kernel} {
  "test.op"() : () -> ()
  func.return
}

// -----

// CHECK: convert-parallel-to-acc: cannot place 'memref.store' between the kernels of an entry
func.func @store_between(%n: i32 {anamc.name = "n"}, %a: memref<4xf32> {anamc.name = "a", anamc.access = "write"}) attributes {anamc.entry = "e"} {
  %c0 = arith.constant 0 : index
  %x = arith.constant 1.0 : f32
  func.call @k(%a) : (memref<4xf32>) -> ()
  memref.store %x, %a[%c0] : memref<4xf32>
  func.call @k(%a) : (memref<4xf32>) -> ()
  func.return
}
func.func private @k(memref<4xf32>) -> ()

// -----

// CHECK: convert-parallel-to-acc: argument 'a' has no 'anamc.access'
func.func @no_access(%a: memref<4xf32> {anamc.name = "a"}) attributes {anamc.entry = "e"} {
  func.call @k(%a) : (memref<4xf32>) -> ()
  func.return
}
func.func private @k(memref<4xf32>) -> ()

// -----

// CHECK: convert-parallel-to-acc: the dimension 2.500000e+00 : f32 is no size of the function
func.func @no_size(%a: memref<?xf32> {anamc.name = "a", anamc.access = "read", anamc.dims = [2.5 : f32]}) attributes {anamc.entry = "e"} {
  func.call @k(%a) : (memref<?xf32>) -> ()
  func.return
}
func.func private @k(memref<?xf32>) -> ()
