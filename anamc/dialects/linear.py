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
    """
    The expression with equal terms joined, and multiples of a divisor taken out of it.

    ``(4 i + j) floordiv 4`` is ``i + j floordiv 4``, ``(4 i + j) mod 4`` is ``j mod 4``.
    """
    match expr:
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Add):
            return summed(*terms_of(simplified(expr.lhs) + simplified(expr.rhs)))
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Mul):
            return summed(*terms_of(simplified(expr.lhs) * simplified(expr.rhs)))
        case AffineBinaryOpExpr(rhs=AffineConstantExpr() as divisor) if divisor.value > 0:
            return _divided(expr.kind, simplified(expr.lhs), divisor.value)
        case _:
            return expr


def _divided(kind: AffineBinaryOpKind, expr: AffineExpr, divisor: int) -> AffineExpr:
    terms, constant = terms_of(expr)
    whole = {t: c // divisor for t, c in terms.items() if c % divisor == 0}
    rest = summed({t: c for t, c in terms.items() if c % divisor}, constant % divisor)
    multiple = summed(whole, constant // divisor)
    exact = isinstance(rest, AffineConstantExpr)
    match kind:
        case AffineBinaryOpKind.Mod:
            return AffineExpr.constant(rest.value % divisor) if exact else rest % divisor
        case AffineBinaryOpKind.FloorDiv:
            quotient = AffineExpr.constant(rest.value // divisor) if exact else rest // divisor
        case _:
            quotient = AffineExpr.constant(-(-rest.value // divisor)) if exact else rest.ceil_div(divisor)
    return summed(*terms_of(multiple + quotient))


def simplified_guard(expr: AffineExpr) -> AffineExpr:
    """
    An expression that is >= 0 where the given one is, without a quotient where it is of one.

    ``x floordiv c + k`` becomes ``x + c k``, ``k - x floordiv c`` becomes ``c k + c - 1 - x``.
    """
    terms, constant = terms_of(simplified(expr))
    match list(terms.items()):
        case [
            (
                AffineBinaryOpExpr(kind=AffineBinaryOpKind.FloorDiv, rhs=AffineConstantExpr() as divisor) as term,
                1 | -1 as sign,
            )
        ]:
            inner, rest = terms_of(term.lhs)
            limit = constant * divisor.value + (0 if sign > 0 else divisor.value - 1)
            return simplified_guard(summed({t: sign * c for t, c in inner.items()}, sign * rest + limit))
        case _:
            return summed(terms, constant)


def is_nonnegative(expr: AffineExpr) -> bool:
    """True where no term of an expression can be negative, whatever the (non-negative) iterators are."""
    terms, constant = terms_of(expr)
    return constant >= 0 and all(c >= 0 and _is_nonnegative_term(t) for t, c in terms.items())


def _is_nonnegative_term(term: AffineExpr) -> bool:
    match term:
        case AffineDimExpr() | AffineBinaryOpExpr(kind=AffineBinaryOpKind.Mod):
            return True
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.FloorDiv | AffineBinaryOpKind.CeilDiv):
            return is_nonnegative(term.lhs)
        case _:
            return False


def uses(expr: AffineExpr, iterator: int) -> bool:
    """True where an iterator occurs."""
    return AffineDimExpr(iterator) in list(expr.dfs())
