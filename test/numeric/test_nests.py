"""Nests of every kind: interpreter = machine code = C = NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from xdsl.parser import Parser
from xdsl.utils.exceptions import VerifyException

from anamc.dialects import kernel
from anamc.interpreters import call
from anamc.pipelines import context_of_all
from anamc.transforms.form_kernels import FormKernelsPass
from anamc.transforms.gather_nests import GatherNestsPass
from anamc.transforms.split_nests import SplitNestsPass
from support.nests import ways
from support.random_nests import RandomNest

TOLERANCE = 1e-13
"""Of the array's largest magnitude: float64, sums of at most some hundred terms in another order."""

pytestmark = pytest.mark.compiler("gcc")


def agree(text: str, arrays: dict[str, Any], *expected: NDArray[Any]) -> None:
    """Every way gives the expected results, NaN where NaN is expected."""
    for way, found in ways(text, arrays):
        for (name, value), wanted in zip(found.items(), expected, strict=True):
            assert value.shape == wanted.shape, f"{way}: {name}"
            scale = np.abs(wanted[np.isfinite(wanted)]).max(initial=0.0)
            np.testing.assert_allclose(value, wanted, rtol=0, atol=TOLERANCE * scale, err_msg=f"{way}: {name}")


POOL = """func.func @pool(%n: index, %x: tensor<?x6x6xf64>) -> (tensor<?x3x3xf64>, tensor<?x3x3xi64>) {
  %low = arith.constant 0.5 : f64
  %y0 = tensor.splat %low[%n] : tensor<?x3x3xf64>
  %y, %arg = nest.map (s = %n, p = 3, q = 3, a = 2, b = 2) read(%x[s, 2 * p + a, 2 * q + b] : tensor<?x6x6xf64>)
      COMBINER(%y0[s, p, q] : tensor<?x3x3xf64> arg) {
  ^bb0(%s: index, %p: index, %q: index, %a: index, %b: index, %v: f64):
    nest.yield %v : f64
  }
  func.return %y, %arg : tensor<?x3x3xf64>, tensor<?x3x3xi64>
}"""


