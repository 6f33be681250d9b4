"""A kernel as loops over its rows, one row at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from xdsl.dialects import arith, memref
from xdsl.dialects.builtin import IntegerAttr, MemRefType, StridedLayoutAttr, i64
from xdsl.ir import SSAValue

from anamc.analysis.nests import shape
from anamc.analysis.types import memref_type, tensor_type
from anamc.dialects import kernel
from anamc.dialects.access import AccessAttr, block_of, slots_of
from anamc.lowering.chunk_order import by_plan, in_parallel
from anamc.lowering.emitter import Emitter, Index
from anamc.lowering.nests import BodyLowering, Stored
from anamc.numerics.constants import float_constant

ATOMIC_ADD = IntegerAttr(0, i64)
"""`memref.atomic_rmw addf`."""
GROUP = 64
"""Partial sums that are added up before they are added to the total."""
MOST_SUMS = 4096
"""The most numbers of such a group: they lie on the stack."""


@dataclass(frozen=True)
class Conflicts:
    """What rows of a kernel may do to each other."""

    tile: int | None
    atomic: bool
    serial: bool
    slots: int | None = None


def conflicts(op: kernel.RowsOp) -> Conflicts:
    """
    How the rows may run.

    Injective writes: in parallel. Sums through a table: in parallel with atomic additions, or by a plan. Sums into
    `[r floordiv B]`: in parallel over blocks of B rows; into `[(r floordiv B) mod L]`: L of them at once. Sums into
    a whole tensor, and maxima: in order.
    """
    accesses = [a for c, found in zip(op.combiners, op.write_accesses, strict=True) for a in found if c.data == "add"]
    every = {slots_of(a) for a in accesses if block_of(a) is not None}
    slots = next(iter(every), None)
    if op.planned is not None:
        return Conflicts(op.planned[1], False, False, slots)
    tiles: set[int] = set()
    atomic = serial = False
    for combiner, accesses in zip(op.combiners, op.write_accesses, strict=True):
        if combiner.data == "write":
            continue
        for access in accesses:
            tile = block_of(access)
            if tile is not None and combiner.data == "add":
                tiles.add(tile)
            elif access.tables.data and combiner.data == "add":
                atomic = True
            else:
                serial = True
    if serial or len(tiles) > 1 or len(every) > 1 or (tiles and atomic):
        return Conflicts(None, False, True)
    return Conflicts(next(iter(tiles), None), atomic, False, slots)


class RowsLowering:
    """One kernel, in front of which the loops are emitted. `grain`: rows worth a thread's attention, 0: not known."""

    def __init__(self, op: kernel.RowsOp, emit: Emitter, grain: int = 0) -> None:
        self.op = op
        self.emit = emit
        self.grain = grain
        self.how = conflicts(op)
        self.hint = op.body.block.args[0].name_hint or "r"

    def lower(self) -> None:
        op, emit, how = self.op, self.emit, self.how
        extent = op.extent
        if extent == 1:
            self.row(0, None)
        elif how.tile is not None and op.plan is None:
            tile = how.tile

            def block(b: Index, place: Index) -> None:
                lower = emit.mul(b, tile)
                upper = emit.min(emit.add(lower, tile), extent)
                emit.loop(upper, lambda r, _: self.one(r, place), (), self.hint, lower)

            in_parallel(emit, emit.ceildiv(extent, tile), how.slots, block, "block")
        elif op.planned is not None:
            self.planned(*op.planned)
        elif how.serial and self.is_long_total():
            self.in_groups()
        elif how.serial:
            emit.loop(extent, lambda r, _: self.one(r, None), (), self.hint)
        else:
            self.independent()

    def is_long_total(self) -> bool:
        """True for a sum of the partial sums of an unknown or large number of blocks (`split-reductions`)."""
        op = self.op
        few = isinstance(op.extent, int) and op.extent <= GROUP
        return "anamc.total" in op.attributes and not few and prod(shape(op.yielded[0])) <= MOST_SUMS

    def in_groups(self) -> None:
        """
        Sums of groups of rows, each added to the result: errors grow with the groups and with a group.

        A row of partial sums is one run of numbers, whatever its rank: compilers put that on vectors.
        """
        emit, op = self.emit, self.op
        value = op.yielded[0]
        extents, element = shape(value), tensor_type(value).element_type
        count = prod(extents)
        sums = emit.alloca(element, [count], "sums")
        zero = emit.value(float_constant(0.0, element))

        def group(g: Index, carried: Sequence[SSAValue]) -> Sequence[SSAValue]:
            lower = emit.mul(g, GROUP)
            upper = emit.min(emit.add(lower, GROUP), op.extent)
            emit.nested([count], lambda at: emit.store(zero, sums, at))
            emit.loop(upper, one_row, (), self.hint, lower)
            emit.nested(extents, to_result)
            return carried

        def one_row(r: Index, carried: Sequence[SSAValue]) -> Sequence[SSAValue]:
            row = self.run_of_numbers(op.reads[0], emit.mul(r, count), count)
            emit.nested([count], lambda at: plus(emit.load(row, at), sums, at))
            return carried

        def to_result(at: Sequence[Index]) -> None:
            place: Index = 0
            for i, extent in zip(at, extents, strict=True):
                place = emit.add(emit.mul(place, extent), i)
            plus(emit.load(sums, [place]), op.inits[0], at)

        def plus(value: SSAValue, target: SSAValue, at: Sequence[Index]) -> None:
            emit.store(emit.value(arith.AddfOp(emit.load(target, at), value)), target, at)

        emit.loop(emit.ceildiv(op.extent, GROUP), group, (), "group")

    def run_of_numbers(self, buffer: SSAValue, first: Index, count: int) -> SSAValue:
        """`count` numbers of a buffer, from a place on."""
        layout = StridedLayoutAttr([1], first if isinstance(first, int) else None)
        type = MemRefType(memref_type(buffer).element_type, [count], layout)
        return self.emit.value(memref.ReinterpretCastOp.from_dynamic(buffer, [first], [count], [1], type))

    def independent(self) -> None:
        """Rows that do not meet."""
        self.emit.parallel(self.op.extent, lambda r: self.row(r, None), self.hint, self.grain)

    def planned(self, plan: SSAValue, chunk: int) -> None:
        """Chunks of rows by the colours of a plan; in a chunk in order."""
        emit, extent = self.emit, self.op.extent

        def rows(k: Index, place: Index) -> None:
            lower = emit.mul(k, chunk)
            upper = emit.min(emit.add(lower, chunk), extent)
            emit.loop(upper, lambda r, _: self.one(r, place), (), "r", lower)

        by_plan(emit, plan, emit.ceildiv(extent, chunk), self.how.slots, rows)

    def one(self, r: Index, block: Index | None) -> Sequence[SSAValue]:
        self.row(r, block)
        return ()

    def row(self, r: Index, block: Index | None) -> None:
        """The body for one row."""
        lowering, places = self.opened(r, block)
        lowering.lower(self.op.body.block)
        self.close(lowering, places)

    def opened(self, r: Index, block: Index | None) -> tuple[BodyLowering, list[list[Stored]]]:
        """The body of a row before its first operation, and the places of what it yields."""
        op = self.op
        tables: dict[AccessAttr, tuple[Index, ...]] = {}
        outputs: dict[SSAValue, Stored] = {}
        places: list[list[Stored]] = []
        for k, (init, accesses) in enumerate(zip(op.inits, op.write_accesses, strict=True)):
            rows = [Stored(init, self.prefix(a, r, block, tables)) for a in accesses]
            places.append(rows)
            if op.combiners.data[k].data == "write":
                outputs.setdefault(op.yielded_of(k)[0], rows[0])
        body = op.body.block
        added = [v for k, c in enumerate(op.combiners) if c.data != "write" for v in op.yielded_of(k)]
        lowering = self.body(outputs, added)
        if body.args[0].uses.get_length():
            lowering.scalars[body.args[0]] = self.emit.index(r)
        for argument, buffer, access in zip(body.args[1:], op.reads, op.read_accesses, strict=True):
            lowering.places[argument] = Stored(buffer, self.prefix(access, r, block, tables))
        return lowering, places

    def body(self, outputs: dict[SSAValue, Stored], added: Sequence[SSAValue]) -> BodyLowering:
        """What lowers the operations of a row."""
        return BodyLowering(self.emit, self.op.body.block, outputs, added)

    def close(self, lowering: BodyLowering, places: Sequence[Sequence[Stored]]) -> None:
        """What a row yields, into its places."""
        op = self.op
        for k, rows in enumerate(places):
            for row, value in zip(rows, op.yielded_of(k), strict=True):
                self.finish(lowering, op.combiners.data[k].data, row, value)

    def prefix(
        self, access: AccessAttr, r: Index, block: Index | None, known: dict[AccessAttr, tuple[Index, ...]]
    ) -> tuple[Index, ...]:
        """The leading index of an access: nothing, affine in the row, or through a table."""
        if access in known:
            return known[access]
        op, emit = self.op, self.emit
        if block is not None and block_of(access) == self.how.tile:
            return (block,)
        sizes: list[Index] = list(op.rows)
        symbols = list(sizes)
        for read in access.tables:
            at = [emit.affine(e, [r], sizes) for e in read.map.data.results]
            symbols.append(emit.load_index(op.tables[read.position], at))
            symbols[-1].name_hint = symbols[-1].name_hint or "n"  # pyright: ignore[reportAttributeAccessIssue]
        known[access] = tuple(emit.affine(e, [r], symbols) for e in access.indices)
        return known[access]

    def finish(self, lowering: BodyLowering, combiner: str, row: Stored, value: SSAValue) -> None:
        """What the row yields, into its place."""
        source = lowering.places[value]
        if combiner == "write":
            if source != row:
                lowering.copy(source, row, shape(value))
            return
        self.emit.nested(
            list(shape(value)),
            lambda at: self.accumulate(combiner, lowering.read(source, at), row, at),
        )

    def accumulate(self, combiner: str, value: SSAValue, row: Stored, at: Sequence[Index]) -> None:
        emit = self.emit
        where = [emit.index(i) for i in (*row.prefix, *at)]
        if combiner == "add" and self.how.atomic:
            emit.emit(
                memref.AtomicRMWOp(
                    operands=[value, row.buffer, where], result_types=[value.type], properties={"kind": ATOMIC_ADD}
                )
            )
            return
        old = emit.load(row.buffer, where)
        new = arith.AddfOp(old, value) if combiner == "add" else arith.MaximumfOp(old, value)
        emit.store(emit.value(new), row.buffer, where)
