"""Figures that follow from the timings: shares of what the machine can do, threads, gradients over forward."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.cases import Case
from benchmarks.measure import Timing

LARGE = 2e-4
"""Calls shorter than this on one thread are not asked to be faster on two (seconds)."""
Timings = Mapping[str, Sequence[Timing]]


@dataclass(frozen=True)
class Figure:
    """A number with what it should be at least, or at most."""

    name: str
    value: float
    unit: str = ""
    least: float | None = None
    most: float | None = None

    @property
    def target(self) -> str:
        if self.least is not None:
            return f"at least {self.least:g}"
        return f"at most {self.most:g}" if self.most is not None else ""

    @property
    def met(self) -> bool:
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)


@dataclass(frozen=True)
class Limits:
    """GFLOP/s of a matrix product and GB/s of a triad, by number of threads."""

    gflops: Mapping[int, float]
    triad: Mapping[int, float]


def valid(timings: Sequence[Timing], name: str = "anamc") -> dict[int, float]:
    """Medians by number of threads."""
    return {t.threads: t.median for t in timings if t.name == name and t.median < float("inf")}


def shares(cases: Sequence[Case], timings: Timings, limits: Limits) -> Iterator[Figure]:
    """Of the matrix product's speed, and of the memory's."""
    for case in cases:
        for threads, seconds in valid(timings[case.name]).items():
            if case.work.flops(case.gradient) and any(f"-{w}-" in case.name for w in (64, 128)):
                peak = 1e9 * limits.gflops[threads]
                value = 100 * case.work.flops(case.gradient) / seconds / peak
                least = 45.0 if case.gradient else 55.0
                yield Figure(f"{case.name}, {threads} thr.: share of the product's peak", value, "%", least)
            if case.name.startswith("product/"):
                value = 100 * case.work.flops(False) / seconds / (1e9 * limits.gflops[threads])
                yield Figure(f"{case.name}, {threads} thr.: share of the product's peak", value, "%", 50.0)
            if case.work.bytes():
                value = 100 * case.work.bytes() / seconds / (1e9 * limits.triad[threads])
                yield Figure(f"{case.name}, {threads} thr.: share of the memory's speed", value, "%", 70.0)


def speed_ups(cases: Sequence[Case], timings: Timings) -> Iterator[Figure]:
    """Two threads over one."""
    for case in cases:
        found = valid(timings[case.name])
        if 1 in found and 2 in found and found[1] >= LARGE and not case.name.startswith("random"):
            yield Figure(f"{case.name}: two threads over one", found[1] / found[2], "", 1.8)


def backward(cases: Sequence[Case], timings: Timings) -> Iterator[Figure]:
    """Loss and gradient over forward."""
    names = {c.name for c in cases}
    for case in cases:
        forward = case.name.replace("/gradient", "/forward")
        if not case.gradient or forward not in names or case.name.startswith("random"):
            continue
        both = valid(timings[case.name]), valid(timings[forward])
        if all(both):
            most = 4.0 if case.name.startswith("messages") else 3.5
            value = min(both[0].values()) / min(both[1].values())
            yield Figure(f"{case.name} over forward", value, "", most=most)


def derived(cases: Sequence[Case], timings: Timings, limits: Limits | None) -> list[Figure]:
    """All of them; without limits, no shares."""
    found = list(shares(cases, timings, limits)) if limits is not None else []
    return [*found, *speed_ups(cases, timings), *backward(cases, timings)]
