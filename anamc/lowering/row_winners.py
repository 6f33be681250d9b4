"""Winning iterations of a nest whose iterator became rows: from numbers within a row to numbers of the whole nest."""

from __future__ import annotations

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import IndexType, i64
from xdsl.ir import Block, Region, SSAValue

from anamc.analysis.types import tensor_type
from anamc.dialects import nest
from anamc.dialects.access import identity
from anamc.lowering.emitter import Emitter, Index
from anamc.lowering.kernel_builder import KernelBuilder


def whole_numbers(build: KernelBuilder, op: nest.MapOp, iterator: int, number: SSAValue) -> SSAValue:
    """
    ``(a div m) (n m) + r m + a mod m`` of every number ``a >= 0``: `r` the row, `n` the range of the
    iterator that became rows, `m` the number of iterations of those behind it.
    """
    type = tensor_type(number)
    shape = type.get_shape()
    body = Block(arg_types=[*[IndexType()] * len(shape), i64])
    emit = Emitter(body)
    inner = emit.value(arith.IndexCastOp(body.args[-1], IndexType()))
    row = build.block.args[0]
    after: Index = 1
    for extent in op.extents[iterator + 1 :]:
        after = emit.mul(after, extent)
    if iterator == 0:
        whole = emit.add(emit.mul(row, after), inner)
    else:
        some = emit.index(after)
        if not isinstance(after, int) or after < 1:  # no division by 0 where there is no iteration
            some = emit.value(arith.MaxSIOp(some, emit.index(1)))
        before = emit.value(arith.DivSIOp(inner, some))
        rest = emit.value(arith.RemSIOp(inner, some))
        outer = emit.add(emit.mul(before, op.extents[iterator]), row)
        whole = emit.add(emit.mul(outer, after), rest)
    won = emit.value(arith.CmpiOp(inner, emit.index(0), "sge"))
    chosen = emit.value(arith.SelectOp(won, emit.value(arith.IndexCastOp(emit.index(whole), i64)), body.args[-1]))
    body.add_op(nest.YieldOp(chosen))
    access = identity(len(shape))
    empty = build.add(tensor.EmptyOp([], type))
    made = build.add(nest.MapOp(list(shape), [(number, access)], [("set", empty, access)], Region(body)))
    made.name_hint = number.name_hint
    return made
