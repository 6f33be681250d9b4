// RUN: anamc-opt %s -p convert-vector-to-llvm | filecheck %s

// CHECK-LABEL: func.func @f
func.func @f(%a: vector<4xf32>, %b: vector<4xf32>, %s: f32, %n: i64) -> (vector<4xf32>, f32) {
  // CHECK:      %[[I:.*]] = llvm.insertelement %s, %{{.*}}[%{{.*}} : i64] : vector<4xf32>
  // CHECK-NEXT: %[[S:.*]] = llvm.shufflevector %[[I]], %[[I]] [0, 0, 0, 0] : vector<4xf32>
  %v = vector.broadcast %s : f32 to vector<4xf32>
  // CHECK:      llvm.call_intrinsic "llvm.fmuladd.v4f32"(%a, %b, %[[S]])
  %f = vector.fma %a, %b, %v : vector<4xf32>
  // CHECK:      llvm.shufflevector %a, %b [0, 4, 1, 5] : vector<4xf32>
  %h = vector.shuffle %a, %b [0, 4, 1, 5] : vector<4xf32>, vector<4xf32>
  // CHECK:      llvm.insertelement %s, %{{.*}}[%{{.*}} : i64] : vector<4xf32>
  %i = vector.insert %s, %h[2] : f32 into vector<4xf32>
  // CHECK:      %[[M:.*]] = lanes.cmpf "olt" %{{.*}}, %{{.*}} : vector<4xf32> to vector<4xi1>
  // CHECK-NEXT: lanes.select %[[M]], %a, %b
  %m = lanes.cmpf "olt" %f, %i : vector<4xf32> to vector<4xi1>
  %c = lanes.select %m, %a, %b : vector<4xi1>, vector<4xf32>
  // CHECK:      %[[C:.*]] = llvm.call_intrinsic "llvm.smin.i64"(%n, %{{.*}})
  // CHECK-NEXT: llvm.shl %{{.*}}, %[[C]] : i64
  // CHECK-NEXT: llvm.sub
  // CHECK-NEXT: llvm.trunc %{{.*}} : i64 to i4
  // CHECK-NEXT: llvm.bitcast %{{.*}} : i4 to vector<4xi1>
  %k = lanes.first %n : vector<4xi1>
  %d = lanes.select %k, %c, %a : vector<4xi1>, vector<4xf32>
  // CHECK:      %[[BITS:.*]] = llvm.bitcast %{{.*}} : vector<4xi1> to i4
  // CHECK-NEXT: llvm.icmp "ne" %[[BITS]], %{{.*}} : i4
  %y = lanes.any %k : vector<4xi1>
  // CHECK:      llvm.shufflevector %{{.*}} [0, 1]
  // CHECK-NEXT: llvm.shufflevector %{{.*}} [2, 3]
  // CHECK-NEXT: llvm.fadd
  // CHECK:      llvm.fadd
  // CHECK-NEXT: lanes.get %{{.*}} 0 : vector<1xf32> to f32
  %t = lanes.sum %d : vector<4xf32> to f32
  func.return %d, %t : vector<4xf32>, f32
}
