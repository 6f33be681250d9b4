"""The solver of ranges against trying every number."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from anamc.frontends.index_notation.bounds import Range, bounds, is_nonnegative
from anamc.frontends.index_notation.polynomials import Polynomial, iterator, largest, lift, mod, size
from anamc.frontends.index_notation.ranges import Limit, Solution, Use

I, J, N, M = iterator("i"), iterator("j"), size("n"), size("m")


def solved(uses: list[tuple[Polynomial, Polynomial]], *names: str, limits: list[Limit] | None = None) -> Solution[int]:
    solution: Solution[int] = Solution({})
    solution.solve(names, [Use(index, extent, k) for k, (index, extent) in enumerate(uses)], limits or [])
    return solution


def texts(solution: Solution[int]) -> dict[str, str]:
    return {name: f"{r.low}..<{r.high}" for name, r in solution.ranges.items()}


def test_a_bare_use_gives_the_dimension() -> None:
    assert texts(solved([(I, N), (I + 1, M)], "i")) == {"i": "0..<n"}


def test_a_constant_dimension_is_preferred_and_the_others_must_agree() -> None:
    solution = solved([(I, N), (I, lift(3)), (I, M), (I, N)], "i")
    assert texts(solution) == {"i": "0..<3"}
    assert [(a.first.size.text, a.second.size.text) for a in solution.agreements] == [("3", "n"), ("3", "m")]
    assert not any(a.is_impossible for a in solution.agreements)


def test_sizes_that_differ_by_a_number_cannot_agree() -> None:
    assert solved([(I, N), (I, N + 1)], "i").agreements[0].is_impossible


def test_an_affine_use_gives_the_largest_interval_that_stays_inside() -> None:
    assert texts(solved([(I + 1, N)], "i")) == {"i": "-1..<n - 1"}
    assert texts(solved([(I - 1, N)], "i")) == {"i": "1..<n + 1"}
    assert texts(solved([(I * 2, N)], "i")) == {"i": "0..<(n + 1) floordiv 2"}
    assert texts(solved([(N - 1 - I, N)], "i")) == {"i": "0..<n"}


def test_several_affine_uses_are_all_inside() -> None:
    assert texts(solved([(I - 1, N), (I + 1, N)], "i")) == {"i": "1..<n - 1"}
    assert texts(solved([(I - 1, N), (I + 1, M)], "i")) == {"i": "1..<min(m - 2, n) + 1"}


def test_iterators_that_are_known_help_to_find_the_others() -> None:
    assert texts(solved([(I + J, N), (J, M)], "i", "j")) == {"j": "0..<m", "i": "0..<n - m + 1"}


def test_two_unknown_iterators_in_one_index_are_not_found() -> None:
    assert texts(solved([(I + J, N)], "i", "j")) == {}


def test_what_is_written_is_never_negative_but_determines_nothing_alone() -> None:
    assert texts(solved([(I + 1, N)], "i", limits=[Limit(I, None)])) == {"i": "0..<n - 1"}
    assert texts(solved([(I + 1, N)], "i", limits=[Limit(I, lift(2))])) == {"i": "0..<min(n - 2, 1) + 1"}
    assert texts(solved([], "i", limits=[Limit(I, N)])) == {}


def test_division_determines_nothing() -> None:
    assert texts(solved([(I // 2, N)], "i")) == {}


COEFFICIENTS = st.integers(-3, 3)
LINEAR = st.tuples(COEFFICIENTS.filter(bool), COEFFICIENTS, st.integers(-4, 4), st.integers(1, 9))


@given(st.lists(LINEAR, min_size=1, max_size=3), st.integers(1, 4))
def test_the_interval_is_that_of_all_numbers_that_stay_inside(drawn: list[tuple[int, int, int, int]], m: int) -> None:
    uses = [(I * a + J * b + c, lift(extent)) for a, b, c, extent in drawn]
    if any(index == I for index, _ in uses):
        return
    solution = solved([(J, lift(m)), *uses], "j", "i")
    inside = [
        p for p in range(-60, 60) if all(0 <= a * p + b * q + c < extent for a, b, c, extent in drawn for q in range(m))
    ]
    found = solution.ranges["i"]
    low, high = found.low.value, found.high.value
    assert low is not None
    assert high is not None
    assert list(range(low, high)) == inside


@given(st.lists(LINEAR, min_size=1, max_size=2), st.integers(0, 12), st.integers(1, 4))
def test_intervals_of_sizes_are_those_of_their_numbers(drawn: list[tuple[int, int, int, int]], n: int, m: int) -> None:
    uses = [(I * a + J * b + c, N + extent) for a, b, c, extent in drawn]
    if any(index == I for index, _ in uses):
        return
    found = solved([(J, lift(m)), *uses], "j", "i").ranges["i"]
    low, high = (x.replace(lambda a: lift(n) if a == N.terms[0][0][0] else None).value for x in (found.low, found.high))
    inside = [
        p
        for p in range(-99, 99)
        if all(0 <= a * p + b * q + c < n + extent for a, b, c, extent in drawn for q in range(m))
    ]
    assert low is not None
    assert high is not None
    assert list(range(low, high)) == inside


INDEX = st.deferred(
    lambda: st.one_of(
        st.just(I),
        st.just(J),
        st.integers(-5, 5).map(lift),
        st.tuples(INDEX, INDEX).map(lambda ab: ab[0] + ab[1]),
        st.tuples(INDEX, st.integers(-3, 3)).map(lambda ab: ab[0] * ab[1]),
        st.tuples(INDEX, st.integers(1, 4)).map(lambda ab: ab[0] // ab[1]),
        st.tuples(INDEX, INDEX).map(lambda ab: largest(*ab)),
        st.tuples(INDEX, st.integers(1, 4)).map(lambda ab: remainder(*ab)),
        st.tuples(INDEX, INDEX).map(lambda ab: ab[0] * ab[1]),
    )
)


def remainder(number: Polynomial, divisor: int) -> Polynomial:
    return mod(number, lift(divisor))


@given(INDEX, st.integers(-3, 3), st.integers(1, 4), st.integers(-3, 3), st.integers(1, 4))
def test_bounds_over_constant_ranges_are_reached(index: Polynomial, a: int, b: int, c: int, d: int) -> None:
    ranges = {"i": Range(lift(a), lift(a + b)), "j": Range(lift(c), lift(c + d))}
    found = bounds(index, ranges)
    symbols = [next(iter(I.symbols)), next(iter(J.symbols))]
    points = product(range(a, a + b), range(c, c + d))
    values = [index.evaluate(dict(zip(symbols, p, strict=True))) for p in points]
    assert found.exact
    assert (found.low, found.high) == (lift(min(values)), lift(max(values)))


def test_what_is_certain_for_all_sizes() -> None:
    for number in (N, N * M + 1, largest(N - 5, lift(0)), N - largest(N - 1, lift(0)), (N + 1) // 2, N * 2 - N):
        assert is_nonnegative(number)
    for number in (N - 1, N - M, I, -N, (N - 1) // 2):
        assert not is_nonnegative(number)
