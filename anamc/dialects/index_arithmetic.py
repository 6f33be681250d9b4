"""What index expressions are: on numbers, on arrays of them, and on intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
    AffineSymExpr,
)

T = TypeVar("T")
Interval = tuple[int, int]
Table = Mapping[AffineBinaryOpKind, Callable[[T, T], T]]

NUMBERS: Table[Any] = {
    AffineBinaryOpKind.Add: lambda a, b: a + b,
    AffineBinaryOpKind.Mul: lambda a, b: a * b,
    AffineBinaryOpKind.FloorDiv: lambda a, b: a // b,
    AffineBinaryOpKind.CeilDiv: lambda a, b: -(-a // b),
    AffineBinaryOpKind.Mod: lambda a, b: a % b,
}
"""The operators, on Python's integers or NumPy's arrays of integers."""


def _product(a: Interval, b: Interval) -> Interval:
    corners = [x * y for x in a for y in b]
    return min(corners), max(corners)


INTERVALS: Table[Interval] = {
    AffineBinaryOpKind.Add: lambda a, b: (a[0] + b[0], a[1] + b[1]),
    AffineBinaryOpKind.Mul: _product,
    AffineBinaryOpKind.FloorDiv: lambda a, b: (a[0] // b[0], a[1] // b[0]),
    AffineBinaryOpKind.CeilDiv: lambda a, b: (-(-a[0] // b[0]), -(-a[1] // b[0])),
    AffineBinaryOpKind.Mod: lambda a, b: a if a[0] >= 0 and a[1] < b[0] else (0, b[0] - 1),
}
"""The operators on least and largest values; divisors are positive numbers."""


def folded(
    expr: AffineExpr,
    table: Table[T],
    constant: Callable[[int], T],
    dim: Callable[[int], T],
    symbol: Callable[[int], T],
) -> T:
    """An expression over what its leaves stand for; raises ValueError for one of another kind."""
    match expr:
        case AffineConstantExpr():
            return constant(expr.value)
        case AffineDimExpr():
            return dim(expr.position)
        case AffineSymExpr():
            return symbol(expr.position)
        case AffineBinaryOpExpr():
            left = folded(expr.lhs, table, constant, dim, symbol)
            return table[expr.kind](left, folded(expr.rhs, table, constant, dim, symbol))
        case _:
            raise ValueError(f"'{expr}' is no index expression")


def evaluated(expr: AffineExpr, dims: Callable[[int], Any], symbols: Callable[[int], Any]) -> Any:
    """The value of an expression at numbers, or arrays of them."""
    return folded(expr, NUMBERS, lambda value: value, dims, symbols)


def interval(expr: AffineExpr, dims: Sequence[Interval], symbols: Sequence[Interval]) -> Interval:
    """Bounds of an expression over intervals: exact where no iterator stands in it twice."""
    return folded(expr, INTERVALS, lambda value: (value, value), dims.__getitem__, symbols.__getitem__)


def constant_bounds(expr: AffineExpr, ranges: Sequence[int | None]) -> Interval | None:
    """Bounds of an index over constant ranges; None where something in it is not constant."""
    leaves = list(expr.dfs())
    if any(
        isinstance(e, AffineSymExpr) or (isinstance(e, AffineDimExpr) and ranges[e.position] is None) for e in leaves
    ):
        return None
    return interval(expr, [(0, (size or 0) - 1) for size in ranges], [])
