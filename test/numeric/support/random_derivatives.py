"""Derivatives of a random index program against those that JAX makes of the same functions of arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

import anamc
from support.derived_cases import jax
from support.differentiable_programs import Drawing, magnitude
from support.routes import CRoute, jitted

FIRST, SECOND = 1e-10, 1e-9
"""Of the largest magnitude: the sums of two float64 programs of a hundred terms differ by far less."""
LEAST = 1e-2
"""Magnitude below which errors are absolute: such a derivative is what is left of terms of 1 to 10."""
UNITS, MOST = 8, 1e-4
"""
Of what a unit in the last place of every input changes in JAX's result, this many times may be an error; but no more
than this share of the magnitude. Rough seeds 205 and 251, whose derivatives are 1e8 and 1e12, are 0.5 and 1.6 times
that change off, on vectors and on scalars.
"""


def directions(drawing: Drawing, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A tangent for every input of floats, a cotangent for every result."""
    values = np.random.default_rng(seed)
    dots = {n: values.normal(size=drawing.arrays[n].shape) for n in drawing.floats}
    return dots, {n: values.normal(size=s) for n, s in drawing.shapes.items()}


def wanted(drawing: Drawing, loss: str | None = None) -> Callable[..., dict[str, Any]]:
    """Of floats, tangents, cotangents: values and derivatives by JAX; of `loss` gradient and Hessian times tangents."""

    def program(floats: dict[str, Any]) -> dict[str, Any]:
        return drawing.results({**drawing.arrays, **floats}, jax.numpy)

    def total(name: str, floats: dict[str, Any]) -> Any:
        return program(floats)[name].sum()

    @jax.jit
    def computed(floats: dict[str, Any], dots: dict[str, Any], bars: dict[str, Any]) -> dict[str, Any]:
        values, pull = jax.vjp(program, floats)
        (cotangents,) = pull(bars)
        _, tangents = jax.jvp(program, (floats,), (dots,))
        found = {**values, **suffixed(cotangents, "bar"), **suffixed(tangents, "dot")}
        if loss is not None:
            gradient = jax.grad(partial(total, loss))
            first, second = jax.jvp(gradient, (floats,), (dots,))
            found |= {**suffixed(first, "grad"), **suffixed(second, "hvp")}
        return found

    return computed


def suffixed(arrays: dict[str, Any], suffix: str) -> dict[str, Any]:
    return {f"{n}_{suffix}": v for n, v in arrays.items()}


@dataclass(frozen=True)
class Reference:
    """What JAX makes of a program at its inputs."""

    drawing: Drawing
    dots: dict[str, Any]
    bars: dict[str, Any]
    loss: str | None

    @cached_property
    def in_jax(self) -> Callable[..., dict[str, Any]]:
        return wanted(self.drawing, self.loss)

    def at(self, arrays: Mapping[str, Any]) -> dict[str, Any]:
        """What JAX makes of these inputs."""
        with jax.enable_x64(True):
            found = self.in_jax({n: arrays[n] for n in self.drawing.floats}, self.dots, self.bars)
        return {n: np.asarray(v) for n, v in found.items()}

    @cached_property
    def results(self) -> dict[str, Any]:
        return self.at(self.drawing.arrays)

    @cached_property
    def growth(self) -> dict[str, float]:
        """How far results move when every input moves by a unit in its last place, in the worst of four draws."""
        signs = np.random.default_rng(0)
        moved = [self.moved(signs) for _ in range(4)]
        return {n: max(magnitude(m[n] - v) for m in moved) for n, v in self.results.items()}

    def moved(self, signs: np.random.Generator) -> dict[str, Any]:
        arrays = dict(self.drawing.arrays)
        for name in self.drawing.floats:
            units = signs.choice([-1.0, 1.0], size=arrays[name].shape)
            arrays[name] = arrays[name] + units * np.spacing(arrays[name])
        return self.at(arrays)

    def close(self, found: dict[str, Any]) -> None:
        for name, value in found.items():
            reference = self.results[name]
            assert value.shape == reference.shape, f"{name} of\n{self.drawing.text}"
            tolerance = SECOND if name.endswith("_hvp") else FIRST
            largest, error = max(magnitude(reference), LEAST), magnitude(value - reference)
            if not error <= tolerance * largest:
                allowed = min(UNITS * self.growth[name], MOST * largest)
                assert error <= allowed, f"{name} is {error} off, allowed {allowed}, of\n{self.drawing.text}"


def check(drawing: Drawing, seed: int, loss: str | None = None, *, everywhere: bool = False) -> None:
    """Through machine code; `everywhere`: by the interpreter and through C as well."""
    dots, bars = directions(drawing, seed)
    reference = Reference(drawing, dots, bars, loss)
    program = anamc.parse(drawing.text, format="ix", name="program")
    known = {**drawing.arrays, **suffixed(bars, "bar"), **suffixed(dots, "dot")}
    derived = [anamc.vjp(program, wrt=drawing.floats), anamc.jvp(program, wrt=drawing.floats)]
    if loss is not None:
        derived.append(anamc.hvp(program, wrt=drawing.floats, of=loss))
    for made in derived:
        name = made.function().name
        arrays: dict[str, Any] = {a.name: known[a.name] for a in made.function().arguments}
        reference.close(jitted(made, name, "float64")(**arrays))
        if everywhere:
            reference.close(anamc.interpret(made, **arrays))
            with CRoute("gcc").runner(made, name, "float64") as run:
                reference.close(run(**arrays, **sizes(made, arrays)))


def sizes(program: anamc.Program, arrays: dict[str, Any]) -> dict[str, int]:
    """Run-time sizes by name, as C takes them."""
    pairs = [p for a in program.function().arguments for p in zip(a.dims, arrays[a.name].shape, strict=True)]
    return {name: size for name, size in pairs if isinstance(name, str)}
