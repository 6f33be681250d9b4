"""Between which numbers an index stays, and which inequalities between sizes are certain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from anamc.frontends.index_notation.polynomials import (
    ONE,
    ZERO,
    Atom,
    Call,
    Polynomial,
    Symbol,
    floordiv,
    largest,
    lift,
    smallest,
)

MAX_POINTS = 100_000
"""Most points of a kernel's ranges that are enumerated where bounds are not exact otherwise."""
MAX_CASES = 6
"""How often a proof splits at a minimum or maximum."""


@dataclass(frozen=True)
class Range:
    """``low <= i < high``; empty where `high` is not above `low`."""

    low: Polynomial
    high: Polynomial

    @property
    def extent(self) -> Polynomial:
        """How many numbers: ``max(high - low, 0)``."""
        length = self.high - self.low
        return length if is_nonnegative(length) else largest(length, ZERO)


@dataclass(frozen=True)
class Bounds:
    """Least and largest value, None where unknown; `exact` where both are reached (over ranges that are not empty)."""

    low: Polynomial | None
    high: Polynomial | None
    exact: bool = True


UNKNOWN = Bounds(None, None, False)


def is_nonnegative(number: Polynomial, cases: int = MAX_CASES) -> bool:
    """True where it is certain that ``number >= 0`` for all sizes (False: not certain)."""
    if all(c >= 0 and all(_atom_nonnegative(a) for a in m) for m, c in number.terms):
        return True
    if not cases:
        return False
    for monomial, c in number.terms:
        match monomial:
            case (Call(function="min" | "max" as function) as atom,):
                proofs = (is_nonnegative(_with(number, atom, a), cases - 1) for a in atom.args)
                return all(proofs) if (function == "max") == (c < 0) else any(proofs)
            case _:
                continue
    return False


def _with(number: Polynomial, atom: Atom, value: Polynomial) -> Polynomial:
    return number.replace(lambda a: value if a == atom else None)


def _atom_nonnegative(atom: Atom) -> bool:
    if isinstance(atom, Symbol):
        return atom.kind == "size"
    match atom.function:
        case "mod":
            return _is_positive(atom.args[1])
        case "floordiv" | "div":
            return is_nonnegative(atom.args[0], 1) and _is_positive(atom.args[1])
        case "rem":
            return is_nonnegative(atom.args[0], 1)
        case "max":
            return any(is_nonnegative(a, 1) for a in atom.args)
        case _:
            return all(is_nonnegative(a, 1) for a in atom.args)


def _is_positive(number: Polynomial) -> bool:
    return is_nonnegative(number - 1, 1)


def bounds(number: Polynomial, ranges: Mapping[str, Range]) -> Bounds:
    """
    The bounds of an index over ranges that are not empty.

    Exact for what is affine in the iterators; where it is not and the ranges are constant and
    small, all their points are tried.
    """
    found = _sum_bounds(number, ranges)
    if found.exact:
        return found
    return _enumerated(number, ranges) or found


def _sum_bounds(number: Polynomial, ranges: Mapping[str, Range]) -> Bounds:
    low: Polynomial | None = ZERO
    high: Polynomial | None = ZERO
    exact = True
    seen: set[str] = set()
    for monomial, c in number.terms:
        inner = Bounds(ONE, ONE)
        for atom in monomial:
            met = _iterators(atom)
            exact = exact and not met & seen
            seen |= met
            inner = _product(inner, _atom_bounds(atom, ranges))
        exact = exact and inner.exact
        small, large = (inner.low, inner.high) if c > 0 else (inner.high, inner.low)
        low = None if low is None or small is None else low + small * c
        high = None if high is None or large is None else high + large * c
    return Bounds(low, high, exact and low is not None and high is not None)


def _iterators(atom: Atom) -> set[str]:
    if isinstance(atom, Symbol):
        return {atom.name} if atom.kind == "iterator" else set()
    return {name for a in atom.args for name in a.iterators}


