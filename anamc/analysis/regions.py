"""The blocks of a function that run on tensors: its own, and those of loops and branches in it."""

from __future__ import annotations

from collections.abc import Iterator

from xdsl.dialects import func, scf
from xdsl.dialects.builtin import TensorType
from xdsl.ir import Block, Operation, SSAValue

CONTROL = (scf.ForOp, scf.IfOp)
"""Operations whose regions hold operations on tensors like those of a function."""


def blocks_in(function: func.FuncOp) -> list[Block]:
    """The blocks, each in front of those that stand in it."""
    found: list[Block] = []
    waiting = [function.body.block]
    while waiting:
        block = waiting.pop()
        found.append(block)
        inner = [b for op in block.ops if isinstance(op, CONTROL) for r in op.regions for b in r.blocks]
        waiting += reversed(inner)
    return found


def operations_in(function: func.FuncOp) -> Iterator[Operation]:
    """The operations of these blocks in their order; one with regions comes in front of what stands in them."""
    yield from _operations(function.body.block)


def _operations(block: Block) -> Iterator[Operation]:
    for op in list(block.ops):
        yield op
        if isinstance(op, CONTROL):
            for inner in (b for r in op.regions for b in r.blocks):
                yield from _operations(inner)


def handed_on(op: scf.ForOp | scf.IfOp) -> Iterator[tuple[SSAValue, list[SSAValue]]]:
    """The tensors that a loop or branch gives, as what they start from, each with those that take its place."""
    lasts = [r.block.last_op for r in op.regions if r.blocks]
    for k, result in enumerate(op.results):
        if isinstance(result.type, TensorType):
            first = op.iter_args[k] if isinstance(op, scf.ForOp) else result
            yield first, [last.operands[k] for last in lasts if last is not None]


def ancestor_in(block: Block, op: Operation) -> Operation | None:
    """The operation of `block` in which `op` stands, or `op` itself; None where it stands elsewhere."""
    current: Operation | None = op
    while current is not None and current.parent_block() is not block:
        current = current.parent_op()
    return current


def block_of_value(value: SSAValue) -> Block | None:
    """The block in which a value is defined."""
    owner = value.owner
    return owner if isinstance(owner, Block) else owner.parent_block()


def is_within(value: SSAValue, op: Operation) -> bool:
    """True for a value that is defined in a region of an operation."""
    block = block_of_value(value)
    while block is not None and (parent := block.parent_op()) is not None:
        if parent is op:
            return True
        block = parent.parent_block()
    return False
