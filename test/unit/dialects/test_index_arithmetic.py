"""Index expressions on numbers and on intervals."""

from __future__ import annotations

from itertools import product

import pytest
from xdsl.ir.affine import AffineExpr

from anamc.dialects.index_arithmetic import constant_bounds, evaluated, interval

I, J, N = AffineExpr.dimension(0), AffineExpr.dimension(1), AffineExpr.symbol(0)
EXPRESSIONS = {
    "sum": I + J * 3 - 2,
    "negative": I * -2 + J,
    "divided": ((I * 3 - 7) // 2) + J,
    "rounded up": (I - 5).ceil_div(3),
    "wrapped": (I * 2 - 3) % 4,
    "remainder of little": J % 7,
}


class Strange(AffineExpr):
    """An expression of a kind that there is not."""

    def is_pure_affine(self) -> bool:
        return False


@pytest.mark.parametrize("expr", EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_an_interval_holds_every_value(expr: AffineExpr) -> None:
    values = [evaluated(expr, (i, j).__getitem__, ().__getitem__) for i, j in product(range(6), range(4))]
    low, high = interval(expr, [(0, 5), (0, 3)], [])
    assert low <= min(values)
    assert max(values) <= high
    assert (low, high) == constant_bounds(expr, [6, 4])
    if expr is not EXPRESSIONS["wrapped"]:  # a remainder that wraps is known by its divisor alone
        assert (low, high) == (min(values), max(values))


def test_bounds_need_constants() -> None:
    assert constant_bounds(I + N, [3]) is None
    assert constant_bounds(I + J, [3, None]) is None
    assert constant_bounds(I, [3, None]) == (0, 2)


def test_an_expression_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'Strange\(\)' is no index expression"):
        evaluated(Strange(), ().__getitem__, ().__getitem__)
