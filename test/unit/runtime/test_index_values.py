"""Indices of calls, one by one: exact, in the order of the iterations, in pieces."""

from __future__ import annotations

import itertools
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from numpy.typing import NDArray
from xdsl.ir.affine import AffineExpr

import anamc
from anamc.runtime import index_values
from anamc.runtime.index_values import Space, Table

D = [AffineExpr.dimension(k) for k in range(3)]
S = [AffineExpr.symbol(k) for k in range(2)]
TABLE = np.array([[3, -1, 4], [1, 5, -9], [2, 6, 5]], np.int32)


@st.composite
def indices(draw: st.DrawFn, depth: int = 3) -> AffineExpr:
    """An index in three iterators, a size and a table."""
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from([*D, *S, AffineExpr.constant(2)]))
    inner = draw(indices(depth - 1))
    match draw(st.integers(0, 3)):
        case 0:
            return inner * draw(st.sampled_from([-2, -1, 3]))
        case 1:
            return inner // draw(st.integers(1, 4))
        case 2:
            return inner % draw(st.integers(1, 4))
        case _:
            return inner + draw(indices(depth - 1))


def value(index: AffineExpr, point: tuple[int, ...], size: int, array: NDArray[Any]) -> int:
    return index.eval(point, [size, int(array[point[0], point[2] % 3])])


@given(
    indices(),
    st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 5)),
    st.integers(0, 4),
    st.integers(1, 9),
    st.lists(indices(1), max_size=2),
    st.sampled_from([1, 7, 1 << 18]),
)
def test_the_first_iteration_that_is_outside_is_found(
    index: AffineExpr, ranges: tuple[int, int, int], size: int, bound: int, guards: list[AffineExpr], chunk: int
) -> None:
    where = [g for g in guards if S[1] not in list(g.dfs())]
    space = Space(ranges, [size], [Table(TABLE, (D[0], D[2] % 3))], where)
    points = [p for p in itertools.product(*map(range, ranges)) if all(value(g, p, size, TABLE) >= 0 for g in where)]
    wrong = [(p, value(index, p, size, TABLE)) for p in points]
    wrong = [(p, v) for p, v in wrong if not 0 <= v < bound]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_values, "CHUNK", chunk)
        found = space.first_outside(index, bound)
    assert (found is None) == (not wrong)
    if found is not None:
        point, number = wrong[0]
        assert found.value == number
        assert all(point[d] == v for d, v in found.point.items())


def test_terms_without_a_common_iterator_are_not_enumerated_together() -> None:
    table = np.arange(1000, dtype=np.int32) % 7
    space = Space([1 << 30, 1000, 1 << 30], [], [Table(table, (D[1],))])
    index = D[0] + S[0] * 2 + D[2] * -3
    low, high = space.extremes(index)
    assert (low.value, low.point) == (-3 * ((1 << 30) - 1), {0: 0, 1: 0, 2: (1 << 30) - 1})
    assert (high.value, high.point) == ((1 << 30) - 1 + 12, {0: (1 << 30) - 1, 1: 6, 2: 0})


def test_where_there_are_too_many_iterations_the_worst_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_values, "SEARCHED", 100)
    found = Space([1 << 30], [], []).first_outside(D[0], (1 << 30) - 2)
    assert found is not None
    assert found.value == (1 << 30) - 1


def test_numbers_beyond_64_bits_do_not_wrap_around() -> None:
    big = 1 << 62
    space = Space([4, 2], [], [])
    assert space.first_outside((D[0] + D[1] % 2) * big * 4 + D[1], 3) is not None


EXACT = {
    "a part of a table": (
        "input x[n]\ninput s[e] : index\ny[i] ++= x[s[i]] | i in 0..<3\noutput y",
        {"x": np.arange(4.0), "s": np.array([3, 0, 1, 77], np.int32)},
        {"y": [3.0, 0.0, 1.0]},
    ),
    "a remainder of what is small": (
        "input x[n]\ny[i] ++= x[wrap(i + 2, 7)] | i in 0..<3\noutput y",
        {"x": np.arange(5.0)},
        {"y": [2.0, 3.0, 4.0]},
    ),
    "terms that depend on each other": (
        "input x[n]\ninput s[e] : index\ny[i] ++= x[s[i] - i] | i\noutput y",
        {"x": np.arange(2.0), "s": np.array([0, 1, 3, 4], np.int32)},
        {"y": [0.0, 0.0, 1.0, 1.0]},
    ),
}


@pytest.mark.parametrize("name", EXACT)
def test_calls_that_stay_inside_are_not_refused(name: str) -> None:
    text, arrays, wanted = EXACT[name]
    program = anamc.parse(text, "ix", name="program")
    given = {k: v.astype(np.float32) if v.dtype == np.float64 else v for k, v in arrays.items()}
    for result in (anamc.interpret(program, **arrays), anamc.jit(program)(**given)):  # pyright: ignore[reportArgumentType]
        assert {k: v.tolist() for k, v in result.items()} == wanted


def test_an_error_names_the_first_iteration_and_the_place_in_the_program() -> None:
    text = "input x[n]\ninput s[e] : index\n\ny[i, j] ++= x[s[i] + 2 * j] | (i, j in 0..<2)\noutput y"
    program = anamc.parse(text, "ix", file="gather.ix", name="program")
    with pytest.raises(anamc.CallError, match="dimension 0 of 'x' has size 4") as error:
        anamc.interpret(program, x=np.zeros(4), s=np.array([1, 2, 9, -3], np.int32))
    assert "'s'[1] = 2 reaches 4 at i = 1, j = 1" in str(error.value)
    assert "gather.ix:4" in str(error.value)
