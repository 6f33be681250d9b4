"""Pass `convert-kernel-to-loops`: kernels on buffers become loops over rows."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.dialects import kernel
from anamc.lowering.emitter import Emitter
from anamc.lowering.kernel_rows import RowsLowering


@dataclass(frozen=True)
class ConvertKernelToLoopsPass(ModulePass):
    """
    ``kernel.rows`` on buffers => `scf.parallel` where rows are independent (or meet only in atomic
    additions through an edge list), over blocks of rows where they sum into blocks, over the chunks of one
    colour after the other where there is a plan, else `scf.for`.

    Bodies must hold nests only (`decompose-to-nest`). Row values live in local arrays, in
    registers, or at once in the output row.
    """

    name = "convert-kernel-to-loops"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            emit = Emitter(function.body.block)
            for inner in [o for o in function.body.walk() if isinstance(o, kernel.RowsOp)]:
                if not inner.is_buffered:
                    raise PassFailedException(
                        "convert-kernel-to-loops: a kernel on tensors; run bufferize-kernels before"
                    )
                emit.block = inner.parent_block() or emit.entry
                emit.point, emit.location = inner, inner.location
                RowsLowering(inner, emit).lower()
                Rewriter.erase_op(inner)
