"""Indices checked before a function runs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import anamc
from anamc.runtime.bounds import check_requirement, expression
from anamc.runtime.callable import Function

PRODUCT = """
func.func @f(%A: tensor<?x?xf64>, %B: tensor<?x?xf64>, %t: tensor<?xi32>) -> (tensor<?x?xf64>, tensor<?xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tensor.dim %A, %c0 : tensor<?x?xf64>
  %q = tensor.dim %A, %c1 : tensor<?x?xf64>
  %n = tensor.dim %B, %c1 : tensor<?x?xf64>
  %e = tensor.dim %t, %c0 : tensor<?xi32>
  %z = arith.constant 0.0 : f64
  %C0 = tensor.splat %z[%m, %n] : tensor<?x?xf64>
  %C = nest.map (i = %m, j = %n, k = %q) read(%A[i, k] : tensor<?x?xf64>, %B[k, j] : tensor<?x?xf64>) add(%C0[i, j] : tensor<?x?xf64>) {
  ^bb0(%i: index, %j: index, %k: index, %a: f64, %b: f64):
    %ab = arith.mulf %a, %b : f64
    nest.yield %ab : f64
  }
  %O0 = tensor.splat %z[%e] : tensor<?xf64>
  %O = nest.map (i = %e) read(%C[2 * %t[i] + 1, 0] : tensor<?x?xf64>) add(%O0[i] : tensor<?xf64>) {
  ^bb0(%i: index, %a: f64):
    nest.yield %a : f64
  }
  func.return %C, %O : tensor<?x?xf64>, tensor<?xf64>
}
"""  # noqa: E501


@pytest.fixture(scope="module")
def function() -> Function:
    return anamc.jit(anamc.parse(PRODUCT, "mlir"))


def arrays(
    rows: int = 6, inner: int = 4, other: int = 4, columns: int = 3, table: Sequence[int] = (0, 2, 1)
) -> dict[str, Any]:
    random = np.random.default_rng(0)
    a, b = random.normal(size=(rows, inner)), random.normal(size=(other, columns))
    return {"A": a, "B": b, "t": np.array(table, np.int32)}


def test_indices_that_are_inside_are_not_in_the_way(function: Function):
    given = arrays()
    product = given["A"] @ given["B"]
    found = function(**given)
    # Sums of four products of order one, in another order than BLAS: a few units in the last place.
    np.testing.assert_allclose(found["C"], product, rtol=1e-13)
    np.testing.assert_allclose(found["O"], product[2 * given["t"] + 1, 0], rtol=1e-13)


def test_a_loop_that_runs_past_an_array_names_the_array_and_how_far(function: Function):
    with pytest.raises(anamc.CallError, match="dimension 0 of 'B' has size 3") as error:
        function(**arrays(other=3))
    assert error.value.code == "A0522"
    assert "reached at 3" in str(error.value)


@pytest.mark.parametrize(("table", "place", "value", "index"), [((0, 3), 1, 3, 7), ((-1, 0), 0, -1, -1)])
def test_a_wrong_value_of_an_index_array_is_named_with_its_place(
    function: Function, table: Sequence[int], place: int, value: int, index: int
):
    with pytest.raises(anamc.CallError, match=rf"'t'\[{place}\] = {value} reaches {index}"):
        function(**arrays(table=table))


SIZES = """input x[n]
input z[m]
y[i] ++= x[i] * z[i] | i
output y
"""


def test_sizes_that_an_index_program_needs_equal_are_checked():
    function = anamc.jit(anamc.parse(SIZES, "ix", file="product.ix"))
    x = np.arange(3, dtype=np.float32)  # an index program is compiled for float32 by default
    assert function(x=x, z=x)["y"].tolist() == [0, 1, 4]
    with pytest.raises(anamc.CallError, match="n == m is needed") as error:
        function(x=x, z=np.zeros(4, np.float32))
    assert error.value.code == "A0524"
    assert "product.ix:3" in str(error.value)
    assert "n = 3, m = 4" in str(error.value)


@pytest.mark.parametrize(
    ("condition", "fits"),
    [("n == m", False), ("n - 1 >= 0", True), ("n <= 2", False), ("n <= 2 or m >= 4", True)],
)
def test_a_condition_on_sizes_holds_or_not(condition: str, fits: bool):
    if fits:
        check_requirement(condition, "here", {"n": 3, "m": 4})
        return
    with pytest.raises(anamc.CallError, match="sizes do not fit"):
        check_requirement(condition, "here", {"n": 3, "m": 4})


def test_tensors_that_an_operation_combines_need_equal_sizes():
    text = """
    func.func @g(%x: tensor<?x2xf64>, %y: tensor<?x2xf64>) -> tensor<?x2xf64> {
      %z = arith.addf %x, %y : tensor<?x2xf64>
      func.return %z : tensor<?x2xf64>
    }
    """
    function = anamc.jit(anamc.parse(text, "mlir"))
    x = np.ones((3, 2))
    assert function(x=x, y=x)["z"].tolist() == [[2.0, 2.0]] * 3
    with pytest.raises(anamc.CallError, match=r"x_size_0 == y_size_0 is needed") as error:
        function(x=x, y=np.ones((2, 2)))
    assert "'arith.addf' of 'x' and 'y'" in str(error.value)


def test_what_is_no_condition_or_no_index_is_refused():
    with pytest.raises(anamc.Error, match="is no comparison"):
        check_requirement("n", "here", {"n": 3})
    with pytest.raises(anamc.Error, match="is no affine map"):
        expression("() -> ()")


def test_an_unknown_dtype_is_refused_before_anything_is_compiled():
    with pytest.raises(anamc.CallError, match="dtype must be 'float32' or 'float64', got 'int8'"):
        anamc.jit(anamc.parse(PRODUCT, "mlir"), dtype="int8")


def test_an_empty_range_reaches_nothing(function: Function):
    assert function(**arrays(rows=0, table=()))["C"].shape == (0, 3)


def test_checks_come_back_from_the_cache(function: Function):
    again = anamc.jit(anamc.parse(PRODUCT, "mlir"))
    with pytest.raises(anamc.CallError, match="reaches 9"):
        again(**arrays(table=(4,)))


def test_the_edge_list_of_a_hand_written_function_is_checked():
    text = """
    func.func @g(%x: tensor<?x2xf64>, %e: tensor<?x2xi32>) -> tensor<?x2xf64> {
      %y = scatter.gather %x at %e end 1 : (tensor<?x2xf64>, tensor<?x2xi32>) -> tensor<?x2xf64>
      func.return %y : tensor<?x2xf64>
    }
    """
    gather = anamc.jit(anamc.parse(text, "mlir"))
    x = np.arange(6.0).reshape(3, 2)
    assert gather(x=x, e=np.array([[0, 2]], np.int32))["y"].tolist() == [[4.0, 5.0]]
    with pytest.raises(anamc.CallError, match=r"'e'\[0, 1\] = 3 reaches 3"):
        gather(x=x, e=np.array([[0, 3]], np.int32))
