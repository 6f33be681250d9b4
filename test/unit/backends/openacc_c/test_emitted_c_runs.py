"""The emitted C, compiled by the system's compilers, gives what NumPy gives."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp

from anamc.backends.openacc_c import emit_c
from anamc.program import Array, Signature
from anamc.runtime.system_compiler import compile_shared, load_entry, load_plain

Flat = Callable[..., ModuleOp]
Floats = NDArray[Any]
BUILDS = [
    ("gcc", ()),
    ("gcc", ("-fopenacc",)),
    ("gcc", ("-fopenmp",)),
    ("gcc", ("-DANAMC_INDEX=int",)),
    ("clang-14", ()),
    ("clang-19", ("-O3",)),
]
TOLERANCE = {"float32": 1e-6, "float64": 1e-14}
"""A few roundings of one elementary function, relative to the larger of 1 and the result."""


@pytest.fixture(params=[pytest.param(b, id=" ".join((b[0], *b[1])), marks=pytest.mark.compiler(b[0])) for b in BUILDS])
def build(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    compiler, flags = request.param
    return lambda files: compile_shared(files, compiler=compiler, flags=flags, folder=tmp_path)


def erf(x: Floats) -> Floats:
    return np.array([math.erf(v) for v in x])


def unary(a: Floats, pos: Floats) -> list[Floats]:
    functions = [np.exp, np.expm1, np.tanh, erf, np.sin, np.cos, np.floor, np.ceil, np.abs]
    of_positive = [np.log, np.log1p, np.log2, np.log10, np.sqrt, lambda x: 1 / np.sqrt(x)]
    return [f(a) for f in functions] + [f(pos) for f in of_positive]


def binary(a: Floats, b: Floats, pos: Floats) -> list[Floats]:
    arithmetic = [pos**b, a * b + pos, a + b, a - b, a * b, a / b]
    return [*arithmetic, np.maximum(a, b), np.minimum(a, b), np.fmax(a, b), np.fmin(a, b), -a]


def comparisons(a: Floats, b: Floats, pos: Floats) -> list[Floats]:
    """false oeq ogt oge olt ole one ord ueq ugt uge ult ule une uno true, each choosing between `a` and `pos`."""
    nan = np.isnan(a) | np.isnan(b)
    ordered = [a == b, a > b, a >= b, a < b, a <= b, (a != b) & ~nan, ~nan]
    either = [(a == b) | nan, (a > b) | nan, (a >= b) | nan, (a < b) | nan, (a <= b) | nan, a != b, nan]
    return [np.where(c, a, pos) for c in [nan & False, *ordered, *either, nan | True]]


def structured(a: Floats, b: Floats, pos: Floats, i: Floats) -> list[Floats]:
    u, v = a, b
    for _ in range(5):
        u, v = v, u + v
    width = np.where(a < b, b - a, a + 0.1 - b)
    nested = sum((5 - s) * a * b + 0.1 for s in range(0, 5, 2))
    both = a + np.where(a < b, b, a)
    return [i.astype(float), 3 * b - a, b * (pos / (a / pos) * b), u - v, width, np.asarray(nested), a - b, both]


def whole_numbers(a: Floats, b: Floats, i: Floats, j: Floats) -> list[Floats]:
    quotient = np.trunc(i / j)
    signed = [i == j, i != j, i < j, i <= j, i > j, i >= j]
    p, q = i.astype(np.uint32), j.astype(np.uint32)
    compared = [np.where(c, i, j) for c in [*signed, p < q, p <= q, p > q, p >= q]]
    division = [quotient, i - j * quotient, np.floor(i / j), np.ceil(i / j)]
    bits = [np.minimum(i, j), np.maximum(i, j), i & j, i | j, i ^ j]
    t4 = i < j
    t8 = np.where(~(t4 ^ (a < b)) & t4, i, j)
    mixed = [np.trunc(a), i, np.floor(i / j), t8, np.where(i < j, -1, 0), np.where(i & 1 != 0, i, j)]
    return [i + j, i - j, i * j, *division, *bits, *compared, *mixed]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_operation_gives_what_numpy_gives(dtype: str, flat: Flat, build: Callable[..., Path]) -> None:
    module = flat("operations.mlir", float_type={"float32": "f32", "float64": "f64"}[dtype], openmp=True)
    rng = np.random.default_rng(1)
    n = 40
    x = rng.uniform(-2, 2, n).astype(dtype)
    y = rng.uniform(0.5, 2, n).astype(dtype) * rng.choice([-1, 1], n).astype(dtype)
    k = (rng.integers(1, 9, (n, 2)) * rng.choice([-1, 1], (n, 2))).astype(np.int32)
    a, b = x.astype(float), y.astype(float)
    pos = abs(a) + 0.1
    i, j = k[:, 0].astype(np.int64), k[:, 1].astype(np.int64)
    floats = [*unary(a, pos), *binary(a, b, pos), *comparisons(a, b, pos), *structured(a, b, pos, i)]
    ints = whole_numbers(a, b, i, j)
    f = load_entry(build(emit_c(module, "ops")), ops_signature(len(floats), len(ints)), dtype)
    found = f(x=x, y=y, k=k)

    scale = np.maximum(1, np.abs(np.stack(floats, axis=1)))
    error = np.max(np.abs(found["floats"] - np.stack(floats, axis=1)) / scale, axis=0)
    assert error.max() < 30 * TOLERANCE[dtype], f"column {int(error.argmax())} is off by {error.max()}"
    np.testing.assert_array_equal(found["ints"], np.stack(ints, axis=1))


def ops_signature(floats: int, ints: int) -> Signature:
    arguments = (
        Array("x", "float32", ("n",)),
        Array("y", "float32", ("n",)),
        Array("k", "int32", ("n", 2)),
    )
    results = (Array("floats", "float32", ("n", floats)), Array("ints", "int32", ("n", ints)))
    return Signature("ops", ("n",), arguments, results)


def test_nan_passes_through_maximum_and_comparisons(flat: Flat, build: Callable[..., Path]) -> None:
    x = np.array([np.nan, 1.0, np.nan], np.float32)
    y = np.array([1.0, np.nan, np.nan], np.float32)
    k = np.ones((3, 2), np.int32)
    f = load_entry(build(emit_c(flat("operations.mlir"), "ops")), ops_signature(50, 28), "float32")
    with np.errstate(invalid="ignore"):
        found = f(x=np.where(np.isnan(x), np.float32("nan"), x), y=y, k=k)["floats"]
    pos = abs(x) + np.float32(0.1)
    assert np.isnan(found[:, 21:23]).all()
    np.testing.assert_array_equal(found[:, 23], np.fmax(x, y))
    np.testing.assert_array_equal(found[:, 26:42], np.stack(comparisons(x, y, pos), axis=1))


NETWORK = Signature(
    "run_network",
    ("nnodes", "nedges"),
    (
        Array("edgelist", "int32", ("nedges", 2)),
        Array("params", "float32", (13,)),
        Array("EdgeFeature1", "float32", ("nedges", 1), used=False),
        Array("u", "float32", ("nnodes", 1)),
    ),
    (Array("xout3", "float32", ("nnodes", 1)),),
)


def network(params: Floats, edges: Floats, u: Floats) -> Floats:
    """1 -> 4 tanh -> 1 on the nodes, then minus to the left and plus to the right node of each edge."""
    h = np.tanh(u * params[:4] + params[4:8]) @ params[8:12] + params[12]
    out = np.zeros(len(u))
    np.add.at(out, edges[:, 0], -h[edges[:, 0]])
    np.add.at(out, edges[:, 1], h[edges[:, 0]])
    return out[:, None]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("nodes", "edges"), [(5, 9), (1, 3), (4, 0), (0, 0)])
def test_network_with_scatter(dtype: str, nodes: int, edges: int, flat: Flat, build: Callable[..., Path]) -> None:
    """Also no nodes, no edges, duplicate edges and self-loops."""
    module = flat("network.mlir", float_type={"float32": "f32", "float64": "f64"}[dtype], openmp=True)
    path = build(emit_c(module, "net"))
    rng = np.random.default_rng(2)
    arrays = {
        "params": rng.normal(size=13).astype(dtype),
        "edgelist": rng.integers(0, max(nodes, 1), (edges, 2)).astype(np.int32),
        "u": rng.normal(size=(nodes, 1)).astype(dtype),
    }
    expected = network(arrays["params"].astype(float), arrays["edgelist"], arrays["u"].astype(float))
    for load in (load_entry, load_plain):
        found = load(path, NETWORK, dtype)(**arrays)["xout3"]
        np.testing.assert_allclose(found, expected, rtol=0, atol=30 * TOLERANCE[dtype])


@pytest.mark.compiler("gcc")
def test_openmp_gives_the_same_bits_as_one_thread(flat: Flat, tmp_path: Path) -> None:
    """Rows that meet at a node keep their order: nothing is added atomically in any order."""
    rng = np.random.default_rng(3)
    arrays = {
        "params": rng.normal(size=13).astype(np.float32),
        "edgelist": rng.integers(0, 50, (4000, 2)).astype(np.int32),
        "u": rng.normal(size=(50, 1)).astype(np.float32),
    }
    files = emit_c(flat("network.mlir", openmp=True), "net")
    builds = [compile_shared(files, compiler="gcc", flags=flags, folder=tmp_path) for flags in [(), ("-fopenmp",)]]
    one, many = (load_entry(path, NETWORK, "float32") for path in builds)
    for _ in range(5):
        np.testing.assert_array_equal(many(**arrays)["xout3"], one(**arrays)["xout3"])


def test_plain_function_fills_results_with_nan_where_a_size_is_negative(flat: Flat, build: Callable[..., Path]) -> None:
    path = build(emit_c(flat("network.mlir"), "net"))
    library = ctypes.CDLL(str(path))
    out = np.zeros(4, np.float32)
    library.run_network(4, -1, None, None, None, None, ctypes.c_void_p(out.ctypes.data))
    assert np.isnan(out).all()
    assert library.run_network_eval(4, -1, None, None, None, None, None, None) == 1
    assert library.net_abi_version() == 1
