"""Random tensors: the bits of Threefry as JAX has it, and the same in every backend."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import anamc
from support.routes import OPENMP, CRoute, c_parameters, jitted

TEXT = "random a[n] random b[n, 3] = uniform(0.3, 0.75) y[i, j] ++= a[i] * b[i, j] | (i, j) output a, b, y"
FAST = ("-O3", "-march=native", "-ffp-contract=fast")
ROUTES = (CRoute("gcc", (*FAST, OPENMP)), CRoute("clang-14", FAST), CRoute("clang-19", FAST))
SIZES: dict[str, Any] = {"n": 5000, "seed": 12345}


def test_numbers_are_those_of_jax() -> None:
    jax = pytest.importorskip("jax")
    random = pytest.importorskip("jax.extend.random")
    program, count, seed = anamc.parse(TEXT, "ix"), 3000, 2**31 - 1
    found = anamc.interpret(program, n=count // 3, seed=seed)
    for stream, name, low, width in ((0, "a", 0.0, 1.0), (1, "b", 0.3, 0.75 - 0.3)):
        size = found[name].size
        counter = jax.numpy.concatenate([jax.numpy.arange(size), jax.numpy.zeros(size)]).astype("uint32")
        words = random.threefry_2x32(jax.numpy.array([seed, stream], dtype="uint32"), counter)
        bits = np.asarray(words[:size]) >> 8
        np.testing.assert_array_equal(found[name].ravel(), low + bits / (2.0**24 / width))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_machine_code_gives_the_same_bits(dtype: str) -> None:
    program = anamc.parse(TEXT, "ix")
    found = jitted(program, "program", dtype)(**SIZES)
    for name, wanted in anamc.interpret(program, dtype=dtype, **SIZES).items():
        np.testing.assert_array_equal(found[name], wanted)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("route", c_parameters(ROUTES))
def test_c_gives_the_same_bits(route: CRoute, dtype: str) -> None:
    program = anamc.parse(TEXT, "ix")
    with route.runner(program, "program", dtype) as run:
        found = {k: np.array(v) for k, v in run(**SIZES).items()}
    for name, wanted in anamc.interpret(program, dtype=dtype, **SIZES).items():
        np.testing.assert_array_equal(found[name], wanted)
