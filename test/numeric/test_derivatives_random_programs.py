"""
Random programs in index notation: value, gradient and tangent are those of JAX.

`ANAMC_PROGRAMS=500` checks as many of each generator (by default few), through machine code; every tenth by the
interpreter and through C as well.
"""

from __future__ import annotations

import os

import pytest

from support.differentiable_programs import differentiable_program, magnitude
from support.random_derivatives import Reference, check, directions
from support.rough_programs import rough_program

PROGRAMS = os.environ.get("ANAMC_PROGRAMS")
SMOOTH, ROUGH = int(PROGRAMS or "16"), int(PROGRAMS or "2")
BLOCK = 4


@pytest.mark.parametrize("block", range(-(-SMOOTH // BLOCK)))
def test_random_programs_have_the_derivatives_of_jax(block: int) -> None:
    for seed in range(BLOCK * block, min(BLOCK * block + BLOCK, SMOOTH)):
        check(differentiable_program(seed), seed, everywhere=seed % 10 == 0)


@pytest.mark.parametrize("block", range(-(-ROUGH // BLOCK)))
def test_rough_programs_have_the_derivatives_of_jax(block: int) -> None:
    """Of first and second order: the Hessian of the sum of squares of what is written last."""
    for seed in range(BLOCK * block, min(BLOCK * block + BLOCK, ROUGH)):
        check(rough_program(seed), seed, "loss", everywhere=seed % 10 == 0)


def test_errors_may_grow_as_the_program_makes_them_grow() -> None:
    """The derivatives of rough seed 205 are 1e8, and 3e-10 of them is one unit in the last place of its inputs."""
    drawing = rough_program(205)
    reference = Reference(drawing, *directions(drawing, 205), "loss")
    exact = reference.results["a0_bar"]
    reference.close({"a0_bar": exact * (1 + 4 * reference.growth["a0_bar"] / magnitude(exact))})
    with pytest.raises(AssertionError, match="a0_bar is"):
        reference.close({"a0_bar": exact * (1 + 1e-7)})
