"""NumPy's operations, and the same with a tape for gradients: NumPy as a contender, and the reference in float64."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.workloads.base import Arrays, Values

EPS = 1e-5


def _erf(x: Values) -> Values:
    special: Any = import_module("scipy.special")
    return special.erf(x)


def _half(x: Values) -> Values:
    """The normal distribution function."""
    return x.dtype.type(0.5) * (1 + _erf(x * x.dtype.type(np.sqrt(0.5))))


def _sigmoid(x: Values) -> Values:
    return 1 / (1 + np.exp(-x))


def _gelu_slope(x: Values) -> Values:
    density = np.exp(x * x * x.dtype.type(-0.5)) * x.dtype.type(1 / np.sqrt(2 * np.pi))
    return _half(x) + x * density


FUNCTIONS: dict[str, tuple[Callable[[Values], Values], Callable[[Values, Values], Values]]] = {
    "identity": (lambda x: x, lambda x, y: np.ones_like(y)),
    "tanh": (np.tanh, lambda x, y: 1 - y * y),
    "relu": (lambda x: np.maximum(x, 0), lambda x, y: (y > 0).astype(y.dtype)),
    "sigmoid": (_sigmoid, lambda x, y: y * (1 - y)),
    "silu": (lambda x: x * _sigmoid(x), lambda x, y: _sigmoid(x) + y * (1 - _sigmoid(x))),
    "gelu": (lambda x: x * _half(x), lambda x, y: _gelu_slope(x)),
}
"""Activations, and their derivatives from argument and value."""


class NumpyOps:
    """Plain NumPy; sums at nodes are products with sparse matrices of ones, as fast as there is."""

    def __init__(self, arrays: Arrays) -> None:
        self.incidence = Incidence(arrays.get("edgelist"))

    def linear(self, x: Values, w: Values, b: Values) -> Values:
        y = x @ w
        y += b
        return y

    def activation(self, name: str, x: Values) -> Values:
        return FUNCTIONS[name][0](x)

    def layer_norm(self, x: Values, scale: Values, shift: Values) -> Values:
        return normalised(x)[0] * scale + shift

    def concat(self, parts: Sequence[Values]) -> Values:
        return np.concatenate(parts, axis=1)

    def take(self, x: Values, ends: Values, end: int) -> Values:
        return x[ends[:, end]]

    def add_at(self, rows: int, ends: Values, values: Sequence[Values]) -> Values:
        del ends
        return sum(self.incidence.sums(rows, k, v) for k, v in enumerate(values))  # pyright: ignore[reportReturnType]

    def mean_square(self, x: Values, y: Values) -> Any:
        return np.mean(np.square(x - y))

    def product(self, a: Values, b: Values) -> Values:
        return a @ b

    def convolution(self, images: Values, filters: Values) -> Values:
        window = filters.shape[1]
        seen = np.lib.stride_tricks.sliding_window_view(images, (window, window), axis=(1, 2))
        rows = seen.reshape(-1, window * window)
        out = images.shape[1] - window + 1
        return (rows @ filters.reshape(len(filters), -1).T).reshape(len(images), out, out, len(filters))

    def sqrt(self, x: Values) -> Values:
        return np.sqrt(x)

    def absolute(self, x: Values) -> Values:
        return np.abs(x)

    def maximum(self, x: Values, y: Values) -> Values:
        return np.maximum(x, y)

    def columns(self, parts: Sequence[Values]) -> Values:
        return np.stack(parts, axis=1)


@dataclass
class Incidence:
    """For each end of the edges a sparse matrix of ones, nodes x edges."""

    edges: Values | None
    matrices: dict[tuple[Any, ...], Any] = field(default_factory=dict[tuple[Any, ...], Any])

    def sums(self, rows: int, end: int, values: Values) -> Values:
        """The sum of the values of each node's edges."""
        assert self.edges is not None
        key = (rows, end, values.dtype)
        if key not in self.matrices:
            sparse: Any = import_module("scipy.sparse")
            count = len(self.edges)
            places = (self.edges[:, end], np.arange(count))
            self.matrices[key] = sparse.csr_matrix((np.ones(count, values.dtype), places), shape=(rows, count))
        return self.matrices[key] @ values


def normalised(x: Values) -> tuple[Values, Values]:
    """Rows of mean 0 and variance 1, and what they were multiplied by."""
    centred = x - x.mean(axis=1, keepdims=True)
    inverse = 1 / np.sqrt(np.square(centred).mean(axis=1, keepdims=True) + x.dtype.type(EPS))
    return centred * inverse, inverse
