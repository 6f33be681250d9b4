"""
Where does the time of a work go? Kernel by kernel, beside the machine's limits: a roofline.

    python -m benchmarks.bench_kernels messages-32/natural/gradient flux [--threads 2] [--rounds 7] [--markdown FILE]

The JIT's LLVM IR is compiled with a look at the processor's clock around each call of a kernel; what is shown is the
least time of each over all rounds. Operations and bytes are those that `anamc compile --explain` counts. Limits,
measured in the same run (`limits.py`): `a` operations at the speed of a large matrix product, and elementary functions
at twelve cycles a vector; `b` bytes at the speed of a triad. The floor is the larger of both; `times the floor` is
what is left to gain. Bytes that stay in a cache cost less than `b` says, gathered ones more.
"""

from __future__ import annotations

import argparse
import ctypes
import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp

from anamc.analysis.counts import counts
from anamc.backends.llvm_ir.compile_text import compile_library
from anamc.backends.llvm_ir.machine import host
from anamc.cli.explain import size
from anamc.dialects import kernel
from anamc.program import Program, Signature
from anamc.runtime.cache import Entry
from anamc.runtime.callable import BoundCall, Function, with_dtype
from anamc.runtime.compiler import KEEP, SCHEDULED, flat_module, layout_of, machine_name, plan_sources
from anamc.runtime.jit import CODE_MODEL, host_text, load
from anamc.schedule.machine_files import machine_of
from benchmarks.bench_compile import machine
from benchmarks.cases import Case, all_cases, chosen
from benchmarks.derived import Limits
from benchmarks.extras import about, limits
from benchmarks.peers.anamc_jit import chosen as arguments_of
from benchmarks.peers.anamc_jit import derived

DTYPE = "float32"
CALL = re.compile(r"\s*call void @(\"[^\"]+\"|[\w.$]+)\(.*\)")
CLOCK = "declare i64 @llvm.readcyclecounter()\n"
LEAST_SHARE = 0.01
"""Kernels below this share of the time stand in one line."""
HEAD = ("kernel", "rows", "Mflop", "M functions", "MB", "a (ms)", "b (ms)", "time (ms)", "share", "times the floor")


@dataclass(frozen=True)
class Work:
    """What a call of a kernel does, all rows together. `rows`: their number's name. `total`: it sums partial sums."""

    name: str
    rows: str
    count: float
    flops: float
    functions: float
    moved: float
    total: bool


@dataclass(frozen=True)
class Timed:
    """A kernel with its least time, and the least that operations and memory would take (seconds)."""

    work: Work
    seconds: float
    computing: float
    moving: float

    @property
    def floor(self) -> float:
        return max(self.computing, self.moving)


# What the kernels do ------------------------------------------------------------------------------


def works(program: Program, name: str, sizes: Mapping[str, int]) -> list[Work]:
    """The kernels of a function in the order of their calls, with run-time sizes put in."""
    module = flat_module(program, name, DTYPE, machine_name(), keep=KEEP, order=SCHEDULED)
    functions = {f.sym_name.data: f for f in module.ops if isinstance(f, func.FuncOp)}
    return [work_of(functions[call.callee.string_value()], sizes) for call in calls(entry_of(module)) if call.callee]


def entry_of(module: ModuleOp) -> func.FuncOp:
    return next(f for f in module.ops if isinstance(f, func.FuncOp) and "anamc.entry" in f.attributes)


def calls(function: func.FuncOp) -> list[func.CallOp]:
    return [op for op in function.walk() if isinstance(op, func.CallOp) and not op.results]


def work_of(function: func.FuncOp, sizes: Mapping[str, int]) -> Work:
    """Counts of all kernels of one function together."""
    kernels = [op for op in function.walk() if isinstance(op, kernel.RowsOp)]
    found = [
        (counts(op), float(sizes.get(name, 1) if (name := size(op.extent)).isidentifier() else name)) for op in kernels
    ]
    total = any("anamc.total" in op.attributes for op in kernels)
    most = max(range(len(found)), key=lambda k: found[k][1], default=0)
    return Work(
        function.sym_name.data,
        size(kernels[most].extent) if kernels else "",
        found[most][1] if found else 0,
        sum(c.flops * n for c, n in found),
        sum(c.functions * n for c, n in found),
        sum(c.moved * n for c, n in found),
        total,
    )


# How long they take -------------------------------------------------------------------------------


def clocked(text: str, entry: str, address: int) -> tuple[str, int]:
    """LLVM IR that stores the clock's ticks of each call in `entry` in an array at `address`, and their number."""
    lines = text.split("\n")
    begin = next(k for k, line in enumerate(lines) if line.startswith("define") and f"@{entry}(" in line)
    end = lines.index("}", begin)
    found: list[str] = []
    count = 0
    for line in lines[begin:end]:
        if CALL.fullmatch(line) is None:
            found.append(line)
            continue
        place = f"inttoptr (i64 {address + 8 * count} to ptr)"
        found += [
            f"  %clock.{count}.a = call i64 @llvm.readcyclecounter()",
            line,
            f"  %clock.{count}.b = call i64 @llvm.readcyclecounter()",
            f"  %clock.{count}.c = sub i64 %clock.{count}.b, %clock.{count}.a",
            f"  store volatile i64 %clock.{count}.c, ptr {place}",
        ]
        count += 1
    return "\n".join([*lines[:begin], *found, *lines[end:]]) + CLOCK, count


