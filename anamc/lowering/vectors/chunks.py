"""What both layouts of a kernel share: loops over chunks of rows, and where rows are in memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineSymExpr,
)
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.table_rows import reached_by_tables
from anamc.dialects import kernel
from anamc.dialects.access import AccessAttr
from anamc.dialects.schedule import CHUNKS
from anamc.lowering.chunk_order import by_plan, in_order, in_parallel
from anamc.lowering.emitter import Emitter, Index
from anamc.lowering.vectors.ahead import ask_for_row
from anamc.lowering.vectors.conflicts import RowConflicts
from anamc.lowering.vectors.lanes import LaneEmitter
from anamc.lowering.vectors.plan import BodyPlan
from anamc.schedule.kernels import only_writes


class KernelRows(ABC):
    """One kernel, in front of which the loops over its chunks are emitted."""

    def __init__(self, op: kernel.RowsOp, emit: Emitter, conflicts: RowConflicts) -> None:
        schedule = op.schedule
        if schedule is None:
            raise PassFailedException("convert-kernel-to-vectors: a kernel without a schedule")
        self.schedule = schedule.numbers
        self.op = op
        self.emit = emit
        self.lanes = LaneEmitter(emit, self.schedule["vector"])
        self.conflicts = conflicts
        self.chunk = conflicts.tile or (op.planned[1] if op.planned else self.schedule["chunk"])
        self.plan = BodyPlan(op.body.block, frozenset(conflicts.sums))

    @abstractmethod
    def rows(self, lower: Index, upper: Index, chunk: Index | None) -> None:
        """The rows of one chunk; `chunk`: its row of partial sums."""

    def lower(self) -> None:
        op, emit = self.op, self.emit
        extent = op.extent
        if self.conflicts.whole:
            self.rows(0, extent, None)
            return

        size = self.chunk_rows(extent)

        def chunk(k: Index, place: Index) -> None:
            lower = emit.mul(k, size)
            self.rows(lower, emit.min(emit.add(lower, size), extent), place)

        if isinstance(extent, int) and isinstance(size, int) and extent <= size:
            chunk(0, 0)
            return
        count, slots = emit.ceildiv(extent, size), self.conflicts.slots
        if op.plan is not None:
            by_plan(emit, op.plan, count, slots, chunk)
        elif self.conflicts.scatters:
            in_order(emit, count, slots, chunk)
        else:
            in_parallel(emit, count, slots, chunk, "chunk", grain=1)

    def chunk_rows(self, extent: Index) -> Index:
        """The rows of a chunk, by the number of rows alone: never by that of threads."""
        least, emit = self.schedule["least"], self.emit
        if least == self.chunk or not only_writes(self.op):
            return self.chunk
        share = emit.mul(emit.ceildiv(extent, CHUNKS * least), least)
        return emit.min(emit.max(share, least), self.chunk)

    def index(self, access: AccessAttr, r: Index) -> Index:
        """The leading index of an access at row `r`."""
        sizes: list[Index] = list(self.op.rows)
        symbols = list(sizes)
        for read in access.tables:
            at = [self.emit.affine(e, [r], sizes) for e in read.map.data.results]
            symbols.append(self.emit.load_index(self.op.tables[read.position], at))
        return self.emit.affine(access.indices[0], [r], symbols)

    def ask_ahead(self, first: Index, count: int) -> None:
        """Asks for what rows reach through tables: `count` of them, `ahead` rows behind row `first`, if there are."""
        emit, ahead, reached = self.emit, self.schedule["ahead"], reached_by_tables(self.op)
        if not ahead or not reached:
            return
        begin = emit.add(first, ahead)
        left = emit.min(emit.sub(self.op.extent, begin), count)

        def row(at: Sequence[Index]) -> None:
            r = emit.add(begin, at[0])
            places = {access: self.index(access, r) for access in dict.fromkeys(access for _, access in reached)}
            for buffer, access in reached:
                ask_for_row(emit, buffer, places[access])

        emit.nested([left], row, ["ahead"])

    def lead(self, result: int, chunk: Index | None) -> tuple[Index, ...]:
        """Where the sum of a chunk is in a result."""
        return () if self.conflicts.tile_of(result) is None else (0 if chunk is None else chunk,)


def step_is_one(access: AccessAttr) -> bool:
    """True for `[r]` and `[r + c]`: neighbouring rows."""
    match access.indices[0]:
        case (
            AffineDimExpr()
            | AffineBinaryOpExpr(
                kind=AffineBinaryOpKind.Add, lhs=AffineDimExpr(), rhs=AffineConstantExpr() | AffineSymExpr()
            )
        ):
            return access.is_direct
        case _:
            return False
