"""Rows in another order for the time of a call: shuffled meshes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

import anamc
from anamc.dialects.orders import Layout
from anamc.dialects.plans import PlanSource
from anamc.runtime import edge_plans
from anamc.runtime.edge_plans import PlanCache, at_once, planned_of
from anamc.runtime.orders import Order, breadth_first, orders_of
from support.meshes import grid

Table = np.ndarray[Any, np.dtype[Any]]
ENDS = (("e", 0, "n"), ("e", 1, "n"))
FREE = Layout({"e": "m", "x": "n"}, {"e": ("n", "n")})


def shuffled(edges: Table, nodes: int, seed: int = 0) -> Table:
    """The same mesh with nodes, edges and ends in random order."""
    rng = np.random.default_rng(seed)
    return rng.permuted(rng.permutation(rng.permutation(nodes)[edges]), axis=1).astype(np.int32)


# orders


@pytest.mark.parametrize(
    ("pairs", "count"),
    [
        (grid(9), 81),
        (shuffled(grid(9), 81), 90),  # nine in no pair
        (np.zeros((0, 2), np.int32), 5),
        (np.array([[3, 3], [3, 3], [0, 0]]), 4),  # self-loops, twice
        (np.arange(40).reshape(20, 2), 40),  # twenty parts
        (np.random.default_rng(1).integers(0, 50, (30, 2)), 50),
    ],
)
def test_every_node_is_numbered_once(pairs: Table, count: int) -> None:
    order = Order.of(breadth_first(pairs, count))
    assert sorted(order.old.tolist()) == list(range(count))
    np.testing.assert_array_equal(order.new[order.old], np.arange(count))


def test_neighbours_lie_near_each_other() -> None:
    """On a grid of s x s nodes no further apart than two levels, of at most s nodes."""
    size = 30
    edges = shuffled(grid(size), size * size)
    new = Order.of(breadth_first(edges, size * size)).new
    assert np.abs(new[edges[:, 0]] - new[edges[:, 1]]).max() <= 2 * size


def test_a_walk_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chain has as many levels as nodes: those behind the last step are numbered by the order of the pairs."""
    monkeypatch.setattr("anamc.runtime.orders.STEPS", 4)
    chain = np.stack([np.arange(2999), np.arange(1, 3000)], axis=1)
    assert sorted(breadth_first(shuffled(chain, 3000), 3000).tolist()) == list(range(3000))


def test_one_column_orders_rows_by_what_they_reach() -> None:
    table = np.random.default_rng(2).integers(0, 40, 100).astype(np.int32)
    source = PlanSource(8, (("t", -1, "n"),))
    orders = orders_of((source,), Layout({"t": "m"}, {"t": ("n",)}), {"t": table}, {"n": 40, "m": 100})
    assert list(orders) == ["m"]
    np.testing.assert_array_equal(table[orders["m"].old], np.sort(table, kind="stable"))


def test_rows_go_along_nodes_that_stay_where_they_are() -> None:
    edges = shuffled(grid(20), 400)
    orders = orders_of((PlanSource(16, ENDS),), Layout({"e": "m"}), {"e": edges}, {"n": 400, "m": len(edges)})
    assert list(orders) == ["m"]


@pytest.mark.parametrize("wrong", [-1, 400])
def test_a_table_that_does_not_fit_is_left_alone(wrong: int) -> None:
    edges = shuffled(grid(20), 400)
    edges[7, 1] = wrong
    assert not orders_of((PlanSource(16, ENDS),), FREE, {"e": edges}, {"n": 400, "m": len(edges)})


# plans


def test_only_a_shuffled_mesh_is_ordered() -> None:
    natural, sizes = grid(60), {"n": 3600, "m": 7080}
    found = planned_of((PlanSource(32, ENDS),), {"e": natural}, FREE, sizes)
    assert not found.orders
    assert found.taken["e"] is found.tables["e"]
    mesh = shuffled(natural, 3600)
    ordered = planned_of((PlanSource(32, ENDS),), {"e": mesh}, FREE, sizes)
    kept = planned_of((PlanSource(32, ENDS),), {"e": mesh}, Layout(), sizes)
    assert set(ordered.orders) == {"m", "n"}
    assert not kept.orders
    assert at_once(ordered.plans[0]) > 8 * at_once(kept.plans[0])
    n, m = ordered.orders["n"], ordered.orders["m"]
    np.testing.assert_array_equal(n.old[ordered.taken["e"]], mesh[m.old])


