"""
Sizes of dimensions as text: what the strings of `anamc.dims` may say.

A string is the name of a run-time size ("nnodes"), or an affine expression in such names
("n - 1", "2 * n + 1", "(n + 1) floordiv 2").
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
)
from xdsl.utils.exceptions import DiagnosticException

T = TypeVar("T")

_TOKEN = re.compile(r"\s*(?:(\d+)|(floordiv|ceildiv|mod)\b|([A-Za-z_]\w*)|([-+*()]))", re.ASCII)
_SYMBOLS = {
    AffineBinaryOpKind.Add: "+",
    AffineBinaryOpKind.Mul: "*",
    AffineBinaryOpKind.FloorDiv: "floordiv",
    AffineBinaryOpKind.CeilDiv: "ceildiv",
    AffineBinaryOpKind.Mod: "mod",
}
_INTEGER: Mapping[AffineBinaryOpKind, Callable[[int, int], int]] = {
    AffineBinaryOpKind.Add: operator.add,
    AffineBinaryOpKind.Mul: operator.mul,
    AffineBinaryOpKind.FloorDiv: operator.floordiv,
    AffineBinaryOpKind.CeilDiv: lambda a, b: -(-a // b),
    AffineBinaryOpKind.Mod: operator.mod,
}


class _Parser:
    """Sums of products of factors."""

    def __init__(self, text: str, names: Sequence[str]) -> None:
        self.text = text
        self.names = list(names)
        self.tokens = self.split()

    def split(self) -> list[str]:
        found: list[str] = []
        position = 0
        while self.text[position:].strip():
            match = _TOKEN.match(self.text, position)
            if match is None:
                raise DiagnosticException(f"'{self.text}' is no size: unexpected '{self.text[position:].strip()[0]}'")
            found.append(match[0].strip())
            position = match.end()
        return found[::-1]

    def next(self, *wanted: str) -> str | None:
        """The next token, taken where it is one of those wanted."""
        return self.tokens.pop() if self.tokens and self.tokens[-1] in wanted else None

    def sum(self) -> AffineExpr:
        left = self.product()
        while (sign := self.next("+", "-")) is not None:
            right = self.product()
            left = left + right if sign == "+" else left - right
        return left

    def product(self) -> AffineExpr:
        left = self.factor()
        while (kind := self.next("*", "floordiv", "ceildiv", "mod")) is not None:
            right = self.factor()
            match kind:
                case "*":
                    left = left * right
                case "floordiv":
                    left = left // right
                case "ceildiv":
                    left = left.ceil_div(right)
                case _:
                    left = left % right
        return left

    def factor(self) -> AffineExpr:
        if self.next("-") is not None:
            return -self.factor()
        if self.next("(") is not None:
            inner = self.sum()
            if self.next(")") is None:
                raise DiagnosticException(f"'{self.text}' is no size: ')' expected")
            return inner
        token = self.tokens.pop() if self.tokens else ""
        if token.isdecimal():
            return AffineConstantExpr(int(token))
        if token not in self.names:
            raise DiagnosticException(f"'{self.text}' is no size: '{token}' is none of {', '.join(self.names)}")
        return AffineDimExpr(self.names.index(token))


def parse_size(text: str, names: Sequence[str]) -> AffineExpr:
    """
    The expression of a size in the run-time sizes `names`, which are its dimensions.

    A text that is a name is that size, whatever characters it has. DiagnosticException for anything
    that is no affine expression in the names.
    """
    if text in names:
        return AffineDimExpr(list(names).index(text))
    parser = _Parser(text, names)
    found = parser.sum()
    if parser.tokens:
        raise DiagnosticException(f"'{text}' is no size: unexpected '{parser.tokens[-1]}'")
    return found


def fold(
    expr: AffineExpr,
    dims: Sequence[T],
    constant: Callable[[int], T],
    binary: Callable[[AffineBinaryOpKind, T, T], T],
) -> T:
    """The value of an expression in any domain: numbers, text, operations."""
    match expr:
        case AffineDimExpr():
            return dims[expr.position]
        case AffineConstantExpr():
            return constant(expr.value)
        case AffineBinaryOpExpr():
            left = fold(expr.lhs, dims, constant, binary)
            return binary(expr.kind, left, fold(expr.rhs, dims, constant, binary))
        case _:
            raise DiagnosticException(f"'{expr}' is no size")


def size_value(text: str, sizes: Mapping[str, int]) -> int:
    """The number that a size is in a call."""
    expr = parse_size(text, list(sizes))
    return fold(expr, list(sizes.values()), int, lambda kind, a, b: _INTEGER[kind](a, b))


def size_names(text: str, names: Sequence[str]) -> set[str]:
    """The run-time sizes that a size depends on."""
    return {names[e.position] for e in parse_size(text, names).dfs() if isinstance(e, AffineDimExpr)}


def size_text(expr: AffineExpr, names: Sequence[str]) -> str:
    """The text of an expression: what `parse_size` reads."""
    terms = _terms(expr, names)
    text = terms[0]
    for term in terms[1:]:
        text += f" - {term[1:]}" if term.startswith("-") else f" + {term}"
    return text


def _terms(expr: AffineExpr, names: Sequence[str]) -> list[str]:
    if isinstance(expr, AffineBinaryOpExpr) and expr.kind == AffineBinaryOpKind.Add:
        return _terms(expr.lhs, names) + _terms(expr.rhs, names)
    return [_factor(expr, names, top=True)]


def _factor(expr: AffineExpr, names: Sequence[str], *, top: bool = False) -> str:
    match expr:
        case AffineDimExpr():
            return names[expr.position]
        case AffineConstantExpr():
            return str(expr.value)
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Mul, rhs=AffineConstantExpr() as scale) if top:
            text = _factor(expr.lhs, names)
            return f"-{text}" if scale.value == -1 else f"{scale.value} * {text}"
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Add):
            return f"({size_text(expr, names)})"
        case AffineBinaryOpExpr():
            text = f"{_factor(expr.lhs, names)} {_SYMBOLS[expr.kind]} {_factor(expr.rhs, names)}"
            return text if top else f"({text})"
        case _:
            raise DiagnosticException(f"'{expr}' is no size")
