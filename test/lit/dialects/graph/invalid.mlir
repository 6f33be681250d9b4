// RUN: anamc-opt %s --split-input-file --parsing-diagnostics --verify-diagnostics --allow-unregistered-dialect | filecheck %s

// Two sources, or none.
// CHECK: 'graph.network' needs exactly one graph.source, got 0
graph.network @n {
  "test.op"() : () -> ()
}

// -----

// A network without a name.
// CHECK: 'graph.network' needs a name
graph.network @"" {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
}

// -----

// Something that is no block.
// CHECK: 'graph.network' holds blocks only, got 'test.op'
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  "test.op"() : () -> ()
}

// -----

// A block id twice.
// CHECK: 'graph.network' has block id 1 twice
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 1 (%u) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 2>
}

// -----

// A block id of zero.
// CHECK: 'graph.network' block id 0 must be positive
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 0 (%u) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 2>
}

// -----

// An output pin twice.
// CHECK: 'graph.network' has pin -1 twice
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -1>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
}

// -----

// An input pin of the wrong sign.
// CHECK: 'graph.network' pin -7 must be positive
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%u) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "none" {input_pin = -7 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 2>
}

// -----

// A feature without numbers.
// CHECK: 'graph.source' feature size must be >= 1, got 0
graph.network @n {
  graph.source 1 symmetric true nodes [#graph.feature<"u", 0, -1>] edges []
}

// -----

// A feature without a result.
// CHECK: 'graph.source' has 1 features but 0 results
graph.network @n {
  graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges []
}

// -----

// A result that is not its feature.
// CHECK: 'graph.source' feature 'u' is !graph.field<nodes, 3>, its result is !graph.field<edges, 3>
graph.network @n {
  %u = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [] : !graph.field<edges, 3>
}

// -----

// A field that knows half.
// CHECK: a graph field knows its rows and its width, or neither
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%u) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, ?>
}

// -----

// A field without numbers.
// CHECK: a graph field's width must be >= 1, got 0
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%u) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 0>
}

// -----

// No layers.
// CHECK: 'graph.encoder' has no layers
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%u) layers [] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 2>
}

// -----

// A layer without units.
// CHECK: 'graph.encoder' layer size must be >= 1, got 0
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%u) layers [#graph.layer<0, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 2>
}

// -----

// An unknown activation.
// CHECK: 'graph.encoder' activation must be one of identity, tanh
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%u) layers [#graph.layer<2, #graph.function<"tan">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 2>
}

// -----

// A missing option.
// CHECK: 'graph.encoder' activation 'elu' has options ['alpha'], got []
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%u) layers [#graph.layer<2, #graph.function<"elu">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 2>
}

// -----

// An option that is no float.
// CHECK: option 'alpha' of 'elu' must be a finite float, got 1 : i64
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%u) layers [#graph.layer<2, #graph.function<"elu", {alpha = 1 : i64}>>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 2>
}

// -----

// An option that is not finite.
// CHECK: option 'alpha' of 'elu' must be a finite float
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%u) layers [#graph.layer<2, #graph.function<"elu", {alpha = 0x7FF0000000000000 : f64}>>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 2>
}

// -----

// An unknown scatter.
// CHECK: 'graph.encoder' scatter must be one of none, ++, -+, +-, got '--'
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%n) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "--" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<edges, 2>) -> !graph.field<nodes, 2>
}

// -----

// An encoder without inputs.
// CHECK: 'graph.encoder' needs at least 1 input, got 0
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 () layers [#graph.layer<2, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : () -> !graph.field<nodes, 2>
}

// -----

// Not one meta for each link.
// CHECK: 'graph.encoder' has 1 links but link_meta for 2
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%u) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64, link_meta = ["", ""]} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 2>
}

// -----

// A wrong width.
// CHECK: 'graph.encoder' gives !graph.field<nodes, 2>, its result type is !graph.field<nodes, 3>
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%u) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 3>
}

// -----

// Wrong rows: without a sign edges stay edges.
// CHECK: 'graph.encoder' gives !graph.field<edges, 2>, its result type is !graph.field<nodes, 2>
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%n) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<edges, 2>) -> !graph.field<nodes, 2>
}

// -----

