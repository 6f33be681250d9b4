"""
First values of a parameter vector: a table of initializers.

`n_in` and `n_out` are the widths of a layer. Biases and shifts start at 0, scales of layer
normalisation at 1. The same seed gives the same numbers for every dtype, up to rounding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from anamc.errors import ParamsError, shown
from anamc.params.layout import Layout

Weights = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int, int, Mapping[str, float]], Weights]


@dataclass(frozen=True)
class Initializer:
    """How to draw W (`n_in x n_out`), and the options that it takes with their defaults."""

    draw: Draw
    options: Mapping[str, float]


def _glorot(rng: np.random.Generator, n_in: int, n_out: int, options: Mapping[str, float]) -> Weights:
    """U(-a, a), ``a = gain sqrt(6 / (n_in + n_out))`` (Glorot and Bengio, 2010)."""
    bound = options["gain"] * math.sqrt(6.0 / (n_in + n_out))
    return rng.uniform(-1.0, 1.0, (n_in, n_out)) * bound


def _he(rng: np.random.Generator, n_in: int, n_out: int, options: Mapping[str, float]) -> Weights:
    """N(0, s^2), ``s = gain sqrt(2 / n_in)`` (He et al., 2015)."""
    return rng.standard_normal((n_in, n_out)) * (options["gain"] * math.sqrt(2.0 / n_in))


def _lecun(rng: np.random.Generator, n_in: int, n_out: int, options: Mapping[str, float]) -> Weights:
    """N(0, s^2), ``s = gain sqrt(1 / n_in)`` (LeCun et al., 1998)."""
    return rng.standard_normal((n_in, n_out)) * (options["gain"] * math.sqrt(1.0 / n_in))


def _normal(rng: np.random.Generator, n_in: int, n_out: int, options: Mapping[str, float]) -> Weights:
    """N(mean, std^2)."""
    return options["mean"] + options["std"] * rng.standard_normal((n_in, n_out))


def _uniform(rng: np.random.Generator, n_in: int, n_out: int, options: Mapping[str, float]) -> Weights:
    """U(low, high)."""
    return options["low"] + (options["high"] - options["low"]) * rng.random((n_in, n_out))


def _zeros(rng: np.random.Generator, n_in: int, n_out: int, options: Mapping[str, float]) -> Weights:
    return np.zeros((n_in, n_out))


def _orthogonal(rng: np.random.Generator, n_in: int, n_out: int, options: Mapping[str, float]) -> Weights:
    """``W^T W = gain^2 I`` or ``W W^T = gain^2 I``, whichever can hold (Saxe et al., 2014): Q of a normal matrix."""
    tall = rng.standard_normal((max(n_in, n_out), min(n_in, n_out)))
    q, r = np.linalg.qr(tall)
    signed = q * np.where(np.diagonal(r) < 0.0, -1.0, 1.0)  # makes the draw uniform over all such matrices
    return options["gain"] * (signed if n_in >= n_out else signed.T)


INITIALIZERS: dict[str, Initializer] = {
    "glorot": Initializer(_glorot, {"gain": 1.0}),
    "he": Initializer(_he, {"gain": 1.0}),
    "lecun": Initializer(_lecun, {"gain": 1.0}),
    "normal": Initializer(_normal, {"mean": 0.0, "std": 0.05}),
    "uniform": Initializer(_uniform, {"low": -0.05, "high": 0.05}),
    "zeros": Initializer(_zeros, {}),
    "orthogonal": Initializer(_orthogonal, {"gain": 1.0}),
}
"""Initializers by name."""

ALIASES = {"xavier": "glorot", "kaiming": "he"}
FLOATS: dict[str, type[np.float32 | np.float64]] = {"float32": np.float32, "float64": np.float64}
FILL = {"b": 0.0, "scale": 1.0, "shift": 0.0}
"""Start of everything that is no matrix."""


def init_params(
    layout: Layout, kind: str = "glorot", seed: int = 0, dtype: DTypeLike = "float32", **options: float
) -> NDArray[np.float32 | np.float64]:
    """
    A parameter vector drawn by PCG64 from `seed`, layer by layer.

    Raises ParamsError: A0402 unknown initializer, A0403 unknown or bad option, A0404 bad seed,
    A0405 a dtype other than float32 and float64.
    """
    initializer = _initializer(kind)
    chosen = _options(kind, initializer, options)
    target = float_dtype(dtype)
    check_seed(seed)
    rng = np.random.Generator(np.random.PCG64(int(seed)))
    values = np.empty(layout.count, np.float64)
    for layer in layout.layers:
        for entry in layer.entries:
            matrix = entry.kind == "W"
            part = initializer.draw(rng, layer.inputs, layer.outputs, chosen).ravel() if matrix else FILL[entry.kind]
            values[entry.offset : entry.stop] = part
    return values.astype(target)


def check_seed(seed: object) -> None:
    """ParamsError A0404 unless `seed` is an integer >= 0."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ParamsError("A0404", f"the seed must be an integer >= 0, got {shown(repr(seed))}")


def float_dtype(dtype: DTypeLike) -> np.dtype[np.float32 | np.float64]:
    """The NumPy type, native byte order; ParamsError A0405 for anything but float32 and float64."""
    try:
        name = np.dtype(dtype).name
    except (TypeError, ValueError):
        name = ""
    if name in FLOATS:
        return np.dtype(FLOATS[name])
    raise ParamsError("A0405", f"parameters are float32 or float64, got {shown(dtype)}")


def _initializer(kind: str) -> Initializer:
    found = INITIALIZERS.get(ALIASES.get(kind, kind))
    if found is None:
        names = ", ".join([*INITIALIZERS, *ALIASES])
        raise ParamsError("A0402", f"unknown initializer '{shown(kind)}'", help=f"choose one of {names}")
    return found


def _options(kind: str, initializer: Initializer, options: Mapping[str, float]) -> dict[str, float]:
    known = ", ".join(initializer.options) or "no options"
    for name, value in options.items():
        if name not in initializer.options:
            what = f"initializer '{kind}' has no option '{shown(name)}'"
            raise ParamsError("A0403", what, help=f"it takes {known}")
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            what = f"option '{name}' of initializer '{kind}' must be a finite number, got {shown(repr(value))}"
            raise ParamsError("A0403", what)
    return {**initializer.options, **options}
