// RUN: anamc-opt %s -p inline-calls | filecheck %s

// Calls in what is called too; private functions are gone.
// CHECK-LABEL: func.func @f
// CHECK-SAME:    (%[[X:\w+]]: tensor<2xf64>)
// CHECK-NEXT:    %[[S:\w+]] = math.sin %[[X]]
// CHECK-NEXT:    %[[C:\w+]] = math.cos %[[S]]
// CHECK-NEXT:    %[[T:\w+]] = math.sin %[[C]]
// CHECK-NEXT:    func.return %[[T]], %[[C]]
// CHECK-NOT:     @outer
func.func @f(%x: tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>) {
  %a = func.call @outer(%x) : (tensor<2xf64>) -> tensor<2xf64>
  %b = func.call @inner(%a) : (tensor<2xf64>) -> tensor<2xf64>
  func.return %b, %a : tensor<2xf64>, tensor<2xf64>
}
func.func private @outer(%x: tensor<2xf64>) -> tensor<2xf64> {
  %s = func.call @inner(%x) : (tensor<2xf64>) -> tensor<2xf64>
  %c = math.cos %s : tensor<2xf64>
  func.return %c : tensor<2xf64>
}
func.func private @inner(%x: tensor<2xf64>) -> tensor<2xf64> {
  %s = math.sin %x : tensor<2xf64>
  func.return %s : tensor<2xf64>
}

// A result that is an argument.
// CHECK-LABEL: func.func @g
// CHECK-SAME:    (%[[X:\w+]]: tensor<2xf64>, %[[Y:\w+]]: tensor<2xf64>)
// CHECK-NEXT:    func.return %[[Y]], %[[X]]
func.func @g(%x: tensor<2xf64>, %y: tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>) {
  %a, %b = func.call @swap(%x, %y) : (tensor<2xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
  func.return %a, %b : tensor<2xf64>, tensor<2xf64>
}
func.func private @swap(%x: tensor<2xf64>, %y: tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>) {
  func.return %y, %x : tensor<2xf64>, tensor<2xf64>
}

// CHECK-LABEL: func.func @no_inlining_of_what_lowering_made
// CHECK:         func.call @kernel
// CHECK:       func.func private @kernel
func.func @no_inlining_of_what_lowering_made(%x: memref<2xf64>) attributes {anamc.entry = "f"} {
  func.call @kernel(%x) : (memref<2xf64>) -> ()
  func.return
}
func.func private @kernel(%x: memref<2xf64>) attributes {anamc.kernel = "f"} {
  func.return
}
