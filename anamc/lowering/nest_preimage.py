"""
A nest seen from the elements of its results: which iterations reach the element `[o0, o1, ...]`.

Each index `e(i) = o` is solved for one iterator, or for all of them where they are digits of a mixed
radix. What does not follow from the equation is enumerated, what must hold becomes a guard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from xdsl.ir import SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
    AffineSymExpr,
)

from anamc.analysis.rows import Dim
from anamc.dialects.access import AccessAttr, select
from anamc.dialects.index_arithmetic import constant_bounds
from anamc.dialects.linear import is_nonnegative, simplified, simplified_guard, terms_of
from anamc.dialects.nest_parts import NestParts

Refusal = str
"""Why a preimage cannot be enumerated."""


@dataclass
class Preimage:
    """
    Equations being solved, in a space of iterators that grows: those of the nest, then one for each
    dimension of the result, then what is enumerated.
    """

    parts: NestParts
    size_of: Callable[[SSAValue, int], SSAValue]
    """``ceil(n / m)`` as a value in front of the nest."""
    ranges: list[Dim] = field(default_factory=list[Dim])
    names: list[str | None] = field(default_factory=list["str | None"])
    solved: dict[int, AffineExpr] = field(default_factory=dict[int, AffineExpr])
    places: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    where: list[AffineExpr] = field(default_factory=list[AffineExpr])

    def __post_init__(self) -> None:
        self.count = len(self.parts.ranges)
        for k, extent in enumerate(self.parts.ranges):
            self.iterator(extent, self.parts.iterator(k).name_hint)
            self.places[k] = [k]

    def iterator(self, extent: Dim, name: str | None) -> AffineExpr:
        """One more iterator."""
        self.ranges.append(extent)
        self.names.append(name)
        return AffineDimExpr(len(self.ranges) - 1)

    def solve(self, access: AccessAttr, dims: Sequence[Dim]) -> Refusal | None:
        """Solves all indices of an access; the reason where one of them cannot be solved."""
        if not access.is_direct:
            return "a result is reached through an index table"
        elements = [self.iterator(size, f"o{k}") for k, size in enumerate(dims)]
        for index, element in zip(access.indices, elements, strict=True):
            refusal = self.equation(self.now(index), element)
            if refusal is not None:
                return refusal
        return None

    def now(self, expr: AffineExpr) -> AffineExpr:
        """An expression with what is solved put in."""
        dims = [self.solved.get(k, AffineDimExpr(k)) for k in range(len(self.ranges))]
        symbols = [AffineSymExpr(k) for k in range(len(self.parts.sizes))]
        return simplified(expr.replace_dims_and_symbols(dims, symbols))

    def equation(self, index: AffineExpr, element: AffineExpr) -> Refusal | None:
        """``index == element``: solved for iterators that are not known yet, or a guard."""
        used = [e.position for e in index.dfs() if isinstance(e, AffineDimExpr) and e.position < self.count]
        if not used:
            self.where += [element - index, index - element]
            return None
        digits = self.digits(index, set(used))
        if digits is not None:
            self.radix(element - digits[1], digits[0])
            return None
        single = [k for k in set(used) if used.count(k) == 1]
        if not single:
            return "every iterator occurs more than once in an index"
        return self.isolate(index, min(single, key=lambda k: (effort(index, k), -k)), element)

    # Digits of a mixed radix

    def digits(self, index: AffineExpr, used: set[int]) -> tuple[list[tuple[int, int]], int] | None:
        """Iterators and factors, largest first, with the constant: each factor is above all that follows."""
        terms, constant = terms_of(index)
        if len(used) < 2 or any(not isinstance(t, AffineDimExpr) or c < 1 for t, c in terms.items()):
            return None
        found = sorted(((t.position, c) for t, c in terms.items() if isinstance(t, AffineDimExpr)), key=lambda d: d[1])
        if any(k >= self.count for k, _ in found):
            return None
        reach = 0
        for k, factor in found:
            extent = self.ranges[k]
            if factor <= reach or (not isinstance(extent, int) and (k, factor) != found[-1]):
                return None
            reach += factor * (extent - 1) if isinstance(extent, int) else 0
        return found[::-1], constant

    def radix(self, value: AffineExpr, digits: Sequence[tuple[int, int]]) -> None:
        """Each digit is a quotient of what the ones before it leave."""
        for k, factor in digits:
            self.found(k, value // factor)
            value = value % factor
        self.where.append(-value)

    # One iterator after the other

    def isolate(self, expr: AffineExpr, k: int, value: AffineExpr) -> Refusal | None:
        """Solves ``expr == value`` for iterator `k`, which occurs once in `expr`."""
        while expr != AffineDimExpr(k):
            if not isinstance(expr, AffineBinaryOpExpr):
                return f"no iterator can be found from the index {expr}"
            left, right = (expr.lhs, expr.rhs) if occurs(expr.lhs, k) else (expr.rhs, expr.lhs)
            match expr.kind, right:
                case AffineBinaryOpKind.Add, _:
                    value = value - right
                case AffineBinaryOpKind.Mul, AffineConstantExpr(value=factor):
                    value = self.quotient(value, factor)
                case AffineBinaryOpKind.FloorDiv, AffineConstantExpr(value=divisor):
                    value = value * divisor + self.enumerated(k, divisor)
                case AffineBinaryOpKind.CeilDiv, AffineConstantExpr(value=divisor):
                    value = value * divisor - self.enumerated(k, divisor)
                case AffineBinaryOpKind.Mod, AffineConstantExpr(value=divisor):
                    whole = self.multiple(left, k, divisor)
                    if whole is None:
                        return "a remainder over a range of run-time size that is not an iterator's"
                    self.where += [value, AffineConstantExpr(divisor - 1) - value]
                    value = whole * divisor + value
                case _:
                    return f"no iterator can be found from the index {expr}"
            expr = left
        self.found(k, value)
        return None

    def quotient(self, value: AffineExpr, factor: int) -> AffineExpr:
        """The whole number that `factor` times gives the value; a guard says that there is one."""
        value, factor = (value, factor) if factor > 0 else (-value, -factor)
        if factor == 1:
            return value
        self.where.append(-(value % factor))
        return value // factor

    def enumerated(self, k: int, extent: int) -> AffineExpr:
        """A new iterator, inside what stands in the place of iterator `k`."""
        made = self.iterator(extent, self.names[k])
        self.places[k].append(len(self.ranges) - 1)
        return made

    def multiple(self, expr: AffineExpr, k: int, divisor: int) -> AffineExpr | None:
        """The quotients that an expression can have, enumerated outside of what stands in the place of iterator `k`."""
        extent = self.ranges[k]
        bounds = constant_bounds(expr, [r if isinstance(r, int) else None for r in self.ranges])
        if bounds is not None and bounds[1] >= bounds[0]:
            first = bounds[0] // divisor
            made = self.iterator(bounds[1] // divisor - first + 1, self.names[k])
        elif isinstance(extent, SSAValue) and expr == AffineDimExpr(k):
            first, made = 0, self.iterator(self.size_of(extent, divisor), self.names[k])
        else:
            return None
        self.places[k].insert(0, len(self.ranges) - 1)
        return made + first

    def found(self, k: int, value: AffineExpr) -> None:
        """Iterator `k` is a value, which must lie in its range."""
        value = simplified(value)
        self.places[k].remove(k)
        self.solved = {i: self.substituted(e, k, value) for i, e in self.solved.items()}
        self.where = [self.substituted(e, k, value) for e in self.where]
        self.solved[k] = value
        extent = self.ranges[k]
        if isinstance(value, AffineDimExpr) and self.ranges[value.position] == extent:
            return
        size = AffineConstantExpr(extent) if isinstance(extent, int) else self.parts.size(extent)
        self.where += [value, size - 1 - value]

    def substituted(self, expr: AffineExpr, k: int, value: AffineExpr) -> AffineExpr:
        dims = [value if i == k else AffineDimExpr(i) for i in range(len(self.ranges))]
        symbols = [AffineSymExpr(i) for i in range(len(self.parts.sizes))]
        return simplified(expr.replace_dims_and_symbols(dims, symbols))

    # The nest

    def finish(self, rank: int) -> None:
        """Rewrites the parts: elements of the result outermost, then what is left, in the nest's order."""
        first = self.count
        order = [*range(first, first + rank), *(p for k in range(first) for p in self.places[k])]
        dims: list[AffineExpr] = [
            AffineDimExpr(order.index(k)) if k in order else AffineConstantExpr(0) for k in range(len(self.ranges))
        ]
        symbols = [AffineSymExpr(k) for k in range(len(self.parts.sizes))]
        moved = [self.solved.get(k, AffineDimExpr(k)).replace_dims_and_symbols(dims, symbols) for k in range(first)]
        ranges = [self.ranges[k] for k in order]
        self.parts.substitute(ranges, moved, [self.names[k] for k in order])
        known = [r if isinstance(r, int) else None for r in ranges]
        for guard in self.where:
            expr = simplified_guard(guard.replace_dims_and_symbols(dims, symbols))
            bounds = constant_bounds(expr, known)
            needed = bounds[0] < 0 if bounds is not None else not is_nonnegative(expr)
            if needed and expr not in self.parts.where:
                self.parts.where.append(expr)
        place = select(range(rank), len(order), len(self.parts.sizes))
        self.parts.writes = [(c, t, place) for c, t, _ in self.parts.writes]


def occurs(expr: AffineExpr, k: int) -> bool:
    """True where an iterator occurs."""
    return AffineDimExpr(k) in list(expr.dfs())


def effort(expr: AffineExpr, k: int) -> int:
    """How many strides, quotients and remainders lie over an iterator."""
    if not isinstance(expr, AffineBinaryOpExpr):
        return 0
    inner = expr.lhs if occurs(expr.lhs, k) else expr.rhs
    unit = expr.kind == AffineBinaryOpKind.Mul and isinstance(expr.rhs, AffineConstantExpr) and abs(expr.rhs.value) == 1
    return effort(inner, k) + (expr.kind != AffineBinaryOpKind.Add and not unit)
