"""A function run by each backend: how long it took to compile and to run, and how far it is from the interpreter."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import anamc
from anamc.api import interpret_arrays
from anamc.cli.emit import Emitter
from anamc.cli.inputs import in_float64
from anamc.errors import ToolError
from anamc.program import Program
from anamc.runtime.callable import Function

REPEATS = 5
ENOUGH_SECONDS = 0.5

TOLERANCE = {"float32": 2e-5, "float64": 1e-12}
"""Largest distance from the interpreter of a run that is right, over the largest magnitude of the array."""


@dataclass(frozen=True)
class Job:
    """What is run: a function of a program, for a float type, with its arguments."""

    program: Program
    function: str
    dtype: str
    arrays: Mapping[str, Any]


@dataclass(frozen=True)
class Measured:
    """A run: its backend, seconds to compile and to run, its results."""

    backend: str
    compile_seconds: float | None
    run_seconds: float
    results: Mapping[str, Any]


def interpreted(job: Job) -> Measured:
    """By the NumPy interpreter, in float64."""
    start = time.perf_counter()
    results = interpret_arrays(job.program, job.function, "float64", in_float64(job.arrays))
    return Measured("interpreter", None, time.perf_counter() - start, results)


def by_jit(job: Job) -> Measured:
    """By LLVM in this process."""
    start = time.perf_counter()
    function = anamc.jit(job.program, job.function, job.dtype)
    return _timed("LLVM (JIT)", time.perf_counter() - start, function, job)


def by_c(job: Job) -> Measured:
    """By the C compiler of the system. ToolError A0701 where there is none."""
    from anamc.backends.openacc_c import entry_symbols
    from anamc.runtime.system_compiler import compile_shared, find_compiler, load_entry

    compiler = find_compiler()
    start = time.perf_counter()
    emitter = Emitter(job.program, job.dtype, job.function)
    files = emitter.c_files()
    symbol = entry_symbols(emitter.c_module(), emitter.stem)[job.function]
    with tempfile.TemporaryDirectory(prefix="anamc-") as folder:
        library = compile_shared(files, folder=folder)
        signature = job.program.function(job.function)
        function = load_entry(library, signature, job.dtype, symbol=symbol)
        return _timed(f"C ({Path(compiler.command[0]).name})", time.perf_counter() - start, function, job)


RUNNERS: dict[str, Callable[[Job], Measured]] = {"interpreter": interpreted, "jit": by_jit, "c": by_c}


def measured(job: Job, backends: Sequence[str], optional: bool) -> tuple[list[Measured], str]:
    """
    The runs of some backends, and why C is left out ("" where it is not).

    Where C is `optional`, a missing compiler is no error; one that fails is.
    """
    runs: list[Measured] = []
    missing = ""
    for backend in backends:
        try:
            runs.append(RUNNERS[backend](job))
        except ToolError as error:
            if not optional or error.code != "A0701":
                raise
            missing = error.what
    return runs, missing


def _timed(backend: str, compile_seconds: float, function: Function, job: Job) -> Measured:
    call = function.bind(**job.arrays)
    call()
    times: list[float] = []
    while len(times) < REPEATS and sum(times) < ENOUGH_SECONDS:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return Measured(backend, compile_seconds, min(times), {k: v.copy() for k, v in call.results.items()})


def distance(results: Mapping[str, Any], reference: Mapping[str, Any]) -> float:
    """
    Largest difference from a reference over the largest magnitude of each array.

    NaN and infinities count as equal where the reference has the same, else as infinitely far.
    """
    return max((_distance(np.asarray(results[k], "float64"), np.asarray(v)) for k, v in reference.items()), default=0.0)


def _distance(found: Any, wanted: Any) -> float:
    finite = np.isfinite(wanted)
    if not np.array_equal(found[~finite], wanted[~finite], equal_nan=True) or not np.isfinite(found[finite]).all():
        return float("inf")
    if not finite.any():
        return 0.0
    largest = float(np.max(np.abs(wanted[finite])))
    difference = float(np.max(np.abs(found[finite] - wanted[finite])))
    return difference / largest if largest else difference
