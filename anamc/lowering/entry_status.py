"""The status of an entry: what its checks of computed indices found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xdsl.dialects import arith, memref
from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, StringAttr, i32, i64
from xdsl.ir import Attribute, Block, Operation, SSAValue

from anamc.dialects.nest_check import CheckOp
from anamc.dialects.statuses import FIRST_STATUS
from anamc.errors import Place, shown
from anamc.numerics.constants import index_constant


def status_of(
    block: Block,
    checks: Sequence[CheckOp],
    buffers: Mapping[SSAValue, SSAValue],
    values: Mapping[SSAValue, SSAValue],
    ok: SSAValue,
) -> SSAValue:
    """``FIRST_STATUS + k`` for the first check `k` whose extremes are outside, else `ok`."""

    def add(op: Operation) -> SSAValue:
        block.add_op(op)
        return op.results[0]

    status = ok
    for k, check in reversed(list(enumerate(checks))):
        low, high = (add(memref.LoadOp.get(buffers[v], [])) for v in (check.low, check.high))
        zero = add(arith.ConstantOp(IntegerAttr(0, i64)))
        bound = check.bound
        if isinstance(bound, int):
            limit = add(arith.ConstantOp(IntegerAttr(bound, i64)))
        else:
            limit = add(arith.IndexCastOp(values[bound], i64))
        below, above = add(arith.CmpiOp(low, zero, "slt")), add(arith.CmpiOp(high, limit, "sge"))
        number = add(arith.ConstantOp(IntegerAttr(FIRST_STATUS + k, i32)))
        status = add(arith.SelectOp(add(arith.OrIOp(below, above)), number, status))
    return status


def empty_status(
    block: Block, checks: Sequence[CheckOp], values: Mapping[SSAValue, SSAValue], ok: SSAValue
) -> SSAValue | None:
    """``FIRST_STATUS + k`` for the first check `k` of a dimension of size 0 that a nest reaches; None for no such."""

    def add(op: Operation) -> SSAValue:
        block.add_op(op)
        return op.results[0]

    status: SSAValue | None = None
    zero: SSAValue | None = None
    for k, check in reversed(list(enumerate(checks))):
        bound, extents = check.bound, check.all_extents
        if extents is None or (isinstance(bound, int) and bound > 0):
            continue
        zero = add(index_constant(0)) if zero is None else zero
        limit = add(index_constant(bound)) if isinstance(bound, int) else values[bound]
        fails = add(arith.CmpiOp(limit, zero, "sle"))
        for extent in (e for e in extents if isinstance(e, SSAValue)):
            fails = add(arith.AndIOp(fails, add(arith.CmpiOp(values[extent], zero, "sgt"))))
        number = add(arith.ConstantOp(IntegerAttr(FIRST_STATUS + k, i32)))
        status = add(arith.SelectOp(fails, number, ok if status is None else status))
    return status


def check_texts(checks: Sequence[CheckOp]) -> ArrayAttr[Attribute]:
    """What each check is about, for people: `prog.ix:3:1: dimension 0 of 'x'`."""
    texts: list[Attribute] = []
    for check in checks:
        place = str(Place.of(check.location))
        what = f"dimension {check.axis.value.data} of '{shown(check.tensor.data)}'"
        texts.append(StringAttr(f"{place}: {what}" if place else what))
    return ArrayAttr(texts)
