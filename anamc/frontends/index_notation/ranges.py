"""
Ranges of iterators from the indices in which they stand, by exprgrad's priorities.

A range is: written; else from bare uses (all those dimensions are equal); else the largest
interval for which the affine indices whose other iterators are known stay inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from anamc.frontends.index_notation.bounds import Range, bounds
from anamc.frontends.index_notation.polynomials import (
    ZERO,
    Polynomial,
    ceildiv,
    floordiv,
    iterator,
    largest,
    lift,
    smallest,
)

Origin = TypeVar("Origin")


@dataclass(frozen=True)
class Use(Generic[Origin]):
    """An index of a dimension of known size; `origin` is what errors point at."""

    index: Polynomial
    size: Polynomial
    origin: Origin


@dataclass(frozen=True)
class Limit:
    """An index that is written: never negative, and below `size` where that is known."""

    index: Polynomial
    size: Polynomial | None


@dataclass(frozen=True)
class Agreement(Generic[Origin]):
    """Two sizes that must be equal, since one iterator runs over both."""

    iterator: str
    first: Use[Origin]
    second: Use[Origin]

    @property
    def is_impossible(self) -> bool:
        """True where the sizes differ for certain."""
        return bool((self.first.size - self.second.size).value)


@dataclass
class Solution(Generic[Origin]):
    """Ranges found so far, and what must hold at run time for them to be right."""

    ranges: dict[str, Range]
    agreements: list[Agreement[Origin]] = field(default_factory=list[Agreement[Origin]])

    def solve(self, iterators: Iterable[str], uses: Sequence[Use[Origin]], limits: Sequence[Limit] = ()) -> None:
        """
        Finds the ranges of those iterators that have none yet and that `uses` determine.

        `limits` make the interval of an affine index smaller, but do not determine a range alone.
        """
        open_ = [i for i in iterators if i not in self.ranges]
        for name in open_:
            self._bare(name, uses)
        linear = [(use.size, *form) for use in uses if (form := use.index.linear()) is not None]
        limiting = [(limit.size, *form) for limit in limits if (form := limit.index.linear()) is not None]
        progress = True
        while progress:
            progress = False
            for name in [i for i in open_ if i not in self.ranges]:
                found = self._interval(name, linear, limiting)
                if found is not None:
                    self.ranges[name] = found
                    progress = True

    def _bare(self, name: str, uses: Sequence[Use[Origin]]) -> None:
        bare = [u for u in uses if u.index == iterator(name)]
        if not bare:
            return
        first = next((u for u in bare if u.size.value is not None), bare[0])
        self.ranges[name] = Range(ZERO, first.size)
        different: dict[Polynomial, Use[Origin]] = {}
        for use in bare:
            different.setdefault(use.size, use)
        self.agreements += [Agreement(name, first, u) for size, u in different.items() if size != first.size]

    def _interval(self, name: str, uses: Sequence[Linear], limits: Sequence[Linear]) -> Range | None:
        lows: list[Polynomial] = []
        highs: list[Polynomial] = []
        for linear in uses:
            if (reach := self._reach(name, linear)) is not None:
                lows.append(_first(*reach))
                highs.append(_last(*reach))
        if not lows:
            return None
        for linear in limits:
            if (reach := self._reach(name, linear)) is None:
                continue
            if linear[0] is not None or reach[0] > 0:
                lows.append(_first(*reach))
            if linear[0] is not None or reach[0] < 0:
                highs.append(_last(*reach))
        return Range(largest(*lows), smallest(*highs) + 1)

    def _reach(self, name: str, linear: Linear) -> Reach | None:
        """Coefficient of the iterator, bounds of all the rest, size; None where another iterator is not known."""
        size, coefficients, rest = linear
        if name not in coefficients or any(i != name and i not in self.ranges for i in coefficients):
            return None
        others = sum((iterator(i) * c for i, c in coefficients.items() if i != name), rest)
        found = bounds(others, self.ranges)
        if found.low is None or found.high is None:
            return None
        return coefficients[name], found.low, found.high, ZERO if size is None else size


Linear = tuple[Polynomial | None, Mapping[str, int], Polynomial]
Reach = tuple[int, Polynomial, Polynomial, Polynomial]


def _first(c: int, low: Polynomial, high: Polynomial, size: Polynomial) -> Polynomial:
    """The first p with ``0 <= c p + r < size`` for every r in ``low .. high``."""
    return ceildiv(-low, c) if c > 0 else ceildiv(high - size + 1, -c)


def _last(c: int, low: Polynomial, high: Polynomial, size: Polynomial) -> Polynomial:
    """The last p with ``0 <= c p + r < size`` for every r in ``low .. high``."""
    return floordiv(size - 1 - high, lift(c)) if c > 0 else floordiv(low, lift(-c))
