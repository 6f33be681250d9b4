"""A case by all contenders: prepared, checked, then timed in interleaved rounds."""

from __future__ import annotations

import pickle
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cases import Case
from benchmarks.peers.base import contender_of
from benchmarks.peers.numpy_peer import reference
from benchmarks.processes import Process
from benchmarks.workloads.base import Arrays

HOPELESS = 4.0
"""A contender so many times slower than the best peer at its first call is not timed further."""
SLOW = 1.0
"""Cases whose best call takes longer (seconds) have `FEW` rounds."""
FEW = 2


@dataclass(frozen=True)
class Effort:
    """How long to measure: rounds, seconds a slice, seconds until a contender must be ready."""

    rounds: int = 5
    slice: float = 0.1
    patience: float = 300.0


@dataclass
class Timing:
    """A contender with a number of threads at a case: the least time of each slice (seconds), or why none."""

    key: str
    slices: list[float] = field(default_factory=list[float])
    compiled: float = 0.0
    error: float = 0.0
    reason: str = ""

    @property
    def name(self) -> str:
        return contender_of(self.key)[0].name

    @property
    def threads(self) -> int:
        return contender_of(self.key)[1]

    @property
    def is_anamc(self) -> bool:
        return contender_of(self.key)[0].is_anamc

    @property
    def median(self) -> float:
        """Infinite where there is no valid time."""
        return statistics.median(self.slices) if self.slices and not self.reason else float("inf")

    @property
    def spread(self) -> float:
        """Largest minus least slice, over the median."""
        return (max(self.slices) - min(self.slices)) / self.median if self.slices and not self.reason else 0.0


def measure(
    case: Case, processes: Mapping[str, Process], folder: Path, effort: Effort, say: Callable[[str], None]
) -> list[Timing]:
    """Times of all contenders, in the order of `processes`."""
    folder.mkdir(parents=True)
    arrays = {k: v for k, v in case.work.arrays().items() if case.gradient or k != "target"}
    (folder / "case.pickle").write_bytes(pickle.dumps(case))
    np.savez(folder / "arrays.npz", **arrays)  # pyright: ignore[reportArgumentType]
    if case.work.is_large:
        for process in processes.values():
            process.end()
    wanted = reference(case.work, case.gradient, arrays)
    del arrays
    timings = {key: prepared(key, p, case, folder, wanted, effort, say) for key, p in processes.items()}
    rounds(timings, processes, effort)
    for process in processes.values():
        if process.running is not None:
            process.order(60.0, do="drop")
    for path in folder.iterdir():
        path.unlink()
    return list(timings.values())


def prepared(
    key: str, process: Process, case: Case, folder: Path, wanted: Arrays, effort: Effort, say: Callable[[str], None]
) -> Timing:
    """A contender that is ready and right, with the time of one call; or not, with the reason."""
    timing = Timing(key)
    answer = process.order(effort.patience, do="prepare", folder=str(folder))
    timing.reason = answer.get("unavailable") or answer.get("failed") or ""
    if timing.reason:
        say(f"  {key:18} {timing.reason}")
        return timing
    timing.compiled, timing.slices = answer["compiled"], [answer["first"]]
    with np.load(folder / f"{key.replace(':', '-')}.npz") as found:
        timing.error = distance({k: found[k] for k in found.files}, wanted)
    if not timing.error <= case.tolerance:
        timing.reason = f"wrong: off by {timing.error:.1e} of the largest"
    say(f"  {key:18} ready in {timing.compiled:6.2f} s, error {timing.error:.0e}, {1e3 * answer['first']:10.3f} ms")
    return timing


def rounds(timings: Mapping[str, Timing], processes: Mapping[str, Process], effort: Effort) -> None:
    """Slices, one contender after the other, again and again; the calls before do not count."""
    valid = {key: t for key, t in timings.items() if not t.reason}
    peers = [t.slices[0] for t in valid.values() if not t.is_anamc] or [t.slices[0] for t in valid.values()]
    best = min(peers, default=0.0)
    racing = {key: t for key, t in valid.items() if t.slices[0] <= HOPELESS * best or t.slices[0] < effort.slice}
    count = effort.rounds if best < SLOW else min(FEW, effort.rounds)
    for t in racing.values():
        t.slices = []
    for _ in range(count):
        for key, timing in racing.items():
            if timing.reason:
                continue
            answer = processes[key].order(effort.patience, do="time", seconds=effort.slice)
            timing.reason = answer.get("failed", "")
            if not timing.reason:
                timing.slices.append(answer["least"])


def distance(found: Arrays, wanted: Arrays) -> float:
    """The largest difference, over the largest magnitude of each array; infinite for other shapes, or NaN."""
    worst = 0.0
    for name, want in wanted.items():
        got: Any = found.get(name)
        if got is None or got.shape != want.shape:
            return float("inf")
        difference = float(np.max(np.abs(got - want), initial=0.0)) / (float(np.max(np.abs(want), initial=0.0)) or 1.0)
        worst = max(worst, difference if np.isfinite(difference) else float("inf"))
    return worst


def best_of(timings: Sequence[Timing], anamc: bool) -> Timing | None:
    """The fastest of anamc, or of the peers; None where there is none."""
    valid = [t for t in timings if t.is_anamc == anamc and t.median < float("inf")]
    return min(valid, key=lambda t: t.median, default=None)
