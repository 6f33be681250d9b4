// RUN: anamc-opt %s -p 'set-float-type{type=f16}' --verify-diagnostics | filecheck %s

// CHECK: set-float-type: type must be f32 or f64, got 'f16'
func.func @f() {
  func.return
}
