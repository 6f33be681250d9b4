"""The values of an index over the iterations of a call, with NumPy, in pieces of bounded size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
    AffineSymExpr,
)

from anamc.dialects.index_arithmetic import evaluated
from anamc.dialects.linear import summed, terms_of
from anamc.errors import Error

CHUNK = 1 << 18
"""Iterations that are looked at together."""
SEARCHED = 1 << 26
"""Most iterations among which the first that is wrong is looked for; beyond, the worst is shown."""
WIDE = 1 << 62
"""Numbers of this size are computed with Python's integers."""

Values = NDArray[Any]


@dataclass(frozen=True)
class Reached:
    """An index at an iteration: its value, and the iterators on which it depends."""

    value: int
    point: Mapping[int, int]


@dataclass(frozen=True)
class Table:
    """An index array, and where each iteration reads it."""

    array: Values
    place: tuple[AffineExpr, ...]


@dataclass(frozen=True)
class Space:
    """
    The iterations of a nest: ``0 <= d_k < ranges_k``, where all guards are >= 0.

    `sizes` are the values of the size symbols; `tables` those of the symbols behind them, None where a
    symbol is not used.
    """

    ranges: Sequence[int]
    sizes: Sequence[int]
    tables: Sequence[Table | None]
    where: Sequence[AffineExpr] = ()

    def first_outside(self, index: AffineExpr, bound: int) -> Reached | None:
        """An iteration whose index is not in ``0 .. bound - 1``: the first one where they are not too many."""
        if self.where:
            return self._scan(index, bound, None)
        low, high = self.extremes(index)
        if low.value >= 0 and high.value < bound:
            return None
        return self._scan(index, bound, SEARCHED) or (low if low.value < 0 else high)

    def extremes(self, index: AffineExpr) -> tuple[Reached, Reached]:
        """
        The least and the largest value of an index, without guards, over ranges that are not empty.

        Terms that share no iterator are looked at one after the other, so that only what
        belongs together is enumerated.
        """
        terms, constant = terms_of(index)
        groups: list[tuple[set[int], dict[AffineExpr, int]]] = []
        for term, c in terms.items():
            dims, joined = set(self.dims(term)), {term: c}
            for other in [g for g in groups if g[0] & dims]:
                dims, joined = dims | other[0], other[1] | joined
                groups.remove(other)
            groups.append((dims, joined))
        low = high = constant
        points: tuple[dict[int, int], dict[int, int]] = ({}, {})
        for _, joined in groups:
            least, most = self._group(joined)
            low, high = low + least.value, high + most.value
            points[0].update(least.point)
            points[1].update(most.point)
        return Reached(low, points[0]), Reached(high, points[1])

    def dims(self, expr: AffineExpr) -> list[int]:
        """The iterators on which an expression depends, also through tables."""
        found: set[int] = set()
        for inner in expr.dfs():
            if isinstance(inner, AffineDimExpr):
                found.add(inner.position)
            elif isinstance(inner, AffineSymExpr) and (table := self._table(inner.position)) is not None:
                found |= {d for place in table.place for d in self.dims(place)}
        return sorted(found)

    def place(self, table: Table, point: Mapping[int, int]) -> tuple[int, ...]:
        """Where a table is read at an iteration."""
        at = {d: np.array([v]) for d, v in point.items()}
        return tuple(int(np.asarray(self._values(e, at, np.dtype(np.int64))).reshape(-1)[0]) for e in table.place)

    def _table(self, symbol: int) -> Table | None:
        k = symbol - len(self.sizes)
        return self.tables[k] if k >= 0 else None

    def _group(self, terms: Mapping[AffineExpr, int]) -> tuple[Reached, Reached]:
        match list(terms.items()):
            case [(AffineDimExpr(position=d), c)]:
                first, last = Reached(0, {d: 0}), Reached(c * (self.ranges[d] - 1), {d: self.ranges[d] - 1})
                return (first, last) if c > 0 else (last, first)
            case _:
                pass
        expr = summed(terms, 0)
        dims = self.dims(expr)
        low: Reached | None = None
        high: Reached | None = None
        for point, values in self._pieces(expr, dims):
            k, m = int(values.argmin()), int(values.argmax())
            if low is None or values[k] < low.value:
                low = _reached(point, values, k)
            if high is None or values[m] > high.value:
                high = _reached(point, values, m)
        if low is None or high is None:
            raise Error("A0523", "an index check has no iterations")
        return low, high

    def _scan(self, index: AffineExpr, bound: int, most: int | None) -> Reached | None:
        """The first iteration outside, in lexicographic order; None where there is none, or none among the first."""
        dims = sorted({d for e in (index, *self.where) for d in self.dims(e)})
        for point, values in self._pieces(index, dims, most):
            outside = np.flatnonzero((values < 0) | (values >= bound))
            if outside.size:
                return _reached(point, values, int(outside[0]))
        return None

    def _pieces(
        self, expr: AffineExpr, dims: Sequence[int], most: int | None = None
    ) -> Iterator[tuple[dict[int, Values], Values]]:
        """Iterations that the guards let through, as values of `dims`, and the index there; never none."""
        total = prod(self.ranges[d] for d in dims)
        kind = object if self._peak(expr) >= WIDE else np.int64
        for start in range(0, total if most is None else min(total, most), CHUNK):
            rest = np.arange(start, min(start + CHUNK, total), dtype=np.int64)
            point: dict[int, Values] = {}
            for d in reversed(dims):
                rest, point[d] = np.divmod(rest, self.ranges[d])
            for guard in self.where:
                keep = self._values(guard, point, np.dtype(object if self._peak(guard) >= WIDE else np.int64)) >= 0
                count = len(next(iter(point.values()), rest))
                keep = np.broadcast_to(np.asarray(keep, bool), (count,))
                point = {d: v[keep] for d, v in point.items()}
            count = len(next(iter(point.values()))) if point else 1
            if count:
                yield point, np.broadcast_to(np.asarray(self._values(expr, point, np.dtype(kind))), (count,))

    def _values(self, expr: AffineExpr, point: Mapping[int, Values], kind: np.dtype[Any]) -> Any:
        def symbol(k: int) -> Any:
            table = self._table(k)
            if table is None:
                return self.sizes[k]
            place = tuple(self._values(e, point, np.dtype(np.int64)) for e in table.place)
            return np.asarray(table.array[place]).astype(kind)

        return evaluated(expr, lambda d: point[d].astype(kind), symbol)

    def _peak(self, expr: AffineExpr) -> int:
        """A bound of all numbers that the evaluation of an expression meets."""
        match expr:
            case AffineConstantExpr():
                return abs(expr.value)
            case AffineDimExpr():
                return self.ranges[expr.position]
            case AffineSymExpr():
                table = self._table(expr.position)
                return abs(self.sizes[expr.position]) if table is None else 1 << 8 * table.array.itemsize - 1
            case AffineBinaryOpExpr():
                left, right = self._peak(expr.lhs), self._peak(expr.rhs)
                return left * max(right, 1) if expr.kind == AffineBinaryOpKind.Mul else left + right
            case _:
                return WIDE


def _reached(point: Mapping[int, Values], values: Values, k: int) -> Reached:
    return Reached(int(values[k]), {d: int(v[k]) for d, v in sorted(point.items())})
