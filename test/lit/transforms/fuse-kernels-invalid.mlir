// RUN: anamc-opt %s -p 'fuse-kernels{max-ops=1}' --verify-diagnostics | filecheck %s

// CHECK: fuse-kernels: max-ops must be >= 2, got 1
func.func @f() {
  func.return
}
