"""
Rows in another order for the time of a call, where those of a mesh come shuffled.

Nodes are numbered breadth first, so that neighbours lie near each other; edges follow their first node. Computed of
the index tables once a mesh, by levels of whole arrays; a call copies its arguments into this order, and its results
back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anamc.dialects.orders import Layout
from anamc.dialects.plans import PlanSource

Table = NDArray[Any]
STEPS = 4096
"""The most levels of a breadth-first walk beside 8 times the square root of the nodes: a long thin mesh has more."""
SHARED_BYTES = 1 << 20
"""Copies of so many bytes are shared among the threads."""


@dataclass(frozen=True)
class Order:
    """Row `k` in the new order is row `old[k]`; row `i` of old is now row `new[i]`."""

    old: Table
    new: Table

    @staticmethod
    def of(old: Table) -> Order:
        """From the old numbers of the rows in their new order."""
        new = np.empty_like(old)
        new[old] = np.arange(len(old))
        return Order(old, new)


def reached_sets(source: PlanSource, tables: Mapping[str, Table]) -> dict[str, Table]:
    """What each row of a plan reaches, `[rows, columns]` for each set that is counted."""
    found: dict[str, Table] = {}
    for counted in dict.fromkeys(s for _, _, s in source.columns):
        columns = [(t, c) for t, c, s in source.columns if s == counted]
        first = tables[columns[0][0]]
        if len({t for t, _ in columns}) == 1 and first.ndim == 2 and first.shape[1] == len(columns):
            found[counted] = first  # all columns of one table, as they lie
        else:
            found[counted] = np.stack([tables[t] if c < 0 else tables[t][:, c] for t, c in columns], axis=1)
    return found


def orders_of(
    sources: Sequence[PlanSource], layout: Layout, tables: Mapping[str, Table], sizes: Mapping[str, int]
) -> dict[str, Order]:
    """
    New orders of the sets that are free, by name: empty where none is, or a table does not fit its set.

    Sets that rows reach by two columns or more are numbered breadth first; then the rows of each plan go by the
    least and the largest number that they reach.
    """
    meeting: dict[str, list[Table]] = {}
    reached = [(layout.arrays.get(source.columns[0][0]), reached_sets(source, tables)) for source in sources]
    for _, sets in reached:
        for counted, numbers in sets.items():
            if not fits(numbers, int(counted) if counted.isdigit() else sizes.get(counted, 0)):
                return {}
            if counted in sizes:
                pairs = [numbers[:, k : k + 2] for k in range(numbers.shape[1] - 1)]
                meeting.setdefault(counted, []).extend(pairs)
    walked = {s: Order.of(breadth_first(np.concatenate(pairs), sizes[s])) for s, pairs in meeting.items() if pairs}
    free = {*layout.arrays.values(), *(s for columns in layout.numbers.values() for s in columns)}
    orders = {name: order for name, order in walked.items() if name in free}
    for rows, sets in reached:
        if rows is not None and rows not in orders:
            numbers = next((walked[s].new[n] if s in walked else n for s, n in sets.items()))
            orders[rows] = Order.of(np.lexsort((numbers.max(axis=1), numbers.min(axis=1))))
    return orders


def fits(numbers: Table, size: int) -> bool:
    """True where all are row numbers of a set."""
    return not numbers.size or (int(numbers.min()) >= 0 and int(numbers.max()) < size)


def breadth_first(pairs: Table, count: int) -> Table:
    """
    The numbers 0 to `count` - 1 in the order of a walk from the far end of each part, linear in pairs and steps.

    What is not reached within the steps comes behind, in the order of the pairs; what is in no pair comes last.
    """
    ends, others = np.concatenate([pairs[:, 0], pairs[:, 1]]), np.concatenate([pairs[:, 1], pairs[:, 0]])
    neighbours = others[np.argsort(ends, kind="stable")]
    starts = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=count))])
    steps = STEPS + 8 * int(count**0.5)
    there = walk(neighbours, starts, steps, None)
    back = walk(neighbours, starts, steps, there[-1] if len(there) else None)
    seen = np.zeros(count, bool)
    seen[back] = True
    flat = pairs.reshape(-1)
    flat = flat[~seen[flat]]
    _, first = np.unique(flat, return_index=True)
    rest = flat[np.sort(first)]
    seen[rest] = True
    return np.concatenate([back, rest, np.flatnonzero(~seen)]).astype(np.int64)


def walk(neighbours: Table, starts: Table, steps: int, begin: int | None) -> Table:
    """The nodes that have neighbours, level by level from `begin`, part after part; at most `steps` levels."""
    seen = starts[1:] == starts[:-1]
    place = np.empty(len(seen), np.int64)
    levels: list[Table] = []
    waiting = np.flatnonzero(~seen)
    next_part = 0
    level = waiting[:0] if begin is None else np.array([begin])
    for _ in range(steps):
        if not len(level):
            while next_part < len(waiting) and seen[waiting[next_part]]:
                next_part += 1
            if next_part == len(waiting):
                break
            level = waiting[next_part : next_part + 1]
        seen[level] = True
        levels.append(level)
        found = neighbours_of(level, neighbours, starts)
        found = found[~seen[found]]
        place[found[::-1]] = np.arange(len(found))[::-1]  # the first of equals wins
        level = found[place[found] == np.arange(len(found))]
    return np.concatenate(levels) if levels else waiting[:0]


def neighbours_of(level: Table, neighbours: Table, starts: Table) -> Table:
    """The neighbours of some nodes, node after node."""
    counts = starts[level + 1] - starts[level]
    ends = np.cumsum(counts)
    return neighbours[np.arange(ends[-1]) + np.repeat(starts[level] - (ends - counts), counts)]


def renumbered(name: str, table: Table, layout: Layout, orders: Mapping[str, Order]) -> Table:
    """An index table in its new order, with the new numbers of what its columns count."""
    order = orders.get(layout.arrays.get(name, ""))
    found = table.copy() if order is None else table[order.old]
    columns = found.reshape(len(found), -1)
    for c, counted in enumerate(layout.numbers.get(name, ())):
        if counted in orders:
            columns[:, c] = orders[counted].new[columns[:, c]]
    return found


@dataclass(frozen=True)
class Copy:
    """``target[k] = source[rows[k]]``, arrays of the same rows."""

    source: Table
    rows: Table
    target: Table

    def __call__(self) -> None:
        np.take(self.source, self.rows, axis=0, out=self.target, mode="clip")

    def parts(self, count: int) -> list[Copy]:
        """The same in parts of about equal size."""
        bounds = np.linspace(0, len(self.rows), count + 1).astype(int)
        return [Copy(self.source, self.rows[a:b], self.target[a:b]) for a, b in pairwise(bounds)]


@dataclass(frozen=True)
class Copies:
    """Arguments and results of a call in another order, and the copies between them and those of the caller."""

    inputs: Mapping[str, Table]
    outputs: Mapping[str, Table]
    before: Sequence[Copy]
    after: Sequence[Copy]

    @staticmethod
    def of(
        sets: Mapping[str, str],
        orders: Mapping[str, Order],
        arguments: Mapping[str, Table],
        results: Mapping[str, Table],
    ) -> Copies:
        """`sets`: that of each array whose rows have an order. MemoryError where there is none for the copies."""
        known = {name: orders[s] for name, s in sets.items() if s in orders}
        inputs = {name: np.empty_like(b) for name, b in arguments.items() if name in known}
        outputs = {name: np.empty_like(b) for name, b in results.items() if name in known}
        before = [Copy(by_rows(arguments[n], known[n]), known[n].old, by_rows(b, known[n])) for n, b in inputs.items()]
        after = [Copy(by_rows(b, known[n]), known[n].new, by_rows(results[n], known[n])) for n, b in outputs.items()]
        return Copies(inputs, outputs, before, after)

    def around(self, run: Callable[[], int], threads: int) -> Callable[[], int]:
        """`run` with the copies in front of it and behind it."""

        def copied() -> int:
            copy_all(self.before, threads)
            if status := run():
                return status
            copy_all(self.after, threads)
            return 0

        return copied


def by_rows(buffer: Table, order: Order) -> Table:
    """A contiguous array as rows of a set."""
    return buffer.reshape(len(order.old), -1)


def copy_all(copies: Sequence[Copy], threads: int) -> None:
    """All copies, large ones by several threads."""
    if threads == 1 or sum(c.target.nbytes for c in copies) < SHARED_BYTES:
        for copy in copies:
            copy()
        return
    list(_threads().map(lambda part: part(), [part for copy in copies for part in copy.parts(threads)]))


@cache
def _threads() -> ThreadPoolExecutor:
    """NumPy copies without the interpreter's lock."""
    return ThreadPoolExecutor(thread_name_prefix="anamc-copy")
