"""Writing JSON from hand-written IR: what cannot be written is refused, and nothing is let through unread."""

import json
from io import StringIO

import pytest
from xdsl.context import Context
from xdsl.dialects import test
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.utils.exceptions import DiagnosticException

from anamc.backends.graph_json import GraphJsonTarget, emit_json
from anamc.dialects import graph
from anamc.frontends.json_graph import parse_json_graph

TEXT = """{
  "format": "anamc-graph",
  "version": 1,
  "blocks": [
    {"id": 1, "kind": "graph-source", "node_features": [{"name": "u", "size": 1, "pin": -1}]},
    {"id": 2, "kind": "encoder", "input": 1, "output": -2, "layers": [{"size": 1}]},
    {
      "id": 3,
      "kind": "encoder",
      "name": "a long name for people, so that the block does not fit on one line",
      "input": 2,
      "output": -3,
      "layers": [{"size": 1}, {"size": 2, "activation": "tanh", "layer_norm": true}]
    }
  ],
  "links": [{"from": -1, "to": 1}, {"from": -2, "to": 2}]
}
"""


def only_network(module: ModuleOp) -> graph.NetworkOp:
    (network,) = module.ops
    assert isinstance(network, graph.NetworkOp)
    return network


def test_a_document_without_defaults_is_written_as_it_was() -> None:
    assert emit_json(parse_json_graph(TEXT)) == TEXT


@pytest.mark.parametrize("count", [0, 2])
def test_a_module_has_exactly_one_network(count: int) -> None:
    module = ModuleOp([only_network(parse_json_graph(TEXT)).clone() for _ in range(count)])
    with pytest.raises(DiagnosticException, match=r"^graph-json: expected a module with one graph\.network, found "):
        emit_json(module)


def test_another_level_is_refused() -> None:
    with pytest.raises(DiagnosticException, match=r"one graph\.network, found test\.op$"):
        emit_json(ModuleOp([test.TestOp()]))


def test_an_operation_that_is_no_block_is_refused() -> None:
    module = parse_json_graph(TEXT)
    only_network(module).body.block.add_op(test.TestOp())
    with pytest.raises(DiagnosticException, match=r"^graph-json: cannot write 'test\.op'$"):
        emit_json(module)


def test_a_block_before_its_inputs_is_refused() -> None:
    module = parse_json_graph(TEXT)
    _, first, second = only_network(module).blocks
    second.detach()
    only_network(module).body.block.insert_op_before(second, first)
    with pytest.raises(DiagnosticException, match=r"^graph-json: 'graph\.encoder' reads a block that stands after it$"):
        emit_json(module)


@pytest.mark.parametrize("meta", ['1, "links": []', "{", "NaN", "[" * 100_000, "\n"])
def test_a_meta_that_is_no_json_is_refused(meta: str) -> None:
    module = parse_json_graph(TEXT)
    only_network(module).source.properties["meta"] = StringAttr(meta)
    with pytest.raises(DiagnosticException, match=r"^graph-json: this 'meta' is no JSON: "):
        emit_json(module)


def test_what_is_written_is_json_for_everybody() -> None:
    module = parse_json_graph(TEXT.replace('"u"', json.dumps('"\\\n\x00é\u2028</script>')))
    assert json.loads(emit_json(module))["blocks"][0]["node_features"][0]["name"] == '"\\\n\x00é\u2028</script>'


def test_the_target_writes_the_document() -> None:
    output = StringIO()
    GraphJsonTarget().emit(Context(), parse_json_graph(TEXT), output)
    assert output.getvalue() == TEXT
