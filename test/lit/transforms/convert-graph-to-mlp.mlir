// RUN: anamc-opt %s -p convert-graph-to-mlp --split-input-file | filecheck %s

// Sizes, edge list and parameters, edge features, node features; then the outputs by block id.
// CHECK:      func.func @encoder(
// CHECK-SAME:   %nnodes: index {anamc.name = "nnodes"}, %nedges: index {anamc.name = "nedges"},
// CHECK-SAME:   %edgelist: tensor<?x2xi32> {anamc.name = "edgelist", anamc.dims = ["nedges", 2 : index], anamc.unused},
// CHECK-SAME:   %params: tensor<26xf64> {anamc.name = "params", anamc.dims = [26 : index]},
// CHECK-SAME:   %n: tensor<?x2xf64> {anamc.name = "n", anamc.dims = ["nedges", 2 : index], anamc.unused},
// CHECK-SAME:   %u: tensor<?x3xf64> {anamc.name = "u", anamc.dims = ["nnodes", 3 : index]})
// CHECK-SAME:   -> (tensor<?x2xf64> {anamc.name = "xout2", anamc.dims = ["nnodes", 2 : index]})
// CHECK-SAME:   attributes {anamc.blocks = {"1" = {name = "source1", text = "source (id 1)"}, "2" = {name = "fit", text = "encoder 'fit' (id 2): nodes, 3 -> 4 -> 2"}}} {
// CHECK-NEXT:   %W1, %b1, %W2, %b2 = mlp.unpack %params at 0 {anamc.block = 2 : i64} : tensor<26xf64> to tensor<3x4xf64>, tensor<4xf64>, tensor<4x2xf64>, tensor<2xf64>
// CHECK-NEXT:   %z = mlp.dense %u, %W1, %b1
// CHECK-NEXT:   %h = math.tanh %z
// CHECK-NEXT:   %z_1 = mlp.dense %h, %W2, %b2
// CHECK-NEXT:   func.return %z_1
// CHECK-NOT:  graph.
graph.network @encoder {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 2 (%u) layers [#graph.layer<4, #graph.function<"tanh">>, #graph.layer<2, #graph.function<"identity">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64, block_name = "fit"} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 2>
}

// -----

// Every activation; layer normalisation stands in front of it.
// CHECK-LABEL: func.func @activations
// CHECK:         mlp.dense
// CHECK-NEXT:    mlp.layer_norm %{{.*}}, %scale1, %shift1 eps 1.000000e-05
// CHECK-NEXT:    mlp.sigmoid
// CHECK:         mlp.relu
// CHECK:         mlp.leaky_relu %{{.*}} slope 5.000000e-01
// CHECK:         mlp.elu %{{.*}} alpha 2.000000e+00
// CHECK:         mlp.selu
// CHECK:         mlp.gelu
// CHECK:         mlp.gelu_tanh
// CHECK:         mlp.silu
// CHECK:         mlp.softplus
// CHECK:         mlp.softmax
// CHECK:         math.sin
graph.network @activations {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 2 (%n) layers [#graph.layer<1, #graph.function<"sigmoid">, layer_norm>, #graph.layer<1, #graph.function<"relu">>, #graph.layer<1, #graph.function<"leaky_relu", {slope = 0.5 : f64}>>, #graph.layer<1, #graph.function<"elu", {alpha = 2.0 : f64}>>, #graph.layer<1, #graph.function<"selu">>, #graph.layer<1, #graph.function<"gelu">>, #graph.layer<1, #graph.function<"gelu_tanh">>, #graph.layer<1, #graph.function<"silu">>, #graph.layer<1, #graph.function<"softplus">>, #graph.layer<1, #graph.function<"softmax">>, #graph.layer<1, #graph.function<"sin">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<edges, 2>) -> !graph.field<edges, 1>
}

// -----

// A mixed row is edge fields, left nodes, right nodes; the sum goes to both ends with its signs.
// CHECK-LABEL: func.func @mixed
// CHECK:         %left = scatter.gather %u at %edgelist end 0
// CHECK-NEXT:    %right = scatter.gather %u at %edgelist end 1
// CHECK-NEXT:    %[[ROW:.*]] = tensor.concat dim(1) %n, %left, %right {{.*}} -> tensor<?x8xf64>
// CHECK:         %z = mlp.dense %[[ROW]], %W1, %b1
// CHECK-NEXT:    %sum = scatter.sum %z over %edgelist onto %nnodes signs [-1 : i64, 1 : i64]
graph.network @mixed {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %m = graph.encoder 2 (%n, %u) layers [#graph.layer<3, #graph.function<"identity">>] scatter "-+" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<edges, 2>, !graph.field<nodes, 3>) -> !graph.field<nodes, 3>
}

// -----

// Where the edge list is asymmetric only the left node receives.
// CHECK-LABEL: func.func @asymmetric
// CHECK:         scatter.sum %{{.*}} signs [1 : i64, 0 : i64]
// CHECK:         scatter.mean %{{.*}} signs [-1 : i64, 0 : i64]
// CHECK:         scatter.max %{{.*}} signs [1 : i64, 0 : i64]
graph.network @asymmetric {
  %u, %n = graph.source 1 symmetric false nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %a = graph.aggregate 2 (%n) reduce "sum" scatter "++" {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<edges, 2>) -> !graph.field<nodes, 2>
  %b = graph.aggregate 3 (%n) reduce "mean" scatter "-+" {input_pin = 3 : i64, output_pin = -5 : i64} : (!graph.field<edges, 2>) -> !graph.field<nodes, 2>
  %c = graph.aggregate 4 (%n) reduce "max" scatter "+-" {input_pin = 4 : i64, output_pin = -6 : i64} : (!graph.field<edges, 2>) -> !graph.field<nodes, 2>
}

// -----

// The functions of combine, in link order; results of blocks with a reader are no outputs. Parameters: none.
// CHECK:      func.func @combine(
// CHECK-SAME:   %params: tensor<0xf64> {anamc.name = "params", anamc.dims = [0 : index], anamc.unused}
// CHECK-SAME:   -> (tensor<?x6xf64> {anamc.name = "wide", {{.*}}}, tensor<?x3xf64> {anamc.name = "xout5"
// CHECK:        %[[A:.*]] = arith.addf %u, %u
// CHECK-NEXT:   %[[M:.*]] = arith.mulf %[[A]], %u
// CHECK-NEXT:   %[[W:.*]] = tensor.concat dim(1) %[[M]], %u
// CHECK-NEXT:   %[[S:.*]] = arith.addf %[[A]], %u
// CHECK-NEXT:   %[[C:.*]] = arith.constant {anamc.block = 5 : i64} 2.000000e+00 : f64
// CHECK-NEXT:   %[[N:.*]] = tensor.splat %[[C]][%nnodes]
// CHECK-NEXT:   %[[D:.*]] = arith.divf %[[S]], %[[N]]
// CHECK-NEXT:   func.return %[[W]], %[[D]]
graph.network @combine {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %a = graph.combine "add" 2 (%u, %u) {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<nodes, 3>, !graph.field<nodes, 3>) -> !graph.field<nodes, 3>
  %m = graph.combine "multiply" 3 (%a, %u) {input_pin = 3 : i64, output_pin = -5 : i64} : (!graph.field<nodes, 3>, !graph.field<nodes, 3>) -> !graph.field<nodes, 3>
  %w = graph.combine "concat" 4 (%m, %u) {input_pin = 4 : i64, output_pin = -6 : i64, output_name = "wide"} : (!graph.field<nodes, 3>, !graph.field<nodes, 3>) -> !graph.field<nodes, 6>
  %v = graph.combine "average" 5 (%a, %u) {input_pin = 5 : i64, output_pin = -7 : i64} : (!graph.field<nodes, 3>, !graph.field<nodes, 3>) -> !graph.field<nodes, 3>
}

// -----

// A second function gives the sum of the losses; an unlinked target is an argument. Means are over rows and widths,
// of cross entropy over rows.
// CHECK-LABEL: func.func @losses(
// CHECK-NOT:     mlp.row_loss
// CHECK:       func.func @losses_loss(
// CHECK-SAME:    %t: tensor<?x3xf64> {anamc.name = "t", anamc.dims = ["nnodes", 3 : index]})
// CHECK-SAME:    -> (tensor<f64> {anamc.name = "loss", anamc.dims = []})
// CHECK:         %l = mlp.row_loss "huber" delta 5.000000e-01 %u, %t
// CHECK:         %[[ZERO:.*]] = arith.constant {{.*}}dense<0.000000e+00> : tensor<f64>
// CHECK-NEXT:    %loss = mlp.mean %l times 2.000000e+00 onto %[[ZERO]]
// CHECK:         %[[P:.*]] = tensor.concat dim(1) %n, %n
// CHECK-NEXT:    %[[T:.*]] = mlp.row_loss "cross_entropy" delta 1.000000e+00 %[[P]], %{{.*}}
// CHECK-NEXT:    %loss_1 = mlp.mean %[[T]] times 4.000000e+00 onto %loss
// CHECK-NEXT:    func.return %loss_1
graph.network @losses {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %c = graph.combine "concat" 2 (%n, %n) {input_pin = 4 : i64, output_pin = -6 : i64} : (!graph.field<edges, 2>, !graph.field<edges, 2>) -> !graph.field<edges, 4>
  graph.loss 5 <"huber", {delta = 0.5 : f64}> of (%u : !graph.field<nodes, 3>) {weight = 6.0 : f64, target_name = "t", of_pin = 14 : i64, target_pin = 15 : i64}
  graph.loss 6 <"cross_entropy"> of (%n, %n : !graph.field<edges, 2>, !graph.field<edges, 2>) target (%c : !graph.field<edges, 4>) {weight = 4.0 : f64, target_name = "x", of_pin = 16 : i64, target_pin = 17 : i64}
}

// -----

// Names that IR cannot hold stay in anamc.name only.
// CHECK-LABEL: func.func @names
// CHECK-SAME:    %{{[0-9]+}}: tensor<?x1xf64> {anamc.name = "a b", anamc.dims = ["nnodes", 1 : index]}
graph.network @names {
  %u = graph.source 1 symmetric true nodes [#graph.feature<"a b", 1, -1>] edges [] : !graph.field<nodes, 1>
  %e = graph.encoder 2 (%u) layers [#graph.layer<1, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 1>) -> !graph.field<nodes, 1>
}
