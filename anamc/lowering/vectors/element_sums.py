"""One nest whose terms lanes count: each lane sums a part of them, and the parts are added in the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from xdsl.dialects import arith
from xdsl.ir import SSAValue

from anamc.analysis.element_accesses import are_neighbours, row_shape
from anamc.analysis.element_tiles import ROWS
from anamc.dialects import lanes
from anamc.lowering.emitter import Index
from anamc.lowering.vectors.element_nest import ElementNest, Values
from anamc.lowering.vectors.element_operands import Lanes, Spot
from anamc.lowering.vectors.lanes import LaneEmitter


class ElementSums(ElementNest):
    """The one result of a nest, a tile of sums at a time; vectors side by side are sums of their own until the end."""

    def at_tile(
        self, indices: tuple[Index, ...], some: Sequence[tuple[int, Sequence[Index]]], columns: Sequence[Lanes] | None
    ) -> None:
        groups = list(self.groups(self.spots_of(indices, some), some))
        parts = iter(self.totals(indices, [spot for group in groups for spot in group]))
        for group in groups:
            self.add_up(group, [next(parts) for _ in group])

    def groups(self, spots: Sequence[Spot], some: Sequence[tuple[int, Sequence[Index]]]) -> Iterator[list[Spot]]:
        """The spots of a tile in groups of neighbours of the result: 2, 4, ... of them, or one."""
        shape = row_shape(self.op.results_[0])
        dims = [d for d, values in some if d != ROWS and len(values) > 1 and are_neighbours(self.access, d, shape)]
        lines: dict[object, list[Spot]] = {}
        for k, spot in enumerate(spots):
            others = (spot.row, *(i for d, i in enumerate(spot.at) if d not in dims))
            lines.setdefault(others if dims else k, []).append(spot)
        for line in lines.values():
            first = 0
            while first < len(line):
                size = min(1 << (len(line) - first).bit_length() - 1, self.tile.width)
                yield line[first : first + size]
                first += size

    def add_up(self, group: Sequence[Spot], parts: Sequence[SSAValue]) -> None:
        """The sums of neighbours, each in the lanes of a vector still, onto the result."""
        target, where = self.where(group[0], 0)
        start = self.starts[group[0].row]
        if len(group) == 1:
            old = self.emit.load(target, where) if start is None else start
            self.emit.store(self.emit.value(arith.AddfOp(old, self.emit.value(lanes.SumOp(parts[0])))), target, where)
            return
        emit = LaneEmitter(self.emit, len(group))
        old = emit.load(target, where) if start is None else emit.all(start)
        emit.store(emit.sum(old, together(LaneEmitter(self.emit, self.tile.width), parts)), target, where)

    @cached_property
    def ends_in_zeros(self) -> bool:
        """True where an iteration gives the product of two reads that are 0 in lanes behind the end."""
        op, count = self.op, len(self.extents)
        product = op.yielded[0].owner
        if not isinstance(product, arith.MulfOp) or self.element != op.yielded[0].type:
            return False
        reads = [k for k, a in enumerate(op.body.block.args[count:]) if a in product.operands]
        return len(reads) == len(set(product.operands)) and all(self.operands.is_loaded(n) for n in reads)

    def number(self, start: SSAValue) -> SSAValue:
        """A result of rank 0 onto what it starts from."""
        (parts,) = self.totals((), self.spots_of((), ()))
        return self.emit.value(arith.AddfOp(start, self.emit.value(lanes.SumOp(parts))))

    def totals(self, indices: tuple[Index, ...], spots: Sequence[Spot]) -> list[SSAValue]:
        """The sums of a tile, each in the lanes of a vector still."""
        tile = self.tile
        zero = LaneEmitter(self.emit, tile.width).zero(self.element)
        first = len(tile.around) + len(tile.inside)
        count = tile.vectors
        starts = [zero for _ in spots for _ in range(count)]
        ends = self.loops.over(
            range(first, len(self.order)), indices, lambda at, values: self.line(spots, at, values), starts
        )
        found: list[SSAValue] = []
        for k in range(len(spots)):
            total, *others = ends[k * count : (k + 1) * count]
            for other in others:
                total = self.emit.value(arith.AddfOp(total, other))
            found.append(total)
        return found

    def line(self, spots: Sequence[Spot], at: tuple[Index, ...], carried: Values) -> Values:
        """All that lanes count at one point of the other loops: vectors side by side, single ones, the end."""
        emit, width, count = self.emit, self.tile.width, self.tile.vectors
        extent = self.extents[self.tile.lane]
        block = width * count
        whole = emit.floordiv(extent, block)
        if whole != 0:

            def step(i: Index, values: Values) -> Values:
                start = emit.mul(i, block)
                return self.add(spots, [Lanes(emit.add(start, v * width), width, v) for v in range(count)], at, values)

            carried = emit.loop(whole, step, carried, "column")
        done = emit.mul(whole, block)
        rest = emit.ceildiv(emit.sub(extent, done), width)
        if rest == 0:
            return carried

        def single(i: Index, values: Values) -> Values:
            return self.add(spots, [Lanes(emit.add(done, emit.mul(i, width)), width, 0, extent)], at, values)

        return emit.loop(rest, single, carried, "tail")

    def add(
        self, spots: Sequence[Spot], columns: Sequence[Lanes], at: tuple[Index, ...], carried: Values
    ) -> list[SSAValue]:  # fmt: skip
        """One round of some vectors; lanes behind the end add nothing."""
        self.operands.masks.clear()
        known: dict[object, SSAValue] = {}
        found = list(carried)
        for k, spot in enumerate(spots):
            for column in columns:
                place = k * self.tile.vectors + column.number
                emit = LaneEmitter(self.emit, column.width)
                new = emit.all(self.computed(self.moved(spot, at), column, known))
                if column.end is None or self.ends_in_zeros:
                    found[place] = emit.add_product(found[place], new)
                    continue
                mask = self.operands.mask(column)
                kept = self.emit.value(lanes.SelectOp(mask, new, emit.zero(self.element)))
                found[place] = self.emit.value(arith.AddfOp(found[place], kept))
        return found


def together(emit: LaneEmitter, values: Sequence[SSAValue]) -> SSAValue:
    """
    A vector of the sums of the lanes of each of 2, 4, ... vectors.

    Halves of two vectors are added side by side, so that one step halves both: ``log2`` of the lanes steps for all.
    """
    found, part = list(values), emit.width
    while part > 1:
        pairs = list(zip(found[::2], found[1::2], strict=False)) or [(found[0], found[0])]
        size = emit.width if len(found) > 1 else len(values) * part
        low = [first + k for first in range(0, size, part) for k in range(part // 2)]
        if len(found) > 1:
            low += [size + k for k in low]
        high = [k + part // 2 for k in low]
        found = [emit.sum(emit.shuffle(a, b, low), emit.shuffle(a, b, high)) for a, b in pairs]
        part //= 2
    return found[0]
