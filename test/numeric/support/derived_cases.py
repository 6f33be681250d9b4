"""What every derivative must satisfy: the dot test, central differences, and agreement with JAX."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import anamc

jax = pytest.importorskip("jax", reason="JAX is the reference of these tests")
Values = NDArray[Any]
Reference = Callable[[dict[str, Any]], dict[str, Any]]

AGAINST_JAX = 1e-10
"""Of an array's largest magnitude: two float64 evaluations with sums of up to thousands of terms."""
SECOND_ORDER = 1e-9
"""The same for a second derivative, which multiplies two such evaluations."""
DOT_TEST = 1e-12
"""Of the sum of absolute terms: what rounding of so many float64 products may leave."""
DIFFERENCES = 1e-6
"""Of the largest magnitude, with a step of 1e-5: its square plus rounding over the step."""


@dataclass
class Case:
    """A program, values of all its arguments, and the same function in JAX."""

    program: anamc.Program
    arrays: dict[str, Any]
    wrt: Sequence[str]
    reference: Reference | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        self.floats = [r.name for r in self.program.function().results if r.dtype.startswith("float")]
        values = np.random.default_rng(self.seed)
        results = anamc.interpret(self.program, **self.arrays)
        self.dots = {n: values.normal(size=np.shape(self.arrays[n])) for n in self.wrt}
        self.bars = {n: values.normal(size=results[n].shape) for n in self.floats}
        self.vjp = anamc.vjp(self.program, wrt=list(self.wrt))
        self.jvp = anamc.jvp(self.program, wrt=list(self.wrt))

    @property
    def with_bars(self) -> dict[str, Any]:
        return self.arrays | {f"{n}_bar": v for n, v in self.bars.items()}

    @property
    def with_dots(self) -> dict[str, Any]:
        return self.arrays | {f"{n}_dot": v for n, v in self.dots.items()}

    def check(self, *, differences: bool = True) -> None:
        """Everything, first order."""
        for pull, push in zip(ways(self.vjp), ways(self.jvp), strict=True):
            back, forth = pull(**self.with_bars), push(**self.with_dots)
            self.dot_test(back, forth)
            for name, wanted in self.differences.items() if differences else ():
                close(forth[f"{name}_dot"], wanted, DIFFERENCES, f"{name}_dot against differences")
            if self.reference is not None:
                self.like_jax(back, forth)

    def dot_test(self, back: Mapping[str, Values], forth: Mapping[str, Values]) -> None:
        """``<x_bar, x_dot> = <y_bar, y_dot>``"""
        left = np.concatenate([(back[f"{n}_bar"] * self.dots[n]).ravel() for n in self.wrt])
        right = np.concatenate([(forth[f"{n}_dot"] * self.bars[n]).ravel() for n in self.floats])
        scale = max(np.abs(left).sum(), np.abs(right).sum())
        assert abs(left.sum() - right.sum()) <= DOT_TEST * scale, (left.sum(), right.sum())

    @cached_property
    def differences(self) -> dict[str, Values]:
        """``(f(x + h x_dot) - f(x - h x_dot)) / 2h``"""
        step = 1e-5
        above, below = (
            anamc.interpret(self.program, **(self.arrays | {n: self.arrays[n] + s * self.dots[n] for n in self.wrt}))
            for s in (step, -step)
        )
        return {n: (above[n] - below[n]) / (2 * step) for n in self.floats}

    def like_jax(self, back: Mapping[str, Values], forth: Mapping[str, Values]) -> None:
        values, bars, dots = self.first
        for name in self.floats:
            close(back[name], values[name], AGAINST_JAX, name)
            close(forth[f"{name}_dot"], dots[name], AGAINST_JAX, f"{name}_dot")
        for name in self.wrt:
            close(back[f"{name}_bar"], bars[name], AGAINST_JAX, f"{name}_bar")

    @cached_property
    def first(self) -> tuple[Any, Any, Any]:
        """In JAX: values, cotangents, tangents."""
        of = self.in_jax()

        @jax.jit
        def computed(chosen: dict[str, Any], dots: dict[str, Any], bars: dict[str, Any]) -> tuple[Any, Any, Any]:
            values, pull = jax.vjp(of, chosen)
            return values, pull(bars)[0], jax.jvp(of, (chosen,), (dots,))[1]

        with jax.enable_x64(True):
            return computed({n: self.arrays[n] for n in self.wrt}, self.dots, self.bars)

    def in_jax(self) -> Reference:
        """The reference as a function of what is differentiated."""
        reference = self.reference
        assert reference is not None
        fixed = {n: v for n, v in self.arrays.items() if n not in self.wrt}
        return lambda chosen: reference({**fixed, **chosen})

    def check_hvp(self, of: str) -> None:
        """Second derivatives of one result of one element, forward over reverse."""
        program = anamc.hvp(self.program, wrt=list(self.wrt), of=of)
        with jax.enable_x64(True):
            whole = self.in_jax()

            def loss(chosen: dict[str, Any]) -> Any:
                return whole(chosen)[of].sum()

            @jax.jit
            def computed(chosen: dict[str, Any], dots: dict[str, Any]) -> Any:
                return jax.jvp(jax.grad(loss), (chosen,), (dots,))

            gradient, product = computed({n: self.arrays[n] for n in self.wrt}, self.dots)
        for run in ways(program):
            found = run(**self.with_dots)
            for name in self.wrt:
                close(found[f"{name}_grad"], gradient[name], AGAINST_JAX, f"{name}_grad")
                close(found[f"{name}_hvp"], product[name], SECOND_ORDER, f"{name}_hvp")


def close(found: Any, wanted: Any, tolerance: float, what: str) -> None:
    """Equal up to a part of the largest magnitude."""
    wanted = np.asarray(wanted)
    assert np.shape(found) == wanted.shape, what
    scale = np.abs(wanted).max(initial=0.0)
    error = np.abs(np.asarray(found) - wanted).max(initial=0.0)
    assert error <= tolerance * max(scale, 1e-3), f"{what}: off by {error}, largest {scale}"


def ways(program: anamc.Program) -> Iterator[Callable[..., dict[str, Values]]]:
    """The interpreter and machine code."""
    yield lambda **arrays: anamc.interpret(program, **arrays)
    yield anamc.jit(program, dtype="float64")


def both_ways(program: anamc.Program, /, **arrays: Any) -> list[dict[str, Values]]:
    """The results of both."""
    return [run(**arrays) for run in ways(program)]
