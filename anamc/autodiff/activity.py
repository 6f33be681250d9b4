"""
Which values carry derivatives: they depend on the inputs (forward) and the outputs depend on them (backward).

Integers, indices and booleans are constants by type.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xdsl.ir import Block, BlockArgument, Operation, SSAValue

from anamc.autodiff.tables import CONSTANT
from anamc.dialects.ad import is_differentiable


class Activity:
    """
    The active values of a sequence of operations in one block.

    `cause` tells for each value that varies which operand made it vary, for error messages.
    """

    def __init__(self, ops: Sequence[Operation], inputs: Iterable[SSAValue], outputs: Iterable[SSAValue]) -> None:
        self.cause: dict[SSAValue, SSAValue | None] = dict.fromkeys(inputs)
        for op in ops:
            self._forward(op)
        self.useful: set[SSAValue] = set(outputs)
        for op in reversed(ops):
            if any(r in self.useful for r in op.results) and type(op) not in CONSTANT:
                self.useful.update(v for v in used_values(op) if is_differentiable(v.type))

    def _forward(self, op: Operation) -> None:
        if type(op) in CONSTANT:
            return
        cause = next((v for v in used_values(op) if v in self.cause), None)
        if cause is not None:
            self.cause.update((r, cause) for r in op.results if is_differentiable(r.type))

    def varies(self, value: SSAValue) -> bool:
        return value in self.cause

    def __contains__(self, value: SSAValue) -> bool:
        return value in self.cause and value in self.useful

    def path(self, value: SSAValue) -> list[SSAValue]:
        """From an input to `value`: what made it vary."""
        found = [value]
        while (cause := self.cause.get(found[-1])) is not None:
            found.append(cause)
        return found[::-1]


def used_values(op: Operation) -> Iterable[SSAValue]:
    """Operands, and for an operation with regions the outer values that stand in them; each once."""
    if not op.regions:
        return op.operands
    return dict.fromkeys((*op.operands, *captured(op)))


def captured(op: Operation) -> Iterable[SSAValue]:
    """The outer values that stand in the regions of an operation, each once."""
    inner = (o for o in op.walk() if o is not op)
    return dict.fromkeys(v for o in inner for v in o.operands if not is_inside(v, op))


def is_inside(value: SSAValue, op: Operation) -> bool:
    """True where `value` is defined in a region of `op`."""
    owner = value.block if isinstance(value, BlockArgument) else value.owner
    block = owner if isinstance(owner, Block) else owner.parent_block()
    while block is not None:
        parent = block.parent_op()
        if parent is op:
            return True
        block = parent.parent_block() if parent is not None else None
    return False
