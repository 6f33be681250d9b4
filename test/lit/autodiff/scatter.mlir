// The adjoint and the tangent of scatter.
// RUN: anamc-opt %s -p ad-expand | filecheck %s

// CHECK-LABEL: func.func private @scatter_gather_end_0_jvp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.gather %[[X]] at %[[EDGES]] end 0
// CHECK-NEXT:    %[[Y_DOT:\w+]] = scatter.gather %[[X_DOT]] at %[[EDGES]] end 0
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @scatter_gather_end_0_vjp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.gather %[[X]] at %[[EDGES]] end 0
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0
// CHECK-NEXT:    %[[V1:\w+]] = tensor.dim %[[X]], %[[V0]]
// CHECK-NEXT:    %[[X_BAR:\w+]] = scatter.sum %[[Y_BAR]] over %[[EDGES]] onto %[[V1]] signs [1 : i64, 0 : i64]
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]]
func.func @scatter_gather_end_0(%edges: tensor<?x2xi32>, %x: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %y = scatter.gather %x at %edges end 0 : (tensor<?x3xf64>, tensor<?x2xi32>) -> tensor<?x3xf64>
  func.return %y : tensor<?x3xf64>
}
func.func @adjoint_of_scatter_gather_end_0(%edges: tensor<?x2xi32>, %x: tensor<?x3xf64>, %y_bar: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.vjp @scatter_gather_end_0(%edges, %x) cotangents(%y_bar) wrt [1] : (tensor<?x2xi32>, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}
func.func @tangent_of_scatter_gather_end_0(%edges: tensor<?x2xi32>, %x: tensor<?x3xf64>, %x_dot: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.jvp @scatter_gather_end_0(%edges, %x) tangents(%x_dot) wrt [1] : (tensor<?x2xi32>, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}

// CHECK-LABEL: func.func private @scatter_gather_end_1_jvp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.gather %[[X]] at %[[EDGES]] end 1
// CHECK-NEXT:    %[[Y_DOT:\w+]] = scatter.gather %[[X_DOT]] at %[[EDGES]] end 1
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @scatter_gather_end_1_vjp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.gather %[[X]] at %[[EDGES]] end 1
// CHECK-NEXT:    %[[V0:\w+]] = arith.constant 0
// CHECK-NEXT:    %[[V1:\w+]] = tensor.dim %[[X]], %[[V0]]
// CHECK-NEXT:    %[[X_BAR:\w+]] = scatter.sum %[[Y_BAR]] over %[[EDGES]] onto %[[V1]] signs [0 : i64, 1 : i64]
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]]
func.func @scatter_gather_end_1(%edges: tensor<?x2xi32>, %x: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %y = scatter.gather %x at %edges end 1 : (tensor<?x3xf64>, tensor<?x2xi32>) -> tensor<?x3xf64>
  func.return %y : tensor<?x3xf64>
}
func.func @adjoint_of_scatter_gather_end_1(%edges: tensor<?x2xi32>, %x: tensor<?x3xf64>, %y_bar: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.vjp @scatter_gather_end_1(%edges, %x) cotangents(%y_bar) wrt [1] : (tensor<?x2xi32>, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}
func.func @tangent_of_scatter_gather_end_1(%edges: tensor<?x2xi32>, %x: tensor<?x3xf64>, %x_dot: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.jvp @scatter_gather_end_1(%edges, %x) tangents(%x_dot) wrt [1] : (tensor<?x2xi32>, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}

// CHECK-LABEL: func.func private @scatter_sum_1_1_jvp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.sum %[[X]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, 1 : i64]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = scatter.sum %[[X_DOT]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, 1 : i64]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @scatter_sum_1_1_vjp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.sum %[[X]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, 1 : i64]
// CHECK-NEXT:    %[[V0:\w+]] = scatter.gather %[[Y_BAR]] at %[[EDGES]] end 0
// CHECK-NEXT:    %[[V1:\w+]] = scatter.gather %[[Y_BAR]] at %[[EDGES]] end 1
// CHECK-NEXT:    %[[X_BAR:\w+]] = arith.addf %[[V0]], %[[V1]]
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]]
func.func @scatter_sum_1_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %y = scatter.sum %x over %edges onto %nnodes signs [1 : i64, 1 : i64] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  func.return %y : tensor<?x3xf64>
}
func.func @adjoint_of_scatter_sum_1_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>, %y_bar: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.vjp @scatter_sum_1_1(%edges, %nnodes, %x) cotangents(%y_bar) wrt [2] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}
func.func @tangent_of_scatter_sum_1_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>, %x_dot: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.jvp @scatter_sum_1_1(%edges, %nnodes, %x) tangents(%x_dot) wrt [2] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}

