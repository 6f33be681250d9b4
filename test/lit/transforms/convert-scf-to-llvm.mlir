// RUN: anamc-opt %s -p convert-scf-to-llvm --split-input-file | filecheck %s

// CHECK-LABEL: func.func @loop
// CHECK-SAME:    (%[[N:[a-z0-9_]+]]: i64, %[[X:[a-z0-9_]+]]: f32) -> f32
func.func @loop(%n: i64, %x: f32) -> f32 {
  %c0 = llvm.mlir.constant(0) : i64
  %c1 = llvm.mlir.constant(1) : i64
  // CHECK:      llvm.br ^[[HEAD:bb[0-9]+]](%[[C0:[a-z0-9_]+]], %[[X]] : i64, f32)
  // CHECK-NEXT: ^[[HEAD]](%[[I:[a-z0-9_]+]]: i64, %[[ACC:[a-z0-9_]+]]: f32):
  // CHECK-NEXT:   %[[IN:[a-z0-9_]+]] = llvm.icmp "slt" %[[I]], %[[N]]
  // CHECK-NEXT:   llvm.cond_br %[[IN]], ^[[BODY:bb[0-9]+]], ^[[AFTER:bb[0-9]+]]
  // CHECK-NEXT: ^[[BODY]]:
  // CHECK-NEXT:   %[[NEXT:[a-z0-9_]+]] = llvm.fadd %[[ACC]], %[[X]]
  // CHECK-NEXT:   %[[STEP:[a-z0-9_]+]] = llvm.add %[[I]], %{{.*}} : i64
  // CHECK-NEXT:   llvm.br ^[[HEAD]](%[[STEP]], %[[NEXT]] : i64, f32)
  // CHECK-NEXT: ^[[AFTER]]:
  // CHECK-NEXT:   func.return %[[ACC]]
  %s = scf.for %i = %c0 to %n step %c1 iter_args(%acc = %x) -> (f32) : i64 {
    %next = llvm.fadd %acc, %x : f32
    scf.yield %next : f32
  }
  func.return %s : f32
}

// -----

// A loop that is not to be unrolled says so where it jumps back.
// CHECK-LABEL: func.func @rolled
// CHECK:         llvm.br ^[[HEAD:bb[0-9]+]](%{{[a-z0-9_]+}} : i64){{$}}
// CHECK:         llvm.br ^[[HEAD]](%{{[a-z0-9_]+}} : i64) {anamc.rolled}
func.func @rolled(%n: i64) {
  %c1 = llvm.mlir.constant(1) : i64
  scf.for %i = %c1 to %n step %c1 : i64 {
  } {anamc.rolled}
  func.return
}

// -----

// CHECK-LABEL: func.func @branch
func.func @branch(%c: i1, %x: f32, %y: f32) -> f32 {
  // CHECK-NEXT:   llvm.cond_br %{{.*}}, ^[[THEN:bb[0-9]+]], ^[[ELSE:bb[0-9]+]]
  // CHECK-NEXT: ^[[THEN]]:
  // CHECK-NEXT:   llvm.br ^[[AFTER:bb[0-9]+]](%x : f32)
  // CHECK-NEXT: ^[[ELSE]]:
  // CHECK-NEXT:   llvm.br ^[[AFTER]](%y : f32)
  // CHECK-NEXT: ^[[AFTER]](%[[R:[a-z0-9_]+]]: f32):
  // CHECK-NEXT:   func.return %[[R]]
  %r = scf.if %c -> (f32) {
    scf.yield %x : f32
  } else {
    scf.yield %y : f32
  }
  func.return %r : f32
}

// -----

// CHECK-LABEL: func.func @branch_without_else
func.func @branch_without_else(%c: i1, %p: !llvm.ptr, %v: f32) {
  // CHECK-NEXT:   llvm.cond_br %{{.*}}, ^[[THEN:bb[0-9]+]], ^[[AFTER:bb[0-9]+]]
  // CHECK-NEXT: ^[[THEN]]:
  // CHECK-NEXT:   llvm.store
  // CHECK-NEXT:   llvm.br ^[[AFTER]]
  // CHECK-NEXT: ^[[AFTER]]:
  scf.if %c {
    llvm.store %v, %p : f32, !llvm.ptr
  }
  func.return
}

// -----

// Two loops in a loop: blocks stand in the order of the source.
// CHECK-LABEL: func.func @nested
func.func @nested(%n: i64, %p: !llvm.ptr, %v: f32, %w: f32) {
  %c1 = llvm.mlir.constant(1) : i64
  // CHECK-COUNT-3: llvm.icmp "slt"
  // CHECK-NOT:     scf.
  scf.for %i = %c1 to %n step %c1 : i64 {
    scf.for %j = %c1 to %i step %c1 : i64 {
      llvm.store %v, %p : f32, !llvm.ptr
    }
    scf.for %k = %c1 to %i step %c1 : i64 {
      llvm.store %w, %p : f32, !llvm.ptr
    }
  }
  func.return
}
