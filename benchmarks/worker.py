"""
One contender in a process of its own: `python -m benchmarks.worker KEY`, driven by lines of JSON.

`prepare` loads a case and runs it once, `time` gives the least time of a slice, `memory` the most
memory that a call takes. What libraries print goes to stderr.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import pickle
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers.base import Prepare, Prepared, UnavailableError, contender_of

BATCH = 2e-4
"""Calls shorter than this are timed in batches of about so many seconds."""


@dataclass
class Worker:
    """A contender, and what it is to compute."""

    key: str
    prepared: Prepared | None = None
    first: float = 0.0
    memory: int = 0

    def answer(self, order: dict[str, Any]) -> dict[str, Any]:
        """What an order gives; errors are answers too."""
        orders: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "prepare": self.prepare, "time": self.time, "memory": self.most_memory, "drop": self.drop
        }  # fmt: skip
        try:
            return orders[order["do"]](order)
        except UnavailableError as error:
            return {"unavailable": str(error)}
        except Exception as error:  # whatever a library raises is its entry in the table
            first = (str(error).strip().splitlines() or [""])[0]
            return {"failed": f"{type(error).__name__}: {first}"[:300]}

    def prepare(self, order: dict[str, Any]) -> dict[str, Any]:
        contender, threads = contender_of(self.key)
        module = import_module(f"benchmarks.peers.{contender.module}")
        make: Prepare = module.prepare
        folder = Path(order["folder"])
        case = pickle.loads((folder / "case.pickle").read_bytes())
        with np.load(folder / "arrays.npz") as data:
            arrays = {name: data[name] for name in data.files}
        self.memory = resident()
        start = time.perf_counter()
        self.prepared = make(case.work, case.gradient, arrays, threads, **contender.options)
        found = self.prepared.results(self.prepared.run())
        compiled = time.perf_counter() - start
        np.savez(folder / f"{self.key.replace(':', '-')}.npz", **found)  # pyright: ignore[reportArgumentType]
        start = time.perf_counter()
        self.prepared.run()
        self.first = time.perf_counter() - start
        return {"compiled": compiled, "first": self.first}

    def time(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self.prepared is not None
        return {"least": least_time(self.prepared.run, float(order["seconds"]), self.first)}

    def most_memory(self, order: dict[str, Any]) -> dict[str, Any]:
        """The peak of a call above what the process had before the work was prepared (bytes; Linux)."""
        del order
        assert self.prepared is not None
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")
        self.prepared.run()
        return {"peak": status("VmHWM") - self.memory}

    def drop(self, order: dict[str, Any]) -> dict[str, Any]:
        del order
        self.prepared = None
        gc.collect()
        return {}


def least_time(run: Callable[[], Any], seconds: float, guess: float) -> float:
    """The least time of a call (seconds) over a slice of time; at least one call."""
    count = max(1, int(BATCH / max(guess, 1e-7)))
    least, end = float("inf"), time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        for _ in range(count):
            run()
        now = time.perf_counter()
        least = min(least, (now - start) / count)
        if now >= end:
            return least


def resident() -> int:
    """Memory of this process (bytes), 0 where the system does not say."""
    return status("VmRSS")


def status(name: str) -> int:
    path = Path("/proc/self/status")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith(name)), 0)


def main() -> int:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    worker = Worker(sys.argv[1])
    for line in sys.stdin:
        print(json.dumps(worker.answer(json.loads(line))), file=answers, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
