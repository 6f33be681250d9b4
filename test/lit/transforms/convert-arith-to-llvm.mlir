// RUN: anamc-opt %s -p convert-arith-to-llvm --split-input-file | filecheck %s

// Sums and products may contract to fma; no other flag is set, whatever the input says.
// CHECK-LABEL: func.func @fast_math
func.func @fast_math(%x: f32, %y: f32) -> f32 {
  // CHECK-NEXT: llvm.fadd %{{.*}}, %{{.*}} {fastmathFlags = #llvm.fastmath<contract>} : f32
  // CHECK-NEXT: llvm.fsub %{{.*}}, %{{.*}} {fastmathFlags = #llvm.fastmath<contract>} : f32
  // CHECK-NEXT: llvm.fmul %{{.*}}, %{{.*}} {fastmathFlags = #llvm.fastmath<contract>} : f32
  // CHECK-NEXT: llvm.fdiv %{{.*}}, %{{[a-z]+}} : f32
  // CHECK-NEXT: llvm.fneg %{{[a-z]+}} : f32
  %a = arith.addf %x, %y fastmath<fast> : f32
  %b = arith.subf %a, %y : f32
  %c = arith.mulf %b, %y : f32
  %d = arith.divf %c, %y : f32
  %e = arith.negf %d : f32
  func.return %e : f32
}

// -----

// NaN goes through maximumf and minimumf, not through maxnumf and minnumf.
// CHECK-LABEL: func.func @extrema
func.func @extrema(%x: f64, %y: f64, %i: i64, %j: i64) {
  // CHECK-NEXT: llvm.call_intrinsic "llvm.maximum.f64"(%x, %y)
  // CHECK-NEXT: llvm.call_intrinsic "llvm.minimum.f64"(%x, %y)
  // CHECK-NEXT: llvm.intr.maxnum(%x, %y)
  // CHECK-NEXT: llvm.intr.minnum(%x, %y)
  // CHECK-NEXT: llvm.call_intrinsic "llvm.smax.i64"(%i, %j)
  // CHECK-NEXT: llvm.call_intrinsic "llvm.smin.i64"(%i, %j)
  %a = arith.maximumf %x, %y : f64
  %b = arith.minimumf %x, %y : f64
  %c = arith.maxnumf %x, %y : f64
  %d = arith.minnumf %x, %y : f64
  %e = arith.maxsi %i, %j : i64
  %f = arith.minsi %i, %j : i64
  func.return
}

// -----

// CHECK-LABEL: func.func @integers
func.func @integers(%i: i64, %j: i64, %c: i1) {
  // CHECK-NEXT: llvm.add %i, %j
  // CHECK-NEXT: llvm.sub %i, %j
  // CHECK-NEXT: llvm.mul %i, %j
  // CHECK-NEXT: llvm.sdiv %i, %j
  // CHECK-NEXT: llvm.srem %i, %j
  // CHECK-NEXT: llvm.and %i, %j
  // CHECK-NEXT: llvm.or %i, %j
  // CHECK-NEXT: llvm.xor %i, %j
  // CHECK-NEXT: llvm.icmp "ule" %i, %j
  // CHECK-NEXT: llvm.select %c, %i, %j
  %a0 = arith.addi %i, %j : i64
  %a1 = arith.subi %i, %j : i64
  %a2 = arith.muli %i, %j : i64
  %a3 = arith.divsi %i, %j : i64
  %a4 = arith.remsi %i, %j : i64
  %a5 = arith.andi %i, %j : i64
  %a6 = arith.ori %i, %j : i64
  %a7 = arith.xori %i, %j : i64
  %a8 = arith.cmpi ule, %i, %j : i64
  %a9 = arith.select %c, %i, %j : i64
  func.return
}

// -----

// CHECK-LABEL: func.func @floor_division
func.func @floor_division(%i: i64, %j: i64) -> i64 {
  // CHECK-DAG: %[[R:[a-z0-9_]+]] = llvm.srem %i, %j
  // CHECK-DAG: %[[Q:[a-z0-9_]+]] = llvm.sdiv %i, %j
  // CHECK:     llvm.sub %[[Q]], %{{.*}} : i64
  %q = arith.floordivsi %i, %j : i64
  func.return %q : i64
}

// -----

// CHECK-LABEL: func.func @ceil_division
func.func @ceil_division(%i: i64, %j: i64) -> i64 {
  // CHECK: %[[Q:[a-z0-9_]+]] = llvm.sdiv %i, %j
  // CHECK: llvm.add %[[Q]], %{{.*}} : i64
  %q = arith.ceildivsi %i, %j : i64
  func.return %q : i64
}

// -----

// CHECK-LABEL: func.func @casts
func.func @casts(%i: i32, %x: f32, %y: f64) {
  // CHECK-NEXT: llvm.sext %i : i32 to i64
  // CHECK-NEXT: llvm.zext %i : i32 to i64
  // CHECK-NEXT: llvm.trunc %{{.*}} : i64 to i1
  // CHECK-NEXT: llvm.fpext %x : f32 to f64
  // CHECK-NEXT: llvm.fptrunc %y : f64 to f32
  // CHECK-NEXT: llvm.sitofp %i : i32 to f32
  // CHECK-NEXT: llvm.call_intrinsic "llvm.fptosi.sat.i32.f64"(%y)
  // CHECK-NEXT: llvm.fcmp "ult" %y, %y
  // CHECK-NEXT: llvm.mlir.constant(true) : i1
  %a = arith.extsi %i : i32 to i64
  %b = arith.extui %i : i32 to i64
  %c = arith.trunci %a : i64 to i1
  %d = arith.extf %x : f32 to f64
  %e = arith.truncf %y : f64 to f32
  %f = arith.sitofp %i : i32 to f32
  %g = arith.fptosi %y : f64 to i32
  %h = arith.cmpf ult, %y, %y : f64
  %t = arith.constant true
  func.return
}

// -----

// CHECK-LABEL: func.func @bits
func.func @bits(%x: f32, %v: vector<4xf32>) -> (f32, vector<4xi32>) {
  // CHECK-NEXT: %[[K:.*]] = llvm.bitcast %x : f32 to i32
  // CHECK-NEXT: %[[A:.*]] = llvm.shl %[[K]], %[[K]] : i32
  // CHECK-NEXT: %[[B:.*]] = llvm.ashr %[[A]], %[[K]] : i32
  // CHECK-NEXT: %[[C:.*]] = llvm.lshr %[[B]], %[[K]] : i32
  // CHECK-NEXT: llvm.bitcast %[[C]] : i32 to f32
  // CHECK-NEXT: llvm.bitcast %v : vector<4xf32> to vector<4xi32>
  %k = arith.bitcast %x : f32 to i32
  %a = arith.shli %k, %k : i32
  %b = arith.shrsi %a, %k : i32
  %c = arith.shrui %b, %k : i32
  %y = arith.bitcast %c : i32 to f32
  %w = arith.bitcast %v : vector<4xf32> to vector<4xi32>
  func.return %y, %w : f32, vector<4xi32>
}
