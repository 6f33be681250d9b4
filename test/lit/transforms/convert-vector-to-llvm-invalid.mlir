// RUN: anamc-opt %s -p convert-vector-to-llvm --split-input-file --verify-diagnostics | filecheck %s

// CHECK: convert-vector-to-llvm: cannot convert 'vector.bitcast'
func.func @f(%a: vector<4xf32>) {
  %b = vector.bitcast %a : vector<4xf32> to vector<4xi32>
  func.return
}

// -----

// CHECK: convert-vector-to-llvm: 'vector.insert' must have one constant position
func.func @f(%a: vector<4xf32>, %s: f32, %i: index) {
  %b = vector.insert %s, %a[%i] : f32 into vector<4xf32>
  func.return
}