def _product(a: Bounds, b: Bounds) -> Bounds:
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return UNKNOWN
    if a.low == a.high == ONE:
        return b
    exact = a.exact and b.exact
    corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    values = [v for c in corners if (v := c.value) is not None]
    if len(values) == len(corners):
        return Bounds(lift(min(values)), lift(max(values)), exact)
    if is_nonnegative(a.low) and is_nonnegative(b.low):
        return Bounds(a.low * b.low, a.high * b.high, exact)
    for fixed, moving in ((a, b), (b, a)):
        if fixed.low == fixed.high and is_nonnegative(fixed.low or ZERO):
            return Bounds(corners[0], corners[-1], exact) if moving.low is not None else UNKNOWN
    return UNKNOWN


def _atom_bounds(atom: Atom, ranges: Mapping[str, Range]) -> Bounds:
    if isinstance(atom, Call):
        args = [_sum_bounds(a, ranges) for a in atom.args]
        if all(not a.iterators and not any(s.kind == "data" for s in a.symbols) for a in atom.args):
            itself = Polynomial((((atom,), 1),))
            return Bounds(itself, itself)
        return CALLS[atom.function](args)
    if atom.kind == "data":
        return UNKNOWN
    if atom.kind == "iterator":
        range = ranges.get(atom.name)
        return UNKNOWN if range is None else Bounds(range.low, range.high - 1)
    itself = Polynomial((((atom,), 1),))
    return Bounds(itself, itself)


def _floordiv(args: Sequence[Bounds]) -> Bounds:
    a, b = args
    divisor = b.low.value if b.low is not None and b.low == b.high else None
    if divisor is None or divisor <= 0 or a.low is None or a.high is None:
        return UNKNOWN
    return Bounds(floordiv(a.low, lift(divisor)), floordiv(a.high, lift(divisor)), a.exact)


def _div(args: Sequence[Bounds]) -> Bounds:
    a, b = args
    if a.low is not None and is_nonnegative(a.low):
        return _floordiv(args)
    numbers = [x.value if x is not None else None for x in (a.low, a.high, b.low, b.high)]
    match numbers:
        case [int() as low, int() as high, int() as divisor, int() as same] if divisor == same > 0:
            return Bounds(
                lift(-(-low // divisor) if low < 0 else low // divisor),
                lift(-(-high // divisor) if high < 0 else high // divisor),
                a.exact,
            )
        case _:
            return UNKNOWN


def _mod(args: Sequence[Bounds]) -> Bounds:
    a, b = args
    if b.low is None or b.low != b.high or not _is_positive(b.low):
        return UNKNOWN
    top = b.low - 1
    if a.low is not None and a.high is not None and is_nonnegative(a.low) and is_nonnegative(top - a.high):
        return a
    return Bounds(ZERO, top, False)


def _rem(args: Sequence[Bounds]) -> Bounds:
    a, b = args
    if a.low is not None and is_nonnegative(a.low):
        return _mod(args)
    if b.low is None or b.low != b.high or not _is_positive(b.low):
        return UNKNOWN
    return Bounds(ONE - b.low, b.low - 1, False)


def _min_max(choose: Callable[..., Polynomial]) -> Callable[[Sequence[Bounds]], Bounds]:
    def rule(args: Sequence[Bounds]) -> Bounds:
        lows, highs = [a.low for a in args if a.low is not None], [a.high for a in args if a.high is not None]
        if len(lows) < len(args) or len(highs) < len(args):
            return UNKNOWN
        return Bounds(choose(*lows), choose(*highs), False)

    return rule


CALLS: dict[str, Callable[[Sequence[Bounds]], Bounds]] = {
    "floordiv": _floordiv,
    "mod": _mod,
    "div": _div,
    "rem": _rem,
    "min": _min_max(smallest),
    "max": _min_max(largest),
}
"""Bounds of each call from those of its arguments."""


def _enumerated(number: Polynomial, ranges: Mapping[str, Range]) -> Bounds | None:
    names = sorted(number.iterators)
    if any(s.kind != "iterator" or s.name not in ranges for s in number.symbols):
        return None
    spans: list[range] = []
    points = 1
    for name in names:
        low, high = ranges[name].low.value, ranges[name].high.value
        if low is None or high is None or high <= low:
            return None
        spans.append(range(low, high))
        points *= high - low
    if points > MAX_POINTS:
        return None
    symbols = [Symbol("iterator", name) for name in names]
    try:
        values = [number.evaluate(dict(zip(symbols, point, strict=True))) for point in product(*spans)]
    except ZeroDivisionError:
        return None
    return Bounds(lift(min(values)), lift(max(values)))
