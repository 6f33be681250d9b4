"""The same graph gives the same bytes at every level, in each process; the same bits of result each time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from numpy.testing import assert_array_equal

from support.cases import random_case
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
        texts |= {"flat": str(flat), "llvm": host_text(flat)[0]}
        texts |= c_files(program, function, "float32")[0]
        for level, text in texts.items():
            print(seed, function, level, hashlib.sha256(text.encode()).hexdigest())
"""


def digests(hash_seed: str) -> list[str]:
    """One line for each text, from a process of its own."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "test/numeric")))
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=120, check=False
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
