// RUN: anamc-opt %s -p convert-func-to-llvm --split-input-file --verify-diagnostics | filecheck %s

// CHECK: convert-func-to-llvm: 'two' must have at most one result, got 2
func.func @two(%x: i64) -> (i64, i64) {
  func.return %x, %x : i64, i64
}
