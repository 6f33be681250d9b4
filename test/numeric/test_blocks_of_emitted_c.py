"""Emitted C in blocks of rows: numbers of rows around every edge of vectors, blocks and chunks, forward and back."""

from __future__ import annotations

import json
import platform
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import anamc
from anamc.cli.emit import Emitter
from support.routes import CRoute, c_parameters

ROWS = (0, 1, 15, 16, 17, 31, 33, 64, 65, 255, 256, 257, 300)
"""Vectors have 16 rows, blocks 32 or 64, chunks 256."""
LAYERS = {
    "heavy": ((131, "tanh"), (140, "relu"), (3, "identity")),
    "wide": ((37, "tanh"), (18, "gelu"), (3, "identity")),
    "narrow": ((5, "relu"), (1, "softplus")),
}
ROUTES = (CRoute("gcc", ("-O2", "-fopenmp")), CRoute("clang-19", ("-O2",)))


def network(kind: str) -> anamc.Program:
    """One encoder over nodes."""
    source = {"id": 1, "kind": "graph-source", "node_features": [{"name": "u", "size": 2, "pin": -1}]}
    layers = [{"size": size, "activation": activation} for size, activation in LAYERS[kind]]
    encoder = {"id": 3, "kind": "encoder", "name": "fit", "scatter": "none", "input": 1, "output": -3, "layers": layers}
    links = [{"from": -1, "to": 1}]
    document = {"format": "anamc-graph", "version": 1, "name": "net", "blocks": [source, encoder], "links": links}
    return anamc.parse(json.dumps(document), format="json")


@pytest.mark.parametrize("kind", ["wide", "narrow"])
@pytest.mark.parametrize("route", c_parameters(ROUTES))
def test_rows_that_fill_no_block_are_computed_once(route: CRoute, kind: str) -> None:
    program = anamc.vjp(network(kind), wrt=["params", "u"])
    signature = program.function()
    dims = {a.name: a.dims for a in signature.arguments}
    bar = next(name for name in dims if name.endswith("_bar"))
    rng = np.random.default_rng(1)
    params = 0.3 * rng.standard_normal(dims["params"][0])  # pyright: ignore[reportArgumentType, reportCallIssue]
    with route.runner(program, signature.name, "float64") as run:
        for rows in ROWS:
            bars = rng.standard_normal((rows, dims[bar][1]))  # pyright: ignore[reportArgumentType, reportCallIssue]
            given: dict[str, Any] = {"params": params, "u": rng.standard_normal((rows, 2)), bar: bars}
            given |= {"nnodes": rows, "nedges": 0}
            found = run(**given)
            for name, value in anamc.interpret(program, **given).items():
                size = max(np.abs(value).max(initial=0.0), 1.0)
                # Sums of 300 rows in another order, and functions that are 4 units in the last place off.
                assert np.abs(found[name] - value).max(initial=0.0) <= 1e-13 * size, (name, rows)


@pytest.mark.parametrize("route", c_parameters(ROUTES[:1]))
def test_few_rows_of_much_work_go_in_small_chunks(route: CRoute) -> None:
    program = network("heavy")
    rng = np.random.default_rng(1)
    params = anamc.init_params(program).astype(np.float64)
    with route.runner(program, program.function().name, "float64") as run:
        for rows in (0, 1, 17, 48, 49, 300):
            given: dict[str, Any] = {"params": params, "u": rng.standard_normal((rows, 2)), "nnodes": rows, "nedges": 0}
            ((name, value),) = anamc.interpret(program, **given).items()
            # Sums of 140 numbers below 1, and functions that are 4 units in the last place off.
            assert np.abs(run(**given)[name] - value).max(initial=0.0) <= 1e-13 * max(
                np.abs(value).max(initial=0.0), 1
            ), rows


@pytest.mark.compiler("gcc")
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="asks for vectors of x86")
def test_gcc_makes_no_branches_of_elementary_functions(tmp_path: Path) -> None:
    """Without masks (AVX2) a loop with a branch has no vectors: three times the time."""
    for name, text in Emitter(network("wide"), "float32").c_files().items():
        (tmp_path / Path(name).name).write_text(text)
    (kernels,) = tmp_path.glob("*_kernels.c")
    command = ["gcc", "-std=c99", "-O3", "-march=haswell", "-fopt-info-vec-missed", "-c", kernels.name]
    told = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stderr
    assert "not vectorized" in told
    assert "control flow in loop" not in told
