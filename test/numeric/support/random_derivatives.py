"""Derivatives of a random index program against those that JAX makes of the same functions of arrays."""

from __future__ import annotations

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


def directions(drawing: Drawing, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A tangent for every input of floats, a cotangent for every result."""
    values = np.random.default_rng(seed)
    dots = {n: values.normal(size=drawing.arrays[n].shape) for n in drawing.floats}
    return dots, {n: values.normal(size=s) for n, s in drawing.shapes.items()}


def wanted(drawing: Drawing, dots: dict[str, Any], bars: dict[str, Any], loss: str | None = None) -> dict[str, Any]:
    """Values, cotangents and tangents by JAX; of `loss` the gradient, and the Hessian times the tangents."""
    with jax.enable_x64(True):
        floats = {n: jax.numpy.asarray(drawing.arrays[n]) for n in drawing.floats}

        def program(floats: dict[str, Any]) -> dict[str, Any]:
            return drawing.results({**drawing.arrays, **floats}, jax.numpy)

        values, pull = jax.vjp(program, floats)
        (cotangents,) = pull({n: jax.numpy.asarray(b) for n, b in bars.items()})
        _, tangents = jax.jvp(program, (floats,), (dots,))
        found = {**values, **suffixed(cotangents, "bar"), **suffixed(tangents, "dot")}
        if loss is not None:
            gradient = jax.grad(lambda floats: program(floats)[loss].sum())
            first, second = jax.jvp(gradient, (floats,), (dots,))
            found |= {**suffixed(first, "grad"), **suffixed(second, "hvp")}
        return {n: np.asarray(v) for n, v in found.items()}


def suffixed(arrays: dict[str, Any], suffix: str) -> dict[str, Any]:
    return {f"{n}_{suffix}": v for n, v in arrays.items()}


def close(found: dict[str, Any], reference: dict[str, Any], text: str) -> None:
    for name, value in found.items():
        assert value.shape == reference[name].shape, f"{name} of\n{text}"
        tolerance = SECOND if name.endswith("_hvp") else FIRST
        allowed = tolerance * max(magnitude(reference[name]), LEAST)
        assert magnitude(value - reference[name]) <= allowed, f"{name} of\n{text}"


def check(drawing: Drawing, seed: int, loss: str | None = None, *, everywhere: bool = False) -> None:
    """Through machine code; `everywhere`: by the interpreter and through C as well."""
    dots, bars = directions(drawing, seed)
    reference = wanted(drawing, dots, bars, loss)
    program = anamc.parse(drawing.text, format="ix", name="program")
    known = {**drawing.arrays, **suffixed(bars, "bar"), **suffixed(dots, "dot")}
    derived = [anamc.vjp(program, wrt=drawing.floats), anamc.jvp(program, wrt=drawing.floats)]
    if loss is not None:
        derived.append(anamc.hvp(program, wrt=drawing.floats, of=loss))
    for made in derived:
        name = made.function().name
        arrays: dict[str, Any] = {a.name: known[a.name] for a in made.function().arguments}
        close(jitted(made, name, "float64")(**arrays), reference, drawing.text)
        if everywhere:
            close(anamc.interpret(made, **arrays), reference, drawing.text)
            with CRoute("gcc").runner(made, name, "float64") as run:
                close(run(**arrays, **sizes(made, arrays)), reference, drawing.text)


def sizes(program: anamc.Program, arrays: dict[str, Any]) -> dict[str, int]:
    """Run-time sizes by name, as C takes them."""
    pairs = [p for a in program.function().arguments for p in zip(a.dims, arrays[a.name].shape, strict=True)]
    return {name: size for name, size in pairs if isinstance(name, str)}