// Wrong rows: with a sign they go to nodes.
// CHECK: 'graph.encoder' gives !graph.field<nodes, 2>, its result type is !graph.field<edges, 2>
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%n, %u) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "++" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<edges, 2>, !graph.field<nodes, 3>) -> !graph.field<edges, 2>
}

// -----

// Nodes have nothing to scatter.
// CHECK: 'graph.encoder' on nodes has nothing to scatter, got '++'
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%u) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "++" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 2>
}

// -----

// A resolved result of unresolved inputs.
// CHECK: 'graph.combine' has the result type !graph.field<nodes, 2>, but inputs that are not resolved
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%u) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<any, ?>
  %c = graph.combine "add" 4 (%e, %e) {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<any, ?>, !graph.field<any, ?>) -> !graph.field<nodes, 2>
}

// -----

// An aggregate of nodes.
// CHECK: 'graph.aggregate' takes an edge field, got one on nodes
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %a = graph.aggregate 5 (%u) reduce "sum" scatter "++" {input_pin = 3 : i64, output_pin = -5 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 3>
}

// -----

// A reduction that does not exist.
// CHECK: 'graph.aggregate' reduce must be one of sum, mean, max, got 'min'
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %a = graph.aggregate 5 (%n) reduce "min" scatter "++" {input_pin = 3 : i64, output_pin = -5 : i64} : (!graph.field<edges, 2>) -> !graph.field<nodes, 2>
}

// -----

// An aggregate always scatters.
// CHECK: 'graph.aggregate' scatter must be one of ++, -+, +-, got 'none'
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %a = graph.aggregate 5 (%n) reduce "sum" scatter "none" {input_pin = 3 : i64, output_pin = -5 : i64} : (!graph.field<edges, 2>) -> !graph.field<nodes, 2>
}

// -----

// An aggregate keeps the width.
// CHECK: 'graph.aggregate' gives !graph.field<nodes, 2>, its result type is !graph.field<nodes, 3>
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %a = graph.aggregate 5 (%n) reduce "sum" scatter "++" {input_pin = 3 : i64, output_pin = -5 : i64} : (!graph.field<edges, 2>) -> !graph.field<nodes, 3>
}

// -----

// An unknown combine.
// CHECK: 'graph.combine' function must be one of add, multiply, average, concat, got 'sub'
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %c = graph.combine "sub" 4 (%u, %u) {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<nodes, 3>, !graph.field<nodes, 3>) -> !graph.field<nodes, 3>
}

// -----

// A combine of one.
// CHECK: 'graph.combine' needs at least 2 inputs, got 1
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %c = graph.combine "add" 4 (%u) {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 3>
}

// -----

// A combine of nodes and edges.
// CHECK: 'graph.combine' takes fields on the same rows, got nodes and edges
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %c = graph.combine "concat" 4 (%u, %n) {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<nodes, 3>, !graph.field<edges, 2>) -> !graph.field<nodes, 3>
}

// -----

// A sum of unequal widths.
// CHECK: 'graph.combine' add needs equal widths, got 3 and 2
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%u) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 2>
  %c = graph.combine "add" 4 (%u, %e) {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<nodes, 3>, !graph.field<nodes, 2>) -> !graph.field<nodes, 3>
}

// -----

// A concatenation has the sum of the widths.
// CHECK: 'graph.combine' gives !graph.field<nodes, 5>, its result type is !graph.field<nodes, 3>
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %e = graph.encoder 3 (%u) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "none" {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 3>) -> !graph.field<nodes, 2>
  %c = graph.combine "concat" 4 (%u, %e) {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<nodes, 3>, !graph.field<nodes, 2>) -> !graph.field<nodes, 3>
}

// -----

// An unknown loss.
// CHECK: 'graph.loss' function must be one of mse, mae
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  graph.loss 6 <"mce"> of (%u : !graph.field<nodes, 3>)  {of_pin = 4 : i64, target_pin = 5 : i64, weight = 1.0 : f64, target_name = "t"}
}

// -----

// A weight that is not finite.
// CHECK: 'graph.loss' weight must be finite, got inf
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  graph.loss 6 <"mse"> of (%u : !graph.field<nodes, 3>)  {of_pin = 4 : i64, target_pin = 5 : i64, weight = 0x7FF0000000000000 : f64, target_name = "t"}
}

