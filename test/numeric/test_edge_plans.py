"""Sums and largest contributions through edge lists run by a plan: the same bits at any number of threads."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import anamc
from anamc.dialects import kernel
from anamc.pipelines import STAGES, run
from support.fixed import source
from support.meshes import FLUX_OF_ENDS

NODES, EDGES = 4000, 9000
TOLERANCE = 1e-5
"""Of the largest magnitude: a node of the crowded mesh sums some hundred numbers, each addition one rounding."""
Values = np.ndarray[Any, Any]


def network(symmetric: bool) -> dict[str, Any]:
    """An edge field of width 3 brought to the nodes in each way, and a mixed encoder; the loss of all of them."""
    blocks: list[dict[str, Any]] = [source({"x": 3}, {"e": 3}, symmetric=symmetric)]
    links: list[tuple[int, int]] = []
    pin = 10
    for reduce, scatter in (("sum", "-+"), ("mean", "++"), ("max", "+-")):
        block = {"kind": "aggregate", "input": pin, "output": -pin, "scatter": scatter, "reduce": reduce}
        blocks.append({"id": pin, **block})
        links += [(-2, pin), (-pin, 90)]
        pin += 1
    layers = [{"size": 5, "activation": "tanh"}, {"size": 3}]
    mixed = {"id": 80, "kind": "encoder", "input": 80, "output": -80, "scatter": "-+", "layers": layers}
    loss = {"id": 90, "kind": "loss", "function": "mse", "of": 90, "target": 91, "target_name": "t", "output": -90}
    links += [(-2, 80), (-1, 80), (-80, 90)]
    joined = [{"from": a, "to": b} for a, b in links]
    return {"format": "anamc-graph", "version": 1, "blocks": [*blocks, mixed, loss], "links": joined}


def meshes() -> dict[str, Values]:
    """In order, with self-loops, duplicates and isolated nodes; the same in random order; many edges at few nodes."""
    rng = np.random.default_rng(4)
    left = np.sort(rng.integers(0, NODES // 4, EDGES) * 4)
    near = np.stack([left, np.clip(left + rng.integers(-9, 10, EDGES), 0, NODES - 1)], axis=1)
    near[5] = near[6]
    assert (near[:, 0] == near[:, 1]).any()
    return {
        "in order": near.astype(np.int32),
        "random": rng.permutation(NODES)[rng.permutation(near)].astype(np.int32),
        "crowded": rng.integers(0, 40, (EDGES, 2)).astype(np.int32),
    }


@pytest.mark.parametrize(("vectors", "others"), [(True, (2, 3, 8)), (False, (3,))], ids=["vectors", "scalars"])
def test_plans_give_the_same_bits_on_any_number_of_threads(vectors: bool, others: tuple[int, ...]) -> None:
    """A symmetric mesh on vectors, an asymmetric one on scalars."""
    program = anamc.parse(json.dumps(network(symmetric=vectors)), "json")
    gradient = anamc.value_and_grad(program, wrt=["params", "x", "e"])
    rng = np.random.default_rng(0)
    given: dict[str, Any] = {"params": anamc.init_params(program)}
    given |= {"x": rng.standard_normal((NODES, 3), np.float32), "e": rng.standard_normal((EDGES, 3), np.float32)}
    given["t"] = rng.standard_normal((NODES, 12), np.float32)
    functions = {threads: anamc.jit(gradient, threads=threads, vectors=vectors) for threads in (1, *others)}
    assert functions[1].plans
    for name, edges in meshes().items():
        wide: dict[str, Any] = {k: v.astype(np.float64) for k, v in given.items()}
        wanted = anamc.interpret(gradient, edgelist=edges, **wide)
        one = functions[1](edgelist=edges, **given)
        for result, values in wanted.items():
            error = np.abs(one[result] - values).max() / np.abs(values).max()
            assert error < TOLERANCE, f"{result} of the mesh {name} is off by {error:.3g}"
        for threads in others:
            for _ in range(3):
                found = functions[threads](edgelist=edges, **given)
                for result, values in one.items():
                    assert_array_equal(values, found[result], f"{result} of the mesh {name} on {threads} threads")


FLUX = f"{FLUX_OF_ENDS}loss[0] ++= sq(rate{{i}}) | i\noutput rate, loss\n"


def test_a_flux_is_one_kernel_with_a_plan() -> None:
    """States of both ends are gathered, also where an iterator chooses the end; the flux is not stored."""
    program = anamc.parse(FLUX, "ix")
    module = run(program.tensors.clone(), [*STAGES["kernels"], "plan-edges"])
    planned = [op for op in module.walk() if isinstance(op, kernel.RowsOp) and op.plan is not None]
    assert [len(op.write_accesses.data[0].data) for op in planned] == [2]
    assert [len(op.results) for op in planned] == [1]


def test_a_flux_has_the_same_bits_on_any_number_of_threads() -> None:
    """With its gradient in the states."""
    program = anamc.value_and_grad(anamc.parse(FLUX, "ix"), function="program", of="loss", wrt=["q"])
    rng = np.random.default_rng(0)
    given = {"q": rng.random((NODES, 2), np.float32), "w": rng.standard_normal(EDGES, np.float32)}
    functions = {threads: anamc.jit(program, threads=threads) for threads in (1, 3)}
    for name, edges in meshes().items():
        wide: dict[str, Any] = {k: v.astype(np.float64) for k, v in given.items()}
        wanted = anamc.interpret(program, ends=edges, **wide)
        one, three = (functions[threads](ends=edges, **given) for threads in (1, 3))
        for result, values in wanted.items():
            error = np.abs(one[result] - values).max() / np.abs(values).max()
            assert error < TOLERANCE, f"{result} of the mesh {name} is off by {error:.3g}"
            assert_array_equal(one[result], three[result], f"{result} of the mesh {name}")
