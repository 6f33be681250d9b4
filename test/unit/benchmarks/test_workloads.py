"""Each kind of work means the same for anamc, for the reference and for the peers that are installed."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

import anamc
from benchmarks.measure import distance
from benchmarks.peers import anamc_jit, jax_peer
from benchmarks.peers.numpy_peer import reference
from benchmarks.workloads.base import Work
from benchmarks.workloads.flux import Flux
from benchmarks.workloads.linear_algebra import Convolution, Product
from benchmarks.workloads.message_passing import MessagePassing
from benchmarks.workloads.mlp import Mlp
from benchmarks.workloads.random_networks import random_networks

NETWORKS: dict[str, Work] = {
    **{name: Mlp((2, 5, 7, 3), name, 19) for name in ("tanh", "relu", "gelu", "sigmoid", "silu")},
    "messages": MessagePassing(width=4, nodes=40, shuffled=True, steps=2),
}
WORKS = {
    **NETWORKS,
    "flux": Flux(edges=150),
    "product": Product(9),
    "convolution": Convolution(batch=2, size=8, window=3, filters=2),
}
CASES = [*((name, False) for name in WORKS), *((name, True) for name in NETWORKS)]


def arrays_of(work: Work) -> dict[str, Any]:
    if isinstance(work, MessagePassing | Flux):
        pytest.importorskip("scipy", reason="scipy makes the mesh")
    return work.arrays()


def interpreted(work: Work, gradient: bool, arrays: dict[str, Any]) -> dict[str, Any]:
    program = anamc_jit.derived(work, gradient)
    given = anamc_jit.chosen(program, work.arguments(arrays))
    wide = {k: v.astype("float64") if v.dtype.kind == "f" else v for k, v in given.items()}
    names = [a.name for a in program.function().arguments]
    unused: dict[str, Any] = {"edgelist": np.zeros((0, 2), "int32")} if "edgelist" in names else {}
    return anamc_jit.named(work, gradient, arrays, anamc.interpret(program, **{**unused, **wide}))


@pytest.mark.parametrize(("name", "gradient"), CASES)
def test_anamc_and_the_reference_agree(name: str, gradient: bool) -> None:
    work = WORKS[name]
    arrays = arrays_of(work)
    # both in float64: some hundred roundings of 1e-16, and erf of two libraries
    assert distance(interpreted(work, gradient, arrays), reference(work, gradient, arrays)) < 1e-12


@pytest.mark.skipif(find_spec("jax") is None, reason="JAX is not installed")
@pytest.mark.parametrize(("name", "gradient"), CASES)
def test_jax_and_the_reference_agree(name: str, gradient: bool) -> None:
    work = WORKS[name]
    arrays = arrays_of(work)
    prepared = jax_peer.prepare(work, gradient, arrays, 1)
    # float32: some hundred roundings of 6e-8, in sums that cancel
    assert distance(prepared.results(prepared.run()), reference(work, gradient, arrays)) < 1e-4


def test_gradients_have_the_names_of_all_parameters() -> None:
    for work in NETWORKS.values():
        assert reference(work, True, arrays_of(work)).keys() == {"loss", *work.params}


def test_the_random_networks_are_the_same_each_time_and_differ() -> None:
    drawn: Callable[[], list[Mlp]] = lambda: random_networks(20)  # noqa: E731
    assert drawn() == drawn()
    assert len({n.sizes for n in drawn()}) == 20
    assert all(n.rows % 2 for n in drawn())
