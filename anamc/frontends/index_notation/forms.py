"""Indices as polynomials of sizes, iterators and data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod

from anamc.frontends.index_notation.bounds import is_nonnegative
from anamc.frontends.index_notation.polynomials import (
    FUNCTIONS,
    ONE,
    Polynomial,
    data,
    floordiv,
    iterator,
    largest,
    lift,
    mod,
    size,
    smallest,
)
from anamc.frontends.index_notation.terms import (
    Apply,
    Constant,
    Dimension,
    Length,
    OfTensor,
    Rank,
    Read,
    Tensor,
    Term,
    Type,
    Variable,
    postorder,
)

Shape = tuple[Polynomial, ...]


def length(shape: Shape) -> Polynomial:
    """How many elements."""
    return prod(shape, start=ONE)  # pyright: ignore[reportCallIssue, reportArgumentType]


@dataclass
class Forms:
    """
    The polynomial of each index, computed once.

    What is no polynomial (an element of an index array, `toIndex`, `select`) becomes a data
    symbol of its own; `origins` gives its term. Sizes of tensors whose shape is not known yet
    are data too, so forms must be made anew when more shapes are known.
    """

    shapes: Mapping[Tensor, Shape]
    known: dict[Term, Polynomial] = field(default_factory=dict[Term, Polynomial])
    origins: dict[str, Term] = field(default_factory=dict[str, Term])

    def of(self, term: Term) -> Polynomial:
        """The polynomial of an index."""
        for inner in postorder([term]):
            if inner.type is Type.INDEX and inner not in self.known:
                self.known[inner] = self._form(inner)
        return self.known[term]

    def shape(self, tensor: Tensor) -> Shape | None:
        """The shape of a tensor, where it is known; a gradient has that of its tensor."""
        return self.shapes.get(tensor.like or tensor)

    def _form(self, term: Term) -> Polynomial:
        match term:
            case Constant():
                return lift(int(term.value))
            case Variable(kind="iterator"):
                return iterator(term.name)
            case Variable():
                return size(term.name)
            case OfTensor() if not isinstance(term, Read):
                shape = self.shape(term.tensor)
                return self._data(term) if shape is None else _size_of(term, shape)
            case Apply() if (rule := RULES.get(term.instruction)) is not None:
                made = rule(*(self.known[a] for a in term.args))
                return self._data(term) if made is None else made
            case _:
                return self._data(term)

    def _data(self, term: Term) -> Polynomial:
        name = f"#{len(self.origins)}"
        self.origins[name] = term
        return data(name)


def _size_of(term: Term, shape: Shape) -> Polynomial:
    match term:
        case Dimension():
            return shape[term.dim]
        case Length():
            return length(shape)
        case Rank() | _:
            return lift(len(shape))


def _div(a: Polynomial, b: Polynomial) -> Polynomial:
    """C's division; the mathematical one where both are certain to be positive."""
    if is_nonnegative(a) and is_nonnegative(b - 1):
        return floordiv(a, b)
    return FUNCTIONS["div"](a, b)


def _rem(a: Polynomial, b: Polynomial) -> Polynomial:
    if is_nonnegative(a) and is_nonnegative(b - 1):
        return mod(a, b)
    return FUNCTIONS["rem"](a, b)


def _wrap(a: Polynomial, b: Polynomial) -> Polynomial | None:
    return mod(a, b) if is_nonnegative(b) else None


RULES: dict[str, Callable[..., Polynomial | None]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "u-": lambda a: -a,
    "sq": lambda a: a * a,
    "abs": lambda a: largest(a, -a),
    "div": _div,
    "mod": _rem,
    "wrap": _wrap,
    "floordiv": floordiv,
    "min": smallest,
    "max": largest,
}
"""Instructions that polynomials have; None where these arguments have none."""
