"""
How fast are elementary functions on vectors?

    python benchmarks/bench_elementary.py [--rounds 9] [--dtype float32] [FUNCTION ...]

Billions of elements a second, one thread: a loop over an array in L1 and L2 (8,192 elements in, as many out), as
vector IR through the JIT in every mode (`precise` is the C library, lane by lane), and NumPy on the same array.
Interleaved rounds; median, and the largest of them, which is nearest to an idle machine.
"""

from __future__ import annotations

import argparse
import ctypes
import math
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from bench_compile import machine
from numpy.typing import NDArray
from xdsl.parser import Parser

from anamc.backends.llvm_ir.machine import host
from anamc.pipelines import MATH_MODES, context_of_all
from anamc.runtime.jit import Library, compile_module

ELEMENTS = 8192
REPEATS = 200
"""Passes over the array in one call, so that the call itself does not count."""
FUNCTIONS = ("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "tanh", "erf", "sin", "cos")
TYPES = {"float32": "f32", "float64": "f64"}

LOOP = """
builtin.module {{
  func.func @apply(%x: memref<?x{t}>, %y: memref<?x{t}>) {{
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %n = arith.constant {elements} : index
    %repeats = arith.constant {repeats} : index
    %step = arith.constant {step} : index
    %far = arith.constant {lanes} : index
    scf.for %k = %c0 to %repeats step %c1 {{
      scf.for %i = %c0 to %n step %step {{
        %j = arith.addi %i, %far : index
        %a = vector.load %x[%i] : memref<?x{t}>, vector<{lanes}x{t}>
        %b = vector.load %x[%j] : memref<?x{t}>, vector<{lanes}x{t}>
        %p = math.{function} %a : vector<{lanes}x{t}>
        %q = math.{function} %b : vector<{lanes}x{t}>
        vector.store %p, %y[%i] : memref<?x{t}>, vector<{lanes}x{t}>
        vector.store %q, %y[%j] : memref<?x{t}>, vector<{lanes}x{t}>
      }}
    }}
    func.return
  }}
}}
"""
"""Two vectors a round, as kernels have many at a time."""


def vector_loop(function: str, dtype: str, mode: str) -> tuple[Library, Callable[[int, int], None]]:
    """The compiled loop, and what holds its code."""
    bits = max(host().vector_width, 256)
    lanes = bits // (8 * np.dtype(dtype).itemsize)
    repeats = REPEATS if mode != "precise" else REPEATS // 20
    text = LOOP.format(
        t=TYPES[dtype], elements=ELEMENTS, repeats=repeats, lanes=lanes, step=2 * lanes, function=function
    )
    library = compile_module(Parser(context_of_all(), text).parse_module(), math=mode)
    return library, ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(library.address("apply"))


def speeds(function: str, dtype: str, rounds: int) -> dict[str, list[float]]:
    """Elements a nanosecond of each contender, round by round."""
    x: NDArray[Any] = np.random.default_rng(0).uniform(0.01, 4.0, ELEMENTS).astype(dtype)
    y = np.empty_like(x)
    contenders: dict[str, tuple[Callable[[], Any], int]] = {}
    held: list[Library] = []
    for mode in MATH_MODES:
        library, loop = vector_loop(function, dtype, mode)
        held.append(library)
        run = lambda loop=loop: loop(x.ctypes.data, y.ctypes.data)  # noqa: E731
        contenders[mode] = (run, REPEATS if mode != "precise" else REPEATS // 20)
    if (ufunc := getattr(np, function, None)) is not None:
        contenders["NumPy"] = (lambda: ufunc(x, out=y), 1)
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for k in range(rounds + 1):
        for name, (run, passes) in contenders.items():
            start = time.perf_counter_ns()
            run()
            spent = time.perf_counter_ns() - start
            if k:
                taken[name].append(passes * ELEMENTS / spent)
    return taken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("functions", nargs="*", metavar="FUNCTION", default=FUNCTIONS, help=", ".join(FUNCTIONS))
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--dtype", choices=TYPES, action="append")
    options = parser.parse_args()
    names = (*MATH_MODES, "NumPy")
    print("\n".join(f"{key + ':':9} {value}" for key, value in machine().items()))
    print(f"\n{'10^9 elements/s, median (largest)':34}" + "".join(f"{name:>16}" for name in names))
    for dtype in options.dtype or TYPES:
        for function in options.functions:
            taken = speeds(function, dtype, options.rounds)
            cells = (taken.get(name, [math.nan]) for name in names)
            texts = (f"{statistics.median(c):.2f} ({max(c):.2f})" for c in cells)
            print(f"{f'{function} {dtype}':34}" + "".join(f"{t:>16}" for t in texts), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
