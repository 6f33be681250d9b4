"""Real unstructured meshes: Delaunay triangulations of random points."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from support.walk import Mesh

Values = NDArray[Any]

FLUX_OF_ENDS = """
input q[n, 2]
input w[m]
input ends[m, 2] : index
p[k, s] ++= q[ends[k, s], 0] * q[ends[k, s], 1] | (k, s in 0..<2)
f[k, c] ++= w[k] * (q[ends[k, 0], c] * p[k, 1] - q[ends[k, 1], c] * p[k, 0]) | (k, c)
rate.shape = [n, 2]
rate[ends[k, 0], c] ++= -f[k, c] | (k, c)
rate[ends[k, 1], c] ++= f[k, c] | (k, c)
"""
"""An index program without outputs: edges gather from both ends and add to both; `rate` is what they add up to."""


def along_a_curve(points: Values) -> Values:
    """The order of points along a Z-curve: what is near in the plane is near in memory, as mesh generators number."""
    cells = (points * 2**16).astype(np.uint64)
    code = np.zeros(len(points), np.uint64)
    for bit in range(16):
        for axis in range(2):
            code |= (cells[:, axis] >> np.uint64(bit) & np.uint64(1)) << np.uint64(2 * bit + axis)
    return np.argsort(code, kind="stable")


def grid(size: int) -> Values:
    """The edges of a square grid, by their first node."""
    nodes = np.arange(size * size).reshape(size, size)
    right = np.stack([nodes[:, :-1].ravel(), nodes[:, 1:].ravel()], 1)
    down = np.stack([nodes[:-1].ravel(), nodes[1:].ravel()], 1)
    edges = np.concatenate([right, down])
    return edges[np.lexsort((edges[:, 1], edges[:, 0]))].astype(np.int32)


def delaunay(nodes: int, seed: int = 0, shuffled: bool = False) -> tuple[Mesh, dict[str, Values]]:
    """
    A mesh with node features `x` (both coordinates and the height of a wave) and edge features `e`
    (direction and length).

    Naturally numbered, edges by their left node; or nodes, edges and ends of edges shuffled.
    """
    from scipy.spatial import Delaunay  # noqa: PLC0415

    rng = np.random.default_rng(seed)
    points = rng.random((nodes, 2))
    points = points[along_a_curve(points)]
    corners = np.sort(Delaunay(points).simplices, axis=1)
    edges = np.unique(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=0)
    if shuffled:
        order = rng.permutation(nodes)
        points, edges = points[np.argsort(order)], order[edges]
        edges = rng.permuted(rng.permutation(edges), axis=1)
    along = (points[edges[:, 1]] - points[edges[:, 0]]) * np.sqrt(nodes)
    length = np.linalg.norm(along, axis=1, keepdims=True)
    wave = np.sin(6 * points[:, :1]) * np.cos(4 * points[:, 1:])
    fields = {"x": np.hstack([points, wave]), "e": np.hstack([along, length])}
    rounded = {name: values.astype("float32").astype("float64") for name, values in fields.items()}
    return Mesh(nodes, np.ascontiguousarray(edges, np.int32)), rounded
