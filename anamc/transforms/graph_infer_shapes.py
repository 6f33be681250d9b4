"""Rows and widths of every field of a block graph, with errors that speak of blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, StringAttr
from xdsl.ir import Operation, OpResult, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.dialects import graph
from anamc.dialects.graph import Misfit, Rows, Rule
from anamc.dialects.graph.fields import field, fields
from anamc.errors import FrontendError, Place, shown

Refusal = tuple[str, str, str, str]
"""Code, what, why, help."""


@dataclass(frozen=True)
class GraphInferShapesPass(ModulePass):
    """
    Resolves every `!graph.field<any, ?>` from the features of the graph source.

    Raises FrontendError (A03xx) at the user's place where rows or widths do not fit. Linear in
    the size of the graph; a resolved graph is left as it is.
    """

    name = "graph-infer-shapes"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for network in op.walk():
            if isinstance(network, graph.NetworkOp):
                for block in network.blocks:
                    infer_block(block)


def infer_block(block: Operation) -> None:
    """Give the block's result the type that its inputs make."""
    if not isinstance(block, graph.EncoderOp | graph.AggregateOp | graph.CombineOp | graph.LossOp):
        return
    if not all(f.resolved for f in fields(block.operands)):
        raise PassFailedException(f"graph-infer-shapes: '{block.name}' reads a block that stands after it")
    try:
        found = block.infer()
    except Misfit as misfit:
        code, what, why, help_ = REFUSALS[misfit.rule](block, block.operands[misfit.operand])
        raise FrontendError(code, what, place=Place.of(block.location), why=why, help=help_) from None
    for result in block.results:
        if result.type != found:
            Rewriter.replace_value_with_new_type(result, found)


def combine_rows(block: Operation, other: SSAValue) -> Refusal:
    why = f"{_input(block.operands[0])} is on {_rows(block.operands[0])}, {_input(other)} is on {_rows(other)}"
    help_ = "take edges to nodes with an aggregate, or mix them in an encoder"
    return "A0301", f"nodes and edges do not mix at {_label(block)}", why, help_


def combine_widths(block: Operation, other: SSAValue) -> Refusal:
    first = block.operands[0]
    function = _text(block, "function")
    widths = f"{_input(first)} has width {_width(first)}, {_input(other)} has {_width(other)}"
    why = f"{widths}, and '{function}' needs equal widths"
    return "A0312", f"feature width mismatch at {_label(block)}", why, _mend_width(other, _width(first))


def node_scatter(block: Operation, _: SSAValue) -> Refusal:
    why = f"its inputs are on nodes, and scatter '{_text(block, 'scatter')}' takes edges to nodes"
    return "A0305", f"nothing to scatter at {_label(block)}", why, "use scatter 'none', or link an edge field to it"


def aggregate_edges(block: Operation, other: SSAValue) -> Refusal:
    why = f"{_input(other)} is on nodes, and an aggregate takes one edge field"
    return "A0306", f"no edge field at {_label(block)}", why, "link an edge feature or an encoder on edges to it"


def loss_rows(block: Operation, other: SSAValue) -> Refusal:
    why = f"{_input(block.operands[0])} is on {_rows(block.operands[0])}, {_input(other)} is on {_rows(other)}"
    return "A0302", f"nodes and edges do not mix at {_label(block)}", why, "use one loss for nodes and one for edges"


def target_rows(block: Operation, target: SSAValue) -> Refusal:
    first = block.operands[0]
    why = f"'of' is on {_rows(first)}, the target {_input(target)} is on {_rows(target)}"
    return "A0303", f"the target's rows do not fit at {_label(block)}", why, f"link a field on {_rows(first)}"


def target_width(block: Operation, target: SSAValue) -> Refusal:
    of = block.operands[:-1]
    width = sum(field(value).size for value in of)
    parts = " + ".join(f"{_input(value)} {_width(value)}" for value in of[:MAX_SHOWN]) + ", ..." * (len(of) > MAX_SHOWN)
    why = f"'of' has width {width} ({parts}), the target {_input(target)} has width {_width(target)}"
    return "A0304", f"the target's width does not fit at {_label(block)}", why, f"link a target of width {width}"


MAX_SHOWN = 8
"""Most inputs that an error lists."""

REFUSALS: dict[Rule, Callable[[Operation, SSAValue], Refusal]] = {
    Rule.COMBINE_ROWS: combine_rows,
    Rule.COMBINE_WIDTHS: combine_widths,
    Rule.NODE_SCATTER: node_scatter,
    Rule.AGGREGATE_EDGES: aggregate_edges,
    Rule.LOSS_ROWS: loss_rows,
    Rule.TARGET_ROWS: target_rows,
    Rule.TARGET_WIDTH: target_width,
}


def _mend_width(value: SSAValue, width: int) -> str:
    if isinstance(value.owner, graph.EncoderOp):
        return f"set the last layer of {_label(value.owner)} to {width}, or use 'concat'"
    return "pass one of them through an encoder, or use 'concat'"


def _label(block: Operation) -> str:
    """`encoder 'e2'`, or `encoder 5` where it has no name."""
    kind = block.name.removeprefix("graph.")
    name = _text(block, "block_name")
    number = block.properties.get("id")
    return f"{kind} '{name}'" if name else f"{kind} {number.value.data if isinstance(number, IntegerAttr) else '?'}"


def _text(block: Operation, name: str) -> str:
    found = block.properties.get(name)
    return shown(found.data) if isinstance(found, StringAttr) else ""


def _input(value: SSAValue) -> str:
    """Who gives a value: `input 'vel'` for a feature, else the block."""
    if isinstance(value, OpResult) and isinstance(value.op, graph.SourceOp):
        return f"input '{shown(value.op.features[value.index][1].label)}'"
    return _label(value.owner) if isinstance(value.owner, Operation) else "a value"


def _rows(value: SSAValue) -> Rows:
    return field(value).on


def _width(value: SSAValue) -> int:
    return field(value).size
