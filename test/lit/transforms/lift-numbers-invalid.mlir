// RUN: anamc-opt %s --pipeline to-loops --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// A branch on an element.
// CHECK: bufferize-kernels: 'tensor.extract'{{.*}} needs a tensor where only sizes are known: conditions and integers
// CHECK-SAME: are no data; choose between numbers with 'arith.select'
func.func @f(%x: tensor<4xf64>) -> tensor<4xf64> {
  %one = arith.constant 1 : index
  %h = arith.constant 0.5 : f64
  %a = tensor.extract %x[%one] : tensor<4xf64>
  %c = arith.cmpf olt, %a, %h : f64
  %y = scf.if %c -> (tensor<4xf64>) {
    %z = math.sin %x : tensor<4xf64>
    scf.yield %z : tensor<4xf64>
  } else {
    scf.yield %x : tensor<4xf64>
  }
  func.return %y : tensor<4xf64>
}
