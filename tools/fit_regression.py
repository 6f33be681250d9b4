"""
Fits the network of `anamc/data/regression.json` to f(x) = 2x - x^3 on [-2, 2] and writes its parameters.

    python tools/fit_regression.py [OUTPUT]        (default: anamc/data/regression.h5)

Levenberg-Marquardt in float64 from Glorot weights (seed 0) on 201 points at equal distance. The
Jacobian comes from backpropagation by hand. It needs NumPy and the parameter files of anamc,
no compiler and no training code of ours. Takes about a second; described in docs/params.md.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from xdsl.context import Context

from anamc.dialects import graph
from anamc.frontends.json_graph import parse_json_graph
from anamc.params.hdf5 import save_params
from anamc.params.initializers import init_params
from anamc.params.layout import Layer, Layout, layout
from anamc.transforms.graph_infer_shapes import GraphInferShapesPass

DATA = Path(__file__).resolve().parent.parent / "anamc" / "data"
POINTS = 201
STEPS = 300
ENOUGH = 1e-5
"""Largest error at a point that ends the fit."""

Array = NDArray[np.float64]


def target(x: Array) -> Array:
    """f(x) = 2x - x^3."""
    return 2.0 * x - x**3


def network_layout(path: Path) -> Layout:
    """The parameter layout of the only network of a JSON file."""
    module = parse_json_graph(path.read_bytes(), path.name)
    GraphInferShapesPass().apply(Context(), module)
    return layout(next(op for op in module.walk() if isinstance(op, graph.NetworkOp)))


def parts(layer: Layer, params: Array) -> tuple[Array, Array]:
    """W (`in x out`) and b of a layer, as views of the vector."""
    w, b = (params[e.offset : e.stop].reshape(e.shape) for e in layer.entries)
    return w, b


def forward(layers: Sequence[Layer], params: Array, x: Array) -> list[Array]:
    """The rows between the layers: x, every hidden row, the result."""
    rows = [x]
    for layer in layers:
        w, b = parts(layer, params)
        z = rows[-1] @ w + b
        rows.append(np.tanh(z) if layer.activation == "tanh" else z)
    return rows


def jacobian(layers: Sequence[Layer], params: Array, rows: Sequence[Array]) -> Array:
    """dy[n] / dparams[k], `points x parameters`: backpropagation of 1 for each point."""
    result = np.empty((len(rows[0]), len(params)))
    bar = np.ones_like(rows[-1])
    for layer, x, y in zip(reversed(layers), reversed(rows[:-1]), reversed(rows[1:]), strict=True):
        if layer.activation == "tanh":
            bar = bar * (1.0 - y * y)
        w_entry, b_entry = layer.entries
        result[:, w_entry.offset : w_entry.stop] = (x[:, :, None] * bar[:, None, :]).reshape(len(x), -1)
        result[:, b_entry.offset : b_entry.stop] = bar
        bar = bar @ parts(layer, params)[0].T
    return result


def fit(found: Layout, x: Array, y: Array) -> Array:
    """
    Minimizes ``|r|^2`` for ``r = y - network(x)`` by steps ``d = J^T (J J^T + damping I)^-1 r``.

    There are fewer points than parameters, so this form of the step solves the smaller system.
    """
    params = init_params(found, "glorot", seed=0, dtype="float64").astype(np.float64)
    damping = 1.0
    rows = forward(found.layers, params, x)
    for _ in range(STEPS):
        residual = (y - rows[-1])[:, 0]
        if np.max(np.abs(residual)) < ENOUGH:
            break
        j = jacobian(found.layers, params, rows)
        step = j.T @ np.linalg.solve(j @ j.T + damping * np.eye(len(x)), residual)
        trial = forward(found.layers, params + step, x)
        if np.sum((y - trial[-1]) ** 2) < residual @ residual:
            params, rows, damping = params + step, trial, damping / 3.0
        else:
            damping *= 4.0
    return params


def main() -> int:
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "regression.h5"
    found = network_layout(DATA / "regression.json")
    if any(layer.norm or layer.activation not in ("tanh", "identity") for layer in found.layers):
        print("this script differentiates tanh and identity layers only", file=sys.stderr)
        return 1
    x = np.linspace(-2.0, 2.0, POINTS)[:, None]
    params = fit(found, x, target(x)).astype(np.float32)
    save_params(output, found, params)
    between = np.linspace(-2.0, 2.0, 10 * POINTS + 1)[:, None]
    y = forward(found.layers, params.astype(np.float64), between)[-1]
    print(f"{output}: {found.count} parameters, largest error {np.max(np.abs(y - target(between))):.1e}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