def pooled(x: NDArray[Any], better: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Loops in Python, by the words of the documentation: the first NaN wins, then the first largest."""
    n = len(x)
    y, arg = np.full((n, 3, 3), 0.5), np.full((n, 3, 3), -1)
    for number, (s, p, q, a, b) in enumerate(np.ndindex(n, 3, 3, 2, 2)):
        value = x[s, 2 * p + a, 2 * q + b]
        if not np.isnan(y[s, p, q]) and (np.isnan(value) or better(value, y[s, p, q])):
            y[s, p, q], arg[s, p, q] = value, number
    return y, arg


@pytest.mark.parametrize("combiner", ["max", "min"])
@pytest.mark.parametrize("n", [0, 1, 5])
def test_the_winning_iteration_of_a_pooling(combiner: str, n: int) -> None:
    x = np.random.default_rng(0).integers(-2, 3, (n, 6, 6)).astype(float)  # many ties
    x.reshape(-1)[7::31] = np.nan
    expected = pooled(x, np.greater if combiner == "max" else np.less)
    agree(POOL.replace("COMBINER", combiner), {"n": n, "x": x}, *expected)


def test_winners_of_columns_behind_another_iterator() -> None:
    """The rows run over the second iterator, so that numbers within a row are numbers of the nest in other strides."""
    text = """func.func @columns(%n: index, %m: index, %x: tensor<?x?xi64>) -> (tensor<?xi64>, tensor<?xi64>) {
      %low = arith.constant -100 : i64
      %y0 = tensor.splat %low[%m] : tensor<?xi64>
      %y, %arg = nest.map (i = %n, j = %m, k = 2) read(%x[i, j] : tensor<?x?xi64>) max(%y0[j] : tensor<?xi64> arg) {
      ^bb0(%i: index, %j: index, %k: index, %v: i64):
        nest.yield %v : i64
      }
      func.return %y, %arg : tensor<?xi64>, tensor<?xi64>
    }"""
    for shape in ((3, 4), (0, 2), (5, 1)):
        x = np.random.default_rng(1).integers(-9, 9, shape)
        wanted = x.max(axis=0, initial=-100)
        first = (x.argmax(axis=0) * shape[1] + np.arange(shape[1])) * 2 if shape[0] else np.full(shape[1], -1)
        agree(text, {"n": shape[0], "m": shape[1], "x": x}, wanted, first)


def test_winners_without_iterations_of_a_scalar_and_of_rows_of_run_time_size() -> None:
    text = """func.func @f(%x: tensor<?x?xf64>, %s0: tensor<f64>, %y0: tensor<?x?xf64>)
        -> (tensor<f64>, tensor<i64>, tensor<f64>, tensor<i64>, tensor<?x?xf64>, tensor<?x?xi64>) {
      %c1 = arith.constant 1 : index
      %c0 = arith.constant 0 : index
      %a = tensor.dim %x, %c0 : tensor<?x?xf64>
      %b = tensor.dim %x, %c1 : tensor<?x?xf64>
      %s, %sa = nest.map (i = %a, j = %b) read(%x[i, j] : tensor<?x?xf64>) max(%s0 : tensor<f64> arg) {
      ^bb0(%i: index, %j: index, %v: f64):
        nest.yield %v : f64
      }
      %t, %ta = nest.map (i = 0) read(%s0 : tensor<f64>) min(%s0 : tensor<f64> arg) {
      ^bb0(%i: index, %v: f64):
        nest.yield %v : f64
      }
      %y, %ya = nest.map (k = 2, i = %a, j = %b) read(%x[i, j] : tensor<?x?xf64>) max(%y0[i, j] : tensor<?x?xf64> arg) {
      ^bb0(%k: index, %i: index, %j: index, %v: f64):
        nest.yield %v : f64
      }
      func.return %s, %sa, %t, %ta, %y, %ya
        : tensor<f64>, tensor<i64>, tensor<f64>, tensor<i64>, tensor<?x?xf64>, tensor<?x?xi64>
    }"""
    x, y0 = np.random.default_rng(2).normal(size=(2, 3, 4))
    arrays = {"x": x, "s0": np.array(0.3), "y0": y0}
    numbers = np.where(x > y0, np.arange(12).reshape(3, 4), -1)
    agree(
        text, arrays, np.array(x.max()), np.array(x.argmax()), np.array(0.3), np.array(-1), np.maximum(x, y0), numbers
    )
    arrays["s0"] = np.array(np.nan)
    agree(text, arrays, np.array(np.nan), np.array(-1), np.array(np.nan), np.array(-1), np.maximum(x, y0), numbers)


def test_guards_bound_loops_and_branch() -> None:
    """A convolution's adjoint gathered by hand, every third element, and a guard on sizes alone."""
    text = """func.func @f(%n: index, %m: index, %g: tensor<?xf64>, %w: tensor<3xf64>, %x0: tensor<?xf64>,
        %z0: tensor<7xf64>) -> (tensor<?xf64>, tensor<7xf64>, tensor<7xf64>) {
      %x = nest.map (o = %m, p = %n) where(o - p >= 0, 2 - o + p >= 0)
          read(%g[p] : tensor<?xf64>, %w[o - p] : tensor<3xf64>)
          add(%x0[o] : tensor<?xf64>) {
      ^bb0(%o: index, %p: index, %gp: f64, %wd: f64):
        %v = arith.mulf %gp, %wd : f64
        nest.yield %v : f64
      }
      %z = nest.map (o = 7) where(-(o mod 3) >= 0) read(%g[o floordiv 3] : tensor<?xf64>) set(%z0[o] : tensor<7xf64>) {
      ^bb0(%o: index, %v: f64):
        nest.yield %v : f64
      }
      %u = nest.map (i = 3, o = 7) where(%n - 4 >= 0, 2 * i - o >= 0)
          read(%g[i] : tensor<?xf64>) add(%z0[o] : tensor<7xf64>) {
      ^bb0(%i: index, %o: index, %v: f64):
        nest.yield %v : f64
      }
      func.return %x, %z, %u : tensor<?xf64>, tensor<7xf64>, tensor<7xf64>
    }"""
    rng = np.random.default_rng(3)
    for n in (3, 4, 9):
        g, w, x0, z0 = rng.normal(size=n), rng.normal(size=3), rng.normal(size=n + 2), rng.normal(size=7)
        x = x0 + np.convolve(g, w)
        z = z0.copy()
        z[::3] = g[:3]
        u = z0 + (sum(g[i] * (np.arange(7) <= 2 * i) for i in range(3)) if n >= 4 else 0)
        agree(text, {"n": n, "m": n + 2, "g": g, "w": w, "x0": x0, "z0": z0}, x, z, u)


def test_results_of_one_nest_each_in_its_own_way() -> None:
    """Own rows, every second row, a sum over all rows, and one through a table; and whole numbers through a table."""
    text = """func.func @f(%n: index, %x: tensor<?x3xf64>, %t: tensor<?xi32>, %a0: tensor<?x3xf64>, %y0: tensor<?xf64>,
        %b0: tensor<3xf64>, %c0: tensor<5xf64>, %k0: tensor<5xi64>)
        -> (tensor<?x3xf64>, tensor<?xf64>, tensor<3xf64>, tensor<5xf64>, tensor<5xi64>) {
      %a, %y, %b, %c = nest.map (i = %n, j = 3) read(%x[i, j] : tensor<?x3xf64>) set(%a0[i, j] : tensor<?x3xf64>)
          add(%y0[2 * i + 1] : tensor<?xf64>, %b0[j] : tensor<3xf64>, %c0[%t[i]] : tensor<5xf64>) {
      ^bb0(%i: index, %j: index, %v: f64):
        %w = arith.mulf %v, %v : f64
        nest.yield %v, %w, %v, %w : f64, f64, f64, f64
      }
      %k = nest.map (i = %n) add(%k0[%t[i]] : tensor<5xi64>) {
      ^bb0(%i: index):
        %one = arith.constant 1 : i64
        nest.yield %one : i64
      }
      func.return %a, %y, %b, %c, %k : tensor<?x3xf64>, tensor<?xf64>, tensor<3xf64>, tensor<5xf64>, tensor<5xi64>
    }"""
    rng = np.random.default_rng(4)
    for n in (0, 1, 70):
        x, t = rng.normal(size=(n, 3)), rng.integers(0, 5, n).astype(np.int32)
        a0, y0, b0, c0 = (rng.normal(size=s) for s in ((n, 3), 2 * n + 2, 3, 5))
        y, c, k = y0.copy(), c0.copy(), np.zeros(5, np.int64)
        y[1 : 2 * n : 2] += (x * x).sum(axis=1)
        np.add.at(c, t, (x * x).sum(axis=1))
        np.add.at(k, t, 1)
        arrays = {"n": n, "x": x, "t": t, "a0": a0, "y0": y0, "b0": b0, "c0": c0, "k0": np.zeros(5, np.int64)}
        agree(text, arrays, x, y, b0 + x.sum(axis=0), c, k)


def random_nests(first: int, count: int) -> Iterator[RandomNest]:
    """Nests that the verifier takes: it refuses where constant bounds, which are wide, leave a tensor."""
    for seed in range(first, first + count):
        drawn = RandomNest(seed)
        try:
            Parser(context_of_all(), drawn.text).parse_module().verify()
        except VerifyException:
            continue
        yield drawn


def test_random_nests_are_split_gathered_and_made_rows() -> None:
    """Half of the drawings at least are taken, and half of their nests become rows, so that this tests something."""
    taken = rows = nests = 0
    for drawn in random_nests(0, 300):
        module = Parser(context_of_all(), drawn.text).parse_module()
        expected = drawn.expected()
        for step in (SplitNestsPass(), GatherNestsPass(), FormKernelsPass()):
            step.apply(context_of_all(), module)
            module.verify()
            for value, wanted in zip(call(module, "f", tuple(drawn.arrays.values())), expected, strict=True):
                scale = np.abs(wanted).max(initial=0.0)
                np.testing.assert_allclose(value, wanted, rtol=0, atol=TOLERANCE * scale, err_msg=drawn.text)
        made = [op for op in module.walk() if isinstance(op, kernel.RowsOp)]
        taken, nests, rows = taken + 1, nests + len(made), rows + sum(op.extent != 1 for op in made)
    assert taken > 150
    assert rows > nests / 2


@pytest.mark.parametrize("block", range(4))
def test_random_nests_compiled(block: int) -> None:
    for drawn in random_nests(1000 + 8 * block, 8):
        agree(drawn.text, drawn.arrays, *drawn.expected())
