"""The same graph gives the same bytes at every level, in each process; the same bits of result each time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import anamc
from support.cases import random_case
from support.fixed import document, layered, source
from support.routes import jitted

ROOT = Path(__file__).parents[2]
PROGRAM = """
import hashlib, random, json, sys
import anamc
from anamc.pipelines import lowered
from anamc.runtime.compiler import flat_module
from anamc.runtime.jit import host_text
from support.graphs import random_graph
from support.routes import c_files

for seed in range(4):
    program = anamc.parse(json.dumps(random_graph(random.Random(seed))), "json")
    for function in program.functions:
        texts = {level: str(lowered(program.ir, level, dtype="float32")) for level in ("tensors", "kernels", "loops")}
        flat = flat_module(program, function, "float32")
        vectors = flat_module(program, function, "float32", "avx512")
        texts |= {"vectors": str(vectors), "threads": host_text(vectors, 2)}
        texts |= {"flat": str(flat), "llvm": host_text(flat)}
        texts |= c_files(program, function, "float32")[0]
        for level, text in texts.items():
            print(seed, function, level, hashlib.sha256(text.encode()).hexdigest())
"""


def digests(hash_seed: str) -> list[str]:
    """One line for each text, from a process of its own."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "test/numeric")))
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_every_text_is_the_same_in_two_processes() -> None:
    first, second = digests("1"), digests("2")
    assert len(first) >= 4 * 8
    assert first == second


@pytest.mark.parametrize("seed", [3, 7])
def test_results_have_the_same_bits_each_time(seed: int) -> None:
    case = random_case(seed)
    for function in case.program.functions:
        run = jitted(case.program, function, "float32")
        first, second = (case.results(run, function, "float32") for _ in range(2))
        for name, values in first.items():
            assert_array_equal(values, second[name])


@pytest.mark.parametrize("vectors", [True, False])
def test_results_have_the_same_bits_on_any_number_of_threads(vectors: bool) -> None:
    """A loss and its gradient over some chunks, rows that fill no block among them; several calls at once."""
    layers = layered(2, 1, -9, 7, 17, 2)
    loss = {"id": 3, "kind": "loss", "function": "mse", "of": 2, "target": 3, "target_name": "t", "output": -10}
    program = anamc.parse(json.dumps(document([source({"x": 3}), layers, loss], [(-1, 1), (-9, 2)])), "json")
    gradient = anamc.value_and_grad(program)
    rng = np.random.default_rng(0)
    given: dict[str, Any] = {"params": anamc.init_params(program), "edgelist": np.zeros((0, 2), np.int32)}
    given |= {"x": rng.standard_normal((5003, 3), np.float32), "t": rng.standard_normal((5003, 2), np.float32)}
    one = anamc.jit(gradient, threads=1, vectors=vectors)(**given)
    for threads in (2, 3, 8):
        function = anamc.jit(gradient, threads=threads, vectors=vectors)
        with ThreadPoolExecutor(3) as pool:
            for found in pool.map(lambda _, call=function: call(**given), range(9)):
                for name, values in one.items():
                    assert_array_equal(values, found[name])


def test_few_rows_have_the_same_bits_on_any_number_of_threads() -> None:
    """Much work a row, so that each vector of rows is a chunk; rows that fill none among them."""
    layers = layered(2, 1, -9, 131, 140, 127, 3)
    program = anamc.parse(json.dumps(document([source({"x": 5}), layers], [(-1, 1)])), "json")
    rng = np.random.default_rng(0)
    given: dict[str, Any] = {"params": anamc.init_params(program), "edgelist": np.zeros((0, 2), np.int32)}
    functions = {threads: anamc.jit(program, threads=threads) for threads in (1, 2, 3, 8)}
    for rows in (1, 16, 17, 71, 93, 300, 1100):
        given["x"] = rng.standard_normal((rows, 5), np.float32)
        expected = anamc.interpret(program, dtype="float32", **given)
        results = [function(**given) for function in functions.values()]
        for name, values in expected.items():
            # Some tens of roundings of values below 1.
            assert np.abs(results[0][name] - values).max() <= 2e-6 * max(1.0, np.abs(values).max())
            for found in results[1:]:
                assert_array_equal(found[name], results[0][name])
