"""JAX: `jax.jit` on the CPU. Its threads are as many as the cores that its process may use."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.peers.base import Prepared, UnavailableError, named_gradients
from benchmarks.workloads.base import Arrays, Work


class JaxOps:
    """Functions of `jax.numpy` and `jax.nn`."""

    def __init__(self, jax: Any) -> None:
        self.jax = jax
        self.jnp = jax.numpy

    def linear(self, x: Any, w: Any, b: Any) -> Any:
        return x @ w + b

    def activation(self, name: str, x: Any) -> Any:
        if name == "gelu":
            return self.jax.nn.gelu(x, approximate=False)
        return x if name == "identity" else getattr(self.jax.nn, name)(x)

    def layer_norm(self, x: Any, scale: Any, shift: Any) -> Any:
        centred = x - x.mean(axis=1, keepdims=True)
        variance = (centred * centred).mean(axis=1, keepdims=True)
        return centred * self.jax.lax.rsqrt(variance + 1e-5) * scale + shift

    def concat(self, parts: Sequence[Any]) -> Any:
        return self.jnp.concatenate(parts, axis=1)

    def take(self, x: Any, ends: Any, end: int) -> Any:
        return x[ends[:, end]]

    def add_at(self, rows: int, ends: Any, values: Sequence[Any]) -> Any:
        total = self.jnp.zeros((rows, values[0].shape[1]), values[0].dtype)
        for end, value in enumerate(values):
            total = total.at[ends[:, end]].add(value)
        return total

    def mean_square(self, x: Any, y: Any) -> Any:
        return self.jnp.mean(self.jnp.square(x - y))

    def product(self, a: Any, b: Any) -> Any:
        return a @ b

    def convolution(self, images: Any, filters: Any) -> Any:
        return self.jax.lax.conv_general_dilated(
            images, filters, (1, 1), "VALID", dimension_numbers=("NHWC", "OHWI", "NHWC")
        )

    def sqrt(self, x: Any) -> Any:
        return self.jnp.sqrt(x)

    def absolute(self, x: Any) -> Any:
        return self.jnp.abs(x)

    def maximum(self, x: Any, y: Any) -> Any:
        return self.jnp.maximum(x, y)

    def columns(self, parts: Sequence[Any]) -> Any:
        return self.jnp.stack(parts, axis=1)


def prepare(work: Work, gradient: bool, arrays: Arrays, threads: int) -> Prepared:
    """Arguments lie on the device; compiled once."""
    if hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) < threads:
        raise UnavailableError(f"there are not {threads} cores")
    try:
        jax: Any = import_module("jax")
    except ImportError as error:
        raise UnavailableError(f"JAX is not installed: {error}") from None
    jax.clear_caches()
    ops = JaxOps(jax)
    fixed = {k: jax.device_put(v) for k, v in arrays.items() if k not in work.params}
    params = {k: jax.device_put(arrays[k]) for k in work.params}
    if not gradient:
        forward = jax.jit(lambda p, x: work.forward(ops, {**x, **p}))
        return Prepared(lambda: forward(params, fixed).block_until_ready(), lambda y: {"y": np.asarray(y)})
    both = jax.jit(jax.value_and_grad(lambda p, x: work.loss(ops, {**x, **p})))

    def results(found: Any) -> Arrays:
        loss, gradients = found
        return named_gradients(work, loss, [gradients[k] for k in work.params], np.asarray)

    return Prepared(lambda: jax.block_until_ready(both(params, fixed)), results)
