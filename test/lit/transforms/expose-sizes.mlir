// RUN: anamc-opt %s -p expose-sizes --split-input-file | filecheck %s

// A run-time size becomes an argument in front, and takes the place of tensor.dim.
// CHECK-LABEL: func.func @sizes(
// CHECK-SAME:    %[[N:[a-z_0-9]+]]: index {anamc.name = "x_size_0"}, %[[M:[a-z_0-9]+]]: index {anamc.name = "e_size_0"},
// CHECK-SAME:    %x: tensor<?x3xf32> {anamc.name = "x", anamc.dims = ["x_size_0", 3 : index]},
// CHECK-SAME:    %e: tensor<?x2xi32> {anamc.name = "e", anamc.dims = ["e_size_0", 2 : index]})
// CHECK-SAME:    -> (tensor<?x3xf32> {anamc.name = "a", anamc.dims = ["x_size_0", 3 : index]}, tensor<?x3xf32> {anamc.name = "out1", anamc.dims = ["e_size_0", 3 : index]})
// CHECK-NOT:     tensor.dim
// CHECK:         %a = scatter.sum %[[G:.*]] over %e onto %[[N]]
func.func @sizes(%x: tensor<?x3xf32>, %e: tensor<?x2xi32>) -> (tensor<?x3xf32>, tensor<?x3xf32>) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?x3xf32>
  %0 = scatter.gather %x at %e end 0 : (tensor<?x3xf32>, tensor<?x2xi32>) -> tensor<?x3xf32>
  %a = scatter.sum %0 over %e onto %n signs [1, 1] : (tensor<?x3xf32>, tensor<?x2xi32>, index) -> tensor<?x3xf32>
  func.return %a, %0 : tensor<?x3xf32>, tensor<?x3xf32>
}

// -----

// Names given stay; the others become different from them and from each other.
// CHECK-LABEL: func.func @names(
// CHECK-SAME:    %{{[a-z0-9_]+}}: index {anamc.name = "x_size_0"}, %{{[a-z0-9_]+}}: index {anamc.name = "x_2_size_0"}, %k: index {anamc.name = "n"},
// CHECK-SAME:    {anamc.name = "x", anamc.dims = ["x_size_0"]}, %{{.*}}: tensor<?xf32> {anamc.name = "x_2", anamc.dims = ["x_2_size_0"]}, %{{.*}}: tensor<?xf32> {anamc.dims = ["n"], anamc.name = "arg3"})
// CHECK-SAME:    -> (tensor<?xf32> {anamc.name = "y_2", {{.*}}}, tensor<?xf32> {anamc.name = "y",
func.func @names(%k: index {anamc.name = "n"}, %x: tensor<?xf32>, %x_1: tensor<?xf32>, %0: tensor<?xf32> {anamc.dims = ["n"]}) -> (tensor<?xf32>, tensor<?xf32> {anamc.name = "y"}) {
  %y = mlp.relu %x : tensor<?xf32>
  %y_1 = mlp.relu %y : tensor<?xf32>
  func.return %y, %y_1 : tensor<?xf32>, tensor<?xf32>
}

// -----

// A computed size is written in terms of the others, a constant one as a number.
// CHECK-LABEL: func.func @computed(
// CHECK-SAME:    -> (tensor<?xf32> {anamc.name = "e", anamc.dims = ["k + 1"]}, tensor<?xf32> {anamc.name = "c", anamc.dims = [2 : index]})
func.func @computed(%k: index, %a: tensor<2xf32>) -> (tensor<?xf32>, tensor<?xf32>) {
  %one = arith.constant 1 : index
  %two = arith.constant 2 : index
  %n = arith.addi %k, %one : index
  %e = tensor.empty(%n) : tensor<?xf32>
  %c = tensor.empty(%two) : tensor<?xf32>
  func.return %e, %c : tensor<?xf32>, tensor<?xf32>
}

// -----

// CHECK-LABEL: func.func @no_size_as_shape_is_constant(%x: tensor<4xf32> {anamc.name = "x", anamc.dims = [4 : index]}) -> (tensor<4xf32> {anamc.name = "out0", anamc.dims = [4 : index]})
func.func @no_size_as_shape_is_constant(%x: tensor<4xf32>) -> tensor<4xf32> {
  func.return %x : tensor<4xf32>
}

// -----

// CHECK-LABEL: func.func @no_size_as_there_are_no_tensors(%x: f32) -> f32
func.func @no_size_as_there_are_no_tensors(%x: f32) -> f32 {
  func.return %x : f32
}

// -----

// CHECK-LABEL: func.func @no_change_as_function_is_an_entry(%x: tensor<4xf32>) attributes
func.func @no_change_as_function_is_an_entry(%x: tensor<4xf32>) attributes {anamc.entry = "f"} {
  func.return
}

// -----

// A dimension that is not known at this place stays a question.
// CHECK-LABEL: func.func @no_replacement_as_dimension_is_computed(
// CHECK:         tensor.dim %x, %k
func.func @no_replacement_as_dimension_is_computed(%x: tensor<?xf32>, %k: index) -> index {
  %n = tensor.dim %x, %k : tensor<?xf32>
  func.return %n : index
}