def test_a_mesh_that_no_order_helps_stays() -> None:
    """A star: all rows meet in its middle."""
    star = np.stack([np.zeros(400, np.int32), np.arange(1, 401, dtype=np.int32)], axis=1)
    assert not planned_of((PlanSource(8, ENDS),), {"e": star}, FREE, {"n": 401, "m": 400}).orders


def test_layouts_do_not_share_plans() -> None:
    mesh, sizes, cache = shuffled(grid(30), 900), {"n": 900, "m": 1740}, PlanCache()
    assert cache.of((PlanSource(16, ENDS),), {"e": mesh}, FREE, sizes).orders
    assert not cache.of((PlanSource(16, ENDS),), {"e": mesh}, Layout(), sizes).orders


def test_functions_of_one_mesh_share_its_order() -> None:
    """Whatever other arrays and sizes they have."""
    mesh, sizes, cache = shuffled(grid(30), 900), {"n": 900, "m": 1740}, PlanCache()
    more = Layout({**FREE.arrays, "target": "n"}, FREE.numbers)
    first = cache.of((PlanSource(16, ENDS),), {"e": mesh}, FREE, sizes)
    assert first.orders
    assert cache.of((PlanSource(16, ENDS),), {"e": mesh}, more, {**sizes, "batch": 3}) is first


# calls

PROGRAM = """
input x[n, 3]
input weight[m]
input edgelist[m, 2] : index
input kind[m] : index
input factor[4]
input border[b] : index
param scale[3]
message[k, c] ++= weight[k] * factor[kind[k]] * scale[c] * (x[edgelist[k, 1], c] - x[edgelist[k, 0], c]) | (k, c)
y.shape = [n, 3]
y[edgelist[k, 0], c] ++= sin(message[k, c]) | (k, c)
y[edgelist[k, 1], c] ++= message[k, c] | (k, c)
total[0] ++= y[border[j], c] * x[border[j], c] | (j, c)
output y, message, total
"""


def mesh_arguments(size: int = 70) -> dict[str, Table]:
    rng = np.random.default_rng(3)
    edges = shuffled(grid(size), size * size)
    rows = len(edges)
    return {
        "x": rng.normal(size=(size * size, 3)),
        "weight": rng.normal(size=rows),
        "edgelist": edges,
        "kind": rng.integers(0, 4, rows).astype(np.int32),
        "factor": rng.normal(size=4),
        "border": rng.permutation(size * size)[:57].astype(np.int32),
        "scale": rng.normal(size=3),
    }


