"""Networks without a graph, against JAX: an evaluation that nobody here wrote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from support.cases import Case
from support.compare import TOLERANCE, largest
from support.fixed import document, mesh, source
from support.routes import jitted

jax = pytest.importorskip("jax", reason="JAX is not installed; it is needed for this comparison only")
Values = NDArray[Any]

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "identity": lambda x: x,
    "tanh": jax.numpy.tanh,
    "sigmoid": jax.nn.sigmoid,
    "relu": jax.nn.relu,
    "leaky_relu": jax.nn.leaky_relu,
    "elu": jax.nn.elu,
    "selu": jax.nn.selu,
    "gelu": lambda x: jax.nn.gelu(x, approximate=False),
    "gelu_tanh": jax.nn.gelu,
    "silu": jax.nn.silu,
    "softplus": jax.nn.softplus,
    "sin": jax.numpy.sin,
    "softmax": jax.nn.softmax,
}


def network(activation: str, layer_norm: bool) -> dict[str, Any]:
    """3-17-8-2, the last layer affine."""
    hidden = {"activation": activation, "layer_norm": layer_norm}
    layers = [{"size": 17, **hidden}, {"size": 8, **hidden}, {"size": 2}]
    encoder = {"id": 2, "kind": "encoder", "input": 1, "output": -9, "layers": layers}
    return document([source({"u": 3}), encoder], [(-1, 1)])


def in_jax(activation: str, layer_norm: bool, params: Values, u: Values) -> Values:
    """The same, with kernels `in x out` as JAX's libraries have them."""
    x, rest = jax.numpy.asarray(u), params
    for last, (inputs, outputs) in ((False, (3, 17)), (False, (17, 8)), (True, (8, 2))):
        kernel, bias, rest = np.split(rest, [inputs * outputs, (inputs + 1) * outputs])
        x = x @ kernel.reshape(inputs, outputs) + bias
        if last:
            break
        if layer_norm:
            scale, shift, rest = np.split(rest, [outputs, 2 * outputs])
            x = jax.nn.standardize(x, epsilon=1e-5) * scale + shift
        x = ACTIVATIONS[activation](x)
    return np.asarray(x)


@pytest.mark.parametrize("layer_norm", [False, True], ids=["plain", "layer norm"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_networks_give_what_jax_gives(activation: str, layer_norm: bool) -> None:
    case = Case(network(activation, layer_norm), mesh(50), seed=5)
    found = case.results(jitted(case.program, "run_network", "float64"), "run_network", "float64")["xout2"]
    with jax.enable_x64(True):
        wanted = in_jax(activation, layer_norm, case.arrays["params"], case.arrays["u"])
    # As between all float64 evaluations of a few layers; see `TOLERANCE`.
    assert wanted.dtype == np.float64
    assert largest(found - wanted) <= TOLERANCE["float64"] * largest(wanted)
