// RUN: anamc-opt %s -p graph-infer-shapes --split-input-file | filecheck %s
// RUN: anamc-opt %s -p graph-infer-shapes,graph-infer-shapes --split-input-file | filecheck %s

// CHECK-LABEL: graph.network @nodes_stay_nodes
// CHECK:         graph.encoder 2({{.*}} -> !graph.field<nodes, 4>
graph.network @nodes_stay_nodes {
  %u = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [] : !graph.field<nodes, 3>
  %e = graph.encoder 2 (%u) layers [#graph.layer<8, #graph.function<"tanh">>, #graph.layer<4, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<any, ?>
}

// -----

// CHECK-LABEL: graph.network @edges_stay_edges_without_a_sign
// CHECK:         graph.encoder 2({{.*}} -> !graph.field<edges, 4>
// CHECK:         graph.encoder 3({{.*}} -> !graph.field<nodes, 4>
graph.network @edges_stay_edges_without_a_sign {
  %n = graph.source 1 symmetric true nodes [] edges [#graph.feature<"n", 2, -1>] : !graph.field<edges, 2>
  %e = graph.encoder 2 (%n) layers [#graph.layer<4, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<edges, 2>) -> !graph.field<any, ?>
  %s = graph.encoder 3 (%n) layers [#graph.layer<4, #graph.function<"tanh">>] scatter "+-" {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<edges, 2>) -> !graph.field<any, ?>
}

// -----

// CHECK-LABEL: graph.network @mixed_inputs_are_edges_without_a_sign
// CHECK:         graph.encoder 2({{.*}} -> !graph.field<edges, 4>
// CHECK:         graph.encoder 3({{.*}} -> !graph.field<nodes, 4>
graph.network @mixed_inputs_are_edges_without_a_sign {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 2 (%u, %n) layers [#graph.layer<4, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>, !graph.field<edges, 2>) -> !graph.field<any, ?>
  %s = graph.encoder 3 (%n, %u) layers [#graph.layer<4, #graph.function<"tanh">>] scatter "-+" {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<edges, 2>, !graph.field<nodes, 3>) -> !graph.field<any, ?>
}

// -----

// CHECK-LABEL: graph.network @chain_of_all_blocks
// CHECK:         graph.encoder 2({{.*}} -> !graph.field<edges, 3>
// CHECK:         graph.aggregate 3({{.*}} -> !graph.field<nodes, 3>
// CHECK:         graph.combine "average" 4({{.*}} -> !graph.field<nodes, 3>
// CHECK:         graph.combine "concat" 5({{.*}} -> !graph.field<nodes, 9>
// CHECK:         graph.loss 6 <"mse"> of({{.*}} : !graph.field<nodes, 3>, !graph.field<nodes, 6>) target({{.*}} : !graph.field<nodes, 9>)
graph.network @chain_of_all_blocks {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 2 (%n) layers [#graph.layer<3, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<edges, 2>) -> !graph.field<any, ?>
  %a = graph.aggregate 3 (%e) reduce "mean" scatter "++" {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<any, ?>) -> !graph.field<any, ?>
  %s = graph.combine "average" 4 (%a, %u) {input_pin = 3 : i64, output_pin = -5 : i64} : (!graph.field<any, ?>, !graph.field<nodes, 3>) -> !graph.field<any, ?>
  %c = graph.combine "concat" 5 (%s, %u, %a) {input_pin = 4 : i64, output_pin = -6 : i64} : (!graph.field<any, ?>, !graph.field<nodes, 3>, !graph.field<any, ?>) -> !graph.field<any, ?>
  %d = graph.combine "concat" 7 (%s, %u) {input_pin = 7 : i64, output_pin = -7 : i64} : (!graph.field<any, ?>, !graph.field<nodes, 3>) -> !graph.field<any, ?>
  graph.loss 6 <"mse"> of (%s, %d : !graph.field<any, ?>, !graph.field<any, ?>) target (%c : !graph.field<any, ?>) {weight = 1.0 : f64, target_name = "t", of_pin = 5 : i64, target_pin = 6 : i64}
}
