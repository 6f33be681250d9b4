"""A kernel as loops over chunks, blocks and the rows that are left, each block on vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.dialects import arith
from xdsl.dialects.builtin import i64
from xdsl.ir import SSAValue

from anamc.analysis.nests import shape
from anamc.analysis.outer import updates_by_rows
from anamc.analysis.types import memref_type, tensor_type
from anamc.dialects import kernel, lanes
from anamc.dialects.access import AccessAttr
from anamc.lowering.emitter import Emitter, Index
from anamc.lowering.nests import FLOAT_COMBINERS
from anamc.lowering.vectors.block import BlockLowering, Column
from anamc.lowering.vectors.chunks import KernelRows, step_is_one
from anamc.lowering.vectors.conflicts import RowConflicts
from anamc.lowering.vectors.neighbours import can_be_dealt, load_neighbours, store_neighbours
from anamc.lowering.vectors.places import Local, Whole
from anamc.lowering.vectors.transpose import feature_groups, load_transposed, store_transposed
from anamc.lowering.vectors.updates import RankUpdate

TAIL_OUTPUTS = 8
"""Outputs of a tile for the rows that fill no block: enough to hide the time of a product, and short code."""
RowBody = Callable[[Sequence[SSAValue], Index, Index], None]


@dataclass(frozen=True)
class Rows:
    """Rows from `first` on: `vectors` vectors of them; only rows below `end` where that is given."""

    first: Index
    vectors: int
    end: Index | None = None


class VectorRows(KernelRows):
    """A kernel with rows in lanes."""

    def __init__(self, op: kernel.RowsOp, emit: Emitter, conflicts: RowConflicts) -> None:
        super().__init__(op, emit, conflicts)
        self.vectors, self.outputs = self.schedule["vectors"], self.schedule["outputs"]
        self.sums: dict[int, SSAValue] = {}
        self.updates = {
            position: factors
            for position in self.plan.sums.values()
            if (factors := updates_by_rows(op.yielded[position], self.lanes.width)) is not None
        }

    def rows(self, lower: Index, upper: Index, chunk: Index | None) -> None:
        """The rows of one chunk: whole blocks, then vectors of what is left."""
        emit, width = self.emit, self.lanes.width
        for position in self.conflicts.sums.keys() - self.updates.keys():
            self.sums[position] = self.empty_sum(self.op.yielded[position])
        block = width * self.vectors
        count = emit.sub(upper, lower)
        whole = emit.floordiv(count, block)
        if whole != 0:
            emit.nested(
                [whole], lambda at: self.block(Rows(emit.add(lower, emit.mul(at[0], block)), self.vectors), chunk)
            )
        rest = emit.add(lower, emit.mul(whole, block))
        left = emit.ceildiv(emit.sub(upper, rest), width)
        if left != 0:
            emit.nested(
                [left], lambda at: self.block(Rows(emit.add(rest, emit.mul(at[0], width)), 1, upper), chunk), ["tail"]
            )
        for position, result in self.conflicts.sums.items():
            if position not in self.updates:
                self.finish_sum(position, result, chunk)

    # One block -------------------------------------------------------------------------------

    def block(self, rows: Rows, chunk: Index | None) -> None:
        op = self.op
        outputs = self.outputs if rows.end is None else min(TAIL_OUTPUTS, self.outputs * self.vectors)
        lowering = BlockLowering(self.lanes, self.plan, rows.vectors, outputs)
        body = op.body.block
        if rows.end is None:
            self.ask_ahead(rows.first, rows.vectors * self.lanes.width)
        for argument, buffer, access in zip(body.args[1:], op.reads, op.read_accesses, strict=True):
            if argument.uses.get_length():
                lowering.places[argument] = self.read(lowering, argument, buffer, access, rows)
        for k, (combiner, init) in enumerate(zip(op.combiners, op.inits, strict=True)):
            access, value = op.write_accesses.data[k].data[0], op.yielded_of(k)[0]
            if combiner.data == "write" and self.is_column(init, access, rows) and value.uses.get_length() == 1:
                lowering.direct[value] = Column(init, self.index(access, rows.first))
        for root, position in self.plan.sums.items():
            if position in self.updates:
                lowering.instead[root] = lambda p=position: self.update(lowering, p, rows, chunk)
            else:
                lowering.sinks[root] = lambda at, values, p=position: self.add_to_sum(p, at, values, rows)
        lowering.lower()
        for position in self.conflicts.sums:
            self.sum_stored(lowering, position, rows)
        for k in range(len(op.inits)):
            self.finish(lowering, k, rows)

    def is_column(self, buffer: SSAValue, access: AccessAttr, rows: Rows) -> bool:
        """True where the rows of a whole block are neighbouring numbers in memory."""
        type = memref_type(buffer)
        return rows.end is None and bool(access.indices) and step_is_one(access) and type.get_shape()[1:] in ((), (1,))

    def are_neighbours(self, buffer: SSAValue, access: AccessAttr, rows: Rows) -> bool:
        """True where the rows of a whole block lie behind each other, few numbers each."""
        features = memref_type(buffer).get_shape()[1:]
        whole = rows.end is None and bool(access.indices) and step_is_one(access)
        return whole and len(features) == 1 and features[0] > 1 and can_be_dealt(features[0], self.lanes.width)

    def read(
        self, lowering: BlockLowering, argument: SSAValue, buffer: SSAValue, access: AccessAttr, rows: Rows
    ) -> Local | Column | Whole:
        """What a body argument stands for."""
        if not access.indices:
            return Whole(buffer)
        if self.is_column(buffer, access, rows):
            return Column(buffer, self.index(access, rows.first))
        target = lowering.local(argument)
        rank = len(shape(argument))
        together = self.are_neighbours(buffer, access, rows)

        def vector(at: Sequence[Index]) -> None:
            lane = self.emit.mul(at[0], self.lanes.width)
            if together:
                first_row = self.index(access, self.emit.add(rows.first, lane))
                for k, value in enumerate(load_neighbours(self.lanes, buffer, first_row, shape(argument)[0])):
                    self.lanes.store(value, target.buffer, (k, lane))
                return
            leading = [self.index(access, r) for r in self.numbers(self.emit.add(rows.first, lane), rows)]

            def move(first: Index, width: int) -> None:
                places = [(i, first)[: rank + 1] for i in leading]
                for k, value in enumerate(load_transposed(self.lanes, buffer, places, width)):
                    place = (self.emit.add(first, k), lane)[1 - rank :]
                    self.lanes.store(value, target.buffer, place)

            feature_groups(self.lanes, shape(argument)[0] if rank else 1, move)

        self.emit.nested([rows.vectors], vector)
        return target

    def numbers(self, first: Index, rows: Rows) -> list[Index]:
        """The rows of one vector; lanes behind the last row repeat it."""
        found = [self.emit.add(first, k) for k in range(self.lanes.width)]
        if rows.end is None:
            return found
        last = self.emit.sub(rows.end, 1)
        return [self.emit.min(r, last) for r in found]

    # Results ---------------------------------------------------------------------------------

    def finish(self, lowering: BlockLowering, result: int, rows: Rows) -> None:
        """What the block yields, into its rows."""
        op = self.op
        combiner = op.combiners.data[result].data
        accesses, values = op.write_accesses.data[result].data, op.yielded_of(result)
        if not accesses[0].indices or self.conflicts.tile_of(result) is not None:
            return
        buffer = op.inits[result]
        if combiner == "write":
            self.write(lowering, buffer, accesses[0], values[0], rows)
        else:
            self.accumulate(lowering, combiner, buffer, accesses, values, rows)

    def write(self, lowering: BlockLowering, buffer: SSAValue, access: AccessAttr, value: SSAValue, rows: Rows) -> None:
        if isinstance(lowering.places[value], Column) and value in lowering.direct:
            return
        source = lowering.stored(value)
        if rows.end is not None:
            self.each_row(
                lowering,
                [value],
                rows,
                lambda staged, lane, r: self.copy_row(staged[0], lane, buffer, access, r, value),
            )
            return
        rank, features = len(shape(value)), features_of(value)
        together = self.are_neighbours(buffer, access, rows)

        def vector(at: Sequence[Index]) -> None:
            lane = self.emit.mul(at[0], self.lanes.width)
            first_row = self.emit.add(rows.first, lane)
            if features == 1 and self.is_column(buffer, access, rows):
                found = self.lanes.load(source.buffer, (0, lane)[1 - rank :])
                self.lanes.store(found, buffer, (self.index(access, first_row), 0)[: rank + 1])
                return
            if together:
                vectors = [self.lanes.load(source.buffer, (k, lane)) for k in range(features)]
                store_neighbours(self.lanes, vectors, buffer, self.index(access, first_row))
                return
            leading = [self.index(access, r) for r in self.numbers(first_row, rows)]
            self.turn(source, lane, rank, features, buffer, leading)

        self.emit.nested([rows.vectors], vector)

    def turn(
        self, source: Local, lane: Index, rank: int, features: int, buffer: SSAValue, leading: Sequence[Index]
    ) -> None:
        """One vector of rows of a local array, into rows of a buffer."""

        def move(first: Index, width: int) -> None:
            vectors = [
                self.lanes.load(source.buffer, (self.emit.add(first, k), lane)[1 - rank :]) for k in range(width)
            ]
            store_transposed(self.lanes, vectors, buffer, [(i, first)[: rank + 1] for i in leading])

        feature_groups(self.lanes, features, move)

    def each_row(self, lowering: BlockLowering, values: Sequence[SSAValue], rows: Rows, body: RowBody) -> None:
        """Turns values to rows in local arrays, then calls `body(arrays, lane, row)` for one row after the other."""
        sources = [lowering.stored(v) for v in values]
        width = self.lanes.width
        staged = [
            self.emit.alloca(tensor_type(v).element_type, [width, *shape(v)], f"{v.name_hint or 't'}_rows")
            for v in values
        ]

        def vector(at: Sequence[Index]) -> None:
            lane = self.emit.mul(at[0], width)
            first = self.emit.add(rows.first, lane)
            for source, array, value in zip(sources, staged, values, strict=True):
                self.turn(source, lane, len(shape(value)), features_of(value), array, range(width))
            count = width if rows.end is None else self.emit.min(self.emit.sub(rows.end, first), width)
            self.emit.nested([count], lambda k: body(staged, k[0], self.emit.add(first, k[0])), ["lane"])

        self.emit.nested([rows.vectors], vector)

    def copy_row(
        self, staged: SSAValue, lane: Index, buffer: SSAValue, access: AccessAttr, r: Index, value: SSAValue
    ) -> None:
        leading = self.index(access, r)
        self.emit.nested(
            shape(value),
            lambda at: self.emit.store(self.emit.load(staged, (lane, *at)), buffer, (leading, *at)),
        )

    def accumulate(
        self, lowering: BlockLowering, combiner: str, buffer: SSAValue, accesses: Sequence[AccessAttr],
        values: Sequence[SSAValue], rows: Rows,
    ) -> None:  # fmt: skip
        """Row after row, so that rows that meet are added in their order."""

        def row(staged: Sequence[SSAValue], lane: Index, r: Index) -> None:
            for array, access, value in zip(staged, accesses, values, strict=True):
                leading = self.index(access, r)
                if not shape(value):
                    self.add_element(combiner, buffer, (leading,), array, lane)
                    continue
                feature_groups(
                    self.lanes,
                    features_of(value),
                    lambda first, width, a=array, i=leading: self.add_element(
                        combiner, buffer, (i, first), a, lane, width
                    ),
                )

        self.each_row(lowering, values, rows, row)

    def add_element(
        self, combiner: str, buffer: SSAValue, at: Sequence[Index], staged: SSAValue, lane: Index, width: int = 0
    ) -> None:
        """One number of a row, or `width` neighbours."""
        there = (lane, *at[1:])
        if not width:
            new, old = self.emit.load(staged, there), self.emit.load(buffer, at)
            self.emit.store(self.emit.value(FLOAT_COMBINERS[combiner](old, new)), buffer, at)
            return
        new, old = self.lanes.load(staged, there, width), self.lanes.load(buffer, at, width)
        self.lanes.store(self.emit.value(FLOAT_COMBINERS[combiner](old, new)), buffer, at)

    # Sums over rows --------------------------------------------------------------------------

    def empty_sum(self, value: SSAValue) -> SSAValue:
        """Zeros: one vector for each element of a sum."""
        type = tensor_type(value)
        sums = self.emit.alloca(type.element_type, [*type.get_shape(), self.lanes.width], "sum")
        zero = self.lanes.zero(type.element_type)
        self.emit.nested(type.get_shape(), lambda at: self.lanes.store(zero, sums, (*at, 0)))
        return sums

    def add_to_sum(self, position: int, at: Sequence[Index], values: Sequence[SSAValue], rows: Rows) -> None:
        """The vectors of one element, added lane by lane; lanes without a row add nothing."""
        sums = self.sums[position]
        total = self.lanes.load(sums, (*at, 0))
        for value in values:
            if rows.end is None:
                total = self.lanes.add_product(total, value)
                continue
            wide = self.lanes.all(value)
            kept = lanes.SelectOp(
                self.valid(rows.first, rows.end),
                wide,
                self.lanes.zero(tensor_type(self.op.yielded[position]).element_type),
            )
            total = self.emit.value(arith.AddfOp(total, self.emit.value(kept)))
        self.lanes.store(total, sums, (*at, 0))

    def update(self, lowering: BlockLowering, position: int, rows: Rows, chunk: Index | None) -> None:
        """The sum of the block's outer products, onto the result."""
        left, right = self.updates[position]
        result = self.conflicts.sums[position]
        size = rows.vectors * self.lanes.width
        count: Index = size
        if rows.end is not None:
            count = self.emit.min(self.emit.sub(rows.end, rows.first), size)
        by_rows = RankUpdate(self.lanes, self.outputs * self.vectors, size, count)
        turned = by_rows.turned(right, lowering.stored(right))
        shape_ = shape(self.op.yielded[position])
        by_rows.add(lowering.stored(left), turned, shape_, self.op.inits[result], self.lead(result, chunk))

    def valid(self, first: Index, end: Index) -> SSAValue:
        """The lanes that hold rows."""
        left = self.emit.index(self.emit.sub(end, first))
        count = self.emit.value(arith.IndexCastOp(left, i64))
        return self.emit.value(lanes.FirstOp(count, self.lanes.width))

    def sum_stored(self, lowering: BlockLowering, position: int, rows: Rows) -> None:
        """Adds a value that was stored, or is in registers, to its sum."""
        if position in self.plan.sums.values():
            return
        value = self.op.yielded[position]

        def element(at: Sequence[Index]) -> None:
            self.add_to_sum(position, at, lowering.vectors_of(value, tuple(at)), rows)

        self.emit.nested(shape(value), element)

    def finish_sum(self, position: int, result: int, chunk: Index | None) -> None:
        """The lanes of each element together, onto the result."""
        op, emit = self.op, self.emit
        lead = self.lead(result, chunk)

        def element(at: Sequence[Index]) -> None:
            total = emit.value(lanes.SumOp(self.lanes.load(self.sums[position], (*at, 0))))
            place = (*lead, *at)
            old = emit.load(op.inits[result], place)
            emit.store(emit.value(arith.AddfOp(old, total)), op.inits[result], place)

        emit.nested(shape(op.yielded[position]), element)


def features_of(value: SSAValue) -> int:
    """The numbers of a row."""
    return shape(value)[0] if shape(value) else 1
