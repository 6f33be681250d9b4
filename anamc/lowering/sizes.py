"""Sizes as operations: the texts of `anamc.dims` to arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineBinaryOpKind, AffineDimExpr
from xdsl.utils.exceptions import DiagnosticException, PassFailedException

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


def size_operations(pass_name: str, text: str, sizes: Mapping[str, SSAValue], add: Add) -> SSAValue:
    """
    A size as a value of type index, computed by operations that `add` appends.

    `sizes`: the run-time sizes by name, of type index or an integer type. PassFailedException for a
    text that is no size.
    """
    names = list(sizes)
    try:
        expr = parse_size(text, names)
    except DiagnosticException as error:
        raise PassFailedException(f'{pass_name}: the dimension "{text}" is no size of the function: {error}') from None
    used = {e.position for e in expr.dfs() if isinstance(e, AffineDimExpr)}

    def cast(k: int) -> SSAValue:
        value = sizes[names[k]]
        if k not in used or isinstance(value.type, IndexType):
            return value
        return add(arith.IndexCastOp(value, IndexType()))

    dims = [cast(k) for k in range(len(names))]
    return fold(expr, dims, lambda c: add(index_constant(c)), lambda kind, a, b: _BINARY[kind](add, a, b))
