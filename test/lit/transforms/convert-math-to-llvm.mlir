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

// -----

// A product and a sum that may be rounded apart are fused only where the machine does that fast.
// CHECK-LABEL: func.func @fused
func.func @fused(%x: f32, %v: vector<4xf64>) -> (f32, vector<4xf64>) {
  // CHECK-NEXT: llvm.intr.fma(
  // CHECK-NEXT: llvm.call_intrinsic "llvm.fmuladd.f32"(
  // CHECK-NEXT: llvm.call_intrinsic "llvm.fmuladd.v4f64"(
  // CHECK-NEXT: llvm.intr.copysign(
  %a = math.fma %x, %x, %x : f32
  %b = math.fma %a, %x, %x fastmath<afn> : f32
  %c = math.fma %v, %v, %v fastmath<afn> : vector<4xf64>
  %d = math.copysign %b, %x : f32
  func.return %d, %c : f32, vector<4xf64>
}
