"""Constants as operations."""

from __future__ import annotations

from xdsl.dialects import arith
from xdsl.dialects.builtin import AnyFloat, FloatAttr, IndexType, IntegerAttr
from xdsl.ir import Attribute
from xdsl.utils.exceptions import PassFailedException


def float_constant(value: float, type: Attribute) -> arith.ConstantOp:
    """`arith.constant` of a float type; PassFailedException for another type."""
    if not isinstance(type, AnyFloat):
        raise PassFailedException(f"expected a float type, got {type}")
    return arith.ConstantOp(FloatAttr(value, type))


def index_constant(value: int) -> arith.ConstantOp:
    """`arith.constant` of type index."""
    return arith.ConstantOp(IntegerAttr(value, IndexType()))
