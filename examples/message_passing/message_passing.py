"""
A message-passing network on an unstructured mesh.

    python message_passing.py [--nodes 2000] [--shuffle] [--dtype float32] [--save net.json]

Points of a unit square are joined by a Delaunay triangulation. Nodes carry x, y and a source term,
edges the vector from left to right and its length. Both are encoded, one round of messages goes
along the edges (a flux: what leaves the left node enters the right one), and a decoder gives one
number a node. Prints how long compiling and one evaluation take, and the distance from the NumPy
interpreter.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay

import anamc

WIDTH = 32
TOLERANCE = {"float32": 2e-5, "float64": 1e-12}
"""Rounding of some hundred sums and products, relative to the largest magnitude."""


def layers(count: int) -> list[dict[str, Any]]:
    """`count` layers of 32 with tanh, the last one without, each with layer normalisation."""
    hidden: dict[str, Any] = {"size": WIDTH, "activation": "tanh", "layer_norm": True}
    return [hidden] * (count - 1) + [hidden | {"activation": "identity"}]


def network() -> dict[str, Any]:
    """The block graph as a JSON document."""
    return {
        "format": "anamc-graph",
        "version": 1,
        "name": "message_passing",
        "blocks": [
            {
                "id": 1,
                "kind": "graph-source",
                "name": "mesh",
                "symmetric": True,
                "node_features": [{"name": "node", "size": 3, "pin": -1}],
                "edge_features": [{"name": "edge", "size": 3, "pin": -2}],
            },
            {"id": 2, "kind": "encoder", "name": "nodes", "input": 2, "output": -3, "layers": layers(2)},
            {"id": 3, "kind": "encoder", "name": "edges", "input": 3, "output": -4, "layers": layers(2)},
            {
                "id": 4, "kind": "encoder", "name": "flux", "scatter": "-+", "input": 4, "output": -5,
                "layers": [{"size": WIDTH, "activation": "tanh"}, {"size": WIDTH}],
            },
            {"id": 5, "kind": "combine", "name": "residual", "function": "add", "input": 5, "output": -6},
            {
                "id": 6, "kind": "encoder", "name": "decoder", "input": 6, "output": -7, "output_name": "phi",
                "layers": [{"size": 1}],
            },
        ],
        "links": [
            {"from": -1, "to": 2},
            {"from": -2, "to": 3},
            {"from": -4, "to": 4},
            {"from": -3, "to": 4},
            {"from": -3, "to": 5},
            {"from": -5, "to": 5},
            {"from": -6, "to": 6},
        ],
    }  # fmt: skip


def mesh(nodes: int, shuffle: bool, seed: int) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Points (`nodes x 2`) and edges (`E x 2`, each once); numbered from left to right, or shuffled."""
    rng = np.random.default_rng(seed)
    points = rng.random((nodes, 2))
    if not shuffle:
        points = points[np.argsort(points[:, 0])]
    corners = Delaunay(points).simplices
    pairs = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), axis=1)
    return points, np.unique(pairs, axis=0).astype(np.int32)


def fields(points: NDArray[np.float64], edges: NDArray[np.int32], dtype: str) -> dict[str, NDArray[Any]]:
    """Arguments of the network by name."""
    source = np.sin(2 * np.pi * points[:, :1]) * np.sin(2 * np.pi * points[:, 1:])
    step = points[edges[:, 1]] - points[edges[:, 0]]
    length = np.linalg.norm(step, axis=1, keepdims=True)
    return {
        "edgelist": edges,
        "node": np.hstack([points, source]).astype(dtype),
        "edge": np.hstack([step, length]).astype(dtype),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="A message-passing network on a Delaunay mesh.")
    parser.add_argument("--nodes", type=int, default=2000)
    parser.add_argument("--shuffle", action="store_true", help="number the nodes at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32")
    parser.add_argument("--save", metavar="FILE", help="write the block graph as JSON")
    options = parser.parse_args()

    text = json.dumps(network(), indent=1)
    if options.save:
        with open(options.save, "w", encoding="utf-8") as file:
            file.write(text)
    points, edges = mesh(options.nodes, options.shuffle, options.seed)
    arrays = fields(points, edges, options.dtype)

    start = time.perf_counter()
    program = anamc.parse(text, format="json", file=options.save or "network", name="message_passing")
    function = anamc.jit(program, dtype=options.dtype)
    compiled = time.perf_counter()
    arrays["params"] = anamc.init_params(program, seed=options.seed, dtype=options.dtype)
    call = function.bind(**arrays)
    phi = call()["phi"]
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)

    exact: dict[str, Any] = {k: v.astype("float64") if v.dtype.kind == "f" else v for k, v in arrays.items()}
    reference = anamc.interpret(program, **exact)["phi"]
    error = float(np.max(np.abs(phi - reference)) / np.max(np.abs(reference)))
    print(f"{len(points)} nodes, {len(edges)} edges, {arrays['params'].size} parameters, {options.dtype}")
    print(f"compile  {1e3 * (compiled - start):8.1f} ms")
    print(f"evaluate {1e3 * min(times):8.2f} ms, {1e9 * min(times) / len(edges):.0f} ns an edge")
    print(f"distance from the interpreter {error:.1e}")
    return 0 if error < TOLERANCE[options.dtype] else 1


if __name__ == "__main__":
    sys.exit(main())
