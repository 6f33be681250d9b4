"""
Elementary functions at sampled arguments, against the C library in a wider type, and at every special value.

All 2^32 arguments of float32 are measured by tools/measure_elementary.py; docs/numerics.md has its table.
"""

from __future__ import annotations

import ctypes
import math
import shutil
from collections.abc import Callable, Generator
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser

from anamc.backends.openacc_c import emit_c
from anamc.pipelines import STAGES, context_of_all, passes
from anamc.runtime.jit import compile_module
from anamc.runtime.system_compiler import available_compilers, compile_shared

Values = NDArray[Any]
Apply = Callable[[Values], Values]
TYPES = {"f32": np.float32, "f64": np.float64}
LANES = {"f32": 16, "f64": 8}
FUNCTIONS = ("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "tanh", "erf", "sin", "cos")
INFINITY = math.inf
WIDER: dict[str, Callable[[Values], Values]] = {
    "exp": np.exp, "exp2": np.exp2, "expm1": np.expm1, "log": np.log, "log2": np.log2, "log10": np.log10,
    "log1p": np.log1p, "tanh": np.tanh, "sin": np.sin, "cos": np.cos,
    "erf": lambda x: np.array([math.erf(float(v)) for v in x], np.longdouble),
}  # fmt: skip

ALLOWED = 4.0
"""Units in the last place of `default`: what docs/numerics.md promises."""
ALLOWED_ERF_F64 = 5.0
"""The reference is `math.erf` in double here, which is itself up to one unit off."""
ALLOWED_FAST = 1e-5
"""Relative error of `fast` in f32: what docs/numerics.md promises."""

TEXT = """
builtin.module {{
  func.func @apply(%m: i64 {{anamc.name = "n"}}, %x: memref<?x{t}> {{anamc.access = "read"}},
                   %y: memref<?x{t}> {{anamc.access = "write"}}) {{
    %n = arith.index_cast %m : i64 to index
    %c0 = arith.constant 0 : index
    %step = arith.constant {lanes} : index
    scf.for %i = %c0 to %n step %step {{
      {body}
    }}
    func.return
  }}
}}
"""
ONE = """%a = memref.load %x[%i] : memref<?x{t}>
      %b = math.{f} %a : {t}
      memref.store %b, %y[%i] : memref<?x{t}>"""
MANY = """%a = vector.load %x[%i] : memref<?x{t}>, vector<{lanes}x{t}>
      %b = math.{f} %a : vector<{lanes}x{t}>
      vector.store %b, %y[%i] : memref<?x{t}>, vector<{lanes}x{t}>"""


def loop(function: str, type: str, vectors: bool) -> ModuleOp:
    """A loop that applies a function to an array, one number or one vector at a time."""
    lanes = LANES[type] if vectors else 1
    body = (MANY if vectors else ONE).format(f=function, t=type, lanes=lanes)
    return Parser(context_of_all(), TEXT.format(t=type, lanes=lanes, body=body)).parse_module()


def called(address: Any) -> Apply:
    """A compiled loop as a function of an array."""

    def apply(x: Values) -> Values:
        y = np.empty_like(x)
        address(ctypes.c_int64(x.size), ctypes.c_void_p(x.ctypes.data), ctypes.c_void_p(y.ctypes.data))
        return y

    return apply


@cache
def jitted(function: str, type: str, mode: str = "default", vectors: bool = True, opt: int = 1) -> Apply:
    library = compile_module(loop(function, type, vectors), opt=opt, math=mode)
    prototype = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p)
    apply = called(prototype(library.address("apply")))
    apply.library = library  # type: ignore[attr-defined]  # held as long as its code is called
    return apply


