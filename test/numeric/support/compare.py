"""How near two evaluations must be, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from support.reference import evaluate
from support.walk import Mesh

Values = NDArray[Any]

TOLERANCE = {"float32": 2e-5, "float64": 1e-12}
"""
Of the largest magnitude of an array. Sums of up to some hundred products of numbers of about 1, in any
order, through up to ten layers: about 100 roundings of 6e-8 or 1e-16 that mostly do not add up, and a
layer normalisation of nearly equal numbers makes ten times as much of them.
"""
AMPLIFIED = 32
"""Rounding errors of two honest evaluations differ by less than this factor."""
EPSILON = {"float32": 2.0**-23, "float64": 2.0**-52}


class Expectation:
    """What a program must give, in float64, with the errors that are allowed in each type."""

    def __init__(self, document: Mapping[str, Any], mesh: Mesh, arrays: Mapping[str, Values]) -> None:
        """`arrays` are float32 numbers in float64, so that both types compute on the same."""
        with np.errstate(all="ignore"):
            self.values = evaluated(document, mesh, arrays, "float64")
            rough = evaluated(document, mesh, arrays, "float32")
        # Where the numbers cancel, or are divided by small ones, plain NumPy loses digits too.
        self.noise = {name: largest(rough[name] - value) for name, value in self.values.items()}

    def allowed(self, name: str, dtype: str) -> float:
        """
        The largest error of a result: by its magnitude, at least 1, and by what NumPy itself loses in float32.

        At least 1, since the numbers that are summed are, and all of them may cancel: ``x - x`` at a self-loop.
        """
        by_size = TOLERANCE[dtype] * max(1.0, largest(self.values[name]))
        return by_size + AMPLIFIED * self.noise[name] * EPSILON[dtype] / EPSILON["float32"]

    def check(self, found: Mapping[str, Values], dtype: str, route: str) -> None:
        """AssertionError where a result has another shape, or is too far away; it names the route."""
        for name, value in found.items():
            want = self.values[name]
            assert value.shape == want.shape, f"{route}: {name} has shape {value.shape}, expected {want.shape}"
            assert value.dtype == np.dtype(dtype), f"{route}: {name} is {value.dtype}, expected {dtype}"
            error, most = largest(value.astype("float64") - want), self.allowed(name, dtype)
            assert error <= most, f"{route}: {name} is off by {error:.3g}, allowed {most:.3g}"


def evaluated(document: Mapping[str, Any], mesh: Mesh, arrays: Mapping[str, Values], dtype: str) -> dict[str, Values]:
    """The reference in one type."""
    converted = {k: v.astype(dtype) if v.dtype.kind == "f" else v for k, v in arrays.items()}
    params = converted.pop("params", np.zeros(0, dtype))
    return evaluate(document, params, mesh, converted)


def largest(values: Values) -> float:
    """The largest magnitude; NaN where there is one, 0 for no numbers."""
    return float(np.abs(values).max(initial=0.0))
