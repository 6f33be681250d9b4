// RUN: anamc-opt %s -p convert-launch-to-llvm --split-input-file --verify-diagnostics | filecheck %s
// RUN: anamc-opt %s -p 'convert-launch-to-llvm{threads=0}' --split-input-file --verify-diagnostics | filecheck %s --check-prefix ZERO

// CHECK: convert-launch-to-llvm: run convert-index-to-i64 before
// ZERO: convert-launch-to-llvm: threads must be >= 1, got 0
func.func @k(%n: index) {
  kernel.launch @k_rows() over %n by 7 : (), index
  func.return
}
