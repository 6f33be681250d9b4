"""Shapes from run-time sizes: loops = interpreter = machine code = C, also for sizes of 0."""

from __future__ import annotations

import ctypes
import shutil
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import anamc
from anamc.runtime.system_compiler import compile_shared
from support.routes import CRoute, c_files, c_parameters
from support.sized_programs import random_program

SIZES = (
    {"n": 3, "m": 5, "k": 1},
    {"n": 4, "m": 1, "k": 2},
    {"n": 1, "m": 1, "k": 6},
)


def agree(found: dict[str, NDArray[Any]], wanted: dict[str, NDArray[Any]], text: str) -> None:
    for name, value in wanted.items():
        # Sums of at most four terms, in the same order.
        np.testing.assert_allclose(found[name], value, rtol=1e-14, atol=1e-14, err_msg=text)


@pytest.mark.parametrize("block", range(4))
def test_interpreter_and_machine_code_give_what_loops_give(block: int) -> None:
    for seed in range(6 * block, 6 * block + 6):
        drawing = random_program(seed)
        program = anamc.parse(drawing.text, format="ix", name="program")
        compiled = anamc.jit(program, dtype="float64")
        for sizes in SIZES:
            arrays = drawing.arrays(sizes, seed)
            wanted = drawing.results(arrays, sizes)
            agree(anamc.interpret(program, **arrays), wanted, drawing.text)
            agree(compiled(**arrays), wanted, drawing.text)


@pytest.mark.parametrize("route", c_parameters([CRoute("gcc", ("-O1", "-fwrapv"), plain=True), CRoute("gcc")]))
def test_c_gives_what_loops_give(route: CRoute) -> None:
    for seed in (0, 3, 7):
        drawing = random_program(seed)
        program = anamc.parse(drawing.text, format="ix", name="program")
        with route.runner(program, "program", "float64") as compiled:
            for sizes in SIZES:
                arrays = drawing.arrays(sizes, seed)
                found = compiled(**arrays, **{n: sizes[n] for n in program.function().sizes})
                agree(found, drawing.results(arrays, sizes), drawing.text)


ONE = """
input x[n, m]
input z[k, m]
y[i, j] ++= x[i, j]         | (i, j)
y[i, j] ++= z[i, j]         | (i, j)
y[0, j] ++= x[1, j]         | j
t[i mod 3, j] ++= y[i, j]   | (i, j)
t.shape = [3, max(m, 2)]
output y, t
"""


@pytest.mark.parametrize(("n", "m", "k"), [(2, 3, 4), (4, 3, 2), (2, 1, 0), (2, 0, 3)])
def test_the_shape_of_a_tensor_that_several_kernels_write(n: int, m: int, k: int) -> None:
    random = np.random.default_rng(0)
    x, z = random.normal(size=(n, m)), random.normal(size=(k, m))
    y = np.zeros((max(n, k), m))
    y[:n] += x
    y[:k] += z
    y[0] += x[1]
    t = np.zeros((3, max(m, 2)))
    for i in range(max(n, k)):
        t[i % 3, :m] += y[i]
    program = anamc.parse(ONE, format="ix", name="program")
    assert program.function().results[0].dims == ("max(k, n, 1)", "m")
    for found in (anamc.interpret(program, x=x, z=z), anamc.jit(program, dtype="float64")(x=x, z=z)):
        agree(found, {"y": y, "t": t}, ONE)


def test_a_shape_that_no_call_may_have_is_refused() -> None:
    program = anamc.parse("input x[n]\ny[i] ++= x[i + 3] | i in 0..<n - 3\noutput y", format="ix", name="program")
    with pytest.raises(anamc.CallError, match="n - 3 >= 0"):
        anamc.interpret(program, x=np.zeros(2))


PRODUCT = """
input x[n, m]
y[i, j] ++= x[i + 3, j + 3] | (i in 0..<n - 3, j in 0..<m - 3)
z[i] ++= x[i, 0] | i
z[i div 2] ++= y[i, 0] | i in 0..<1
output y, z
"""


@pytest.mark.compiler("gcc")
def test_results_of_negative_sizes_are_not_written() -> None:
    program = anamc.parse(PRODUCT, format="ix", name="program")
    files, symbol = c_files(program, "program", "float64")
    library = compile_shared(files, compiler="gcc", flags=("-Wall", "-Wextra", "-Werror"))
    try:
        function = getattr(ctypes.CDLL(str(library)), symbol)
        y, z = np.zeros(64), np.zeros(64)
        function(-1, -1, None, ctypes.c_void_p(y.ctypes.data), ctypes.c_void_p(z.ctypes.data))
        assert not y.any()
        assert np.isnan(z).sum() == 1  # max(n, 1) of -1
    finally:
        shutil.rmtree(library.parent, ignore_errors=True)
