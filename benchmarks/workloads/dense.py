"""Layers: what MLPs and message passing share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.workloads.base import Arrays, Ops


@dataclass(frozen=True)
class Stack:
    """Dense layers behind each other, with the names of their parameters; `norm`: the last one is normalised."""

    name: str
    sizes: tuple[int, ...]
    activation: str
    last: str = "identity"
    norm: bool = False

    def layers(self) -> Iterator[tuple[str, int, int, str, bool]]:
        """(name, in, out, activation, normalised)."""
        count = len(self.sizes) - 1
        for k in range(count):
            is_last = k == count - 1
            activation = self.last if is_last else self.activation
            yield f"{self.name}{k}", self.sizes[k], self.sizes[k + 1], activation, self.norm and is_last

    @property
    def params(self) -> tuple[str, ...]:
        """Names in anamc's order."""
        found: list[str] = []
        for name, _, _, _, norm in self.layers():
            found += [f"{name}_w", f"{name}_b", *((f"{name}_scale", f"{name}_shift") if norm else ())]
        return tuple(found)

    def draw(self, rng: np.random.Generator) -> Arrays:
        """First values: Glorot, and small biases, so that no term is zero."""
        found: Arrays = {}
        for name, size_in, size_out, _, norm in self.layers():
            edge = np.sqrt(6.0 / (size_in + size_out))
            found[f"{name}_w"] = rng.uniform(-edge, edge, (size_in, size_out)).astype("float32")
            found[f"{name}_b"] = rng.uniform(-0.1, 0.1, size_out).astype("float32")
            if norm:
                found[f"{name}_scale"] = rng.uniform(0.8, 1.2, size_out).astype("float32")
                found[f"{name}_shift"] = rng.uniform(-0.1, 0.1, size_out).astype("float32")
        return found

    def apply(self, ops: Ops, x: Any, params: Mapping[str, Any]) -> Any:
        """The result of the last layer."""
        for name, _, _, activation, norm in self.layers():
            x = ops.linear(x, params[f"{name}_w"], params[f"{name}_b"])
            if norm:
                x = ops.layer_norm(x, params[f"{name}_scale"], params[f"{name}_shift"])
            x = ops.activation(activation, x)
        return x

    def document(self) -> list[dict[str, Any]]:
        """The layers in a block graph."""
        return [
            {"size": size, "activation": activation, "layer_norm": norm}
            for _, _, size, activation, norm in self.layers()
        ]

    def flops(self) -> float:
        """Of the products of one row."""
        return sum(2.0 * size_in * size_out for _, size_in, size_out, _, _ in self.layers())


def encoder(id: int, stack: Stack, pin: int, output: int) -> dict[str, Any]:
    """A block of a graph."""
    return {
        "id": id, "kind": "encoder", "name": stack.name, "input": pin, "output": -output, "layers": stack.document()
    }  # fmt: skip


def document(blocks: Sequence[dict[str, Any]], links: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """A block graph with a mean square loss of pin 900 against `target`."""
    loss = {"id": 99, "kind": "loss", "function": "mse", "of": 900, "target": 901, "target_name": "target"}
    joined = [{"from": a, "to": b} for a, b in links]
    return {
        "format": "anamc-graph", "version": 1, "name": "network",
        "blocks": [*blocks, {**loss, "output": -999}], "links": joined,
    }  # fmt: skip
