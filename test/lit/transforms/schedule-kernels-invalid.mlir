// RUN: anamc-opt %s -p 'schedule-kernels{machine=abacus}' --verify-diagnostics | filecheck %s

// CHECK: schedule-kernels: no machine is named 'abacus'; expected avx512, avx2, neon, generic
func.func @f() {
  func.return
}
