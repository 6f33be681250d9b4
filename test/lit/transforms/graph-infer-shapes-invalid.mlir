// RUN: anamc-opt %s -p graph-infer-shapes --split-input-file --verify-diagnostics | filecheck %s

// Unequal widths; a feature and an encoder.
// CHECK:      error[A0312]: feature width mismatch at combine 'e2'
// CHECK-NEXT:   --> net.json:7:5: blocks[3] (id 9)
// CHECK-NEXT:   input 'u' has width 3, encoder 'e1' has 10, and 'add' needs equal widths
// CHECK-NEXT:   help: set the last layer of encoder 'e1' to 3, or use 'concat'
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2> loc("blocks[0] (id 1)"("net.json":1:1))
  %e = graph.encoder 2 (%u) layers [#graph.layer<10, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64, block_name = "e1"} : (!graph.field<nodes, 3>) -> !graph.field<any, ?>
  %c = graph.combine "add" 9 (%u, %e) {input_pin = 2 : i64, output_pin = -4 : i64, block_name = "e2"} : (!graph.field<nodes, 3>, !graph.field<any, ?>) -> !graph.field<any, ?> loc("blocks[3] (id 9)"("net.json":7:5))
}

// -----

// Unequal widths where no encoder's last layer can mend it.
// CHECK:      error[A0312]: feature width mismatch at combine 'e2'
// CHECK-NEXT:   --> net.json:7:5: blocks[3] (id 9)
// CHECK-NEXT:   encoder 'e1' has width 10, input 'u' has 3, and 'multiply' needs equal widths
// CHECK-NEXT:   help: pass one of them through an encoder, or use 'concat'
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2> loc("blocks[0] (id 1)"("net.json":1:1))
  %e = graph.encoder 2 (%u) layers [#graph.layer<10, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64, block_name = "e1"} : (!graph.field<nodes, 3>) -> !graph.field<any, ?>
  %c = graph.combine "multiply" 9 (%e, %u) {input_pin = 2 : i64, output_pin = -4 : i64, block_name = "e2"} : (!graph.field<any, ?>, !graph.field<nodes, 3>) -> !graph.field<any, ?> loc("blocks[3] (id 9)"("net.json":7:5))
}

// -----

// Nodes and edges at a combine.
// CHECK:      error[A0301]: nodes and edges do not mix at combine 'e2'
// CHECK-NEXT:   --> net.json:7:5: blocks[3] (id 9)
// CHECK-NEXT:   input 'u' is on nodes, encoder 'e1' is on edges
// CHECK-NEXT:   help: take edges to nodes with an aggregate, or mix them in an encoder
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2> loc("blocks[0] (id 1)"("net.json":1:1))
  %e = graph.encoder 2 (%n) layers [#graph.layer<10, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64, block_name = "e1"} : (!graph.field<edges, 2>) -> !graph.field<any, ?>
  %c = graph.combine "concat" 9 (%u, %e) {input_pin = 2 : i64, output_pin = -4 : i64, block_name = "e2"} : (!graph.field<nodes, 3>, !graph.field<any, ?>) -> !graph.field<any, ?> loc("blocks[3] (id 9)"("net.json":7:5))
}

// -----

// Nodes and edges at a loss.
// CHECK:      error[A0302]: nodes and edges do not mix at loss 9
// CHECK-NEXT:   --> net.json:7:5: blocks[3] (id 9)
// CHECK-NEXT:   encoder 'e1' is on nodes, input 'n' is on edges
// CHECK-NEXT:   help: use one loss for nodes and one for edges
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2> loc("blocks[0] (id 1)"("net.json":1:1))
  %e = graph.encoder 2 (%u) layers [#graph.layer<10, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64, block_name = "e1"} : (!graph.field<nodes, 3>) -> !graph.field<any, ?>
  graph.loss 9 <"mse"> of (%e, %n : !graph.field<any, ?>, !graph.field<edges, 2>) {weight = 1.0 : f64, target_name = "t", of_pin = 4 : i64, target_pin = 5 : i64} loc("blocks[3] (id 9)"("net.json":7:5))
}

// -----

