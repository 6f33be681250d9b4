"""Schedules that `anamc bench --tune` found best: kept in the cache, by program and machine, for later compiles."""

from __future__ import annotations

from collections.abc import Sequence

from anamc.program import Program
from anamc.runtime.cache import Entry, ObjectCache, cache_key
from anamc.runtime.jit import machine_key


def schedules_key(program: Program, function: str, dtype: str, keep: str | int) -> str:
    """
    What schedules are kept by: function, passes left out, float type, machine, version of anamc.

    Not by the number of threads: results have the same bits at any.
    """
    return cache_key("schedules", str(program.ir), str(program.left_out), function, dtype, str(keep), *machine_key())


def remembered(disk: ObjectCache, key: str) -> tuple[str, ...]:
    """The schedule of each kernel in order, "" for that of the cost model; nothing where nothing is kept."""
    entry = disk.load(key)
    found = [] if entry is None else entry.meta.get("schedules")
    if not isinstance(found, list) or not any(found):  # pyright: ignore[reportUnknownArgumentType]
        return ()
    return tuple(map(str, found))  # pyright: ignore[reportUnknownArgumentType]


def remember(disk: ObjectCache, key: str, schedules: Sequence[str]) -> bool:
    """Keeps the schedules; whether that worked."""
    return disk.store(key, Entry(b"", {"schedules": list(schedules)}))
