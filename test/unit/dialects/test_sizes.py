"""Sizes of dimensions: their text, their value, their normal form."""

import hypothesis.strategies as st
import pytest
from hypothesis import given
from xdsl.utils.exceptions import DiagnosticException

from anamc.dialects.size_syntax import parse_size, size_names, size_text, size_value
from anamc.dialects.sizes import INTEGER, Call, Name, Number, Size, evaluated, less, made

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
        ("max(n, m, 9) * min(n, m)", 27),
        ("(n + 1) * (m - 1)", 16),
        ("n floordiv m", 2),
        ("-n mod 4", -3),
        ("(-n) mod 4", 1),
        ("div(m - n, 3)", -1),
        ("rem(m - n, 3)", -1),
        ("n mod (m - 3)", 0),
        ("n floordiv (m - 3)", 7),
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
        ("max(n)", "'max' takes two arguments"),
        ("rem(n, m, 2)", "'rem' takes two arguments"),
        ("max", "'max' is none of"),
        ("(" * 100 + "n" + ")" * 100, "nested too deep"),
        ("2 * " + "-" * 100 + "n", "nested too deep"),
        ("9" * 40, "a number is too large"),
        (r'"\x" + n', "a quoted name is wrong"),
    ],
)
def test_what_is_no_size_is_refused(text: str, match: str):
    with pytest.raises(DiagnosticException, match=match):
        parse_size(text, NAMES)


def test_a_name_may_have_any_characters():
    assert size_value("x y*/", {"x y*/": 4}) == 4
    assert size_value("max", {"max": 4}) == 4


@pytest.mark.parametrize("name", ["x y", 'a"b', "mod", "max", "größe", "a\\"])
def test_any_name_may_stand_in_an_expression(name: str):
    text = size_text(less(made("floordiv", Name(name), Number(2)), made("max", Name(name), Number(1))))
    assert size_value(text, {name: 9}) == 4 - 9


def test_the_sizes_that_a_text_depends_on_are_told():
    assert size_names("2 * m - 1", NAMES) == {"m"}
    assert size_names("n - n + max(m, 2)", NAMES) == {"m"}


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("m + n - m", "n"),
        ("n + 0 * m", "n"),
        ("2 * (n + 1) - n", "n + 2"),
        ("n * m - m * n", "0"),
        ("max(max(n, 2), m, 3)", "max(m, n, 3)"),
        ("max(n, n)", "n"),
        ("min(m, 5, 4)", "min(m, 4)"),
        ("n floordiv 1 + n mod 1", "n"),
        ("1 - n", "1 - n"),
        ("(n + 1) * m * 2", "2 * m + 2 * m * n"),
        ("n * m * (n - m) mod 3", "(m * n * n - m * m * n) mod 3"),
        ("-2 * n", "-2 * n"),
    ],
)
def test_equal_sizes_have_one_text(text: str, simple: str):
    assert size_text(parse_size(text, NAMES)) == simple


def sizes() -> st.SearchStrategy[Size]:
    leaf = st.one_of(st.integers(-5, 5).map(Number), st.sampled_from([Name("n"), Name("m")]))
    return st.recursive(
        leaf, lambda e: st.builds(lambda f, a, b: made(f, a, b), st.sampled_from(list(INTEGER)), e, e), max_leaves=8
    )


@given(sizes(), st.integers(0, 20), st.integers(0, 20))
def test_text_and_size_have_one_value_and_one_form(size: Size, n: int, m: int):
    text = size_text(size)
    assert size_value(text, {"n": n, "m": m}) == evaluated(size, {"n": n, "m": m})
    assert size_text(parse_size(text, NAMES)) == text


def test_a_product_of_many_sums_stays_a_product():
    text = " * ".join(f"(n + {k} * (m mod 3) + n mod {k})" for k in range(2, 12))
    at = {"n": 7, "m": 4}
    size = parse_size(text, NAMES)
    assert len(size_text(size)) < 20_000
    assert size_value(size_text(size), at) == size_value(text, at)


@given(st.sampled_from(list(INTEGER)), sizes(), sizes(), st.integers(0, 20), st.integers(0, 20))
def test_the_normal_form_changes_no_value(function: str, a: Size, b: Size, n: int, m: int):
    at = {"n": n, "m": m}
    assert evaluated(made(function, a, b), at) == evaluated(Call(function, (a, b)), at)
    assert evaluated(less(a, b), at) == evaluated(a, at) - evaluated(b, at)
