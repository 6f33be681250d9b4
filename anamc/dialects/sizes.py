"""
Sizes of dimensions: whole numbers that follow from the run-time sizes of a function.

A `Size` is a number, the name of a run-time size, or a call of `+`, `*`, `floordiv`, `ceildiv`,
`mod` (mathematical), `div`, `rem` (of C), `max` or `min`. `made` builds calls in normal form, so
that equal sizes have equal trees as far as sums go; a division by 0 is one by 1, as in compiled
code. Their text, what the strings of `anamc.dims` and `anamc.requires` say, is in `size_syntax`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Number:
    """A known size."""

    value: int


@dataclass(frozen=True)
class Name:
    """A run-time size, by the user's name."""

    text: str


@dataclass(frozen=True)
class Call:
    """A function of sizes; `+`, `*`, `max` and `min` take two arguments or more, the others two."""

    function: str
    args: tuple[Size, ...]


Size = Number | Name | Call


def truncated(a: int, b: int) -> int:
    """C's division."""
    return -(-a // b) if (a < 0) != (b < 0) else a // b


INTEGER: Mapping[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "*": lambda a, b: a * b,
    "floordiv": lambda a, b: a // (b or 1),
    "ceildiv": lambda a, b: -(-a // (b or 1)),
    "mod": lambda a, b: a % (b or 1),
    "div": lambda a, b: truncated(a, b or 1),
    "rem": lambda a, b: a - (b or 1) * truncated(a, b or 1),
    "max": max,
    "min": min,
}
"""What each function gives for two numbers."""
MAX_TERMS = 64
"""Longest sum that a product is written out to."""
DIVISIONS = ("floordiv", "ceildiv", "mod", "div", "rem")


def fold(size: Size, name: Callable[[str], T], number: Callable[[int], T], call: Callable[[str, T, T], T]) -> T:
    """The value of a size in any domain: numbers, text, operations. Arguments of a call are joined from the left."""
    match size:
        case Number():
            return number(size.value)
        case Name():
            return name(size.text)
        case Call():
            args = (fold(a, name, number, call) for a in size.args)
            return reduce(lambda a, b: call(size.function, a, b), args)


def evaluated(size: Size, sizes: Mapping[str, int]) -> int:
    """The number that a size is in a call; KeyError for a size that `sizes` does not have."""
    return fold(size, lambda n: sizes[n], int, lambda function, a, b: INTEGER[function](a, b))


def names_of(size: Size) -> set[str]:
    """The run-time sizes that a size depends on."""
    match size:
        case Name():
            return {size.text}
        case Call():
            return {n for a in size.args for n in names_of(a)}
        case Number():
            return set()


# Normal form ---------------------------------------------------------------------------------


def made(function: str, *args: Size) -> Size:
    """A call of a function, simplified."""
    values = [a.value for a in args if isinstance(a, Number)]
    if len(values) == len(args):
        return Number(reduce(INTEGER[function], values))
    rule = RULES.get(function)
    return Call(function, args) if rule is None else rule(*args)


def less(a: Size, b: Size) -> Size:
    """``a - b``"""
    return made("+", a, made("*", Number(-1), b))


def parts(size: Size) -> Iterator[tuple[int, tuple[Size, ...]]]:
    """A size as a sum of products: coefficient and other factors of each, no factors for what is constant."""
    match size:
        case Number():
            yield size.value, ()
        case Call(function="+"):
            for term in size.args:
                yield from parts(term)
        case Call(function="*", args=(Number(value=c), *factors)):
            yield c, tuple(factors)
        case Call(function="*"):
            yield 1, size.args
        case _:
            yield 1, (size,)


def _order(size: Size) -> str:
    return repr(size)


def _product(coefficient: int, factors: Sequence[Size]) -> Size:
    numbers = [] if coefficient == 1 and factors else [Number(coefficient)]
    if not coefficient or not factors:
        return Number(coefficient)
    args = (*numbers, *sorted(factors, key=_order))
    return args[0] if len(args) == 1 else Call("*", args)


def _sum(*args: Size) -> Size:
    found: dict[tuple[Size, ...], int] = {}
    for c, factors in (part for a in args for part in parts(a)):
        found[factors] = found.get(factors, 0) + c
    keys = sorted((f for f, c in found.items() if c), key=lambda f: (not f, [_order(x) for x in f]))
    terms = tuple(_product(found[f], f) for f in keys)
    if not terms:
        return Number(0)
    return terms[0] if len(terms) == 1 else Call("+", terms)


def _times(*args: Size) -> Size:
    """Products of sums are written out, but for very long ones."""
    total: list[tuple[int, tuple[Size, ...]]] = [(1, ())]
    kept: list[Size] = []
    for arg in args:
        terms = list(parts(arg))
        if len(terms) * len(total) > MAX_TERMS:
            kept.append(arg)
        else:
            total = [(c * d, (*left, *right)) for c, left in total for d, right in terms]
    return _sum(*(_product(c, (*factors, *kept)) for c, factors in total))


def _extremum(function: str) -> Callable[..., Size]:
    def rule(*args: Size) -> Size:
        flat: dict[Size, None] = {}
        for a in args:
            flat |= dict.fromkeys(a.args if isinstance(a, Call) and a.function == function else (a,))
        numbers = [a.value for a in flat if isinstance(a, Number)]
        found: list[Size] = sorted((a for a in flat if not isinstance(a, Number)), key=_order)
        if numbers:
            found.append(Number(reduce(INTEGER[function], numbers)))
        return found[0] if len(found) == 1 else Call(function, tuple(found))

    return rule


def _division(function: str) -> Callable[..., Size]:
    def rule(a: Size, b: Size) -> Size:
        if b in (Number(1), Number(0)):
            return Number(0) if function in ("mod", "rem") else a
        return Number(0) if a == Number(0) else Call(function, (a, b))

    return rule


RULES: Mapping[str, Callable[..., Size]] = {
    "+": _sum,
    "*": _times,
    "max": _extremum("max"),
    "min": _extremum("min"),
    **{function: _division(function) for function in DIVISIONS},
}
"""How calls of each function are simplified."""
