"""Random programs in index notation: plain loops = interpreter = machine code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from numpy.typing import NDArray
from xdsl.transforms.canonicalize import CanonicalizePass

import anamc
from support.index_programs import Drawing, drawn_programs, random_program
from support.routes import interpreted

TOLERANCE = 1e-12
"""Of the array's largest magnitude: float64, sums of at most a hundred terms in the same order."""


def agree(found: dict[str, NDArray[Any]], drawing: Drawing) -> None:
    for name, wanted in drawing.results().items():
        assert found[name].shape == wanted.shape
        scale = np.abs(wanted).max(initial=0.0)
        assert np.abs(found[name] - wanted).max(initial=0.0) <= TOLERANCE * scale, f"{name} of\n{drawing.text}"


def arguments(drawing: Drawing, program: anamc.Program) -> dict[str, Any]:
    return {a.name: drawing.arrays[a.name] for a in program.function().arguments}


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(drawing=drawn_programs())
def test_the_interpreter_computes_what_loops_compute(drawing: Drawing) -> None:
    program = anamc.parse(drawing.text, format="ix")
    agree(anamc.interpret(program, **arguments(drawing, program)), drawing)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(drawing=drawn_programs())
def test_machine_code_of_drawn_programs_computes_what_loops_compute(drawing: Drawing) -> None:
    program = anamc.parse(drawing.text, format="ix")
    agree(anamc.jit(program, dtype="float64")(**arguments(drawing, program)), drawing)


@pytest.mark.parametrize("block", range(4))
def test_machine_code_computes_what_loops_compute(block: int) -> None:
    for seed in range(1000 + 10 * block, 1000 + 10 * block + 10):
        drawing = random_program(seed)
        program = anamc.parse(drawing.text, format="ix")
        agree(anamc.jit(program, dtype="float64")(**arguments(drawing, program)), drawing)


def sizes(drawing: Drawing, program: anamc.Program) -> dict[str, int]:
    """Run-time sizes by name."""
    arguments = program.function().arguments
    pairs = [pair for a in arguments for pair in zip(a.dims, drawing.arrays[a.name].shape, strict=True)]
    return {name: size for name, size in pairs if isinstance(name, str)}


def test_canonical_nests_compute_the_same() -> None:
    for seed in range(2000, 2060):
        drawing = random_program(seed)
        program = anamc.parse(drawing.text, format="ix")
        run = interpreted(program, next(iter(program.functions)), "float64", [CanonicalizePass()])
        agree(run(**arguments(drawing, program), **sizes(drawing, program)), drawing)


def test_a_program_of_another_generator() -> None:
    text = """
        input a0[10]
        input idx0[5] : index
        t0.shape = [4, 6]
        t0[1*k+1, 1*i+1] += sin(sin(a0[2*i+1])) | (i in 0..<5, j in 0..<4, k in 0..<3)
        t1[1*i+0] += t0[wrap(idx0[i], 4), 1*i+0] * a0[idx0[i]] | (i in 0..<5)
        output t0, t1
    """
    program = anamc.parse(text, format="ix", name="program")
    a0, idx0 = np.random.default_rng(3).normal(size=10), np.array([9, 0, 3, 4, 2], np.int32)
    t0 = np.zeros((4, 6))
    t0[1:4, 1:6] = 4 * np.sin(np.sin(a0[1::2]))
    t1 = t0[idx0 % 4, np.arange(5)] * a0[idx0]
    for found in (
        anamc.interpret(program, a0=a0, idx0=idx0),
        anamc.jit(program, dtype="float64")(a0=a0, idx0=idx0),
    ):
        np.testing.assert_allclose(found["t0"], t0, rtol=1e-14)
        np.testing.assert_allclose(found["t1"], t1, rtol=1e-14)
