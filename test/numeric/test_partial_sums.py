"""Gradients of weights over many rows: partial sums that take the same memory at any number of rows."""

from typing import Any

import numpy as np
import pytest

import anamc
from anamc.runtime.compiler import PARTIALS
from benchmarks.peers.anamc_jit import chosen, derived
from benchmarks.workloads.base import Work
from benchmarks.workloads.message_passing import MessagePassing
from benchmarks.workloads.mlp import Mlp

ROWS = PARTIALS * 1024 + 1500
"""More than one chunk for each partial sum, and a last one that is not whole."""
CASES: dict[str, Work] = {
    "rows in lanes": Mlp((2, 16, 16, 1), "tanh", ROWS),
    "features in lanes, by a plan": MessagePassing(16, nodes=ROWS // 3 + 10, steps=1),
}


def given(work: Work, dtype: str) -> dict[str, Any]:
    program = derived(work, True)
    found = chosen(program, work.arguments(work.arrays()))
    return {k: v.astype(dtype) if v.dtype.kind == "f" else v for k, v in found.items()}


@pytest.mark.parametrize("name", CASES)
def test_long_gradients_have_the_same_bits_on_any_number_of_threads(name: str) -> None:
    program = derived(CASES[name], True)
    arguments = given(CASES[name], "float32")
    one, *others = (anamc.jit(program, dtype="float32", threads=n)(**arguments) for n in (1, 2, 3, 8))
    for other in others:
        assert all(np.array_equal(one[k], other[k]) for k in one)
    exact = anamc.jit(program, dtype="float64", vectors=False)(**given(CASES[name], "float64"))
    for k, wanted in exact.items():
        # Sums of 67,000 terms, each of products in float32 (1e-7), that cancel in part.
        assert np.abs(one[k] - wanted).max() <= 3e-5 * np.abs(wanted).max()


def test_partial_sums_take_the_same_memory_at_any_number_of_rows() -> None:
    program = derived(CASES["rows in lanes"], True)
    function = anamc.jit(program, dtype="float32")
    arguments = given(Mlp((2, 16, 16, 1), "tanh", 10), "float32")
    rows = {a.name for a in program.function().arguments if a.name != "params"}

    def workspace(count: int) -> int:
        longer = {k: np.zeros((count, *v.shape[1:]), "float32") if k in rows else v for k, v in arguments.items()}
        return function.bind(**longer).workspace_bytes

    assert workspace(ROWS) == workspace(10 * ROWS)
    assert workspace(5000) < workspace(ROWS)
