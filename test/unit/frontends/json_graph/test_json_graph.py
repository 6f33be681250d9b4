"""What the JSON frontend makes of a right document: order, names, defaults, warnings, hostile text."""

import json
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin, IntegerAttr, ModuleOp, StringAttr
from xdsl.ir import Operation
from xdsl.parser import Parser

from anamc.backends.dot import emit_dot
from anamc.backends.graph_json import emit_json
from anamc.dialects import graph
from anamc.errors import AnamcWarning, Place
from anamc.frontends.json_graph import parse_json_graph

Changed = Callable[..., str]
ENCODER = {"kind": "encoder", "layers": [{"size": 1}]}


def network(module: ModuleOp) -> graph.NetworkOp:
    module.verify()
    (op,) = module.ops
    assert isinstance(op, graph.NetworkOp)
    return op


def block_id(op: Operation) -> int:
    number = op.properties["id"]
    assert isinstance(number, IntegerAttr)
    return number.value.data


def reread(module: ModuleOp) -> ModuleOp:
    context = Context()
    context.load_dialect(Builtin)
    context.load_dialect(graph.Graph)
    return Parser(context, str(module)).parse_module()


def test_left_out_fields_have_their_defaults(changed: Changed) -> None:
    found = network(parse_json_graph(changed()))
    assert found.label == "run_network"
    assert bool(found.source.symmetric)
    _, encoder, combine, loss, aggregate = sorted(found.blocks, key=block_id)
    assert isinstance(aggregate, graph.AggregateOp)
    assert (aggregate.scatter.data, aggregate.reduce.data) == ("++", "sum")
    assert isinstance(loss, graph.LossOp)
    assert (loss.weight.value.data, loss.target_name.data, loss.target) == (1.0, "target5", None)
    assert isinstance(encoder, graph.EncoderOp)
    first, second = encoder.layers.data
    assert not first.has_norm
    assert second.activation.option("alpha") == 2.0
    assert combine.properties["function"] == StringAttr("add")


def test_blocks_come_in_kahns_order_with_the_smallest_ready_id_first() -> None:
    blocks = [{"id": 8, "kind": "graph-source", "node_features": [{"name": "u", "size": 1, "pin": -8}]}]
    blocks += [{"id": i, "input": i, "output": -i, **ENCODER} for i in (1, 2, 9, 4, 3)]
    links = [{"from": a, "to": b} for a, b in [(-8, 9), (-8, 2), (-2, 1), (-9, 3), (-8, 4)]]
    text = json.dumps({"format": "anamc-graph", "version": 1, "blocks": blocks, "links": links})
    order = [block_id(op) for op in network(parse_json_graph(text)).blocks]
    assert order == [8, 2, 1, 4, 9, 3]


def test_inputs_come_in_the_order_of_links(changed: Changed) -> None:
    found = network(parse_json_graph(changed(("links.2", {"from": -3, "to": 2}), ("links.3", {"from": -1, "to": 2}))))
    combine = next(op for op in found.blocks if isinstance(op, graph.CombineOp))
    assert [value.name_hint for value in combine.inputs] == ["fit", "u"]


def test_results_are_blocks_that_no_block_but_losses_reads_by_id(changed: Changed) -> None:
    found = network(parse_json_graph(changed()))
    assert [op.id.value.data for op in found.result_blocks] == [4, 6]
    assert [op.id.value.data for op in found.losses] == [5]


def test_names_of_outputs_that_are_read_and_of_linked_targets_are_free(changed: Changed) -> None:
    text = changed(
        ("blocks.1.output_name", "u"),
        ("blocks.3.target_name", "params"),
        ("links.+", {"from": -1, "to": 4}),
        ("blocks.2.name", "u"),
    )
    assert network(parse_json_graph(text)).label == "run_network"


def test_every_operation_has_the_place_of_its_block(changed: Changed) -> None:
    text = json.dumps(json.loads(changed()), indent=1)
    for op in network(parse_json_graph(text, "net.json")).blocks:
        place = Place.of(op.location)
        number = block_id(op)
        line = text.split("\n")[place.line - 1 : place.line + 1]
        assert f'"id": {number}' in line[1]
        assert line[0].index("{") + 1 == place.column
        assert place.path.endswith(f"(id {number})")
        assert place.file == "net.json"


