"""Pass `fuse-kernels`: a kernel that reads rows which another kernel just wrote takes that kernel in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects import func, tensor
from xdsl.dialects.builtin import ArrayAttr, ModuleOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.dialects import kernel
from anamc.dialects.access import AccessAttr, TableReadAttr

Read = tuple[SSAValue, AccessAttr]
Write = tuple[str, SSAValue, list[AccessAttr]]


@dataclass
class Merged:
    """Operands of a kernel that joins two; equal reads, tables and sizes are kept once."""

    sizes: list[SSAValue]
    reads: dict[tuple[SSAValue, AccessAttr], int] = field(default_factory=dict[tuple[SSAValue, AccessAttr], int])
    writes: list[Write] = field(default_factory=list[Write])
    tables: list[SSAValue] = field(default_factory=list[SSAValue])

    def access(self, op: kernel.RowsOp, access: AccessAttr) -> AccessAttr:
        """The access of `op` with the positions of its sizes and tables among the joined ones."""
        if access.is_direct and list(op.rows) == self.sizes:
            return access
        sizes = [AffineExpr.symbol(self.sizes.index(s)) for s in op.rows]
        reads: list[TableReadAttr] = []
        for read in access.tables:
            table = op.tables[read.position]
            if table not in self.tables:
                self.tables.append(table)
            reads.append(TableReadAttr(self.tables.index(table), self.map(read.map.data, sizes, 0)))
        return AccessAttr(self.map(access.map.data, sizes, len(reads)), reads)

    def map(self, map: AffineMap, sizes: Sequence[AffineExpr], tables: int) -> AffineMap:
        """The map of a row with its size symbols replaced; those of table reads come behind the joined sizes."""
        symbols = [*sizes, *(AffineExpr.symbol(len(self.sizes) + k) for k in range(tables))]
        row = [AffineExpr.dimension(0)]
        results = tuple(e.replace_dims_and_symbols(row, symbols) for e in map.results)
        return AffineMap(1, len(self.sizes) + tables, results)

    def read(self, tensor: SSAValue, access: AccessAttr) -> int:
        """Position of a read among the joined reads."""
        return self.reads.setdefault((tensor, access), len(self.reads))


def is_row(access: AccessAttr) -> bool:
    """`[r]`"""
    return len(access.indices) == 1 and access.is_identity()


def reads_of(consumer: kernel.RowsOp, producer: kernel.RowsOp) -> Iterable[tuple[int, int]]:
    """Reads of the consumer that are results of the producer: (read, result)."""
    for k, value in enumerate(consumer.reads):
        if value.owner is producer:
            yield k, producer.results.index(value)  # pyright: ignore[reportArgumentType]


class Fuser:
    """Fuses the kernels of one block, in order; each step moves one kernel into the next."""

    def __init__(self, block: Block, max_ops: int) -> None:
        self.max_ops = max_ops
        self.place = {op: k for k, op in enumerate(block.ops)}
        self.size = {op: sum(1 for _ in op.walk()) for op in block.ops if isinstance(op, kernel.RowsOp)}

    def fuse_into(self, consumer: kernel.RowsOp) -> kernel.RowsOp:
        """Takes in producers as long as one fits; returns the kernel that stands in place of `consumer`."""
        while (producer := self.producer(consumer)) is not None:
            consumer = self.merge(producer, consumer)
        return consumer

    def producer(self, consumer: kernel.RowsOp) -> kernel.RowsOp | None:
        """The latest kernel that may be taken in."""
        owners = {v.owner for v in consumer.reads if isinstance(v.owner, kernel.RowsOp)}
        for owner in sorted((o for o in owners if o in self.place), key=lambda o: -self.place[o]):
            if isinstance(owner, kernel.RowsOp) and self.may_fuse(owner, consumer):
                return owner
        return None

    def may_fuse(self, producer: kernel.RowsOp, consumer: kernel.RowsOp) -> bool:
        """
        Same rows, read only as `[r]` what was written as `[r]`, and nobody between them needs the producer.

        Refused as well where the joined body would have more than `max_ops` operations.
        """
        if producer.extent is not consumer.extent and producer.extent != consumer.extent:
            return False
        if self.size[producer] + self.size[consumer] > self.max_ops:
            return False
        if any(v.owner is producer for v in (*consumer.inits, *consumer.tables)):
            return False
        for read, result in reads_of(consumer, producer):
            written = producer.write_accesses.data[result].data
            if producer.combiners.data[result].data != "write" or not is_row(written[0]):
                return False
            if not is_row(consumer.read_accesses.data[read]):
                return False
        users = {use.operation for r in producer.results for use in r.uses}
        return all(self.after(user, consumer) for user in users if user is not consumer)

    def after(self, user: Operation, consumer: kernel.RowsOp) -> bool:
        """True where `user` stands behind `consumer` in its block."""
        return user in self.place and self.place[user] > self.place[consumer]

    def merge(self, producer: kernel.RowsOp, consumer: kernel.RowsOp) -> kernel.RowsOp:
        """The two kernels as one, in the place of the consumer."""
        merged = Merged(list(dict.fromkeys((*consumer.rows, *producer.rows))))
        first = [self.first_yield(producer, k) for k in range(len(producer.results) + 1)]
        region = self.grown(producer, merged)
        block, last = region.block, region.block.last_op
        if last is None:
            raise PassFailedException("fuse-kernels: a kernel without kernel.yield")
        inside = {read: last.operands[first[result]] for read, result in reads_of(consumer, producer)}
        self.take(consumer, merged, block, inside)
        kept = [k for k, r in enumerate(producer.results) if any(use.operation is not consumer for use in r.uses)]
        for k in kept:
            accesses = [merged.access(producer, a) for a in producer.write_accesses.data[k]]
            merged.writes.append((producer.combiners.data[k].data, producer.inits[k], accesses))
        for k, combiner in enumerate(consumer.combiners):
            accesses = [merged.access(consumer, a) for a in consumer.write_accesses.data[k]]
            merged.writes.append((combiner.data, consumer.inits[k], accesses))
        yielded = [v for k in kept for v in last.operands[first[k] : first[k + 1]]] + list(consumer.yielded)
        Rewriter.erase_op(last)
        self.move_body(consumer, block)
        block.add_op(kernel.YieldOp(*yielded))
        op = kernel.RowsOp(
            consumer.extent,
            list(merged.reads),
            merged.writes,
            region,
            merged.tables,
            merged.sizes,
            joined_attributes(producer, consumer),
        )
        op.location = consumer.location
        self.replace(producer, consumer, op, kept)
        return op

    @staticmethod
    def first_yield(op: kernel.RowsOp, result: int) -> int:
        return sum(len(a.data) for a in op.write_accesses.data[:result])

    @staticmethod
    def grown(producer: kernel.RowsOp, merged: Merged) -> Region:
        """The body of the producer, to which the consumer's is added: each read once, in the joined order."""
        region = producer.detach_region(producer.body)
        position = 1
        for value, access in zip(producer.reads, producer.read_accesses, strict=True):
            argument = region.block.args[position]
            if (known := merged.read(value, merged.access(producer, access)) + 1) == position:
                position += 1
                continue
            argument.replace_all_uses_with(region.block.args[known])
            region.block.erase_arg(argument)
        return region

    @staticmethod
    def take(op: kernel.RowsOp, merged: Merged, block: Block, inside: dict[int, SSAValue]) -> None:
        """Gives the body of `op` its values: arguments of the joined block, or what is computed inside."""
        old = op.body.block.args
        old[0].replace_all_uses_with(block.args[0])
        for k, (tensor_value, access) in enumerate(zip(op.reads, op.read_accesses, strict=True)):
            if k in inside:
                old[k + 1].replace_all_uses_with(inside[k])
                continue
            position = merged.read(tensor_value, merged.access(op, access)) + 1
            if position == len(block.args):
                block.insert_arg(old[k + 1].type, position).name_hint = old[k + 1].name_hint
            old[k + 1].replace_all_uses_with(block.args[position])

    @staticmethod
    def move_body(op: kernel.RowsOp, block: Block) -> None:
        for inner in list(op.body.block.ops):
            inner.detach()
            if isinstance(inner, kernel.YieldOp):
                inner.erase()
            else:
                block.add_op(inner)

    def replace(self, producer: kernel.RowsOp, consumer: kernel.RowsOp, op: kernel.RowsOp, kept: list[int]) -> None:
        Rewriter.insert_op(op, InsertPoint.before(consumer))
        self.place[op] = self.place.pop(consumer)
        self.size[op] = self.size.pop(consumer) + self.size.pop(producer)
        old = [*(producer.results[k] for k in kept), *consumer.results]
        for before, after in zip(old, op.results, strict=True):
            after.name_hint = before.name_hint
            before.replace_all_uses_with(after)
        self.place.pop(producer)
        for dead in (consumer, producer):
            Rewriter.erase_op(dead)


