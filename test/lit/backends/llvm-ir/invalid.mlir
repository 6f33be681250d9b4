// RUN: anamc-opt %s -t llvm-ir --split-input-file --verify-diagnostics | filecheck %s

// CHECK: llvm-ir: cannot print 'func.func'
func.func @f() {
  func.return
}

// -----

// CHECK: llvm-ir: cannot print 'llvm.intr.stacksave'
llvm.func @f() {
  %0 = llvm.intr.stacksave : !llvm.ptr
  llvm.return
}

// -----

// CHECK: llvm-ir: cannot print 'llvm.load' without an alignment
llvm.func @f(%p: !llvm.ptr) {
  %x = llvm.load %p : !llvm.ptr -> f32
  llvm.return
}

// -----

// CHECK: llvm-ir: cannot print 'llvm.store' with an atomic ordering
llvm.func @f(%p: !llvm.ptr, %x: i32) {
  "llvm.store"(%x, %p) <{ordering = 2 : i64, alignment = 4 : i64}> : (i32, !llvm.ptr) -> ()
  llvm.return
}

// -----

// CHECK: llvm-ir: cannot print 'llvm.cond_br' to one block with different values
llvm.func @f(%c: i1, %x: f32, %y: f32) -> f32 {
  llvm.cond_br %c, ^bb1(%x : f32), ^bb1(%y : f32)
^bb1(%z: f32):
  llvm.return %z : f32
}

// -----

// CHECK: llvm-ir: cannot print the linkage 'weak'
llvm.func weak @f() {
  llvm.return
}

// -----

// CHECK: llvm-ir: cannot print 'f': not a plain C function
llvm.func @f(i64, ...)

// -----

// CHECK: llvm-ir: cannot print the argument attribute 'llvm.byval'
llvm.func @f(%p: !llvm.ptr {llvm.byval}) {
  llvm.return
}

// -----

// CHECK: llvm-ir: cannot print the argument attribute 'llvm.align = "x"'
llvm.func @f(%p: !llvm.ptr {llvm.align = "x"}) {
  llvm.return
}

// -----

// CHECK: llvm-ir: cannot print the function attribute '7 : i64'
llvm.func @f() attributes {passthrough = [7 : i64]} {
  llvm.return
}

// -----

// CHECK: llvm-ir: cannot print the type 'tensor<4xf32>'
llvm.func @f(%x: i64) {
  %0 = "llvm.mlir.undef"() : () -> tensor<4xf32>
  %1 = "llvm.bitcast"(%0) : (tensor<4xf32>) -> i64
  llvm.return
}

// -----

// CHECK: llvm-ir: cannot print the type 'vector<2x2xf32>': a vector must have rank 1 and a fixed size
llvm.func @f(%p: !llvm.ptr) {
  %0 = llvm.load %p {alignment = 4 : i64} : !llvm.ptr -> vector<2x2xf32>
  llvm.return
}

// -----

// CHECK: llvm-ir: cannot print 'llvm.call' of a pointer
llvm.func @f() {
  "llvm.call"() <{op_bundle_sizes = array<i32>, operandSegmentSizes = array<i32: 0, 0>, CConv = #llvm.cconv<ccc>, TailCallKind = #llvm.tailcallkind<none>, fastmathFlags = #llvm.fastmath<none>}> : () -> ()
  llvm.return
}
