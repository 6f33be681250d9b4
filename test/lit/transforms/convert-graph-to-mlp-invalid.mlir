// RUN: anamc-opt %s -p convert-graph-to-mlp --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s

// Widths that are not known.
// CHECK: convert-graph-to-mlp: unresolved !graph.field<any, ?>; run graph-infer-shapes before
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 2 (%u) layers [#graph.layer<4, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<any, ?>
}

// -----

// A name of one network with `_loss` is that of another.
// CHECK: convert-graph-to-mlp: two functions are called @net_loss
graph.network @net {
  %u = graph.source 1 symmetric true nodes [#graph.feature<"u", 1, -1>] edges [] : !graph.field<nodes, 1>
  %y = graph.encoder 2 (%u) layers [#graph.layer<1, #graph.function<"identity">>] scatter "none" {input_pin = 1 : i64, output_pin = -2 : i64} : (!graph.field<nodes, 1>) -> !graph.field<nodes, 1>
  graph.loss 3 <"mse"> of (%y : !graph.field<nodes, 1>) {weight = 1.0 : f64, target_name = "t", of_pin = 2 : i64, target_pin = 3 : i64}
}
graph.network @net_loss {
  %u = graph.source 1 symmetric true nodes [#graph.feature<"u", 1, -1>] edges [] : !graph.field<nodes, 1>
}
