"""Small documents for fixed cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from support.walk import Mesh

Values = NDArray[Any]
Json = dict[str, Any]


def mesh(nodes: int, *edges: tuple[int, int]) -> Mesh:
    """A mesh of these edges."""
    return Mesh(nodes, np.array(edges, np.int32).reshape(len(edges), 2))


def source(node: Mapping[str, int] | None = None, edge: Mapping[str, int] | None = None, **options: Any) -> Json:
    """A graph source with features by name and size; pins -1, -2, ... in this order."""
    named = [*(("node", *item) for item in (node or {}).items()), *(("edge", *item) for item in (edge or {}).items())]
    features: dict[str, list[Json]] = {"node": [], "edge": []}
    for pin, (rows, name, size) in enumerate(named, 1):
        features[rows].append({"name": name, "size": size, "pin": -pin})
    return {
        "id": 1,
        "kind": "graph-source",
        "node_features": features["node"],
        "edge_features": features["edge"],
        **options,
    }


def document(blocks: Sequence[Json], links: Sequence[tuple[int, int]]) -> Json:
    """Blocks and links (from, to)."""
    joined = [{"from": a, "to": b} for a, b in links]
    return {"format": "anamc-graph", "version": 1, "blocks": list(blocks), "links": joined}


def aggregate(scatter: str, reduce: str = "sum", symmetric: bool = True, width: int = 1) -> Json:
    """An edge feature `e` on the nodes: result `xout2`."""
    block = {"id": 2, "kind": "aggregate", "input": 1, "output": -9, "scatter": scatter, "reduce": reduce}
    return document([source(edge={"e": width}, symmetric=symmetric), block], [(-1, 1)])


def layered(id: int, input: int, output: int, *sizes: int, activation: Any = "tanh", **options: Any) -> Json:
    """An encoder; the last layer is affine."""
    layers = [{"size": n, "activation": activation if k < len(sizes) - 1 else "identity"} for k, n in enumerate(sizes)]
    return {"id": id, "kind": "encoder", "input": input, "output": output, "layers": layers, **options}


def message_passing(width: int = 32) -> Json:
    """
    Node encoder 3-w-w and edge encoder 3-w-w with layer normalisation, mixed encoder 3w-w-w with `-+`,
    residual sum, decoder to 1: result `xout6`.
    """
    hidden = [{"size": width, "activation": "tanh"}, {"size": width, "activation": "tanh", "layer_norm": True}]
    blocks = [
        source({"x": 3}, {"e": 3}),
        {"id": 2, "kind": "encoder", "name": "node encoder", "input": 1, "output": -11, "layers": hidden},
        {"id": 3, "kind": "encoder", "name": "edge encoder", "input": 2, "output": -12, "layers": hidden},
        {"id": 4, "kind": "encoder", "name": "messages", "input": 3, "output": -13, "scatter": "-+",
         "layers": [{"size": width, "activation": "tanh"}, {"size": width}]},
        {"id": 5, "kind": "combine", "name": "residual", "input": 4, "output": -14, "function": "add"},
        {"id": 6, "kind": "encoder", "name": "decoder", "input": 5, "output": -15,
         "layers": [{"size": width, "activation": "tanh"}, {"size": 1}]},
    ]  # fmt: skip
    links = [(-1, 1), (-2, 2), (-12, 3), (-11, 3), (-11, 4), (-13, 4), (-14, 5)]
    return document(blocks, links)
