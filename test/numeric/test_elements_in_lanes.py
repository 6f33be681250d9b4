"""Kernels of rows of any rank, and of run-time widths, on vectors: as plain loops in NumPy, whatever the sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

import anamc
from anamc.dialects import kernel
from anamc.pipelines import STAGES, run
from anamc.runtime.callable import Function
from anamc.runtime.compiler import flat_module, plan_sources
from anamc.runtime.jit import compile_module
from anamc.schedule.machines import MACHINES

Values = NDArray[Any]
TOLERANCE = {"float32": 4e-6, "float64": 1e-14}
"""Of the largest magnitude: sums of up to some hundred products, in another order and with one rounding less."""
CONVOLUTION = """
    input images[batch, height, width, {c}]
    input filters[{f}, {u}, {v}, {c}]
    y[b, i, j, f] ++= images[b, {s} * i + u, {s} * j + v, c] * filters[f, u, v, c] | (b, i, j, f, u, v, c)
    output y
"""
PLANES = """
    input images[batch, {c}, height, width]
    input filters[{f}, {c}, {u}, {v}]
    y[b, f, i, j] ++= images[b, c, {s} * i + u, {s} * j + v] * filters[f, c, u, v] | (b, f, i, j, c, u, v)
    output y
"""
SHAPES = (
    # batch, height, width, channels, filters, window, stride
    (2, 9, 20, 1, 8, (5, 5), 1),
    (3, 8, 21, 3, 7, (3, 2), 1),
    (1, 19, 38, 2, 17, (3, 3), 1),
    (2, 13, 11, 4, 16, (3, 3), 2),
    (1, 4, 23, 5, 1, (1, 4), 3),
    (0, 5, 5, 1, 3, (2, 2), 1),
    (2, 2, 40, 1, 33, (2, 7), 1),
)
EDGES = (1, 2, 3, 5, 7, 8, 11, 15, 16, 17, 23, 24, 25, 31, 33, 50)
"""Sizes around the edges of vectors and tiles."""


def on(program: anamc.Program, dtype: str, machine: str | None) -> Function:
    """The program on vectors of a machine, whatever this one is."""
    function = program.function()
    flat = flat_module(program, function.name, dtype, machine)
    return Function(function, compile_module(flat, opt=1), dtype, plans=tuple(plan_sources(flat)))


def schedules(program: anamc.Program, dtype: str = "float32") -> list[str]:
    """What lanes hold in each kernel; '' for scalars."""
    names = [*STAGES["tensors"], *STAGES["kernels"], *STAGES["vectors"]]
    module = run(program.ir.clone(), names[: names.index("schedule-kernels") + 1], dtype=dtype)
    found = [op.schedule for op in module.walk() if isinstance(op, kernel.RowsOp)]
    return ["" if s is None else s.lanes.data for s in found]


def near(found: Mapping[str, Any] | Values, wanted: Values, dtype: str) -> None:
    (value,) = found.values() if isinstance(found, Mapping) else (found,)
    assert value.shape == wanted.shape
    assert_allclose(value, wanted, rtol=0, atol=TOLERANCE[dtype] * np.abs(wanted).max(initial=0.0))


def convolved(images: Values, filters: Values, stride: int) -> Values:
    """Channels last, in double precision."""
    _, h, w, _ = images.shape
    f, u, v, _ = filters.shape
    rows, columns = (h - u) // stride + 1, (w - v) // stride + 1
    y = np.zeros((len(images), rows, columns, f))
    for a in range(u):
        for b in range(v):
            part = images[:, a : a + stride * rows : stride, b : b + stride * columns : stride].astype("float64")
            y += part[:, :rows, :columns] @ filters[:, a, b].T.astype("float64")
    return y


@pytest.mark.parametrize("k", range(len(SHAPES)))
@pytest.mark.parametrize("dtype", list(TOLERANCE))
def test_convolutions(k: int, dtype: str) -> None:
    """Packed filters in lanes where channels are last, columns in lanes where they are first; strides gather."""
    batch, h, w, c, f, (u, v), stride = SHAPES[k]
    machine = list(MACHINES)[k % len(MACHINES)]
    rng = np.random.default_rng(k)
    images = rng.normal(size=(batch, h, w, c)).astype(dtype)
    filters = rng.normal(size=(f, u, v, c)).astype(dtype)
    wanted = convolved(images, filters, stride)
    sizes = {"c": c, "f": f, "u": u, "v": v, "s": stride}
    last = on(anamc.parse(CONVOLUTION.format(**sizes), format="ix"), dtype, machine)
    near(last(images=images, filters=filters), wanted, dtype)
    first = on(anamc.parse(PLANES.format(**sizes), format="ix"), dtype, machine)
    planes, turned = images.transpose(0, 3, 1, 2).copy(), filters.transpose(0, 3, 1, 2).copy()
    near(first(images=planes, filters=turned), wanted.transpose(0, 3, 1, 2), dtype)


@pytest.mark.parametrize("k", range(0, len(SHAPES), 2))
def test_gradients_of_convolutions(k: int) -> None:
    batch, h, w, c, f, (u, v), stride = SHAPES[k]
    rng = np.random.default_rng(k)
    sizes = {"c": c, "f": f, "u": u, "v": v, "s": stride}
    program = anamc.vjp(anamc.parse(CONVOLUTION.format(**sizes), format="ix"), wrt=["images", "filters"])
    given = {"images": rng.normal(size=(batch, h, w, c)), "filters": rng.normal(size=(f, u, v, c))}
    names = [a.name for a in program.function().arguments]
    shape = (batch, (h - u) // stride + 1, (w - v) // stride + 1, f)
    (cotangent,) = set(names) - given.keys()
    given[cotangent] = rng.normal(size=shape)
    scalars, vectors = (on(program, "float64", m)(**given) for m in (None, list(MACHINES)[k % len(MACHINES)]))
    for name, wanted in scalars.items():
        assert_allclose(vectors[name], wanted, rtol=0, atol=2e-14 * max(1.0, np.abs(wanted).max(initial=0.0)))


PRODUCTS = {
    "ij,jk": "input a[m, q] input b[q, n] c[i, j] ++= a[i, k] * b[k, j] | (i, j, k) output c",
    "ij,kj": "input a[m, q] input b[n, q] c[i, j] ++= a[i, k] * b[j, k] | (i, j, k) output c",
    "ji,jk": "input a[q, m] input b[q, n] c[i, j] ++= a[k, i] * b[k, j] | (i, j, k) output c",
    "layer": "input a[m, q] input b[q, n] input d[n] z[i, j] ++= d[j] | (i in 0..<m, j) "
    "z[i, j] ++= a[i, k] * b[k, j] | (i, j, k) c{i} ++= tanh(z{i}) | i output c",
}
TURNED = {"ij,jk": "", "ij,kj": "b", "ji,jk": "a", "layer": ""}


@pytest.mark.parametrize("name", list(PRODUCTS))
@pytest.mark.parametrize("machine", ["avx512", "neon"])
def test_products_of_run_time_sizes(name: str, machine: str) -> None:
    rng = np.random.default_rng(1)
    program = anamc.parse(PRODUCTS[name], format="ix")
    run = {dtype: on(program, dtype, machine) for dtype in TOLERANCE}
    for n, q in zip(EDGES, EDGES[::-1], strict=True):
        for m in (1, n, 27):
            a, b, d = rng.normal(size=(m, q)), rng.normal(size=(q, n)), rng.normal(size=n)
            for dtype, function in run.items():
                arrays = {k: v.T.copy() if k in TURNED[name] else v for k, v in (("a", a), ("b", b), ("d", d))}
                given = {x.name: arrays[x.name].astype(dtype) for x in function.signature.arguments}
                wanted = np.tanh(a @ b + d) if name == "layer" else a @ b
                near(function(**given), wanted, dtype)


@pytest.mark.parametrize(("m", "q", "n"), [(24, 37, 53), (41, 5, 16), (33, 70, 3), (23, 7, 9)])
def test_products_of_two_turned_factors(m: int, q: int, n: int) -> None:
    """One is laid out anew where there are rows enough; a layer and a part of a matrix among them."""
    rng = np.random.default_rng(m)
    a, b, d = rng.normal(size=(q, m)), rng.normal(size=(n, q)), rng.normal(size=n)
    inputs = f"input a[{q}, {m}] input b[{n}, {q}] input d[{n}]"
    layer = "z[i, j] ++= d[j] | (i, j) z[i, j] ++= a[k, i] * b[j, k] | (i, j, k) c{i} ++= tanh(z{i}) | i output c"
    part = f"c[i, j] ++= a[k, i] * b[j, k] * d[j] | (i, j in 0..<{n - 1}, k in 0..<{q - 2}) output c"
    layer = layer.replace("(i, j) z", f"(i in 0..<{m}, j) z")
    texts = {layer: np.tanh(a.T @ b.T + d), part: (a.T[:, :-2] @ b.T[:-2] * d)[:, :-1]}
    for (text, wanted), dtype, machine in zip(texts.items(), TOLERANCE, ("avx512", "neon"), strict=True):
        given = {k: v.astype(dtype) for k, v in (("a", a), ("b", b), ("d", d))}
        near(on(anamc.parse(f"{inputs} {text}", format="ix"), dtype, machine)(**given), wanted, dtype)


def test_borders_that_wrap_and_images_made_larger() -> None:
    rng = np.random.default_rng(2)
    x, w = rng.normal(size=(2, 7, 19, 3)), rng.normal(size=(3, 3, 5, 3))
    text = """
        input x[b, h, w, 3] input k[3, 3, 5, 3]
        y[n, i, j, f] ++= x[n, wrap(i + u - 1, h), wrap(j + v - 1, w), c] * k[u, v, f, c]
            | (n, i in 0..<h, j in 0..<w, f, u, v, c)
        output y
    """
    wanted = sum(np.roll(x, (1 - u, 1 - v), (1, 2)) @ w[u, v].T for u in range(3) for v in range(3))
    near(on(anamc.parse(text, format="ix"), "float64", "avx2")(x=x, k=w), np.asarray(wanted), "float64")
    text = """
        input x[b, h, w, 3]
        y[n, i, j, c] ++= x[n, i div 2, j div 3, c] | (n, i, j, c)
        y.shape = [b, 2 * h, 3 * w, 3]
        output y
    """
    wanted = x.repeat(2, 1).repeat(3, 2)
    near(on(anamc.parse(text, format="ix"), "float64", "avx512")(x=x), wanted, "float64")


def test_pooling() -> None:
    x = np.random.default_rng(3).normal(size=(2, 11, 8, 13)).astype("float32")
    parts = [f"x[b, 2 * i + {u}, 2 * j + {v}, c]" for u in (0, 1) for v in (0, 1)]
    term = "max(max({}, {}), max({}, {}))".format(*parts)
    text = f"input x[n, h, w, 13] y[b, i, j, c] ++= {term} | (b, i, j, c) output y"
    wanted = x[:, :10].reshape(2, 5, 2, 4, 2, 13).max((2, 4))
    assert_array_equal(next(iter(on(anamc.parse(text, format="ix"), "float32", "avx512")(x=x).values())), wanted)


def test_what_runs_with_elements_in_lanes() -> None:
    sizes = {"c": 3, "f": 8, "u": 5, "v": 5, "s": 1}
    for text in (CONVOLUTION.format(**sizes), PLANES.format(**sizes), *list(PRODUCTS.values())[:3]):
        assert schedules(anamc.parse(text, format="ix")) == ["elements"]


def test_bits_at_any_number_of_threads() -> None:
    rng = np.random.default_rng(4)
    sizes = {"c": 2, "f": 5, "u": 3, "v": 3, "s": 1}
    program = anamc.parse(CONVOLUTION.format(**sizes), format="ix")
    gradient = anamc.vjp(program, wrt=["images", "filters"])
    given = {
        "images": rng.normal(size=(70, 9, 12, 2)).astype("float32"),
        "filters": rng.normal(size=(5, 3, 3, 2)).astype("float32"),
    }
    names = [a.name for a in gradient.function().arguments]
    (cotangent,) = set(names) - given.keys()
    given[cotangent] = rng.normal(size=(70, 7, 10, 5)).astype("float32")
    once, *others = (anamc.jit(gradient, threads=threads)(**given) for threads in (1, 2, 3))
    for other in others:
        for name, value in once.items():
            assert_array_equal(other[name], value)
    product = anamc.parse(PRODUCTS["ij,jk"], format="ix")
    a, b = rng.normal(size=(211, 37)).astype("float32"), rng.normal(size=(37, 45)).astype("float32")
    once, *others = (next(iter(anamc.jit(product, threads=t)(a=a, b=b).values())) for t in (1, 2, 3))
    for other in others:
        assert_array_equal(other, once)


@pytest.mark.parametrize("machine", ["avx512", "avx2"])
def test_sums_over_run_time_widths(machine: str) -> None:
    """One number a row, and one of all rows, by lanes that sum a part each."""
    text = """
        input x[n, m] input t[n, m]
        rows[i]  ++= sq(x[i, j] - t[i, j]) | (i, j)
        all[0]   ++= x[i, j] * t[i, j]     | (i, j)
        ones[i]  ++= cos(0.0 * x[i, j])    | (i, j)
        output rows, all, ones
    """
    program = anamc.parse(text, format="ix")
    assert set(schedules(program)) >= {"elements"}
    rng = np.random.default_rng(5)
    functions = {dtype: on(program, dtype, machine) for dtype in TOLERANCE}
    for m in (0, *EDGES, 131):
        x, t = rng.normal(size=(2, 6, m))
        for dtype, function in functions.items():
            found = function(x=x.astype(dtype), t=t.astype(dtype))
            near(found["rows"], ((x - t) ** 2).sum(1), dtype)
            assert_array_equal(found["ones"], np.full(6, m))  # lanes behind the end are not 0
            assert abs(found["all"][0] - (x * t).sum()) <= TOLERANCE[dtype] * np.abs(x * t).sum()
