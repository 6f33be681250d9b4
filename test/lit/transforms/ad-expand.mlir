// RUN: anamc-opt %s -p ad-expand --split-input-file | filecheck %s

// A request becomes a call; equal requests share a function.
// CHECK-LABEL: func.func @square
// CHECK-LABEL: func.func private @square_vjp
// CHECK-SAME:    (%[[X:\w+]]: tensor<2xf64>, %[[BAR:\w+]]: tensor<2xf64>)
// CHECK-NEXT:    %[[Y:\w+]] = arith.mulf %[[X]], %[[X]]
// CHECK-NEXT:    %[[A:\w+]] = arith.mulf %[[BAR]], %[[X]]
// CHECK-NEXT:    %[[B:\w+]] = arith.mulf %[[BAR]], %[[X]]
// CHECK-NEXT:    %[[XBAR:\w+]] = arith.addf %[[A]], %[[B]]
// CHECK-NEXT:    func.return %[[Y]], %[[XBAR]]
// CHECK-LABEL: func.func @twice
// CHECK-NEXT:    %{{\w+}}, %[[FIRST:\w+]] = func.call @square_vjp(%x, %b)
// CHECK-NEXT:    %{{\w+}}, %[[SECOND:\w+]] = func.call @square_vjp(%b, %x)
// CHECK-NEXT:    func.return %[[FIRST]], %[[SECOND]]
func.func @square(%x: tensor<2xf64>) -> tensor<2xf64> {
  %y = arith.mulf %x, %x : tensor<2xf64>
  func.return %y : tensor<2xf64>
}
func.func @twice(%x: tensor<2xf64>, %b: tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>) {
  %0, %1 = ad.vjp @square(%x) cotangents(%b) wrt [0] : (tensor<2xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
  %2, %3 = ad.vjp @square(%b) cotangents(%x) wrt [0] : (tensor<2xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
  func.return %1, %3 : tensor<2xf64>, tensor<2xf64>
}

// -----

// Only what is active is computed: `%k` is an integer, `%u` is not asked for, and nothing depends on `%v`.
// CHECK-LABEL: func.func private @f_vjp
// CHECK-NEXT:    %[[Y:\w+]] = arith.mulf %x, %u
// CHECK-NEXT:    %[[Z:\w+]] = math.exp %u
// CHECK-NEXT:    %[[XBAR:\w+]] = arith.mulf %{{\w+}}, %u
// CHECK-NEXT:    %[[ZERO:\w+]] = arith.constant 0.0
// CHECK-NEXT:    %[[VBAR:\w+]] = tensor.splat %[[ZERO]] : tensor<3xf64>
// CHECK-NEXT:    func.return %[[Y]], %[[Z]], %k, %[[XBAR]], %[[VBAR]]
func.func @f(%x: tensor<2xf64>, %u: tensor<2xf64>, %v: tensor<3xf64>, %k: tensor<2xi32>) -> (tensor<2xf64>, tensor<2xf64>, tensor<2xi32>) {
  %y = arith.mulf %x, %u : tensor<2xf64>
  %z = math.exp %u : tensor<2xf64>
  func.return %y, %z, %k : tensor<2xf64>, tensor<2xf64>, tensor<2xi32>
}
func.func @request(%x: tensor<2xf64>, %u: tensor<2xf64>, %v: tensor<3xf64>, %k: tensor<2xi32>) -> (tensor<2xf64>, tensor<3xf64>) {
  %0, %1, %2, %3, %4 = ad.vjp @f(%x, %u, %v, %k) cotangents(%x) wrt [0, 2] of [0] : (tensor<2xf64>, tensor<2xf64>, tensor<3xf64>, tensor<2xi32>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>, tensor<2xi32>, tensor<2xf64>, tensor<3xf64>)
  func.return %3, %4 : tensor<2xf64>, tensor<3xf64>
}

// -----

// Inner first: the tangent of a cotangent. No multiplication by zero is left.
// CHECK-LABEL: func.func private @grad_jvp
// CHECK:         %[[C:\w+]] = math.cos %x
// CHECK:         %[[S:\w+]] = math.sin %x
// CHECK:         arith.mulf
// CHECK-NEXT:    %[[D:\w+]] = arith.negf
// CHECK-NEXT:    func.return %{{\w+}}, %[[D]]
// CHECK-LABEL: func.func @second
// CHECK-NEXT:    func.call @grad_jvp
func.func @sine(%x: tensor<2xf64>) -> tensor<2xf64> {
  %y = math.sin %x : tensor<2xf64>
  func.return %y : tensor<2xf64>
}
func.func @grad(%x: tensor<2xf64>) -> tensor<2xf64> {
  %one = arith.constant 1.0 : f64
  %ones = tensor.splat %one : tensor<2xf64>
  %0, %1 = ad.vjp @sine(%x) cotangents(%ones) wrt [0] : (tensor<2xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
  func.return %1 : tensor<2xf64>
}
func.func @second(%x: tensor<2xf64>, %v: tensor<2xf64>) -> tensor<2xf64> {
  %0, %1 = ad.jvp @grad(%x) tangents(%v) wrt [0] : (tensor<2xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
  func.return %1 : tensor<2xf64>
}

// -----

// A gradient that stops.
// CHECK-LABEL: func.func private @f_jvp
// CHECK-SAME:    (%[[X:\w+]]: tensor<2xf64>, %[[DOT:\w+]]: tensor<2xf64>)
// CHECK-NEXT:    %[[Y:\w+]] = arith.mulf %[[X]], %[[X]]
// CHECK-NEXT:    %[[D:\w+]] = arith.mulf %[[DOT]], %[[X]]
// CHECK-NEXT:    func.return %[[Y]], %[[D]]
func.func @f(%x: tensor<2xf64>) -> tensor<2xf64> {
  %s = ad.stop_gradient %x : tensor<2xf64>
  %y = arith.mulf %s, %x : tensor<2xf64>
  func.return %y : tensor<2xf64>
}
func.func @request(%x: tensor<2xf64>) -> tensor<2xf64> {
  %0, %1 = ad.jvp @f(%x) tangents(%x) wrt [0] : (tensor<2xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
  func.return %1 : tensor<2xf64>
}

// -----

// What is called is differentiated with its caller.
// CHECK-LABEL: func.func private @f_jvp
// CHECK:         %[[C:\w+]] = math.cos %x
// CHECK-NEXT:    %[[D:\w+]] = arith.mulf %{{\w+}}, %[[C]]
func.func private @g(%x: tensor<2xf64>) -> tensor<2xf64> {
  %y = math.sin %x : tensor<2xf64>
  func.return %y : tensor<2xf64>
}
func.func @f(%x: tensor<2xf64>) -> tensor<2xf64> {
  %y = func.call @g(%x) : (tensor<2xf64>) -> tensor<2xf64>
  func.return %y : tensor<2xf64>
}
func.func @request(%x: tensor<2xf64>) -> tensor<2xf64> {
  %0, %1 = ad.jvp @f(%x) tangents(%x) wrt [0] : (tensor<2xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
  func.return %1 : tensor<2xf64>
}

// -----

// Parts of one vector are packed once; both ends of an edge list are summed once.
// CHECK-LABEL: func.func private @f_vjp
// CHECK:         mlp.pack %{{\w+}}, %{{\w+}} at [0 : i64, 6 : i64]
// CHECK-NOT:     mlp.pack
// CHECK-NOT:     scatter.sum
// CHECK:         scatter.pair_sum
// CHECK-NEXT:    func.return
func.func @f(%p: tensor<9xf64>, %x: tensor<?x3xf64>, %e: tensor<?x2xi32>) -> tensor<?x3xf64> {
  %l = scatter.gather %x at %e end 0 : (tensor<?x3xf64>, tensor<?x2xi32>) -> tensor<?x3xf64>
  %r = scatter.gather %x at %e end 1 : (tensor<?x3xf64>, tensor<?x2xi32>) -> tensor<?x3xf64>
  %w = mlp.unpack %p at 0 : tensor<9xf64> to tensor<2x3xf64>
  %b = mlp.unpack %p at 6 : tensor<9xf64> to tensor<3xf64>
  %a, %z = mlp.split %l : tensor<?x3xf64> to tensor<?x2xf64>, tensor<?x1xf64>
  %d = mlp.dense %a, %w, %b : (tensor<?x2xf64>, tensor<2x3xf64>, tensor<3xf64>) -> tensor<?x3xf64>
  %y = arith.mulf %d, %r : tensor<?x3xf64>
  func.return %y : tensor<?x3xf64>
}
func.func @request(%p: tensor<9xf64>, %x: tensor<?x3xf64>, %e: tensor<?x2xi32>, %g: tensor<?x3xf64>) -> (tensor<9xf64>, tensor<?x3xf64>) {
  %0, %1, %2 = ad.vjp @f(%p, %x, %e) cotangents(%g) wrt [0, 1] : (tensor<9xf64>, tensor<?x3xf64>, tensor<?x2xi32>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<9xf64>, tensor<?x3xf64>)
  func.return %1, %2 : tensor<9xf64>, tensor<?x3xf64>
}
