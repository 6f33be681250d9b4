// RUN: anamc-opt %s -p convert-vector-to-loops | filecheck %s

// Neighbours share a loop; what a loop carries is an array.
func.func @carried(%x: memref<64xf32>, %w: memref<4xf32>, %y: memref<16xf32>) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %four = arith.constant 4 : index
  %sixteen = arith.constant 16 : index
  %start = arith.constant dense<0.0> : vector<16xf32>
  %total = scf.for %k = %zero to %four step %one iter_args(%sum = %start) -> (vector<16xf32>) {
    %at = arith.muli %k, %sixteen : index
    %a = vector.load %x[%at] : memref<64xf32>, vector<16xf32>
    %b = memref.load %w[%k] : memref<4xf32>
    %all = vector.broadcast %b : f32 to vector<16xf32>
    %next = vector.fma %a, %all, %sum : vector<16xf32>
    scf.yield %next : vector<16xf32>
  }
  vector.store %total, %y[%zero] : memref<16xf32>, vector<16xf32>
  func.return
}
// CHECK-LABEL: func.func @carried
// CHECK:       %sum = memref.alloca() {anamc.aligned} : memref<16xf32>
// CHECK-NEXT:  scf.for %l = {{.*}} {
// CHECK-NEXT:    memref.store %{{.*}}, %sum[%l]
// CHECK-NEXT:  } {anamc.simd}
// CHECK-NEXT:  scf.for %k = {{.*}} {
// CHECK:         %[[B:.*]] = memref.load %w[%k]
// CHECK-NEXT:    scf.for %l_1 = {{.*}} {
// CHECK:           %[[A:.*]] = memref.load %x[
// CHECK-NEXT:      %[[S:.*]] = memref.load %sum[%l_1]
// CHECK-NEXT:      %[[N:.*]] = math.fma %[[A]], %[[B]], %[[S]] fastmath<afn>
// CHECK-NEXT:      memref.store %[[N]], %sum[%l_1]
// CHECK-NEXT:    } {anamc.simd}
// CHECK:       scf.for %l_2
// CHECK-NEXT:    memref.load %sum[%l_2]

// A lane may not read what another one wrote before: two loops. One behind the other is no harm.
func.func @shifted(%x: memref<64xf32>) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %sixteen = arith.constant 16 : index
  %a = vector.load %x[%zero] : memref<64xf32>, vector<16xf32>
  %b = arith.addf %a, %a : vector<16xf32>
  vector.store %b, %x[%zero] : memref<64xf32>, vector<16xf32>
  vector.store %b, %x[%sixteen] : memref<64xf32>, vector<16xf32>
  %c = vector.load %x[%one] : memref<64xf32>, vector<16xf32>
  vector.store %c, %x[%zero] : memref<64xf32>, vector<16xf32>
  func.return
}
// CHECK-LABEL: func.func @shifted
// CHECK:       scf.for
// CHECK:         memref.store
// CHECK:         memref.store
// CHECK-NEXT:  } {anamc.simd}
// CHECK-NEXT:  %c = memref.alloca
// CHECK-NEXT:  scf.for
// CHECK:         memref.load %x
// CHECK-NEXT:    memref.store %c_1, %c[
// CHECK-NEXT:  } {anamc.simd}
// CHECK-NEXT:  scf.for
// CHECK:         memref.load %c[
// CHECK:         memref.store %{{.*}}, %x[
// CHECK:       } {anamc.simd}
// CHECK-NEXT:  func.return

// Loops of other widths beside each other, masks, and sums: halves onto halves.
func.func @masked(%x: memref<16xf32>, %y: memref<4xf32>, %n: i64) -> f32 {
  %zero = arith.constant 0 : index
  %a = vector.load %x[%zero] : memref<16xf32>, vector<16xf32>
  %b = vector.load %y[%zero] : memref<4xf32>, vector<4xf32>
  vector.store %b, %y[%zero] : memref<4xf32>, vector<4xf32>
  %none = arith.constant dense<0.0> : vector<16xf32>
  %valid = lanes.first %n : vector<16xi1>
  %kept = lanes.select %valid, %a, %none : vector<16xi1>, vector<16xf32>
  %larger = lanes.cmpf "ogt" %kept, %none : vector<16xf32> to vector<16xi1>
  %chosen = lanes.select %larger, %kept, %none : vector<16xi1>, vector<16xf32>
  %sum = lanes.sum %chosen : vector<16xf32> to f32
  func.return %sum : f32
}
// CHECK-LABEL: func.func @masked
// CHECK:       scf.for %l = %{{.*}} to %[[SIXTEEN:.*]] step
// CHECK:         %[[VALID:.*]] = arith.cmpi slt
// CHECK:         arith.select %[[VALID]]
// CHECK:         arith.cmpf ogt
// CHECK:         arith.select
// CHECK:         memref.store %{{.*}}, %half[
// CHECK:       } {anamc.simd}
// CHECK:       scf.for
// CHECK:         memref.store %{{.*}}, %y[
// CHECK:       scf.for %l_2 = %{{.*}} to %[[EIGHT:.*]] step
// CHECK:         arith.addf
// CHECK:         memref.store %{{.*}}, %half[
// CHECK:       func.return %sum
