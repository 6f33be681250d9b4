"""The arguments of a function in another order, at the function and wherever it is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xdsl.dialects import arith, func, tensor
from xdsl.dialects.builtin import IndexType, ModuleOp
from xdsl.ir import BlockArgument, Operation, SSAValue
from xdsl.rewriter import InsertPoint, Rewriter

from anamc.dialects import ad

Source = int | tuple[int, int]
"""Where an argument comes from: an argument as they stood, or the size of one along a dimension."""


def sizes_first(function: func.FuncOp) -> list[int]:
    """Moves arguments of type `index` in front of the others; gives the positions that all of them had."""
    block = function.body.block
    order = sorted(range(len(block.args)), key=lambda k: not isinstance(block.args[k].type, IndexType))
    count = sum(isinstance(a.type, IndexType) for a in block.args)
    for new, old in enumerate(order[:count]):
        if new != old:  # what stands behind `old` stands there still
            move(block.args[old], new)
    return order


def move(argument: BlockArgument, position: int) -> None:
    """Moves an argument of a block to a position in front of it."""
    moved = argument.block.insert_arg(argument.type, position)
    moved.name_hint, moved.location = argument.name_hint, argument.location
    argument.replace_all_uses_with(moved)
    argument.block.erase_arg(argument)


def follow(function: func.FuncOp, sources: Sequence[Source]) -> None:
    """Calls and rules of a function whose arguments are now those of `sources`."""
    before = len([s for s in sources if isinstance(s, int)])
    for op in users(function):
        if isinstance(op, func.CallOp):
            operands = [operand(op, s) for s in sources]
            call = func.CallOp(op.callee, operands, [r.type for r in op.results])
            call.location = op.location
            call.attributes |= op.attributes
            Rewriter.replace_op(op, call)
        elif isinstance(op, ad.CustomOp):
            place = {s: k for k, s in enumerate(sources) if isinstance(s, int)}
            record = range(before) if op.record is None else [k.value.data for k in op.record]
            op.record = ad.positions([place.get(k, k) for k in record])
            if op.wrt is not None:
                op.wrt = ad.positions([place.get(k.value.data, k.value.data) for k in op.wrt])


def users(function: func.FuncOp) -> Iterator[Operation]:
    """The calls and rules of a function."""
    module, name = function.parent_op(), function.sym_name.data
    for op in list(module.walk()) if isinstance(module, ModuleOp) else ():
        if (isinstance(op, func.CallOp) and op.callee.root_reference.data == name) or (
            isinstance(op, ad.CustomOp) and op.primal.root_reference.data == name
        ):
            yield op


def operand(call: func.CallOp, source: Source) -> SSAValue:
    """What a call gives for an argument."""
    if isinstance(source, int):
        return call.arguments[source]
    position = arith.ConstantOp.from_int_and_width(source[1], IndexType())
    size = tensor.DimOp(call.arguments[source[0]], position.result)
    Rewriter.insert_op([position, size], InsertPoint.before(call))
    return size.result
