// RUN: anamc-opt %s -p 'unroll-tables{most=0}' --verify-diagnostics | filecheck %s

// CHECK: unroll-tables: most must be >= 1, got 0
func.func @f() {
  func.return
}
