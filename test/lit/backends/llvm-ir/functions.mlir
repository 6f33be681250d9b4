// RUN: anamc-opt %s -t llvm-ir --split-input-file | filecheck %s

// CHECK:      ; SPDX-License-Identifier: 0BSD
// CHECK:      source_filename = "anamc"
// CHECK-NEXT: target datalayout = "e-i64:64"
// CHECK-NEXT: target triple = "x86_64-unknown-linux-gnu"
builtin.module attributes {llvm.target_triple = "x86_64-unknown-linux-gnu", llvm.data_layout = "e-i64:64"} {
  // Equal attributes share a group.
  // CHECK: declare float @tanhf(float) #0
  // CHECK: declare float @expf(float) #0
  // CHECK: define internal void @f(ptr noalias nocapture readonly align 4 dereferenceable(52) %x, i64 %n) #1 {
  // CHECK:   %t = call float @tanhf(float 1.000000e+00)
  // CHECK:   call void @g()
  // CHECK: define void @g() {
  // CHECK: attributes #0 = { memory(none) nounwind willreturn }
  // CHECK: attributes #1 = { noinline nounwind "prefer-vector-width"="512" "target-cpu"="znver4" "target-features"="+avx2,-sse4a" "tune-cpu"="generic" }
  llvm.func @tanhf(f32) -> f32 attributes {no_unwind, passthrough = ["willreturn", ["memory", "0"]]}
  llvm.func @expf(f32) -> f32 attributes {no_unwind, passthrough = ["willreturn", ["memory", "0"]]}
  llvm.func internal @f(%x: !llvm.ptr {llvm.dereferenceable = 52 : i64, llvm.readonly, llvm.nocapture, llvm.align = 4 : i64, llvm.noalias}, %n: i64) attributes {no_unwind, no_inline, passthrough = [["prefer-vector-width", "512"]], target_cpu = "znver4", tune_cpu = "generic", target_features = #llvm.target_features<["+avx2", "-sse4a"]>} {
    %c = llvm.mlir.constant(1.0 : f32) : f32
    %t = llvm.call @tanhf(%c) : (f32) -> f32
    llvm.call @g() : () -> ()
    llvm.return
  }
  llvm.func @g() {
    llvm.return
  }
}

// -----

// Names are those of C: an entry keeps its endings together, declared functions keep theirs.
// CHECK: declare double @sin(double)
// CHECK: define void @a_b__eval() {
// CHECK: call i64 @a_b__workspace_size()
// CHECK: define i64 @a_b__workspace_size() {
// CHECK: define void @a_b_() {
// CHECK: define void @double_2() {
builtin.module {
  llvm.func @sin(f64) -> f64
  "llvm.func"() <{sym_name = "a b\"_eval", function_type = !llvm.func<void ()>, CConv = #llvm.cconv<ccc>, linkage = #llvm.linkage<"external">, visibility_ = 0 : i64}> ({
    %0 = llvm.call @"a b\"_workspace_size"() : () -> i64
    llvm.return
  }) : () -> ()
  "llvm.func"() <{sym_name = "a b\"_workspace_size", function_type = !llvm.func<i64 ()>, CConv = #llvm.cconv<ccc>, linkage = #llvm.linkage<"external">, visibility_ = 0 : i64}> ({
    %0 = llvm.mlir.constant(0) : i64
    llvm.return %0 : i64
  }) : () -> ()
  "llvm.func"() <{sym_name = "a b\"", function_type = !llvm.func<void ()>, CConv = #llvm.cconv<ccc>, linkage = #llvm.linkage<"external">, visibility_ = 0 : i64}> ({
    llvm.return
  }) : () -> ()
  llvm.func @double() {
    llvm.return
  }
}

// -----

// A loop that is not to be unrolled has a node of its own.
// CHECK: br label %bb1{{$}}
// CHECK: br label %bb1, !llvm.loop !1
// CHECK: br label %bb3, !llvm.loop !2
// CHECK: !0 = !{!"llvm.loop.unroll.disable"}
// CHECK-NEXT: !1 = distinct !{!1, !0}
// CHECK-NEXT: !2 = distinct !{!2, !0}
builtin.module {
  llvm.func @f(%c: i1) {
    llvm.br ^bb1
  ^bb1:
    llvm.cond_br %c, ^bb2, ^bb3
  ^bb2:
    llvm.br ^bb1 {anamc.rolled}
  ^bb3:
    llvm.cond_br %c, ^bb4, ^bb5
  ^bb4:
    llvm.br ^bb3 {anamc.rolled}
  ^bb5:
    llvm.return
  }
}
