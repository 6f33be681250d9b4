"""The drawing: what is on it, and that no name breaks out of its string."""

import re
from io import StringIO

import pytest
from xdsl.context import Context
from xdsl.dialects import test
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import DiagnosticException

from anamc.backends.dot import GraphDotTarget, emit_dot, quoted
from anamc.dialects import graph
from anamc.frontends.json_graph import parse_json_graph
from anamc.transforms.graph_infer_shapes import GraphInferShapesPass

TEXT = """{"format": "anamc-graph", "version": 1, "name": "step", "blocks": [
  {"id": 1, "kind": "graph-source", "symmetric": false, "node_features": [{"name": "u", "size": 2, "pin": -1}],
   "edge_features": [{"name": "n", "size": 1, "pin": -2}]},
  {"id": 2, "kind": "encoder", "name": "msg", "scatter": "none", "input": 2, "output": -12, "layers": [
    {"size": 8, "activation": {"kind": "leaky_relu", "slope": 0.25}, "layer_norm": true}, {"size": 2}]},
  {"id": 3, "kind": "aggregate", "scatter": "-+", "reduce": "max", "input": 3, "output": -13},
  {"id": 4, "kind": "combine", "function": "add", "input": 4, "output": -14, "output_name": "next"},
  {"id": 5, "kind": "encoder", "scatter": "++", "input": 5, "output": -15, "layers": [LAYERS]},
  {"id": 6, "kind": "loss", "function": "mse", "weight": 0.5, "of": 6, "target": 7, "target_name": "goal"},
  {"id": 7, "kind": "loss", "function": "huber", "of": 8, "target": 9}],
 "links": [{"from": -2, "to": 2}, {"from": -1, "to": 2}, {"from": -12, "to": 3}, {"from": -13, "to": 4},
  {"from": -1, "to": 4}, {"from": -2, "to": 5}, {"from": -14, "to": 6}, {"from": -14, "to": 8}, {"from": -1, "to": 9}]}
""".replace("LAYERS", ", ".join(['{"size": 1}'] * 14))

DRAWN = r"""
label="step";
label="graph source 1\nasymmetric edges";
n0_f0 [label="u\nnodes, 2", shape=ellipse];
n0_b2 [label="encoder 2: msg\n8 leaky_relu (slope 0.25), layer norm\n2 identity"];
n0_f1 -> n0_b2 [label="edges, 1"];
n0_b2 -> n0_b3 [label="edges, 2"];
n0_b3 [label="aggregate 3\nmax -+"];
n0_b4 [label="combine 4\nadd"];
n0_b6 [label="loss 6\nmse * 0.5"];
n0_b6t [label="goal", shape=ellipse];
n0_b6t -> n0_b6 [label="target", style=dashed];
n0_b7 [label="loss 7\nhuber (delta 1)"];
n0_f0 -> n0_b7 [label="target nodes, 2"];
n0_r4 [label="next", shape=ellipse];
n0_b4 -> n0_r4 [label="nodes, 2"];
n0_b5 -> n0_r5 [label="nodes, 1"];
"""


def inferred(text: str) -> ModuleOp:
    module = parse_json_graph(text)
    GraphInferShapesPass().apply(Context(), module)
    return module


@pytest.mark.parametrize("line", DRAWN.strip().split("\n"))
def test_the_drawing_has(line: str) -> None:
    assert line in [drawn.strip() for drawn in emit_dot(inferred(TEXT)).split("\n")]


def test_links_have_no_label_before_inference() -> None:
    assert "n0_b2 -> n0_b3;" in emit_dot(parse_json_graph(TEXT))


def test_many_layers_are_cut_short() -> None:
    assert r"1 identity\n... 14 layers\nscatter ++" in emit_dot(parse_json_graph(TEXT))


def test_several_networks_keep_apart() -> None:
    networks = [op.clone() for op in parse_json_graph(TEXT).ops for _ in range(2)]
    nodes = re.findall(r"^ *(n\d_b2) \[", emit_dot(ModuleOp(networks)), re.MULTILINE)
    assert nodes == ["n0_b2", "n1_b2"]


def test_a_module_without_a_network_is_refused() -> None:
    with pytest.raises(DiagnosticException, match=r"^graph-dot: the module has no graph\.network$"):
        emit_dot(ModuleOp([test.TestOp()]))


def test_an_operation_that_is_no_block_is_refused() -> None:
    module = parse_json_graph(TEXT)
    (network,) = module.ops
    assert isinstance(network, graph.NetworkOp)
    network.body.block.add_op(test.TestOp(properties={"id": network.source.id}))
    with pytest.raises(DiagnosticException, match=r"^graph-dot: cannot draw 'test\.op'$"):
        emit_dot(module)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ('a"];evil[label="', r'"a\"];evil[label=\""'),
        ("back\\", r'"back\\"'),
        ("\\N\\G", r'"\\N\\G"'),
        ("line\nbreak", r'"line\\nbreak"'),
        ("<b>&lt;", '"<b>&amp;lt;"'),
        ("\x00", r'"\\x00"'),
        ("é", '"é"'),
    ],
)
def test_text_is_quoted(text: str, safe: str) -> None:
    assert quoted(text) == safe


def test_long_text_is_cut_short() -> None:
    assert len(quoted("x" * 10_000)) < 250


def test_the_target_writes_the_drawing() -> None:
    output = StringIO()
    GraphDotTarget().emit(Context(), parse_json_graph(TEXT), output)
    assert output.getvalue() == emit_dot(parse_json_graph(TEXT))