def joined_attributes(producer: kernel.RowsOp, consumer: kernel.RowsOp) -> dict[str, Attribute]:
    """The blocks that a kernel comes from, each once, in order."""
    blocks: dict[Attribute, None] = {}
    for op in (producer, consumer):
        labels = op.attributes.get("anamc.blocks")
        for label in labels if isinstance(labels, ArrayAttr) else ():
            blocks[label] = None
    return {"anamc.blocks": ArrayAttr(blocks)} if blocks else {}


@dataclass(frozen=True)
class FuseKernelsPass(ModulePass):
    """
    Joins a kernel with the kernel that wrote the rows it reads, where nothing else lies between.

    ``a = rows { f }; b = rows read(a[r]) { g }`` => ``b = rows { g . f }``; `a` stays a result where
    others read it later. Refuses other row sets, reads through tables, whole reads, accumulated
    results, users in between, and bodies of more than ``max_ops`` operations.
    """

    name = "fuse-kernels"

    max_ops: int = 256

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.max_ops < 2:
            raise PassFailedException(f"fuse-kernels: max-ops must be >= 2, got {self.max_ops}")
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            fuser = Fuser(function.body.block, self.max_ops)
            for inner in [o for o in function.body.block.ops if isinstance(o, kernel.RowsOp)]:
                fuser.fuse_into(inner)
            for inner in reversed(list(function.body.block.ops)):
                if isinstance(inner, tensor.EmptyOp) and not inner.tensor.uses.get_length():
                    Rewriter.erase_op(inner)
