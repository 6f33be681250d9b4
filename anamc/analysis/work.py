"""How much a kernel computes for a row, and how many rows are a piece of work for a thread."""

from __future__ import annotations

from math import prod

from xdsl.dialects.builtin import TensorType
from xdsl.ir import Operation

from anamc.analysis.elementwise import FUNCTIONS
from anamc.dialects import kernel, mlp, nest

HEAVY = ((65536, 128), (4096, 256))
"""From so many products a row on, so many rows are enough: some tens of microseconds on vectors."""
FUNCTION = 12
"""Products in the time of an elementary function, on vectors: 29 G products a second, 2.4 G tanh."""
UNKNOWN = 32
"""What a run-time range counts as."""
WAKING = 262144
"""Products that take some times as long as waking a thread: nine microseconds on vectors."""
WORTH = 65536
"""Products that are worth a thread's attention."""
MOST = 256
"""The most rows that are."""


def products(op: kernel.RowsOp) -> int:
    """Products a row, roughly: iterations of nests, elements of matrices that operations use or make, numbers else."""
    return sum(products_of(inner) for inner in op.body.block.ops if not isinstance(inner, kernel.YieldOp))


def products_of(op: Operation) -> int:
    """Products of one operation of a kernel's body."""
    if isinstance(op, nest.MapOp):
        return prod(e if isinstance(e, int) else 1 for e in op.extents)
    shapes = [v.type.get_shape() for v in (*op.operands, *op.results) if isinstance(v.type, TensorType)]
    return max((prod(max(s, 1) for s in shape) for shape in shapes), default=0)


def effort(op: Operation) -> int:
    """Products of one operation, with its elementary functions at what they cost."""
    inner = [*op.body.block.ops] if isinstance(op, nest.MapOp) else [op]
    functions = sum(isinstance(o, (*FUNCTIONS, *mlp.ACTIVATIONS)) for o in inner)
    return products_of(op) * (1 + (FUNCTION - 1) * functions)


def piece(op: kernel.RowsOp, most: int) -> int:
    """How many rows are worth a thread's attention; at most `most`."""
    count = products(op)
    return min((rows for least, rows in HEAVY if count >= least and rows < most), default=most)


def least_piece(op: kernel.RowsOp, step: int, most: int) -> int:
    """How many rows, a multiple of `step`, are worth waking a thread for; `most` where that is not twice as many."""
    count = sum(effort(inner) for inner in op.body.block.ops if not isinstance(inner, kernel.YieldOp))
    rows = -(-WAKING // max(1, count) // step) * step
    return rows if 2 * rows <= most else most


def grain(op: kernel.RowsOp) -> int:
    """How many rows are worth a thread's attention where they run on vectors one by one; a guess for unknown ranges."""
    count = sum(
        prod(e if isinstance(e, int) else UNKNOWN for e in inner.extents)
        for inner in op.body.block.ops
        if isinstance(inner, nest.MapOp)
    )
    return min(MOST, max(1, WORTH // max(1, count)))
