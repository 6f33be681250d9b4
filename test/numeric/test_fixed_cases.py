"""Cases whose numbers are known: scatters, empty sets, NaN, extreme values. On every way to run a program."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from numpy.typing import NDArray

import anamc
from support.cases import Case
from support.compare import TOLERANCE
from support.fixed import aggregate, document, layered, mesh, message_passing, source
from support.graphs import LOSSES, target
from support.reference import ACTIVATIONS
from support.routes import OPENACC, CRoute, Runner, c_parameters, jitted

ROUTES = [
    pytest.param(("interpreter", "float64"), id="interpreter"),
    pytest.param((jitted, "float64"), id="jit-f64"),
    pytest.param((jitted, "float32"), id="jit-f32"),
    pytest.param((CRoute("gcc"), "float32"), id="gcc", marks=pytest.mark.compiler("gcc")),
    pytest.param((CRoute("gcc", ("-O1", OPENACC)), "float64"), id="gcc-acc", marks=pytest.mark.compiler("gcc")),
    pytest.param((CRoute("clang-14"), "float64"), id="clang-14", marks=pytest.mark.compiler("clang-14")),
    pytest.param((CRoute("clang-19"), "float32"), id="clang-19", marks=pytest.mark.compiler("clang-19")),
]
DOCUMENTS_EDGES = mesh(3, (0, 1), (1, 2))
"""The mesh of the document's scatter example; values 1 and 10."""


@contextmanager
def runner(route: Any, case: Case, function: str) -> Generator[Runner]:
    """A function by one of the routes."""
    how, dtype = route
    if isinstance(how, CRoute):
        with how.runner(case.program, function, dtype) as found:
            yield found
    elif how == "interpreter":
        yield lambda **given: anamc.interpret(case.program, function, dtype, **given)
    else:
        yield how(case.program, function, dtype)


def results(route: Any, case: Case, function: str = "run_network") -> dict[str, NDArray[Any]]:
    """All results, as float64."""
    with runner(route, case, function) as run:
        return {k: v.astype("float64") for k, v in case.results(run, function, route[1]).items()}


def close(found: NDArray[Any], wanted: Any, dtype: str) -> None:
    """To the tolerance of the type, of the largest magnitude, at least 1."""
    wanted = np.asarray(wanted, "float64").reshape(found.shape)
    assert np.abs(found - wanted).max(initial=0) <= TOLERANCE[dtype] * max(1.0, np.abs(wanted).max(initial=0))


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("scatter", "reduce", "symmetric", "wanted"),
    [
        ("++", "sum", True, [1, 11, 10]),
        ("-+", "sum", True, [-1, -9, 10]),
        ("+-", "sum", True, [1, 9, -10]),
        ("++", "sum", False, [1, 10, 0]),
        ("-+", "sum", False, [-1, -10, 0]),
        ("+-", "mean", True, [1, 4.5, -10]),
        ("-+", "mean", False, [-1, -10, 0]),
        ("-+", "max", True, [-1, 1, 10]),
        ("++", "max", False, [1, 10, 0]),
    ],
)
def test_scatters_give_the_numbers_of_the_document(
    route: Any, scatter: str, reduce: str, symmetric: bool, wanted: list[float]
) -> None:
    case = Case(aggregate(scatter, reduce, symmetric), DOCUMENTS_EDGES, {"e": np.array([[1.0], [10.0]])})
    # Sums of a few small integers are exact in any order and either type.
    assert_array_equal(results(route, case)["xout2"][:, 0], wanted)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("scatter", "reduce", "wanted"),
    [
        # node 0: a self-loop of 2 and two equal edges of 3 and 5 to node 1; node 2 is alone; node 3: a self-loop of -4
        ("++", "sum", [12, 8, 0, -8]),
        ("-+", "sum", [-8, 8, 0, 0]),
        ("++", "mean", [3, 4, 0, -4]),
        ("+-", "mean", [2, -4, 0, 0]),
        ("++", "max", [5, 5, 0, -4]),
        ("-+", "max", [2, 5, 0, 4]),
    ],
)
def test_self_loops_count_at_both_ends_and_equal_edges_twice(
    route: Any, scatter: str, reduce: str, wanted: list[float]
) -> None:
    edges = mesh(4, (0, 0), (0, 1), (0, 1), (3, 3))
    case = Case(aggregate(scatter, reduce), edges, {"e": np.array([[2.0], [3.0], [5.0], [-4.0]])})
    assert_array_equal(results(route, case)["xout2"][:, 0], wanted)


