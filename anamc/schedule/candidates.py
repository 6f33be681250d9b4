"""Schedules that are worth a measurement, for a kernel that has one of the cost model."""

from __future__ import annotations

from collections.abc import Iterator

from anamc.dialects import kernel
from anamc.dialects.schedule import ScheduleAttr
from anamc.schedule.fitting import misfit
from anamc.schedule.kernels import ahead_of, features_in_lanes, rows_in_lanes
from anamc.schedule.machines import Machine

ROWS = ((4, 2), (8, 2), (12, 2), (4, 4), (6, 4), (8, 1), (12, 1), (16, 1), (2, 8), (3, 8))
"""Tiles with rows in lanes: outputs, and vectors of rows, which are the block."""
FEATURES = ((6, 4), (8, 3), (12, 2), (4, 4), (24, 1))
"""Tiles with features in lanes: rows, and vectors of features."""
BLOCKS = (24, 48, 96)
"""Rows of a block with features in lanes: multiples of each tile's rows, or nearly."""


def candidates(op: kernel.RowsOp, first: ScheduleAttr, machine: Machine, bits: int) -> list[ScheduleAttr]:
    """Schedules besides `first`, those of its own layout in front; every one fits the machine."""
    lanes = first.lanes.data
    if lanes not in ("rows", "features"):
        return []
    orders = {"rows": (in_rows, in_features), "features": (in_features, in_rows)}
    found = [s for layout in orders[lanes] for s in layout(op, machine, bits)]
    return [s for s in dict.fromkeys(found) if s != first and not misfit(s, machine, bits)]


def in_rows(op: kernel.RowsOp, machine: Machine, bits: int) -> Iterator[ScheduleAttr]:
    vector = machine.lanes(bits)
    chosen = rows_in_lanes(op, machine, vector, bits // 8)
    if isinstance(chosen, str):
        return
    chunk, least = chosen.numbers["chunk"], chosen.numbers["least"]
    for width in (vector, vector // 2):
        for outputs, vectors in ROWS:
            if width > 1 and chunk % (width * vectors) == 0:
                block = width * vectors
                yield ScheduleAttr("rows", width, block, (outputs, vectors), chunk, least, ahead_of(op, block))


def in_features(op: kernel.RowsOp, machine: Machine, bits: int) -> Iterator[ScheduleAttr]:
    vector = machine.lanes(bits)
    chosen = features_in_lanes(op, machine, vector, bits // 8)
    if isinstance(chosen, str):
        return
    for rows in BLOCKS:
        for tile in FEATURES:
            if rows % tile[0] == 0:
                chunk, least = chosen.numbers["chunk"], chosen.numbers["least"]
                yield ScheduleAttr("features", vector, rows, tile, chunk, least, ahead_of(op, rows))
