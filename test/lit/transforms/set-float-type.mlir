// RUN: anamc-opt %s -p 'set-float-type{type=f32}' --split-input-file | filecheck %s
// RUN: anamc-opt %s -p 'set-float-type{type=f64}' --split-input-file | filecheck %s --check-prefix=DOUBLE

// Types of arguments, results, operations, scalars and constants; integers stay. Options of operations are exact numbers.
// CHECK-LABEL: func.func @types(%x: tensor<?x2xf32>, %m: memref<3xf32>, %i: tensor<?x2xi32>, %s: f32) -> tensor<?x2xf32>
// CHECK:         arith.constant 1.000000e-01 : f32
// CHECK-NEXT:    arith.constant dense<2.500000e-01> : tensor<2xf32>
// CHECK-NEXT:    mlp.leaky_relu %x slope 1.000000e-01 : tensor<?x2xf32>
// CHECK-NEXT:    memref.load %m[%{{.*}}] : memref<3xf32>
// DOUBLE-LABEL: func.func @types(%x: tensor<?x2xf64>, %m: memref<3xf64>, %i: tensor<?x2xi32>, %s: f64) -> tensor<?x2xf64>
func.func @types(%x: tensor<?x2xf64>, %m: memref<3xf64>, %i: tensor<?x2xi32>, %s: f64) -> tensor<?x2xf64> {
  %zero = arith.constant 0 : index
  %c = arith.constant 0.1 : f64
  %d = arith.constant dense<0.25> : tensor<2xf64>
  %y = mlp.leaky_relu %x slope 0.1 : tensor<?x2xf64>
  %l = memref.load %m[%zero] : memref<3xf64>
  func.return %y : tensor<?x2xf64>
}

// -----

// Arguments of bodies, and what goes into loops.
// CHECK-LABEL: func.func @bodies
// CHECK:         ^bb0(%i: index, %v: f32):
// CHECK:         scf.for %{{.*}} iter_args(%{{.*}} = %s) -> (f32)
func.func @bodies(%x: tensor<4xf64>, %s: f64, %a: index) {
  %y = nest.map (i = 4) read(%x[i] : tensor<4xf64>) add(%x[i] : tensor<4xf64>) {
  ^bb0(%i: index, %v: f64):
    nest.yield %v : f64
  }
  %t = scf.for %j = %a to %a step %a iter_args(%u = %s) -> (f64) {
    scf.yield %u : f64
  }
  func.return
}

// -----

// Conversions between the two types go away.
// CHECK-LABEL: func.func @conversions(%a: f32, %b: f32) -> (f32, f32)
// CHECK-NEXT:    func.return %a, %b : f32, f32
func.func @conversions(%a: f32, %b: f64) -> (f64, f32) {
  %c = arith.extf %a : f32 to f64
  %d = arith.truncf %b : f64 to f32
  func.return %c, %d : f64, f32
}