// A target on other rows.
// CHECK:      error[A0303]: the target's rows do not fit at loss 9
// CHECK-NEXT:   --> net.json:7:5: blocks[3] (id 9)
// CHECK-NEXT:   'of' is on nodes, the target input 'n' is on edges
// CHECK-NEXT:   help: link a field on nodes
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2> loc("blocks[0] (id 1)"("net.json":1:1))
  %e = graph.encoder 2 (%u) layers [#graph.layer<10, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64, block_name = "e1"} : (!graph.field<nodes, 3>) -> !graph.field<any, ?>
  graph.loss 9 <"mse"> of (%e : !graph.field<any, ?>) target (%n : !graph.field<edges, 2>) {weight = 1.0 : f64, target_name = "t", of_pin = 4 : i64, target_pin = 5 : i64} loc("blocks[3] (id 9)"("net.json":7:5))
}

// -----

// A target of another width.
// CHECK:      error[A0304]: the target's width does not fit at loss 9
// CHECK-NEXT:   --> net.json:7:5: blocks[3] (id 9)
// CHECK-NEXT:   'of' has width 13 (encoder 'e1' 10 + input 'u' 3), the target input 'u' has width 3
// CHECK-NEXT:   help: link a target of width 13
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2> loc("blocks[0] (id 1)"("net.json":1:1))
  %e = graph.encoder 2 (%u) layers [#graph.layer<10, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64, block_name = "e1"} : (!graph.field<nodes, 3>) -> !graph.field<any, ?>
  graph.loss 9 <"mse"> of (%e, %u : !graph.field<any, ?>, !graph.field<nodes, 3>) target (%u : !graph.field<nodes, 3>) {weight = 1.0 : f64, target_name = "t", of_pin = 4 : i64, target_pin = 5 : i64} loc("blocks[3] (id 9)"("net.json":7:5))
}

// -----

// Nodes have nothing to scatter.
// CHECK:      error[A0305]: nothing to scatter at encoder 9
// CHECK-NEXT:   --> net.json:7:5: blocks[3] (id 9)
// CHECK-NEXT:   its inputs are on nodes, and scatter '-+' takes edges to nodes
// CHECK-NEXT:   help: use scatter 'none', or link an edge field to it
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2> loc("blocks[0] (id 1)"("net.json":1:1))
  %e = graph.encoder 2 (%u) layers [#graph.layer<10, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64, block_name = "e1"} : (!graph.field<nodes, 3>) -> !graph.field<any, ?>
  %x = graph.encoder 9 (%u, %e) layers [#graph.layer<4, #graph.function<"tanh">>] scatter "-+" {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<nodes, 3>, !graph.field<any, ?>) -> !graph.field<any, ?> loc("blocks[3] (id 9)"("net.json":7:5))
}

// -----

// An aggregate of nodes.
// CHECK:      error[A0306]: no edge field at aggregate 9
// CHECK-NEXT:   --> net.json:7:5: blocks[3] (id 9)
// CHECK-NEXT:   encoder 'e1' is on nodes, and an aggregate takes one edge field
// CHECK-NEXT:   help: link an edge feature or an encoder on edges to it
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2> loc("blocks[0] (id 1)"("net.json":1:1))
  %e = graph.encoder 2 (%u) layers [#graph.layer<10, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64, block_name = "e1"} : (!graph.field<nodes, 3>) -> !graph.field<any, ?>
  %a = graph.aggregate 9 (%e) reduce "sum" scatter "++" {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<any, ?>) -> !graph.field<any, ?> loc("blocks[3] (id 9)"("net.json":7:5))
}

// -----

// A hostile name stays on its line.
// CHECK:      error[A0306]: no edge field at aggregate 9
// CHECK-NEXT:   --> net.json:7:5: blocks[3] (id 9)
// CHECK-NEXT:   encoder 'a\nb <script>*/' is on nodes, and an aggregate takes one edge field
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2> loc("blocks[0] (id 1)"("net.json":1:1))
  %e = graph.encoder 2 (%u) layers [#graph.layer<10, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64, block_name = "a\0Ab <script>*/"} : (!graph.field<nodes, 3>) -> !graph.field<any, ?>
  %a = graph.aggregate 9 (%e) reduce "sum" scatter "++" {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<any, ?>) -> !graph.field<any, ?> loc("blocks[3] (id 9)"("net.json":7:5))
}

// -----

// A block that stands after its reader.
// CHECK:      graph-infer-shapes: 'graph.aggregate' reads a block that stands after it
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2> loc("blocks[0] (id 1)"("net.json":1:1))
  %a = graph.aggregate 9 (%e) reduce "sum" scatter "++" {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<any, ?>) -> !graph.field<any, ?>
  %e = graph.encoder 2 (%n) layers [#graph.layer<10, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64, block_name = "e1"} : (!graph.field<edges, 2>) -> !graph.field<any, ?>
}
