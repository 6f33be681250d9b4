"""What derivatives are where there is none, or where a formula would give NaN: as docs/derivatives says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import anamc
from support.operations import ROWS, Example, elementwise, tensor
from support.runs import RUNS

SAME_SIGN = f"%s = arith.mulf %a, %a : {tensor(ROWS)}\n  %y = math.sqrt %s : {tensor(ROWS)}"
NORM = Example("norm", {"a": ROWS}, SAME_SIGN, {"y": ROWS})
GUARDED = Example(
    "guarded logarithm",
    {"a": ROWS},
    f"%m = arith.negf %a : {tensor(ROWS)}\n  %z = arith.subf %a, %a : {tensor(ROWS)}\n"
    f"  %l = math.log %a : {tensor(ROWS)}\n"
    f'  %y = mlp.where "ogt" %a, %z then %l else %m : {tensor(ROWS)}',
    {"y": ROWS},
)

SLOPES: dict[str, tuple[Example, dict[str, float], dict[str, float]]] = {
    "relu": (elementwise("mlp.relu"), {"a": 0.0}, {"a": 0.0}),
    "leaky relu": (elementwise("mlp.leaky_relu", options=" slope 0.1"), {"a": 0.0}, {"a": 0.1}),
    "abs": (elementwise("math.absf"), {"a": 0.0}, {"a": 0.0}),
    "softplus": (elementwise("mlp.softplus"), {"a": 0.0}, {"a": 0.5}),
    "softplus far below": (elementwise("mlp.softplus"), {"a": -1e4}, {"a": 0.0}),
    "sigmoid far above": (elementwise("mlp.sigmoid"), {"a": 1e4}, {"a": 0.0}),
    "max at a tie": (elementwise("arith.maximumf", 2), {"a": 2.0, "b": 2.0}, {"a": 0.5, "b": 0.5}),
    "min at a tie": (elementwise("arith.minimumf", 2), {"a": 2.0, "b": 2.0}, {"a": 0.5, "b": 0.5}),
    "sqrt": (elementwise("math.sqrt"), {"a": 0.0}, {"a": 0.0}),
    "a norm": (NORM, {"a": 0.0}, {"a": 0.0}),
    "square of a negative number": (elementwise("math.powf", 2), {"a": -3.0, "b": 2.0}, {"a": -6.0, "b": 0.0}),
    "square of 0": (elementwise("math.powf", 2), {"a": 0.0, "b": 2.0}, {"a": 0.0, "b": 0.0}),
    "0 to the 0": (elementwise("math.powf", 2), {"a": 0.0, "b": 0.0}, {"a": 0.0, "b": 0.0}),
    "the side not taken": (GUARDED, {"a": -2.0}, {"a": -1.0}),
    "the side taken": (GUARDED, {"a": 2.0}, {"a": 0.5}),
}
"""Example, point, and the derivative in each argument."""


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("name", SLOPES)
def test_slopes(name: str, run: str) -> None:
    example, point, wanted = SLOPES[name]
    arrays: dict[str, Any] = {"n": 2, **{k: np.full((2, 3), v) for k, v in point.items()}}
    reverse = RUNS[run](anamc.vjp(example.program, wrt=list(point)), {**arrays, "y_bar": np.ones((2, 3))})
    forward = anamc.jvp(example.program, wrt=list(point))
    for k, slope in wanted.items():
        # Numbers that float64 holds, or one rounding of 0.1 times 1.
        np.testing.assert_allclose(reverse[f"{k}_bar"], np.full((2, 3), slope), rtol=1e-15, atol=0)
        dots = {f"{n}_dot": np.full((2, 3), float(n == k)) for n in point}
        np.testing.assert_allclose(RUNS[run](forward, {**arrays, **dots})["y_dot"], slope, rtol=1e-15, atol=0)


@pytest.mark.parametrize("run", RUNS)
def test_slopes_of_powers_change_with_an_exponent_of_zero(run: str) -> None:
    """``d/dy (y x^(y-1)) = 1 / x`` at y = 0, though the slope itself is 0 there."""
    example = elementwise("math.powf", 2)
    points = np.array([[2.0, -4.0, 1e-320], [0.5, 8.0, 0.0]])
    arrays: dict[str, Any] = {"n": 2, "a": points, "b": np.zeros((2, 3)), "y_bar": np.ones((2, 3))}
    reverse = anamc.vjp(example.program, wrt=["a", "b"])
    np.testing.assert_array_equal(RUNS[run](reverse, arrays)["a_bar"], 0.0)
    found = RUNS[run](anamc.jvp(reverse, wrt="b", of="a_bar"), {**arrays, "b_dot": np.ones((2, 3))})
    wanted = np.where(np.abs(points) < 1e-30, 1.0, 1.0 / np.where(np.abs(points) < 1e-30, 1.0, points))
    np.testing.assert_allclose(found["a_bar_dot"][np.abs(points) > 1e-30], wanted[np.abs(points) > 1e-30], rtol=1e-15)
    assert np.isfinite(found["a_bar_dot"]).all()
