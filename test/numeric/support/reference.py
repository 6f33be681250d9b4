"""
The formulas of block graphs in plain NumPy.

They share none with anamc's interpreter, so that an error in one of the two is seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from support import walk
from support.walk import Formulas, Json, Mesh, Parameters, Values, function

SIGNS = {"++": (1, 1), "-+": (-1, 1), "+-": (1, -1)}
EPS = 1e-5
"""Of layer normalisation."""

# activations, in the type of their argument


def erf(x: Values) -> Values:
    """Element by element, by the C library."""
    return np.array([math.erf(v) for v in x.ravel()], x.dtype).reshape(x.shape)


def logistic(x: Values) -> Values:
    """``1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2``"""
    return (1 + np.tanh(x / 2)) / 2


def exponential_linear(x: Values, alpha: float) -> Values:
    """``x`` where positive, ``alpha (exp(x) - 1)`` elsewhere."""
    return np.where(x > 0, x, alpha * np.expm1(np.where(x > 0, 0, x)))


def softmax(x: Values) -> Values:
    """Over each row: ``1 / sum_j exp(x_j - x_i)``; an infinite sum gives 0."""
    return 1 / np.exp(x[:, None, :] - x[:, :, None]).sum(axis=2)


ACTIVATIONS: dict[str, Callable[..., Values]] = {
    "identity": lambda x: x,
    "tanh": np.tanh,
    "sigmoid": logistic,
    "relu": lambda x: x * (x > 0),
    "leaky_relu": lambda x, slope=0.01: x * np.where(x > 0, 1.0, slope).astype(x.dtype),
    "elu": lambda x, alpha=1.0: exponential_linear(x, alpha),
    "selu": lambda x: 1.0507009873554805 * exponential_linear(x, 1.6732632423543772),
    "gelu": lambda x: 0.5 * x * (1 + erf(x / math.sqrt(2.0))),
    "gelu_tanh": lambda x: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))),
    "silu": lambda x: x * logistic(x),
    "softplus": lambda x: np.logaddexp(x, x.dtype.type(0)),
    "sin": np.sin,
    "softmax": softmax,
}
"""With their defaults."""

# losses: one number an element, or (cross entropy) one a row; the mean over all of them is taken


def huber(p: Values, t: Values, delta: float = 1.0) -> Values:
    """Quadratic below delta, linear above."""
    d = np.abs(p - t)
    return np.where(d <= delta, d**2 / 2, delta * (d - delta / 2))


LOSSES: dict[str, Callable[..., Values]] = {
    "mse": lambda p, t: np.square(p - t),
    "mae": lambda p, t: np.abs(p - t),
    "mape": lambda p, t: 100 * np.abs(p - t) / np.maximum(np.abs(t), 1e-8),
    "huber": huber,
    "bce_with_logits": lambda p, t: t * np.logaddexp(0, -p) + (1 - t) * np.logaddexp(0, p),
    "cross_entropy": lambda p, t: (t * (np.logaddexp.reduce(p, axis=1, keepdims=True) - p)).sum(axis=1),
    "hinge": lambda p, t: np.maximum(0, 1 - t * p),
}


def layer(x: Values, spec: Json, params: Parameters) -> Values:
    """``act(norm(W x + b))`` for each row; W is out x in."""
    w, b = params.take(spec["size"], x.shape[1]), params.take(spec["size"])
    z = x @ w.T + b
    if spec.get("layer_norm", False):
        scale, shift = params.take(spec["size"]), params.take(spec["size"])
        centred = z - z.sum(axis=1, keepdims=True) / z.shape[1]
        variance = np.square(centred).sum(axis=1, keepdims=True) / z.shape[1]
        z = centred / np.sqrt(variance + z.dtype.type(EPS)) * scale + shift
    return function(ACTIVATIONS, spec.get("activation", "identity"))(z).astype(x.dtype)


def contributions(values: Values, mesh: Mesh, scatter: str) -> Iterable[tuple[Values, Values]]:
    """Receiving nodes, and what they receive, for each end."""
    for end in mesh.ends:
        yield mesh.edges[:, end], SIGNS[scatter][end] * values


def reduced(values: Values, mesh: Mesh, scatter: str, reduce: str = "sum") -> Values:
    """What each node makes of its contributions; 0 where it has none. A loop, so that nothing is clever."""
    result = np.zeros((mesh.nodes, values.shape[1]), values.dtype)
    received: dict[int, list[Values]] = {}
    for nodes, messages in contributions(values, mesh, scatter):
        for node, message in zip(nodes.tolist(), messages, strict=True):
            received.setdefault(node, []).append(message)
    for node, messages in received.items():
        stacked = np.stack(messages)
        result[node] = {"sum": np.sum, "mean": np.mean, "max": np.max}[reduce](stacked, axis=0)
    return result


def summed(values: Values, mesh: Mesh, scatter: str) -> Values:
    """`reduced` by sums, fast: for large meshes."""
    result = np.zeros((mesh.nodes, values.shape[1]), values.dtype)
    for nodes, messages in contributions(values, mesh, scatter):
        np.add.at(result, nodes, messages)
    return result


NUMPY = Formulas(np, layer, summed, reduced, LOSSES)


def evaluate(document: Json, params: Values, mesh: Mesh, arrays: Mapping[str, Values]) -> dict[str, Values]:
    """All outputs, and `loss` where the graph has losses; in the type of the parameters."""
    return walk.evaluate(document, params, mesh, arrays, NUMPY)
