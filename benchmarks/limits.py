"""
What the machine can do: `python -m benchmarks.limits THREADS` prints GFLOP/s of a matrix product and GB/s of a triad.

The product is NumPy's of 2048 x 2048 float32 (its BLAS must have as many threads, by its environment);
the triad ``a = b + 3 c`` on arrays of 200 MB counts three arrays, not what a cache reads before it writes.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

SIZE = 2048
NUMBERS = 50_000_000
PIECE = 65536
"""Numbers of a piece of the triad: it stays in the cache between its two steps."""
REPEATS = 7


def least(run: Callable[[], Any]) -> float:
    taken: list[float] = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return min(taken)


def product() -> float:
    """GFLOP/s."""
    a = np.random.default_rng(0).normal(size=(SIZE, SIZE)).astype("float32")
    out = np.empty_like(a)
    return 2e-9 * SIZE**3 / least(lambda: np.matmul(a, a, out=out))


def triad(threads: int) -> float:
    """GB/s."""
    a, b, c = (np.full(NUMBERS, k, "float32") for k in range(3))

    def part(k: int) -> None:
        first, last = (NUMBERS * j // threads for j in (k, k + 1))
        for start in range(first, last, PIECE):
            piece = slice(start, min(start + PIECE, last))
            np.multiply(c[piece], np.float32(3), out=a[piece])
            np.add(a[piece], b[piece], out=a[piece])

    with ThreadPoolExecutor(threads) as pool:
        return 12e-9 * NUMBERS / least(lambda: list(pool.map(part, range(threads))))


def main() -> int:
    threads = int(sys.argv[1])
    print(json.dumps({"threads": threads, "gflops": product(), "triad": triad(threads)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
