"""Pass `inline-calls`: bodies of private functions in place of their calls."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.transforms.dead_code_elimination import region_dce

from anamc.dialects import ad
from anamc.lowering.inlining import inline_calls


@dataclass(frozen=True)
class InlineCallsPass(ModulePass):
    """
    Puts the body of each function on tensors in place of its calls, and erases private functions then.

    What only the calls needed is gone. Entries and kernels (`anamc.entry`, `anamc.kernel`) stay as they
    are, and so do calls of functions with `ad.custom`. Recursion and calls of a declaration are errors.
    """

    name = "inline-calls"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        functions = {f.sym_name.data: f for f in op.ops if isinstance(f, func.FuncOp)}
        customs = [o for o in op.ops if isinstance(o, ad.CustomOp)]
        keep = {s.root_reference.data for o in customs for s in (o.primal, o.vjp, o.jvp) if s is not None}
        named = frozenset(o.primal.root_reference.data for o in customs)
        for function in functions.values():
            is_entered = not is_private(function) or function.sym_name.data in keep
            if is_on_tensors(function) and is_entered and any(isinstance(o, func.CallOp) for o in function.walk()):
                inline_calls(function, functions, named)
                region_dce(function.body)
        for name, function in functions.items():
            if is_on_tensors(function) and is_private(function) and name not in keep:
                Rewriter.erase_op(function)


def is_on_tensors(function: func.FuncOp) -> bool:
    """False for declarations, and for what lowering has made."""
    made = ("anamc.entry", "anamc.kernel", "anamc.workspace_of")
    return bool(function.body.blocks) and not any(name in function.attributes for name in made)


def is_private(function: func.FuncOp) -> bool:
    return function.sym_visibility is not None and function.sym_visibility.data == "private"
