"""Indices checked before a function runs: by intervals of iterators, sizes and index arrays."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from xdsl.context import Context
from xdsl.dialects.builtin import AffineMapAttr, Builtin
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
    AffineSymExpr,
)
from xdsl.parser import Parser

from anamc.dialects.size_syntax import size_value
from anamc.errors import CallError, Error, shown
from anamc.program import IndexCheck

Interval = tuple[int, int]


def check_index(check: IndexCheck, arrays: Mapping[str, np.ndarray[Any, Any]], sizes: Mapping[str, int]) -> None:
    """CallError A0522 where an index of a call is out of range. Nothing to do where a range is empty."""
    ranges = [size_value(text, sizes) for text in check.ranges]
    tables = [np.asarray(arrays[name]) if name else np.zeros(1, np.int64) for name in check.tables]  # "": not used here
    if any(n <= 0 for n in ranges) or any(not t.size for t in tables):
        return
    dims = [(0, n - 1) for n in ranges]
    symbols = [(v, v) for v in (size_value(text, sizes) for text in check.sizes)]
    symbols += [(int(t.min()), int(t.max())) for t in tables]
    bound = size_value(check.bound, sizes)
    expr = expression(check.index)
    low, high = interval(expr, dims, symbols)
    if low < 0 or high >= bound:
        raise CallError(
            "A0522",
            f"index out of range: dimension {check.axis} of '{shown(check.tensor)}' has size {bound}",
            why=_reason(check, tables if _uses_tables(expr, check) else [], low if low < 0 else high, low < 0),
        )


_COMPARISONS: dict[str, Callable[[int, int], bool]] = {"==": operator.eq, ">=": operator.ge, "<=": operator.le}


def check_requirement(condition: str, reason: str, sizes: Mapping[str, int]) -> None:
    """CallError A0524 where a condition on sizes ("n == m", "n - 1 >= 0 or m <= 3") does not hold."""
    if any(holds(part, sizes) for part in condition.split(" or ")):
        return
    known = ", ".join(f"{shown(name)} = {sizes[name]}" for name in sizes)
    raise CallError("A0524", f"sizes do not fit: {shown(condition)} is needed", place=reason, why=f"here {known}")


def holds(comparison: str, sizes: Mapping[str, int]) -> bool:
    """The truth of one comparison of sizes."""
    for symbol, compare in _COMPARISONS.items():
        left, found, right = comparison.partition(f" {symbol} ")
        if found:
            return compare(size_value(left, sizes), size_value(right, sizes))
    raise Error("A0523", f"'{shown(comparison)}' is no comparison of sizes")


def _uses_tables(expr: AffineExpr, check: IndexCheck) -> bool:
    return any(isinstance(e, AffineSymExpr) and e.position >= len(check.sizes) for e in expr.dfs())


def _reason(check: IndexCheck, tables: list[np.ndarray[Any, Any]], index: int, below: bool) -> str:
    """Which value of an index array it was; else how far the loops run."""
    if len(tables) != 1:
        return f"it is reached at {index}"
    place = np.unravel_index(int(tables[0].argmin() if below else tables[0].argmax()), tables[0].shape)
    at = ", ".join(str(int(k)) for k in place)
    return f"'{shown(check.tables[0])}'[{at}] = {int(tables[0][place])} reaches {index}"


def expression(text: str) -> AffineExpr:
    """The only result of an affine map in text."""
    context = Context()
    context.load_dialect(Builtin)
    attribute = Parser(context, f"affine_map<{text}>").parse_attribute()
    if not isinstance(attribute, AffineMapAttr) or len(attribute.data.results) != 1:
        raise Error("A0523", f"'{shown(text)}' is no affine map of one result")
    return attribute.data.results[0]


def interval(expr: AffineExpr, dims: list[Interval], symbols: list[Interval]) -> Interval:
    """Least and largest value of an index."""
    match expr:
        case AffineDimExpr():
            return dims[expr.position]
        case AffineSymExpr():
            return symbols[expr.position]
        case AffineConstantExpr():
            return expr.value, expr.value
        case AffineBinaryOpExpr():
            return _combined(expr.kind, interval(expr.lhs, dims, symbols), interval(expr.rhs, dims, symbols))
        case _:
            raise Error("A0523", f"'{expr}' is no index")


def _combined(kind: AffineBinaryOpKind, a: Interval, b: Interval) -> Interval:
    match kind:
        case AffineBinaryOpKind.Add:
            return a[0] + b[0], a[1] + b[1]
        case AffineBinaryOpKind.Mul:
            corners = [x * y for x in a for y in b]
            return min(corners), max(corners)
        case AffineBinaryOpKind.FloorDiv:
            return a[0] // b[0], a[1] // b[0]
        case AffineBinaryOpKind.CeilDiv:
            return -(-a[0] // b[0]), -(-a[1] // b[0])
        case AffineBinaryOpKind.Mod:
            return a if a[0] >= 0 and a[1] < b[0] else (0, b[0] - 1)
