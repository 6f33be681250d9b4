"""Plans of rows that meet through index tables."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import anamc
from anamc.dialects.plans import PlanSource
from anamc.runtime.edge_plans import COLOURS, PLANS, PlanCache, plan_of
from support.meshes import grid

ENDS = (("e", 0, "n"), ("e", 1, "n"))
Edges = np.ndarray[Any, np.dtype[np.int32]]


def colours_of(plan: Edges) -> list[list[int]]:
    """The chunks of each colour."""
    starts = plan[: plan[0, 0] + 1, 1]
    return [plan[a + 1 : b + 1, 0].tolist() for a, b in pairwise(starts)]


def check(plan: Edges, edges: Edges, chunk: int) -> None:
    """Every chunk once; those of one colour share no node."""
    groups = colours_of(plan)
    assert sorted(k for group in groups for k in group) == list(range(-(-len(edges) // chunk)))
    for group in groups:
        nodes = [set(edges[k * chunk : (k + 1) * chunk].ravel().tolist()) for k in group]
        assert len(set().union(*nodes)) == sum(map(len, nodes))


def test_a_grid_in_order_takes_few_colours() -> None:
    edges = grid(60)
    plan = plan_of(PlanSource(128, ENDS), {"e": edges})
    check(plan, edges, 128)
    assert plan[0, 0] <= 4


@pytest.mark.parametrize("rows", [0, 1, 5, 8, 9, 300])
def test_any_edges_are_covered_once(rows: int) -> None:
    """Self-loops and duplicates among them."""
    edges = np.random.default_rng(rows).integers(0, 200, (rows, 2)).astype(np.int32)
    check(plan_of(PlanSource(8, ENDS), {"e": edges}), edges, 8)


def test_chunks_that_all_meet_run_one_after_the_other() -> None:
    edges = np.zeros((10 * (COLOURS + 6), 2), np.int32)
    plan = plan_of(PlanSource(10, ENDS), {"e": edges})
    assert colours_of(plan) == [[k] for k in range(COLOURS + 6)]


def test_columns_that_count_different_things_do_not_meet() -> None:
    tables = {"s": np.arange(64, dtype=np.int32), "t": np.arange(64, dtype=np.int32)[::-1].copy()}
    apart = plan_of(PlanSource(4, (("s", -1, "n"), ("t", -1, "m"))), tables)
    together = plan_of(PlanSource(4, (("s", -1, "n"), ("t", -1, "n"))), tables)
    assert (apart[0, 0], together[0, 0]) == (1, 2)


def test_a_plan_is_found_again_by_the_numbers_of_its_tables() -> None:
    cache, edges, sources = PlanCache(), grid(9), (PlanSource(16, ENDS),)
    first = cache.of(sources, {"e": edges})
    assert cache.of(sources, {"e": edges.copy()}) is first
    edges[0] = 40, 50
    second = cache.of(sources, {"e": edges})
    assert second is not first
    np.testing.assert_array_equal(second.tables["e"], edges)
    assert cache.of(sources, {"e": grid(9)}) is first


def test_only_the_last_meshes_are_kept() -> None:
    cache, sources = PlanCache(kept=2), (PlanSource(16, ENDS),)
    first = cache.of(sources, {"e": np.full((3, 2), 0, np.int32)})
    for k in (1, 2):
        cache.of(sources, {"e": np.full((3, 2), k, np.int32)})
    assert cache.of(sources, {"e": np.full((3, 2), 0, np.int32)}) is not first


SUMS = """
func.func @sums(%n: index, %x: tensor<?x2xf32>, %e: tensor<?x2xi32> {anamc.name = "edgelist"}) -> tensor<?x2xf32> {
  %y = scatter.sum %x over %e onto %n signs [1, 1] : (tensor<?x2xf32>, tensor<?x2xi32>, index) -> tensor<?x2xf32>
  func.return %y : tensor<?x2xf32>
}
"""


def test_a_bound_call_keeps_the_edges_that_its_plan_was_made_of() -> None:
    """A change in place would let rows meet that the plan keeps apart."""
    function = anamc.jit(anamc.parse(SUMS), threads=2)
    assert len(function.plans) == 1
    edges, x = grid(40), np.ones((3120, 2), np.float32)
    call = function.bind(x=x, edgelist=edges, n=1600)
    before = call()["y"].copy()
    edges[:] = 7
    np.testing.assert_array_equal(call()["y"], before)
    assert function(x=x, edgelist=edges, n=1600)["y"][7, 0] == 2 * len(edges)


def test_functions_of_one_mesh_share_its_plans() -> None:
    edges = grid(31)
    source = (PlanSource(64, ENDS),)
    assert PLANS.of(source, {"e": edges}) is PLANS.of(source, {"e": edges})