// CHECK-LABEL: func.func private @scatter_sum_minus_1_1_jvp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.sum %[[X]] over %[[EDGES]] onto %[[NNODES]] signs [-1 : i64, 1 : i64]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = scatter.sum %[[X_DOT]] over %[[EDGES]] onto %[[NNODES]] signs [-1 : i64, 1 : i64]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @scatter_sum_minus_1_1_vjp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.sum %[[X]] over %[[EDGES]] onto %[[NNODES]] signs [-1 : i64, 1 : i64]
// CHECK-NEXT:    %[[V0:\w+]] = scatter.gather %[[Y_BAR]] at %[[EDGES]] end 0
// CHECK-NEXT:    %[[V1:\w+]] = scatter.gather %[[Y_BAR]] at %[[EDGES]] end 1
// CHECK-NEXT:    %[[X_BAR:\w+]] = arith.subf %[[V1]], %[[V0]]
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]]
func.func @scatter_sum_minus_1_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %y = scatter.sum %x over %edges onto %nnodes signs [-1 : i64, 1 : i64] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  func.return %y : tensor<?x3xf64>
}
func.func @adjoint_of_scatter_sum_minus_1_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>, %y_bar: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.vjp @scatter_sum_minus_1_1(%edges, %nnodes, %x) cotangents(%y_bar) wrt [2] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}
func.func @tangent_of_scatter_sum_minus_1_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>, %x_dot: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.jvp @scatter_sum_minus_1_1(%edges, %nnodes, %x) tangents(%x_dot) wrt [2] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}

// CHECK-LABEL: func.func private @scatter_sum_1_minus_1_jvp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.sum %[[X]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, -1 : i64]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = scatter.sum %[[X_DOT]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, -1 : i64]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @scatter_sum_1_minus_1_vjp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.sum %[[X]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, -1 : i64]
// CHECK-NEXT:    %[[V0:\w+]] = scatter.gather %[[Y_BAR]] at %[[EDGES]] end 0
// CHECK-NEXT:    %[[V1:\w+]] = scatter.gather %[[Y_BAR]] at %[[EDGES]] end 1
// CHECK-NEXT:    %[[X_BAR:\w+]] = arith.subf %[[V0]], %[[V1]]
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]]
func.func @scatter_sum_1_minus_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %y = scatter.sum %x over %edges onto %nnodes signs [1 : i64, -1 : i64] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  func.return %y : tensor<?x3xf64>
}
func.func @adjoint_of_scatter_sum_1_minus_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>, %y_bar: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.vjp @scatter_sum_1_minus_1(%edges, %nnodes, %x) cotangents(%y_bar) wrt [2] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}
func.func @tangent_of_scatter_sum_1_minus_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>, %x_dot: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.jvp @scatter_sum_1_minus_1(%edges, %nnodes, %x) tangents(%x_dot) wrt [2] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}

