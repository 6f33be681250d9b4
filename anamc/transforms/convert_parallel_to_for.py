"""Pass `convert-parallel-to-for`: parallel loops run one row after the other."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, memref, scf
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.transforms.rule_table import Emitter, RuleTable

NAME = "convert-parallel-to-for"
RULES = RuleTable(NAME)
ATOMIC_ADDF = 0
"""The `kind` of `memref.atomic_rmw` that adds floats."""


def _around(block: Block, outer: Block) -> Block:
    """Give the first argument of `block` to `outer`."""
    first = block.args[0]
    outer.args[0].name_hint = first.name_hint
    first.replace_all_uses_with(outer.args[0])
    block.erase_arg(first)
    return outer


@RULES.of(scf.ParallelOp)
def parallel(op: scf.ParallelOp, emit: Emitter) -> SSAValue | None:
    """A nest of `scf.for`, the first dimension outermost. Reductions are refused."""
    if op.initVals:
        raise PassFailedException(f"{NAME}: 'scf.parallel' with reductions is not supported")

    body = op.body.detach_block(op.body.block)
    if body.last_op is not None:
        Rewriter.replace_op(body.last_op, scf.YieldOp())
    bounds = list(zip(op.lowerBound, op.upperBound, op.step, strict=True))
    blocks = [_around(body, Block(arg_types=[body.args[0].type])) for _ in bounds[1:]] + [body]
    loop = None
    for (lower, upper, step), block in zip(reversed(bounds), reversed(blocks), strict=True):
        if loop is not None:
            block.add_ops([loop, scf.YieldOp()])
        loop = scf.ForOp(lower, upper, step, [], Region(block))
        loop.location = op.location
    if loop is not None:
        emit.add(loop)
    return None


@RULES.of(memref.AtomicRMWOp)
def atomic_rmw(op: memref.AtomicRMWOp, emit: Emitter) -> SSAValue:
    """Load, add, store: there is only one thread. The result is the value stored."""
    if (kind := op.kind.value.data) != ATOMIC_ADDF:
        raise PassFailedException(f"{NAME}: 'memref.atomic_rmw' of kind {kind} is not supported, only addf (0)")

    old = emit(memref.LoadOp.get(op.memref, op.indices))
    new = emit(arith.AddfOp(old, op.value))
    emit.add(memref.StoreOp.get(new, op.memref, op.indices))
    return new


@dataclass(frozen=True)
class ConvertParallelToForPass(ModulePass):
    """
    Makes `scf.parallel` a nest of `scf.for` and `memref.atomic_rmw` a load, an add and a store.

    For targets that run a kernel on one thread. Rows keep their order, so results do not depend
    on anything but the input.
    """

    name = NAME

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        RULES.apply(op)