def test_a_block_without_links_is_kept_with_a_warning_and_left_out(changed: Changed) -> None:
    for extra in [
        {"id": 9, "input": 9, "output": -9, "name": "spare\n", "output_name": "params", "meta": 1, **ENCODER},
        {"id": 9, "kind": "aggregate", "input": 9, "output": -9},
        {"id": 9, "kind": "combine", "function": "add", "input": 9, "output": -9},
        {"id": 9, "kind": "loss", "function": "mse", "of": 9, "target": 10},
    ]:
        text = changed(("blocks.+", extra))
        with pytest.warns(AnamcWarning, match=r"A0218\]: unused block: .*\n  --> net.json:1:.*\(id 9\)\n  no link"):
            module = parse_json_graph(text, "net.json")
        assert 9 not in [block_id(op) for op in network(module).blocks]
        assert '"id": 9' in emit_json(module)
        assert "style=dashed" in emit_dot(module)
        with pytest.warns(AnamcWarning):
            assert parse_json_graph(emit_json(module)).is_structurally_equivalent(module)


def test_a_source_that_nothing_reads_is_a_warning() -> None:
    document: dict[str, Any] = {"format": "anamc-graph", "version": 1, "links": []}
    document["blocks"] = [{"id": 1, "kind": "graph-source", "name": "mesh"}]
    with pytest.warns(
        AnamcWarning, match=r"unused block: graph source 'mesh' \(id 1\)\n.*\n  no block reads a feature"
    ):
        module = parse_json_graph(json.dumps(document))
    assert len(network(module).blocks) == 1


def test_a_feature_that_nothing_reads_is_no_warning(changed: Changed) -> None:
    unread = {"name": "unread", "size": 1, "pin": -50}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parse_json_graph(changed(("blocks.0.node_features.+", unread)))


def test_integers_are_good_for_numbers(changed: Changed) -> None:
    text = changed(("blocks.3.weight", 2), ("blocks.1.layers.1.activation.alpha", -3))
    again = emit_json(parse_json_graph(text))
    assert '"weight": 2.0' in again
    assert '"alpha": -3.0' in again


def test_bytes_and_text_are_read_alike(changed: Changed) -> None:
    text = changed(("blocks.1.name", "é"))
    assert parse_json_graph(text.encode()).is_structurally_equivalent(parse_json_graph(text))


HOSTILE = [
    "*/ #include <x>",
    'a"b\\',
    "line\nbreak\ttab\r",
    "<script>alert(1)</script>&amp;",
    "../../etc/passwd",
    "\x00\x1b[31m",
    "é日本\U0001f600",
    "\\n\\N\\l",
    "%s{}|<>",
    "x" * 10_000,
    "loss",
    "main",
    "1st",
    " ",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_survive_every_round_trip(text: str, changed: Changed) -> None:
    module = parse_json_graph(
        changed(
            ("name", text),
            ("meta", {text: [text]}),
            ("blocks.0.name", text),
            ("blocks.0.node_features.0.name", text),
            ("blocks.0.node_features.0.meta", text),
            ("blocks.1.name", text),
            ("blocks.1.meta", text),
            ("blocks.1.layers.0.meta", text),
            ("blocks.1.layers.1.activation.meta", text),
            ("blocks.2.output_name", text + "2"),
            ("blocks.3.target_name", text + "3"),
            ("links.0.meta", text),
            ("links.4.meta", text),
        ),
        text,
    )
    assert network(module).label == text
    assert network(module).source.features[0][1].label == text
    again = reread(module)
    again.verify()
    assert again.is_structurally_equivalent(module)
    assert parse_json_graph(emit_json(again)).is_structurally_equivalent(module)
    dot = emit_dot(module)
    assert all(line.isprintable() for line in dot.split("\n"))
    assert dot.count("\n") == emit_dot(parse_json_graph(changed())).count("\n")
