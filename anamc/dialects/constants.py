"""Which values are one constant everywhere."""

from __future__ import annotations

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, FloatAttr, IntegerAttr
from xdsl.ir import SSAValue


def splat_value(value: SSAValue) -> FloatAttr | IntegerAttr | None:
    """The constant that a scalar is, or a tensor everywhere; None for any other value."""
    owner = value.owner.input.owner if isinstance(value.owner, tensor.SplatOp) else value.owner
    if not isinstance(owner, arith.ConstantOp):
        return None
    attribute = owner.value
    if isinstance(attribute, DenseIntOrFPElementsAttr):
        attribute = attribute.get_attrs()[0] if attribute.is_splat() else None
    return attribute if isinstance(attribute, FloatAttr | IntegerAttr) else None
