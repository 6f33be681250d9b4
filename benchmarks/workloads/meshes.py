"""Real unstructured meshes: Delaunay triangulations of random points."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.workloads.base import Values


def along_a_curve(points: Values) -> Values:
    """The order of points along a Z-curve: near in the plane is near in memory, as mesh generators number."""
    cells = (points * 2**16).astype(np.uint64)
    code = np.zeros(len(points), np.uint64)
    for bit in range(16):
        for axis in range(2):
            code |= (cells[:, axis] >> np.uint64(bit) & np.uint64(1)) << np.uint64(2 * bit + axis)
    return np.argsort(code, kind="stable")


@lru_cache(maxsize=1)
def delaunay(nodes: int, shuffled: bool) -> tuple[Values, Values]:
    """
    Points (`nodes x 2`) and edges (`E x 2`, int32, each once; about three a node).

    Naturally numbered, edges by their left node; or nodes, edges and ends of edges shuffled.
    """
    spatial: Any = import_module("scipy.spatial")
    rng = np.random.default_rng(0)
    points = rng.random((nodes, 2))
    points = points[along_a_curve(points)]
    corners = np.sort(spatial.Delaunay(points).simplices, axis=1)
    edges = np.unique(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=0)
    if shuffled:
        order = rng.permutation(nodes)
        points, edges = points[np.argsort(order)], order[edges]
        edges = rng.permuted(rng.permutation(edges), axis=1)
    return points, np.ascontiguousarray(edges, np.int32)
