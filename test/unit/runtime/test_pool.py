"""The pool covers every range once, whoever calls, in forked processes too."""

from __future__ import annotations

import ctypes
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from anamc.backends.llvm_ir.machine import Machine
from anamc.runtime.pool import pool_address, pool_text

PART = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)
RUN = ctypes.CFUNCTYPE(None, PART, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_int32)


def ranges(count: int, grain: int, threads: int) -> list[tuple[int, int]]:
    """The ranges of one run, sorted."""
    seen: list[tuple[int, int]] = []

    def part(_: Any, lower: int, upper: int) -> None:
        seen.append((lower, upper))

    RUN(pool_address())(PART(part), None, count, grain, threads)
    return sorted(seen)


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_ranges_cover_everything_once(threads: int) -> None:
    for _ in range(20):
        assert ranges(10, 3, threads) == [(0, 3), (3, 6), (6, 9), (9, 10)]


@pytest.mark.parametrize(("count", "grain", "threads"), [(10, 3, 1), (10, 10, 4), (0, 1, 4)])
def test_one_range_stays_on_its_thread(count: int, grain: int, threads: int) -> None:
    assert ranges(count, grain, threads) == [(0, count)]


def test_calls_at_once_do_not_disturb_each_other() -> None:
    def covered(_: int) -> int:
        return sum(upper - lower for lower, upper in ranges(1000, 7, 4))

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(covered, range(40))) == {1000}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of forking with threads: what is tested
@pytest.mark.filterwarnings("ignore:os.fork:RuntimeWarning")  # JAX's, where another test of this process imported it
def test_a_forked_process_has_threads_of_its_own() -> None:
    ranges(10, 3, 2)
    child = os.fork()
    if child == 0:
        os._exit(0 if ranges(10, 3, 2) == [(0, 3), (3, 6), (6, 9), (9, 10)] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.parametrize(
    ("triple", "pause"),
    [("x86_64-linux-gnu", "llvm.x86.sse2.pause"), ("arm64-apple-darwin", "llvm.aarch64.hint"), ("riscv64-linux", "")],
)
def test_waiting_threads_tell_the_processor(triple: str, pause: str) -> None:
    text = pool_text(Machine(triple))
    assert pause in text
    assert "PAUSE" not in text
