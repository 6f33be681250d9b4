"""A `graph.network` back to its JSON document (docs/json.md); what has its default is left out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, NoReturn, TypeAlias

from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr, FloatAttr, IntegerAttr, ModuleOp, StringAttr
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.utils.exceptions import DiagnosticException
from xdsl.utils.hints import isa
from xdsl.utils.target import Target

from anamc.dialects import graph
from anamc.errors import shown

WIDTH = 100
"""Objects and arrays that fit into so many columns stand on one line."""


@dataclass(frozen=True)
class GraphJsonTarget(Target):
    """The module's block graph as an `anamc-graph` document."""

    name = "graph-json"

    def emit(self, ctx: Context, module: ModuleOp, output: IO[str]) -> None:
        output.write(emit_json(module))


@dataclass(frozen=True)
class Raw:
    """JSON text that is written as it stands."""

    text: str


Json: TypeAlias = "str | int | float | Raw | dict[str, Json] | list[Json] | None"
"""A value of the document (`bool` is an `int`)."""


def emit_json(module: ModuleOp) -> str:
    """
    The document of the module's only `graph.network`.

    Reading it gives the same IR but for locations. Raises DiagnosticException where the module
    is not at the graph level or a `meta` is no JSON.
    """
    ops = list(module.ops)
    if len(ops) != 1 or not isinstance(ops[0], graph.NetworkOp):
        found = ", ".join(op.name for op in ops[:4]) or "nothing"
        raise DiagnosticException(f"graph-json: expected a module with one graph.network, found {found}")
    return "".join(_lines(_document(ops[0]), "")) + "\n"


def _document(network: graph.NetworkOp) -> dict[str, Json]:
    unused = network.unused.data if network.unused else ()
    blocks = [_block(op.name, op.properties) for op in network.blocks]
    blocks += [_block(kept.op.data, kept.properties.data) for kept in unused]
    document: dict[str, Json] = {"format": "anamc-graph", "version": 1}
    if network.label != "run_network":
        document["name"] = network.label
    return {**document, **_meta(network.meta), "blocks": [*blocks], "links": [*_links(network)]}


def _block(op: str, properties: Mapping[str, Attribute]) -> dict[str, Json]:
    if op not in BLOCKS:
        raise DiagnosticException(f"graph-json: cannot write '{op}'")
    kind, rows = BLOCKS[op]
    number = _plain(properties["id"])
    found: dict[str, Json] = {"id": number, "kind": kind}
    for key, name, write, default in rows:
        value = write(properties[name]) if name in properties else None
        if value is not None and value != (default.format(id=number) if isinstance(default, str) else default):
            found[key] = value
    return found | _meta(properties.get("meta"))


def _links(network: graph.NetworkOp) -> Iterator[dict[str, Json]]:
    pins: dict[SSAValue, int] = {}
    for op in network.blocks:
        numbers = _output_pins(op)
        pins.update(zip(op.results, numbers, strict=True))
        for values, pin, metas in _inputs(op):
            for i, value in enumerate(values):
                if value not in pins:
                    raise DiagnosticException(f"graph-json: '{op.name}' reads a block that stands after it")
                yield {"from": pins[value], "to": pin, **_meta(metas[i] if metas else None)}


def _output_pins(op: Operation) -> list[int]:
    match op:
        case graph.SourceOp():
            return [feature.pin.value.data for _, feature in op.features]
        case graph.EncoderOp() | graph.AggregateOp() | graph.CombineOp():
            return [op.output_pin.value.data]
        case _:
            return []


def _inputs(op: Operation) -> list[tuple[list[SSAValue], int, list[StringAttr]]]:
    """Values, pin and `meta` of the links of each input pin."""
    match op:
        case graph.EncoderOp() | graph.AggregateOp() | graph.CombineOp():
            return [(list(op.operands), op.input_pin.value.data, _metas(op.link_meta))]
        case graph.LossOp():
            target = [op.target] if op.target else []
            target_meta = [op.target_link_meta] if op.target_link_meta else []
            return [
                (list(op.of), op.of_pin.value.data, _metas(op.link_meta)),
                (target, op.target_pin.value.data, target_meta),
            ]
        case _:
            return []


def _metas(metas: ArrayAttr[StringAttr] | None) -> list[StringAttr]:
    return list(metas.data) if metas else []


