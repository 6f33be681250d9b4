// RUN: anamc-opt %s -p 'set-llvm-target{features="avx2"}' --verify-diagnostics | filecheck %s --check-prefix=FEATURES
// RUN: anamc-opt %s -p 'set-llvm-target{vector-width=-1}' --verify-diagnostics | filecheck %s --check-prefix=WIDTH

// FEATURES: set-llvm-target: features must start with '+' or '-', got 'avx2'
// WIDTH: set-llvm-target: vector-width must be >= 0, got -1
llvm.func @f() {
  llvm.return
}
