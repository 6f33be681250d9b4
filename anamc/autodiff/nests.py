"""Makes the nests of derivatives: the ranges, guards and body of a nest with other reads and results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, i64
from xdsl.ir import Block, BlockArgument, Operation, Region, SSAValue

from anamc.autodiff.emit import Emit, element_type
from anamc.autodiff.simplify import simplify_block
from anamc.dialects import nest
from anamc.dialects.access import AccessAttr, TableReadAttr

Read = tuple[SSAValue, AccessAttr]
Write = tuple[str, SSAValue, AccessAttr]


@dataclass
class Likeness:
    """
    A nest over the points of another one, in the making.

    The body starts as that of the other (`cloned`), or with nothing but its iterators and reads.
    """

    op: nest.MapOp
    block: Block = field(init=False)
    reads: list[Read] = field(init=False)
    body: list[Operation] = field(default_factory=list[Operation])
    yielded: list[SSAValue] = field(default_factory=list[SSAValue])

    def __post_init__(self) -> None:
        op = self.op
        self.block = Block(arg_types=[a.type for a in op.body.block.args])
        values: dict[SSAValue, SSAValue] = {}
        for old, new in zip(op.body.block.args, self.block.args, strict=True):
            new.name_hint = old.name_hint
            values[old] = new
        for inner in op.body.block.ops:
            if isinstance(inner, nest.YieldOp):
                self.yielded = [values.get(v, v) for v in inner.values]
                break
            clone = inner.clone(values)
            for old, new in zip(inner.results, clone.results, strict=True):
                new.name_hint, values[old] = old.name_hint, new
            self.block.add_op(clone)
            self.body.append(clone)
        self.reads = list(zip(op.reads, op.read_accesses.data, strict=True))

    @property
    def iterators(self) -> Sequence[BlockArgument]:
        return self.block.args[: len(self.op.ranges.data)]

    def scalar(self, read: int) -> BlockArgument:
        """The body's argument of a read."""
        return self.block.args[len(self.op.ranges.data) + read]

    def read(self, tensor: SSAValue, access: AccessAttr, hint: str | None = None) -> SSAValue:
        """One more read; an equal one is shared."""
        if (tensor, access) in self.reads:
            return self.scalar(self.reads.index((tensor, access)))
        self.reads.append((tensor, access))
        argument = self.block.insert_arg(element_type(tensor), len(self.block.args))
        argument.name_hint = hint
        return argument

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
        last = nest.YieldOp(*values)
        self.block.add_op(last)
        simplify_block(self.block)
        count = len(self.iterators)
        for k in reversed(range(len(self.reads))):
            argument = self.block.args[count + k]
            if not argument.uses.get_length():
                self.block.erase_arg(argument)
                del self.reads[k]
        op = self.op
        used = sorted({r.position for a in [a for _, a in self.reads] + [a for _, _, a in writes] for r in a.tables})
        made = nest.MapOp(
            op.extents,
            [(t, renumbered(a, used)) for t, a in self.reads],
            [(c, t, renumbered(a, used)) for c, t, a in writes],
            Region(self.block),
            [op.tables[k] for k in used],
            op.sizes,
            where=op.where,
        )
        return emit.add(made).results


def renumbered(access: AccessAttr, used: Sequence[int]) -> AccessAttr:
    """The access where only the tables in `used` are left."""
    if not access.tables.data:
        return access
    return AccessAttr(access.map.data, [TableReadAttr(used.index(r.position), r.map.data) for r in access.tables])


def index_constant(value: int) -> arith.ConstantOp:
    return arith.ConstantOp.from_int_and_width(value, IndexType())


def constant_nest(emit: Emit, op: nest.MapOp, init: SSAValue, access: AccessAttr, value: float) -> SSAValue:
    """`init` with one number wherever the nest writes through `access`."""
    like = Likeness(op)
    like.body.clear()
    number = Emit(like.block, labels=False).scalar(value, element_type(init))
    return like.finish(emit, [("set", init, access)], [number])[0]
