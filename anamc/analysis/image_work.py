"""How many rows with run-time ranges, such as images, are a piece of work for a thread where they are summed."""

from __future__ import annotations

from math import prod

from xdsl.dialects.builtin import TensorType

from anamc.analysis.work import UNKNOWN, piece
from anamc.dialects import kernel, nest

HEAVY, ROWS = 131072, 16
"""From so many products a row on, with a guess for run-time ranges, so many rows are enough."""
SHARE = 64
"""So many products of a row must there be for each number that is summed over rows: adding the parts takes time too."""


def summed_piece(op: kernel.RowsOp, most: int) -> int:
    """How many rows are worth a thread's attention where sums over rows go by pieces; at most `most`."""
    nests = [inner for inner in op.body.block.ops if isinstance(inner, nest.MapOp)]
    if all(isinstance(e, int) for inner in nests for e in inner.extents):
        return piece(op, most)  # rows may run side by side in lanes
    count = sum(prod(e if isinstance(e, int) else UNKNOWN for e in inner.extents) for inner in nests)
    numbers = summed(op)
    return min(most, ROWS) if count >= HEAVY and 0 < numbers * SHARE <= count else piece(op, most)


def summed(op: kernel.RowsOp) -> int:
    """The numbers that are summed over all rows; 0 where that is not known."""
    shapes = [
        init.type.get_shape()
        for init, combiner, accesses in zip(op.inits, op.combiners, op.write_accesses, strict=True)
        if combiner.data == "add" and not accesses.data[0].indices and isinstance(init.type, TensorType)
    ]
    return 0 if any(size < 0 for shape in shapes for size in shape) else sum(prod(shape) for shape in shapes)
