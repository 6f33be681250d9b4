"""The derivative of a maximum over edges goes to the winners, as in JAX where there are no ties."""

import json
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import anamc

NODES = 6
EDGES = np.array([[2, 2], [0, 1], [1, 0], [0, 1], [3, 4], [4, 0], [2, 3], [1, 4], [0, 3]], np.int32)
"""A loop, edges that stand twice, and a node (5) without any."""


def program(symmetric: bool, scatter: str) -> anamc.Program:
    blocks = [
        {
            "id": 1,
            "kind": "graph-source",
            "symmetric": symmetric,
            "node_features": [],
            "edge_features": [{"name": "m", "size": 3, "pin": -2}],
        },
        {"id": 3, "kind": "aggregate", "scatter": scatter, "reduce": "max", "input": 1, "output": -3},
    ]
    graph = {"format": "anamc-graph", "version": 1, "name": "net", "blocks": blocks, "links": [{"from": -2, "to": 1}]}
    return anamc.parse(json.dumps(graph), "json")


def reference(symmetric: bool, scatter: str) -> Callable[[jax.Array], jax.Array]:
    """Written with JAX's maximum of segments."""
    ends = (0, 1) if symmetric else (0,)

    def f(m: jax.Array) -> jax.Array:
        values = jnp.concatenate([m if scatter[end] == "+" else -m for end in ends])
        y = jax.ops.segment_max(values, np.concatenate([EDGES[:, end] for end in ends]), NODES)
        return jnp.where(jnp.isneginf(y), 0.0, y)

    return f


def interpreted(program: anamc.Program, **values: Any) -> dict[str, Any]:
    return anamc.interpret(program, **values)


def compiled(program: anamc.Program, **values: Any) -> dict[str, Any]:
    return anamc.jit(program, dtype="float64")(**values)


@pytest.mark.parametrize("run", [interpreted, compiled])
@pytest.mark.parametrize(
    ("symmetric", "scatter"), [(True, "++"), (True, "-+"), (True, "+-"), (False, "++"), (False, "-+")]
)
def test_maxima_agree_with_jax(symmetric: bool, scatter: str, run: Callable[..., dict[str, Any]]) -> None:
    rng = np.random.default_rng(0)
    m, bar, dot = rng.normal(size=(9, 3)), rng.normal(size=(NODES, 3)), rng.normal(size=(9, 3))
    source = program(symmetric, scatter)
    with jax.enable_x64(True):
        y, pull = jax.vjp(reference(symmetric, scatter), jnp.asarray(m))
        expected = np.asarray(y), np.asarray(pull(jnp.asarray(bar))[0])
    reverse = run(anamc.vjp(source, wrt="m"), edgelist=EDGES, m=m, xout3_bar=bar, nnodes=NODES)
    forward = run(anamc.jvp(source, wrt="m"), edgelist=EDGES, m=m, m_dot=dot, nnodes=NODES)
    # Choices and at most three additions: nothing to lose but the last bits.
    np.testing.assert_allclose(reverse["xout3"], expected[0], rtol=1e-15)
    np.testing.assert_allclose(reverse["m_bar"], expected[1], rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(np.sum(forward["xout3_dot"] * bar), np.sum(dot * reverse["m_bar"]), rtol=1e-12)


def test_all_goes_to_the_first_of_equal_contributions() -> None:
    m = np.ones((9, 3))
    reverse = interpreted(
        anamc.vjp(program(False, "++"), wrt="m"), edgelist=EDGES, m=m, xout3_bar=np.ones((NODES, 3)), nnodes=NODES
    )
    first = [int(np.flatnonzero(EDGES[:, 0] == node)[0]) for node in range(5)]
    expected = np.zeros((9, 3))
    expected[first] = 1.0
    np.testing.assert_array_equal(reverse["m_bar"], expected)
