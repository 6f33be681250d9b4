"""Checks of derivatives that need no other library: the dot test, and differences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

import anamc

Values = NDArray[Any]
Arrays = Mapping[str, Any]

DOT = 1e-12
"""Of the sum of absolute terms: both sides round each of at most some thousand terms, by 1e-16 each."""
STEP = 1e-3
"""Of the differences, whose error is ``h^4 f'''''/30``, and ``1e-16 f / h`` by rounding: both below 1e-10 of f."""
DIFFERENCE = 1e-7
"""Of the largest magnitude: the fifth derivative of what is tested is up to 1000 times the first."""


def evaluate(program: anamc.Program, arrays: Arrays) -> dict[str, Values]:
    """By the interpreter, in float64."""
    return anamc.interpret(program, **arrays)


class Checks:
    """A program at some arguments, with random directions for all its floats."""

    def __init__(self, program: anamc.Program, arrays: Arrays, seed: int = 1) -> None:
        self.program, self.arrays = program, arrays
        signature = program.function()
        self.inputs = [a.name for a in signature.arguments if a.dtype == "float64"]
        self.outputs = [r.name for r in signature.results if r.dtype == "float64"]
        rng = np.random.default_rng(seed)
        results = evaluate(program, arrays)
        self.dots = {n: np.asarray(rng.normal(size=np.shape(arrays[n]))) for n in self.inputs}
        self.bars = {n: np.asarray(rng.normal(size=results[n].shape)) for n in self.outputs}

    def vjp(self) -> anamc.Program:
        return anamc.vjp(self.program, wrt=self.inputs, of=self.outputs)

    def jvp(self) -> anamc.Program:
        return anamc.jvp(self.program, wrt=self.inputs, of=self.outputs)

    def with_bars(self) -> dict[str, Any]:
        return {**self.arrays, **{f"{n}_bar": bar for n, bar in self.bars.items()}}

    def with_dots(self) -> dict[str, Any]:
        return {**self.arrays, **{f"{n}_dot": dot for n, dot in self.dots.items()}}

    def dot_test(self) -> None:
        """``<J v, w> = <v, J^T w>``"""
        tangents = evaluate(self.jvp(), self.with_dots())
        cotangents = evaluate(self.vjp(), self.with_bars())
        left = [tangents[f"{n}_dot"] * self.bars[n] for n in self.outputs]
        right = [cotangents[f"{n}_bar"] * self.dots[n] for n in self.inputs]
        size = sum(float(np.abs(x).sum()) for x in (*left, *right))
        error = abs(sum(float(x.sum()) for x in left) - sum(float(x.sum()) for x in right))
        assert error <= DOT * size, f"the dot test is off by {error:.3g}, allowed {DOT * size:.3g}"

    def differences(self) -> None:
        """``J v`` against differences of fourth order."""
        tangents = evaluate(self.jvp(), self.with_dots())
        moved = {k: evaluate(self.program, self.moved(k * STEP)) for k in (-2, -1, 1, 2)}
        for name in self.outputs:
            near, far = (moved[k][name] - moved[-k][name] for k in (1, 2))
            difference = (8 * near - far) / (12 * STEP)
            found = tangents[f"{name}_dot"]
            error, size = (np.abs(x).max(initial=0.0) for x in (found - difference, difference))
            assert error <= DIFFERENCE * max(size, 1.0), f"{name}_dot is off by {error:.3g} of {size:.3g}"

    def moved(self, step: float) -> dict[str, Any]:
        return {**self.arrays, **{n: np.asarray(self.arrays[n] + step * dot) for n, dot in self.dots.items()}}

    def all(self) -> None:
        self.dot_test()
        self.differences()


def check(program: anamc.Program, arrays: Arrays) -> None:
    """First order, and second order both ways: the derivatives of each derivative."""
    first = Checks(program, arrays)
    first.all()
    Checks(*renamed(first.vjp(), first.with_bars()), seed=2).all()
    Checks(*renamed(first.jvp(), first.with_dots()), seed=3).all()


DIRECTION = re.compile(r'anamc\.name = "(\w+)_(bar|dot)"')


def renamed(program: anamc.Program, arrays: Arrays) -> tuple[anamc.Program, dict[str, Any]]:
    """`x_bars` for `x_bar`, since another `vjp` wants that name; by text, so that is tried too."""
    text = DIRECTION.sub(r'anamc.name = "\1_\2s"', str(program))
    return anamc.parse(text, "mlir"), {f"{k}s" if k.endswith(("_bar", "_dot")) else k: v for k, v in arrays.items()}
