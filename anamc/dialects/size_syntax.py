"""
Sizes as text: what the strings of `anamc.dims` and `anamc.requires` may say.

    "nnodes"    "2 * n + 1"    "(n + 1) floordiv 2"    "max(k, n) * m"    "rem(n, 4)"

A text that is the name of a run-time size is that size, whatever characters it has; inside of an
expression a name that is no identifier stands in double quotes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from xdsl.utils.exceptions import DiagnosticException

from anamc.dialects.sizes import Call, Name, Number, Size, evaluated, less, made, names_of, parts

MAX_DEPTH = 64
"""How deep parentheses and signs may be nested."""
MAX_DIGITS = 19
"""Longest number."""

_TOKEN = re.compile(r'\s*(?:(\d+)|([A-Za-z_]\w*)|("(?:[^"\\]|\\.)*")|([-+*(),]))', re.ASCII)
_INFIX = ("*", "floordiv", "ceildiv", "mod")
_CALLED = ("max", "min", "div", "rem")


class _Parser:
    """Sums of products of factors."""

    def __init__(self, text: str, names: Sequence[str]) -> None:
        self.text = text
        self.names = names
        self.depth = 0
        self.tokens = self.split()

    def wrong(self, what: str) -> DiagnosticException:
        return DiagnosticException(f"'{self.text}' is no size: {what}")

    def split(self) -> list[str]:
        found: list[str] = []
        position = 0
        while self.text[position:].strip():
            match = _TOKEN.match(self.text, position)
            if match is None:
                raise self.wrong(f"unexpected '{self.text[position:].strip()[0]}'")
            found.append(match[0].strip())
            position = match.end()
        return found[::-1]

    def next(self, *wanted: str) -> str | None:
        """The next token, taken where it is one of those wanted."""
        return self.tokens.pop() if self.tokens and self.tokens[-1] in wanted else None

    def expect(self, wanted: str) -> None:
        if self.next(wanted) is None:
            raise self.wrong(f"'{wanted}' expected")

    def sum(self) -> Size:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.wrong("it is nested too deep")
        negative = self.next("-") is not None  # of the whole product: -n mod 3 is -(n mod 3)
        total = self.product()
        total = made("*", Number(-1), total) if negative else total
        while (sign := self.next("+", "-")) is not None:
            right = self.product()
            total = made("+", total, right) if sign == "+" else less(total, right)
        self.depth -= 1
        return total

    def product(self) -> Size:
        left = self.factor()
        while (function := self.next(*_INFIX)) is not None:
            left = made(function, left, self.factor())
        return left

    def factor(self) -> Size:
        if self.next("-") is not None:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise self.wrong("it is nested too deep")
            inner = self.factor()
            self.depth -= 1
            return made("*", Number(-1), inner)
        if self.next("(") is not None:
            inner = self.sum()
            self.expect(")")
            return inner
        token = self.tokens.pop() if self.tokens else ""
        if token.isdecimal():
            if len(token) > MAX_DIGITS:
                raise self.wrong("a number is too large")
            return Number(int(token))
        if token in _CALLED and self.next("(") is not None:
            return self.call(token)
        name = json.loads(token) if token.startswith('"') else token
        if name not in self.names:
            raise self.wrong(f"'{name}' is none of {', '.join(self.names)}")
        return Name(name)

    def call(self, function: str) -> Size:
        args = [self.sum()]
        while self.next(",") is not None:
            args.append(self.sum())
        self.expect(")")
        if len(args) < 2 or (len(args) > 2 and function in ("div", "rem")):
            raise self.wrong(f"'{function}' takes two arguments")
        return made(function, *args)


def parse_size(text: str, names: Sequence[str]) -> Size:
    """
    The size that a text says, in the run-time sizes `names`.

    DiagnosticException for anything that is no size.
    """
    return _parsed(text, tuple(names))


@lru_cache(maxsize=4096)
def _parsed(text: str, names: tuple[str, ...]) -> Size:
    if text in names:
        return Name(text)
    parser = _Parser(text, names)
    try:
        found = parser.sum()
    except ValueError:  # a name in quotes with an escape that is none
        raise parser.wrong("a quoted name is wrong") from None
    if parser.tokens:
        raise parser.wrong(f"unexpected '{parser.tokens[-1]}'")
    return found


def size_value(text: str, sizes: Mapping[str, int]) -> int:
    """The number that a size is in a call."""
    return evaluated(parse_size(text, tuple(sizes)), sizes)


def size_names(text: str, names: Sequence[str]) -> set[str]:
    """The run-time sizes that a size depends on."""
    return names_of(parse_size(text, names))


def size_text(size: Size) -> str:
    """The text of a size: what `parse_size` reads."""
    return size.text if isinstance(size, Name) else _text(size)


def _text(size: Size) -> str:
    """The text inside of others."""
    match size:
        case Number():
            return str(size.value)
        case Name():
            plain = size.text.isascii() and size.text.isidentifier() and size.text not in _INFIX
            return size.text if plain else json.dumps(size.text)
        case Call(function="+" | "*"):
            return _sum_text(size)
        case Call() if size.function in _CALLED:
            return f"{size.function}({', '.join(_text(a) for a in size.args)})"
        case Call(args=(left, right)):
            return f"{_factor(left)} {size.function} {_factor(right)}"
        case _:
            raise DiagnosticException(f"'{size}' is no size")


def _sum_text(size: Call) -> str:
    """The terms, one that is not negative first where there is one."""
    terms = [_term(c, factors) for c, factors in parts(size)]
    lead = next((k for k, (negative, _) in enumerate(terms) if not negative), 0)
    terms.insert(0, terms.pop(lead))
    first = f"-{terms[0][1]}" if terms[0][0] else terms[0][1]
    return first + "".join(f" {'-' if negative else '+'} {text}" for negative, text in terms[1:])


def _term(c: int, factors: tuple[Size, ...]) -> tuple[bool, str]:
    numbers = [] if abs(c) == 1 and factors else [str(abs(c))]
    alone = len(factors) == 1 and not numbers
    return c < 0, " * ".join([*numbers, *(_text(f) if alone and not _is_sum(f) else _factor(f) for f in factors)])


def _is_sum(size: Size) -> bool:
    return isinstance(size, Call) and size.function == "+"


def _factor(size: Size) -> str:
    """The text as a factor: in parentheses where it binds less."""
    bare = isinstance(size, Name) or (isinstance(size, Number) and size.value >= 0)
    bare = bare or (isinstance(size, Call) and size.function in _CALLED)
    return _text(size) if bare else f"({_text(size)})"