def callable_of(program: Program, signature: Signature, ticks: NDArray[np.int64], threads: int) -> tuple[Function, int]:
    """The function as the JIT compiles it, with the clock around its kernels, and how many those are."""
    flat = flat_module(program, signature.name, DTYPE, machine_name(), keep=KEEP)
    plans, layout = tuple(plan_sources(flat)), layout_of(flat)
    text, count = clocked(host_text(flat, threads, last=True), f"{signature.name}_eval", ticks.ctypes.data)
    code, symbols = compile_library(text, host(), 3, CODE_MODEL)
    library = load(Entry(code, {"symbols": list(symbols), "threads": threads}))
    return Function(signature, library, DTYPE, plans=plans, layout=layout, threads=threads), count


def least_times(call: BoundCall, ticks: NDArray[np.int64], count: int, rounds: int) -> tuple[list[float], float]:
    """Least seconds of each kernel, and of a whole call."""
    call()
    rate = ticks_a_second()
    best, whole = np.full(count, np.inf), float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        whole = min(whole, time.perf_counter() - start)
        best = np.minimum(best, ticks[:count] / rate)
    return best.tolist(), whole


def ticks_a_second() -> float:
    """The rate of the clock that the code reads, by a function of its own."""
    text = "define i64 @clock() {\n  %t = call i64 @llvm.readcyclecounter()\n  ret i64 %t\n}\n" + CLOCK
    library = load(Entry(compile_library(text, host(), 3, CODE_MODEL)[0], {"symbols": ["clock"]}))
    clock = ctypes.CFUNCTYPE(ctypes.c_int64)(library.address("clock"))
    first, start = clock(), time.perf_counter()
    time.sleep(0.2)
    return (clock() - first) / (time.perf_counter() - start)


def measured(case: Case, threads: int, rounds: int, found: Limits) -> tuple[list[Timed], float]:
    """Every kernel of a case, and the time of the whole call."""
    program = derived(case.work, case.gradient)
    signature = with_dtype(program.function(None), DTYPE)
    ticks = np.zeros(4096, np.int64)
    function, count = callable_of(program, signature, ticks, threads)
    call = function.bind(**arguments_of(program, case.work.arguments(case.work.arrays())))
    each = works(program, signature.name, call.sizes)
    if len(each) != count:
        raise RuntimeError(f"{case.name}: {len(each)} kernels are counted and {count} timed")
    seconds, whole = least_times(call, ticks, count, rounds)
    return [timed(w, s, threads, found) for w, s in zip(each, seconds, strict=True)], whole


def timed(work: Work, seconds: float, threads: int, found: Limits) -> Timed:
    functions = threads * machine_of(machine_name()).functions(32)
    computing = work.flops / found.gflops[threads] + work.functions / functions
    return Timed(work, seconds, 1e-9 * computing, 1e-9 * work.moved / found.triad[threads])


# The table ----------------------------------------------------------------------------------------


def table(kernels: Sequence[Timed], whole: float) -> list[str]:
    """Lines of Markdown; what takes little, and sums of sums, together in one."""
    shown = [k for k in kernels if not k.work.total and k.seconds >= LEAST_SHARE * whole]
    rest = [k for k in kernels if k not in shown]
    lines = [f"| {' | '.join(HEAD)} |", "|" + "---|" * len(HEAD)]
    lines += [line(k.work.name, f"{k.work.count:.0f} {k.work.rows}", [k], whole) for k in shown]
    if rest:
        lines.append(line(f"{len(rest)} others, and sums of partial sums", "", rest, whole))
    lines.append(line("all kernels", "", kernels, whole))
    lines.append(f"| the call | | | | | | | {1e3 * whole:.3g} | | |")
    return lines


def line(name: str, rows: str, kernels: Sequence[Timed], whole: float) -> str:
    seconds, floor = sum(k.seconds for k in kernels), sum(k.floor for k in kernels)
    cells = [
        name,
        rows,
        f"{1e-6 * sum(k.work.flops for k in kernels):.4g}",
        f"{1e-6 * sum(k.work.functions for k in kernels):.3g}",
        f"{1e-6 * sum(k.work.moved for k in kernels):.3g}",
        f"{1e3 * sum(k.computing for k in kernels):.3g}",
        f"{1e3 * sum(k.moving for k in kernels):.3g}",
        f"{1e3 * seconds:.3g}",
        f"{100 * seconds / whole:.0f} %",
        f"{seconds / floor:.2f}" if floor else "-",
    ]
    return f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="+", metavar="PART", help="cases with this in their name, as of `benchmarks`")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="smaller: does it work?")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="the tables")
    options = parser.parse_args(arguments)
    picked = chosen(list(all_cases(options.quick)), options.cases)
    if not picked:
        parser.error(f"no case has {' or '.join(options.cases)} in its name; python -m benchmarks --list names all")
    found = limits([options.threads])
    lines = [f"    {key + ':':<12} {value}" for key, value in (machine() | about(found)).items()]
    for case in picked:
        lines += [
            "",
            f"{case.name}, threads: {options.threads}",
            "",
            *table(*measured(case, options.threads, options.rounds, found)),
        ]
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if options.markdown:
        options.markdown.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
