"""Timings as Markdown tables, and as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from benchmarks.cases import Case
from benchmarks.derived import Figure
from benchmarks.measure import Timing, best_of
from benchmarks.peers.base import CONTENDERS

UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))
LIBRARIES = ("numpy", "torch", "jax", "onnxruntime")


def versions() -> dict[str, str]:
    """Of the libraries that are compared."""
    found: dict[str, str] = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def duration(seconds: float) -> str:
    """Three digits, with a unit."""
    size, unit = next((u for u in UNITS if seconds >= u[0]), UNITS[-1])
    return f"{seconds / size:.3g} {unit}"


def by_contender(timings: Sequence[Timing]) -> dict[str, Timing]:
    """The best number of threads of each contender; where none is valid, one with the reason."""
    found: dict[str, Timing] = {}
    for timing in timings:
        if timing.name not in found or timing.median < found[timing.name].median:
            found[timing.name] = timing
    return found


def ratio(timings: Sequence[Timing]) -> float | None:
    """anamc's JIT over the best peer."""
    mine, peer = by_contender(timings).get("anamc"), best_of(timings, anamc=False)
    if mine is None or peer is None or mine.median == float("inf"):
        return None
    return mine.median / peer.median


def cell(timing: Timing | None, best: Timing | None) -> str:
    """A time, with a star for one thread; the best peer's in bold; a number of a footnote where there is none."""
    if timing is None:
        return ""
    if timing.reason:
        return "-"
    text = duration(timing.median) + ("*" if timing.threads == 1 else "")
    return f"**{text}**" if timing is best else text


def markdown(
    about: Mapping[str, str],
    cases: Sequence[Case],
    timings: Mapping[str, Sequence[Timing]],
    figures: Sequence[Figure] = (),
) -> str:
    """The machine, the table of times and ratios, why some times are missing, and what follows."""
    names = [n for n in CONTENDERS if any(t.name == n for ts in timings.values() for t in ts)]
    head = ["work", *names, "ratio", "target", "spread"]
    lines = [f"    {key + ':':12} {value}" for key, value in about.items()]
    lines += ["", "| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for case in cases:
        lines.append("| " + " | ".join(row(case, timings[case.name], names)) + " |")
    missing = reasons(cases, timings)
    if missing:
        lines += ["", "Without a time:", "", *(f"- {text}" for text in missing)]
    if figures:
        lines += ["", "| figure | value | target | |", "|---|---|---|---|", *map(figure_row, figures)]
    return "\n".join(lines)


def figure_row(figure: Figure) -> str:
    state = "" if not figure.target else "yes" if figure.met else "no"
    return f"| {figure.name} | {figure.value:.3g} {figure.unit} | {figure.target} | {state} |"


def row(case: Case, timings: Sequence[Timing], names: Sequence[str]) -> list[str]:
    found, best, value = by_contender(timings), best_of(timings, anamc=False), ratio(timings)
    spreads = [t.spread for t in found.values() if t is best or t.name == "anamc"]
    return [
        case.name,
        *(cell(found.get(name), best) for name in names),
        f"{value:.2f}" if value is not None else "",
        f"{case.target:.2f}" if case.target is not None else "",
        f"{100 * max(spreads, default=0):.0f} %",
    ]


def reasons(cases: Sequence[Case], timings: Mapping[str, Sequence[Timing]]) -> list[str]:
    """Every reason once, with the contenders and how many cases it holds for."""
    found: dict[tuple[str, str], list[str]] = {}
    for case in cases:
        for t in timings[case.name]:
            if t.reason:
                found.setdefault((t.key, t.reason), []).append(case.name)
    return [
        f"{key}: {reason} ({names[0] if len(names) == 1 else f'{len(names)} cases, {names[0]} first'})"
        for (key, reason), names in found.items()
    ]


def record(
    about: Mapping[str, Any],
    cases: Sequence[Case],
    timings: Mapping[str, Sequence[Timing]],
    figures: Sequence[Figure] = (),
) -> dict[str, Any]:
    """Everything, for other programs."""
    return {
        "machine": dict(about),
        "figures": [{**asdict(f), "met": f.met} for f in figures],
        "cases": [
            {
                "name": case.name,
                "target": case.target,
                "ratio": ratio(timings[case.name]),
                "flops": case.work.flops(case.gradient),
                "timings": [
                    {
                        "contender": t.name, "threads": t.threads, "seconds": t.slices, "median": finite(t.median),
                        "ready": t.compiled, "error": finite(t.error), "reason": t.reason,
                    }
                    for t in timings[case.name]
                ],
            }
            for case in cases
        ],
    }  # fmt: skip


def finite(value: float) -> float | None:
    return value if value < float("inf") else None
