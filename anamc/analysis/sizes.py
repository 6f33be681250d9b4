"""Computed sizes as expressions: arithmetic on run-time sizes to what `anamc.dims` can say."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr, AffineExpr

_AFFINE: Mapping[type[Operation], Callable[[AffineExpr, AffineExpr], AffineExpr]] = {
    arith.AddiOp: lambda a, b: a + b,
    arith.SubiOp: lambda a, b: a - b,
    arith.MuliOp: lambda a, b: a * b,
    arith.FloorDivSIOp: lambda a, b: a // b,
    arith.CeilDivSIOp: lambda a, b: a.ceil_div(b),
}
"""Arithmetic on sizes that is affine where one side is a constant."""


def size_expression(value: SSAValue, sizes: Mapping[SSAValue, int]) -> AffineExpr | None:
    """The expression of a computed size in the run-time sizes (by position); None where it is not affine."""
    if value in sizes:
        return AffineDimExpr(sizes[value])
    op = value.owner
    if isinstance(op, arith.ConstantOp) and isinstance(op.value, IntegerAttr):
        return AffineConstantExpr(op.value.value.data)
    rule = _AFFINE.get(type(op)) if isinstance(op, Operation) else None
    if rule is None or not isinstance(op, Operation):
        return None
    left, right = (size_expression(v, sizes) for v in op.operands)
    if left is None or right is None:
        return None
    if isinstance(op, arith.FloorDivSIOp | arith.CeilDivSIOp) and not (
        isinstance(right, AffineConstantExpr) and right.value > 0
    ):
        return None
    is_sum = isinstance(op, arith.AddiOp | arith.SubiOp)
    is_scaled = isinstance(op, arith.MuliOp) and isinstance(left, AffineConstantExpr)
    return rule(left, right) if is_sum or is_scaled or isinstance(right, AffineConstantExpr) else None
