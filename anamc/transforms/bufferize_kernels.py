"""Pass `bufferize-kernels`: functions on tensors become entries on buffers, with a planned workspace."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import (
    ModuleOp,
)
from xdsl.passes import ModulePass

from anamc.dialects.forms import PLANNED
from anamc.lowering.entry import EntryBuilder


@dataclass(frozen=True)
class BufferizeKernelsPass(ModulePass):
    """
    `func.func @f(sizes, tensors) -> tensors` => `@f_eval(sizes, buffers, outputs, workspace) -> status`
    and `@f_workspace_size(sizes) -> bytes`.

    Sizes are i32 and checked to be >= 0 (status 1 otherwise). What kernels hand to each other lies in
    the workspace, in 64-byte aligned slots that are used again when their last reader has run. A function with
    plans beside another one (`anamc.planned`) has the workspace of that one.
    """

    name = "bufferize-kernels"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            if "anamc.entry" in function.attributes or "anamc.workspace_of" in function.attributes:
                continue
            builder = EntryBuilder(function)
            made = [builder.entry()]
            if PLANNED not in function.attributes:
                made.append(builder.workspace_size())
            for new in made:
                op.body.block.insert_op_before(new, function)
            function.detach()
            function.erase()
