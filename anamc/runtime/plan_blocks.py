"""Plans as emitted C has them in memory (`anamc.dialects.plan_layout`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anamc.dialects.plan_layout import FACTOR, HEADER, LANES, LOW, MAGIC, PART, PlanLayout
from anamc.runtime.edge_plans import plan_of

Table = NDArray[Any]
ROUND = 2 * LANES
MASK = (1 << 64) - 1


def plan_block(layout: PlanLayout, tables: Mapping[str, Table], sizes: Mapping[str, int]) -> Table:
    """The block of words for tables of int32 and run-time sizes."""
    starts = layout.starts(sizes)
    block = np.zeros(starts[-1], np.int32)
    found = 0
    for name in layout.tables:
        found = mixed(found, hash_of(tables[name]))
    block[:HEADER] = MAGIC, layout.key, found & LOW, found >> 32 & LOW
    block[HEADER : layout.first] = [sizes[name] for name in layout.sizes]
    for (_, source), first, last in zip(layout.plans, starts, starts[1:], strict=False):
        block[first:last] = plan_of(source, tables).reshape(-1)
    return block


def mixed(hash: int, word: int) -> int:
    """``g ^ (g >> 32)``, ``g = (hash ^ word) FACTOR`` modulo 2^64."""
    product = (hash ^ word) * FACTOR & MASK
    return product ^ product >> 32


def hash_of(table: Table) -> int:
    """The hash of a table of int32."""
    numbers = np.ascontiguousarray(table, np.int32).reshape(-1)
    parts = [numbers[start : start + PART] for start in range(0, len(numbers), PART)]
    return sum(hash_of_part(part, k) for k, part in enumerate(parts)) & MASK


def hash_of_part(part: Table, number: int) -> int:
    """The hash of at most `PART` numbers."""
    padded = np.zeros(-(-len(part) // ROUND) * ROUND, np.uint32)
    padded[: len(part)] = part.view(np.uint32)
    words = padded[0::2].astype(np.uint64) | padded[1::2].astype(np.uint64) << np.uint64(32)
    lanes = np.zeros(LANES, np.uint64)
    for row in words.reshape(-1, LANES):
        lanes = (lanes ^ row) * np.uint64(FACTOR)
        lanes ^= lanes >> np.uint64(32)
    found = number + 1
    for lane in lanes:
        found = mixed(found, int(lane))
    return found
