// RUN: anamc-opt %s --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// An end that an edge has not.
// CHECK: 'scatter.gather' end must be 0 (left) or 1 (right), got 2
func.func @f(%x: tensor<?x3xf64>, %e: tensor<?x2xi32>) {
  %y = scatter.gather %x at %e end 2 : (tensor<?x3xf64>, tensor<?x2xi32>) -> tensor<?x3xf64>
  func.return
}

// -----

// A gather with a result of another width.
// CHECK: 'scatter.gather' keeps the width of a field of rank 2, got tensor<?x3xf64> -> tensor<?x4xf64>
func.func @f(%x: tensor<?x3xf64>, %e: tensor<?x2xi32>) {
  %y = scatter.gather %x at %e end 0 : (tensor<?x3xf64>, tensor<?x2xi32>) -> tensor<?x4xf64>
  func.return
}

// -----

// A gather of a vector.
// CHECK: 'scatter.gather' keeps the width of a field of rank 2, got tensor<?xf64> -> tensor<?xf64>
func.func @f(%x: tensor<?xf64>, %e: tensor<?x2xi32>) {
  %y = scatter.gather %x at %e end 0 : (tensor<?xf64>, tensor<?x2xi32>) -> tensor<?xf64>
  func.return
}

// -----

// A gather with another number of rows than edges.
// CHECK: 'scatter.gather' gives one row an edge of tensor<4x2xi32>, its result is tensor<5x3xf64>
func.func @f(%x: tensor<?x3xf64>, %e: tensor<4x2xi32>) {
  %y = scatter.gather %x at %e end 0 : (tensor<?x3xf64>, tensor<4x2xi32>) -> tensor<5x3xf64>
  func.return
}

// -----

// An edge list with three ends.
// CHECK: 'scatter.gather' expects an edge list tensor<?x2xi32>, got tensor<?x3xi32>
func.func @f(%x: tensor<?x3xf64>, %e: tensor<?x3xi32>) {
  %y = scatter.gather %x at %e end 0 : (tensor<?x3xf64>, tensor<?x3xi32>) -> tensor<?x3xf64>
  func.return
}

// -----

// An edge list of rank 1.
// CHECK: 'scatter.sum' expects an edge list tensor<?x2xi32>, got tensor<?xi32>
func.func @f(%x: tensor<?x3xf64>, %e: tensor<?xi32>, %n: index) {
  %y = scatter.sum %x over %e onto %n signs [1, 1] : (tensor<?x3xf64>, tensor<?xi32>, index) -> tensor<?x3xf64>
  func.return
}

// -----

// An edge list of floats.
// CHECK: f64 should be of base attribute integer_type
func.func @f(%x: tensor<?x3xf64>, %e: tensor<?x2xf64>, %n: index) {
  %y = scatter.sum %x over %e onto %n signs [1, 1] : (tensor<?x3xf64>, tensor<?x2xf64>, index) -> tensor<?x3xf64>
  func.return
}

// -----

// A sign that is none.
// CHECK: 'scatter.sum' signs must be two of -1, 0, 1, not both 0; got [1, 2]
func.func @f(%x: tensor<?x3xf64>, %e: tensor<?x2xi32>, %n: index) {
  %y = scatter.sum %x over %e onto %n signs [1, 2] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  func.return
}

// -----

// Nobody receives.
// CHECK: 'scatter.max' signs must be two of -1, 0, 1, not both 0; got [0, 0]
func.func @f(%x: tensor<?x3xf64>, %e: tensor<?x2xi32>, %n: index) {
  %y = scatter.max %x over %e onto %n signs [0, 0] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  func.return
}

// -----

// Three signs.
// CHECK: 'scatter.mean' signs must be two of -1, 0, 1, not both 0; got [1, 1, 1]
func.func @f(%x: tensor<?x3xf64>, %e: tensor<?x2xi32>, %n: index) {
  %y = scatter.mean %x over %e onto %n signs [1, 1, 1] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  func.return
}

// -----

// A sum with a result of another width.
// CHECK: 'scatter.sum' keeps the width of a field of rank 2, got tensor<?x3xf64> -> tensor<?x1xf64>
func.func @f(%x: tensor<?x3xf64>, %e: tensor<?x2xi32>, %n: index) {
  %y = scatter.sum %x over %e onto %n signs [1, 1] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x1xf64>
  func.return
}

// -----

// Another number of rows than edges.
// CHECK: 'scatter.sum' takes one row an edge of tensor<?x2xi32>, got tensor<4x3xf64>
func.func @f(%x: tensor<4x3xf64>, %e: tensor<?x2xi32>, %n: index) {
  %y = scatter.sum %x over %e onto %n signs [1, 1] : (tensor<4x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  func.return
}

// -----

// A constant number of nodes in the type.
// CHECK: 'scatter.sum' gives a run-time number of rows, its result is tensor<5x3xf64>
func.func @f(%x: tensor<?x3xf64>, %e: tensor<?x2xi32>, %n: index) {
  %y = scatter.sum %x over %e onto %n signs [1, 1] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<5x3xf64>
  func.return
}

// -----

// Another float type.
// CHECK: attribute f64 expected from variable 'T', but got f32
func.func @f(%x: tensor<?x3xf64>, %e: tensor<?x2xi32>, %n: index) {
  %y = scatter.sum %x over %e onto %n signs [1, 1] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf32>
  func.return
}

// -----

// Fields of two widths.
// CHECK: 'scatter.pair_sum' adds fields of one type, got tensor<?x3xf64> and tensor<?x2xf64>
func.func @f(%l: tensor<?x3xf64>, %r: tensor<?x2xf64>, %e: tensor<?x2xi32>, %n: index) {
  %y = scatter.pair_sum %l, %r over %e onto %n : (tensor<?x3xf64>, tensor<?x2xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  func.return
}

// -----

// Another number of rows than edges.
// CHECK: 'scatter.pair_sum' takes one row an edge of tensor<?x2xi32>, got tensor<4x3xf64>
func.func @f(%l: tensor<4x3xf64>, %e: tensor<?x2xi32>, %n: index) {
  %y = scatter.pair_sum %l, %l over %e onto %n : (tensor<4x3xf64>, tensor<4x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  func.return
}

// -----

// A constant number of nodes in the type.
// CHECK: 'scatter.pair_sum' gives a run-time number of rows, its result is tensor<5x3xf64>
func.func @f(%l: tensor<?x3xf64>, %e: tensor<?x2xi32>, %n: index) {
  %y = scatter.pair_sum %l, %l over %e onto %n : (tensor<?x3xf64>, tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<5x3xf64>
  func.return
}

// -----

// Nothing is counted.
// CHECK: 'scatter.count' signs must be two of -1, 0, 1, not both 0; got [0, 0]
func.func @f(%e: tensor<?x2xi32>, %n: index) {
  %y = scatter.count %e onto %n signs [0, 0] : (tensor<?x2xi32>, index) -> tensor<?xf64>
  func.return
}

// -----

// A count with a width.
// CHECK: 'scatter.count' gives one number a node, its result is tensor<?x1xf64>
func.func @f(%e: tensor<?x2xi32>, %n: index) {
  %y = scatter.count %e onto %n signs [1, 1] : (tensor<?x2xi32>, index) -> tensor<?x1xf64>
  func.return
}
