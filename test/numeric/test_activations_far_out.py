"""Activations and their derivatives: how near they are, and at infinities, NaN and large arguments their limits."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

import anamc
from support.routes import CRoute, c_parameters

INFINITY = math.inf
LIMITS = {
    "math.tanh": ((-1, 1), (0, 0)),
    "math.erf": ((-1, 1), (0, 0)),
    "mlp.sigmoid": ((0, 1), (0, 0)),
    "mlp.relu": ((0, INFINITY), (0, 1)),
    "mlp.gelu": ((0, INFINITY), (0, 1)),
    "mlp.gelu_tanh": ((0, INFINITY), (0, 1)),
    "mlp.silu": ((0, INFINITY), (0, 1)),
    "mlp.softplus": ((0, INFINITY), (0, 1)),
}
"""Values at minus and plus infinity, and slopes."""
FAR = {"float32": (1e20, 3e38), "float64": (1e155, 1e308)}
"""Arguments whose squares are infinite."""


@cache
def program() -> anamc.Program:
    """The tangents of all activations of one array; one compilation for all."""
    results = [f'tensor<?xf64> {{anamc.name = "y{k}", anamc.dims = ["n"]}}' for k in range(len(LIMITS))]
    lines = [f"  %y{k} = {operation} %x : tensor<?xf64>" for k, operation in enumerate(LIMITS)]
    names, types = (", ".join(t) for t in zip(*((f"%y{k}", "tensor<?xf64>") for k in range(len(LIMITS))), strict=True))
    arguments = '%n: index {anamc.name = "n"}, %x: tensor<?xf64> {anamc.name = "x", anamc.dims = ["n"]}'
    head = f"func.func @f({arguments}) -> ({', '.join(results)}) {{"
    return anamc.jvp(anamc.parse("\n".join([head, *lines, f"  func.return {names} : {types}", "}"]), "mlir"), wrt=["x"])


def check(dtype: str, run: Callable[..., Any]) -> None:
    """Nine times, which fills vectors and leaves some over."""
    x = np.array([[-s, math.nan, s] for s in (INFINITY, *FAR[dtype])] * 9, dtype)
    with np.errstate(all="ignore"):
        found = run(x=x.ravel(), x_dot=np.ones(x.size, dtype))
    for k, (operation, (values, slopes)) in enumerate(LIMITS.items()):
        for suffix, (below, above) in (("", values), ("_dot", slopes)):
            y, what = found[f"y{k}{suffix}"].reshape(x.shape), operation + suffix
            assert np.array_equal(y[:, 0], np.full(len(x), below)), what
            assert np.isnan(y[:, 1]).all() or what == "mlp.relu_dot", what
            assert np.array_equal(y[:, 2], x[:, 2] if above == INFINITY else np.full(len(x), above)), what


@pytest.mark.parametrize("dtype", list(FAR))
def test_limits_of_machine_code(dtype: str) -> None:
    check(dtype, anamc.jit(program(), dtype=dtype))


@pytest.mark.parametrize("dtype", list(FAR))
def test_limits_of_the_interpreter(dtype: str) -> None:
    check(dtype, lambda **given: anamc.interpret(program(), None, dtype, **given))


@pytest.mark.parametrize("route", c_parameters()[:1])
def test_limits_of_emitted_c(route: CRoute) -> None:
    with route.runner(program(), next(iter(program().functions)), "float32") as run:
        check("float32", run)


@pytest.mark.parametrize("math", ["default", "precise"])
def test_values_and_slopes_are_near(math: str) -> None:
    """What docs/numerics.md promises of float32: the same formulas in float64 are far nearer."""
    x = np.linspace(-30, 30, 12001, dtype=np.float32)
    found = anamc.jit(program(), dtype="float32", math=math)(x=x, x_dot=np.ones_like(x))
    wanted = anamc.interpret(program(), None, "float64", x=x.astype(float), x_dot=np.ones(x.size))
    for k, operation in enumerate(LIMITS):
        value = np.abs(found[f"y{k}"] - wanted[f"y{k}"]) / np.maximum(1.0, np.abs(x))
        slope = np.abs(found[f"y{k}_dot"] - wanted[f"y{k}_dot"])
        assert (value.max() <= 2.5e-7, slope.max() <= 2e-6) == (True, True), (operation, value.max(), slope.max())
