// RUN: anamc-opt %s | anamc-opt | filecheck %s
// RUN: anamc-opt %s --print-op-generic | anamc-opt | filecheck %s

// CHECK-LABEL: func.func @gather
// CHECK:         %0 = scatter.gather %x at %e end 0 : (tensor<?x3xf64>, tensor<?x2xi32>) -> tensor<?x3xf64>
// CHECK-NEXT:    %1 = scatter.gather %x at %e end 1 : (tensor<?x3xf64>, tensor<?x2xi32>) -> tensor<?x3xf64>
func.func @gather(%x: tensor<?x3xf64>, %e: tensor<?x2xi32>) {
  %0 = scatter.gather %x at %e end 0 : (tensor<?x3xf64>, tensor<?x2xi32>) -> tensor<?x3xf64>
  %1 = scatter.gather %x at %e end 1 : (tensor<?x3xf64>, tensor<?x2xi32>) -> tensor<?x3xf64>
  func.return
}

// CHECK-LABEL: func.func @to_nodes
// CHECK:         %0 = scatter.sum %x over %e onto %n signs [-1 : i64, 1 : i64] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
// CHECK-NEXT:    %1 = scatter.mean %x over %e onto %n signs [1 : i64, 0 : i64] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
// CHECK-NEXT:    %2 = scatter.max %x over %e onto %n signs [1 : i64, 1 : i64] {anamc.block = 2 : i64} : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
func.func @to_nodes(%x: tensor<?x3xf64>, %e: tensor<?x2xi32>, %n: index) {
  %0 = scatter.sum %x over %e onto %n signs [-1, 1] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  %1 = scatter.mean %x over %e onto %n signs [1, 0] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  %2 = scatter.max %x over %e onto %n signs [1, 1] {anamc.block = 2 : i64} : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  func.return
}

// Constant numbers of nodes and edges.
// CHECK-LABEL: func.func @constant_sizes
// CHECK:         scatter.gather %x at %e end 0 : (tensor<5x3xf32>, tensor<4x2xi64>) -> tensor<4x3xf32>
func.func @constant_sizes(%x: tensor<5x3xf32>, %e: tensor<4x2xi64>) {
  %0 = scatter.gather %x at %e end 0 : (tensor<5x3xf32>, tensor<4x2xi64>) -> tensor<4x3xf32>
  func.return
}

// CHECK-LABEL: func.func @adjoints
// CHECK:         %0 = scatter.pair_sum %x, %x over %e onto %n : (tensor<?x3xf64>, tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
// CHECK-NEXT:    %1 = scatter.count %e onto %n signs [-1 : i64, 0 : i64] : (tensor<?x2xi32>, index) -> tensor<?xf64>
func.func @adjoints(%x: tensor<?x3xf64>, %e: tensor<?x2xi32>, %n: index) {
  %0 = scatter.pair_sum %x, %x over %e onto %n : (tensor<?x3xf64>, tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  %1 = scatter.count %e onto %n signs [-1, 0] : (tensor<?x2xi32>, index) -> tensor<?xf64>
  func.return
}
