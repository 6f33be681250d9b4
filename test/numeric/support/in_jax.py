"""
Block graphs in JAX, and derivatives of them: what anamc's are compared with.

Every dimension and index is known, so that JAX differentiates plain array operations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp

from support import walk
from support.reference import SIGNS
from support.walk import Formulas, Json, Mesh, Parameters, function

Values = Any
Arrays = Mapping[str, Any]

ACTIVATIONS: dict[str, Callable[..., Values]] = {
    "identity": lambda x: x,
    "tanh": jnp.tanh,
    "sigmoid": jax.nn.sigmoid,
    "relu": jax.nn.relu,
    "leaky_relu": lambda x, slope=0.01: jax.nn.leaky_relu(x, slope),
    "elu": lambda x, alpha=1.0: jax.nn.elu(x, alpha),
    "selu": jax.nn.selu,
    "gelu": lambda x: jax.nn.gelu(x, approximate=False),
    "gelu_tanh": jax.nn.gelu,
    "silu": jax.nn.silu,
    "softplus": jax.nn.softplus,
    "sin": jnp.sin,
    "softmax": jax.nn.softmax,
}
LOSSES: dict[str, Callable[..., Values]] = {
    "mse": lambda p, t: (p - t) ** 2,
    "mae": lambda p, t: jnp.abs(p - t),
    "mape": lambda p, t: 100 * jnp.abs(p - t) / jnp.maximum(jnp.abs(t), 1e-8),
    "huber": lambda p, t, delta=1.0: jnp.where(
        jnp.abs(p - t) < delta, (p - t) ** 2 / 2, delta * (jnp.abs(p - t) - delta / 2)
    ),
    "bce_with_logits": lambda p, t: jax.nn.softplus(p) - p * t,
    "cross_entropy": lambda p, t: -(t * jax.nn.log_softmax(p)).sum(axis=1),
    "hinge": lambda p, t: jnp.maximum(0, 1 - t * p),
}


def layer(x: Values, spec: Json, params: Parameters) -> Values:
    """``act(norm(x w + b))`` for each row."""
    w, b = params.take(spec["size"], x.shape[1]).T, params.take(spec["size"])
    x = x @ w + b
    if spec.get("layer_norm", False):
        scale, shift = params.take(spec["size"]), params.take(spec["size"])
        x = (x - x.mean(axis=1, keepdims=True)) / jnp.sqrt(x.var(axis=1, keepdims=True) + 1e-5) * scale + shift
    return function(ACTIVATIONS, spec.get("activation", "identity"))(x)


def to_nodes(x: Values, mesh: Mesh, scatter: str, reduce: str = "sum") -> Values:
    """Contributions of edges to their nodes."""
    nodes = jnp.concatenate([mesh.edges[:, end] for end in mesh.ends])
    values = jnp.concatenate([SIGNS[scatter][end] * x for end in mesh.ends])
    total = jnp.zeros((mesh.nodes, x.shape[1])).at[nodes].add(values)
    if reduce == "sum":
        return total
    count = jnp.zeros(mesh.nodes).at[nodes].add(1.0)[:, None]
    if reduce == "mean":
        return total / jnp.maximum(count, 1)
    most = jnp.full((mesh.nodes, x.shape[1]), -jnp.inf).at[nodes].max(values)
    return jnp.where(count > 0, most, 0.0)


JAX = Formulas(jnp, layer, to_nodes, to_nodes, LOSSES)


def evaluate(document: Json, mesh: Mesh, arrays: Arrays) -> dict[str, Values]:
    """All outputs, and `loss` where the graph has losses."""
    return walk.evaluate(document, jnp.asarray(arrays.get("params", jnp.zeros(0))), mesh, arrays, JAX)
