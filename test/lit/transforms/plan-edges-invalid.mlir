// RUN: anamc-opt %s -p 'plan-edges{chunk=0}' --verify-diagnostics | filecheck %s

// CHECK: plan-edges: chunk must be >= 1, got 0
func.func @f() {
  func.return
}