@pytest.mark.parametrize("route", ROUTES)
def test_nan_wins_a_maximum_and_stays_at_its_nodes(route: Any) -> None:
    edges = mesh(5, (0, 1), (1, 2), (2, 3))
    values = np.array([[1.0, 7.0], [np.nan, 8.0], [3.0, np.nan]])
    case = Case(aggregate("++", "max", width=2), edges, {"e": values})
    wanted = [[1, 7], [np.nan, 8], [np.nan, np.nan], [3, np.nan], [0, 0]]
    assert_array_equal(results(route, case)["xout2"], wanted)


@pytest.mark.parametrize("route", ROUTES)
def test_minus_infinity_is_a_contribution_to_a_maximum(route: Any) -> None:
    case = Case(aggregate("++", "max"), mesh(3, (0, 1)), {"e": np.array([[-np.inf]])})
    assert_array_equal(results(route, case)["xout2"][:, 0], [-np.inf, -np.inf, 0])


MESHES = {
    "no nodes": mesh(0),
    "one node": mesh(1),
    "no edges": mesh(4),
    "one node with a self-loop": mesh(1, (0, 0)),
    "equal edges": mesh(2, (0, 1), (0, 1), (1, 0)),
    "self-loops": mesh(3, (0, 0), (1, 1), (2, 2), (1, 2)),
    "nodes alone": mesh(6, (4, 1), (1, 2)),
}


@pytest.mark.parametrize("route", ROUTES)
def test_a_message_passing_network_on_odd_meshes(route: Any) -> None:
    program = Case(message_passing(8), mesh(0))
    with runner(route, program, "run_network") as run:
        for name, odd in MESHES.items():
            case = Case(message_passing(8), odd)
            case.expectation().check(case.results(run, "run_network", route[1]), route[1], f"{name}:")


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("function", [*LOSSES, {"kind": "huber", "delta": 0.3}], ids=str)
def test_losses_are_means_and_0_over_no_rows(route: Any, function: Any) -> None:
    loss = {"id": 3, "kind": "loss", "of": 2, "target": 3, "function": function, "weight": 2.5}
    blocks = [source({"u": 2}), layered(2, 1, -9, 3), loss]
    network = document(blocks, [(-1, 1), (-9, 2)])
    with runner(route, Case(network, mesh(0)), "run_network_loss") as run:
        empty = run(**Case(network, mesh(0)).arguments("run_network_loss", route[1]))["loss"]
        assert empty.shape == ()
        assert float(empty) == 0.0
        # more rows than a block of partial sums, and not a multiple of it
        case = Case(network, mesh(2500), {"target3": target(function, (2500, 3), np.random.default_rng(3))})
        case.expectation().check(case.results(run, "run_network_loss", route[1]), route[1], "loss")


def test_a_float32_mean_over_a_million_rows_does_not_drift() -> None:
    loss = {"id": 2, "kind": "loss", "of": 1, "target": 2, "function": "mae"}
    network = document([source({"u": 1}), loss, layered(3, 4, -9, 1)], [(-1, 1), (-1, 4)])
    rows = 1_000_000
    case = Case(network, mesh(rows), {"u": np.full((rows, 1), 0.1), "target2": np.zeros((rows, 1))})
    found = case.results(jitted(case.program, "run_network_loss", "float32"), "run_network_loss", "float32")
    # One running sum is off by 1e-2. Equal numbers are rounded the same way again and again: blocks of 1024 are off
    # by at most 1024 half ulp, 6e-5, each, and different sizes of the sum on the way leave some of it.
    assert float(found["loss"]) == pytest.approx(0.1, rel=2e-5)


