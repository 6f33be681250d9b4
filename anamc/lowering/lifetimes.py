"""How long the tensors of a block are read: the position of their last reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xdsl.dialects import tensor
from xdsl.ir import Block, Operation, SSAValue

from anamc.analysis.regions import ancestor_in
from anamc.dialects import mlp

VIEWS = (mlp.UnpackOp, tensor.ExtractSliceOp)
"""Operations whose results lie in the memory of their first operand."""


def readers(value: SSAValue) -> Iterator[Operation]:
    """The operations that read a tensor, or a part of it."""
    for use in value.uses:
        yield use.operation
        if isinstance(use.operation, VIEWS) and use.index == 0:
            for part in use.operation.results:
                yield from readers(part)


class Lifetimes:
    """Positions of operations in one block, and of the last that needs a value, by itself or by what stands in it."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.ops: Sequence[Operation] = list(block.ops)
        self.position = {op: k for k, op in enumerate(self.ops)}

    def last(self, value: SSAValue, made: int) -> int:
        """The position of the last reader; `made`, where the value comes from, if there is none."""
        found = made
        for op in readers(value):
            outer = ancestor_in(self.block, op)
            if outer is not None:
                found = max(found, self.position[outer])
        return found

    def reads_at(self, value: SSAValue, position: int) -> list[Operation]:
        """The readers of a value that stand at a position or in what stands there; one for each use."""
        return [
            op for op in readers(value) if (outer := ancestor_in(self.block, op)) is not None
            and self.position[outer] == position
        ]  # fmt: skip
