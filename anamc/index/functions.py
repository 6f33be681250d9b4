"""The instructions of index notation that have no operator in Python."""

from __future__ import annotations

from anamc.frontends.index_notation import syntax
from anamc.index.places import here
from anamc.index.terms import Term, Value, operation


def select(condition: Value, a: Value, b: Value) -> Term:
    """`a` where the condition holds, else `b`; both may be computed."""
    return operation("select", condition, a, b)


def min(a: Value, b: Value) -> Term:
    """The smaller of two."""
    return operation("min", a, b)


def max(a: Value, b: Value) -> Term:
    """The larger of two."""
    return operation("max", a, b)


def sq(x: Value) -> Term:
    """``x x``"""
    return operation("sq", x)


def pow(a: Value, b: Value) -> Term:
    """``a ** b`` of Scalars."""
    return operation("pow", a, b)


def sqrt(x: Value) -> Term:
    """Square root."""
    return operation("sqrt", x)


def exp(x: Value) -> Term:
    """``e ** x``"""
    return operation("exp", x)


def expm1(x: Value) -> Term:
    """``e ** x - 1``, exact for small x."""
    return operation("expm1", x)


def ln(x: Value) -> Term:
    """Natural logarithm."""
    return operation("ln", x)


def log1p(x: Value) -> Term:
    """``ln(1 + x)``, exact for small x."""
    return operation("log1p", x)


def log2(x: Value) -> Term:
    """Logarithm of base 2."""
    return operation("log2", x)


def log10(x: Value) -> Term:
    """Logarithm of base 10."""
    return operation("log10", x)


def sin(x: Value) -> Term:
    """Sine."""
    return operation("sin", x)


def cos(x: Value) -> Term:
    """Cosine."""
    return operation("cos", x)


def tanh(x: Value) -> Term:
    """Hyperbolic tangent."""
    return operation("tanh", x)


def erf(x: Value) -> Term:
    """Error function."""
    return operation("erf", x)


def div(a: Value, b: Value) -> Term:
    """``a / b`` of Indices, truncated as in C."""
    return operation("div", a, b)


def mod(a: Value, b: Value) -> Term:
    """The remainder of Indices as in C, with the sign of `a`."""
    return operation("mod", a, b)


def wrap(a: Value, b: Value) -> Term:
    """``a - b floor(a / b)`` of Indices, in ``0 .. b - 1``; the same as ``a % b``."""
    return operation("wrap", a, b)


def to_scalar(i: Value) -> Term:
    """An Index as a Scalar (`toScalar`)."""
    return operation("toScalar", i)


def to_index(x: Value) -> Term:
    """A Scalar truncated to an Index (`toIndex`)."""
    return operation("toIndex", x)


def epoch() -> Term:
    """The argument `epoch` of the program."""
    return Term(syntax.Invoke(here(), "epoch", ()))
