"""Polynomials against plain integers."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamc.frontends.index_notation.polynomials import (
    FUNCTIONS,
    NUMBERS,
    Polynomial,
    Symbol,
    largest,
    lift,
    mod,
    size,
    smallest,
    truncated,
)

N, M = size("n"), size("m")
SYMBOLS = (Symbol("size", "n"), Symbol("size", "m"))
ATOMS = st.sampled_from([N, M, lift(2), lift(-3), lift(1), lift(0)])
PAIRS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}


@st.composite
def numbers(draw: st.DrawFn, depth: int = 4) -> Polynomial:
    """A polynomial of n and m."""
    if depth == 0 or draw(st.booleans()):
        return draw(ATOMS)
    a, b = draw(numbers(depth - 1)), draw(numbers(depth - 1))
    match draw(st.integers(0, 6)):
        case 0:
            return a // draw(st.integers(1, 5))
        case 1:
            return mod(a, lift(draw(st.integers(1, 5))))
        case 2:
            return largest(a, b)
        case 3:
            return smallest(a, b)
        case k:
            return list(PAIRS.values())[k - 4](a, b)


@given(numbers(), numbers(), st.integers(0, 20), st.integers(0, 20), st.integers(1, 6))
def test_arithmetic_is_that_of_integers(a: Polynomial, b: Polynomial, n: int, m: int, c: int) -> None:
    at = dict(zip(SYMBOLS, (n, m), strict=True))
    x, y = a.evaluate(at), b.evaluate(at)
    assert (a + b).evaluate(at) == x + y
    assert (a - b).evaluate(at) == x - y
    assert (a * b).evaluate(at) == x * y
    assert (a // c).evaluate(at) == x // c
    assert mod(a, lift(c)).evaluate(at) == x % c
    assert largest(a, b).evaluate(at) == max(x, y)
    assert smallest(a, b).evaluate(at) == min(x, y)
    for function in ("div", "rem"):
        assert FUNCTIONS[function](a, lift(c)).evaluate(at) == NUMBERS[function](x, c)


@given(numbers(), st.integers(0, 20), st.integers(0, 20))
def test_the_text_means_the_number(a: Polynomial, n: int, m: int) -> None:
    text = re.sub(r"\bmod\b", "%", a.text.replace("floordiv", "//"))
    assert eval(text, {"n": n, "m": m, "min": min, "max": max}) == a.evaluate(dict(zip(SYMBOLS, (n, m), strict=True)))


@given(numbers(), numbers())
def test_equal_sums_have_one_form(a: Polynomial, b: Polynomial) -> None:
    assert a + b == b + a
    assert a + b - b == a
    assert (a - a).value == 0


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (N - 1, "n - 1"),
        (N * 2 + 1, "2 * n + 1"),
        (-N, "-n"),
        (N * M, "m * n"),
        ((N + 1) // 2, "(n + 1) floordiv 2"),
        ((N * 2 - 1) // 2, "n - 1"),
        ((N * 4 + 2) // 6, "(2 * n + 1) floordiv 3"),
        (mod(N * 4 + 5, lift(4)), "1"),
        (largest(N - 1, lift(0)), "max(n - 1, 0)"),
        (largest(N, N + 1, N - 3), "n + 1"),
        (smallest(N, N + 1, M), "min(m, n)"),
        (lift(0), "0"),
        (lift(1) - N, "1 - n"),
        (N - (N + 1) // 2 * 3, "n - 3 * ((n + 1) floordiv 2)"),
        ((N // 2) // 3, "(n floordiv 2) floordiv 3"),
        (M - N // 2, "m - n floordiv 2"),
    ],
)
def test_texts(number: Polynomial, text: str) -> None:
    assert number.text == text


def test_division_of_c_truncates() -> None:
    assert [truncated(a, b) for a, b in ((7, 2), (-7, 2), (7, -2), (-7, -2), (0, 3))] == [3, -3, -3, 3, 0]
