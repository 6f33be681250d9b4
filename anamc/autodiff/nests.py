"""Makes the nests of derivatives: the ranges, guards and body of a nest with other reads and results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, i64
from xdsl.ir import Block, BlockArgument, Operation, SSAValue

from anamc.autodiff.emit import Emit, element_type
from anamc.autodiff.simplify import simplify
from anamc.dialects import nest
from anamc.dialects.access import AccessAttr
from anamc.dialects.nest_parts import NestParts

Write = tuple[str, SSAValue, AccessAttr]


@dataclass
class Likeness:
    """
    A nest over the points of another one, in the making.

    The body starts as that of the other (`cloned`), or with nothing but its iterators and reads.
    """

    op: nest.MapOp
    parts: NestParts = field(init=False)
    body: list[Operation] = field(init=False)
    yielded: list[SSAValue] = field(init=False)

    def __post_init__(self) -> None:
        self.parts = NestParts.of(self.op)
        self.yielded = self.parts.yielded
        *self.body, last = self.block.ops
        last.detach()
        last.erase()

    @property
    def block(self) -> Block:
        return self.parts.block

    @property
    def iterators(self) -> Sequence[BlockArgument]:
        return self.block.args[: len(self.op.ranges.data)]

    def scalar(self, read: int) -> SSAValue:
        """The body's argument of a read."""
        return self.parts.read(read)

    def read(self, tensor: SSAValue, access: AccessAttr, hint: str | None = None) -> SSAValue:
        """One more read; an equal one is shared."""
        reads = self.parts.reads
        if (tensor, access) not in reads:
            reads.append((tensor, access))
            self.block.insert_arg(element_type(tensor), len(self.block.args)).name_hint = hint
        return self.parts.read(reads.index((tensor, access)))

    def number(self, emit: Emit) -> SSAValue:
        """The linear number of the iteration, row-major over the ranges, as `i64`."""
        total: SSAValue | None = None
        for iterator, extent in zip(self.iterators, self.op.extents, strict=True):
            if total is not None:
                size = extent if isinstance(extent, SSAValue) else emit(index_constant(extent))
                total = emit(arith.MuliOp(total, size))
            total = iterator if total is None else emit(arith.AddiOp(total, iterator))
        return emit(arith.IndexCastOp(emit(index_constant(0)) if total is None else total, i64))

    def finish(self, emit: Emit, writes: Sequence[Write], values: Sequence[SSAValue]) -> Sequence[SSAValue]:
        """Inserts the nest that combines `values` into results; what its body does not need is left out."""
        self.block.add_op(nest.YieldOp(*values))
        self.parts.writes, self.parts.winners = list(writes), []
        simplify(self.parts.body)
        self.parts.drop_unused()
        return emit.add(self.parts.build()).results


def index_constant(value: int) -> arith.ConstantOp:
    return arith.ConstantOp.from_int_and_width(value, IndexType())


def constant_nest(emit: Emit, op: nest.MapOp, init: SSAValue, access: AccessAttr, value: float) -> SSAValue:
    """`init` with one number wherever the nest writes through `access`."""
    like = Likeness(op)
    like.body.clear()
    number = Emit(like.block, labels=False).scalar(value, element_type(init))
    return like.finish(emit, [("set", init, access)], [number])[0]