// CHECK-LABEL: func.func private @scatter_sum_1_0_jvp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.sum %[[X]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, 0 : i64]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = scatter.sum %[[X_DOT]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, 0 : i64]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @scatter_sum_1_0_vjp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.sum %[[X]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, 0 : i64]
// CHECK-NEXT:    %[[X_BAR:\w+]] = scatter.gather %[[Y_BAR]] at %[[EDGES]] end 0
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]]
func.func @scatter_sum_1_0(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %y = scatter.sum %x over %edges onto %nnodes signs [1 : i64, 0 : i64] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  func.return %y : tensor<?x3xf64>
}
func.func @adjoint_of_scatter_sum_1_0(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>, %y_bar: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.vjp @scatter_sum_1_0(%edges, %nnodes, %x) cotangents(%y_bar) wrt [2] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}
func.func @tangent_of_scatter_sum_1_0(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>, %x_dot: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.jvp @scatter_sum_1_0(%edges, %nnodes, %x) tangents(%x_dot) wrt [2] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}

// CHECK-LABEL: func.func private @scatter_mean_1_1_jvp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.mean %[[X]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, 1 : i64]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = scatter.mean %[[X_DOT]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, 1 : i64]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @scatter_mean_1_1_vjp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.mean %[[X]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, 1 : i64]
// CHECK-NEXT:    %[[V0:\w+]] = scatter.count %[[EDGES]] onto %[[NNODES]] signs [1 : i64, 1 : i64]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 0
// CHECK-NEXT:    %[[V2:\w+]] = tensor.dim %[[V0]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]][%[[V2]]]
// CHECK-NEXT:    %[[V6:\w+]] = mlp.where "ogt" %[[V0]], %[[V4]] then %[[V0]] else %[[V4]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.divf %[[V4]], %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = mlp.scale_rows %[[Y_BAR]] by %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = scatter.gather %[[V8]] at %[[EDGES]] end 0
// CHECK-NEXT:    %[[V10:\w+]] = scatter.gather %[[V8]] at %[[EDGES]] end 1
// CHECK-NEXT:    %[[X_BAR:\w+]] = arith.addf %[[V9]], %[[V10]]
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]]
func.func @scatter_mean_1_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %y = scatter.mean %x over %edges onto %nnodes signs [1 : i64, 1 : i64] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  func.return %y : tensor<?x3xf64>
}
func.func @adjoint_of_scatter_mean_1_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>, %y_bar: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.vjp @scatter_mean_1_1(%edges, %nnodes, %x) cotangents(%y_bar) wrt [2] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}
func.func @tangent_of_scatter_mean_1_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>, %x_dot: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.jvp @scatter_mean_1_1(%edges, %nnodes, %x) tangents(%x_dot) wrt [2] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}

// CHECK-LABEL: func.func private @scatter_mean_minus_1_1_jvp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.mean %[[X]] over %[[EDGES]] onto %[[NNODES]] signs [-1 : i64, 1 : i64]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = scatter.mean %[[X_DOT]] over %[[EDGES]] onto %[[NNODES]] signs [-1 : i64, 1 : i64]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @scatter_mean_minus_1_1_vjp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.mean %[[X]] over %[[EDGES]] onto %[[NNODES]] signs [-1 : i64, 1 : i64]
// CHECK-NEXT:    %[[V0:\w+]] = scatter.count %[[EDGES]] onto %[[NNODES]] signs [-1 : i64, 1 : i64]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 0
// CHECK-NEXT:    %[[V2:\w+]] = tensor.dim %[[V0]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]][%[[V2]]]
// CHECK-NEXT:    %[[V6:\w+]] = mlp.where "ogt" %[[V0]], %[[V4]] then %[[V0]] else %[[V4]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.divf %[[V4]], %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = mlp.scale_rows %[[Y_BAR]] by %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = scatter.gather %[[V8]] at %[[EDGES]] end 0
// CHECK-NEXT:    %[[V10:\w+]] = scatter.gather %[[V8]] at %[[EDGES]] end 1
// CHECK-NEXT:    %[[X_BAR:\w+]] = arith.subf %[[V10]], %[[V9]]
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]]
func.func @scatter_mean_minus_1_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %y = scatter.mean %x over %edges onto %nnodes signs [-1 : i64, 1 : i64] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  func.return %y : tensor<?x3xf64>
}
func.func @adjoint_of_scatter_mean_minus_1_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>, %y_bar: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.vjp @scatter_mean_minus_1_1(%edges, %nnodes, %x) cotangents(%y_bar) wrt [2] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}
func.func @tangent_of_scatter_mean_minus_1_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>, %x_dot: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.jvp @scatter_mean_minus_1_1(%edges, %nnodes, %x) tangents(%x_dot) wrt [2] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}

