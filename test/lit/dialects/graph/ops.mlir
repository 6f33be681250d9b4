// RUN: anamc-opt %s | anamc-opt | filecheck %s
// RUN: anamc-opt %s --print-op-generic | anamc-opt | filecheck %s

// CHECK-LABEL: graph.network @every_block attributes {meta = "{\22zoom\22:2}"} {
// CHECK-NEXT:    %u, %n = graph.source 1 symmetric false nodes [#graph.feature<"u", 3, -1, "{\22x\22:1}">] edges [#graph.feature<"n", 2, -2>] {block_name = "mesh", meta = "[]"} : !graph.field<nodes, 3>, !graph.field<edges, 2>
// CHECK-NEXT:    %m = graph.encoder 2(%n, %u) layers [#graph.layer<8, #graph.function<"tanh">, layer_norm>, #graph.layer<4, #graph.function<"leaky_relu", {slope = 1.000000e-01 : f64}, "1">, "2">] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64, block_name = "m", link_meta = ["", "{}"]} : (!graph.field<edges, 2>, !graph.field<nodes, 3>) -> !graph.field<edges, 4>
// CHECK-NEXT:    %a = graph.aggregate 3(%m) reduce "max" scatter "-+" {input_pin = 2 : i64, output_pin = -4 : i64, output_name = "total"} : (!graph.field<edges, 4>) -> !graph.field<nodes, 4>
// CHECK-NEXT:    %c = graph.combine "concat" 4(%a, %u) {input_pin = 3 : i64, output_pin = -5 : i64} : (!graph.field<nodes, 4>, !graph.field<nodes, 3>) -> !graph.field<nodes, 7>
// CHECK-NEXT:    graph.loss 5 <"huber", {delta = 5.000000e-01 : f64}> of(%c, %u : !graph.field<nodes, 7>, !graph.field<nodes, 3>) {weight = 2.000000e+00 : f64, target_name = "t", of_pin = 4 : i64, target_pin = 5 : i64, output_pin = -6 : i64}
// CHECK-NEXT:    graph.loss 6 <"mse"> of(%u : !graph.field<nodes, 3>) target(%u : !graph.field<nodes, 3>) {weight = 1.000000e+00 : f64, target_name = "target6", of_pin = 6 : i64, target_pin = 7 : i64, target_link_meta = "{}"}
// CHECK-NEXT:  }
graph.network @every_block attributes {meta = "{\22zoom\22:2}"} {
  %u, %n = graph.source 1 symmetric false nodes [#graph.feature<"u", 3, -1, "{\22x\22:1}">] edges [#graph.feature<"n", 2, -2>] {block_name = "mesh", meta = "[]"} : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %m = graph.encoder 2 (%n, %u) layers [#graph.layer<8, #graph.function<"tanh">, layer_norm>, #graph.layer<4, #graph.function<"leaky_relu", {slope = 0.1 : f64}, "1">, "2">] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64, block_name = "m", link_meta = ["", "{}"]} : (!graph.field<edges, 2>, !graph.field<nodes, 3>) -> !graph.field<edges, 4>
  %a = graph.aggregate 3 (%m) reduce "max" scatter "-+" {input_pin = 2 : i64, output_pin = -4 : i64, output_name = "total"} : (!graph.field<edges, 4>) -> !graph.field<nodes, 4>
  %c = graph.combine "concat" 4 (%a, %u) {input_pin = 3 : i64, output_pin = -5 : i64} : (!graph.field<nodes, 4>, !graph.field<nodes, 3>) -> !graph.field<nodes, 7>
  graph.loss 5 <"huber", {delta = 0.5 : f64}> of (%c, %u : !graph.field<nodes, 7>, !graph.field<nodes, 3>) {weight = 2.0 : f64, target_name = "t", of_pin = 4 : i64, target_pin = 5 : i64, output_pin = -6 : i64}
  graph.loss 6 <"mse"> of (%u : !graph.field<nodes, 3>) target (%u : !graph.field<nodes, 3>) {weight = 1.0 : f64, target_name = "target6", of_pin = 6 : i64, target_pin = 7 : i64, target_link_meta = "{}"}
}

// CHECK-LABEL: graph.network @unresolved attributes {unused = [#graph.unused<"graph.combine", {function = "add", id = 9 : i64, input_pin = 9 : i64, output_pin = -9 : i64}>]} {
// CHECK:         graph.encoder 2(%u) {{.*}} : (!graph.field<nodes, 3>) -> !graph.field<any, ?>
graph.network @unresolved attributes {unused = [#graph.unused<"graph.combine", {function = "add", id = 9 : i64, input_pin = 9 : i64, output_pin = -9 : i64}>]} {
  %u = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [] : !graph.field<nodes, 3>
  %e = graph.encoder 2 (%u) layers [#graph.layer<1, #graph.function<"sin">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<any, ?>
}

// A source without features.
// CHECK-LABEL: graph.network @empty {
// CHECK-NEXT:    graph.source 1 symmetric true nodes [] edges []
graph.network @empty {
  graph.source 1 symmetric true nodes [] edges []
}
