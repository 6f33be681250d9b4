"""
anamc and its peers, side by side: one command, one interleaved run.

    python -m benchmarks [--quick] [--only mlp ...] [--contenders anamc numpy ...] [--json FILE] [--chart FILE]

Every contender with every number of threads is a process of its own, and all but one are stopped. Each
is prepared (compiled, run once, its results compared with float64 NumPy), then they take turns: in a
round each calls its work for a slice of time and keeps the least time of a call; what counts is the
median over rounds. A ratio is anamc's time over the best peer's, each at the number of threads that
suits it best.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.bench_compile import machine
from benchmarks.cases import Case, all_cases, chosen
from benchmarks.chart import draw
from benchmarks.derived import Limits, derived
from benchmarks.extras import about as describe
from benchmarks.extras import extras, limits
from benchmarks.measure import Effort, Timing, measure
from benchmarks.peers.base import CONTENDERS
from benchmarks.processes import Process
from benchmarks.report import markdown, record, versions

QUICK = Effort(rounds=3, slice=0.05)


def options_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="PART", help="cases with this in their name")
    parser.add_argument("--contenders", nargs="+", choices=CONTENDERS, default=list(CONTENDERS), metavar="NAME")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2], help="numbers of threads (default 1 2)")
    parser.add_argument("--quick", action="store_true", help="smaller meshes, fewer rounds: does it work?")
    parser.add_argument("--rounds", type=int, help="rounds a case")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="the tables")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="ratios as a picture (PNG; needs matplotlib)")
    parser.add_argument(
        "--extras", action=argparse.BooleanOptionalAction,
        help="limits of the machine, memory, accuracy, compiling (default: unless --only chooses cases)",
    )  # fmt: skip
    parser.add_argument("--list", action="store_true", help="names of cases and contenders")
    return parser.parse_args(arguments)


def effort_of(options: argparse.Namespace) -> Effort:
    effort = QUICK if options.quick else Effort()
    return Effort(options.rounds, effort.slice, effort.patience) if options.rounds else effort


def compare(cases: Sequence[Case], keys: Sequence[str], effort: Effort, folder: Path) -> dict[str, list[Timing]]:
    """Timings by case. The processes live through all cases."""
    found: dict[str, list[Timing]] = {}
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("w+"))
        processes = {key: Process(key, log, folder / "cache") for key in keys}
        for process in processes.values():
            stack.callback(process.end)
        for k, case in enumerate(cases):
            start = time.perf_counter()
            say(f"[{k + 1}/{len(cases)}] {case.name}")
            found[case.name] = measure(case, processes, folder / str(k), effort, say)
            say(f"  {time.perf_counter() - start:.0f} s")
    return found


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    options = options_of(arguments)
    cases = chosen(list(all_cases(options.quick)), options.only)
    keys = [f"{n}:{t}" for n in options.contenders for t in CONTENDERS[n].threads if t in options.threads]
    if options.list or not cases or not keys:
        print("\n".join(["cases:", *(f"  {c.name}" for c in cases), "contenders:", *(f"  {k}" for k in keys)]))
        return 0 if options.list else 1
    more = not options.only if options.extras is None else options.extras
    about: dict[str, Any] = {**machine(), **versions()}
    found: Limits | None = None
    with tempfile.TemporaryDirectory(prefix="anamc-bench-") as name:
        if more:
            found = limits(options.threads)
            about |= describe(found)
        timings = compare(cases, keys, effort_of(options), Path(name))
        figures = derived(cases, timings, found)
        if more:
            say("memory, accuracy, compiling")
            figures += extras(options.contenders, options.quick, Path(name) / "extras")
    about["load at the end"] = f"{os.getloadavg()[0]:.2f}"
    text = markdown(about, cases, timings, figures)
    print(text)
    if options.markdown:
        options.markdown.write_text(text + "\n", encoding="utf-8")
    if options.json:
        options.json.write_text(json.dumps(record(about, cases, timings, figures), indent=1) + "\n", encoding="utf-8")
    if options.chart:
        options.chart.write_bytes(draw(cases, timings))
    return 0
