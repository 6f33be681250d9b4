// RUN: anamc-opt %s -p 'expand-math{mode=wild}' --verify-diagnostics | filecheck %s

// CHECK: expand-math: mode must be one of default, fast, precise, got 'wild'
func.func @f(%x: f32) -> f32 {
  %y = math.exp %x : f32
  func.return %y : f32
}
