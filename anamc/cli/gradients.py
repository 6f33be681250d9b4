"""Derivatives of a program at one point, checked: forward against reverse, reverse against differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import anamc
from anamc.derivatives.names import is_float, results_of
from anamc.errors import CallError, shown
from anamc.program import Program, Signature

Values = NDArray[Any]
Run = Callable[[Mapping[str, Any]], Mapping[str, Values]]

DOT = 1e-11
"""Each side of ``<J v, w> = <v, J^T w>`` rounds each of some thousand terms of a program, by 1e-16 each."""
STEP = 1e-6
"""Of the differences: their error is of the order of ``step^2`` and of ``1e-16 / step``, 1e-10 of the values."""
DIFFERENCE = 1e-6
"""The values may be much larger than what remains of them."""


@dataclass(frozen=True)
class Checked:
    """What was found for one argument; errors are relative to the sum of absolute terms."""

    name: str
    shape: tuple[int, ...]
    largest: float
    dot_error: float
    difference_error: float

    @property
    def verdict(self) -> str:
        """`ok`, or what disagrees."""
        wrong = [] if self.dot_error <= DOT else ["forward and reverse"]
        return " and ".join(wrong if self.difference_error <= DIFFERENCE else [*wrong, "differences"]) or "ok"

    @property
    def ok(self) -> bool:
        return self.verdict == "ok"

    @property
    def data(self) -> dict[str, Any]:
        """As JSON."""
        errors = {"dot_error": self.dot_error, "difference_error": self.difference_error}
        return {"name": self.name, "shape": list(self.shape), "largest": self.largest, **errors, "ok": self.ok}


class Gradients:
    """The function and its two derivatives, ready to run in float64."""

    def __init__(
        self, program: Program, signature: Signature, wrt: list[str] | None, of: list[str] | None, backend: str
    ) -> None:
        name = signature.name
        self.wrt = wrt or floats_used(signature)
        self.of = of or [signature.results[k].name for k in results_of(signature, None)]
        self.plain = runner(program, name, backend)
        reverse = anamc.vjp(program, self.wrt, self.of, name)
        forward = anamc.jvp(program, self.wrt, self.of, name)
        self.bars, self.cotangents = extra(reverse, self.of, self.wrt)
        self.dots, self.tangents = extra(forward, self.wrt, self.of)
        self.reverse, self.forward = runner(reverse, None, backend), runner(forward, None, backend)

    def check(self, arrays: Mapping[str, Any], seed: int) -> list[Checked]:
        """Each argument on its own, along a random direction."""
        rng = np.random.default_rng([seed, 1])
        results = self.plain(arrays)
        bars = {n: np.asarray(rng.standard_normal(results[n].shape)) for n in self.of}
        dots = {n: np.asarray(rng.standard_normal(np.shape(arrays[n]))) for n in self.wrt}
        cotangents = self.reverse({**arrays, **{self.bars[n]: bar for n, bar in bars.items()}})
        return [self.one(n, arrays, bars, dots, cotangents[self.cotangents[n]]) for n in self.wrt]

    def one(
        self, name: str, arrays: Mapping[str, Any], bars: Mapping[str, Values], dots: Mapping[str, Values], bar: Values
    ) -> Checked:
        """One argument moves, the others rest."""
        bar = bar.reshape(dots[name].shape)
        along = {self.dots[n]: dot if n == name else np.zeros_like(dot) for n, dot in dots.items()}
        tangents = self.forward({**arrays, **along})
        terms = bar * dots[name]
        forward = [tangents[self.tangents[n]] * bars[n] for n in self.of]
        moved = [self.plain({**arrays, name: np.asarray(arrays[name] + s * dots[name])}) for s in (STEP, -STEP)]
        difference = [(moved[0][n] - moved[1][n]) / (2 * STEP) * bars[n] for n in self.of]
        size = float(np.abs(bar).max(initial=0.0))
        return Checked(name, bar.shape, size, distance([terms], forward), distance([terms], difference))


def extra(program: Program, inputs: list[str], outputs: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The names of the directions in and out of a derivative, by those of what they belong to."""
    signature = program.function()
    arguments, results = signature.arguments[-len(inputs) :], signature.results[-len(outputs) :]
    named = dict(zip(inputs, (a.name for a in arguments), strict=True))
    return named, dict(zip(outputs, (r.name for r in results), strict=True))


def floats_used(signature: Signature) -> list[str]:
    """The arguments with a derivative. CallError where there is none."""
    found = [a.name for a in signature.arguments if a.used and is_float(a)]
    if not found:
        raise CallError(
            "A1106",
            f"'{shown(signature.name)}' uses no argument with a derivative",
            place=signature.place,
            why="its arguments are "
            + (", ".join(f"'{shown(a.name)}' of {a.dtype}" for a in signature.arguments) or "none"),
            help="only floats have derivatives",
        )
    return found


def distance(left: list[Values], right: list[Values]) -> float:
    """Of two sums, over the sum of absolute terms; 0 where there are none, NaN where there is one."""
    error = abs(sum(float(x.sum()) for x in left) - sum(float(x.sum()) for x in right))
    size = sum(float(np.abs(x).sum()) for x in (*left, *right))
    return error / size if size else error


def runner(program: Program, function: str | None, backend: str) -> Run:
    """A function of a program, of a mapping: an argument may have any name."""
    if backend == "jit":
        compiled = anamc.jit(program, function=function, dtype="float64")
        return lambda arrays: {n: np.array(v) for n, v in compiled(**arrays).items()}
    from anamc.api import interpret_arrays  # as all of the interpreter, loaded where it is asked for

    return lambda arrays: interpret_arrays(program, function, "float64", arrays)
