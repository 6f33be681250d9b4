"""Derivatives against JAX: an evaluation and a differentiation that nobody here wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import anamc
from support.cases import Case, random_case
from support.fixed import aggregate, document, layered, mesh, message_passing, source

pytest.importorskip("jax", reason="JAX is not installed; it is needed for this comparison only")

from support import in_jax
from support.jax_derivatives import Comparison
from support.runs import RUNS

LOOPS = ((0, 1), (1, 2), (1, 1), (0, 1), (2, 0), (1, 0), (4, 2))
"""A self-loop, a duplicate, its reverse; node 3 of 5 has no edge."""


def comparison(case: Case, function: str) -> Comparison:
    """A case of a block graph; with respect to all floats that are used."""
    arguments = case.arguments(function, "float64")
    used = {a.name for a in case.program.function(function).arguments if a.used}
    floats = {n: v for n, v in arguments.items() if np.asarray(v).dtype == np.float64 and n in used}
    rest = {n: v for n, v in arguments.items() if n not in floats}
    return Comparison(
        case.program, function, lambda x: in_jax.evaluate(case.document, case.mesh, {**case.arrays, **x}), floats, rest
    )


ALL = ("grad", "vjp", "jvp", "hvp", "gauss_newton")


def check(case: Case, interpreted: Sequence[str] = ("vjp", "jvp"), compiled: Sequence[str] = ()) -> None:
    """The last function, the loss where there is one: these derivatives by the interpreter, those as machine code."""
    compared = comparison(case, list(case.program.functions)[-1])
    compared.all(RUNS["interpret"], interpreted)
    compared.all(RUNS["jit"], compiled)


def with_loss(kind: Any = "mse", width: int = 2, layers: Any = None, sizes: int = 3) -> dict[str, Any]:
    """An encoder of `u` with a loss on its output."""
    encoder = {"id": 2, "kind": "encoder", "input": 1, "output": -9, "layers": layers or [{"size": width}]}
    target = {"id": 3, "kind": "loss", "of": 2, "target": 3, "function": kind, "target_name": "t"}
    return document([source({"u": sizes}), encoder, target], [(-1, 1), (-9, 2)])


COMPILED = (0, 5, 11)
"""Random graphs that are compiled too, which takes most of the time: encoders, aggregates, one loss and two."""


def network(activation: Any, layer_norm: bool) -> dict[str, Any]:
    """3-7-5-2, the last layer affine, and a loss."""
    hidden = {"activation": activation, "layer_norm": layer_norm}
    return with_loss(layers=[{"size": 7, **hidden}, {"size": 5, **hidden}, {"size": 2}])


@pytest.mark.parametrize("layer_norm", [False, True], ids=["plain", "layer norm"])
@pytest.mark.parametrize("activation", in_jax.ACTIVATIONS)
def test_networks(activation: str, layer_norm: bool) -> None:
    check(Case(network(activation, layer_norm), mesh(9), seed=5), ALL)


def test_a_network_of_many_activations() -> None:
    layers = [{"size": 4, "activation": a, "layer_norm": True} for a in ("tanh", "relu", "gelu", "softmax")]
    check(Case(with_loss(layers=[*layers, {"size": 2}]), mesh(9), seed=5), ("hvp",), ("hvp",))


def test_layer_normalisation_of_constant_rows() -> None:
    case = Case(network("tanh", True), mesh(4), seed=3)
    case.arrays["u"][1:3] = 0.0
    case.arrays["params"][21:28] = 0.25  # the biases of the first layer: two of four rows of equal numbers
    check(case, ("grad", "hvp"), ("grad", "hvp"))


@pytest.mark.parametrize("kind", [*in_jax.LOSSES, {"kind": "huber", "delta": 0.3}], ids=str)
def test_losses(kind: Any) -> None:
    check(Case(with_loss(kind, 3), mesh(6), seed=1), ALL, ("hvp",))


@pytest.mark.parametrize("kind", ["cross_entropy", "bce_with_logits"])
def test_losses_at_logits_of_ten_thousand(kind: str) -> None:
    case = Case(with_loss(kind, 3), mesh(6), seed=1)
    case.arrays["params"] *= 1e4
    check(case, ("grad", "hvp"), ("grad", "hvp"))


@pytest.mark.parametrize("symmetric", [True, False], ids=["symmetric", "asymmetric"])
@pytest.mark.parametrize("scatter", ["++", "-+", "+-", "none"])
def test_encoders_of_edges(scatter: str, symmetric: bool) -> None:
    blocks = [
        source({"x": 2}, {"e": 3}, symmetric=symmetric),
        layered(2, 1, -11, 4, 3, activation="softplus", scatter=scatter),
    ]
    case = Case(document(blocks, [(-2, 1), (-1, 1)]), mesh(5, *LOOPS), seed=2)
    check(case, ("vjp", "jvp", "gauss_newton"))


@pytest.mark.parametrize("scatter", ["++", "-+", "+-"])
@pytest.mark.parametrize("reduce", ["sum", "mean", "max"])
def test_aggregates(reduce: str, scatter: str) -> None:
    check(Case(aggregate(scatter, reduce, width=3), mesh(5, *LOOPS), seed=2))


def test_message_passing() -> None:
    blocks = message_passing(5)
    blocks["blocks"].append({"id": 9, "kind": "loss", "of": 20, "target": 21, "function": "mse"})
    blocks["links"].append({"from": -15, "to": 20})
    check(Case(blocks, mesh(5, *LOOPS), seed=2), ("grad", "jvp", "hvp"), ("hvp",))


@pytest.mark.parametrize("edges", [(), LOOPS[:2]], ids=["no edges", "some"])
def test_zero_rows(edges: tuple[tuple[int, int], ...]) -> None:
    case = Case(message_passing(3), mesh(3 if edges else 0, *edges), seed=2)
    check(case, ("vjp", "jvp"), ("vjp", "jvp"))


SHARED = """
func.func @f(
  %n: index {anamc.name = "n"},
  %x: tensor<?x3xf64> {anamc.name = "x", anamc.dims = ["n", 3]},
  %w: tensor<3x3xf64> {anamc.name = "w"},
  %b: tensor<3xf64> {anamc.name = "b"}
) -> (tensor<?x3xf64> {anamc.name = "y", anamc.dims = ["n", 3]}) {
  %0 = mlp.dense %x, %w, %b : (tensor<?x3xf64>, tensor<3x3xf64>, tensor<3xf64>) -> tensor<?x3xf64>
  %1 = math.tanh %0 : tensor<?x3xf64>
  %2 = mlp.dense %1, %w, %b : (tensor<?x3xf64>, tensor<3x3xf64>, tensor<3xf64>) -> tensor<?x3xf64>
  %3 = arith.mulf %2, %x : tensor<?x3xf64>
  func.return %3 : tensor<?x3xf64>
}
"""


def test_shared_weights() -> None:
    rng, tanh = np.random.default_rng(0), in_jax.ACTIVATIONS["tanh"]
    floats = {"x": rng.normal(size=(4, 3)), "w": rng.normal(size=(3, 3)), "b": rng.normal(size=3)}
    compared = Comparison(
        anamc.parse(SHARED),
        "f",
        lambda v: {"y": (tanh(v["x"] @ v["w"] + v["b"]) @ v["w"] + v["b"]) * v["x"]},
        floats,
        {"n": 4},
    )
    for run in RUNS.values():
        compared.all(run, ("vjp", "jvp", "gauss_newton"))


@pytest.mark.parametrize("seed", range(24))
def test_random_graphs(seed: int) -> None:
    case = random_case(seed)
    compared = comparison(case, list(case.program.functions)[-1])
    second = ("hvp",) if "loss" in compared.of else ()
    compared.all(RUNS["interpret"], ("vjp", "jvp", *second))
    if seed in COMPILED:
        compared.all(RUNS["jit"], ("vjp", *second))
