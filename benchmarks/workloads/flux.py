"""A finite-volume step of the Euler equations: Rusanov's flux on the edges of a mesh, added to both ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import anamc
from benchmarks.workloads.base import Arrays, Ops, Work
from benchmarks.workloads.meshes import delaunay

GAMMA = 1.4
PROGRAM = """
input q[n, 4]
input normal[m, 2]
input edgelist[m, 2] : index
un[k, s] ++= (q[edgelist[k, s], 1] * normal[k, 0] + q[edgelist[k, s], 2] * normal[k, 1]) / q[edgelist[k, s], 0]
           | (k, s in 0..<2)
p[k, s]  ++= 0.4 * (q[edgelist[k, s], 3] - 0.5 * (sq(q[edgelist[k, s], 1]) + sq(q[edgelist[k, s], 2]))
           / q[edgelist[k, s], 0]) | (k, s in 0..<2)
speed[k] ++= max(abs(un[k, 0]) + sqrt(1.4 * p[k, 0] / q[edgelist[k, 0], 0]),
                 abs(un[k, 1]) + sqrt(1.4 * p[k, 1] / q[edgelist[k, 1], 0])) | k
flux[k, c] ++= 0.5 * (q[edgelist[k, 0], c] * un[k, 0] + q[edgelist[k, 1], c] * un[k, 1]
             + speed[k] * (q[edgelist[k, 0], c] - q[edgelist[k, 1], c])) | (k, c)
flux[k, c + 1] ++= 0.5 * (p[k, 0] + p[k, 1]) * normal[k, c] | (k, c)
flux[k, 3] ++= 0.5 * (p[k, 0] * un[k, 0] + p[k, 1] * un[k, 1]) | k
rate.shape = [n, 4]
rate[edgelist[k, 0], c] ++= -flux[k, c] | (k, c)
rate[edgelist[k, 1], c] ++= flux[k, c] | (k, c)
output rate
"""


@dataclass(frozen=True)
class Flux(Work):
    """
    ``F = (f(q_l) n + f(q_r) n) / 2 - max(|u_n| + c) (q_r - q_l) / 2``, out of the left node, into the right one.

    States ``(rho, rho u, rho v, E)``, float32; about three edges a node; normals of length 1.
    """

    edges: int = 1_000_000
    shuffled: bool = False

    @property
    def nodes(self) -> int:
        return self.edges // 3

    def arrays(self) -> Arrays:
        points, edges = delaunay(self.nodes, self.shuffled)
        x, y = points.T
        rho, u, v = 1 + 0.2 * np.sin(6 * x), 0.5 * np.cos(5 * y), 0.3 * np.sin(4 * x)
        pressure = 1 + 0.1 * np.cos(7 * x * y)
        energy = pressure / (GAMMA - 1) + 0.5 * rho * (u * u + v * v)
        along = points[edges[:, 1]] - points[edges[:, 0]]
        normal = along / np.linalg.norm(along, axis=1, keepdims=True)
        state = np.stack([rho, rho * u, rho * v, energy], axis=1)
        return {"q": state.astype("float32"), "normal": normal.astype("float32"), "edgelist": edges}

    def forward(self, ops: Ops, x: Mapping[str, Any]) -> Any:
        ends, n = x["edgelist"], x["normal"]
        left, right = (state(ops, ops.take(x["q"], ends, end), n[:, 0], n[:, 1]) for end in (0, 1))
        speed = ops.maximum(left[1], right[1])
        fluxes = [
            0.5 * (a + b + speed * (u - w)) for a, b, u, w in zip(left[0], right[0], left[2], right[2], strict=True)
        ]
        flux = ops.columns(fluxes)
        return ops.add_at(self.nodes, ends, [-flux, flux])

    def program(self) -> anamc.Program:
        return anamc.parse(PROGRAM, format="ix", name="flux")

    def bytes(self) -> float:
        """Edges, normals and states are read, rates are set to zero, read and written."""
        edges = len(delaunay(self.nodes, self.shuffled)[1])
        return 16.0 * edges + 16.0 * self.nodes * 4


def state(ops: Ops, q: Any, nx: Any, ny: Any) -> tuple[list[Any], Any, list[Any]]:
    """Fluxes along the normal, the largest wave speed, and the state, of one side."""
    rho, mx, my, energy = (q[:, k] for k in range(4))
    un = (mx * nx + my * ny) / rho
    p = (GAMMA - 1) * (energy - 0.5 * (mx * mx + my * my) / rho)
    speed = ops.absolute(un) + ops.sqrt(GAMMA * p / rho)
    return [rho * un, mx * un + p * nx, my * un + p * ny, (energy + p) * un], speed, [rho, mx, my, energy]
