// RUN: anamc-opt %s -p convert-math-to-llvm --split-input-file --verify-diagnostics | filecheck %s

// CHECK: convert-math-to-llvm: cannot convert 'math.atan'
func.func @unknown(%x: f32) -> f32 {
  %a = math.atan %x : f32
  func.return %a : f32
}

// -----

// CHECK: convert-math-to-llvm: 'math.tanh' must be on f32 or f64, got f16
func.func @half(%x: f16) -> f16 {
  %a = math.tanh %x : f16
  func.return %a : f16
}

// -----

// CHECK: convert-math-to-llvm: 'math.rsqrt' must be on f32 or f64, got f16
func.func @half_rsqrt(%x: f16) -> f16 {
  %a = math.rsqrt %x : f16
  func.return %a : f16
}

// -----

// CHECK: convert-math-to-llvm: the function 'tanh' has the name of a function of libm
func.func @tanh(%x: f64) -> f64 {
  %a = math.tanh %x : f64
  func.return %a : f64
}
