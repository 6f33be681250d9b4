"""
Block graphs in JAX, from the JSON document, and derivatives of them: what anamc's are compared with.

Every dimension and index is known, so that JAX differentiates plain array operations.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp

from support.reference import (
    SIGNS,
    Field,
    Mesh,
    block_order,
    function,
    input_pins,
    linked,
    outputs,
    source_of,
)

Json = Mapping[str, Any]
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


def dense_layers(x: Values, layers: list[Json], rest: Values) -> tuple[Values, Values]:
    """An MLP on rows, and the parameters that are left."""
    for spec in layers:
        inputs, size = x.shape[1], spec["size"]
        w, b, rest = jnp.split(rest, [inputs * size, (inputs + 1) * size])
        x = x @ w.reshape(inputs, size) + b
        if spec.get("layer_norm", False):
            scale, shift, rest = jnp.split(rest, [size, 2 * size])
            x = (x - x.mean(axis=1, keepdims=True)) / jnp.sqrt(x.var(axis=1, keepdims=True) + 1e-5) * scale + shift
        x = function(ACTIVATIONS, spec.get("activation", "identity"))(x)
    return x, rest


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


def encoder(block: Json, inputs: list[Field], mesh: Mesh, rest: Values) -> tuple[Field, Values]:
    nodes = [f.values for f in inputs if f.rows == "nodes"]
    edges = [f.values for f in inputs if f.rows == "edges"]
    parts = [*edges, *(n[mesh.edges[:, end]] for end in (0, 1) for n in nodes)] if edges else nodes
    x, rest = dense_layers(jnp.concatenate(parts, axis=1), block["layers"], rest)
    if (scatter := block.get("scatter", "none")) == "none":
        return Field("edges" if edges else "nodes", x), rest
    return Field("nodes", to_nodes(x, mesh, scatter)), rest


def combine(block: Json, inputs: list[Field]) -> Field:
    result: Any
    values: list[Any] = [f.values for f in inputs]
    match block["function"]:
        case "concat":
            result = jnp.concatenate(values, axis=1)
        case "multiply":
            result = math.prod(values[1:], start=values[0])
        case "add":
            result = sum(values[1:], start=values[0])
        case _:
            result = sum(values[1:], start=values[0]) / len(values)
    return Field(inputs[0].rows, result)


def as_jax(values: Any) -> Any:
    return jnp.asarray(values)


def loss(block: Json, of: list[Field], target: Values) -> Values:
    values = function(LOSSES, block["function"])(jnp.concatenate([f.values for f in of], axis=1), target)
    return block.get("weight", 1.0) * values.mean() if values.size else 0.0


def evaluate(document: Json, mesh: Mesh, arrays: Arrays) -> dict[str, Values]:
    """All outputs, and `loss` where the graph has losses."""
    source = source_of(document)
    mesh = Mesh(mesh.nodes, mesh.edges, source.get("symmetric", True))
    fields = {
        feature["pin"]: Field(rows, as_jax(arrays[feature["name"]]).reshape(-1, feature["size"]))
        for rows in ("nodes", "edges")
        for feature in source.get(f"{rows[:-1]}_features", [])
    }
    rest, total = jnp.asarray(arrays.get("params", jnp.zeros(0))), jnp.zeros(())
    for block in block_order(document):
        inputs = [[fields[p] for p in linked(document, pin)] for pin in input_pins(block)]
        match block["kind"]:
            case "encoder":
                fields[block["output"]], rest = encoder(block, inputs[0], mesh, rest)
            case "aggregate":
                how = block.get("scatter", "++"), block.get("reduce", "sum")
                fields[block["output"]] = Field("nodes", to_nodes(inputs[0][0].values, mesh, *how))
            case "combine":
                fields[block["output"]] = combine(block, inputs[0])
            case "loss":
                of, target = inputs
                name = block.get("target_name", f"target{block['id']}")
                total += loss(block, of, target[0].values if target else arrays[name])
            case _:
                pass
    found = {b.get("output_name", f"xout{b['id']}"): fields[b["output"]].values for b in outputs(document)}
    return {**found, **({"loss": total} if any(b["kind"] == "loss" for b in document["blocks"]) else {})}
