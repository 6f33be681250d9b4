"""Sizes of dimensions as text."""

import hypothesis.strategies as st
import pytest
from hypothesis import given
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr, AffineExpr, AffineSymExpr
from xdsl.utils.exceptions import DiagnosticException

from anamc.dialects.sizes import fold, parse_size, size_names, size_text, size_value

NAMES = ["n", "m"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("n", 7),
        ("n - 1", 6),
        ("2 * n + m", 17),
        ("(n + 1) floordiv 2", 4),
        ("n ceildiv 2", 4),
        ("n mod 4 + 1", 4),
        ("-n + 10", 3),
        ("3", 3),
        ("n - (m - 1)", 5),
    ],
)
def test_a_size_has_the_value_that_it_says(text: str, value: int):
    assert size_value(text, {"n": 7, "m": 3}) == value


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("k", "'k' is none of n, m"),
        ("n -", "'' is none of"),
        ("n ! 1", "unexpected '!'"),
        ("(n", r"'\)' expected"),
        ("n n", "unexpected 'n'"),
    ],
)
def test_what_is_no_size_is_refused(text: str, match: str):
    with pytest.raises(DiagnosticException, match=match):
        parse_size(text, NAMES)


def test_a_name_may_have_any_characters():
    assert size_value("x y*/", {"x y*/": 4}) == 4


def test_the_sizes_that_a_text_depends_on_are_told():
    assert size_names("2 * m - 1", NAMES) == {"m"}


def test_an_expression_with_anything_else_has_no_text_and_no_value():
    with pytest.raises(DiagnosticException, match="is no size"):
        size_text(AffineSymExpr(0), NAMES)
    with pytest.raises(DiagnosticException, match="is no size"):
        fold(AffineSymExpr(0), [1], int, lambda kind, a, b: a)


def expressions() -> st.SearchStrategy[AffineExpr]:
    leaf = st.one_of(st.integers(-5, 5).map(AffineConstantExpr), st.sampled_from([AffineDimExpr(0), AffineDimExpr(1)]))
    divisor = st.integers(1, 4)
    return st.recursive(
        leaf,
        lambda e: st.one_of(
            st.tuples(e, e).map(lambda p: p[0] + p[1]),
            st.tuples(e, e).map(lambda p: p[0] - p[1]),
            st.tuples(e, st.integers(-3, 3)).map(lambda p: p[0] * p[1]),
            st.tuples(e, divisor).map(lambda p: p[0] // p[1]),
            st.tuples(e, divisor).map(lambda p: p[0].ceil_div(p[1])),
            st.tuples(e, divisor).map(lambda p: p[0] % p[1]),
        ),
        max_leaves=6,
    )


@given(expressions(), st.integers(0, 20), st.integers(0, 20))
def test_text_and_expression_have_one_value(expr: AffineExpr, n: int, m: int):
    assert size_value(size_text(expr, NAMES), {"n": n, "m": m}) == expr.eval([n, m], [])
