// RUN: anamc-opt %s -p convert-func-to-llvm --split-input-file | filecheck %s

// Attributes of the llvm dialect stay, ours go.
// CHECK:      llvm.func @entry(%x: !llvm.ptr {llvm.noalias}, %n: i64) -> i32 attributes {no_unwind} {
// CHECK:        llvm.call @kernel(%x, %n) : (!llvm.ptr, i64) -> ()
// CHECK:        llvm.return %{{.*}} : i32
func.func @entry(%x: !llvm.ptr {anamc.name = "x", llvm.noalias}, %n: i64) -> i32 attributes {anamc.entry = "entry"} {
  %zero = llvm.mlir.constant(0 : i32) : i32
  func.call @kernel(%x, %n) : (!llvm.ptr, i64) -> ()
  func.return %zero : i32
}
// CHECK:      llvm.func internal @kernel(%{{.*}}: !llvm.ptr, %{{.*}}: i64) attributes {no_unwind, no_inline} {
// CHECK-NEXT:   llvm.return
func.func private @kernel(%x: !llvm.ptr, %n: i64) attributes {anamc.kernel} {
  func.return
}

// -----

// CHECK:      llvm.func @declared(i64) -> i64
// CHECK:      llvm.func internal @helper() attributes {no_unwind} {
func.func private @declared(i64) -> i64
func.func private @helper() {
  %c = llvm.mlir.constant(0) : i64
  // CHECK: %{{.*}} = llvm.call @declared(%{{.*}}) : (i64) -> i64
  %r = func.call @declared(%c) : (i64) -> i64
  func.return
}
