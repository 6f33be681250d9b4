"""Pass `convert-scf-to-llvm`: loops and branches become blocks."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func, llvm, scf
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, i64
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import BlockInsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.dialects.lanes import ROLLED

NAME = "convert-scf-to-llvm"
SIGNED_LESS = IntegerAttr(llvm.ICmpPredicateFlag("slt").to_int(), i64)


def _append(block: Block, *ops: Operation, like: Operation) -> None:
    for op in ops:
        op.location = like.location
    block.add_ops(ops)


def _take_yield(block: Block) -> tuple[SSAValue, ...]:
    """Remove the terminator of `block` and return what it yields."""
    terminator = block.last_op
    if not isinstance(terminator, scf.YieldOp):
        raise PassFailedException(f"{NAME}: a region must end in 'scf.yield'")
    values = tuple(terminator.operands)
    Rewriter.erase_op(terminator)
    return values


def _inline(region: Region, before: Block) -> Block:
    """Move the only block of `region` in front of `before`."""
    block = region.block
    Rewriter.inline_region(region, BlockInsertPoint.before(before))
    return block


def _split_after(op: Operation, block: Block) -> Block:
    """Move what follows `op` into a block of its own."""
    if op.next_op is None:
        raise PassFailedException(f"{NAME}: '{op.name}' must not end a block")
    return block.split_before(op.next_op)


def _replace(op: Operation, values: tuple[SSAValue, ...]) -> None:
    for old, new in zip(op.results, values, strict=True):
        new.name_hint = new.name_hint or old.name_hint
        old.replace_all_uses_with(new)
    Rewriter.erase_op(op)


def lower_for(op: scf.ForOp, block: Block) -> list[Block]:
    """`block` jumps to the header, which tests; the body steps and jumps back to the header."""
    after = _split_after(op, block)
    header = _inline(op.body, after)
    induction, *carried = header.args
    body = header.split_before(header.first_op) if header.first_op is not None else header
    values = _take_yield(body)

    _append(block, llvm.BrOp(header, op.lb, *op.iter_args), like=op)
    inside = llvm.ICmpOp(induction, op.ub, SIGNED_LESS)
    _append(header, inside, llvm.CondBrOp(inside, body, (), after, ()), like=op)
    stepped = llvm.AddOp(induction, op.step)
    stepped.res.name_hint = f"{induction.name_hint}_next" if induction.name_hint else None
    back = llvm.BrOp(header, stepped, *values)
    if ROLLED in op.attributes:
        back.attributes[ROLLED] = op.attributes[ROLLED]
    _append(body, stepped, back, like=op)
    _replace(op, tuple(carried))
    return [body]


def lower_if(op: scf.IfOp, block: Block) -> list[Block]:
    """`block` branches; both sides jump to what follows, whose arguments are the results."""
    after = _split_after(op, block)
    results = tuple(after.insert_arg(r.type, i) for i, r in enumerate(op.results))
    sides = [_inline(region, after) for region in op.regions if region.blocks]
    for side in sides:
        _append(side, llvm.BrOp(after, *_take_yield(side)), like=op)
    otherwise = sides[1] if len(sides) > 1 else after
    _append(block, llvm.CondBrOp(op.cond, sides[0], (), otherwise, ()), like=op)
    _replace(op, results)
    return sides


LOWERINGS = {scf.ForOp: lower_for, scf.IfOp: lower_if}


def lower_block(block: Block) -> list[Block]:
    """
    Lower the operations of `block` and return the blocks that they held, which may hold more.

    From last to first, so that every operation moves at most twice.
    """
    inner: list[Block] = []
    for op in reversed(tuple(block.ops)):
        if (lower := LOWERINGS.get(type(op))) is not None:  # pyright: ignore[reportArgumentType]
            inner += lower(op, block)  # pyright: ignore[reportArgumentType]
        elif op.name.startswith("scf.") and not isinstance(op, scf.YieldOp):
            raise PassFailedException(f"{NAME}: cannot convert '{op.name}'")
    return inner


@dataclass(frozen=True)
class ConvertScfToLlvmPass(ModulePass):
    """
    `scf.for` on integers and `scf.if` become blocks with `llvm.br` and `llvm.cond_br`.

    Loops compare signed. `anamc.rolled` of a loop moves to its jump back. Linear in the number of operations.
    """

    name = NAME

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in op.ops:
            if not isinstance(function, func.FuncOp):
                continue
            work = list(function.body.blocks)
            while work:
                work += lower_block(work.pop())