@cache
def samples(type: str) -> Values:
    """Arguments of every size and sign, many where functions bend, a multiple of all numbers of lanes."""
    rng, kind = np.random.default_rng(0), TYPES[type]
    integers = rng.integers(0, 2 ** (8 * kind().itemsize), 40_000, dtype=np.uint64)
    every = integers.astype(np.uint32).view(kind) if type == "f32" else integers.view(kind)
    near = [rng.uniform(-size, size, 4_000) for size in (1e-3, 0.5, 1.0, 2.0, 6.0, 20.0, 110.0, 800.0, 6000.0)]
    one = 1 + rng.uniform(-1e-3, 1e-3, 4_000)
    tiny = rng.uniform(-1, 1, 1_000) * np.finfo(kind).tiny
    all = np.concatenate([every, *(a.astype(kind) for a in (*near, one, -one, tiny))])
    return all[: all.size // 16 * 16].copy()


def wider(function: str, x: Values) -> Values:
    """The exact values, nearly."""
    with np.errstate(all="ignore"):
        return WIDER[function](x.astype(np.longdouble))


def units(y: Values, exact: Values) -> Values:
    """Errors in units in the last place of the exact value; 0 where the exact value is no finite number of the type."""
    limits = np.finfo(y.dtype)
    size = np.clip(np.abs(exact), limits.tiny, limits.max)
    unit = np.ldexp(np.longdouble(1), np.frexp(size)[1] - 1 - limits.nmant)
    with np.errstate(all="ignore"):
        finite = np.isfinite(exact.astype(y.dtype))
        return np.where(finite, np.abs(y.astype(np.longdouble) - exact) / unit, 0)


def same_bits(x: Values, y: Values) -> bool:
    """All bits equal, but for those of NaN."""
    integer = np.dtype(f"u{x.itemsize}")
    return bool(np.all((x.view(integer) == y.view(integer)) | (np.isnan(x) & np.isnan(y))))


@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_default_is_within_four_units(function: str, type: str) -> None:
    x = samples(type)
    errors = units(jitted(function, type)(x), wider(function, x))
    worst = int(np.argmax(errors))
    allowed = ALLOWED_ERF_F64 if (function, type) == ("erf", "f64") else ALLOWED
    assert errors[worst] <= allowed, f"{function}({x[worst]!r}) is {errors[worst]} units off"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_fast_is_within_a_relative_error(function: str) -> None:
    x = samples("f32")
    y, exact = jitted(function, "f32", "fast")(x), wider(function, x)
    with np.errstate(all="ignore"):
        normal = (np.abs(exact) >= np.finfo(np.float32).tiny) & np.isfinite(exact.astype(np.float32))
        errors = np.where(normal, np.abs(y - exact) / np.abs(exact), 0)
    worst = int(np.argmax(errors))
    assert errors[worst] <= ALLOWED_FAST, f"{function}({x[worst]!r}) is {errors[worst]} off"


@pytest.mark.parametrize("function", ["exp", "tanh", "erf", "log1p"])
def test_fast_is_default_in_f64(function: str) -> None:
    x = samples("f64")
    assert same_bits(jitted(function, "f64", "fast")(x), jitted(function, "f64")(x))


@pytest.mark.parametrize("function", ["exp", "tanh", "sin"])
@pytest.mark.parametrize("vectors", [False, True], ids=["one", "vector"])
def test_precise_is_libm(function: str, vectors: bool) -> None:
    x = samples("f64")[-4096:]
    expected = np.array([getattr(math, function)(v) if abs(v) < 700 else 0.0 for v in x])
    y = jitted(function, "f64", "precise", vectors)(x)
    assert same_bits(np.where(np.abs(x) < 700, y, 0.0), expected)


LARGEST = {"f32": 3.4028234663852886e38, "f64": 1.7976931348623157e308}
LEAST = {"f32": 2.0**-149, "f64": 2.0**-1074}
NAN = math.nan
ODD = ("expm1", "log1p", "tanh", "erf", "sin")
"""Functions that are their argument near 0, up to a factor."""

SPECIAL: dict[str, dict[float, float]] = {
    "exp": {INFINITY: INFINITY, -INFINITY: 0.0, 0.0: 1.0},
    "exp2": {INFINITY: INFINITY, -INFINITY: 0.0, 0.0: 1.0, 3.0: 8.0, -2.0: 0.25, 10.0: 1024.0},
    "expm1": {INFINITY: INFINITY, -INFINITY: -1.0},
    "log": {INFINITY: INFINITY, -INFINITY: NAN, 0.0: -INFINITY, 1.0: 0.0, -1.0: NAN},
    "log2": {INFINITY: INFINITY, -INFINITY: NAN, 0.0: -INFINITY, 1.0: 0.0, -1.0: NAN, 8.0: 3.0, 0.25: -2.0},
    "log10": {INFINITY: INFINITY, -INFINITY: NAN, 0.0: -INFINITY, 1.0: 0.0, -1.0: NAN},
    "log1p": {INFINITY: INFINITY, -INFINITY: NAN, -1.0: -INFINITY, -2.0: NAN},
    "tanh": {INFINITY: 1.0, -INFINITY: -1.0, 30.0: 1.0, -30.0: -1.0},
    "erf": {INFINITY: 1.0, -INFINITY: -1.0, 7.0: 1.0, -7.0: -1.0},
    "sin": {INFINITY: NAN, -INFINITY: NAN},
    "cos": {INFINITY: NAN, -INFINITY: NAN, 0.0: 1.0},
}


def specials(function: str, type: str) -> dict[float, float]:
    """Exact results: of the table, of the largest and the least numbers."""
    found = dict(SPECIAL[function])
    if function in ("exp", "exp2", "expm1"):
        found |= {LARGEST[type]: INFINITY, -LARGEST[type]: -1.0 if function == "expm1" else 0.0}
    if function in ("exp", "exp2", "cos"):
        found |= {LEAST[type]: 1.0, -LEAST[type]: 1.0}
    if function in ("expm1", "log1p", "tanh", "sin"):
        found |= {LEAST[type]: LEAST[type], -LEAST[type]: -LEAST[type]}
    if function in ("log", "log2", "log10"):
        found |= {-LEAST[type]: NAN, -LARGEST[type]: NAN}
    return found


@pytest.mark.parametrize("mode", ["default", "fast"])
@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_special_values(function: str, type: str, mode: str) -> None:
    table = specials(function, type)
    x = np.array([*table, *[NAN] * (-len(table) % 16)], TYPES[type])
    y = jitted(function, type, mode)(x)
    for argument, expected, found in zip(table, table.values(), y, strict=False):
        same = math.isnan(found) if math.isnan(expected) else found == expected
        assert same, f"{function}({argument}) = {found}, not {expected}"
    assert np.all(np.isnan(y[len(table) :]))


@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_signs_of_zero(function: str, type: str) -> None:
    x = np.array([0.0, -0.0] * 8, TYPES[type])
    y = jitted(function, type)(x)
    if function in ODD:
        assert same_bits(y, x)
    else:
        assert same_bits(y[::2], y[1::2])
    if function.startswith("log") and function not in ODD:
        assert not np.any(np.signbit(jitted(function, type)(np.ones(16, TYPES[type]))))


@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("function", ["exp", "exp2", "expm1"])
def test_results_around_overflow_and_underflow(function: str, type: str) -> None:
    limits = np.finfo(TYPES[type])
    per_unit = 1.0 if function == "exp2" else math.log(2.0)
    highest, lowest = limits.maxexp * per_unit, (limits.minexp - limits.nmant - 1) * per_unit
    near = np.concatenate([np.linspace(v - 2, v + 2, 2048) for v in (highest, lowest, limits.minexp * per_unit)])
    x = near.astype(TYPES[type])
    y, exact = jitted(function, type)(x), wider(function, x)
    with np.errstate(all="ignore"):
        rounded = exact.astype(TYPES[type])
    assert np.max(units(y, exact)) <= ALLOWED
    edge = np.abs(x - highest) < 1e-4
    assert np.all((np.isinf(y) == np.isinf(rounded)) | edge)


@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_vectors_have_the_bits_of_single_numbers(function: str, type: str) -> None:
    x = samples(type)
    assert same_bits(jitted(function, type)(x), jitted(function, type, vectors=False, opt=3)(x))


@pytest.fixture(scope="module", params=available_compilers(), ids=str)
def compiled_c(request: pytest.FixtureRequest) -> Generator[Callable[[str, str], Apply]]:
    """Emitted C, by each compiler of this machine, with its fused operations."""
    folders: list[Any] = []

    def make(function: str, type: str) -> Apply:
        module = loop(function, type, vectors=False)
        for step in passes(STAGES["c"]):
            step.apply(Context(), module)
        flags = ("-O2", "-march=native", "-ffp-contract=off", "-Wall", "-Wextra", "-Wpedantic", "-Werror")
        library = compile_shared(emit_c(module, "apply"), compiler=str(request.param), flags=flags)
        folders.append(library.parent)
        return called(ctypes.CDLL(str(library)).apply)

    yield make
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_emitted_c_has_the_bits_of_the_jit(compiled_c: Callable[[str, str], Apply], function: str, type: str) -> None:
    x = samples(type)
    assert same_bits(compiled_c(function, type)(x), jitted(function, type)(x))
