"""
Where each parameter of a network stands in the one flat vector.

Encoders in topological order (Kahn, always the smallest ready id); for each of their layers
W column-major `out x in`, which is row-major `in x out`, then b, and with layer normalisation
scale and shift.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from xdsl.dialects.builtin import FloatAttr

from anamc.analysis.block_order import block_id, topological
from anamc.dialects import graph
from anamc.errors import ParamsError, Place, shown

DENSE_PARTS = ("W", "b")
NORM_PARTS = ("scale", "shift")


@dataclass(frozen=True, slots=True)
class Entry:
    """One array of the vector: `values[offset:stop]` read row-major is `kind` of that layer."""

    block_id: int
    encoder: str
    layer: int
    kind: str
    shape: tuple[int, ...]
    offset: int

    @property
    def count(self) -> int:
        return self.shape[0] * (self.shape[1] if len(self.shape) > 1 else 1)

    @property
    def stop(self) -> int:
        return self.offset + self.count


@dataclass(frozen=True, slots=True)
class Layer:
    """Layer number `index` of an encoder: ``y = act(norm(W x + b))`` from `inputs` to `outputs` numbers."""

    block_id: int
    encoder: str
    index: int
    inputs: int
    outputs: int
    activation: str
    norm: bool
    offset: int

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each part, in the order of the vector; `W` is `in x out`."""
        names = DENSE_PARTS + (NORM_PARTS if self.norm else ())
        return {name: (self.inputs, self.outputs) if name == "W" else (self.outputs,) for name in names}

    @property
    def count(self) -> int:
        return self.outputs * (self.inputs + (3 if self.norm else 1))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The parts with their offsets in the vector."""
        found: list[Entry] = []
        offset = self.offset
        for kind, shape in self.shapes.items():
            found.append(Entry(self.block_id, self.encoder, self.index, kind, shape, offset))
            offset = found[-1].stop
        return tuple(found)

    def __str__(self) -> str:
        """What the parameters mean, without ids and names: two networks that agree here may share a vector."""
        return f"{self.inputs} -> {self.outputs} {self.activation}{' layer_norm' if self.norm else ''}"


@dataclass(frozen=True)
class Layout:
    """The layers of a network in the order of its parameter vector."""

    layers: tuple[Layer, ...]

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every array of the vector, in order, without gaps."""
        return tuple(entry for layer in self.layers for entry in layer.entries)

    @cached_property
    def count(self) -> int:
        """Length of the vector."""
        return sum(layer.count for layer in self.layers)

    @cached_property
    def model_hash(self) -> str:
        """
        SHA-256 (hexadecimal) of what the parameters mean.

        It covers the order of the layers, where an encoder begins, widths, activations with their
        options, and layer normalisation; not ids and names, which may change without harm.
        """
        return hashlib.sha256(str(self).encode()).hexdigest()

    def __str__(self) -> str:
        """One line a layer, `encoder` before the first of each; this is the text that is hashed."""
        lines = ["anamc-params 1"]
        for layer in self.layers:
            lines += ["encoder", str(layer)] if layer.index == 0 else [str(layer)]
        return "\n".join(lines) + "\n"


def layout(network: graph.NetworkOp) -> Layout:
    """
    The layout of a network's parameters, in time linear in its layers.

    Raises ParamsError A0401 where the widths are not known yet.
    """
    layers: list[Layer] = []
    offset = 0
    for op in topological(network):
        if not isinstance(op, graph.EncoderOp):
            continue
        inputs = _row_width(op)
        name = op.block_name.data if op.block_name else f"encoder{block_id(op)}"
        for index, layer in enumerate(op.layers.data):
            activation = _activation(layer.activation)
            layers.append(Layer(block_id(op), name, index, inputs, layer.width, activation, layer.has_norm, offset))
            inputs, offset = layer.width, offset + layers[-1].count
    return Layout(tuple(layers))


def _row_width(op: graph.EncoderOp) -> int:
    for value in op.inputs:
        if not isinstance(value.type, graph.FieldType) or not value.type.resolved:
            raise ParamsError(
                "A0401",
                f"the input width of encoder {block_id(op)} is not known",
                place=Place.of(op.location),
                why=f"an input has the type {shown(value.type)}",
                help="run the pass graph-infer-shapes first",
            )
    return op.row_width


def _activation(function: graph.FunctionAttr) -> str:
    """`tanh`, or `leaky_relu(slope=0.01)`: options by name, floats in full."""
    options = sorted(function.options.data.items())
    texts = [f"{name}={value.value.data!r}" for name, value in options if isinstance(value, FloatAttr)]
    return f"{function.kind.data}({', '.join(texts)})" if texts else function.kind.data
