"""Kernels with rows in lanes, for code that loops over the lanes: rows are moved one by one, not by shuffles."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.dialects import arith
from xdsl.dialects.builtin import i64
from xdsl.ir import SSAValue

from anamc.analysis.nests import shape
from anamc.analysis.types import tensor_type
from anamc.dialects import lanes
from anamc.dialects.access import AccessAttr
from anamc.lowering.emitter import Index
from anamc.lowering.nests import FLOAT_COMBINERS
from anamc.lowering.vectors.block import BlockLowering, Column
from anamc.lowering.vectors.places import Local, Whole
from anamc.lowering.vectors.rows import Rows, VectorRows
from anamc.lowering.vectors.updates import RankUpdate

SHORT = 4
"""Blocks of so many vectors, or more, are of short rows."""


class LoopUpdate(RankUpdate):
    """Sums of outer products, with `b` turned by plain loops."""

    def turned(self, value: SSAValue, source: Local) -> SSAValue:
        """A local array `[rows][features]` of a row value."""
        features = tensor_type(value).get_shape()[0]
        array = self.emit.alloca(
            tensor_type(value).element_type, [self.rows, features], f"{value.name_hint or 't'}_rows"
        )

        def element(at: Sequence[Index]) -> None:
            self.emit.store(self.emit.load(source.buffer, (at[1], at[0])), array, at)

        self.emit.nested([self.rows, features], element, ["r", "j"])
        return array


class LoopRows(VectorRows):
    """
    A kernel with rows in lanes, whose rows plain loops read and write.

    Lanes behind the last row repeat it, and are neither written nor summed. One form with this care serves all
    blocks; where rows are short, and so is the code, whole blocks have one without.
    """

    upper: Index = 0
    """The end of the chunk."""
    left: tuple[SSAValue, ...] = ()
    """How many lanes of each vector of the block hold rows."""
    careful: bool = True
    """Whether lanes of the block may hold no row."""

    def rows(self, lower: Index, upper: Index, chunk: Index | None) -> None:
        """The rows of one chunk, block by block."""
        emit, size = self.emit, self.lanes.width * self.vectors
        self.upper = upper
        for position in self.conflicts.sums.keys() - self.updates.keys():
            self.sums[position] = self.empty_sum(self.op.yielded[position])

        whole: Index = 0
        if self.vectors >= SHORT:
            whole = emit.floordiv(emit.sub(upper, lower), size)
            self.blocks(lower, whole, chunk, careful=False)
            lower = emit.add(lower, emit.mul(whole, size))
        self.blocks(lower, emit.ceildiv(emit.sub(upper, lower), size), chunk, careful=True)
        for position, result in self.conflicts.sums.items():
            if position not in self.updates:
                self.finish_sum(position, result, chunk)

    def blocks(self, lower: Index, count: Index, chunk: Index | None, careful: bool) -> None:
        """So many blocks from a row on."""
        emit, size = self.emit, self.lanes.width * self.vectors
        self.careful = careful

        def block(at: Sequence[Index]) -> None:
            self.block(Rows(emit.add(lower, emit.mul(at[0], size)), self.vectors), chunk)

        if count != 0:
            emit.nested([count], block, ["block" if careful else "whole"])

    def block(self, rows: Rows, chunk: Index | None) -> None:
        width = self.lanes.width
        masked = self.careful and self.sums
        firsts = [self.emit.add(rows.first, k * width) for k in range(rows.vectors)] if masked else []
        left = [self.emit.index(self.emit.min(self.emit.sub(self.upper, first), width)) for first in firsts]
        self.left = tuple(self.emit.value(arith.IndexCastOp(count, i64)) for count in left)
        super().block(rows, chunk)

    def count(self, rows: Rows) -> Index:
        """The rows of a block."""
        size = rows.vectors * self.lanes.width
        return self.emit.min(self.emit.sub(self.upper, rows.first), size) if self.careful else size

    def is_column(self, buffer: SSAValue, access: AccessAttr, rows: Rows) -> bool:
        """Not where vectors of rows in memory would reach behind the last row."""
        return not self.careful and super().is_column(buffer, access, rows)

    def add_to_sum(self, position: int, at: Sequence[Index], values: Sequence[SSAValue], rows: Rows) -> None:
        """The vectors of one element, added lane by lane; lanes without a row add nothing."""
        if not self.careful:
            super().add_to_sum(position, at, values, rows)
            return
        sums = self.sums[position]
        total = self.lanes.load(sums, (*at, 0))
        zero = self.lanes.zero(tensor_type(self.op.yielded[position]).element_type)
        for left, value in zip(self.left, values, strict=True):
            valid = self.emit.value(lanes.FirstOp(left, self.lanes.width))
            total = self.lanes.sum(total, self.emit.value(lanes.SelectOp(valid, self.lanes.all(value), zero)))
        self.lanes.store(total, sums, (*at, 0))

    def read(
        self, lowering: BlockLowering, argument: SSAValue, buffer: SSAValue, access: AccessAttr, rows: Rows
    ) -> Local | Column | Whole:
        """What a body argument stands for."""
        if not access.indices or self.is_column(buffer, access, rows):
            return super().read(lowering, argument, buffer, access, rows)
        target = lowering.local(argument)

        def row(lane: Index, r: Index) -> None:
            leading = self.index(access, r)

            def element(at: Sequence[Index]) -> None:
                self.emit.store(self.emit.load(buffer, (leading, *at)), target.buffer, (*at, lane))

            self.emit.nested(shape(argument), element)

        self.each(rows, row, behind=self.careful)
        return target

    def each(self, rows: Rows, body: Callable[[Index, Index], None], behind: bool = False) -> None:
        """Calls `body(lane, row)` in a loop over rows; `behind`: lanes behind the last row repeat it."""
        last = self.emit.sub(self.upper, 1)
        size = rows.vectors * self.lanes.width if behind else self.count(rows)

        def row(at: Sequence[Index]) -> None:
            r = self.emit.add(rows.first, at[0])
            body(at[0], self.emit.min(r, last) if behind else r)

        self.emit.nested([size], row, ["l"])

    def write(self, lowering: BlockLowering, buffer: SSAValue, access: AccessAttr, value: SSAValue, rows: Rows) -> None:
        if isinstance(lowering.places[value], Column) and value in lowering.direct:
            return
        source = lowering.stored(value)

        def row(lane: Index, r: Index) -> None:
            leading = self.index(access, r)
            self.emit.nested(
                shape(value),
                lambda at: self.emit.store(self.emit.load(source.buffer, (*at, lane)), buffer, (leading, *at)),
            )

        self.each(rows, row)

    def accumulate(
        self, lowering: BlockLowering, combiner: str, buffer: SSAValue, accesses: Sequence[AccessAttr],
        values: Sequence[SSAValue], rows: Rows,
    ) -> None:  # fmt: skip
        """Row after row, so that rows that meet are added in their order."""
        sources = [lowering.stored(v) for v in values]

        def row(lane: Index, r: Index) -> None:
            for source, access, value in zip(sources, accesses, values, strict=True):
                leading = self.index(access, r)

                def element(at: Sequence[Index], source: Local = source, leading: Index = leading) -> None:
                    new = self.emit.load(source.buffer, (*at, lane))
                    old = self.emit.load(buffer, (leading, *at))
                    self.emit.store(self.emit.value(FLOAT_COMBINERS[combiner](old, new)), buffer, (leading, *at))

                self.emit.nested(shape(value), element)

        self.each(rows, row)

    def update(self, lowering: BlockLowering, position: int, rows: Rows, chunk: Index | None) -> None:
        """The sum of the block's outer products, onto the result."""
        left, right = self.updates[position]
        size = rows.vectors * self.lanes.width
        by_rows = LoopUpdate(self.lanes, self.outputs * self.vectors, size, self.count(rows))
        turned = by_rows.turned(right, lowering.stored(right))
        result = self.conflicts.sums[position]
        place = (self.op.inits[result], self.lead(result, chunk))
        by_rows.add(lowering.stored(left), turned, shape(self.op.yielded[position]), *place)
