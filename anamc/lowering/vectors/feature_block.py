"""The body of a kernel for one block of rows that lie one behind the other, their features in lanes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.ir import SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.nests import dims_of, is_pointwise, shape
from anamc.analysis.products import lane_of, sum_lane
from anamc.dialects import lanes, nest
from anamc.lowering.emitter import Index
from anamc.lowering.vectors.feature_access import FeatureAccess, InMemory, Spot
from anamc.lowering.vectors.places import Local, tile_size
from anamc.lowering.vectors.transpose import groups_of

MOST_ROWS = 16
"""The most rows of a tile: enough sums to hide the time of a product, and short code."""


class FeatureBlock(FeatureAccess):
    """The nests of a body: element by element, sums in tiles of registers, or general."""

    # Nests -----------------------------------------------------------------------------------

    def nest(self, op: nest.MapOp) -> None:
        contraction = self.plan.contraction.get(op)
        if op in self.instead:
            self.instead[op]()
        elif all(not shape(r) for r in op.results_):
            self.numbers(op)
        elif contraction is not None and self.products[contraction].kind == "tile" and self.joins(op, contraction):
            self.tiled(op, contraction)
        elif contraction is not None and self.products[contraction].kind == "across":
            self.across(op, contraction)
        elif contraction is not None:
            self.summed(op, contraction)
        elif is_pointwise(op):
            self.pointwise(op)
        else:
            self.general(op)

    def joins(self, root: nest.MapOp, op: nest.MapOp) -> bool:
        """True where lanes may count the last dimension in all that is computed together with a sum."""
        start = op.inits[0].owner
        parts = [n for n in (root, start) if isinstance(n, nest.MapOp) and (n is root or n in self.plan.inside)]
        return all(n is op or self.lanes_count(n) for n in parts)

    def lanes_count(self, op: nest.MapOp) -> bool:
        """True where lanes may count the last dimension of a nest and of those inside it."""
        if lane_of(op) is None:
            return False
        inner = [v.owner for v in (*op.reads, *op.inits) if self.plan.is_inside(v)]
        return all(self.lanes_count(n) for n in inner if isinstance(n, nest.MapOp) and n not in self.products)

    def home(self, op: nest.MapOp) -> Local | InMemory:
        """Where the result of a root goes: its output, an array that is not needed any more, or a new one."""
        result = op.results_[0]
        place = self.direct.get(result) or self.dying(op) or self.local(result)
        self.places[result] = place
        return place

    def pointwise(self, op: nest.MapOp) -> None:
        """Row after row, element after element."""
        *leading, last = shape(op.results_[0])
        wide = self.lanes_count(op)
        place = self.home(op)

        def row(r: Index) -> None:
            def element(at: Sequence[Index], width: int) -> None:
                spot = Spot(r, width, {})
                self.put(place, at, self.compute(op, at, spot, len(at) - 1)[0], spot)

            def line(at: Sequence[Index]) -> None:
                if wide:
                    self.groups(last, lambda first, width: element((*at, first), width))
                else:
                    self.emit.nested([last], lambda j: element((*at, *j), 1))

            self.emit.nested(leading, line)

        self.each_row(row)

    def numbers(self, op: nest.MapOp) -> None:
        """Results of rank 0: sums across lanes where lanes may count the last iterator, else scalars."""
        targets = [self.local(r) for r in op.results_]
        lane = sum_lane(op)

        def row(r: Index) -> None:
            spot = Spot(r, 1, {})
            if all(c.data == "set" for c in op.combiners):
                found = self.compute(op, [0] * len(op.ranges.data), spot, 0)
            else:
                found = [self.read(i, (), spot) for i in op.inits]
                found = self.sum_across(op, {}, range(len(op.ranges.data)), found, lane, spot)
            for target, value in zip(targets, found, strict=True):
                self.put(target, (), value, spot)

        self.each_row(row)
        for result, target in zip(op.results_, targets, strict=True):
            self.places[result] = target

    def sum_across(
        self, op: nest.MapOp, fixed: dict[int, Index], over: Sequence[int], starts: Sequence[SSAValue],
        lane: int | None, spot: Spot, turned: frozenset[int] = frozenset(),
    ) -> list[SSAValue]:  # fmt: skip
        """Sums over the iterators `over` of a nest; where lanes count the last one, they are added at the end."""
        kinds = [c.data for c in op.combiners]

        def step(width: int, first: Index | None) -> Callable[..., list[SSAValue]]:
            emit = self.of_width(width)

            def add(_: nest.MapOp, point: Sequence[Index], carried: Sequence[SSAValue]) -> list[SSAValue]:
                at = list(point)
                if lane is not None:
                    at[lane] = self.emit.mul(point[lane], width) if first is None else first
                new = self.compute(op, at, Spot(spot.row, width, {}), -1 if lane is None else lane, turned)
                return [self.combine(k, o, n, emit) for k, o, n in zip(kinds, carried, new, strict=True)]

            return add

        if lane is None:
            return list(self.rounds(op, over, fixed, starts, step(1, None)))
        totals = list(starts)
        others = [k for k in over if k != lane]
        extent = op.extents[lane]
        if not isinstance(extent, int):
            raise PassFailedException("convert-kernel-to-vectors: a loop of run-time length in a row")
        width = self.lanes.width
        whole = extent // width
        jobs: list[tuple[int, Index | None]] = [(width, None)] if whole > 1 else [(width, 0)] if whole else []
        jobs += [(narrow, first) for first, narrow in list(groups_of(extent, width))[whole:]]
        for narrow, first in jobs:
            sums: list[SSAValue] = [self.lanes.zero(s.type, narrow) if narrow > 1 else s for s in totals]
            if first is None:
                ends = self.emit.loop(
                    whole,
                    lambda i, values, narrow=narrow: self.rounds(
                        op, others, {**fixed, lane: i}, values, step(narrow, None)
                    ),
                    sums,
                    "group",
                )
            else:
                ends = self.rounds(op, others, {**fixed, lane: 0}, sums, step(narrow, first))
            if narrow == 1:
                totals = list(ends)
            else:
                totals = [self.lanes.sum(t, self.emit.value(lanes.SumOp(v))) for t, v in zip(totals, ends, strict=True)]
        return totals

    def across(self, root: nest.MapOp, op: nest.MapOp) -> None:
        """Each output of a sum on its own, lanes along what is summed."""
        product = self.products[op]
        self.one_by_one(root, op, product.lane, product.turned)

    def summed(self, root: nest.MapOp, op: nest.MapOp) -> None:
        """A sum on scalars."""
        self.one_by_one(root, op, None, frozenset())

    def one_by_one(self, root: nest.MapOp, op: nest.MapOp, lane: int | None, turned: frozenset[int]) -> None:
        free = dims_of(op.write_accesses.data[0]) or ()
        over = [k for k in range(len(op.ranges.data)) if k not in free]
        place = self.home(root)

        def row(r: Index) -> None:
            def element(at: Sequence[Index]) -> None:
                spot = Spot(r, 1, {})
                start = self.read(op.inits[0], tuple(at), spot)
                fixed = dict(zip(free, at, strict=True))
                (total,) = self.sum_across(op, fixed, over, [start], lane, spot, turned)
                if root is not op:
                    done = Spot(r, 1, spot.known, {op.results_[0]: total})
                    (total,) = self.compute(root, at, done, len(at) - 1)
                self.put(place, at, total, spot)

            self.emit.nested(shape(op.results_[0]), element)

        self.each_row(row)

    def tiled(self, root: nest.MapOp, op: nest.MapOp) -> None:
        """Sums of some rows times some vectors of outputs in registers, then what the group makes of them."""
        *leading, last = shape(op.results_[0])
        place = self.home(root)
        columns = list(groups_of(last, self.lanes.width))
        whole = last // self.lanes.width
        vectors = tile_size(whole, self.tile_vectors) if whole else 1
        rounds = whole // vectors

        def lines(lead: Sequence[Index]) -> None:
            if rounds:
                step = vectors * self.lanes.width

                def columns_of(at: Sequence[Index]) -> None:
                    first = self.emit.mul(at[0], step)
                    tile = [(self.emit.add(first, k * self.lanes.width), self.lanes.width) for k in range(vectors)]
                    self.rows_of(root, op, place, lead, tile)

                self.emit.nested([rounds], columns_of, ["tile"])
            rest = columns[rounds * vectors :]
            for k in range(0, len(rest), self.tile_vectors):
                self.rows_of(root, op, place, lead, rest[k : k + self.tile_vectors])

        self.emit.nested(leading, lines)

    def rows_of(
        self, root: nest.MapOp, op: nest.MapOp, place: Local | InMemory, lead: Sequence[Index],
        columns: Sequence[tuple[Index, int]],
    ) -> None:  # fmt: skip
        """All rows of some columns; the last tile repeats the last row."""
        most = max(1, self.tile_rows * self.tile_vectors // len(columns))
        rows = tile_size(self.size, min(most, MOST_ROWS))

        def tile(at: Sequence[Index]) -> None:
            first = self.emit.mul(at[0], rows)
            last = self.emit.sub(self.count, 1)
            numbers = [self.emit.min(self.emit.add(first, k), last) for k in range(rows)] if rows > 1 else [first]
            self.tile(root, op, place, lead, columns, numbers)

        self.emit.nested([self.emit.ceildiv(self.count, rows)], tile, ["rows"])

    def tile(
        self, root: nest.MapOp, op: nest.MapOp, place: Local | InMemory, lead: Sequence[Index],
        columns: Sequence[tuple[Index, int]], rows: Sequence[Index],
    ) -> None:  # fmt: skip
        """The sums of some rows and columns."""
        product = self.products[op]
        free = dims_of(op.write_accesses.data[0]) or ()
        over = [k for k in range(len(op.ranges.data)) if k not in free]
        combiner = op.combiners.data[0].data
        outer: dict[object, SSAValue] = {}
        spots = [(r, first, width) for r in rows for first, width in columns]
        starts: list[SSAValue] = []
        for r, first, width in spots:
            start = self.read(op.inits[0], (*lead, first), Spot(r, width, outer))
            starts.append(start if width == 1 else self.of_width(width).all(start, outer))
        for r in rows:
            for source in op.reads:
                self.leading(self.places.get(source), Spot(r, 1, outer))
        leads: dict[object, SSAValue] = {k: v for k, v in outer.items() if isinstance(k, tuple) and k[0] == "row"}

        def step(_: nest.MapOp, point: Sequence[Index], carried: Sequence[SSAValue]) -> list[SSAValue]:
            known = dict(leads)
            found: list[SSAValue] = []
            for (r, first, width), old in zip(spots, carried, strict=True):
                at = list(point)
                for dim, index in zip(free, (*lead, first), strict=True):
                    at[dim] = index
                (new,) = self.compute(op, at, Spot(r, width, known), product.lane, product.turned)
                found.append(self.combine(combiner, old, new, self.of_width(width)))
            return found

        ends = self.rounds(op, over, dict.fromkeys(free, 0), starts, step)
        for (r, first, width), total in zip(spots, ends, strict=True):
            spot = Spot(r, width, outer, {op.results_[0]: total})
            value = total
            if root is not op:
                (value,) = self.compute(root, (*lead, first), spot, len(lead))
            self.put(place, (*lead, first), value, spot)

    def general(self, op: nest.MapOp) -> None:
        """Results in local arrays, each iteration combined in memory."""
        targets = [self.target(op, k) for k in range(len(op.inits))]
        lane = lane_of(op)
        inner = [v.owner for v in op.reads if self.plan.is_inside(v)]
        if not all(self.lanes_count(n) for n in inner if isinstance(n, nest.MapOp)):
            lane = None

        def element(r: Index, at: Sequence[Index], width: int) -> None:
            spot = Spot(r, width, {})
            values = self.compute(op, at, spot, -1 if lane is None else lane)
            for k, (target, access) in enumerate(zip(targets, op.write_accesses, strict=True)):
                there = (r, *self.place(op, access, at, spot.known))
                combiner, value = op.combiners.data[k].data, values[k]
                if combiner != "set":
                    old = self.load(target.buffer, there, Spot(r, width, {}), None, None)
                    value = self.combine(combiner, old, value, self.of_width(width))
                self.store(value, target.buffer, there, width)

        def row(r: Index) -> None:
            if lane is None:
                self.emit.nested(op.extents, lambda at: element(r, at, 1))
                return
            *leading, last = op.extents
            if not isinstance(last, int):
                raise PassFailedException("convert-kernel-to-vectors: a loop of run-time length in a row")
            self.emit.nested(
                leading, lambda at: self.groups(last, lambda first, width: element(r, (*at, first), width))
            )

        self.each_row(row)
        for result, target in zip(op.results_, targets, strict=True):
            self.places[result] = target

    def copy(self, value: SSAValue, target: Local) -> None:
        """Every element of a row value."""

        def row(r: Index) -> None:
            def element(at: Sequence[Index], width: int) -> None:
                spot = Spot(r, width, {})
                self.put(target, at, self.read(value, tuple(at), spot), spot)

            if not shape(value):
                element((), 1)
                return
            *leading, last = shape(value)
            self.emit.nested(leading, lambda at: self.groups(last, lambda first, width: element((*at, first), width)))

        self.each_row(row)
