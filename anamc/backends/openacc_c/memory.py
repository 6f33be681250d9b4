"""What may lie in the same memory: which operations of a function write to the array that a load reads."""

from __future__ import annotations

from bisect import bisect_right

from xdsl.dialects import acc, func, memref
from xdsl.ir import Operation, SSAValue

POINTERS = (memref.SubviewOp, memref.ViewOp, acc.PresentOp, acc.CopyinOp, acc.CreateOp, acc.GetDevicePtrOp)
"""Operations whose result points into their first operand."""


FORMULA = "anamc.inline"
"""On a function, and on calls of it: it only computes its result."""


def is_formula(op: Operation) -> bool:
    """Whether `op` calls a function that only computes its result, or is one."""
    return FORMULA in op.attributes


def root(value: SSAValue) -> SSAValue:
    """The argument or the ``memref.alloca`` that `value` points into."""
    while isinstance(value.owner, POINTERS):
        value = value.owner.operands[0]
    return value


class Writes:
    """
    Where a function writes, block by block.

    Two different roots never overlap: a written argument overlaps no other. A call may write everything, but for
    that of a formula.
    One walk; a question costs the logarithm of the block's length.
    """

    def __init__(self, function: Operation) -> None:
        self.position: dict[Operation, int] = {}
        self._at: dict[tuple[object, SSAValue | None], list[int]] = {}
        self._visit(function)

    def _visit(self, op: Operation) -> set[SSAValue | None]:
        """The roots that `op` writes, `None` for all of them."""
        written: set[SSAValue | None] = set()
        if isinstance(op, memref.StoreOp | memref.AtomicRMWOp):
            written.add(root(op.memref))
        elif isinstance(op, func.CallOp) and not is_formula(op):
            written.add(None)
        for region in op.regions:
            for block in region.blocks:
                for i, inner in enumerate(block.ops):
                    self.position[inner] = i
                    roots = self._visit(inner)
                    written |= roots
                    for r in roots:
                        self._at.setdefault((block, r), []).append(i)
        return written

    def between(self, load: memref.LoadOp, user: Operation) -> bool:
        """Whether anything between `load` and `user`, both of one block, may write what `load` reads."""
        if load.parent is not user.parent:
            return True
        first, last = self.position[load], self.position[user]
        for r in (root(load.memref), None):
            places = self._at.get((load.parent, r), [])
            i = bisect_right(places, first)
            if i < len(places) and places[i] < last:
                return True
        return False
