"""The scatters of the specification, number by number, and the edges of edge lists."""

from collections.abc import Callable

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import InterpretationError

EDGES = np.array([[0, 1], [1, 2]], np.int32)
VALUES = np.array([[1.0], [10.0]])
Parse = Callable[[str], ModuleOp]
Evaluate = Callable[..., list[np.ndarray]]


def reduction(kind: str, signs: str) -> str:
    types = "(tensor<?x1xf64>, tensor<?x2xi32>, index) -> tensor<?x1xf64>"
    return f"""func.func @f(%x: tensor<?x1xf64>, %e: tensor<?x2xi32>, %n: index) -> tensor<?x1xf64> {{
      %y = scatter.{kind} %x over %e onto %n signs [{signs}] : {types}
      func.return %y : tensor<?x1xf64>
    }}"""


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ("1, 1", [1, 11, 10]),
        ("-1, 1", [-1, -9, 10]),
        ("1, -1", [1, 9, -10]),
        ("1, 0", [1, 10, 0]),
        ("-1, 0", [-1, -10, 0]),
    ],
)
def test_sums_of_the_specification(signs: str, expected: list[float], parse: Parse, evaluate: Evaluate) -> None:
    (y,) = evaluate(parse(reduction("sum", signs)), VALUES, EDGES, 3)
    assert y[:, 0].tolist() == expected


def test_a_mean_divides_by_the_contributions(parse: Parse, evaluate: Evaluate) -> None:
    (y,) = evaluate(parse(reduction("mean", "1, -1")), VALUES, EDGES, 4)
    assert y[:, 0].tolist() == [1, 4.5, -10, 0]


def test_a_maximum_is_of_signed_values_and_0_without_any(parse: Parse, evaluate: Evaluate) -> None:
    (y,) = evaluate(parse(reduction("max", "-1, 1")), VALUES, EDGES, 4)
    assert y[:, 0].tolist() == [-1, 1, 10, 0]


def test_nan_wins_a_maximum(parse: Parse, evaluate: Evaluate) -> None:
    (y,) = evaluate(parse(reduction("max", "1, 1")), np.array([[np.nan], [10.0]]), EDGES, 3)
    assert np.isnan(y[:2, 0]).all()
    assert y[2, 0] == 10


@pytest.mark.parametrize("kind", ["sum", "mean", "max"])
def test_no_edges_give_zeros(kind: str, parse: Parse, evaluate: Evaluate) -> None:
    (y,) = evaluate(parse(reduction(kind, "1, 1")), np.zeros((0, 1)), np.zeros((0, 2), np.int32), 3)
    assert y.tolist() == [[0], [0], [0]]


def test_a_self_loop_counts_at_both_ends_and_a_duplicate_edge_twice(parse: Parse, evaluate: Evaluate) -> None:
    edges = np.array([[1, 1], [0, 1], [0, 1]], np.int32)
    (y,) = evaluate(parse(reduction("sum", "1, -1")), np.array([[5.0], [2.0], [2.0]]), edges, 2)
    assert y[:, 0].tolist() == [4, -4]


@pytest.mark.parametrize("bad", [-1, 3])
def test_an_edge_to_a_node_that_there_is_not_is_refused(bad: int, parse: Parse, evaluate: Evaluate) -> None:
    edges = np.array([[0, bad]], np.int32)
    with pytest.raises(InterpretationError, match=f"index {bad} is out of range of dimension 0 of size 3"):
        evaluate(parse(reduction("sum", "1, 1")), VALUES[:1], edges, 3)


GATHER = """func.func @f(%x: tensor<?x1xf64>, %e: tensor<?x2xi32>) -> tensor<?x1xf64> {
  %y = scatter.gather %x at %e end 1 : (tensor<?x1xf64>, tensor<?x2xi32>) -> tensor<?x1xf64>
  func.return %y : tensor<?x1xf64>
}"""


def test_a_gather_takes_the_rows_of_an_end(parse: Parse, evaluate: Evaluate) -> None:
    (y,) = evaluate(parse(GATHER), np.array([[1.0], [2.0], [3.0]]), EDGES)
    assert y[:, 0].tolist() == [2, 3]


def test_a_gather_does_not_wrap_around(parse: Parse, evaluate: Evaluate) -> None:
    with pytest.raises(InterpretationError, match="index -1 is out of range"):
        evaluate(parse(GATHER), np.zeros((3, 1)), np.array([[0, -1]], np.int32))
