"""
Plans of rows that meet: made of the index tables of a call, once a mesh, and kept.

A plan is found again by the contents of its tables, number by number: a table that was changed in place gets
another plan. What a call computes with are copies of its own, so that a plan always fits its tables.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anamc.dialects.orders import Layout
from anamc.dialects.plan_layout import COLOURS
from anamc.dialects.plans import PlanSource
from anamc.runtime.orders import Order, orders_of, reached_sets, renumbered

Table = NDArray[Any]
AS_GIVEN = Layout()
ENOUGH = 8
"""Chunks that run at once: with more, rows stay as they come."""
GAIN = 2
"""How many times more chunks at once another order must give."""
KEPT = 8
"""Sets of tables that are remembered."""


@dataclass(frozen=True)
class Planned:
    """Plans, the tables that they were made of, and what the code takes for these; orders by the names of sets."""

    plans: tuple[Table, ...]
    tables: Mapping[str, Table]
    taken: Mapping[str, Table]
    orders: Mapping[str, Order]

    def fits(self, tables: Mapping[str, Table]) -> bool:
        """True for tables of the same numbers."""
        return all(same(table, tables[name]) for name, table in self.tables.items())


def same(a: Table, b: Table) -> bool:
    """Equal in shape, type and every number."""
    if a is b:
        return True
    return a.shape == b.shape and a.dtype == b.dtype and bool(np.array_equal(a, b))


class PlanCache:
    """The plans of the last meshes, for one function or for all."""

    def __init__(self, kept: int = KEPT) -> None:
        self.kept = kept
        self._lock = threading.Lock()
        self._known: OrderedDict[object, list[Planned]] = OrderedDict()

    def of(
        self,
        sources: tuple[PlanSource, ...],
        tables: Mapping[str, Table],
        layout: Layout = AS_GIVEN,
        sizes: Mapping[str, int] | None = None,
    ) -> Planned:
        """
        The plans of `sources`, all over tables of a call; linear in the rows, or one comparison where they are known.

        `layout` says which rows may come in another order, `sizes` how many there are.
        """
        layout = layout.of_tables(tables)  # functions of one mesh share plans, whatever else they take
        counted = {s for source in sources for _, _, s in source.columns}
        sizes = {name: size for name, size in (sizes or {}).items() if name in counted}
        given = tuple((n, t.shape, t.dtype.str) for n, t in tables.items())
        key = (sources, given, layout.key, tuple(sorted(sizes.items())))
        with self._lock:
            known = list(self._known.get(key, ()))
        for planned in known:
            if planned.fits(tables):
                return planned
        own = {name: table.copy() for name, table in tables.items()}
        planned = planned_of(sources, own, layout, sizes)
        for table in (*own.values(), *planned.taken.values()):
            table.flags.writeable = False
        with self._lock:
            self._known[key] = [planned, *self._known.pop(key, [])][: self.kept]
            while len(self._known) > self.kept:
                self._known.popitem(last=False)
        return planned


PLANS = PlanCache()
"""The plans of this process."""


def planned_of(
    sources: tuple[PlanSource, ...], tables: Mapping[str, Table], layout: Layout, sizes: Mapping[str, int]
) -> Planned:
    """The plans, with rows in another order where few of them could run at once as they come, and more then."""
    plans = tuple(plan_of(source, tables) for source in sources)
    if any(at_once(plan) < ENOUGH <= len(plan) - 1 for plan in plans):
        orders = orders_of(sources, layout, tables, sizes)
        taken = {name: renumbered(name, table, layout, orders) for name, table in tables.items()}
        better = tuple(plan_of(source, taken) for source in sources) if orders else plans
        if sum(map(at_once, better)) >= GAIN * sum(map(at_once, plans)):
            return Planned(better, tables, taken, orders)
    return Planned(plans, tables, tables, {})


def at_once(plan: Table) -> float:
    """How many chunks a colour of a plan has."""
    return (len(plan) - 1) / max(int(plan[0, 0]), 1)


def plan_of(source: PlanSource, tables: Mapping[str, Table]) -> Table:
    """
    The plan of `anamc.dialects.plans`: each chunk has the first colour that no earlier one has which it meets.

    Where that takes more than `COLOURS`, as on a mesh in random order, each chunk has a colour of its own.
    """
    reached = list(reached_sets(source, tables).values())
    count = -(-len(reached[0]) // source.chunk)
    colours = coloured(reached, source.chunk, count)
    plan = np.zeros((count + 1, 2), np.int32)
    if colours is None:
        plan[0, 0] = count
        plan[:, 1] = np.arange(count + 1)
        plan[1:, 0] = np.arange(count)
        return plan
    sizes = np.bincount(colours)
    plan[0, 0] = len(sizes)
    plan[1 : len(sizes) + 1, 1] = np.cumsum(sizes)
    plan[1:, 0] = np.argsort(colours, kind="stable")
    return plan


def coloured(reached: Sequence[Table], chunk: int, count: int) -> Table | None:
    """A colour for each chunk; None where there are not enough."""
    if count <= 1:
        return np.zeros(count, np.int64)
    taken = [np.zeros(int(r.max()) + 1, np.uint64) for r in reached]
    colours = np.zeros(count, np.int64)
    for k in range(count):
        places = [r[k * chunk : (k + 1) * chunk].reshape(-1) for r in reached]
        used = 0
        for bits, at in zip(taken, places, strict=True):
            used |= int(np.bitwise_or.reduce(bits[at]))
        free = (~used & (used + 1)).bit_length() - 1
        if free >= COLOURS:
            return None
        for bits, at in zip(taken, places, strict=True):
            bits[at] |= np.uint64(1 << free)
        colours[k] = free
    return colours
