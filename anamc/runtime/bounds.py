"""Indices checked before a function runs: by intervals of iterators, sizes and index arrays, else one by one."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from xdsl.context import Context
from xdsl.dialects.builtin import AffineMapAttr, Builtin
from xdsl.ir.affine import AffineExpr, AffineSymExpr
from xdsl.parser import Parser
from xdsl.utils.exceptions import ParseError

from anamc.dialects.index_arithmetic import Interval, interval
from anamc.dialects.size_syntax import size_value
from anamc.errors import CallError, Error, shown
from anamc.program import ComputedCheck, IndexCheck
from anamc.runtime.index_values import Reached, Space, Table


def check_index(check: IndexCheck, arrays: Mapping[str, np.ndarray[Any, Any]], sizes: Mapping[str, int]) -> None:
    """
    CallError A0522 where an index of a call is out of range. Nothing to do where a range is empty.

    Intervals decide first; where they are too coarse, the index at every iteration does.
    """
    ranges = [size_value(text, sizes) for text in check.ranges]
    used = [np.asarray(arrays[name]) for name in check.tables if name]
    if any(n <= 0 for n in ranges) or any(not t.size for t in used):
        return
    known = [size_value(text, sizes) for text in check.sizes]
    bound = size_value(check.bound, sizes)
    expr = expression(check.index)
    symbols = [(v, v) for v in known] + [_ends(arrays[name]) if name else (0, 0) for name in check.tables]
    low, high = interval(expr, [(0, n - 1) for n in ranges], symbols)
    if low >= 0 and high < bound:
        return
    tables = [Table(arrays[n], expressions(p)) if n else None for n, p in zip(check.tables, check.places, strict=True)]
    space = Space(ranges, known, tables, expressions(check.where) if check.where else ())
    found = space.first_outside(expr, bound)
    if found is not None:
        what = f"index out of range: dimension {check.axis} of '{shown(check.tensor)}' has size {bound}"
        raise CallError("A0522", what, place=check.spot, why=_reason(check, space, expr, found))


def _ends(table: np.ndarray[Any, Any]) -> Interval:
    return int(table.min()), int(table.max())


def computed_error(check: ComputedCheck, sizes: Mapping[str, int], extremes: Sequence[int]) -> CallError:
    """
    The error A0525 of a check that failed.

    `extremes`: the least index, the iteration that reaches it, the largest index, the iteration that reaches it.
    """
    low, low_at, high, high_at = extremes
    value, number = (low, low_at) if low < 0 else (high, high_at)
    bound = size_value(check.bound, sizes) if check.bound else None
    size = " is smaller" if bound is None else f" has size {bound}"
    what = f"computed index out of range: dimension {check.axis} of '{shown(check.tensor)}'{size}"
    if bound == 0:
        return CallError("A0525", what, place=check.spot, why="no index is inside of it")
    why = f"it is {value}"
    if all(check.ranges) and number >= 0:
        point: list[str] = []
        for name, text in reversed(list(zip(check.iterators, check.ranges, strict=True))):
            number, k = divmod(number, size_value(text, sizes))
            point.insert(0, f"{shown(name)} = {k}")
        why += f" at {', '.join(point)}" if point else ""
    return CallError("A0525", what, place=check.spot, why=why)


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


def _reason(check: IndexCheck, space: Space, expr: AffineExpr, found: Reached) -> str:
    """Which elements of index arrays it were, and in which iteration."""
    symbols = {e.position - len(check.sizes) for e in expr.dfs() if isinstance(e, AffineSymExpr)}
    elements: list[str] = []
    for k, table in enumerate(space.tables):
        if table is not None and k in symbols:
            at = space.place(table, found.point)
            where = ", ".join(map(str, at))
            elements.append(f"'{shown(check.tables[k])}'[{where}] = {int(table.array[at])}")
    iteration = ", ".join(f"{shown(check.iterators[d])} = {v}" for d, v in found.point.items())
    what = f"{' and '.join(elements)} reaches" if elements else "it is reached at"
    return f"{what} {found.value} at {iteration}" if iteration else f"{what} {found.value}"


def expression(text: str) -> AffineExpr:
    """The only result of an affine map in text."""
    found = expressions(text)
    if len(found) != 1:
        raise Error("A0523", f"'{shown(text)}' is no affine map of one result")
    return found[0]


@lru_cache(maxsize=1024)
def expressions(text: str) -> tuple[AffineExpr, ...]:
    """The results of an affine map in text."""
    context = Context()
    context.load_dialect(Builtin)
    try:
        attribute = Parser(context, f"affine_map<{text}>").parse_attribute()
    except ParseError:
        attribute = None
    if not isinstance(attribute, AffineMapAttr):
        raise Error("A0523", f"'{shown(text)}' is no affine map")
    return attribute.data.results