def expected(a: Mapping[str, Table]) -> dict[str, Table]:
    left, right = a["edgelist"].T
    message = (a["weight"] * a["factor"][a["kind"]])[:, None] * a["scale"] * (a["x"][right] - a["x"][left])
    y = np.zeros_like(a["x"])
    np.add.at(y, left, np.sin(message))
    np.add.at(y, right, message)
    return {"y": y, "message": message, "total": np.sum(y[a["border"]] * a["x"][a["border"]])}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many sets were ordered, for each plan that was made."""
    found: list[int] = []
    original = edge_plans.planned_of

    def planned(*arguments: Any) -> Any:
        made = original(*arguments)
        found.append(len(made.orders))
        return made

    monkeypatch.setattr(edge_plans, "planned_of", planned)
    monkeypatch.setattr(edge_plans, "PLANS", PlanCache())
    return found


@pytest.mark.parametrize("vectors", [True, False])
def test_results_are_in_the_order_of_the_caller(counted: list[int], vectors: bool) -> None:
    function = anamc.jit(anamc.parse(PROGRAM, "ix"), dtype="float64", vectors=vectors)
    arguments = mesh_arguments()
    found, wanted = function(**arguments), expected(arguments)
    assert counted == [2]
    for name, value in wanted.items():
        # sums of up to 200 terms of size 10 in another order
        np.testing.assert_allclose(found[name], value, rtol=1e-11, atol=1e-12)


def test_bits_are_the_same_at_any_number_of_threads(counted: list[int]) -> None:
    program, arguments = anamc.parse(PROGRAM, "ix"), mesh_arguments()
    one, *others = (anamc.jit(program, dtype="float64", threads=k)(**arguments) for k in (1, 2, 3, 8))
    assert counted == [2]
    for other in others:
        for name, value in one.items():
            np.testing.assert_array_equal(other[name], value)


def test_a_bound_call_sees_changes_and_writes_into_given_arrays(counted: list[int]) -> None:
    function = anamc.jit(anamc.parse(PROGRAM, "ix"), dtype="float64", threads=2)
    arguments = mesh_arguments()
    out = {"y": np.empty((4900, 3))}
    call = function.bind(out, **arguments)
    call()
    arguments["x"] *= 2
    arguments["weight"][:] = arguments["weight"][::-1].copy()
    assert call()["y"] is out["y"]
    assert counted == [2]
    np.testing.assert_allclose(out["y"], expected(arguments)["y"], rtol=1e-11, atol=1e-12)


def test_gradients_come_back_in_order_too(counted: list[int]) -> None:
    program = anamc.parse(PROGRAM.replace("output y, message, total", "output total"), "ix")
    gradient = anamc.value_and_grad(program, wrt=("x", "weight", "scale", "factor"))
    arguments = mesh_arguments()
    found = anamc.jit(gradient, dtype="float64", threads=2)(**arguments)
    assert counted == [3]  # the border too
    plain = anamc.jit(gradient, dtype="float64")
    plain.layout = Layout()
    wanted = plain(**arguments)
    assert counted == [3, 0]
    for name, value in wanted.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-11, atol=1e-12)


def test_a_kernel_that_sees_its_row_number_keeps_its_rows(counted: list[int]) -> None:
    """Rows weighted by their number: nodes may still be renumbered, edges not."""
    program = anamc.parse(
        "input x[n]\ninput e[m, 2] : index\ny.shape = [n]\ny[e[k, 0]] ++= x[e[k, 1]] * toScalar(k) | k\noutput y", "ix"
    )
    function = anamc.jit(program, dtype="float64")
    assert "m" not in function.layout.arrays.values()
    edges, x = shuffled(grid(70), 4900), np.random.default_rng(4).normal(size=4900)
    wanted = np.zeros(4900)
    np.add.at(wanted, edges[:, 0], x[edges[:, 1]] * np.arange(len(edges)))
    np.testing.assert_allclose(function(x=x, e=edges)["y"], wanted, rtol=1e-11, atol=1e-9)


LARGEST = """
func.func @largest(%n: index, %m: index, %x: tensor<?x1xf64> {anamc.dims = ["m", 1]},
    %e: tensor<?x2xi32> {anamc.name = "edgelist", anamc.dims = ["m", 2]}) -> tensor<?x1xf64> {
  %y = scatter.max %x over %e onto %n signs [1, 1] : (tensor<?x1xf64>, tensor<?x2xi32>, index) -> tensor<?x1xf64>
  func.return %y : tensor<?x1xf64>
}
"""


def test_the_largest_of_rows_is_the_same_in_any_order(counted: list[int]) -> None:
    edges, x = shuffled(grid(70), 4900), np.random.default_rng(5).normal(size=9660)
    wanted = np.full(4900, -np.inf)
    np.maximum.at(wanted, edges.reshape(-1), np.repeat(x, 2))
    wanted[np.isinf(wanted)] = 0  # a node of no edge
    np.testing.assert_array_equal(
        anamc.jit(anamc.parse(LARGEST))(x=x[:, None], edgelist=edges, n=4900)["y"][:, 0], wanted
    )
    assert counted == [2]


def test_a_loaded_function_orders_rows_as_well(counted: list[int], tmp_path: Any, monkeypatch: Any) -> None:
    """What the cache on disk remembers."""
    monkeypatch.setenv("ANAMC_CACHE_DIR", str(tmp_path))
    program, arguments = anamc.parse(PROGRAM, "ix"), mesh_arguments()
    first, again = (anamc.jit(program, dtype="float64") for _ in range(2))
    assert first.layout == again.layout
    np.testing.assert_array_equal(first(**arguments)["y"], again(**arguments)["y"])
    assert counted == [2]
