"""
Random programs in index notation: value, gradient and tangent are those of JAX.

`ANAMC_PROGRAMS=500` checks as many (by default few), through machine code; every tenth through C as well.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

import anamc
from support.derived_cases import jax
from support.differentiable_programs import Drawing, differentiable_program, magnitude
from support.routes import CRoute, jitted

PROGRAMS = int(os.environ.get("ANAMC_PROGRAMS", "24"))
BLOCK = 4
TOLERANCE = 1e-10
"""Of the largest magnitude: the sums of two float64 programs of a hundred terms differ by far less."""


def directions(drawing: Drawing, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A tangent for every input of floats, a cotangent for every result."""
    values = np.random.default_rng(seed)
    dots = {n: values.normal(size=drawing.arrays[n].shape) for n in drawing.floats}
    return dots, {n: values.normal(size=s) for n, s in drawing.shapes.items()}


def wanted(drawing: Drawing, dots: dict[str, Any], bars: dict[str, Any]) -> dict[str, Any]:
    """Values, cotangents and tangents by JAX."""
    with jax.enable_x64(True):
        floats = {n: drawing.arrays[n] for n in drawing.floats}

        def program(floats: dict[str, Any]) -> dict[str, Any]:
            return drawing.results(floats, jax.numpy)

        values, pull = jax.vjp(program, floats)
        (cotangents,) = pull({n: jax.numpy.asarray(b) for n, b in bars.items()})
        _, tangents = jax.jvp(program, (floats,), (dots,))
        found = {**values, **{f"{n}_bar": v for n, v in cotangents.items()}}
        return {n: np.asarray(v) for n, v in (found | {f"{n}_dot": v for n, v in tangents.items()}).items()}


def close(found: dict[str, Any], reference: dict[str, Any], text: str) -> None:
    for name, value in found.items():
        scale = max(magnitude(reference[name]), 1e-3)
        assert magnitude(value - reference[name]) <= TOLERANCE * scale, f"{name} of\n{text}"


def given(program: anamc.Program, known: dict[str, Any]) -> dict[str, Any]:
    return {a.name: known[a.name] for a in program.function().arguments}


@pytest.mark.parametrize("block", range(-(-PROGRAMS // BLOCK)))
def test_random_programs_have_the_derivatives_of_jax(block: int) -> None:
    for seed in range(BLOCK * block, min(BLOCK * block + BLOCK, PROGRAMS)):
        drawing = differentiable_program(seed)
        dots, bars = directions(drawing, seed)
        reference = wanted(drawing, dots, bars)
        program = anamc.parse(drawing.text, format="ix", name="program")
        known = {
            **drawing.arrays,
            **{f"{n}_bar": b for n, b in bars.items()},
            **{f"{n}_dot": d for n, d in dots.items()},
        }
        for derived in (anamc.vjp(program, wrt=drawing.floats), anamc.jvp(program, wrt=drawing.floats)):
            name = derived.function().name
            arrays = given(derived, known)
            close(jitted(derived, name, "float64")(**arrays), reference, drawing.text)
            if seed % 10 == 0:
                close(anamc.interpret(derived, **arrays), reference, drawing.text)
                with CRoute("gcc").runner(derived, name, "float64") as run:
                    close(run(**arrays), reference, drawing.text)
