"""The iteration that wins a `max` or a `min`."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr, i64
from xdsl.ir import SSAValue

from anamc.lowering.emitter import Emitter, Index

NOBODY = IntegerAttr(-1, i64)
"""The number where the initial value wins."""
ORDERED_FLOATS = {"max": "ugt", "min": "ult"}
ORDERED_INTEGERS = {"max": "sgt", "min": "slt"}


def wins(emit: Emitter, combiner: str, old: SSAValue, new: SSAValue, is_integer: bool) -> SSAValue:
    """
    True where a new value takes the place of the old one: where it is larger (smaller), or the first NaN.

    ``(new > old or either is NaN) and old is no NaN``
    """
    if is_integer:
        return emit.value(arith.CmpiOp(new, old, ORDERED_INTEGERS[combiner]))
    ahead = emit.value(arith.CmpfOp(new, old, ORDERED_FLOATS[combiner]))
    return emit.value(arith.AndIOp(ahead, emit.value(arith.CmpfOp(old, old, "ord"))))


def linear_number(emit: Emitter, indices: Sequence[Index], extents: Sequence[Index]) -> SSAValue:
    """The number of an iteration, row-major over the ranges."""
    number: Index = 0
    for index, extent in zip(indices, extents, strict=True):
        number = emit.add(emit.mul(number, extent), index)
    if isinstance(number, int):
        return emit.constant(IntegerAttr(number, i64))
    return emit.value(arith.IndexCastOp(number, i64))
