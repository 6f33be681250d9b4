"""Pass `simplify-floats`: zeros and ones in float arithmetic folded, dead operations erased."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from anamc.autodiff.simplify import simplify


@dataclass(frozen=True)
class SimplifyFloatsPass(ModulePass):
    """
    ``x + 0``, ``x - 0``, ``1 x``, ``x / 1``, ``-(-x)``, ``c ? x : x`` => ``x``; ``0 x`` => ``0``;
    ``x + (-y)`` => ``x - y``.

    On scalars and tensors. ``0 x`` is folded also where x may be infinite or NaN, as suits derivatives.
    `ad-expand` does this to what it makes; the pass does it to every function.
    """

    name = "simplify-floats"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in op.ops:
            if isinstance(function, func.FuncOp) and function.body.blocks:
                simplify(function.body)