// CHECK-LABEL: func.func private @scatter_mean_1_minus_1_jvp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.mean %[[X]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, -1 : i64]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = scatter.mean %[[X_DOT]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, -1 : i64]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @scatter_mean_1_minus_1_vjp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.mean %[[X]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, -1 : i64]
// CHECK-NEXT:    %[[V0:\w+]] = scatter.count %[[EDGES]] onto %[[NNODES]] signs [1 : i64, -1 : i64]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 0
// CHECK-NEXT:    %[[V2:\w+]] = tensor.dim %[[V0]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]][%[[V2]]]
// CHECK-NEXT:    %[[V6:\w+]] = mlp.where "ogt" %[[V0]], %[[V4]] then %[[V0]] else %[[V4]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.divf %[[V4]], %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = mlp.scale_rows %[[Y_BAR]] by %[[V7]]
// CHECK-NEXT:    %[[V9:\w+]] = scatter.gather %[[V8]] at %[[EDGES]] end 0
// CHECK-NEXT:    %[[V10:\w+]] = scatter.gather %[[V8]] at %[[EDGES]] end 1
// CHECK-NEXT:    %[[X_BAR:\w+]] = arith.subf %[[V9]], %[[V10]]
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]]
func.func @scatter_mean_1_minus_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %y = scatter.mean %x over %edges onto %nnodes signs [1 : i64, -1 : i64] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  func.return %y : tensor<?x3xf64>
}
func.func @adjoint_of_scatter_mean_1_minus_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>, %y_bar: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.vjp @scatter_mean_1_minus_1(%edges, %nnodes, %x) cotangents(%y_bar) wrt [2] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}
func.func @tangent_of_scatter_mean_1_minus_1(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>, %x_dot: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.jvp @scatter_mean_1_minus_1(%edges, %nnodes, %x) tangents(%x_dot) wrt [2] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}

// CHECK-LABEL: func.func private @scatter_mean_1_0_jvp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[X_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.mean %[[X]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, 0 : i64]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = scatter.mean %[[X_DOT]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, 0 : i64]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @scatter_mean_1_0_vjp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[X:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.mean %[[X]] over %[[EDGES]] onto %[[NNODES]] signs [1 : i64, 0 : i64]
// CHECK-NEXT:    %[[V0:\w+]] = scatter.count %[[EDGES]] onto %[[NNODES]] signs [1 : i64, 0 : i64]
// CHECK-NEXT:    %[[V1:\w+]] = arith.constant 0
// CHECK-NEXT:    %[[V2:\w+]] = tensor.dim %[[V0]], %[[V1]]
// CHECK-NEXT:    %[[V3:\w+]] = arith.constant 1.000000e+00
// CHECK-NEXT:    %[[V4:\w+]] = tensor.splat %[[V3]][%[[V2]]]
// CHECK-NEXT:    %[[V6:\w+]] = mlp.where "ogt" %[[V0]], %[[V4]] then %[[V0]] else %[[V4]]
// CHECK-NEXT:    %[[V7:\w+]] = arith.divf %[[V4]], %[[V6]]
// CHECK-NEXT:    %[[V8:\w+]] = mlp.scale_rows %[[Y_BAR]] by %[[V7]]
// CHECK-NEXT:    %[[X_BAR:\w+]] = scatter.gather %[[V8]] at %[[EDGES]] end 0
// CHECK-NEXT:    func.return %[[Y]], %[[X_BAR]]
func.func @scatter_mean_1_0(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %y = scatter.mean %x over %edges onto %nnodes signs [1 : i64, 0 : i64] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  func.return %y : tensor<?x3xf64>
}
func.func @adjoint_of_scatter_mean_1_0(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>, %y_bar: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.vjp @scatter_mean_1_0(%edges, %nnodes, %x) cotangents(%y_bar) wrt [2] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}
func.func @tangent_of_scatter_mean_1_0(%edges: tensor<?x2xi32>, %nnodes: index, %x: tensor<?x3xf64>, %x_dot: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.jvp @scatter_mean_1_0(%edges, %nnodes, %x) tangents(%x_dot) wrt [2] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}

