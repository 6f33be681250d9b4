"""One nest whose terms lanes count: each lane sums a part of them, and the parts are added in the end."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import arith
from xdsl.ir import SSAValue

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
        spots = self.spots_of(indices, some)
        for spot, total in zip(spots, self.totals(indices, spots), strict=True):
            target, where = self.where(spot, 0)
            start = self.starts[spot.row]
            old = self.emit.load(target, where) if start is None else start
            self.emit.store(self.emit.value(arith.AddfOp(old, total)), target, where)

    def number(self, start: SSAValue) -> SSAValue:
        """A result of rank 0 onto what it starts from."""
        (total,) = self.totals((), self.spots_of((), ()))
        return self.emit.value(arith.AddfOp(start, total))

    def totals(self, indices: tuple[Index, ...], spots: Sequence[Spot]) -> list[SSAValue]:
        """The sums of a tile."""
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
            found.append(self.emit.value(lanes.SumOp(total)))
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
                if column.end is None:
                    found[place] = emit.add_product(found[place], new)
                    continue
                mask = self.operands.mask(column)
                kept = self.emit.value(lanes.SelectOp(mask, new, emit.zero(self.element)))
                found[place] = self.emit.value(arith.AddfOp(found[place], kept))
        return found
