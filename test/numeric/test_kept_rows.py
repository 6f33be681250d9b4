"""The gradient of message passing with all, some and none of the forward sweep kept."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import anamc
from support.fixed import message_passing
from support.meshes import delaunay

pytest.importorskip("scipy", reason="scipy makes the mesh")

WIDTH, NODES = 8, 300
TOLERANCE = 1e-13
"""Of the largest magnitude, in float64: the same numbers are computed again, in sums of another shape."""


@pytest.fixture(scope="module")
def gradient() -> anamc.Program:
    return anamc.vjp(message_passing_program(), wrt=["params", "x"])


def message_passing_program() -> anamc.Program:
    return anamc.parse(json.dumps(message_passing(WIDTH)), "json")


@pytest.fixture(scope="module")
def arguments(gradient: anamc.Program) -> dict[str, Any]:
    mesh, fields = delaunay(NODES, seed=3, shuffled=False)
    found: dict[str, Any] = {**fields, "edgelist": mesh.edges}
    found["params"] = anamc.init_params(message_passing_program(), seed=2).astype("float64")
    found["xout6_bar"] = np.random.default_rng(4).standard_normal((NODES, 1))
    return found


@pytest.mark.parametrize(
    ("keep", "vectors", "share"), [("none", True, 0.8), (4 * 8 * WIDTH, False, 0.95), ("auto", True, 0.95)]
)
def test_what_is_computed_again_is_the_same(
    gradient: anamc.Program, arguments: dict[str, Any], keep: str | int, vectors: bool, share: float
) -> None:
    whole = anamc.jit(gradient, dtype="float64", vectors=vectors, keep="all")
    less = anamc.jit(gradient, dtype="float64", vectors=vectors, keep=keep)
    wanted, found = whole(**arguments), less(**arguments)
    for name, value in wanted.items():
        assert np.abs(found[name] - value).max() <= TOLERANCE * np.abs(value).max()
    assert less.bind(**arguments).workspace_bytes < share * whole.bind(**arguments).workspace_bytes


def test_a_bound_that_cannot_be_met_is_refused(gradient: anamc.Program) -> None:
    with pytest.raises(anamc.ScheduleError, match=r"A0813.*bytes a row of nnodes rows must be kept") as caught:
        anamc.jit(gradient, keep=1)
    assert "index table" in caught.value.why
    with pytest.raises(anamc.ScheduleError, match="'keep' must be 'auto', 'all', 'none' or bytes a row, got 'most'"):
        anamc.jit(gradient, keep="most")
