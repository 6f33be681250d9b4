"""C expressions with as few parentheses as C and its readers allow."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum


class Level(IntEnum):
    """How tightly the outermost operator of an expression binds."""

    CONDITION = 1
    OR = 2
    AND = 3
    BITS = 4
    EQUALITY = 5
    RELATION = 6
    SUM = 7
    PRODUCT = 8
    UNARY = 9
    ATOM = 10


@dataclass(frozen=True)
class Expr:
    """
    A C expression.

    `plain` is a shorter text for contexts that convert to the expression's type anyway (an initial
    value, a subscript); `variables` are the changing variables it reads; `literal` says that it is
    made of integer literals only, whose arithmetic C does in `int`.
    """

    text: str
    level: Level = Level.ATOM
    plain: str = ""
    variables: frozenset[str] = field(default_factory=frozenset[str])
    literal: bool = False

    @property
    def converted(self) -> str:
        """The text where the context converts."""
        return self.plain or self.text

    def at(self, level: Level) -> str:
        """The text where an operand must bind at least as tightly as `level`."""
        return self.text if self.level >= level else f"({self.text})"


OPERATORS: dict[str, tuple[Level, Level, Level]] = {
    "*": (Level.PRODUCT, Level.PRODUCT, Level.UNARY),
    "/": (Level.PRODUCT, Level.PRODUCT, Level.UNARY),
    "%": (Level.PRODUCT, Level.PRODUCT, Level.UNARY),
    "+": (Level.SUM, Level.SUM, Level.PRODUCT),
    "-": (Level.SUM, Level.SUM, Level.PRODUCT),
    "<": (Level.RELATION, Level.SUM, Level.SUM),
    "<=": (Level.RELATION, Level.SUM, Level.SUM),
    ">": (Level.RELATION, Level.SUM, Level.SUM),
    ">=": (Level.RELATION, Level.SUM, Level.SUM),
    "==": (Level.EQUALITY, Level.SUM, Level.SUM),
    "!=": (Level.EQUALITY, Level.SUM, Level.SUM),
    "<<": (Level.BITS, Level.UNARY, Level.UNARY),
    ">>": (Level.BITS, Level.UNARY, Level.UNARY),
    "&": (Level.BITS, Level.UNARY, Level.UNARY),
    "|": (Level.BITS, Level.UNARY, Level.UNARY),
    "^": (Level.BITS, Level.UNARY, Level.UNARY),
    "&&": (Level.AND, Level.EQUALITY, Level.EQUALITY),
    "||": (Level.OR, Level.EQUALITY, Level.EQUALITY),
}
"""
Level of the result, and what the left and the right operand must have.

Comparisons and bit operators take no operators of nearly their own level bare: compilers warn, rightly.
Sums and products of floats keep their order, so the right operand binds tighter.
"""


def _joined(parts: tuple[Expr, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(p.variables for p in parts))


def binary(operator: str, left: Expr, right: Expr) -> Expr:
    """``left operator right``."""
    level, of_left, of_right = OPERATORS[operator]
    right_text = right.at(of_right)
    if operator in "+-" and right_text.startswith("-"):
        right_text = f"({right_text})"
    return Expr(f"{left.at(of_left)} {operator} {right_text}", level, variables=_joined((left, right)))


def plus(left: Expr, right: Expr) -> Expr:
    """``left + right`` of integers or of a pointer and an integer, where a sum on the right needs no parentheses."""
    if right.level != Level.SUM:
        return binary("+", left, right)
    return Expr(f"{left.at(Level.SUM)} + {right.text}", Level.SUM, variables=_joined((left, right)))


def negative(operand: Expr) -> Expr:
    """``-operand``."""
    text = operand.at(Level.UNARY)
    return Expr(f"-({text})" if text.startswith("-") else f"-{text}", Level.UNARY, variables=operand.variables)


def negation(operand: Expr) -> Expr:
    """``!operand``."""
    return Expr(f"!{operand.at(Level.ATOM)}", Level.UNARY, variables=operand.variables)


def cast(type: str, operand: Expr, *, implicit: bool = False) -> Expr:
    """``(type)operand``; with `implicit` the cast may be left out where the context converts."""
    plain = operand.converted if implicit else ""
    return Expr(f"({type}){operand.at(Level.UNARY)}", Level.UNARY, plain, operand.variables)


def call(function: str, *arguments: Expr) -> Expr:
    """``function(arguments)``."""
    return Expr(f"{function}({', '.join(a.converted for a in arguments)})", variables=_joined(arguments))


def subscript(array: Expr, index: Expr) -> Expr:
    """``array[index]``."""
    return Expr(f"{array.at(Level.ATOM)}[{index.converted}]", variables=_joined((array, index)))


def conditional(condition: Expr, yes: Expr, no: Expr) -> Expr:
    """``condition ? yes : no``."""
    above = Level.OR
    text = f"{condition.at(above)} ? {yes.at(above)} : {no.at(above)}"
    return Expr(text, Level.CONDITION, variables=_joined((condition, yes, no)))


def widened(type: str, left: Expr, right: Expr) -> Expr:
    """`left`, cast to `type` where it and `right` are integer literals: C would compute in `int`."""
    return cast(type, left) if left.literal and right.literal else left


def variable(name: str, *, changing: bool = False) -> Expr:
    """A name, `changing` where it is assigned more than once."""
    return Expr(name, variables=frozenset([name]) if changing else frozenset())


def as_literal(expression: Expr) -> Expr:
    """Mark `expression` as an integer literal."""
    return replace(expression, literal=True)
