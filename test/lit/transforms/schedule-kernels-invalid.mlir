// RUN: anamc-opt %s -p 'schedule-kernels{lanes=columns}' --verify-diagnostics | filecheck %s --check-prefix LANES
// RUN: anamc-opt %s -p 'schedule-kernels{machine=abacus}' --verify-diagnostics | filecheck %s

// LANES: schedule-kernels: lanes must be auto, rows, features, got 'columns'
// CHECK: error[A0812]: no machine is named 'abacus'
func.func @f() {
  func.return
}
