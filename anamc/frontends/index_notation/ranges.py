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

    def solve(self, iterators: Iterable[str], uses: Sequence[Use[Origin]]) -> None:
        """Finds the ranges of those iterators that have none yet and that `uses` determine."""
        open_ = [i for i in iterators if i not in self.ranges]
        for name in open_:
            self._bare(name, uses)
        linear = [(use, *form) for use in uses if (form := use.index.linear()) is not None]
        progress = True
        while progress:
            progress = False
            for name in [i for i in open_ if i not in self.ranges]:
                found = self._interval(name, linear)
                if found is not None:
                    self.ranges[name] = found
                    progress = True

    def _bare(self, name: str, uses: Sequence[Use[Origin]]) -> None:
        bare = [u for u in uses if u.index == iterator(name)]
        if not bare:
            return
        first = next((u for u in bare if u.size.value is not None), bare[0])
        self.ranges[name] = Range(ZERO, first.size)
        different = {u.size: u for u in reversed(bare) if u.size != first.size}
        self.agreements += [Agreement(name, first, u) for u in reversed(different.values())]

    def _interval(self, name: str, uses: Sequence[tuple[Use[Origin], Mapping[str, int], Polynomial]]) -> Range | None:
        lows: list[Polynomial] = []
        highs: list[Polynomial] = []
        for use, coefficients, rest in uses:
            if name not in coefficients or any(i != name and i not in self.ranges for i in coefficients):
                continue
            others = sum((iterator(i) * c for i, c in coefficients.items() if i != name), rest)
            reach = bounds(others, self.ranges)
            if reach.low is None or reach.high is None:
                continue
            low, high = _interval(coefficients[name], reach.low, reach.high, use.size)
            lows.append(low)
            highs.append(high)
        return Range(largest(*lows), smallest(*highs) + 1) if lows else None


def _interval(c: int, low: Polynomial, high: Polynomial, size: Polynomial) -> tuple[Polynomial, Polynomial]:
    """All p with ``0 <= c p + r < size`` for every r in ``low .. high``: the first and the last of them."""
    if c > 0:
        return ceildiv(-low, c), floordiv(size - 1 - high, lift(c))
    return ceildiv(high - size + 1, -c), floordiv(low, lift(-c))
