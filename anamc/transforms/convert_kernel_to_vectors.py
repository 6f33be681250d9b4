"""Pass `convert-kernel-to-vectors`: kernels with rows in lanes become loops over blocks of rows on vectors."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, func, vector
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.dialects import kernel
from anamc.lowering.emitter import Emitter
from anamc.lowering.row_loops import LoopRows
from anamc.lowering.vectors.chunks import KernelRows
from anamc.lowering.vectors.conflicts import row_conflicts
from anamc.lowering.vectors.element_rows import ElementRows
from anamc.lowering.vectors.feature_rows import FeatureRows
from anamc.lowering.vectors.rows import VectorRows
from anamc.schedule.kernels import refusal

DEAD = (arith.MulfOp, arith.AddiOp, vector.BroadcastOp)
"""What may be left over where a product joined a sum."""
LAYOUTS: dict[str, type[KernelRows]] = {"rows": VectorRows, "features": FeatureRows}
"""How each layout of a schedule is lowered."""
WITHOUT_SHUFFLES: dict[str, type[KernelRows]] = {"rows": LoopRows}
"""The same for code without vectors."""


@dataclass(frozen=True)
class ConvertKernelToVectorsPass(ModulePass):
    """
    ``kernel.rows`` on buffers with a schedule => loops on vectors, over blocks of rows or row by row.

    Rows in lanes: a row value is a local array `[features][rows of the block]`. Sums of a tile of outputs stay in
    registers, and the bias before and a short activation behind them join in. Rows that fill no block
    run one vector at a time; lanes without a row repeat the last one and are not stored. Features in lanes: a
    row value is a local array `[rows of the block][features]`, or stays where it is read from or written to;
    matrices that are read along the wrong dimension are turned once for all rows, and sums of outer products
    are matrix products over the rows of a block. Elements in lanes, for rows of any rank and of run-time widths: each
    nest on its own, one iterator counted by lanes, up to two others (or the rows) tiled, with sums in registers;
    what lanes do not find as neighbours is packed or gathered, and lanes behind the end stay out of memory by
    masks. Nests without such a form are loops of scalars. Kernels without a schedule stay for
    `convert-kernel-to-loops`.
    `shuffles=false`: rows go to lanes and back by plain loops, for `convert-vector-to-loops`; other layouts have
    no such form.
    """

    name = "convert-kernel-to-vectors"

    shuffles: bool = True

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        layouts = LAYOUTS if self.shuffles else WITHOUT_SHUFFLES
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            emit = Emitter(function.body.block)
            for inner in [o for o in function.body.walk() if isinstance(o, kernel.RowsOp)]:
                schedule = inner.schedule
                chosen = "none" if schedule is None else schedule.lanes.data
                if schedule is None or (chosen not in layouts and not (self.shuffles and chosen == "elements")):
                    continue
                if not inner.is_buffered:
                    raise PassFailedException(f"{self.name}: a kernel on tensors; run bufferize-kernels before")
                emit.block = inner.parent_block() or emit.entry
                emit.point, emit.location = inner, inner.location
                if chosen == "elements":
                    ElementRows(inner, emit).lower()
                    Rewriter.erase_op(inner)
                    continue
                conflicts = row_conflicts(inner)
                if reason := conflicts.refusal or refusal(inner):
                    raise PassFailedException(f"{self.name}: a kernel has no form on vectors: {reason}")
                if chosen == "rows" and (conflicts.tile or 0) % schedule.numbers["block"]:
                    raise PassFailedException(
                        f"{self.name}: {conflicts.tile} rows that are summed together are no multiple of the block"
                    )
                layouts[chosen](inner, emit, conflicts).lower()
                Rewriter.erase_op(inner)
            for inner in list(function.body.walk(reverse=True)):
                if isinstance(inner, DEAD) and not inner.results[0].uses.get_length():
                    Rewriter.erase_op(inner)
