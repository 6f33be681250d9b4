"""Sizes as operations: the texts of `anamc.dims` to arithmetic, and arithmetic to texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerAttr
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineBinaryOpKind, AffineConstantExpr, AffineDimExpr, AffineExpr

from anamc.dialects.sizes import fold, parse_size
from anamc.numerics.constants import index_constant

Add = Callable[[Operation], SSAValue]


def _mod(add: Add, a: SSAValue, b: SSAValue) -> SSAValue:
    """``a - (a floordiv b) b``"""
    whole = add(arith.MuliOp(add(arith.FloorDivSIOp(a, b)), b))
    return add(arith.SubiOp(a, whole))


_BINARY: Mapping[AffineBinaryOpKind, Callable[[Add, SSAValue, SSAValue], SSAValue]] = {
    AffineBinaryOpKind.Add: lambda add, a, b: add(arith.AddiOp(a, b)),
    AffineBinaryOpKind.Mul: lambda add, a, b: add(arith.MuliOp(a, b)),
    AffineBinaryOpKind.FloorDiv: lambda add, a, b: add(arith.FloorDivSIOp(a, b)),
    AffineBinaryOpKind.CeilDiv: lambda add, a, b: add(arith.CeilDivSIOp(a, b)),
    AffineBinaryOpKind.Mod: _mod,
}


def size_operations(text: str, sizes: Mapping[str, SSAValue], add: Add) -> SSAValue:
    """
    A size as a value of type index, computed by operations that `add` appends.

    `sizes`: the run-time sizes by name, of type index or an integer type. DiagnosticException for a
    text that is no size.
    """
    names = list(sizes)
    expr = parse_size(text, names)
    used = {e.position for e in expr.dfs() if isinstance(e, AffineDimExpr)}

    def cast(k: int) -> SSAValue:
        value = sizes[names[k]]
        if k not in used or isinstance(value.type, IndexType):
            return value
        return add(arith.IndexCastOp(value, IndexType()))

    dims = [cast(k) for k in range(len(names))]
    return fold(expr, dims, lambda c: add(index_constant(c)), lambda kind, a, b: _BINARY[kind](add, a, b))


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
    is_sum = isinstance(op, arith.AddiOp | arith.SubiOp)
    is_scaled = isinstance(op, arith.MuliOp) and isinstance(left, AffineConstantExpr)
    return rule(left, right) if is_sum or is_scaled or isinstance(right, AffineConstantExpr) else None
