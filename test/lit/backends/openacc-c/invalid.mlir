// RUN: anamc-opt %s -t openacc-c --split-input-file --verify-diagnostics --allow-unregistered-dialect | filecheck %s

// CHECK: openacc-c: cannot print 'memref.dealloc'
func.func @statement(%a: memref<2xf32>) {
  memref.dealloc %a : memref<2xf32>
  func.return
}

// -----

// CHECK: openacc-c: cannot print 'math.atan'
func.func @expression(%x: f32) -> f32 {
  %y = math.atan %x : f32
  func.return %y : f32
}

// -----

// CHECK: openacc-c: cannot print an access with 2 indices
func.func @rank(%a: memref<2x2xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %x = memref.load %a[%c0, %c0] : memref<2x2xf32>
  func.return %x : f32
}

// -----

// CHECK: openacc-c: cannot print the type 'f16'
func.func @half(%x: f16) {
  func.return
}

// -----

// CHECK: openacc-c: cannot print a constant of type 'f16'
func.func @half_constant() -> f32 {
  %x = arith.constant 1.0 : f16
  %y = arith.extf %x : f16 to f32
  func.return %y : f32
}

// -----

// CHECK: openacc-c: cannot print the constant 'dense<
func.func @dense() {
  %x = arith.constant dense<1> : vector<2xi32>
  %y = arith.addi %x, %x : vector<2xi32>
  "test.use"(%y, %y) : (vector<2xi32>, vector<2xi32>) -> ()
  func.return
}

// -----

// CHECK: openacc-c: 'two' has 2 results, C functions have one
func.func @two(%x: f32) -> (f32, f32) {
  func.return %x, %x : f32, f32
}

// -----

// CHECK: openacc-c: '@nowhere' is not a function of the module
func.func @missing() {
  func.call @nowhere() : () -> ()
  func.return
}
func.func private @nowhere() -> ()

// -----

// CHECK: openacc-c: '@again' calls itself
func.func @again() {
  func.call @again() : () -> ()
  func.return
}

// -----

// CHECK: openacc-c: cannot print 'memref.atomic_rmw' but for addf without uses
func.func @atomic(%x: f32, %a: memref<2xf32>, %i: index) {
  %u = "memref.atomic_rmw"(%x, %a, %i) <{kind = 1 : i64}> : (f32, memref<2xf32>, index) -> f32
  func.return
}

// -----

// CHECK: openacc-c: cannot print 'memref.alloca' but for one dimension of fixed size
func.func @alloca(%n: index) {
  %a = memref.alloca(%n) : memref<?xf32>
  %c0 = arith.constant 0 : index
  %x = memref.load %a[%c0] : memref<?xf32>
  memref.store %x, %a[%c0] : memref<?xf32>
  func.return
}

// -----

// CHECK: openacc-c: cannot print 'memref.subview' but for one dimension and stride 1
func.func @subview(%a: memref<8xf32>) {
  %c0 = arith.constant 0 : index
  %s = memref.subview %a[0] [4] [2] : memref<8xf32> to memref<4xf32, strided<[2]>>
  %x = memref.load %s[%c0] : memref<4xf32, strided<[2]>>
  memref.store %x, %a[%c0] : memref<8xf32>
  func.return
}

// -----

// CHECK: openacc-c: cannot print 'scf.parallel' with reductions
func.func @reduction(%n: index, %x: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %s = "scf.parallel"(%c0, %n, %c1, %x) <{operandSegmentSizes = array<i32: 1, 1, 1, 1>}> ({
  ^bb0(%r: index):
    scf.reduce(%x : f32) {
    ^bb1(%a: f32, %b: f32):
      scf.reduce.return %a : f32
    }
  }) : (index, index, index, f32) -> f32
  func.return
}

// -----

// CHECK: openacc-c: cannot print 'acc.parallel' but for one with a single 'acc.loop'
func.func @no_loop(%a: memref<2xf32>) {
  acc.parallel {
    acc.yield
  }
  func.return
}

// -----

// CHECK: openacc-c: cannot print 'acc.nocreate'
func.func @clause(%a: memref<2xf32>) {
  %c = acc.nocreate varPtr(%a : memref<2xf32>) -> memref<2xf32>
  acc.serial dataOperands(%c : memref<2xf32>) {
    acc.yield
  }
  func.return
}

// -----

// CHECK: openacc-c: cannot print a data clause from 'memref<2xf32>'
func.func @no_clause(%a: memref<2xf32>) {
  acc.serial dataOperands(%a : memref<2xf32>) {
    acc.yield
  }
  func.return
}

// -----

// CHECK: openacc-c: cannot print 'acc.bounds' without lower bound and extent
func.func @bounds(%a: memref<2xf32>) {
  %c1 = arith.constant 1 : index
  %b = acc.bounds upperbound(%c1 : index)
  %c = acc.present varPtr(%a : memref<2xf32>) bounds(%b) -> memref<2xf32>
  acc.serial dataOperands(%c : memref<2xf32>) {
    acc.yield
  }
  func.return
}
