"""
Minimax approximations in 60 digits: Remez's exchange for polynomials and quotients of polynomials.

The error that is levelled is ``(p(x) / q(x) - f(x)) / w(x)``. Nothing but Python's `decimal` is used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, getcontext
from math import cos, pi

getcontext().prec = 60

Function = Callable[[Decimal], Decimal]
ROUNDS = 40


@dataclass(frozen=True)
class Fit:
    """``p(x) / q(x)``, constant term first, and the largest weighted error on the grid."""

    p: tuple[Decimal, ...]
    q: tuple[Decimal, ...]
    error: Decimal


def horner(coefficients: Sequence[Decimal], x: Decimal) -> Decimal:
    """The value of a polynomial."""
    value = Decimal(0)
    for c in reversed(coefficients):
        value = value * x + c
    return value


def solve(rows: list[list[Decimal]], right: list[Decimal]) -> list[Decimal]:
    """The solution of a square linear system, by Gauss's elimination with row exchanges."""
    n = len(rows)
    table = [[*row, b] for row, b in zip(rows, right, strict=True)]
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(table[i][k]))
        table[k], table[pivot] = table[pivot], table[k]
        for i in range(k + 1, n):
            factor = table[i][k] / table[k][k]
            if factor:
                table[i] = [a - factor * b for a, b in zip(table[i], table[k], strict=True)]
    found = [Decimal(0)] * n
    for k in reversed(range(n)):
        rest = sum((table[k][j] * found[j] for j in range(k + 1, n)), Decimal(0))
        found[k] = (table[k][n] - rest) / table[k][k]
    return found


def powers(x: Decimal, degree: int) -> list[Decimal]:
    """``1, x, ..., x^degree``"""
    found = [Decimal(1)]
    for _ in range(degree):
        found.append(found[-1] * x)
    return found


def nodes(a: Decimal, b: Decimal, count: int) -> list[Decimal]:
    """Chebyshev's points, the ends among them."""
    return [(a + b) / 2 - (b - a) / 2 * Decimal(cos(pi * k / (count - 1))) for k in range(count)]


class Remez:
    """One approximation: `degree` of the numerator and of the denominator, on the points of `grid`, over `weight`."""

    def __init__(self, f: Function, weight: Function, grid: list[Decimal], degree: tuple[int, int]) -> None:
        self.numerator, self.denominator = degree
        self.unknowns = self.numerator + self.denominator + 2
        self.grid = grid
        self.values = [f(x) for x in self.grid]
        self.weights = [abs(weight(x)) for x in self.grid]

    def fit(self) -> Fit:
        """The best approximation, after rounds of solving and exchanging."""
        last = len(self.grid) - 1
        points = sorted({round(i * last / (self.unknowns - 1)) for i in range(self.unknowns)})
        found: list[Fit] = []
        for _ in range(ROUNDS):
            p, q, level = self._level(points)
            errors = [
                (horner(p, x) / horner(q, x) - f) / w
                for x, f, w in zip(self.grid, self.values, self.weights, strict=True)
            ]
            largest = max(map(abs, errors))
            found.append(Fit(tuple(p), tuple(q), largest))
            if largest <= abs(level) * Decimal("1.0005"):
                break
            points = self._exchange(errors, points)
        return min(found, key=lambda fit: fit.error)

    def _level(self, points: list[int]) -> tuple[list[Decimal], list[Decimal], Decimal]:
        """The quotient whose errors at the points alternate in sign and are equal in size."""
        level = Decimal(0)
        p, q = [Decimal(0)], [Decimal(1)]
        for _ in range(30 if self.denominator else 1):
            rows: list[list[Decimal]] = []
            for k, i in enumerate(points):
                x, sign = self.grid[i], (-1) ** k * self.weights[i]
                target = self.values[i] + sign * level
                upper = powers(x, self.numerator)
                lower = [-target * power for power in powers(x, self.denominator)[1:]]
                rows.append([*upper, *lower, -sign])
            found = solve(rows, [self.values[i] for i in points])
            p, q = found[: self.numerator + 1], [Decimal(1), *found[self.numerator + 1 : -1]]
            before, level = level, found[-1]
            if abs(level - before) <= abs(level) * Decimal("1e-6"):
                break
        return p, q, level

    def _exchange(self, errors: list[Decimal], points: list[int]) -> list[int]:
        """The extremes of the error, alternating in sign, with the largest among them."""
        extremes: list[int] = []
        for i, error in enumerate(errors):
            if extremes and (errors[extremes[-1]] > 0) == (error > 0):
                if abs(error) > abs(errors[extremes[-1]]):
                    extremes[-1] = i
            else:
                extremes.append(i)
        while len(extremes) > self.unknowns:
            if len(extremes) == self.unknowns + 1:
                extremes.pop(0 if abs(errors[extremes[0]]) < abs(errors[extremes[-1]]) else -1)
                continue
            gap = min(
                range(len(extremes) - 1), key=lambda k: max(abs(errors[extremes[k]]), abs(errors[extremes[k + 1]]))
            )
            del extremes[gap : gap + 2]
        return extremes if len(extremes) == self.unknowns else points