def _meta(text: Attribute | None) -> dict[str, Raw]:
    """`{"meta": ...}`, or nothing; the text must be JSON, for a hand-written one could be anything."""
    if not isinstance(text, StringAttr) or not text.data:
        return {}
    try:
        json.loads(text.data, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise DiagnosticException(f"graph-json: this 'meta' is no JSON: {shown(text.data)}") from None
    return {"meta": Raw(text.data)}


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _plain(value: Attribute) -> str | int | float | None:
    """A string, an integer or a float as Python has it."""
    match value:
        case StringAttr():
            return value.data
        case IntegerAttr() | FloatAttr():
            return value.value.data
        case _:
            return None


def _boolean(value: Attribute) -> bool:
    return bool(_plain(value))


def _function(table: dict[str, dict[str, float]]) -> Callable[[Attribute], Json]:
    """A function's name, or an object where it has options or `meta` to tell."""

    def write(value: Attribute) -> Json:
        if not isinstance(value, graph.FunctionAttr):
            return None
        kind = value.kind.data
        options = {name: value.option(name) for name, default in table[kind].items() if value.option(name) != default}
        more: dict[str, Json] = {**options, **_meta(value.meta)}
        return {"kind": kind, **more} if more else kind

    return write


def _features(value: Attribute) -> Json:
    return [_feature(feature) for feature in value] if isa(value, ArrayAttr[graph.FeatureAttr]) else None


def _feature(feature: graph.FeatureAttr) -> Json:
    return {"name": feature.label, "size": feature.width, "pin": feature.pin.value.data, **_meta(feature.meta)}


def _layers(value: Attribute) -> Json:
    return [_layer(layer) for layer in value] if isa(value, ArrayAttr[graph.LayerAttr]) else None


def _layer(layer: graph.LayerAttr) -> dict[str, Json]:
    found: dict[str, Json] = {"size": layer.width}
    if (activation := _activation(layer.activation)) != "identity":
        found["activation"] = activation
    if layer.has_norm:
        found["layer_norm"] = True
    return found | _meta(layer.meta)


_activation = _function(graph.ACTIVATIONS)

Row = tuple[str, str, Callable[[Attribute], Json], Json]
"""JSON key, property, how its value is written, and the default that is left out (`{id}` = the block's)."""

_NAME: Row = ("name", "block_name", _plain, None)
_PORTS: tuple[Row, ...] = (
    ("input", "input_pin", _plain, None),
    ("output", "output_pin", _plain, None),
    ("output_name", "output_name", _plain, None),
)
BLOCKS: dict[str, tuple[str, tuple[Row, ...]]] = {
    graph.SourceOp.name: (
        "graph-source",
        (
            _NAME,
            ("symmetric", "symmetric", _boolean, True),
            ("node_features", "node_features", _features, []),
            ("edge_features", "edge_features", _features, []),
        ),
    ),
    graph.EncoderOp.name: (
        "encoder",
        (_NAME, ("scatter", "scatter", _plain, "none"), *_PORTS, ("layers", "layers", _layers, None)),
    ),
    graph.AggregateOp.name: (
        "aggregate",
        (_NAME, ("scatter", "scatter", _plain, "++"), ("reduce", "reduce", _plain, "sum"), *_PORTS),
    ),
    graph.CombineOp.name: ("combine", (_NAME, ("function", "function", _plain, None), *_PORTS)),
    graph.LossOp.name: (
        "loss",
        (
            _NAME,
            ("function", "function", _function(graph.LOSSES), None),
            ("weight", "weight", _plain, 1.0),
            ("of", "of_pin", _plain, None),
            ("target", "target_pin", _plain, None),
            ("target_name", "target_name", _plain, "target{id}"),
            ("output", "output_pin", _plain, None),
        ),
    ),
}
"""What stands in a block of each kind, in the order of writing."""


def _lines(value: Json, indent: str) -> Iterator[str]:
    """The value on one line where it fits, else an entry a line."""
    line = _line(value)
    if not isinstance(value, dict | list) or not value or len(indent) + len(line) <= WIDTH:
        yield line
        return
    start, end = "{}" if isinstance(value, dict) else "[]"
    keyed = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    yield start
    for i, (key, item) in enumerate(keyed):
        yield f"{',' * bool(i)}\n{indent}  " + (f"{_line(key)}: " if key is not None else "")
        yield from _lines(item, indent + "  ")
    yield f"\n{indent}{end}"


def _line(value: Json) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{_line(k)}: {_line(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_line, value)) + "]"
        case Raw():
            return value.text
        case _:
            return json.dumps(value, ensure_ascii=False)
