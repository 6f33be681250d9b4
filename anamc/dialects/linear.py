"""Index expressions as sums of terms."""

from __future__ import annotations

from collections.abc import Mapping

from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
)

Terms = dict[AffineExpr, int]
"""Coefficients of iterators, symbols, and of divisions and remainders as they are."""


def terms_of(expr: AffineExpr) -> tuple[Terms, int]:
    """``sum_k c_k t_k + c``: the coefficients that are not 0, and the constant."""
    match expr:
        case AffineConstantExpr():
            return {}, expr.value
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Add):
            (left, a), (right, b) = terms_of(expr.lhs), terms_of(expr.rhs)
            return added(left, right), a + b
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Mul, rhs=AffineConstantExpr() as factor):
            inner, c = terms_of(expr.lhs)
            return {t: k * factor.value for t, k in inner.items() if factor.value}, c * factor.value
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Mul, lhs=AffineConstantExpr()):
            return terms_of(expr.rhs * expr.lhs)
        case _:
            return {expr: 1}, 0


def added(left: Mapping[AffineExpr, int], right: Mapping[AffineExpr, int], factor: int = 1) -> Terms:
    """``left + factor right``, without terms that cancel."""
    sums = {t: left.get(t, 0) + factor * right.get(t, 0) for t in [*left, *(t for t in right if t not in left)]}
    return {t: c for t, c in sums.items() if c}


def summed(terms: Mapping[AffineExpr, int], constant: int) -> AffineExpr:
    """The expression of a sum of terms."""
    found: AffineExpr | None = None
    for term, c in terms.items():
        part = term if c == 1 else term * c
        found = part if found is None else found + part
    if found is None:
        return AffineExpr.constant(constant)
    return found + constant if constant else found


def simplified(expr: AffineExpr) -> AffineExpr:
    """The expression with equal terms joined."""
    return summed(*terms_of(expr))


def uses(expr: AffineExpr, iterator: int) -> bool:
    """True where an iterator occurs."""
    return AffineDimExpr(iterator) in list(expr.dfs())
