"""Pass `fuse-kernels`: a kernel that reads rows which another kernel just wrote takes that kernel in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects import func, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, ArrayAttr, ModuleOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.regions import blocks_in, operations_in
from anamc.autodiff.activity import captured, used_values
from anamc.dialects import kernel
from anamc.dialects.access import AccessAttr, TableReadAttr
from anamc.transforms.kernel_edits import is_fixed, same_rows

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


def continues(consumer: kernel.RowsOp, result: int) -> bool:
    """True where a result goes on with what another kernel added through tables, and only this one reads."""
    init, combiner = consumer.inits[result], consumer.combiners.data[result]
    producer = init.owner
    if not isinstance(producer, kernel.RowsOp) or init.uses.get_length() != 1 or combiner.data == "write":
        return False
    before = producer.results.index(init)  # pyright: ignore[reportArgumentType]
    accesses = (*producer.write_accesses.data[before], *consumer.write_accesses.data[result])
    return producer.combiners.data[before] == combiner and not any(a.is_direct for a in accesses)


def shares_reads(first: kernel.RowsOp, second: kernel.RowsOp) -> bool:
    """True where both read rows of one tensor at the same place: read once together they cost less."""
    rows = {(v, a) for v, a in zip(first.reads, first.read_accesses, strict=True) if a.indices}
    return any((v, a) in rows for v, a in zip(second.reads, second.read_accesses, strict=True))


WINDOW = 256
"""How many operations back a partner is looked for: keeps the pass linear."""


class Fuser:
    """
    Fuses the kernels of one block, from the last to the first; each step moves one kernel into a later one.

    So what only the backward sweep needs is computed there, and not kept from the forward sweep.
    """

    def __init__(self, block: Block, max_ops: int) -> None:
        self.max_ops = max_ops
        self.size = {op: sum(1 for _ in op.walk()) for op in block.ops if isinstance(op, kernel.RowsOp)}
        self.captured: dict[kernel.RowsOp, Sequence[SSAValue]] = {}

    def fuse(self, block: Block, *, siblings: bool) -> None:
        """One walk from the last kernel to the first, each taking in partners as long as one fits."""
        for op in reversed([o for o in block.ops if isinstance(o, kernel.RowsOp)]):
            grown = op
            while grown.parent is not None and (partner := self.partner(grown, siblings)) is not None:
                grown = self.merge(partner, grown)
            if grown is not op:
                order_reads(grown)

    def partner(self, consumer: kernel.RowsOp, siblings: bool) -> kernel.RowsOp | None:
        """
        The latest kernel that may be taken in: one whose rows are read; of `siblings`, one that reads the same rows.

        `needed` grows by what the consumer needs by way of other operations; what it needs only directly
        may be taken in, and whatever else uses it can wait until behind the consumer.
        """
        continued = [v for k, v in enumerate(consumer.inits) if continues(consumer, k)]
        starts = [v for v in consumer.inits if v not in continued]
        needed: set[Operation] = {o for v in (*starts, *consumer.tables) if isinstance(o := v.owner, Operation)}
        direct = {v.owner for v in (*consumer.reads, *continued)}
        op = consumer.prev_op
        for _ in range(WINDOW):
            if op is None:
                break
            if isinstance(op, kernel.RowsOp) and op not in needed:
                wanted = op in direct or (siblings and shares_reads(op, consumer))
                if wanted and self.fits(op, consumer):
                    return op
            if op in needed or op in direct:
                needed.update(o for v in self.used(op) if isinstance(o := v.owner, Operation))
            op = op.prev_op
        return None

    def used(self, op: Operation) -> Iterable[SSAValue]:
        """What an operation uses; bodies of kernels, which capture constants and sizes alone, are walked once."""
        if not isinstance(op, kernel.RowsOp):
            return used_values(op)
        if op not in self.captured:
            self.captured[op] = list(captured(op))
        return (*op.operands, *self.captured[op])

    def fits(self, producer: kernel.RowsOp, consumer: kernel.RowsOp) -> bool:
        """Same rows, read only as `[r]` what was written as `[r]`, and not too much of it."""
        if is_fixed(producer) or is_fixed(consumer) or not same_rows(producer, consumer):
            return False
        if self.size[producer] + self.size[consumer] > self.max_ops:
            return False
        for read, result in reads_of(consumer, producer):
            written = producer.write_accesses.data[result].data
            if producer.combiners.data[result].data != "write" or not is_row(written[0]):
                return False
            if not is_row(consumer.read_accesses.data[read]):
                return False
            if DYNAMIC_INDEX in kernel.row_type(consumer.reads[read].type, written[0]).get_shape():
                return False  # no local array holds the row
        return True

    def merge(self, producer: kernel.RowsOp, consumer: kernel.RowsOp) -> kernel.RowsOp:
        """The two kernels as one, in the place of the consumer."""
        merged = Merged(list(dict.fromkeys((*consumer.rows, *producer.rows))))
        first = [self.first_yield(producer, k) for k in range(len(producer.results) + 1)]
        yielded = producer.yielded
        inside = {read: yielded[first[result]] for read, result in reads_of(consumer, producer)}
        region = self.kept_body(consumer, merged, inside)
        self.take(producer, merged, region.block)
        kept = [k for k, r in enumerate(producer.results) if any(use.operation is not consumer for use in r.uses)]
        for k in kept:
            accesses = [merged.access(producer, a) for a in producer.write_accesses.data[k]]
            merged.writes.append((producer.combiners.data[k].data, producer.inits[k], accesses))
        last = region.block.last_op
        if last is None:
            raise PassFailedException("fuse-kernels: a kernel without kernel.yield")
        values = [v for k in kept for v in producer.yielded[first[k] : first[k + 1]]]
        given = iter(list(last.operands))
        for k, combiner in enumerate(consumer.combiners):
            init = consumer.inits[k]
            accesses = [merged.access(consumer, a) for a in consumer.write_accesses.data[k]]
            if init.owner is producer:  # the same sum goes on: `add(%a[x])`, then `add(%a[y])`
                j = producer.results.index(init)  # pyright: ignore[reportArgumentType]
                accesses = [*(merged.access(producer, a) for a in producer.write_accesses.data[j]), *accesses]
                values += producer.yielded[first[j] : first[j + 1]]
                init = producer.inits[j]
            merged.writes.append((combiner.data, init, accesses))
            values += [next(given) for _ in consumer.write_accesses.data[k]]
        last.operands = values
        self.move_body(producer, region.block)
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
    def kept_body(consumer: kernel.RowsOp, merged: Merged, inside: dict[int, SSAValue]) -> Region:
        """The body of the consumer: each read once, in the joined order, and none of what is computed inside."""
        region = consumer.detach_region(consumer.body)
        position = 1
        for k, (value, access) in enumerate(zip(consumer.reads, consumer.read_accesses, strict=True)):
            argument = region.block.args[position]
            if k in inside:
                argument.replace_all_uses_with(inside[k])
            elif (known := merged.read(value, merged.access(consumer, access)) + 1) == position:
                position += 1
                continue
            else:
                argument.replace_all_uses_with(region.block.args[known])
            region.block.erase_arg(argument)
        return region

    @staticmethod
    def take(producer: kernel.RowsOp, merged: Merged, block: Block) -> None:
        """Gives the body of the producer the arguments of the joined block."""
        old = producer.body.block.args
        old[0].replace_all_uses_with(block.args[0])
        for argument, value, access in zip(old[1:], producer.reads, producer.read_accesses, strict=True):
            position = merged.read(value, merged.access(producer, access)) + 1
            if position == len(block.args):
                block.insert_arg(argument.type, position).name_hint = argument.name_hint
            argument.replace_all_uses_with(block.args[position])

    @staticmethod
    def move_body(producer: kernel.RowsOp, block: Block) -> None:
        """The operations of the producer in front of those of the consumer."""
        first = block.first_op
        for inner in list(producer.body.block.ops):
            inner.detach()
            if isinstance(inner, kernel.YieldOp):
                inner.erase()
            elif first is not None:
                block.insert_op_before(inner, first)

    def replace(self, producer: kernel.RowsOp, consumer: kernel.RowsOp, op: kernel.RowsOp, kept: list[int]) -> None:
        self.postpone_users(producer, consumer)
        Rewriter.insert_op(op, InsertPoint.before(consumer))
        self.size[op] = self.size.pop(consumer) + self.size.pop(producer)
        old = [*(producer.results[k] for k in kept), *consumer.results]
        for before, after in zip(old, op.results, strict=True):
            after.name_hint = before.name_hint
            before.replace_all_uses_with(after)
        for dead in (consumer, producer):
            self.captured.pop(dead, None)
            Rewriter.erase_op(dead)

    def postpone_users(self, producer: kernel.RowsOp, consumer: kernel.RowsOp) -> None:
        """Moves what uses the producer, by any way, from between the two to behind the consumer."""
        users: set[Operation] = {producer}
        moved: list[Operation] = []
        op = producer.next_op
        while op is not None and op is not consumer:
            if any(v.owner in users for v in self.used(op)):
                users.add(op)
                moved.append(op)
            op = op.next_op
        for user in reversed(moved):
            user.detach()
            Rewriter.insert_op(user, InsertPoint.after(consumer))


def order_reads(op: kernel.RowsOp) -> None:
    """Reads in the order in which the body first uses them."""
    arguments = op.body.block.args[1:]
    position = {argument: k for k, argument in enumerate(arguments)}
    used = dict.fromkeys(v for inner in op.body.walk() for v in inner.operands if v in position)
    order = [*(position[v] for v in used), *(k for k, v in enumerate(arguments) if v not in used)]  # pyright: ignore
    for k in order:
        old = arguments[k]
        new = op.body.block.insert_arg(old.type, len(op.body.block.args))
        new.name_hint = old.name_hint
        old.replace_all_uses_with(new)
    for old in arguments:
        op.body.block.erase_arg(old)
    reads = list(op.reads)
    sizes, inits, tables = list(op.rows), list(op.inits), list(op.tables)
    plan = () if op.plan is None else (op.plan,)
    op.operands = [*sizes, *(reads[k] for k in order), *inits, *tables, *plan]
    op.properties["read_accesses"] = ArrayAttr(op.read_accesses.data[k] for k in order)


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
    Joins a kernel with one before it over the same rows: the one whose rows it reads, else one that
    reads the same rows.

    ``a = rows { f }; b = rows read(a[r]) { g }`` => ``b = rows { g . f }``; `a` stays a result where
    others read it, and those that stood in between come behind. A sum that one kernel begins and the other
    goes on with, both through tables, becomes one: ``add(%a[x])``, ``add(%a[y])`` => ``add(%a[x | y])``.
    Refuses other row sets, reads of the first one's results through tables or whole, reads of accumulated
    results, a way from the first to the second through a third, kernels with a schedule or plan, and bodies of more
    than ``max_ops`` operations. Kernels of a loop or branch are joined among themselves.
    """

    name = "fuse-kernels"

    max_ops: int = 256

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.max_ops < 2:
            raise PassFailedException(f"fuse-kernels: max-ops must be >= 2, got {self.max_ops}")
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            for block in blocks_in(function):
                fuser = Fuser(block, self.max_ops)
                fuser.fuse(block, siblings=False)
                fuser.fuse(block, siblings=True)
            for inner in reversed(list(operations_in(function))):
                if isinstance(inner, tensor.EmptyOp) and not inner.tensor.uses.get_length():
                    Rewriter.erase_op(inner)
