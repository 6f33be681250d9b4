"""Proof that an access never meets one element twice: what `set` and parallel stores need."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
    AffineSymExpr,
)

from anamc.dialects.access import AccessAttr


def is_injective(access: AccessAttr, ranges: Sequence[int | None]) -> bool:
    """
    True where distinct points of the ranges (None = run-time size) provably reach distinct elements.

    An index ``sum_k c_k i_k + c`` determines its iterators where they are digits of a mixed radix:
    sorted by ``|c_k|``, each is larger than all that the smaller ones can add up to. Iterators
    that an earlier index has determined count as constants, and so do sizes. Sound, not complete.
    """
    if any(n == 0 for n in ranges):
        return True
    unknown = {k for k, n in enumerate(ranges) if n != 1}
    sizes = access.map.data.num_symbols - len(access.tables.data)
    pending = [c for e in access.indices if (c := linear_coefficients(e, sizes)) is not None]
    progress = True
    while unknown and progress:
        progress = False
        for coefficients in pending:
            terms = {k: abs(c) for k, c in coefficients.items() if k in unknown and c}
            if terms and _is_mixed_radix(terms, ranges):
                unknown -= terms.keys()
                progress = True
    return not unknown


def _is_mixed_radix(terms: dict[int, int], ranges: Sequence[int | None]) -> bool:
    reach: int | None = 0
    for k, c in sorted(terms.items(), key=lambda t: t[1]):
        if reach is None or c <= reach:
            return False
        n = ranges[k]
        reach = None if n is None else reach + c * (n - 1)
    return True


def linear_coefficients(expr: AffineExpr, sizes: int = 0) -> dict[int, int] | None:
    """
    Coefficient of each iterator in a linear index; None where it is not linear in iterators and constants.

    The first `sizes` symbols count as constants, the others are unknown.
    """
    match expr:
        case AffineConstantExpr():
            return {}
        case AffineSymExpr() if expr.position < sizes:
            return {}
        case AffineDimExpr():
            return {expr.position: 1}
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Add):
            left, right = linear_coefficients(expr.lhs, sizes), linear_coefficients(expr.rhs, sizes)
            if left is None or right is None:
                return None
            return {k: left.get(k, 0) + right.get(k, 0) for k in left.keys() | right.keys()}
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Mul, rhs=AffineConstantExpr() as factor):
            inner = linear_coefficients(expr.lhs, sizes)
            return None if inner is None else {k: c * factor.value for k, c in inner.items()}
        case _:
            return None