// -----

// Sizes that stand behind tensors move in front of them, in their order; calls and rules of the function follow.
// CHECK-LABEL: func.func @behind(
// CHECK-SAME:    %[[Y:[a-z_0-9]+]]: index {anamc.name = "y_size_0"}, %n: index {anamc.name = "n"}, %m: index {anamc.name = "m"},
// CHECK-SAME:    %x: tensor<?xf32> {anamc.dims = ["n"], anamc.name = "x"}, %y: tensor<?xf32> {anamc.name = "y", anamc.dims = ["y_size_0"]})
// CHECK:         tensor.empty(%m)
// CHECK:       ad.custom @behind {vjp = @rule, wrt = [4 : i64], record = [3 : i64, 1 : i64, 4 : i64, 2 : i64]}
// CHECK:       func.func private @calls(%a: tensor<?xf32>, %k: index
// CHECK:         %[[K:.*]] = tensor.dim %a, %
// CHECK:         func.call @behind(%[[K]], %k, %k, %a, %a) : (index, index, index, tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
func.func @behind(%x: tensor<?xf32> {anamc.dims = ["n"]}, %n: index {anamc.name = "n"}, %y: tensor<?xf32>, %m: index {anamc.name = "m"}) -> tensor<?xf32> {
  %e = tensor.empty(%m) : tensor<?xf32>
  func.return %e : tensor<?xf32>
}
func.func private @rule(%x: tensor<?xf32>, %n: index, %y: tensor<?xf32>, %m: index, %bar: tensor<?xf32>) -> tensor<?xf32> {
  func.return %y : tensor<?xf32>
}
ad.custom @behind {vjp = @rule, wrt = [2]}
func.func private @calls(%a: tensor<?xf32>, %k: index) -> tensor<?xf32> {
  %r = func.call @behind(%a, %k, %a, %k) : (tensor<?xf32>, index, tensor<?xf32>, index) -> tensor<?xf32>
  func.return %r : tensor<?xf32>
}

// -----

// Parts of run-time size stand one behind the other in a tensor whose size is their sum.
// CHECK-LABEL: func.func @parts(%x_size: index {anamc.name = "x_size_0"}, %y_size: index {anamc.name = "y_size_0"},
// CHECK-SAME:    -> (tensor<?xf32> {anamc.name = "z", anamc.dims = ["x_size_0 + y_size_0 + 2"]})
// CHECK:         %[[S:.*]] = arith.addi %x_size, %y_size : index
// CHECK:         %[[T:.*]] = arith.addi %[[S]], %{{.*}} : index
// CHECK:         %[[E:.*]] = tensor.empty(%[[T]]) : tensor<?xf32>
// CHECK:         %[[A:.*]] = nest.map ({{.*}} = %x_size) read(%x[{{.*}}] : tensor<?xf32>) set(%[[E]][{{[a-z0-9]+}}] : tensor<?xf32>)
// CHECK:         %[[B:.*]] = nest.map ({{.*}} = %y_size) read(%y[{{.*}}] : tensor<?xf32>) set(%[[A]][{{.*}} + %x_size] : tensor<?xf32>)
// CHECK:         nest.map ({{.*}} = 2) read(%w[{{.*}}] : tensor<2xf32>) set(%[[B]][{{.*}} + %[[S]]] : tensor<?xf32>)
func.func @parts(%x: tensor<?xf32>, %y: tensor<?xf32>, %w: tensor<2xf32>) -> tensor<?xf32> {
  %z = tensor.concat dim(0) %x, %y, %w : (tensor<?xf32>, tensor<?xf32>, tensor<2xf32>) -> tensor<?xf32>
  func.return %z : tensor<?xf32>
}

// -----

// Sizes in a loop are known in front of it; a division there may not be by 0.
// CHECK-LABEL: func.func @loop(
// CHECK:         %[[M:.*]] = arith.addi %x_size, %{{.*}} : index
// CHECK:         %[[SAFE:.*]] = arith.select %{{.*}}, %{{.*}}, %k : index
// CHECK-NEXT:    %[[Q:.*]] = arith.floordivsi %[[M]], %[[SAFE]] : index
// CHECK-NEXT:    scf.for
// CHECK:           %[[J:.*]] = arith.addi
// CHECK-NEXT:      tensor.empty(%[[Q]])
// CHECK-NEXT:      tensor.empty(%[[J]])
func.func @loop(%k: index, %x: tensor<?xf32>) -> tensor<?xf32> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %y = scf.for %i = %zero to %k step %one iter_args(%s = %x) -> (tensor<?xf32>) {
    %c = arith.constant 0 : index
    %n = tensor.dim %s, %c : tensor<?xf32>
    %m = arith.addi %n, %one : index
    %q = arith.floordivsi %m, %k : index
    %j = arith.addi %n, %i : index
    %e = tensor.empty(%q) : tensor<?xf32>
    %f = tensor.empty(%j) : tensor<?xf32>
    scf.yield %s : tensor<?xf32>
  }
  func.return %y : tensor<?xf32>
}
