"""The search of schedules: kernel by kernel, each candidate compiled and measured beside the best one so far."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from xdsl.dialects.builtin import AnyFloat
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.counts import counts
from anamc.cli.explain import roofline
from anamc.dialects import kernel
from anamc.dialects.schedule import ScheduleAttr
from anamc.program import Program
from anamc.runtime.cache import ObjectCache
from anamc.runtime.compiler import KEEP, SCHEDULED, compiled, flat_module, machine_name
from anamc.runtime.schedules import remember, remembered, schedules_key
from anamc.schedule.candidates import candidates
from anamc.schedule.kernels import element_type
from anamc.schedule.machines import MACHINES

BETTER = 0.97
"""A schedule is better where it takes less than this part of the time: the rest is noise."""
ROUND = 0.0005
LEAST_ROUNDS, MOST_ROUNDS, ENOUGH = 5, 60, 0.3
"""Seconds of a round; rounds, and seconds of a comparison: calls take turns, and the least time counts."""


@dataclass(frozen=True)
class Job:
    """A function of a program, and what it is called with."""

    program: Program
    function: str
    dtype: str
    threads: int
    arrays: Mapping[str, Any]


@dataclass(frozen=True)
class Trial:
    """A schedule that was measured: the kernel, the seconds of a call, and of one with the best schedules before it."""

    kernel: int
    schedule: str
    seconds: float
    best: float

    @property
    def won(self) -> bool:
        return self.seconds < BETTER * self.best


@dataclass
class Tuned:
    """What a search found: the schedule of each kernel ("" for the cost model's), and seconds before and after."""

    schedules: list[str]
    before: float = 0.0
    after: float = 0.0
    tried: list[Trial] = field(default_factory=list[Trial])
    complete: bool = True
    kept: bool = True

    @property
    def gain(self) -> float:
        return self.before / self.after if self.after else 1.0


@dataclass(frozen=True)
class Kernel:
    """A kernel of the function, with the schedule of the cost model and others to try."""

    position: int
    first: str
    others: tuple[str, ...]
    nanoseconds: float


def kernels_of(job: Job) -> list[Kernel]:
    """The kernels that have a schedule, those that should take longest first."""
    machine = machine_name()
    module = flat_module(job.program, job.function, job.dtype, machine, keep=KEEP, order=SCHEDULED)
    found: list[Kernel] = []
    for position, op in enumerate(o for o in module.walk() if isinstance(o, kernel.RowsOp)):
        element = element_type(op)
        if op.schedule is None or not isinstance(element, AnyFloat):
            continue
        others = candidates(op, op.schedule, MACHINES[machine], element.bitwidth)
        expected = max(roofline(counts(op), MACHINES[machine], element.bitwidth))
        found.append(Kernel(position, text_of(op.schedule), tuple(map(text_of, others)), expected))
    return sorted(found, key=lambda k: -k.nanoseconds)


def text_of(schedule: ScheduleAttr) -> str:
    """What stands between the angle brackets."""
    return str(schedule).removeprefix("#kernel.schedule<").removesuffix(">")


def tune(job: Job, seconds: float) -> Tuned:
    """
    Searches for so many seconds, and keeps what was found in the cache for later compiles.

    One kernel after the other, from the schedules that are kept already; a candidate that cannot be compiled
    is left out. The last compilation may end later.
    """
    end = time.perf_counter() + seconds
    disk = ObjectCache()
    key = schedules_key(job.program, job.function, job.dtype, KEEP)
    kernels = kernels_of(job)
    count = 1 + max((k.position for k in kernels), default=-1)
    known = [*remembered(disk, key), *[""] * count][:count]
    found = Tuned(list(known))
    with tempfile.TemporaryDirectory(prefix="anamc-tune-") as folder:
        trials = ObjectCache(folder)
        results: dict[str, Any] = {}

        def call(schedules: list[str]) -> Any:
            function = compiled(
                job.program, job.function, job.dtype, job.threads, True, "default", KEEP, tuple(schedules), trials
            )
            return function.bind(results, **job.arrays)  # where results lie matters more than many a schedule

        plain = call([""] * count)
        results.update(plain.results)
        best = call(found.schedules) if any(known) else plain
        for one, text in trials_of(kernels):
            if time.perf_counter() > end:
                found.complete = False
                break
            if text == (found.schedules[one.position] or one.first):
                continue
            schedules = list(found.schedules)
            schedules[one.position] = text
            try:
                other = call(schedules)
            except PassFailedException:
                continue  # it has no form for this kernel
            trial = Trial(one.position, text, *confirmed(other, best))
            found.tried.append(trial)
            if trial.won:
                found.schedules, best = schedules, other
        found.after, found.before = compared(best, plain) if best is not plain else (1.0, 1.0)
    if found.gain < 1 / BETTER:
        found.schedules = [""] * count
    names = ["", job.function] if job.function == next(iter(job.program.functions)) else [job.function]
    for name in names:
        found.kept &= remember(disk, schedules_key(job.program, name, job.dtype, KEEP), found.schedules)
    return found


def trials_of(kernels: list[Kernel]) -> Iterator[tuple[Kernel, str]]:
    """Every candidate of every kernel."""
    for one in kernels:
        for text in one.others:
            yield one, text


def confirmed(one: Any, other: Any) -> tuple[float, float]:
    """Seconds of two calls; where the first seems better, it must be so twice."""
    found = compared(one, other)
    if found[0] >= BETTER * found[1]:
        return found
    again = compared(one, other)
    return max(found, again, key=lambda pair: pair[0] / pair[1])


def compared(one: Any, other: Any) -> tuple[float, float]:
    """Seconds of two calls, measured in turns."""
    least = [float("inf"), float("inf")]
    repeats = [repeats_of(one), repeats_of(other)]
    begin = time.perf_counter()
    for done in range(MOST_ROUNDS):
        if done >= LEAST_ROUNDS and time.perf_counter() - begin > ENOUGH:
            break
        for k, call in enumerate((one, other)):
            start = time.perf_counter()
            for _ in range(repeats[k]):
                call()
            least[k] = min(least[k], (time.perf_counter() - start) / repeats[k])
    return least[0], least[1]


def repeats_of(call: Any) -> int:
    """How many calls fill a round."""
    call()
    start = time.perf_counter()
    call()
    return max(1, int(ROUND / max(time.perf_counter() - start, 1e-7)))