// -----

// A loss of nothing.
// CHECK: 'graph.loss' needs at least 1 input, got 0
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  "graph.loss"() <{id = 6 : i64, function = #graph.function<"mse">, of_pin = 4 : i64, target_pin = 5 : i64, weight = 1.0 : f64, target_name = "t", operandSegmentSizes = array<i32: 0, 0>}> : () -> ()
}

// -----

// A loss of nodes and edges.
// CHECK: 'graph.loss' takes fields on the same rows, got nodes and edges
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  graph.loss 6 <"mse"> of (%u, %n : !graph.field<nodes, 3>, !graph.field<edges, 2>)  {of_pin = 4 : i64, target_pin = 5 : i64, weight = 1.0 : f64, target_name = "t"}
}

// -----

// A target on other rows.
// CHECK: 'graph.loss' target must be on nodes, got edges
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  graph.loss 6 <"mse"> of (%u : !graph.field<nodes, 3>) target (%n : !graph.field<edges, 2>) {of_pin = 4 : i64, target_pin = 5 : i64, weight = 1.0 : f64, target_name = "t"}
}

// -----

// A target of another width.
// CHECK: 'graph.loss' target must have width 6, got 3
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
  graph.loss 6 <"mse"> of (%u, %u : !graph.field<nodes, 3>, !graph.field<nodes, 3>) target (%u : !graph.field<nodes, 3>) {of_pin = 4 : i64, target_pin = 5 : i64, weight = 1.0 : f64, target_name = "t"}
}

// -----

// An unused block that is no block.
// CHECK: 'graph.network' cannot keep an unused 'graph.source'
graph.network @n attributes {unused = [#graph.unused<"graph.source", {id = 2 : i64}>]} {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
}

// -----

// An unused block with a strange property.
// CHECK: 'graph.network' unused 'graph.combine' has no property 'color'
graph.network @n attributes {unused = [#graph.unused<"graph.combine", {color = 2 : i64}>]} {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
}

// -----

// An unused block without its pins.
// CHECK: 'graph.network' unused 'graph.combine' lacks the property
graph.network @n attributes {unused = [#graph.unused<"graph.combine", {id = 2 : i64, function = "add"}>]} {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
}

// -----

// An unused block's pin twice.
// CHECK: 'graph.network' has pin -1 twice
graph.network @n attributes {unused = [#graph.unused<"graph.combine", {id = 2 : i64, function = "add", input_pin = 1 : i64, output_pin = -1 : i64}>]} {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] : !graph.field<nodes, 3>, !graph.field<edges, 2>
}

// -----

// A block outside a network.
// CHECK: 'graph.source' must stand in a graph.network
graph.source 1 symmetric true nodes [] edges []

// -----

// A name that is not UTF-8.
// CHECK: this string literal is not UTF-8
graph.network @n {
  graph.source 1 symmetric true nodes [#graph.feature<"\FF", 1, -1>] edges []
}

// -----

// A meta that is not UTF-8.
// CHECK: should be of base attribute string
graph.network @n {
  %u, %n = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [#graph.feature<"n", 2, -2>] {meta = "\FF"} : !graph.field<nodes, 3>, !graph.field<edges, 2>
}

// -----

// A target's name that is not UTF-8.
// CHECK: 'graph.loss' target_name is not UTF-8: "\FF"
graph.network @n {
  %u = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [] : !graph.field<nodes, 3>
  graph.loss 6 <"mse"> of (%u : !graph.field<nodes, 3>) {of_pin = 4 : i64, target_pin = 5 : i64, weight = 1.0 : f64, target_name = "\FF"}
}

// -----

// A target's name that is no string.
// CHECK: 3 : i64 should be a string
graph.network @n {
  %u = graph.source 1 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [] : !graph.field<nodes, 3>
  graph.loss 6 <"mse"> of (%u : !graph.field<nodes, 3>) {of_pin = 4 : i64, target_pin = 5 : i64, weight = 1.0 : f64, target_name = 3 : i64}
}

// -----

// Two sources.
// CHECK: 'graph.network' needs exactly one graph.source, got 2
graph.network @n {
  graph.source 1 symmetric true nodes [] edges []
  graph.source 2 symmetric true nodes [] edges []
}
