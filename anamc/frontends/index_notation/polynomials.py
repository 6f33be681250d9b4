"""
Whole numbers that are known at run time only, in normal form.

A `Polynomial` is a sum of products of atoms with integer coefficients. Atoms are named sizes
(never negative), iterators of a kernel, data (an element of an integer array), and calls of
`floordiv`, `mod` (mathematical), `div`, `rem` (of C), `min`, `max` on polynomials. Equal
numbers have equal forms as far as sums and products go, so that shapes can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import gcd, prod
from typing import Literal


@dataclass(frozen=True)
class Symbol:
    """A named number: a size of the program, an iterator of a kernel, or a read of data."""

    kind: Literal["size", "iterator", "data"]
    name: str

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.name

    @property
    def text(self) -> str:
        return self.name


@dataclass(frozen=True)
class Call:
    """A function of polynomials that is no polynomial itself."""

    function: str
    args: tuple[Polynomial, ...]

    @cached_property
    def text(self) -> str:
        if self.function in INFIX:
            return f" {self.function} ".join(f"({a.text})" if a.is_compound else a.text for a in self.args)
        return f"{self.function}({', '.join(a.text for a in self.args)})"

    @property
    def key(self) -> tuple[str, str]:
        return "~call", self.text


INFIX = ("floordiv", "mod")
"""Calls that are written between their arguments."""

Atom = Symbol | Call
Monomial = tuple[Atom, ...]


@dataclass(frozen=True)
class Polynomial:
    """``sum_k c_k prod_j atom_kj``; terms are sorted, no coefficient is 0, the constant has no atoms."""

    terms: tuple[tuple[Monomial, int], ...] = ()

    @classmethod
    def of(cls, terms: Mapping[Monomial, int]) -> Polynomial:
        """Normal form of a sum."""
        kept = [(m, c) for m, c in terms.items() if c]
        return cls(tuple(sorted(kept, key=lambda t: (not t[0], [a.key for a in t[0]]))))

    @cached_property
    def constant(self) -> int:
        """The term without atoms."""
        return self.terms[-1][1] if self.terms and not self.terms[-1][0] else 0

    @property
    def value(self) -> int | None:
        """The number itself where it is known."""
        return self.constant if not self.terms or not self.terms[0][0] else None

    @property
    def is_compound(self) -> bool:
        """True where the text needs parentheses inside a product or quotient."""
        if len(self.terms) > 1:
            return True
        if self.value is not None:
            return self.value < 0
        return any(
            c != 1 or len(m) > 1 or any(isinstance(a, Call) and a.function in INFIX for a in m) for m, c in self.terms
        )

    def __add__(self, other: Polynomial | int) -> Polynomial:
        sums = dict(self.terms)
        for monomial, c in lift(other).terms:
            sums[monomial] = sums.get(monomial, 0) + c
        return Polynomial.of(sums)

    def __neg__(self) -> Polynomial:
        return Polynomial(tuple((m, -c) for m, c in self.terms))

    def __sub__(self, other: Polynomial | int) -> Polynomial:
        return self + -lift(other)

    def __mul__(self, other: Polynomial | int) -> Polynomial:
        sums: dict[Monomial, int] = {}
        for left, c in self.terms:
            for right, d in lift(other).terms:
                monomial = tuple(sorted((*left, *right), key=lambda a: a.key))
                sums[monomial] = sums.get(monomial, 0) + c * d
        return Polynomial.of(sums)

    def __floordiv__(self, other: Polynomial | int) -> Polynomial:
        return floordiv(self, lift(other))

    @cached_property
    def symbols(self) -> frozenset[Symbol]:
        """All symbols, also those inside calls."""
        found: set[Symbol] = set()
        for atom in self.atoms():
            found |= {atom} if isinstance(atom, Symbol) else {s for a in atom.args for s in a.symbols}
        return frozenset(found)

    @property
    def iterators(self) -> frozenset[str]:
        """The iterators on which the number depends."""
        return frozenset(s.name for s in self.symbols if s.kind == "iterator")

    def atoms(self) -> Iterator[Atom]:
        """The atoms of all terms."""
        for monomial, _ in self.terms:
            yield from monomial

    def linear(self) -> tuple[dict[str, int], Polynomial] | None:
        """Coefficients of the iterators and the rest, where the number is affine in them; else None."""
        coefficients: dict[str, int] = {}
        rest: dict[Monomial, int] = {}
        for monomial, c in self.terms:
            match monomial:
                case (Symbol(kind="iterator", name=name),):
                    coefficients[name] = c
                case _:
                    rest[monomial] = c
        other = Polynomial.of(rest)
        return None if any(s.kind != "size" for s in other.symbols) else (coefficients, other)

    def replace(self, values: Callable[[Atom], Polynomial | None]) -> Polynomial:
        """The number with atoms replaced by what `values` gives for them."""
        total = ZERO
        for monomial, c in self.terms:
            factor = lift(c)
            for atom in monomial:
                factor = factor * _replaced(atom, values)
            total = total + factor
        return total

    def evaluate(self, values: Mapping[Symbol, int]) -> int:
        """The number for given symbols."""
        return sum(c * prod(_evaluated(a, values) for a in monomial) for monomial, c in self.terms)

    @cached_property
    def text(self) -> str:
        """`2 * n + 1`, as sizes are written in `anamc.dims`."""
        parts = [(c, " * ".join(_factors(m, c))) for m, c in self.terms]
        if not parts:
            return "0"
        lead = next((k for k, (c, _) in enumerate(parts) if c > 0), 0)
        parts.insert(0, parts.pop(lead))
        first = f"-{parts[0][1]}" if parts[0][0] < 0 else parts[0][1]
        return first + "".join(f" {'-' if c < 0 else '+'} {text}" for c, text in parts[1:])

    def __str__(self) -> str:
        return self.text


def _factors(monomial: Monomial, c: int) -> list[str]:
    alone = len(monomial) == 1 and abs(c) == 1
    bare = [alone or not isinstance(a, Call) or a.function not in INFIX for a in monomial]
    atoms = [a.text if plain else f"({a.text})" for a, plain in zip(monomial, bare, strict=True)]
    return atoms if abs(c) == 1 and atoms else [str(abs(c)), *atoms]


def _replaced(atom: Atom, values: Callable[[Atom], Polynomial | None]) -> Polynomial:
    given = values(atom)
    if given is not None:
        return given
    if isinstance(atom, Symbol):
        return _atom(atom)
    return FUNCTIONS[atom.function](*(a.replace(values) for a in atom.args))


def _evaluated(atom: Atom, values: Mapping[Symbol, int]) -> int:
    if isinstance(atom, Symbol):
        return values[atom]
    return NUMBERS[atom.function](*(a.evaluate(values) for a in atom.args))


def _atom(atom: Atom) -> Polynomial:
    return Polynomial((((atom,), 1),))


ZERO = Polynomial()


def lift(value: Polynomial | int) -> Polynomial:
    """A number as a polynomial."""
    if isinstance(value, Polynomial):
        return value
    return Polynomial((((), value),)) if value else ZERO


ONE = lift(1)


def size(name: str) -> Polynomial:
    """A named size."""
    return _atom(Symbol("size", name))


def iterator(name: str) -> Polynomial:
    """An iterator of a kernel."""
    return _atom(Symbol("iterator", name))


def data(name: str) -> Polynomial:
    """A number that only the data of a run tells."""
    return _atom(Symbol("data", name))


def truncated(a: int, b: int) -> int:
    """C's division."""
    return -(-a // b) if (a < 0) != (b < 0) else a // b


NUMBERS: dict[str, Callable[..., int]] = {
    "floordiv": lambda a, b: a // b,
    "mod": lambda a, b: a % b,
    "div": truncated,
    "rem": lambda a, b: a - b * truncated(a, b),
    "min": min,
    "max": max,
}
"""What the functions of calls give for numbers."""


def _call(function: str, *args: Polynomial) -> Polynomial:
    values = [a.value for a in args]
    divides = function not in ("min", "max")
    if all(v is not None for v in values) and not (divides and values[-1] == 0):
        return lift(NUMBERS[function](*values))
    return _atom(Call(function, args))


def floordiv(a: Polynomial, b: Polynomial) -> Polynomial:
    """``floor(a / b)``; multiples of a constant ``b`` are taken out."""
    divisor = b.value
    if divisor is None or divisor <= 0:
        return _call("floordiv", a, b)
    whole = Polynomial.of({m: c // divisor for m, c in a.terms if c % divisor == 0 or not m})
    rest = Polynomial.of({m: c % divisor if not m else c for m, c in a.terms if c % divisor})
    common = gcd(divisor, *(c for m, c in rest.terms if m))
    if common > 1:
        rest = Polynomial.of({m: c // common for m, c in rest.terms})
        divisor //= common
    return whole + (_call("floordiv", rest, lift(divisor)) if rest.terms else ZERO)


def ceildiv(a: Polynomial, b: int) -> Polynomial:
    """``ceil(a / b)``"""
    return floordiv(a + (b - 1), lift(b))


def mod(a: Polynomial, b: Polynomial) -> Polynomial:
    """``a - b floor(a / b)``; multiples of a constant ``b`` are taken out."""
    divisor = b.value
    if divisor is None or divisor <= 0:
        return _call("mod", a, b)
    return _call("mod", Polynomial.of({m: c % divisor if not m else c for m, c in a.terms if c % divisor}), b)


def _extremum(function: str, *args: Polynomial) -> Polynomial:
    flat: dict[Polynomial, None] = {}
    for arg in args:
        match arg.terms:
            case (((Call(function=inner, args=deeper),), 1),) if inner == function:
                flat |= dict.fromkeys(deeper)
            case _:
                flat[arg] = None
    sign = 1 if function == "max" else -1
    kept = [a for a in flat if not any(_covers(b, a, sign) for b in flat if b != a)]
    return kept[0] if len(kept) == 1 else _call(function, *sorted(kept, key=lambda a: (a.value is not None, a.text)))


def _covers(b: Polynomial, a: Polynomial, sign: int) -> bool:
    difference = b - a if sign > 0 else a - b
    return bool(difference.terms) and all(c > 0 and _never_negative(m) for m, c in difference.terms)


def _never_negative(monomial: Monomial) -> bool:
    return all(isinstance(a, Symbol) and a.kind == "size" for a in monomial)


def largest(*args: Polynomial) -> Polynomial:
    """The largest of some numbers."""
    return _extremum("max", *args)


def smallest(*args: Polynomial) -> Polynomial:
    """The smallest of some numbers."""
    return _extremum("min", *args)


FUNCTIONS: dict[str, Callable[..., Polynomial]] = {
    "floordiv": floordiv,
    "mod": mod,
    "div": lambda a, b: _call("div", a, b),
    "rem": lambda a, b: _call("rem", a, b),
    "min": smallest,
    "max": largest,
}
"""How calls are made, simplified."""
