// RUN: anamc-opt %s -p convert-math-to-llvm --split-input-file | filecheck %s

// Each function of libm is declared once, by name, in front; the f32 form has an f behind.
// CHECK:      builtin.module {
// CHECK-NEXT:   llvm.func @expf(f32) -> f32 attributes {no_unwind, passthrough = ["willreturn", ["memory", "0"]]}
// CHECK-NEXT:   llvm.func @tanhf(f32) -> f32
// CHECK-NEXT:   func.func @libm
func.func @libm(%x: f32) -> f32 {
  // CHECK-NEXT: %[[A:[a-z0-9_]+]] = llvm.call @tanhf(%{{.*}}) : (f32) -> f32
  // CHECK-NEXT: %[[B:[a-z0-9_]+]] = llvm.call @tanhf(%[[A]])
  // CHECK-NEXT: llvm.call @expf(%[[B]])
  %a = math.tanh %x : f32
  %b = math.tanh %a : f32
  %c = math.exp %b : f32
  func.return %c : f32
}

// -----

// CHECK: llvm.func @pow(f64, f64) -> f64
// CHECK: llvm.func @tanh(f64) -> f64
func.func @double(%x: f64) -> f64 {
  %a = math.tanh %x : f64
  %b = math.powf %a, %x : f64
  func.return %b : f64
}

// -----

// CHECK-LABEL: func.func @intrinsics
func.func @intrinsics(%x: f32) -> f32 {
  // CHECK-NEXT: llvm.intr.sqrt(%{{.*}})
  // CHECK-NEXT: llvm.intr.fabs(%{{.*}})
  // CHECK-NEXT: llvm.intr.floor(%{{.*}})
  // CHECK-NEXT: llvm.intr.ceil(%{{.*}})
  // CHECK-NEXT: llvm.intr.fma(%{{.*}})
  %a = math.sqrt %x : f32
  %b = math.absf %a : f32
  %c = math.floor %b : f32
  %d = math.ceil %c : f32
  %e = math.fma %a, %b, %d : f32
  // CHECK-NEXT: %[[ONE:[a-z0-9_]+]] = llvm.mlir.constant(1.000000e+00 : f32) : f32
  // CHECK-NEXT: %[[ROOT:[a-z0-9_]+]] = llvm.intr.sqrt(
  // CHECK-NEXT: llvm.fdiv %[[ONE]], %[[ROOT]]
  %f = math.rsqrt %e : f32
  func.return %f : f32
}
