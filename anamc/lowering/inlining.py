"""Bodies of functions in place of their calls."""

from __future__ import annotations

from collections.abc import Mapping

from xdsl.dialects import func
from xdsl.ir import Operation, SSAValue
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.errors import FrontendError, Place, shown


def inline_calls(
    function: func.FuncOp, functions: Mapping[str, func.FuncOp], keep: frozenset[str] = frozenset()
) -> None:
    """
    Replaces every call in a function by the body of what it calls, calls in there too.

    Calls of the functions in `keep` stay. FrontendError (A0815) for a call without a body, and for recursion.
    """
    inline_in(function, function, functions, keep, (function.sym_name.data,))


def inline_in(
    root: Operation,
    function: func.FuncOp,
    functions: Mapping[str, func.FuncOp],
    keep: frozenset[str],
    stack: tuple[str, ...],
) -> None:
    for call in [op for op in root.walk() if isinstance(op, func.CallOp)]:
        name = call.callee.root_reference.data
        if name in keep:
            continue
        callee = functions.get(name)
        if callee is None or not callee.body.blocks:
            raise refused(call, f"@{shown(function.sym_name.data)} calls @{shown(name)}, which has no body")
        if name in stack:
            raise refused(call, f"@{shown(name)} calls itself", help="repeat with 'scf.for'")
        for op in inline_one(call, callee):
            inline_in(op, function, functions, keep, (*stack, name))


def refused(call: func.CallOp, what: str, help: str = "") -> FrontendError:
    """A0815"""
    return FrontendError("A0815", what, place=Place.of(call.location), help=help)


def inline_one(call: func.CallOp, callee: func.FuncOp) -> list[Operation]:
    """The operations that stand in place of a call."""
    last = callee.body.block.last_op
    if len(callee.body.blocks) != 1 or not isinstance(last, func.ReturnOp):
        raise PassFailedException(f"inline-calls: @{callee.sym_name.data} is not one block that ends in func.return")
    values: dict[SSAValue, SSAValue] = dict(zip(callee.body.block.args, call.arguments, strict=True))
    made: list[Operation] = []
    for op in callee.body.block.ops:
        if op is last:
            continue
        clone = op.clone(values)
        for old, new in zip(op.results, clone.results, strict=True):
            values[old] = new
            new.name_hint = old.name_hint
        Rewriter.insert_op(clone, InsertPoint.before(call))
        made.append(clone)
    results = [values.get(v, v) for v in last.operands]
    for old, new in zip(call.results, results, strict=True):
        if old.name_hint is not None and isinstance(new.owner, Operation):
            new.name_hint = old.name_hint
    Rewriter.replace_op(call, [], results)
    return made
