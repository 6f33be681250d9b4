"""What a frontend of block graphs reads its source into: blocks with their pins and names, and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import ArrayAttr, BoolAttr, FloatAttr, IntegerAttr, StringAttr, f64, i64
from xdsl.ir import Attribute
from xdsl.irdl import IRDLOperation

from anamc.dialects import graph
from anamc.errors import Place, shown

MAX_NUMBER = 2**63 - 1
"""Largest block id and pin (in magnitude)."""
MAX_WIDTH = 2**20
"""Largest width of a feature or a layer."""
MAX_LAYERS = 4096
"""Most layers of an encoder."""
MAX_BLOCKS = 100_000
"""Most blocks of a graph, and most features of its source."""
MAX_LINKS = 1_000_000
"""Most links of a graph."""


@dataclass(frozen=True)
class Pin:
    """A pin's number and where it is written."""

    number: int
    place: Place


@dataclass(frozen=True)
class Input:
    """An input pin: its part in the block, and how many links it takes (`most` None = any number)."""

    pin: Pin
    role: str = "input"
    least: int = 1
    most: int | None = None
    meta_property: str = "link_meta"


@dataclass(frozen=True)
class Output:
    """An output pin with the type of its value; None where nothing can read it (a loss)."""

    pin: Pin
    type: graph.FieldType | None


@dataclass(frozen=True)
class Name:
    """A name that an argument or result of the function may take."""

    what: str
    text: str
    place: Place


@dataclass(frozen=True)
class Feature:
    """A feature of the graph source."""

    name: str
    size: int
    pin: Pin
    place: Place
    meta: str = ""


@dataclass(frozen=True)
class Block:
    """A block as authored; `properties` are those of its operation, all but those of its links."""

    op: type[IRDLOperation]
    id: int
    place: Place
    properties: Mapping[str, Attribute]
    inputs: tuple[Input, ...] = ()
    outputs: tuple[Output, ...] = ()
    names: tuple[Name, ...] = ()

    @property
    def kind(self) -> str:
        return "graph source" if self.op is graph.SourceOp else self.op.name.removeprefix("graph.")

    @property
    def label(self) -> str:
        """How errors call the block: `encoder 'fit' (id 3)`."""
        name = self.properties.get("block_name")
        if not isinstance(name, StringAttr) or not name.data:
            return f"{self.kind} {self.id}"
        return f"{self.kind} '{shown(name.data)}' (id {self.id})"


@dataclass(frozen=True)
class Link:
    """A link from an output pin to an input pin."""

    source: int
    target: int
    place: Place
    meta: str = ""


@dataclass(frozen=True)
class Head:
    """What every block has: id, place, and perhaps a name for people and the JSON text of `meta`."""

    id: int
    place: Place
    name: str | None = None
    meta: str = ""

    def properties(self, **more: Attribute | None) -> dict[str, Attribute]:
        found: dict[str, Attribute | None] = {"id": IntegerAttr(self.id, i64), **more}
        found["block_name"] = None if self.name is None else StringAttr(self.name)
        found["meta"] = StringAttr(self.meta) if self.meta else None
        return {key: value for key, value in found.items() if value is not None}


@dataclass(frozen=True)
class Ports:
    """The pins of a block with one result, and the result's name if it is written."""

    input: Pin
    output: Pin
    output_name: Name | None = None

    def properties(self) -> dict[str, Attribute | None]:
        name = StringAttr(self.output_name.text) if self.output_name else None
        return {"input_pin": _pin(self.input), "output_pin": _pin(self.output), "output_name": name}

    def result(self, head: Head) -> Name:
        return self.output_name or Name("output", f"xout{head.id}", head.place)


def source(head: Head, symmetric: bool, nodes: Sequence[Feature], edges: Sequence[Feature]) -> Block:
    """The graph source."""
    both = (*((graph.Rows.NODES, f) for f in nodes), *((graph.Rows.EDGES, f) for f in edges))
    return Block(
        graph.SourceOp,
        head.id,
        head.place,
        head.properties(
            symmetric=BoolAttr.from_bool(symmetric),
            node_features=ArrayAttr([_feature(f) for f in nodes]),
            edge_features=ArrayAttr([_feature(f) for f in edges]),
        ),
        outputs=tuple(Output(f.pin, graph.FieldType(rows, f.size)) for rows, f in both),
        names=tuple(Name(f"{rows.value.removesuffix('s')} feature", f.name, f.place) for rows, f in both),
    )


def encoder(head: Head, ports: Ports, layers: Sequence[graph.LayerAttr], scatter: str = "none") -> Block:
    """An MLP on rows."""
    more = {"layers": ArrayAttr(layers), "scatter": StringAttr(scatter)}
    return _with_result(graph.EncoderOp, head, ports, more, Input(ports.input))


def aggregate(head: Head, ports: Ports, scatter: str = "++", reduce: str = "sum") -> Block:
    """An edge field to a node field."""
    more = {"scatter": StringAttr(scatter), "reduce": StringAttr(reduce)}
    return _with_result(graph.AggregateOp, head, ports, more, Input(ports.input, most=1))


def combine(head: Head, ports: Ports, function: str) -> Block:
    """Two or more fields on the same rows."""
    return _with_result(graph.CombineOp, head, ports, {"function": StringAttr(function)}, Input(ports.input, least=2))


def loss(
    head: Head,
    function: graph.FunctionAttr,
    of: Pin,
    target: Pin,
    output: Pin | None = None,
    weight: float = 1.0,
    target_name: Name | None = None,
) -> Block:
    """A scalar; `target_name` is that of the extra argument where nothing is linked to `target`."""
    name = target_name or Name("target", f"target{head.id}", head.place)
    properties = head.properties(
        function=function,
        weight=FloatAttr(weight, f64),
        target_name=StringAttr(name.text),
        of_pin=_pin(of),
        target_pin=_pin(target),
        output_pin=_pin(output) if output else None,
    )
    return Block(
        graph.LossOp,
        head.id,
        head.place,
        properties,
        inputs=(Input(of, "of"), Input(target, "target", 0, 1, "target_link_meta")),
        outputs=(Output(output, None),) if output else (),
        names=(name,),
    )


def _with_result(
    op: type[IRDLOperation], head: Head, ports: Ports, more: Mapping[str, Attribute], taken: Input
) -> Block:
    properties = head.properties(**more, **ports.properties())
    output = Output(ports.output, graph.FieldType())
    return Block(op, head.id, head.place, properties, (taken,), (output,), (ports.result(head),))


def _pin(pin: Pin) -> IntegerAttr:
    return IntegerAttr(pin.number, i64)


def _feature(feature: Feature) -> graph.FeatureAttr:
    return graph.FeatureAttr(feature.name, feature.size, feature.pin.number, feature.meta)
