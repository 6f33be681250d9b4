"""Kernels on vectors give what they give one row at a time, whatever the machine and the number of rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest

import anamc
from anamc.runtime.callable import Function
from anamc.runtime.compiler import WITHOUT_PLANS, flat_module, plan_sources
from anamc.runtime.jit import compile_module
from anamc.schedule.machines import MACHINES
from support.cases import random_case
from support.fixed import document, layered, source

TOLERANCE = {"float32": 2e-6, "float64": 4e-15}
"""Of the largest magnitude: some tens of roundings, for sums are made with one rounding less, or in another order."""
AS_SCALARS = 2
"""
Where rounding errors grow, so many times that of one row at a time is allowed besides: a row of two numbers
that are nearly equal is divided by a deviation near 0 when it is normalised.
"""
ACTIVATIONS = ("tanh", "relu", "gelu", "sigmoid", "selu", "softplus", "softmax", "identity", "sin")
LOSSES = ("mse", "mae", "huber", "cross_entropy")
GRADIENTS = (6, 8, 9, 10, 16, 19)
"""Networks of selu, gelu, tanh, softmax and relu, and one layer alone; every loss among them."""
LAYOUTS = ("rows", "features")
"""What lanes hold, wherever it is possible."""
EDGES = (0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 127, 1023, 1024, 1025, 1100, 2050)
"""Numbers of rows around the edges of vectors, blocks and chunks."""


def on(machine: str | None, lanes: str = "auto", order: Sequence[str] = ()) -> Any:
    """Runs functions on vectors of a machine, whatever this one is; with the optimiser that most of them need least."""

    def compiled(program: anamc.Program, function: str, dtype: str) -> Function:
        flat = flat_module(program, function, dtype, machine, lanes, order=order)
        plans = tuple(plan_sources(flat))
        return Function(program.function(function), compile_module(flat, opt=1), dtype, plans=plans)

    return compiled


def network(seed: int) -> dict[str, Any]:
    """An encoder of random widths, primes among them, with a loss."""
    draw = Random(seed)
    widths = [draw.choice((1, 2, 3, 5, 7, 8, 10, 13, 16, 17, 23, 31, 32, 33, 37)) for _ in range(draw.randint(2, 4))]
    encoder = layered(2, 1, -9, *widths[1:], activation=draw.choice(ACTIVATIONS))
    for layer in encoder["layers"][:-1]:
        layer["layer_norm"] = draw.random() < 0.3
    loss = {"id": 3, "kind": "loss", "function": draw.choice(LOSSES), "of": 2, "target": 3, "output": -10}
    return document([source({"x": widths[0]}), encoder, loss], [(-1, 1), (-9, 2)])


@pytest.mark.parametrize("dtype", list(TOLERANCE))
@pytest.mark.parametrize("seed", range(6))
def test_networks_give_the_same_on_vectors(seed: int, dtype: str) -> None:
    program = anamc.parse(json.dumps(network(seed)), "json")
    check(program, program, seed, dtype, EDGES)


@pytest.mark.parametrize("dtype", list(TOLERANCE))
@pytest.mark.parametrize("seed", GRADIENTS)
def test_gradients_of_networks_give_the_same_on_vectors(seed: int, dtype: str) -> None:
    """Sums over rows of outer products, by lanes where they are narrow, as matrix products where they are wide."""
    program = anamc.parse(json.dumps(network(seed)), "json")
    check(program, anamc.value_and_grad(program), seed, dtype, (0, 1, 15, 17, 33, 64, 1025))


def errors_grow(seed: int) -> bool:
    """True where a row of two numbers is normalised."""
    _, encoder, _ = network(seed)["blocks"]
    return any(layer.get("layer_norm") and layer["size"] == 2 for layer in encoder["layers"])


def check(network: anamc.Program, program: anamc.Program, seed: int, dtype: str, numbers: Sequence[int]) -> None:
    machine = list(MACHINES)[seed % len(MACHINES)]
    rng = np.random.default_rng(seed)
    params = anamc.init_params(network, seed=seed, dtype=dtype)
    for name, signature in program.functions.items():
        scalars = on(None)(program, name, dtype)
        layouts = {lanes: on(machine, lanes)(program, name, dtype) for lanes in LAYOUTS}
        for rows in numbers:
            given: dict[str, Any] = {"params": params, "edgelist": np.zeros((0, 2), np.int32)}
            for array in signature.arguments[2:]:
                values = rng.standard_normal((rows, int(array.dims[1])))
                given[array.name] = values.astype(dtype)
            wanted = scalars(**given)
            errors = rounding(program, name, dtype, given) if errors_grow(seed) else {}
            for lanes, vectors in layouts.items():
                what = f"{name} with {lanes} in lanes of {machine} and {rows} rows"
                assert_near(vectors(**given), wanted, dtype, what, errors)


def rounding(program: anamc.Program, name: str, dtype: str, given: Any) -> dict[str, float]:
    """How far results of one row at a time in float32 are from those in float64, at the precision of `dtype`."""
    single = {k: v.astype("float32") if v.dtype.kind == "f" else v for k, v in given.items()}
    double = {k: v.astype("float64") if v.dtype.kind == "f" else v for k, v in single.items()}
    found, exact = (scalars_of(program, name, d)(**g) for d, g in (("float32", single), ("float64", double)))
    share = float(np.finfo(dtype).eps / np.finfo("float32").eps)
    return {k: AS_SCALARS * share * float(np.abs(exact[k] - v).max(initial=0.0)) for k, v in found.items()}


@cache
def scalars_of(program: anamc.Program, name: str, dtype: str) -> Function:
    """One row at a time."""
    return on(None)(program, name, dtype)


@pytest.mark.parametrize("seed", [*range(40, 46)])
def test_random_graphs_give_the_same_on_vectors(seed: int) -> None:
    """With plans of rows that meet, as the JIT has them, and without, as objects."""
    machine = list(MACHINES)[seed % len(MACHINES)]
    for dtype in TOLERANCE:
        for k, lanes in enumerate(LAYOUTS):
            order = WITHOUT_PLANS if (seed + k) % 2 else ()
            random_case(seed).check(on(machine, lanes, order), dtype, f"{lanes} in lanes of {machine}")


def test_lanes_without_a_row_do_no_harm() -> None:
    """Infinities and NaN stay in their rows; the sum over no rows is what it starts from."""
    doc = document([source({"x": 3}), layered(2, 1, -9, 5, 2, activation="relu")], [(-1, 1)])
    program = anamc.parse(json.dumps(doc), "json")
    name = next(iter(program.functions))
    x = np.zeros((21, 3), np.float32)
    x[4, 1], x[20, 2] = np.nan, np.inf
    params = np.ones(32, np.float32)
    given = {"params": params, "x": x, "edgelist": np.zeros((0, 2), np.int32)}
    with np.errstate(all="ignore"):
        wanted = on(None)(program, name, "float32")(**given)["xout2"]
        both = [on("avx512", lanes)(program, name, "float32")(**given)["xout2"] for lanes in LAYOUTS]
    for found in both:
        assert np.array_equal(np.isnan(found), np.isnan(wanted))
        assert np.array_equal(np.isfinite(found), np.isfinite(wanted))
        assert np.array_equal(found[np.isfinite(found)], wanted[np.isfinite(wanted)])
        assert not np.isfinite(found[[4, 20]]).any()
        assert np.isfinite(np.delete(found, [4, 20], 0)).all()


def assert_near(found: Any, wanted: Any, dtype: str, what: str, errors: dict[str, float] | None = None) -> None:
    for name, value in wanted.items():
        most = TOLERANCE[dtype] * max(1.0, float(np.abs(value).max(initial=0.0))) + (errors or {}).get(name, 0.0)
        error = float(np.abs(found[name] - value).max(initial=0.0))
        assert error <= most, f"{what}: {name} is off by {error:.3g}, allowed {most:.3g}"