EXTREMES = (0.0, -0.0, 1e-30, -1e-30, 1e-6, -1e-6, 0.5, -0.5, 8.0, -8.0, 40.0, -40.0, 100.0, -100.0, 1e4, -1e4)
"""Where naive formulas overflow or cancel: exp(100) is no float32."""


def every_activation() -> dict[str, Any]:
    """An encoder of width 1 (softmax: of 3) for each activation: result `xout<10 + k>` is that of the k-th."""
    blocks: list[Any] = [source({"u": 1})]
    links: list[tuple[int, int]] = []
    for k, kind in enumerate(ACTIVATIONS):
        layers = [{"size": 3 if kind == "softmax" else 1, "activation": kind}]
        blocks.append({"id": 10 + k, "kind": "encoder", "input": 10 + k, "output": -10 - k, "layers": layers})
        links.append((-1, 10 + k))
    return document(blocks, links)


def identity_params() -> NDArray[Any]:
    """Weights 1, biases 0; softmax sees x, 0.5 x and -x."""
    values = [np.array([1.0, 0.5, -1.0, 0, 0, 0]) if k == "softmax" else np.array([1.0, 0.0]) for k in ACTIVATIONS]
    return np.concatenate(values)


@pytest.mark.parametrize("route", ROUTES)
def test_activations_at_extreme_values(route: Any) -> None:
    u = np.array(EXTREMES, "float32").astype("float64")[:, None]
    case = Case(every_activation(), mesh(len(u)), {"params": identity_params(), "u": u})
    wanted, found = case.expectation().values, results(route, case)
    for k, kind in enumerate(ACTIVATIONS, 10):
        assert np.isfinite(found[f"xout{k}"]).all(), f"{kind} overflows"
        # Row by row: a value of 1e4 must not hide an error at 1. 4 ulp of the row, or of 1 where a sum with 1 is made.
        error = np.abs(found[f"xout{k}"] - wanted[f"xout{k}"]) / np.maximum(1, np.abs(wanted[f"xout{k}"]))
        assert error.max() <= 4 * np.finfo(route[1]).eps, f"{kind} is off by {error.max():.3g}"


@pytest.mark.parametrize("route", ROUTES)
def test_nan_goes_through_every_activation(route: Any) -> None:
    case = Case(every_activation(), mesh(2), {"params": identity_params(), "u": np.array([[np.nan], [1.0]])})
    for k, values in results(route, case).items():
        assert np.isnan(values[0]).all(), f"{k} loses a NaN"
        assert np.isfinite(values[1]).all(), f"{k} spreads a NaN to another row"


# the document's own network and call


@pytest.mark.parametrize("route", c_parameters([CRoute("gcc", plain=True), CRoute("clang-14", plain=True)]))
def test_the_documents_call_with_one_edge_of_zeros(route: CRoute) -> None:
    data = files("anamc") / "data"
    program = anamc.load(str(data / "regression.json"))
    params = anamc.load_params(str(data / "regression.h5"), program, dtype="float32")
    u = np.linspace(-2, 2, 41, dtype="float32")[:, None]
    with route.runner(program, "run_network", "float32") as run:
        edges, feature = np.zeros((1, 2), "int32"), np.zeros((1, 1), "float32")
        found = run(nnodes=41, nedges=1, edgelist=edges, params=params, EdgeFeature1=feature, u=u)["xout3"]
        none = run(nnodes=41, nedges=0, edgelist=edges[:0], params=params, EdgeFeature1=feature[:0], u=u)["xout3"]
    wanted = anamc.interpret(program, params=params.astype("float64"), u=u.astype("float64"))["xout3"]
    # Three layers of at most 20 terms.
    assert np.abs(found - wanted).max() <= 1e-6 * np.abs(wanted).max()
    assert_array_equal(found, none)


@pytest.mark.parametrize(("widths", "count"), [((10, 20, 10, 1), 461), ((8, 16, 8, 1), 305)])
def test_both_parameter_counts_of_the_document(widths: tuple[int, ...], count: int) -> None:
    case = Case(document([source({"u": 1}), layered(3, 1, -3, *widths)], [(-1, 1)]), mesh(41))
    assert case.arrays["params"].shape == (count,)
    case.check(jitted, "float32", "jit")
