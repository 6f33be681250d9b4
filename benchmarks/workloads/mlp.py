"""A multilayer perceptron on rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import anamc
from benchmarks.workloads.base import Arrays, Ops, Work
from benchmarks.workloads.dense import Stack, document, encoder


@dataclass(frozen=True)
class Mlp(Work):
    """Dense layers of `sizes` on `rows` rows; the last one has no activation."""

    sizes: tuple[int, ...]
    activation: str
    rows: int
    seed: int = 0

    @property
    def stack(self) -> Stack:
        return Stack("layer", self.sizes, self.activation)

    @property
    def params(self) -> tuple[str, ...]:
        return self.stack.params

    def arrays(self) -> Arrays:
        rng = np.random.default_rng(self.seed)
        x = rng.uniform(-2.0, 2.0, (self.rows, self.sizes[0])).astype("float32")
        target = rng.normal(size=(self.rows, self.sizes[-1])).astype("float32")
        return {"x": x, "target": target, **self.stack.draw(rng)}

    def forward(self, ops: Ops, x: Mapping[str, Any]) -> Any:
        return self.stack.apply(ops, x["x"], x)

    def program(self) -> anamc.Program:
        features = [{"name": "x", "size": self.sizes[0], "pin": -1}]
        source = {"id": 1, "kind": "graph-source", "node_features": features, "edge_features": []}
        graph = document([source, encoder(2, self.stack, 1, 2)], [(-1, 1), (-2, 900)])
        return anamc.parse(json.dumps(graph), "json")

    def flops(self, gradient: bool) -> float:
        """Forward one product a layer; backward two more, but for the input, of which there is no gradient."""
        once = self.stack.flops()
        return self.rows * (3.0 * once - 2.0 * self.sizes[0] * self.sizes[1] if gradient else once)
