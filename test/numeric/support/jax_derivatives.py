"""Derivatives of a program against those that JAX makes of the same function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

import anamc
from support.runs import Run

Values = NDArray[Any]
Function = Callable[[dict[str, Any]], dict[str, Any]]

FIRST, SECOND = 1e-10, 1e-9
"""Of the largest magnitude of an array: what issue 4 asks of first and second derivatives in float64."""


class Comparison:
    """A function of a program and the same in JAX, at some arguments; `sizes`: those that are no floats."""

    def __init__(
        self, program: anamc.Program, name: str, in_jax: Function, floats: Mapping[str, Values], rest: Mapping[str, Any]
    ) -> None:
        self.program, self.name, self.in_jax, self.rest = program, name, in_jax, rest
        signature = program.function(name)
        self.wrt = [a.name for a in signature.arguments if a.name in floats and a.dtype.startswith("float")]
        self.of = [r.name for r in signature.results]
        self.floats = {n: np.asarray(floats[n]) for n in self.wrt}
        rng = np.random.default_rng(7)
        self.dots = {n: np.asarray(rng.normal(size=v.shape)) for n, v in self.floats.items()}

    def results(self, floats: dict[str, Any]) -> dict[str, Any]:
        """In JAX, those of the function."""
        found = self.in_jax({**self.floats, **floats})
        return {name: found[name] for name in self.of}

    def arguments(self, directions: Mapping[str, Values], suffix: str) -> dict[str, Any]:
        return {**self.rest, **self.floats, **{f"{n}_{suffix}": v for n, v in directions.items()}}

    # what JAX gives, each in one compilation

    @cached_property
    def first(self) -> tuple[Any, ...]:
        """Values, cotangents, tangents and ``J^T J v``."""

        @jax.jit
        def computed(floats: dict[str, Any], dots: dict[str, Any], bars: dict[str, Any]) -> tuple[Any, ...]:
            values, tangents = jax.jvp(self.results, (floats,), (dots,))
            _, pull = jax.vjp(self.results, floats)
            return values, pull(bars)[0], tangents, pull(tangents)[0]

        with jax.enable_x64(True):
            return computed(self.floats, self.dots, self.bars)

    @cached_property
    def second(self) -> tuple[Any, ...]:
        """Gradient and Hessian times the direction, of the loss."""

        @jax.jit
        def computed(floats: dict[str, Any], dots: dict[str, Any]) -> tuple[Any, ...]:
            return jax.jvp(jax.grad(lambda x: self.results(x)["loss"]), (floats,), (dots,))

        with jax.enable_x64(True):
            return computed(self.floats, self.dots)

    @cached_property
    def bars(self) -> dict[str, Values]:
        with jax.enable_x64(True):
            shapes = jax.eval_shape(self.results, self.floats)
        rng = np.random.default_rng(8)
        return {n: np.asarray(rng.normal(size=v.shape)) for n, v in shapes.items()}

    # each kind of derivative

    def vjp(self, run: Run) -> None:
        found = run(anamc.vjp(self.program, self.wrt, self.of, self.name), self.arguments(self.bars, "bar"))
        self.check(found, self.first[0], "", FIRST)
        self.check(found, self.first[1], "_bar", FIRST)

    def jvp(self, run: Run) -> None:
        found = run(anamc.jvp(self.program, self.wrt, self.of, self.name), self.arguments(self.dots, "dot"))
        self.check(found, self.first[0], "", FIRST)
        self.check(found, self.first[2], "_dot", FIRST)

    def gauss_newton(self, run: Run) -> None:
        found = run(anamc.gauss_newton(self.program, self.wrt, self.of, self.name), self.arguments(self.dots, "dot"))
        self.check(found, self.first[3], "_gn", FIRST)

    def grad(self, run: Run) -> None:
        found = run(anamc.value_and_grad(self.program, self.wrt, "loss", self.name), self.arguments({}, ""))
        self.check(found, self.second[0], "_grad", FIRST)

    def hvp(self, run: Run) -> None:
        found = run(anamc.hvp(self.program, self.wrt, "loss", self.name), self.arguments(self.dots, "dot"))
        self.check(found, self.second[0], "_grad", FIRST)
        self.check(found, self.second[1], "_hvp", SECOND)

    def check(self, found: Mapping[str, Values], wanted: Mapping[str, Any], suffix: str, tolerance: float) -> None:
        """Each array within a part of its largest magnitude."""
        for name, value in wanted.items():
            want, given = np.asarray(value), found[f"{name}{suffix}"]
            assert given.shape == want.shape, f"{name}{suffix} has shape {given.shape}, expected {want.shape}"
            error, size = (float(np.abs(x).max(initial=0.0)) for x in (given - want, want))
            assert error <= tolerance * size, f"{name}{suffix} is off by {error:.3g} of {size:.3g}"

    def all(self, run: Run, kinds: Sequence[str]) -> None:
        for kind in kinds:
            getattr(self, kind)(run)
