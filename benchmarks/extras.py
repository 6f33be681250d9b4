"""What is measured besides times: the machine's limits, memory, accuracy of long sums, and compiling."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import anamc
from benchmarks.cases import Case
from benchmarks.derived import Figure, Limits
from benchmarks.peers import anamc_jit
from benchmarks.processes import ROOT, Process
from benchmarks.workloads.message_passing import MessagePassing
from benchmarks.workloads.mlp import Mlp

MEMORY = ("anamc", "jax", "torch-eager")
COMPILE = """
import sys, time
from benchmarks.peers.anamc_jit import derived
from benchmarks.workloads.message_passing import MessagePassing
import anamc
start = time.perf_counter()
program = derived(MessagePassing(32), True)
built = time.perf_counter()
anamc.jit(program, program.function().name, dtype="float32", threads=2)
print(built - start, time.perf_counter() - built)
"""


def python(words: Sequence[str], **environment: str) -> str:
    """What a fresh process of this Python prints."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    own = {**os.environ, "PYTHONPATH": path, **environment}
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=own, check=True, capture_output=True, text=True, timeout=600
    ).stdout


def limits(threads: Sequence[int]) -> Limits:
    """Measured by NumPy in processes of their own."""
    found: list[dict[str, Any]] = []
    for count in threads:
        own = {"OMP_NUM_THREADS": str(count), "OPENBLAS_NUM_THREADS": str(count)}
        found.append(json.loads(python(["-m", "benchmarks.limits", str(count)], **own)))
    return Limits({f["threads"]: f["gflops"] for f in found}, {f["threads"]: f["triad"] for f in found})


def about(found: Limits) -> dict[str, str]:
    """Lines for the head of the report."""
    return {
        "product": ", ".join(f"{v:.0f} GFLOP/s on {k}" for k, v in found.gflops.items()),
        "triad": ", ".join(f"{v:.1f} GB/s on {k}" for k, v in found.triad.items()),
    }


def memory(names: Sequence[str], nodes: int, folder: Path) -> Iterator[Figure]:
    """
    The most memory of a call of the message-passing gradient, width 32 (bytes above an idle process).

    Each in a fresh process, whose code was compiled in another one before, if that is possible.
    """
    case = Case("memory", MessagePassing(32, nodes), gradient=True)
    (folder / "case.pickle").write_bytes(pickle.dumps(case))
    np.savez(folder / "arrays.npz", **case.work.arrays())  # pyright: ignore[reportArgumentType]
    found: dict[str, float] = {}
    with (folder / "log").open("a") as log:
        for name in [n for n in MEMORY if n in names]:
            answers = [peak_of(Process(f"{name}:2", log, folder / "cache"), folder) for _ in range(2)]
            if answers[-1] is not None:
                found[name] = answers[-1]
    for name, peak in found.items():
        yield Figure(f"messages-32/natural/gradient: memory of {name}", 1e-6 * peak, "MB")
    if "anamc" in found and "jax" in found:
        value = found["anamc"] / found["jax"]
        yield Figure("messages-32/natural/gradient: memory of anamc over that of jax", value, "", most=0.5)


def peak_of(process: Process, folder: Path) -> float | None:
    """Bytes; None where it fails."""
    process.order(600.0, do="prepare", folder=str(folder))
    answer = process.order(60.0, do="memory")
    process.end()
    return answer.get("peak")


def accuracy(rows: int) -> Iterator[Figure]:
    """Relative errors of float32 sums over many rows, against float64."""
    text = "input x[n] total[0] ++= x{i} | i square[0] ++= sq(x{i}) | i output total, square"
    x = np.random.default_rng(0).random(rows, "float32")
    found = anamc.jit(anamc.parse(text, format="ix", name="sums"), threads=2)(x=x)
    wide = x.astype("float64")
    for name, wanted in (("total", float(wide.sum())), ("square", float(np.square(wide).sum()))):
        yield Figure(f"float32 sum over {rows} rows, {name}", abs(float(found[name][0]) / wanted - 1), "", most=1e-6)
    work = Mlp((1, 10, 20, 10, 1), "tanh", rows)
    arrays = work.arrays()
    program = anamc_jit.derived(work, True)
    losses: list[float] = []
    for dtype in ("float32", "float64"):
        given = anamc_jit.chosen(program, work.arguments(arrays))
        given = {k: v.astype(dtype) for k, v in given.items() if v.dtype.kind == "f"}
        losses.append(float(anamc.jit(program, program.function().name, dtype=dtype, threads=2)(**given)["loss"]))
    yield Figure(f"float32 loss over {rows} rows", abs(losses[0] / losses[1] - 1), "", most=1e-6)


def compiling() -> Iterator[Figure]:
    """Seconds from the message-passing gradient, width 32, to a callable in fresh processes, imports not counted."""
    with tempfile.TemporaryDirectory(prefix="anamc-bench-") as cache:
        for state, most in (("cold", 10.0), ("from the cache", 0.3)):
            built, compiled = map(float, python(["-c", COMPILE], ANAMC_CACHE_DIR=cache).split())
            yield Figure(f"message-passing gradient: JSON to its derivative, {state}", built, "s")
            yield Figure(f"message-passing gradient: derivative to callable, {state}", compiled, "s", most=most)


def extras(names: Sequence[str], quick: bool, folder: Path) -> list[Figure]:
    """All of them."""
    folder.mkdir()
    return [
        *memory(names, 2_000 if quick else 100_000, folder),
        *accuracy(100_000 if quick else 10_000_000),
        *compiling(),
    ]
