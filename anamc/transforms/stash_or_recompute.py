"""Pass `stash-or-recompute`: which rows kernels keep for later ones, and which these compute again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, ModuleOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from anamc.analysis.counts import row_bytes
from anamc.analysis.types import tensor_type
from anamc.analysis.work import effort
from anamc.dialects import kernel
from anamc.errors import Place, ScheduleError, shown
from anamc.transforms.fuse_kernels import Fuser, is_row, order_reads
from anamc.transforms.kernel_edits import cleaned, erase_unused, is_fixed, part_of, same_rows

ALL, AUTO, NONE = "all", "auto", "none"
BALANCE = 12
"""
Products a byte up to which rows are computed again under `auto`. A byte that is kept is allocated, written and read:
three bytes of a core's 13 GB/s, in which time it computes 6 to 7 products at 29 G/s. Twice that takes the
gradient of message passing 5 to 7 % more time than the best price, 4, and a sixth (width 32) to a third (16) less
memory.
"""
Extent = int | SSAValue


@dataclass(frozen=True)
class Kept:
    """
    Rows that `producer` writes and later kernels over the same rows read, each at its own row.

    `needed`: the operations of the producer that compute them; `products` is their work, once a reader.
    """

    producer: kernel.RowsOp
    result: int
    readers: tuple[kernel.RowsOp, ...]
    needed: tuple[Operation, ...]
    bytes: float
    products: int

    @property
    def price(self) -> float:
        """Products a byte that is not kept."""
        return self.products * len(self.readers) / self.bytes


def kept_rows(block: Block) -> Iterable[tuple[kernel.RowsOp, int, float]]:
    """Every result that is rows which other kernels read: kernel, result, bytes a row."""
    for op in block.ops:
        if not isinstance(op, kernel.RowsOp):
            continue
        for k, (result, accesses) in enumerate(zip(op.results, op.write_accesses, strict=True)):
            read = any(isinstance(use.operation, kernel.RowsOp) for use in result.uses)
            if read and op.combiners.data[k].data == "write" and is_row(accesses.data[0]):
                yield op, k, row_bytes(result.type, accesses.data[0])


def cheap(block: Block) -> Kept | None:
    """The rows that are the cheapest to compute again, if that takes no longer than to fetch them."""
    found = [kept for place in kept_rows(block) if (kept := recomputable(*place)) is not None]
    least = min(found, key=lambda kept: kept.price, default=None)
    return least if least is not None and least.price <= BALANCE else None


def recomputable(op: kernel.RowsOp, k: int, size: float) -> Kept | None:
    """What it takes to compute a result again where it is read; None where another form of use needs it in memory."""
    result = op.results[k]
    if DYNAMIC_INDEX in tensor_type(result).get_shape()[1:]:
        return None
    readers: dict[kernel.RowsOp, None] = {}
    for use in result.uses:
        reader = use.operation
        if not isinstance(reader, kernel.RowsOp) or reader.parent is not op.parent or not same_rows(op, reader):
            return None  # a kernel in a loop would compute them again and again
        if is_fixed(reader) or any(v is result for v in (*reader.inits, *reader.tables)):
            return None
        at = [a for v, a in zip(reader.reads, reader.read_accesses, strict=True) if v is result]
        if not all(is_row(a) for a in at):
            return None
        readers.setdefault(reader)
    first = sum(len(a.data) for a in op.write_accesses.data[:k])
    needed = slice_of(op.body.block, op.yielded[first])
    if op.body.block.args[0] in {v for inner in needed for part in inner.walk() for v in part.operands}:
        return None  # the row number is no value that can be read
    return Kept(op, k, tuple(readers), needed, size, sum(map(effort, needed)))


def slice_of(block: Block, value: SSAValue) -> tuple[Operation, ...]:
    """The operations of a body that a value depends on, in order."""
    wanted: set[SSAValue] = {value}
    found: list[Operation] = []
    for op in reversed(list(block.ops)):
        if any(r in wanted for r in op.results):
            found.append(op)
            wanted.update(v for inner in op.walk() for v in inner.operands)
    return tuple(reversed(found))


def copy_for(kept: Kept, reader: kernel.RowsOp) -> kernel.RowsOp:
    """A kernel in front of the reader that computes the kept rows alone."""
    op, body = kept.producer, kept.producer.body.block
    first = sum(len(a.data) for a in op.write_accesses.data[: kept.result])
    value = op.yielded[first]
    used = {v for inner in kept.needed for part in inner.walk() for v in part.operands} | {value}
    reads = [k for k, a in enumerate(body.args[1:]) if a in used]
    made = kernel.RowsOp(
        op.extent,
        [(op.reads[k], op.read_accesses.data[k]) for k in reads],
        [("write", op.inits[kept.result], list(op.write_accesses.data[kept.result]))],
        part_of(body, reads, kept.needed, value),
        op.tables,
        op.rows,
        {name: a for name, a in op.attributes.items() if name == "anamc.blocks"},
    )
    Rewriter.insert_op(made, InsertPoint.before(reader))
    return made


def recompute(block: Block, kept: Kept) -> None:
    """Each reader computes the rows itself; they are kept no more."""
    fuser = Fuser(block, max_ops=0)
    result = kept.producer.results[kept.result]
    for reader in kept.readers:
        copy = copy_for(kept, reader)
        reads = len(reader.rows)
        for k, value in enumerate(reader.reads):
            if value is result:
                reader.operands[reads + k] = copy.results[0]
        fuser.size[copy] = sum(1 for _ in copy.walk())
        order_reads(fuser.merge(copy, reader))
    if len(kept.producer.results) == 1:
        Rewriter.erase_op(kept.producer)
    else:
        others = [k for k in range(len(kept.producer.results)) if k != kept.result]
        cleaned(kept.producer, others)


@dataclass(frozen=True)
class StashOrRecomputePass(ModulePass):
    """
    ``h = rows { f }; ...; z = rows read(h[r]) { g }`` => ``z = rows { g . f }``, where `h` shall not be kept.

    `keep`: the most bytes a row that the kernels over one set of rows keep in memory for later kernels; `all`
    of them (the default), `none` that can be computed again, or `auto`: those that take much longer to
    compute than to fetch (an elementary function counts as 12 products). What takes the fewest products a byte is
    computed again first. Kept in any case: results of the function, sums over rows, and rows that are
    read through a table, by kernels over other rows, or by kernels with a schedule or plan. Refuses a bound that
    these alone exceed.
    """

    name = "stash-or-recompute"

    keep: str | int = ALL

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.keep == ALL:
            return
        bound = self.bound()
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            block = function.body.block
            while (chosen := cheap(block) if bound is None else self.above(block, bound)) is not None:
                recompute(block, chosen)
            erase_unused(block, (tensor.EmptyOp,))

    def bound(self) -> float | None:
        """Bytes a row; None where the price decides."""
        if self.keep == AUTO:
            return None
        if self.keep == NONE:
            return 0
        if isinstance(self.keep, int) and self.keep >= 0:
            return self.keep
        raise ScheduleError(
            "A0813", f"'keep' must be 'auto', 'all', 'none' or bytes a row, got {shown(repr(self.keep))}"
        )

    def above(self, block: Block, bound: float) -> Kept | None:
        """The cheapest rows to compute again, of a set of rows that keeps more than the bound; None where none does."""
        sums: dict[Extent, float] = {}
        first: dict[Extent, kernel.RowsOp] = {}
        choices: dict[Extent, list[Kept]] = {}
        for op, k, size in kept_rows(block):
            sums[op.extent] = sums.get(op.extent, 0) + size
            first.setdefault(op.extent, op)
            found = recomputable(op, k, size)
            if found is not None:
                choices.setdefault(op.extent, []).append(found)
        for extent, size in sums.items():
            if size <= bound:
                continue
            if extent in choices:
                return min(choices[extent], key=lambda kept: kept.price)
            if self.keep != NONE:
                name = extent if isinstance(extent, int) else extent.name_hint or "one set of"
                raise ScheduleError(
                    "A0813",
                    f"{size:.0f} bytes a row of {name} rows must be kept for later kernels, more than {self.keep}",
                    place=Place.of(first[extent].location),
                    why="they are read through an index table, by kernels over other rows, or by scheduled kernels",
                    help=f"allow {size:.0f}, or 'none' to keep no more than these",
                )
        return None
