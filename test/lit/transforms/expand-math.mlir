// RUN: anamc-opt %s -p expand-math --split-input-file | filecheck %s
// RUN: anamc-opt %s -p 'expand-math{functions=true}' --split-input-file | filecheck %s --check-prefix=CALL
// RUN: anamc-opt %s -p 'expand-math{mode=fast}' --split-input-file | filecheck %s --check-prefix=FAST
// RUN: anamc-opt %s -p 'expand-math{mode=precise}' --split-input-file | filecheck %s --check-prefix=PRECISE

// A power of two from the bits of a rounded sum, times a polynomial; each product and sum may be fused.
// CHECK-LABEL: func.func @exp
// CHECK-NOT:   math.exp
// CHECK:       %[[SHIFT:.*]] = arith.constant 0x4B4000FE : f32
// CHECK:       %[[SUM:.*]] = math.fma %{{.*}}, %{{.*}}, %[[SHIFT]] fastmath<afn> : f32
// CHECK:       %[[BITS:.*]] = arith.bitcast %[[SUM]] : f32 to i32
// CHECK-COUNT-7: math.fma
// CHECK:       arith.shrsi %[[BITS]]
// CHECK:       arith.shli
// CHECK:       arith.bitcast %{{.*}} : i32 to f32
// CHECK:       arith.mulf
// CHECK:       arith.mulf

// One function for each type, called.
// CALL:        func.func private @anamc_expf(%x: f32) -> f32 attributes {anamc.inline, anamc.comment = ["exp(x)"]}
// CALL-COUNT-8: math.fma
// CALL:        func.return
// CALL:        func.func private @anamc_exp(%{{.*}}: f64) -> f64
// CALL-LABEL:  func.func @exp(
// CALL:        func.call @anamc_expf(%x) {anamc.inline} : (f32) -> f32
// CALL:        func.call @anamc_expf
// CALL:        func.call @anamc_exp(
// CALL-NOT:    math.fma

// One part of log 2, and a polynomial with a term less.
// FAST-LABEL:  func.func @exp
// FAST-COUNT-6: math.fma
// FAST-NOT:    math.fma
// FAST:        arith.shrsi

// PRECISE:     math.exp
// PRECISE:     math.exp
// PRECISE:     math.exp
func.func @exp(%x: f32, %z: f64) -> (f32, f64) {
  %y = math.exp %x : f32
  %y2 = math.exp %y : f32
  %w = math.exp %z : f64
  func.return %y2, %w : f32, f64
}

// -----

// On vectors, lane by lane; nothing is called.
// CHECK-LABEL: func.func @vector
// CHECK:       lanes.cmpf "ogt"
// CHECK:       lanes.select
// CHECK:       math.fma %{{.*}} fastmath<afn> : vector<8xf32>
// CHECK:       arith.bitcast %{{.*}} : vector<8xf32> to vector<8xi32>
// CHECK:       arith.divf %{{.*}} : vector<8xf32>
// CHECK:       math.copysign
// CALL-LABEL:  func.func @vector
// CALL:        math.fma %{{.*}} : vector<8xf32>
// PRECISE:     math.tanh %{{.*}} : vector<8xf32>
func.func @vector(%x: vector<8xf32>) -> vector<8xf32> {
  %y = math.tanh %x : vector<8xf32>
  func.return %y : vector<8xf32>
}

// -----

// A very large argument keeps the operation.
// CHECK-LABEL: func.func @large_argument
// CHECK:       %[[LARGE:.*]] = arith.cmpf ogt
// CHECK-NEXT:  scf.if %[[LARGE]] -> (f64) {
// CHECK-NEXT:    %[[Y:.*]] = math.sin %x : f64
// CHECK-NEXT:    scf.yield %[[Y]]
// CHECK-NEXT:  } else {
// CHECK-NOT:     math.sin
func.func @large_argument(%x: f64) -> f64 {
  %y = math.sin %x : f64
  func.return %y : f64
}

// -----

// In some lanes: the others keep the bits that they have elsewhere.
// CHECK-LABEL: func.func @large_lanes
// CHECK:       %[[SOME:.*]] = lanes.any %[[LARGE:[a-z0-9_]+]] : vector<4xi1>
// CHECK-NEXT:  scf.if %[[SOME]] -> (vector<4xf64>) {
// CHECK-NEXT:    %[[Y:.*]] = math.cos %x : vector<4xf64>
// CHECK-NEXT:    %[[R:.*]] = lanes.select %[[LARGE]], %[[Y]], %[[Z:[a-z0-9_]+]]
// CHECK-NEXT:    scf.yield %[[R]]
// CHECK-NEXT:  } else {
// CHECK-NEXT:    scf.yield %[[Z]]
func.func @large_lanes(%x: vector<4xf64>) -> vector<4xf64> {
  %y = math.cos %x : vector<4xf64>
  func.return %y : vector<4xf64>
}

// -----

// Every function that has a formula.
// CHECK-LABEL: func.func @all
// CHECK-NOT:   math.{{exp|log|tanh|erf}}
// CHECK:       func.return
func.func @all(%x: f64) -> f64 {
  %a = math.exp2 %x : f64
  %b = math.expm1 %a : f64
  %c = math.log %b : f64
  %d = math.log2 %c : f64
  %e = math.log10 %d : f64
  %f = math.log1p %e : f64
  %g = math.tanh %f : f64
  %h = math.erf %g : f64
  func.return %h : f64
}

// -----

// CHECK-LABEL: func.func @no_expansion_as_type_has_no_formula
// CHECK-NEXT:  math.exp %x : f16
// CHECK-NEXT:  math.exp %v : vector<2x2xf32>
func.func @no_expansion_as_type_has_no_formula(%x: f16, %v: vector<2x2xf32>) -> (f16, vector<2x2xf32>) {
  %y = math.exp %x : f16
  %w = math.exp %v : vector<2x2xf32>
  func.return %y, %w : f16, vector<2x2xf32>
}

// -----

// CHECK-LABEL: func.func @no_expansion_as_operation_is_an_instruction
// CHECK-NEXT:  math.sqrt
// CHECK-NEXT:  math.powf
func.func @no_expansion_as_operation_is_an_instruction(%x: f32) -> f32 {
  %y = math.sqrt %x : f32
  %z = math.powf %y, %x : f32
  func.return %z : f32
}
