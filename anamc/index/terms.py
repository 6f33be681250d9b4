"""Terms with Python's operators: each is a piece of index notation and the place where it was made."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

import numpy as np

from anamc.errors import shown
from anamc.frontends.index_notation import syntax
from anamc.frontends.index_notation.reader import MAX_INTEGER
from anamc.index.places import here, misuse

if TYPE_CHECKING:
    from anamc.index.program import Program

Value: TypeAlias = "Term | bool | int | float | np.generic[Any] | list[Any] | tuple[Any, ...] | np.ndarray[Any, Any]"
"""What may stand in a term: an `int` is an Index, a `float` a Scalar, a list an Array."""


class Term:
    """
    A number, index, Boolean or array of the program that is being built.

    `+ - * /`, `%` (`wrap`), `//` (`floordiv`), `**` (`pow`, or `sq` for 2), comparisons, `& | ~` for
    `and or not`, `abs`, and `[...]` for arrays. Nothing is converted: `2` is an Index, `2.0` a Scalar.
    """

    __array_ufunc__ = None
    __iter__ = None

    def __init__(self, node: syntax.Expr, iterators: tuple[str, ...] = (), program: Program | None = None) -> None:
        self.node = node
        self.iterators = iterators
        """Names of iterators, in order of their first use."""
        self.program = program

    def __add__(self, other: Value) -> Term:
        return operation("+", self, other)

    def __radd__(self, other: Value) -> Term:
        return operation("+", other, self)

    def __sub__(self, other: Value) -> Term:
        return operation("-", self, other)

    def __rsub__(self, other: Value) -> Term:
        return operation("-", other, self)

    def __mul__(self, other: Value) -> Term:
        return operation("*", self, other)

    def __rmul__(self, other: Value) -> Term:
        return operation("*", other, self)

    def __truediv__(self, other: Value) -> Term:
        return operation("/", self, other)

    def __rtruediv__(self, other: Value) -> Term:
        return operation("/", other, self)

    def __floordiv__(self, other: Value) -> Term:
        return operation("floordiv", self, other)

    def __rfloordiv__(self, other: Value) -> Term:
        return operation("floordiv", other, self)

    def __mod__(self, other: Value) -> Term:
        return operation("wrap", self, other)

    def __rmod__(self, other: Value) -> Term:
        return operation("wrap", other, self)

    def __pow__(self, other: Value) -> Term:
        is_square = isinstance(other, int) and not isinstance(other, bool) and other == 2
        return operation("sq", self) if is_square else operation("pow", self, other)

    def __rpow__(self, other: Value) -> Term:
        return operation("pow", other, self)

    def __neg__(self) -> Term:
        return operation("u-", self)

    def __pos__(self) -> Term:
        return self

    def __abs__(self) -> Term:
        return operation("abs", self)

    def __invert__(self) -> Term:
        return operation("not", self)

    def __and__(self, other: Value) -> Term:
        return operation("and", self, other)

    def __rand__(self, other: Value) -> Term:
        return operation("and", other, self)

    def __or__(self, other: Any) -> Term:
        loops = listed(other)
        return operation("or", self, other) if loops is None else Looped(self, loops)

    def __ror__(self, other: Value) -> Term:
        return operation("or", other, self)

    def __eq__(self, other: object) -> Term:  # pyright: ignore[reportIncompatibleMethodOverride]
        return operation("==", self, other)

    def __ne__(self, other: object) -> Term:  # pyright: ignore[reportIncompatibleMethodOverride]
        return operation("!=", self, other)

    def __lt__(self, other: Value) -> Term:
        return operation("<", self, other)

    def __gt__(self, other: Value) -> Term:
        return operation(">", self, other)

    def __le__(self, other: Value) -> Term:
        return operation("<=", self, other)

    def __ge__(self, other: Value) -> Term:
        return operation(">=", self, other)

    __hash__ = object.__hash__

    def __getitem__(self, index: Any) -> Term:
        indices = [term(i) for i in (index if isinstance(index, tuple) else (index,))]
        return joined(syntax.At(here(), self.node, tuple(i.node for i in indices)), [self, *indices])

    @property
    def len(self) -> Term:
        """How many items an array has."""
        return Term(syntax.Property(here(), self.node, "len"), (), self.program)

    def __bool__(self) -> NoReturn:
        help = "index.select(c, a, b) chooses; & | ~ stand for and, or, not; comparisons do not chain"
        raise misuse("A1051", "a term has no value while the program is built", help=help)


class Iterator(Term):
    """An index that runs over a range: inferred, or `i[low:high]` where a kernel lists it."""

    def __init__(self, name: str) -> None:
        super().__init__(syntax.Name(here(), name), (name,))
        self.name = name

    def __getitem__(self, index: Any) -> Range:  # pyright: ignore[reportIncompatibleMethodOverride]
        if not isinstance(index, slice) or index.stop is None or index.step is not None:
            raise misuse("A1053", f"the range of '{self.name}' is written {self.name}[low:high]")
        low: Any = 0 if index.start is None else index.start
        return Range(self, term(low), term(index.stop))

    def __ror__(self, other: Value) -> Term:
        return Looped(term(other), (Range(self),))


class Range:
    """`i[low:high]`: an iterator with its range, `high` excluded; without bounds it is inferred."""

    def __init__(self, iterator: Iterator, low: Term | None = None, high: Term | None = None) -> None:
        self.iterator = iterator
        self.low = low
        self.high = high
        self.spot = here()

    def __ror__(self, other: Value) -> Term:
        return Looped(term(other), (self,))


class Looped(Term):
    """`term | (i, j[0:n])`: a term with the iterators of its kernel."""

    def __init__(self, value: Term, loops: tuple[Range, ...]) -> None:
        before = value.loops if isinstance(value, Looped) else ()
        self.loops = (*before, *loops)
        bounds = [b for loop in loops for b in (loop.low, loop.high) if b is not None]
        super().__init__(value.node, value.iterators, joined(value.node, [value, *bounds]).program)


def listed(value: object) -> tuple[Range, ...] | None:
    """The iterators behind `|`; None for anything else."""
    items: Iterable[Any] = value if isinstance(value, tuple) else (value,)
    made = [Range(i) if isinstance(i, Iterator) else i for i in items]
    found = tuple(i for i in made if isinstance(i, Range))
    return found if found and len(found) == len(made) else None


def term(value: object) -> Term:
    """A Python number, list or NumPy array as a term; terms as they are."""
    if isinstance(value, Term):
        return value
    if isinstance(value, np.generic | np.ndarray):
        return term(value.tolist())
    if isinstance(value, bool):
        return Term(syntax.Name(here(), "true" if value else "false"))
    if isinstance(value, int):
        return _number(value, abs(value) <= MAX_INTEGER, f"{shown(value)} is more than {MAX_INTEGER}")
    if isinstance(value, float):
        return _number(value, math.isfinite(value), f"{value} is not finite")
    if isinstance(value, list | tuple):
        items = [term(v) for v in value]
        return joined(syntax.Items(here(), tuple(i.node for i in items)), items)
    what = f"a {shown(type(value).__name__)} cannot stand in a term"
    raise misuse("A1050", what, help=getattr(value, "term_help", "terms, numbers and lists of them can"))


def _number(value: float | int, is_good: bool, why: str) -> Term:
    spot = here()
    if not is_good:
        raise misuse("A1005", why)
    number = syntax.Number(spot, abs(value))
    return Term(syntax.Invoke(spot, "u-", (number,)) if math.copysign(1.0, value) < 0 else number)


def operation(function: str, *args: object) -> Term:
    """An instruction of its arguments."""
    terms = [term(a) for a in args]
    return joined(syntax.Invoke(here(), function, tuple(t.node for t in terms)), terms)


def joined(node: syntax.Expr, parts: Iterable[Term]) -> Term:
    """A term made of others; A1052 where they belong to different programs."""
    names: dict[str, None] = {}
    program: Program | None = None
    for part in parts:
        names |= dict.fromkeys(part.iterators)
        if program is not None and part.program is not None and part.program is not program:
            raise misuse("A1052", "terms of two programs do not go together")
        program = program or part.program
    return Term(node, tuple(names), program)
