"""
What does compiling cost?

    python benchmarks/bench_compile.py [--rounds 7] [--json FILE]

Every figure is of fresh processes, after one that is not counted: the median of `--rounds` of them, with
the least and the largest. The cache of machine code is a folder of its own; "cold" starts from an empty
one. Chains are counted in CPU time: what grows with the graph is our own, and other processes do not
count. Exit status 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LENGTHS = (50, 100, 200)
"""Encoders in a chain."""
LARGEST_GROWTH = 2.3
"""Of the time for each doubling of a chain."""
LOAD = """
import time
start = time.perf_counter()
import anamc
function = anamc.jit(anamc.load({path!r}))
print(time.perf_counter() - start)
"""
IMPORTS = """
import time
start = time.perf_counter()
import xdsl.dialects.builtin, numpy, llvmlite.binding
print(time.perf_counter() - start)
"""
CHAIN = """
import time
import anamc
from anamc.runtime.compiler import flat_module
from anamc.runtime.jit import compile_object
warm = anamc.load({warm!r})
compile_object(flat_module(warm, None, "float32"))
start = time.process_time()
program = anamc.load({path!r})
flat = flat_module(program, "run_network", "float32")
lowered = time.process_time()
compile_object(flat)
print(lowered - start, time.process_time() - lowered)
"""


@dataclass(frozen=True)
class Figure:
    """One measurement: seconds, or a ratio; `most` is the target."""

    name: str
    median: float
    least: float
    largest: float
    rounds: int
    most: float | None = None

    @property
    def met(self) -> bool:
        return self.most is None or self.median < self.most

    def __str__(self) -> str:
        target = "" if self.most is None else f"< {self.most:g}  {'ok' if self.met else 'MISSED'}"
        return f"{self.name:48} {self.median:8.3f} {self.least:8.3f} {self.largest:8.3f}  {target}"


def figure(name: str, values: list[float], most: float | None = None) -> Figure:
    """Median and spread."""
    return Figure(name, statistics.median(values), min(values), max(values), len(values), most)


# processes


@dataclass(frozen=True)
class Place:
    """A folder with a copy of the package: edits while a benchmark runs would empty the cache."""

    folder: Path

    def prepare(self) -> None:
        """Copy the package."""
        shutil.copytree(ROOT / "anamc", self.folder / "anamc", ignore=shutil.ignore_patterns("__pycache__"))

    @property
    def network(self) -> str:
        """Path of the regression network."""
        return str(self.folder / "anamc/data/regression.json")

    def cache(self) -> Path:
        """A cache folder that nothing has used."""
        return Path(tempfile.mkdtemp(dir=self.folder)) / "cache"

    def run(self, words: list[str], cache: Path) -> subprocess.CompletedProcess[str]:
        """A process of the copy; byte code is kept as an installed package has it."""
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        own = {"PYTHONPATH": str(self.folder), "PYTHONPYCACHEPREFIX": str(self.folder / "bytecode")}
        environment = {**kept, **own, "ANAMC_CACHE_DIR": str(cache)}
        done = subprocess.run(words, env=environment, check=False, capture_output=True, text=True, timeout=300)
        if done.returncode:
            sys.exit(f"{' '.join(words[:3])} failed:\n{done.stderr}")
        return done

    def timed(self, words: list[str], cache: Path) -> list[float]:
        """Wall time of a process (seconds)."""
        start = time.perf_counter()
        self.run(words, cache)
        return [time.perf_counter() - start]

    def printed(self, program: str, cache: Path) -> list[float]:
        """The numbers that a Python program prints."""
        return [float(word) for word in self.run([sys.executable, "-c", program], cache).stdout.split()]


# graphs


def chain(length: int) -> str:
    """The document of so many encoders, each 8-8 with tanh, one behind the other."""
    source = {"id": 1, "kind": "graph-source", "node_features": [{"name": "u", "size": 8, "pin": -1}]}
    encoders = [
        {"id": k, "kind": "encoder", "input": k, "output": -k, "layers": [{"size": 8, "activation": "tanh"}]}
        for k in range(2, length + 2)
    ]
    links = [{"from": 1 - k, "to": k} for k in range(2, length + 2)]
    return json.dumps({"format": "anamc-graph", "version": 1, "blocks": [source, *encoders], "links": links})


# measurements


def measurements(place: Place) -> dict[str, Callable[[], list[float]]]:
    """What is measured in a round, by name."""
    warm = place.cache()
    load = LOAD.format(path=place.network)
    opt = [sys.executable, "-m", "anamc.cli.opt", "--help"]
    found: dict[str, Callable[[], list[float]]] = {
        "anamc-opt --help": lambda: place.timed(opt, warm),
        "regression JSON to callable, cold": lambda: place.printed(load, place.cache()),
        "regression JSON to callable, cached": lambda: place.printed(load, warm),
        "of that, imports of xDSL, NumPy and llvmlite": lambda: place.printed(IMPORTS, warm),
        "the same cached, with Python's own start": lambda: place.timed([sys.executable, "-c", load], warm),
    }
    for length in LENGTHS:
        path = place.folder / f"chain{length}.json"
        path.write_text(chain(length), encoding="utf-8")
        program = CHAIN.format(path=str(path), warm=place.network)
        found[f"chain of {length}"] = partial(place.printed, program, warm)
    return found


def measure(rounds: int) -> dict[str, list[list[float]]]:
    """All measurements, in interleaved rounds, so that a noisy minute meets all of them; the first is dropped."""
    with tempfile.TemporaryDirectory(prefix="anamc-bench-") as name:
        place = Place(Path(name))
        place.prepare()
        todo = measurements(place)
        taken: dict[str, list[list[float]]] = {name: [] for name in todo}
        for k in range(rounds + 1):
            for name, run in todo.items():
                values = run()
                if k:
                    taken[name].append(values)
    return taken


TARGETS = {
    "anamc-opt --help": 0.6,
    "regression JSON to callable, cold": 2.0,
    "regression JSON to callable, cached": 0.3,
}


def figures(taken: dict[str, list[list[float]]]) -> Iterator[Figure]:
    """The table: times, and the growth of the chains."""
    for name, rounds in taken.items():
        if name.startswith("chain"):
            yield figure(f"{name}: passes (CPU s)", [r[0] for r in rounds])
            yield figure(f"{name}: LLVM (CPU s)", [r[1] for r in rounds])
            yield figure(f"{name}: all (CPU s)", [sum(r) for r in rounds])
        else:
            yield figure(f"{name} (s)", [r[0] for r in rounds], TARGETS.get(name))
    for short, long in pairwise(LENGTHS):
        pairs = zip(taken[f"chain of {short}"], taken[f"chain of {long}"], strict=True)
        yield figure(f"growth from {short} to {long}", [sum(b) / sum(a) for a, b in pairs], LARGEST_GROWTH)


def machine() -> dict[str, str]:
    """What the figures belong to."""
    cpu = next((line.partition(":")[2].strip() for line in cpuinfo() if line.startswith("model name")), "unknown")
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip() or "unknown"
    return {
        "cpu": f"{cpu}, {os.cpu_count()} cores",
        "system": platform.platform(),
        "python": platform.python_version(),
        "xdsl": version("xdsl"),
        "llvmlite": version("llvmlite"),
        "commit": commit,
        "load": f"{os.getloadavg()[0]:.2f}",
        "date": time.strftime("%Y-%m-%d"),
    }


def cpuinfo() -> list[str]:
    """Lines of the kernel's description of the processor, where there is one."""
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="processes a figure (default 7)")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    options = parser.parse_args()
    about = machine()
    found = list(figures(measure(options.rounds)))
    print("\n".join(f"{key + ':':9} {value}" for key, value in about.items()))
    print(f"\n{f'medians of {options.rounds} rounds':48} {'median':>8} {'least':>8} {'largest':>8}  target")
    print("\n".join(map(str, found)))
    if options.json:
        options.json.write_text(json.dumps({"machine": about, "figures": [asdict(f) for f in found]}, indent=1) + "\n")
    return 0 if all(f.met for f in found) else 1


if __name__ == "__main__":
    sys.exit(main())