// CHECK-LABEL: func.func private @scatter_pair_sum_jvp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[L:\w+]]{{.*}}%[[R:\w+]]{{.*}}%[[L_DOT:\w+]]{{.*}}%[[R_DOT:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.pair_sum %[[L]], %[[R]] over %[[EDGES]] onto %[[NNODES]]
// CHECK-NEXT:    %[[Y_DOT:\w+]] = scatter.pair_sum %[[L_DOT]], %[[R_DOT]] over %[[EDGES]] onto %[[NNODES]]
// CHECK-NEXT:    func.return %[[Y]], %[[Y_DOT]]
// CHECK-LABEL: func.func private @scatter_pair_sum_vjp
// CHECK-SAME:    (%[[EDGES:\w+]]{{.*}}%[[NNODES:\w+]]{{.*}}%[[L:\w+]]{{.*}}%[[R:\w+]]{{.*}}%[[Y_BAR:\w+]]{{.*}}->
// CHECK-NEXT:    %[[Y:\w+]] = scatter.pair_sum %[[L]], %[[R]] over %[[EDGES]] onto %[[NNODES]]
// CHECK-NEXT:    %[[L_BAR:\w+]] = scatter.gather %[[Y_BAR]] at %[[EDGES]] end 0
// CHECK-NEXT:    %[[R_BAR:\w+]] = scatter.gather %[[Y_BAR]] at %[[EDGES]] end 1
// CHECK-NEXT:    func.return %[[Y]], %[[L_BAR]], %[[R_BAR]]
func.func @scatter_pair_sum(%edges: tensor<?x2xi32>, %nnodes: index, %l: tensor<?x3xf64>, %r: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %y = scatter.pair_sum %l, %r over %edges onto %nnodes : (tensor<?x3xf64>, tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  func.return %y : tensor<?x3xf64>
}
func.func @adjoint_of_scatter_pair_sum(%edges: tensor<?x2xi32>, %nnodes: index, %l: tensor<?x3xf64>, %r: tensor<?x3xf64>, %y_bar: tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>) {
  %r0, %r1, %r2 = ad.vjp @scatter_pair_sum(%edges, %nnodes, %l, %r) cotangents(%y_bar) wrt [2, 3] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1, %r2 : tensor<?x3xf64>, tensor<?x3xf64>
}
func.func @tangent_of_scatter_pair_sum(%edges: tensor<?x2xi32>, %nnodes: index, %l: tensor<?x3xf64>, %r: tensor<?x3xf64>, %l_dot: tensor<?x3xf64>, %r_dot: tensor<?x3xf64>) -> tensor<?x3xf64> {
  %r0, %r1 = ad.jvp @scatter_pair_sum(%edges, %nnodes, %l, %r) tangents(%l_dot, %r_dot) wrt [2, 3] : (tensor<?x2xi32>, index, tensor<?x3xf64>, tensor<?x3xf64>, tensor<?x3xf64>, tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?x3xf64>)
  func.return %r1 : tensor<?x3xf64>
}
