"""Pass `narrow-kept-rows`: a kernel computes what a later one makes of its rows alone, where that is less to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from xdsl.context import Context
from xdsl.dialects import func, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, ModuleOp, TensorType
from xdsl.ir import Attribute, Block, BlockArgument, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from anamc.analysis.counts import size_of
from anamc.analysis.regions import ancestor_in, blocks_in
from anamc.analysis.types import tensor_type
from anamc.autodiff.activity import used_values
from anamc.dialects import kernel
from anamc.lowering.nest_rows import ROW
from anamc.transforms.fuse_kernels import Fuser, is_row, order_reads
from anamc.transforms.kernel_edits import cleaned, erase_unused, is_fixed, part_of, same_rows


@dataclass(frozen=True)
class Early:
    """
    A value of a consumer's body that depends on rows of one producer alone, and what it takes to compute it.

    `leaves`: reads of the consumer that are such rows, or whole tensors; `gain`: bytes a row that are kept no more.
    """

    producer: kernel.RowsOp
    consumer: kernel.RowsOp
    value: SSAValue
    needed: tuple[Operation, ...]
    leaves: tuple[int, ...]
    gain: int


class Search:
    """What the body of one consumer computes of the rows of one producer."""

    def __init__(self, producer: kernel.RowsOp, consumer: kernel.RowsOp, position: Mapping[Operation, float]) -> None:
        self.producer = producer
        self.consumer = consumer
        self.position = position
        self.arguments: dict[SSAValue, int] = {a: k for k, a in enumerate(consumer.body.block.args[1:])}
        self.rows = {a for a, k in self.arguments.items() if self.is_row_of_producer(k)}
        self.movable = {a for a, k in self.arguments.items() if a in self.rows or self.is_whole(k)}

    def is_row_of_producer(self, read: int) -> bool:
        """True for a row that the producer writes as its own; a sum is only known behind all of its rows."""
        value, access = self.consumer.reads[read], self.consumer.read_accesses.data[read]
        if value.owner is not self.producer or not is_row(access):
            return False
        result = self.producer.results.index(value)  # pyright: ignore[reportArgumentType]
        written = self.producer.write_accesses.data[result].data
        return self.producer.combiners.data[result].data == "write" and is_row(written[0])

    def is_whole(self, read: int) -> bool:
        """A tensor that all rows read, known in front of the producer."""
        return not self.consumer.read_accesses.data[read].indices and self.is_early(self.consumer.reads[read])

    def is_early(self, value: SSAValue) -> bool:
        """True for what is defined in front of the producer."""
        owner = value.owner
        return not isinstance(owner, Operation) or self.position.get(owner, -1) < self.position[self.producer]

    def best(self) -> Early | None:
        """The value that saves the most; None where none saves."""
        found: list[Early] = []
        needed: dict[SSAValue, dict[Operation, None]] = {}
        for op in self.consumer.body.block.ops:
            uses = list(used_values(op))
            if isinstance(op, kernel.YieldOp) or not all(self.is_known(v) for v in uses):
                continue
            own = {o: None for v in uses for o in needed.get(v, {})} | {op: None}
            for result in op.results:
                self.movable.add(result)
                needed[result] = own
            if len(op.results) == 1 and (early := self.early(op.results[0], tuple(own))) is not None:
                found.append(early)
        return max(found, key=lambda early: early.gain, default=None)

    def is_known(self, value: SSAValue) -> bool:
        """True for what the producer could compute too; the row number is no value that can be read."""
        if isinstance(value, BlockArgument) and value.block is self.consumer.body.block:
            return value in self.movable
        inside = isinstance(value.owner, Operation) and value.owner.parent_block() is self.consumer.body.block
        return value in self.movable if inside else self.is_early(value)

    def early(self, value: SSAValue, needed: tuple[Operation, ...]) -> Early | None:
        """The saving of one value; None where it saves nothing."""
        if not isinstance(value.type, TensorType) or DYNAMIC_INDEX in value.type.get_shape():
            return None
        leaves = [a for a in dict.fromkeys(v for o in needed for v in used_values(o)) if a in self.arguments]
        dead: set[Operation] = set()
        for op in reversed(needed):
            if all(self.at(u.operation) in dead for r in op.results if r is not value for u in r.uses):
                dead.add(op)
        saved = sum(row_size(a) for a in leaves if a in self.rows and self.dies(a, dead))
        gain = saved - row_size(value)
        reads = tuple(self.arguments[a] for a in leaves)
        return Early(self.producer, self.consumer, value, needed, reads, gain) if gain > 0 else None

    def dies(self, argument: SSAValue, dead: set[Operation]) -> bool:
        """True for rows that nobody reads but operations that go."""
        result = self.consumer.reads[self.arguments[argument]]
        alone = all(use.operation is self.consumer for use in result.uses)
        return alone and all(self.at(use.operation) in dead for use in argument.uses)

    def at(self, op: Operation) -> Operation | None:
        """The operation of the body in which `op` stands, or `op` itself."""
        return ancestor_in(self.consumer.body.block, op)


def row_size(value: SSAValue) -> int:
    """Bytes of a value of a body."""
    type = tensor_type(value)
    return prod(max(1, s) for s in type.get_shape()) * size_of(type.element_type)


class Narrower:
    """
    Moves what saves memory, from the last kernel to the first: what went to an earlier one may go on from there.

    `position` grows along the block; what a move adds stands with the producer.
    """

    def __init__(self, block: Block) -> None:
        self.block = block
        self.position: dict[Operation, float] = {op: k for k, op in enumerate(block.ops)}
        self.fuser = Fuser(block, max_ops=0)

    def run(self) -> None:
        op = self.block.last_op
        while op is not None:
            while isinstance(op, kernel.RowsOp) and (early := self.best(op)) is not None:
                op = self.move(early)
            op = op.prev_op

    def best(self, consumer: kernel.RowsOp) -> Early | None:
        """The value that saves the most, of any earlier kernel over the same rows."""
        if is_fixed(consumer):
            return None
        producers = [o for o in dict.fromkeys(v.owner for v in consumer.reads) if isinstance(o, kernel.RowsOp)]
        searches = [
            Search(p, consumer, self.position)
            for p in producers
            if p in self.position and same_rows(p, consumer) and not is_fixed(p)
        ]
        found = [early for search in searches if (early := search.best()) is not None]
        return max(found, key=lambda early: early.gain, default=None)

    def move(self, early: Early) -> kernel.RowsOp:
        """Computes the value in the producer; the consumer that reads it."""
        producer, consumer = early.producer, early.consumer
        at = self.position[producer]
        empty = empty_rows(producer.extent, tensor_type(early.value))
        Rewriter.insert_op(empty, InsertPoint.before(producer))
        made = kernel.RowsOp(
            producer.extent,
            [(consumer.reads[k], consumer.read_accesses.data[k]) for k in early.leaves],
            [("write", empty.tensor, [ROW])],
            part_of(consumer.body.block, early.leaves, early.needed, early.value),
            (),
            producer.rows,
        )
        made.location = consumer.location
        Rewriter.insert_op(made, InsertPoint.after(producer))
        argument = consumer.body.block.insert_arg(early.value.type, len(consumer.body.block.args))
        argument.name_hint = made.results[0].name_hint = early.value.name_hint
        early.value.replace_all_uses_with(argument)
        reader = cleaned(consumer, range(len(consumer.results)), (made.results[0], ROW))
        order_reads(reader)
        self.fuser.size[producer], self.fuser.size[made] = 0, 0
        merged = self.fuser.merge(producer, made)
        order_reads(merged)
        self.position |= {empty: at - 0.5, merged: at, reader: self.position[consumer]}
        return reader


def empty_rows(rows: int | SSAValue, row: TensorType[Attribute]) -> tensor.EmptyOp:
    """Memory for one value a row."""
    lead, sizes = (rows, []) if isinstance(rows, int) else (DYNAMIC_INDEX, [rows])
    return tensor.EmptyOp(sizes, TensorType(row.element_type, [lead, *row.get_shape()]))


@dataclass(frozen=True)
class NarrowKeptRowsPass(ModulePass):
    """
    ``a, b = rows { f }; ...; c = rows read(a[r], b[r]) { g(a + b) }`` => ``s = rows { f; a + b }; ...; c = rows
    read(s[r]) { g(s) }``.

    Kernels with a barrier between them keep rows in memory. What the later one computes of rows of the earlier one
    and of whole tensors alone moves there, where fewer bytes are left to keep: of a message-passing gradient, the
    cotangent of an edge instead of its two parts. Refuses rows that others read too, tensors that
    are not known yet, the row number, and kernels with a schedule or plan.
    """

    name = "narrow-kept-rows"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            for block in blocks_in(function):
                Narrower(block).run()
                erase_unused(block, (tensor.EmptyOp,))
