"""Contenders as processes: started with their environment, stopped while others are timed."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from benchmarks.peers.base import contender_of

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Process:
    """A worker that lives until it fails or takes too long; then the next order starts another."""

    key: str
    log: IO[str]
    cache: Path
    running: subprocess.Popen[str] | None = None

    def start(self) -> subprocess.Popen[str]:
        contender, threads = contender_of(self.key)
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
        own = {k: v.format(threads=threads) for k, v in contender.environment.items()}
        words = [sys.executable, "-m", "benchmarks.worker", self.key]
        started = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True, cwd=ROOT,
            env={"ANAMC_CACHE_DIR": str(self.cache), **os.environ, **own, "PYTHONPATH": path}, start_new_session=True,
        )  # fmt: skip
        if contender.pinned and hasattr(os, "sched_setaffinity"):
            cores = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(started.pid, cores[-threads:])
        return started

    def order(self, timeout: float, **order: Any) -> dict[str, Any]:
        """The answer of the worker; where there is none, why."""
        if self.running is None:
            self.running = self.start()
        process = self.running
        assert process.stdin is not None
        assert process.stdout is not None
        self.signal(signal.SIGCONT)
        try:
            process.stdin.write(json.dumps(order) + "\n")
            process.stdin.flush()
        except OSError:
            return self.end("its process is gone")
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            if not selector.select(timeout):
                return self.end(f"no answer in {timeout:g} s")
        line = process.stdout.readline()
        if not line:
            return self.end(f"its process ended with status {process.wait()}")
        self.signal(signal.SIGSTOP)
        return json.loads(line)

    def signal(self, number: signal.Signals) -> None:
        """To the worker and all that it started."""
        if self.running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, number)

    def end(self, reason: str = "") -> dict[str, Any]:
        """Without a process; an answer that says why."""
        if self.running is not None:
            self.signal(signal.SIGKILL)
            with contextlib.suppress(BrokenPipeError):
                self.running.communicate()
            self.running = None
        return {"failed": reason}
