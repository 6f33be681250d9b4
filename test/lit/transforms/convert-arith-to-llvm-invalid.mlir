// RUN: anamc-opt %s -p convert-arith-to-llvm --split-input-file --verify-diagnostics | filecheck %s

// CHECK: convert-arith-to-llvm: cannot convert 'arith.divui'
func.func @unknown(%x: i64) -> i64 {
  %a = arith.divui %x, %x : i64
  func.return %a : i64
}

// -----

// CHECK: convert-arith-to-llvm: cannot convert 'arith.index_cast'
func.func @before_index_is_gone(%x: index) -> i64 {
  %a = arith.index_cast %x : index to i64
  func.return %a : i64
}

// -----

// CHECK: convert-arith-to-llvm: expected an integer of fixed width, got index
func.func @floor_of_index(%x: index) -> index {
  %a = arith.floordivsi %x, %x : index
  func.return %a : index
}
