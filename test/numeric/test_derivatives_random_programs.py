"""
Random programs in index notation: value, gradient and tangent are those of JAX.

`ANAMC_PROGRAMS=500` checks as many of each generator (by default few), through machine code; every tenth by the
interpreter and through C as well.
"""

from __future__ import annotations

import os

import pytest

from support.differentiable_programs import differentiable_program
from support.random_derivatives import check
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
