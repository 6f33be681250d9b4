"""Random programs in index notation: plain loops = interpreter = machine code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import anamc
from support.index_programs import Drawing, random_program

TOLERANCE = 1e-12
"""Of the array's largest magnitude: float64, sums of at most a hundred terms in the same order."""


def agree(found: dict[str, NDArray[Any]], drawing: Drawing) -> None:
    for name, wanted in drawing.results().items():
        assert found[name].shape == wanted.shape
        scale = np.abs(wanted).max(initial=0.0)
        assert np.abs(found[name] - wanted).max(initial=0.0) <= TOLERANCE * scale, f"{name} of\n{drawing.text}"


def arguments(drawing: Drawing, program: anamc.Program) -> dict[str, Any]:
    return {a.name: drawing.arrays[a.name] for a in program.function().arguments}


@pytest.mark.parametrize("block", range(8))
def test_the_interpreter_computes_what_loops_compute(block: int) -> None:
    for seed in range(25 * block, 25 * block + 25):
        drawing = random_program(seed)
        program = anamc.parse(drawing.text, format="ix")
        agree(anamc.interpret(program, **arguments(drawing, program)), drawing)


@pytest.mark.parametrize("block", range(4))
def test_machine_code_computes_what_loops_compute(block: int) -> None:
    for seed in range(1000 + 10 * block, 1000 + 10 * block + 10):
        drawing = random_program(seed)
        program = anamc.parse(drawing.text, format="ix")
        agree(anamc.jit(program, dtype="float64")(**arguments(drawing, program)), drawing)
