"""Every error of the JSON frontend: its code, its JSON path with the block's id, and what it says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from anamc.errors import FrontendError
from anamc.frontends import records
from anamc.frontends.json_graph import parse_json_graph

ROOT = Path(__file__).resolve().parents[4]

Changed = Callable[..., str]

ENCODER = {"kind": "encoder", "layers": [{"size": 3}]}
BLOCK = {"id": 7, "kind": "combine", "function": "add", "input": 7, "output": -7}

SCHEMA: dict[str, tuple[list[tuple[str, Any]], str, str, str]] = {
    "another format": ([("format", "onnx")], "A0110", "format", "unknown format 'onnx'\nexpected 'anamc-graph'"),
    "another version": ([("version", 2)], "A0111", "version", "unknown version 2\nthis is version 1"),
    "a version that is no integer": ([("version", 1.0)], "A0114", "version", "'version' must be an integer\ngot 1.0"),
    "no format": ([("format", ...)], "A0113", "", "missing key 'format'\nfound: version, blocks, links"),
    "no version": ([("version", ...)], "A0113", "", "missing key 'version'"),
    "no blocks": ([("blocks", ...)], "A0113", "", "missing key 'blocks'"),
    "no links": ([("links", ...)], "A0113", "", "missing key 'links'"),
    "blocks that are no array": ([("blocks", {})], "A0114", "blocks", "'blocks' must be an array\ngot an object"),
    "a block that is no object": ([("blocks.1", 3)], "A0114", "blocks[1]", "'blocks[1]' must be an object\ngot 3"),
    "an unknown key at the top": ([("block", [])], "A0112", "", "unknown key 'block'\nknown keys: format, version"),
    "an unknown key in a block": (
        [("blocks.1.scater", "++")],
        "A0112",
        "blocks[1] (id 3)",
        "unknown key 'scater'\nknown keys: id, kind, name, meta, input, output, output_name, layers, scatter"
        "\ndid you mean 'scatter'?",
    ),
    "a long unknown key": ([("k" * 10_000, 1)], "A0112", "", "unknown key 'kkk"),
    "an unknown key in a layer": (
        [("blocks.1.layers.0.units", 3)],
        "A0112",
        "blocks[1].layers[0] (id 3)",
        "unknown key 'units'",
    ),
    "an option of another function": (
        [("blocks.1.layers.1.activation.slope", 3)],
        "A0112",
        "blocks[1].layers[1].activation (id 3)",
        "unknown key 'slope'\nknown keys: kind, alpha, meta",
    ),
    "an unknown key in a feature": (
        [("blocks.0.node_features.0.width", 3)],
        "A0112",
        "blocks[0].node_features[0] (id 1)",
        "unknown key 'width'",
    ),
    "an unknown key in a link": ([("links.0.form", 3)], "A0112", "links[0]", "did you mean 'from'?"),
    "a loss with a scatter": ([("blocks.3.scatter", "++")], "A0112", "blocks[3] (id 5)", "unknown key 'scatter'"),
    "a source with an output name": ([("blocks.0.output_name", "a")], "A0112", "blocks[0] (id 1)", "unknown key"),
    "a block without an id": ([("blocks.1.id", ...)], "A0113", "blocks[1]", "missing key 'id'"),
    "a block without a kind": ([("blocks.1.kind", ...)], "A0113", "blocks[1] (id 3)", "missing key 'kind'"),
    "a block without layers": ([("blocks.1.layers", ...)], "A0113", "blocks[1] (id 3)", "missing key 'layers'"),
    "a loss without a function": ([("blocks.3.function", ...)], "A0113", "blocks[3] (id 5)", "missing key 'funct"),
    "a combine without a function": ([("blocks.2.function", ...)], "A0113", "blocks[2] (id 4)", "missing key"),
    "an empty link": ([("links.0", {})], "A0113", "links[0]", "missing key 'from'\nfound: nothing"),
    "a function object without a kind": (
        [("blocks.1.layers.1.activation", {"alpha": 1.0})],
        "A0113",
        "blocks[1].layers[1].activation (id 3)",
        "missing key 'kind'",
    ),
    "an unknown kind": (
        [("blocks.1.kind", "encode")],
        "A0115",
        "blocks[1].kind (id 3)",
        "unknown kind of block 'encode'\nknown kinds: graph-source, encoder, aggregate, combine, loss"
        "\ndid you mean 'encoder'?",
    ),
    "a kind of later": ([("blocks.1.kind", "delay")], "A0115", "blocks[1].kind (id 3)", "'delay' blocks are not there"),
    "a kind that is no string": ([("blocks.1.kind", None)], "A0114", "blocks[1].kind (id 3)", "a string\ngot null"),
    "an id that is true": ([("blocks.1.id", True)], "A0114", "blocks[1].id", "an integer\ngot true"),
    "an id that is a float": ([("blocks.1.id", 3.0)], "A0114", "blocks[1].id", "an integer\ngot 3.0"),
    "an id that is a string": ([("blocks.1.id", "3")], "A0114", "blocks[1].id", "an integer\ngot the string '3'"),
    "an id of zero": (
        [("blocks.1.id", 0)],
        "A0118",
        "blocks[1].id",
        "out of range\nfrom 1 to 9223372036854775807, got 0",
    ),
    "an id that is too large": ([("blocks.1.id", 2**63)], "A0118", "blocks[1].id", "got 9223372036854775808"),
    "a pin that is too large": ([("blocks.1.input", 10**300)], "A0118", "blocks[1].input (id 3)", "out of range"),
    "a pin that is a list": ([("blocks.1.input", [1])], "A0114", "blocks[1].input (id 3)", "an integer\ngot an array"),
    "an unknown activation": (
        [("blocks.1.layers.0.activation", "thanh")],
        "A0116",
        "blocks[1].layers[0].activation (id 3)",
        "unknown activation 'thanh'\nknown: identity, tanh, sigmoid, relu, leaky_relu, elu, selu, gelu, gelu_tanh,"
        " silu, softplus, sin, softmax\ndid you mean 'tanh'?",
    ),
    "an unknown activation in an object": (
        [("blocks.1.layers.1.activation.kind", "relo")],
        "A0116",
        "blocks[1].layers[1].activation.kind (id 3)",
        "unknown activation 'relo'",
    ),
    "an activation that is a number": (
        [("blocks.1.layers.0.activation", 1)],
        "A0114",
        "blocks[1].layers[0].activation (id 3)",
        "'activation' must be a string or an object with 'kind'\ngot 1",
    ),
    "an unknown loss": ([("blocks.3.function", "rmse")], "A0116", "blocks[3].function (id 5)", "did you mean 'mse'?"),
    "an unknown combine": (
        [("blocks.2.function", "sum")],
        "A0116",
        "blocks[2].function (id 4)",
        "unknown function 'sum'",
    ),
    "an unknown scatter": (
        [("blocks.1.scatter", "--")],
        "A0116",
        "blocks[1].scatter (id 3)",
        "known: none, ++, -+, +-",
    ),
    "an aggregate without scatter": ([("blocks.4.scatter", "none")], "A0116", "blocks[4].scatter (id 6)", "known: ++"),
    "an unknown reduction": ([("blocks.4.reduce", "min")], "A0116", "blocks[4].reduce (id 6)", "known: sum, mean, max"),
    "an infinite weight": (
        [("blocks.3.weight", 10**399)],
        "A0107",
        "blocks[3].weight (id 5)",
        "too large for a float64",
    ),
    "a weight that is true": ([("blocks.3.weight", True)], "A0114", "blocks[3].weight (id 5)", "a number\ngot true"),
    "an infinite option": (
        [("blocks.1.layers.1.activation.alpha", 10**399)],
        "A0107",
        "blocks[1].layers[1].activation.alpha (id 3)",
        "'alpha' is too large",
    ),
    "a delta of zero": (
        [("blocks.3.function", {"kind": "huber", "delta": 0})],
        "A0118",
        "blocks[3].function.delta (id 5)",
        "it must be above 0, got 0",
    ),
    "a size of zero": (
        [("blocks.1.layers.0.size", 0)],
        "A0118",
        "blocks[1].layers[0].size (id 3)",
        "'size' is out of range\nfrom 1 to 1048576, got 0",
    ),
    "a size that is too large": (
        [("blocks.1.layers.0.size", 2**20 + 1)],
        "A0118",
        "blocks[1].layers[0].size (id 3)",
        "got 1048577",
    ),
    "a feature of size zero": (
        [("blocks.0.edge_features.0.size", 0)],
        "A0118",
        "blocks[0].edge_features[0].size (id 1)",
        "out of range",
    ),
    "a symmetric of 1": ([("blocks.0.symmetric", 1)], "A0114", "blocks[0].symmetric (id 1)", "true or false\ngot 1"),
    "a layer norm of 'yes'": (
        [("blocks.1.layers.0.layer_norm", "yes")],
        "A0114",
        "blocks[1].layers[0].layer_norm (id 3)",
        "must be true or false",
    ),
    "no layers": ([("blocks.1.layers", [])], "A0120", "blocks[1].layers (id 3)", "an encoder without layers"),
    "an empty network name": ([("name", "")], "A0122", "name", "'name' is empty"),
    "an empty feature name": (
        [("blocks.0.node_features.0.name", "")],
        "A0122",
        "blocks[0].node_features[0].name (id 1)",
        "'name' is empty",
    ),
    "an empty output name": ([("blocks.1.output_name", "")], "A0122", "blocks[1].output_name (id 3)", "is empty"),
    "an empty target name": ([("blocks.3.target_name", "")], "A0122", "blocks[3].target_name (id 5)", "is empty"),
}

STRUCTURE: dict[str, tuple[list[tuple[str, Any]], str, str, str]] = {
    "two blocks with one id": (
        [("blocks.2.id", 3)],
        "A0201",
        "blocks[2] (id 3)",
        "two blocks have the id 3\ncombine 3 and encoder 'fit' (id 3) at net.json:1:",
    ),
    "two output pins with one number": (
        [("blocks.2.output", -3)],
        "A0202",
        "blocks[2].output (id 4)",
        "two output pins have the number -3\ncombine 4 and encoder 'fit' (id 3)",
    ),
    "two features with one pin": (
        [("blocks.0.edge_features.0.pin", -1)],
        "A0202",
        "blocks[0].edge_features[0].pin (id 1)",
        "graph source 1 and graph source 1",
    ),
    "two input pins with one number": (
        [("blocks.3.target", 3)],
        "A0202",
        "blocks[3].target (id 5)",
        "two input pins have the number 3",
    ),
    "an output pin that is positive": (
        [("blocks.1.output", 3)],
        "A0203",
        "blocks[1].output (id 3)",
        "output pins are negative, got 3\nuse -3",
    ),
    "an input pin of zero": (
        [("blocks.1.input", 0)],
        "A0203",
        "blocks[1].input (id 3)",
        "input pins are positive, got 0\nuse 1",
    ),
    "a link between inputs": (
        [("links.1.from", 2)],
        "A0204",
        "links[1]",
        "a link between two input pins, from 2 to 1\n2 is a pin of combine 4",
    ),
    "a link the wrong way round": (
        [("links.1", {"from": 1, "to": -2})],
        "A0204",
        "links[1]",
        "a link that starts at an input pin, from 1 to -2",
    ),
    "a link between outputs": (
        [("links.1.to", -3)],
        "A0205",
        "links[1]",
        "a link that ends at an output pin, from -2 to -3\n-3 is a pin of encoder 'fit' (id 3)",
    ),
    "a link from no pin": (
        [("links.1.from", -99)],
        "A0206",
        "links[1]",
        "a link from pin -99, which no block has\npins are -1, -2, -3, -4, -5, -6",
    ),
    "a link from pin zero": ([("links.1.from", 0)], "A0206", "links[1]", "a link from pin 0, which no block has"),
    "a link to no pin": (
        [("links.1.to", 99)],
        "A0207",
        "links[1]",
        "a link to pin 99, which no block has\npins are 1, 2",
    ),
    "a link from an input that no block has": ([("links.1.from", 99)], "A0204", "links[1]", "no block has a pin 99"),
    "a link twice": (
        [("links.+", {"from": -3, "to": 2})],
        "A0208",
        "links[6]",
        "the same link twice, from -3 to 2\nthe first one is net.json:1:",
    ),
    "a second link to an aggregate": (
        [("links.+", {"from": -3, "to": 5})],
        "A0209",
        "links[6]",
        "'input' of aggregate 6 takes one link, this is the second\nthe first one is net.json:1:",
    ),
    "a second link to a target": (
        [("links.+", {"from": -3, "to": 4}), ("links.+", {"from": -1, "to": 4})],
        "A0209",
        "links[7]",
        "'target' of loss 5 takes one link",
    ),
    "a link from a loss": (
        [("links.+", {"from": -5, "to": 1})],
        "A0210",
        "links[6]",
        "a link from the output of loss 5, from -5 to 1\nnothing can read a loss",
    ),
    "a block that reads itself": (
        [("links.+", {"from": -3, "to": 1})],
        "A0211",
        "blocks[1] (id 3)",
        "1 block on a cycle\nencoder 'fit' (id 3) -> encoder 'fit' (id 3)",
    ),
    "a cycle": (
        [("links.+", {"from": -4, "to": 1})],
        "A0211",
        "blocks[1] (id 3)",
        "2 blocks on a cycle\nencoder 'fit' (id 3) -> combine 4 -> encoder 'fit' (id 3)",
    ),
    "no source": ([("blocks", []), ("links", [])], "A0212", "", "the graph has no graph source"),
    "two sources": (
        [("blocks.+", {"id": 9, "kind": "graph-source"})],
        "A0213",
        "blocks[5] (id 9)",
        "the graph has 2 graph sources\ngraph source 1 at net.json:1:",
    ),
    "an encoder that nothing is linked to": (
        [("links.0", ...), ("links.0", ...)],
        "A0214",
        "blocks[1] (id 3)",
        "nothing is linked to 'input' of encoder 'fit' (id 3)\nadd a link to pin 1",
    ),
    "a loss that only a target is linked to": (
        [("links.4.to", 4)],
        "A0214",
        "blocks[3] (id 5)",
        "nothing is linked to 'of' of loss 5",
    ),
    "a combine of one": ([("links.2", ...)], "A0215", "blocks[2] (id 4)", "combine 4 needs 2 links or more, got 1"),
    "two features of one name": (
        [("blocks.0.edge_features.0.name", "u")],
        "A0216",
        "blocks[0].edge_features[0] (id 1)",
        "the name 'u' is taken twice, by this edge feature and a node feature\nthe other one is net.json:1:",
    ),
    "an output with the name of a feature": (
        [("blocks.2.output_name", "u")],
        "A0216",
        "blocks[2].output_name (id 4)",
        "choose another 'output_name'",
    ),
    "two outputs of one name": (
        [("blocks.2.output_name", "xout6")],
        "A0216",
        "blocks[4] (id 6)",
        "the name 'xout6' is taken twice, by this output and an output",
    ),
    "a target with the name of an output": (
        [("blocks.3.target_name", "xout4")],
        "A0216",
        "blocks[3].target_name (id 5)",
        "by this target and an output",
    ),
    "a default name that is taken": (
        [("blocks.0.edge_features.0.name", "target5")],
        "A0216",
        "blocks[3] (id 5)",
        "by this target and an edge feature",
    ),
    "a feature called params": (
        [("blocks.0.node_features.0.name", "params")],
        "A0217",
        "blocks[0].node_features[0] (id 1)",
        "the node feature 'params' has the name of a fixed argument",
    ),
    "an output called nnodes": ([("blocks.2.output_name", "nnodes")], "A0217", "blocks[2].output_name (id 4)", "fixed"),
    "a target called edgelist": ([("blocks.3.target_name", "edgelist")], "A0217", "blocks[3].target_name (id 5)", ""),
    "a feature called nedges": ([("blocks.0.node_features.0.name", "nedges")], "A0217", "blocks[0]", "fixed"),
}
CASES = SCHEMA | STRUCTURE


@pytest.mark.parametrize("name", CASES)
def test_frontend_refuses(name: str, changed: Changed) -> None:
    changes, code, path, message = CASES[name]
    with pytest.raises(FrontendError) as caught:
        parse_json_graph(changed(*changes), "net.json")
    error = caught.value
    assert error.code == code
    assert error.place.path.startswith(path)
    assert bool(error.place.path) == bool(path)
    assert error.place.file == "net.json"
    assert error.place.line == 1
    assert error.place.column > 0
    assert message in "\n".join(part for part in (error.what, error.why, error.help) if part)


def test_every_code_has_a_row_in_the_docs() -> None:
    rows = "".join((ROOT / "docs" / "errors" / f"{part}.md").read_text() for part in ("A01", "A02"))
    assert [code for _, code, _, _ in CASES.values() if f"| {code} |" not in rows] == []


def test_an_error_points_at_the_key_that_is_unknown() -> None:
    text = '{"format": "anamc-graph", "version": 1,\n "blocks": [], "linkz": [], "links": []}'
    with pytest.raises(FrontendError, match="A0112") as caught:
        parse_json_graph(text)
    assert (caught.value.place.line, caught.value.place.column) == (2, 16)


def test_an_error_is_shown_with_file_line_path_and_block(document: dict[str, Any]) -> None:
    text = json.dumps(document, indent=1).replace('"size": 4', '"size": 0')
    line = text[: text.index('"size": 0')].count("\n") + 1
    with pytest.raises(FrontendError, match="A0118") as caught:
        parse_json_graph(text, "net.json")
    assert f"\n  --> net.json:{line}:14: blocks[1].layers[0].size (id 3)\n" in str(caught.value)


def test_the_document_must_be_an_object() -> None:
    with pytest.raises(FrontendError, match=r"A0114\]: the document must be an object"):
        parse_json_graph("[]")


@pytest.mark.parametrize(
    ("limit", "path"),
    [("MAX_LAYERS", "layers"), ("MAX_BLOCKS", "blocks"), ("MAX_LINKS", "links"), ("MAX_BLOCKS", "node_features")],
)
def test_arrays_are_bounded(limit: str, path: str, changed: Changed) -> None:
    most = getattr(records, limit)
    at = {"layers": "blocks.1.layers", "node_features": "blocks.0.node_features"}.get(path, path)
    with pytest.raises(
        FrontendError, match=rf"A0121.*'{path}' is too long(?s:.)*at most {most} entries, got {most + 1}"
    ):
        parse_json_graph(changed((at, [0] * (most + 1))))


def test_a_cycle_of_many_blocks_is_cut_short(changed: Changed) -> None:
    names = [
        ("blocks.+", {"id": i, "kind": "encoder", "layers": [{"size": 1}], "input": i, "output": -i})
        for i in range(10, 30)
    ]
    links = [("links.+", {"from": -i, "to": 10 + (i - 9) % 20}) for i in range(10, 30)]
    with pytest.raises(
        FrontendError, match=r"20 blocks on a cycle\n(?s:.)*encoder 10 -> encoder 11 .* -> \.\.\. -> encoder 10"
    ):
        parse_json_graph(changed(*names, *links))


def test_many_pins_are_cut_short_in_an_error(changed: Changed) -> None:
    names = [("blocks.+", BLOCK | {"id": i, "input": i, "output": -i}) for i in range(10, 30)]
    with pytest.raises(FrontendError, match=r"A0206(?s:.)*pins are -1, .*, \.\.\.$"):
        parse_json_graph(changed(*names, ("links.0.from", -99)))


def test_a_graph_without_pins_says_so(changed: Changed) -> None:
    with pytest.raises(FrontendError, match=r"A0206(?s:.)*there are no such pins$"):
        parse_json_graph(changed(("blocks", [{"id": 1, "kind": "graph-source"}])))


HOSTILE = [
    "*/ #include",
    'a"b\\',
    "line\nbreak",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "\x00\x1b[31m",
    "é日本" * 99,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_one_safe_line_of_an_error(text: str, changed: Changed) -> None:
    hostile = json.dumps(text)
    places = [("blocks.1.kind", "TEXT"), ("TEXT", 1), ("blocks.1.layers.0.activation", "TEXT"), ("format", "TEXT")]
    for place in places:
        with pytest.raises(FrontendError) as caught:
            parse_json_graph(changed(place).replace('"TEXT"', hostile), "net.json")
        lines = str(caught.value).split("\n")
        assert len(lines) <= 4
        assert all(line.isprintable() for line in lines)
        assert all(len(line) < 500 for line in lines)
