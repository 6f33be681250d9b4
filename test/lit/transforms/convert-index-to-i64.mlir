// RUN: anamc-opt %s -p convert-index-to-i64 --split-input-file | filecheck %s

// CHECK-LABEL: func.func @types
// CHECK-SAME:    (%[[N:[a-z0-9_]+]]: i64) -> i64
func.func @types(%n: index) -> index {
  // CHECK-NEXT: %[[C:[a-z0-9_]+]] = arith.constant 7 : i64
  // CHECK-NEXT: arith.addi %[[N]], %[[C]] : i64
  %c = arith.constant 7 : index
  %s = arith.addi %n, %c : index
  func.return %s : index
}

// -----

// CHECK-LABEL: func.func @casts
// CHECK-NEXT:    arith.extsi %{{.*}} : i32 to i64
// CHECK-NEXT:    arith.trunci %{{.*}} : i64 to i32
// CHECK-NEXT:    func.return
func.func @casts(%a: i32, %b: index, %c: i64) -> (index, i32, i64, index) {
  %w = arith.index_cast %a : i32 to index
  %x = arith.index_cast %b : index to i32
  %y = arith.index_cast %b : index to i64
  %z = arith.index_cast %c : i64 to index
  func.return %w, %x, %y, %z : index, i32, i64, index
}

// -----

// Loops and their arguments follow.
// CHECK-LABEL: func.func @loop
// CHECK:         scf.for %{{.*}} = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%{{.*}} = %{{.*}}) -> (i64) : i64
func.func @loop(%n: index) -> index {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %s = scf.for %i = %c0 to %n step %c1 iter_args(%a = %c0) -> (index) {
    %b = arith.addi %a, %i : index
    scf.yield %b : index
  }
  func.return %s : index
}
