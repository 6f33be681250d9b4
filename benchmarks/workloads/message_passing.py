"""Message passing on a mesh, as networks for simulations do it (encoders, rounds of messages, decoder)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import anamc
from benchmarks.workloads.base import Arrays, Ops, Work
from benchmarks.workloads.dense import Stack, document, encoder
from benchmarks.workloads.meshes import delaunay

FEATURES = 3
"""Of a node (coordinates, a wave) and of an edge (direction, length)."""
LARGE = 5_000_000
"""Numbers of one value on all nodes: in float64 the reference keeps 13 GB for the gradient of twice as many."""


@dataclass(frozen=True)
class MessagePassing(Work):
    """
    Node and edge encoders with layer normalisation; `steps` times ``e += MLP[e, h_left, h_right]``,
    ``h += MLP[h, sum of e over the node's edges]``; a decoder to one number a node.
    """

    width: int
    nodes: int = 100_000
    shuffled: bool = False
    steps: int = 3

    @property
    def is_large(self) -> bool:
        return self.nodes * self.width > LARGE

    @property
    def stacks(self) -> list[Stack]:
        """In the order of computation, which is that of anamc's parameters."""
        w = self.width
        found = [Stack(f"{of}_encoder", (FEATURES, w, w), "tanh", last="tanh", norm=True) for of in ("node", "edge")]
        for k in range(self.steps):
            found += [Stack(f"edge{k}_", (3 * w, w, w), "tanh"), Stack(f"node{k}_", (2 * w, w, w), "tanh")]
        return [*found, Stack("decoder", (w, w, 1), "tanh")]

    @property
    def params(self) -> tuple[str, ...]:
        return tuple(name for stack in self.stacks for name in stack.params)

    def arrays(self) -> Arrays:
        points, edges = delaunay(self.nodes, self.shuffled)
        along = (points[edges[:, 1]] - points[edges[:, 0]]) * np.sqrt(self.nodes)
        length = np.linalg.norm(along, axis=1, keepdims=True)
        wave = np.sin(6 * points[:, :1]) * np.cos(4 * points[:, 1:])
        rng = np.random.default_rng(1)
        found: Arrays = {
            "edgelist": edges,
            "x": np.hstack([points, wave]).astype("float32"),
            "e": np.hstack([along, length]).astype("float32"),
            "target": rng.normal(size=(self.nodes, 1)).astype("float32"),
        }
        for stack in self.stacks:
            found |= stack.draw(rng)
        return found

    def forward(self, ops: Ops, x: Mapping[str, Any]) -> Any:
        nodes, edges, *rounds, decoder = self.stacks
        h, e, ends = nodes.apply(ops, x["x"], x), edges.apply(ops, x["e"], x), x["edgelist"]
        for on_edges, on_nodes in zip(rounds[0::2], rounds[1::2], strict=True):
            row = ops.concat([e, ops.take(h, ends, 0), ops.take(h, ends, 1)])
            e = e + on_edges.apply(ops, row, x)
            h = h + on_nodes.apply(ops, ops.concat([h, ops.add_at(self.nodes, ends, [e, e])]), x)
        return decoder.apply(ops, h, x)

    def program(self) -> anamc.Program:
        nodes, edges, *rounds, decoder = self.stacks
        blocks: list[dict[str, Any]] = [
            {
                "id": 1, "kind": "graph-source", "symmetric": True,
                "node_features": [{"name": "x", "size": FEATURES, "pin": -1}],
                "edge_features": [{"name": "e", "size": FEATURES, "pin": -2}],
            },
            encoder(2, nodes, 2, 3),
            encoder(3, edges, 3, 4),
        ]  # fmt: skip
        links = [(-1, 2), (-2, 3)]
        h, e = -3, -4

        def add(block: dict[str, Any], *inputs: int) -> int:
            """A block whose id, input and output pin have one number."""
            blocks.append(block)
            links.extend((pin, block["id"]) for pin in inputs)
            return -block["id"]

        for k in range(self.steps):
            first = 10 * (k + 1)
            message = add(encoder(first, rounds[2 * k], first, first), e, h)
            e = add(joined(first + 1, "combine", function="add"), e, message)
            total = add(joined(first + 2, "aggregate", scatter="++"), e)
            update = add(encoder(first + 3, rounds[2 * k + 1], first + 3, first + 3), h, total)
            h = add(joined(first + 4, "combine", function="add"), h, update)
        y = add(encoder(90, decoder, 90, 90), h)
        return anamc.parse(json.dumps(document(blocks, [*links, (y, 900)])), "json")


def joined(id: int, kind: str, **options: str) -> dict[str, Any]:
    """A block of one number."""
    return {"id": id, "kind": kind, "input": id, "output": -id, **options}
