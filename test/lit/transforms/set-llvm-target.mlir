// RUN: anamc-opt %s -p 'set-llvm-target{triple="x86_64-unknown-linux-gnu" cpu="znver4" features="+avx2,-sse4a" vector-width=512}' | filecheck %s
// RUN: anamc-opt %s -p set-llvm-target | filecheck %s --check-prefix=NONE

// Declarations carry no target.
// CHECK:      builtin.module attributes {llvm.target_triple = "x86_64-unknown-linux-gnu"}
// CHECK-NEXT:   llvm.func @sinf(f32) -> f32
// CHECK-NOT:    target_cpu
// CHECK-NEXT:   llvm.func @f()
// CHECK-SAME:     target_cpu = "znver4"
// CHECK-SAME:     target_features = #llvm.target_features<["+avx2", "-sse4a"]>
// CHECK-SAME:     passthrough = ["mustprogress", ["prefer-vector-width", "512"]]
// NONE:       builtin.module {
// NONE:         llvm.func @f() attributes {passthrough = ["mustprogress"]}
llvm.func @sinf(f32) -> f32
llvm.func @f() attributes {passthrough = ["mustprogress"]} {
  llvm.return
}
