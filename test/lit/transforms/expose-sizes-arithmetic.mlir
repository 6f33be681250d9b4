// RUN: anamc-opt %s -p expose-sizes | filecheck %s

// Sizes of results that are computed: products, remainders, maxima, divisions by what may be 0.
// CHECK:      func.func @f(
// CHECK-SAME: anamc.name = "y", anamc.dims = ["k * k", "max(k, 3)"]
// CHECK-SAME: anamc.name = "z", anamc.dims = ["k mod 4", "(k + 1) floordiv m"]
func.func @f(%k: index {anamc.name = "k"}, %m: index {anamc.name = "m"}, %a: tensor<2xf32>)
    -> (tensor<?x?xf32> {anamc.name = "y"}, tensor<?x?xf32> {anamc.name = "z"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %square = arith.muli %k, %k : index
  %most = arith.maxsi %c3, %k : index
  %y = tensor.empty(%square, %most) : tensor<?x?xf32>
  %quarter = arith.floordivsi %k, %c4 : index
  %whole = arith.muli %quarter, %c4 : index
  %rest = arith.subi %k, %whole : index
  %next = arith.addi %k, %c1 : index
  %none = arith.cmpi eq, %m, %c0 : index
  %divisor = arith.select %none, %c1, %m : index
  %part = arith.floordivsi %next, %divisor : index
  %z = tensor.empty(%rest, %part) : tensor<?x?xf32>
  %t = tensor.empty(%k) : tensor<?xf32>
  func.return %y, %z : tensor<?x?xf32>, tensor<?x?xf32>
}
