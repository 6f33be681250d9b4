"""
Measures elementary functions over all 2^32 float32 inputs, against the C library in double.

    python tools/measure_elementary.py                        all functions, both modes (about an hour and a half)
    python tools/measure_elementary.py exp tanh --mode fast
    python tools/measure_elementary.py exp --stride 997       every 997th input

The functions are those of our own emitted C, compiled by the system's compiler for this machine. Prints one row of
docs/numerics.md for each: the largest error in units in the last place (of the exact value, subnormals counted in
units of the least subnormal), where it is, the largest relative error of normal results, and how many results are
wrong where the exact one is an infinity, NaN or a zero, sign included.
"""

from __future__ import annotations

import argparse
import ctypes
import shutil
from collections.abc import Sequence
from typing import NamedTuple

from xdsl.context import Context
from xdsl.parser import Parser

from anamc.backends.openacc_c import emit_c
from anamc.pipelines import STAGES, context_of_all, passes
from anamc.runtime.system_compiler import compile_shared

FUNCTIONS = ("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "tanh", "erf", "sin", "cos")
FLAGS = ("-O3", "-march=native", "-ffp-contract=off")

KERNEL = """
builtin.module {{
  func.func @apply(%m: i64 {{anamc.name = "n"}}, %x: memref<?xf32> {{anamc.access = "read"}},
                   %y: memref<?xf32> {{anamc.access = "write"}}) {{
    %n = arith.index_cast %m : i64 to index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    scf.for %i = %c0 to %n step %c1 {{
      %a = memref.load %x[%i] : memref<?xf32>
      %b = math.{function} %a : f32
      memref.store %b, %y[%i] : memref<?xf32>
    }}
    func.return
  }}
}}
"""

DRIVER = """
#include "apply.h"
#include <math.h>
#include <string.h>

enum {{ CHUNK = 4096 }};

typedef struct {{
  double ulps, relative;
  float worst;
  int64_t wrong;
}} result;

static double unit(double exact)
{{
  uint64_t bits;
  memcpy(&bits, &exact, sizeof bits);
  bits &= UINT64_C(0x7ff0000000000000);
  double power;
  memcpy(&power, &bits, sizeof power);
  return power < 0x1p-126 ? 0x1p-149 : power * 0x1p-23;
}}

static void compare(result *r, float x, float y, double exact)
{{
  const float nearest = (float)exact;
  if (isnan(nearest) || isinf(nearest) || exact == 0.0) {{
    const int same = isnan(nearest) ? isnan(y) : y == nearest && signbit(y) == signbit(nearest);
    const int edge = isinf(nearest) && !isinf(exact) && !isnan(y) && fabs(y - exact) <= 4 * unit(exact);
    r->wrong += !same && !edge;
    return;
  }}
  const double error = fabs(y - exact);
  const double ulps = isfinite(y) || fabs(exact) < 0x1.fffffap127 ? error / unit(exact) : 1.0;
  if (!(ulps <= r->ulps)) {{
    r->ulps = ulps;
    r->worst = x;
  }}
  if (fabs(exact) >= 0x1p-126 && isfinite(y) && error > r->relative * fabs(exact)) {{
    r->relative = error / fabs(exact);
  }}
}}

void measure(int64_t stride, result *r)
{{
  float x[CHUNK], y[CHUNK];
  for (int64_t first = 0; first < INT64_C(4294967296);) {{
    int count = 0;
    for (; count < CHUNK && first < INT64_C(4294967296); first += stride) {{
      const uint32_t bits = (uint32_t)first;
      memcpy(&x[count++], &bits, sizeof bits);
    }}
    apply(count, x, y);
    for (int i = 0; i < count; ++i) {{
      compare(r, x[i], y[i], {function}((double)x[i]));
    }}
  }}
}}
"""


class Result(ctypes.Structure):
    """What the driver finds."""

    _fields_ = (
        ("ulps", ctypes.c_double), ("relative", ctypes.c_double), ("worst", ctypes.c_float), ("wrong", ctypes.c_int64),
    )  # fmt: skip


class Row(NamedTuple):
    """Of one function in one mode."""

    ulps: float
    worst: float
    relative: float
    wrong: int


def measure(function: str, mode: str, stride: int) -> Row:
    """Compile and run. ToolError where there is no C compiler."""
    module = Parser(context_of_all(), KERNEL.format(function=function)).parse_module()
    for step in passes(STAGES["c"], {"expand-math": {"mode": (mode,)}}):
        step.apply(Context(), module)
    files = emit_c(module, "apply") | {"src/driver.c": DRIVER.format(function=function)}
    library = compile_shared(files, flags=FLAGS)
    try:
        run = ctypes.CDLL(str(library)).measure
        result = Result()
        run(ctypes.c_int64(stride), ctypes.byref(result))
    finally:
        shutil.rmtree(library.parent, ignore_errors=True)
    return Row(result.ulps, result.worst, result.relative, result.wrong)


def main(words: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="errors of elementary functions over float32")
    parser.add_argument("functions", nargs="*", metavar="FUNCTION", default=FUNCTIONS, help=", ".join(FUNCTIONS))
    parser.add_argument("--mode", action="append", choices=("default", "fast", "precise"))
    parser.add_argument("--stride", type=int, default=1)
    options = parser.parse_args(words)
    print("| function | mode | largest error (ULP) | at | largest relative error | wrong special values |")
    print("|---|---|---|---|---|---|")
    for function in options.functions:
        for mode in options.mode or ("default", "fast"):
            row = measure(function, mode, options.stride)
            print(
                f"| {function} | {mode} | {row.ulps:.3f} | {row.worst:.9g} | {row.relative:.2g} | {row.wrong} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
