"""A `graph.network` as a Graphviz drawing: blocks, links with rows and widths, results and extra arguments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from xdsl.context import Context
from xdsl.dialects.builtin import FloatAttr, IntegerAttr, ModuleOp, StringAttr
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.utils.exceptions import DiagnosticException
from xdsl.utils.target import Target

from anamc.dialects import graph
from anamc.dialects.graph.fields import field
from anamc.dialects.graph.network import result_name
from anamc.errors import shown

MAX_LAYERS = 12
"""Most layers of an encoder that are listed."""


@dataclass(frozen=True)
class GraphDotTarget(Target):
    """The module's block graphs in Graphviz's language."""

    name = "graph-dot"

    def emit(self, ctx: Context, module: ModuleOp, output: IO[str]) -> None:
        output.write(emit_dot(module))


def emit_dot(module: ModuleOp) -> str:
    """
    One `digraph`, a cluster for each `graph.network`.

    Every text of the user stands in a quoted string without any character that Graphviz reads
    as markup. Raises DiagnosticException where the module has no network.
    """
    networks = [op for op in module.ops if isinstance(op, graph.NetworkOp)]
    if not networks:
        raise DiagnosticException("graph-dot: the module has no graph.network")
    lines = ["digraph anamc {", "  rankdir=LR;", '  node [shape=box, fontname="sans-serif"];']
    lines += ['  edge [fontname="sans-serif", fontsize=10];']
    for i, network in enumerate(networks):
        lines += [f"  subgraph cluster_{i} {{", f"    label={quoted(network.label)};"]
        lines += [f"    {line}" for line in _Drawing(f"n{i}_").network(network)]
        lines += ["  }"]
    return "\n".join([*lines, "}", ""])


def quoted(*lines: str) -> str:
    """A DOT string of some lines; quotes, backslashes, entities and control characters are made harmless."""
    return '"' + "\\n".join(_harmless(line) for line in lines) + '"'


def _harmless(text: str) -> str:
    return shown(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')


class _Drawing:
    """Lines of one network; `prefix` keeps the nodes of several networks apart."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.nodes: dict[SSAValue, str] = {}

    def network(self, network: graph.NetworkOp) -> Iterator[str]:
        for block in network.blocks:
            yield from self.source(block) if isinstance(block, graph.SourceOp) else self.block(block)
        for block in network.result_blocks:
            node = f"{self.prefix}r{block.id.value.data}"
            yield f"{node} [label={quoted(result_name(block))}, shape=ellipse];"
            yield self.link(block.result, node)
        for unused in network.unused.data if network.unused else ():
            number = block_number(unused.properties.data["id"])
            text = f"unused {_kind(unused.op.data)} {number}"
            yield f"{self.prefix}u{number} [label={quoted(text)}, style=dashed];"

    def source(self, source: graph.SourceOp) -> Iterator[str]:
        edges = "symmetric edges" if source.symmetric else "asymmetric edges"
        yield f"subgraph cluster_{self.prefix}source {{"
        yield f"  label={quoted(block_title(source), edges)};"
        for i, (value, (rows, feature)) in enumerate(zip(source.fields, source.features, strict=True)):
            self.nodes[value] = f"{self.prefix}f{i}"
            yield f"  {self.nodes[value]} [label={quoted(feature.label, f'{rows}, {feature.width}')}, shape=ellipse];"
        yield "}"

    def block(self, block: Operation) -> Iterator[str]:
        node = f"{self.prefix}b{block_number(block.properties['id'])}"
        yield f"{node} [label={quoted(block_title(block), *block_details(block))}];"
        for result in block.results:
            self.nodes[result] = node
        of = block.of if isinstance(block, graph.LossOp) else block.operands
        yield from (self.link(value, node) for value in of)
        if isinstance(block, graph.LossOp):
            yield from self.target(block, node)

    def target(self, loss: graph.LossOp, node: str) -> Iterator[str]:
        if loss.target is not None:
            yield self.link(loss.target, node, "target")
            return
        yield f"{node}t [label={quoted(loss.target_name.data)}, shape=ellipse];"
        yield f"{node}t -> {node} [label={quoted('target')}, style=dashed];"

    def link(self, value: SSAValue, node: str, role: str = "") -> str:
        type_ = field(value)
        parts = [role, f"{type_.on}, {type_.size}" if type_.resolved else ""]
        label = " ".join(part for part in parts if part)
        return f"{self.nodes[value]} -> {node}" + (f" [label={quoted(label)}];" if label else ";")


def _kind(op: str) -> str:
    return "graph source" if op == graph.SourceOp.name else op.removeprefix("graph.")


def block_number(number: Attribute) -> int:
    """An id as a number."""
    return number.value.data if isinstance(number, IntegerAttr) else 0


def block_title(block: Operation) -> str:
    """`encoder 3: fit`"""
    name = block.properties.get("block_name")
    title = f"{_kind(block.name)} {block_number(block.properties['id'])}"
    return f"{title}: {shown(name.data)}" if isinstance(name, StringAttr) and name.data else title


def block_details(block: Operation) -> list[str]:
    """What is written under a block's title."""
    match block:
        case graph.EncoderOp():
            shape = [_layer(layer) for layer in block.layers.data[:MAX_LAYERS]]
            more = [f"... {len(block.layers.data)} layers"] if len(block.layers.data) > MAX_LAYERS else []
            return [*shape, *more, *([f"scatter {block.scatter.data}"] if block.scatter.data != "none" else [])]
        case graph.AggregateOp():
            return [f"{block.reduce.data} {block.scatter.data}"]
        case graph.CombineOp():
            return [block.function.data]
        case graph.LossOp():
            weight = block.weight.value.data
            return [_function(block.function) + (f" * {weight:g}" if weight != 1 else "")]
        case _:
            raise DiagnosticException(f"graph-dot: cannot draw '{block.name}'")


def _layer(layer: graph.LayerAttr) -> str:
    return f"{layer.width} {_function(layer.activation)}" + (", layer norm" if layer.has_norm else "")


def _function(function: graph.FunctionAttr) -> str:
    options = [f"{k} {v.value.data:g}" for k, v in function.options.data.items() if isinstance(v, FloatAttr)]
    return function.kind.data + (f" ({', '.join(options)})" if options else "")
