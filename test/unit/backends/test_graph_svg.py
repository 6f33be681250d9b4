"""The picture: what is on it. That no name breaks out of it stands in test_view.py."""

from __future__ import annotations

from io import StringIO
from xml.etree import ElementTree

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import DiagnosticException

from anamc.backends.graph_svg import GraphSvgTarget, emit_svg, letters
from anamc.frontends.json_graph import parse_json_graph
from anamc.transforms.graph_infer_shapes import GraphInferShapesPass

TEXT = """{"format": "anamc-graph", "version": 1, "name": "step", "blocks": [
  {"id": 1, "kind": "graph-source", "symmetric": false, "node_features": [{"name": "u", "size": 2, "pin": -1}],
   "edge_features": [{"name": "n", "size": 1, "pin": -2}]},
  {"id": 2, "kind": "encoder", "name": "msg", "scatter": "none", "input": 2, "output": -12, "layers": [{"size": 2}]},
  {"id": 3, "kind": "aggregate", "scatter": "-+", "reduce": "max", "input": 3, "output": -13},
  {"id": 4, "kind": "combine", "function": "add", "input": 4, "output": -14, "output_name": "next"},
  {"id": 6, "kind": "loss", "function": "mse", "of": 6, "target": 7, "target_name": "goal"},
  {"id": 7, "kind": "loss", "function": "mae", "of": 8, "target": 9}],
 "links": [{"from": -2, "to": 2}, {"from": -1, "to": 2}, {"from": -12, "to": 3}, {"from": -13, "to": 4},
  {"from": -1, "to": 4}, {"from": -14, "to": 6}, {"from": -1, "to": 8}, {"from": -1, "to": 9}]}
"""


def inferred() -> ModuleOp:
    module = parse_json_graph(TEXT)
    GraphInferShapesPass().apply(Context(), module)
    return module


def texts(svg: str) -> list[str]:
    return ["\n".join(e.itertext()) for e in ElementTree.fromstring(svg).iter() if e.tag.endswith("}text")]


@pytest.mark.parametrize(
    "text",
    [
        "step (asymmetric edges)",
        "u\nnodes, 2",
        "n\nedges, 1",
        "encoder 2: msg\n2 identity",
        "aggregate 3\nmax -+",
        "combine 4\nadd",
        "next",
        "loss 6\nmse",
        "goal",
        "edges, 2",
        "nodes, 2; target",
    ],
)
def test_the_picture_has(text: str) -> None:
    assert text in [" ".join(t.split("  ")) for t in texts(emit_svg(inferred()))]


def test_every_link_is_drawn() -> None:
    root = ElementTree.fromstring(emit_svg(inferred()))
    # eight links, one result, one target that is an argument
    assert sum("marker-end" in e.attrib for e in root.iter()) == 8 + 1 + 1


def test_the_same_module_gives_the_same_bytes() -> None:
    assert emit_svg(inferred()) == emit_svg(inferred())


def test_networks_stand_below_each_other() -> None:
    (network,) = inferred().ops
    one, two = (emit_svg(ModuleOp([network.clone() for _ in range(n)])) for n in (1, 2))
    assert texts(two) == texts(one) * 2
    height = [float(ElementTree.fromstring(svg).attrib["height"]) for svg in (one, two)]
    assert height[1] > 1.5 * height[0]


def test_links_have_no_label_before_inference() -> None:
    assert "edges, 2" not in texts(emit_svg(parse_json_graph(TEXT)))


def test_a_module_without_a_network_is_refused() -> None:
    with pytest.raises(DiagnosticException, match=r"^graph-svg: the module has no graph\.network$"):
        emit_svg(ModuleOp([]))


def test_wide_letters_count_twice() -> None:
    assert letters("ab") == 2
    assert letters("流れ") == 4


def test_the_target_writes_the_picture() -> None:
    output = StringIO()
    GraphSvgTarget().emit(Context(), inferred(), output)
    assert output.getvalue() == emit_svg(inferred())
