"""One nest with neighbouring elements in lanes: tiles of a result in registers, loops around and inside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

from xdsl.dialects import arith, vector
from xdsl.ir import SSAValue

from anamc.analysis.element_accesses import are_neighbours, row_shape
from anamc.analysis.element_tiles import ROWS, ElementTile
from anamc.analysis.types import tensor_type
from anamc.dialects import lanes, nest
from anamc.lowering.emitter import Emitter, Index
from anamc.lowering.nest_loops import NestLoops
from anamc.lowering.nests import FLOAT_COMBINERS, BodyLowering, Stored
from anamc.lowering.vectors.element_operands import Lanes, Operands, Spot
from anamc.lowering.vectors.lanes import LaneEmitter

Values = Sequence[SSAValue]


class ElementNest:
    """
    The one result of a nest, for each of some rows of a kernel. `targets`: where it goes, row by row.

    `starts`: what the result is before, where that is the same number everywhere and not yet in memory.
    """

    def __init__(
        self, emit: Emitter, op: nest.MapOp, tile: ElementTile, bodies: Sequence[BodyLowering],
        targets: Sequence[Stored], starts: Sequence[SSAValue | None], combiner: str | None = None,
    ) -> None:  # fmt: skip
        """`combiner`: how values meet with what is there, if not as the nest says."""
        self.emit, self.op, self.tile = emit, op, tile
        self.bodies, self.targets, self.starts = bodies, targets, starts
        self.operands = Operands(emit, op, tile, bodies)
        self.access = op.write_accesses.data[0]
        self.combiner = combiner or op.combiners.data[0].data
        self.element = tensor_type(op.results_[0]).element_type
        self.extents = bodies[0].extents(op)
        sizes = [bodies[0].scalars.get(s, s) for s in op.sizes]
        self.order = [*tile.around, *tile.inside, *tile.over]
        self.loops = NestLoops(emit, op, self.extents, sizes, self.order)

    def lower(self) -> None:
        """Loops around, vectors, packing, loops inside, tiles; where nothing is packed, vectors are innermost."""
        tile = self.tile
        first, last = len(tile.around), len(tile.around) + len(tile.inside)

        def around(indices: tuple[Index, ...], carried: Values) -> Values:
            def columns(found: Sequence[Lanes]) -> None:
                self.operands.masks.clear()
                if tile.packed:
                    self.operands.pack(self.point(indices, {}), found)
                self.loops.over(range(first, last), indices, lambda at, _: self.tiles(at, found), carried)

            self.columns(columns)
            return ()

        def inside(indices: tuple[Index, ...], carried: Values) -> Values:
            return self.tiles(indices, None)

        if tile.packed:
            self.loops.over(range(first), (), around)
        else:
            self.loops.over(range(last), (), inside)

    def columns(self, body: Callable[[Sequence[Lanes]], None]) -> None:
        """Calls `body` for vectors side by side, for single ones of what is left, and for what fills none."""
        emit, tile = self.emit, self.tile
        extent = self.extents[tile.lane]
        block = tile.width * tile.vectors
        whole = emit.floordiv(extent, block)
        if whole != 0:

            def side_by_side(at: Sequence[Index]) -> None:
                first = emit.mul(at[0], block)
                body([Lanes(emit.add(first, v * tile.width), tile.width, v) for v in range(tile.vectors)])

            emit.nested([whole], side_by_side, ["column"])
        done = emit.mul(whole, block)
        if isinstance(extent, int) and isinstance(done, int):
            while extent - done >= tile.width:
                body([Lanes(done, tile.width)])
                done += tile.width
            if done < extent:
                body([self.narrow(done, extent)])
            return
        rest = emit.ceildiv(emit.sub(extent, done), tile.width)
        emit.nested(
            [rest],
            lambda at: body([Lanes(emit.add(done, emit.mul(at[0], tile.width)), tile.width, 0, extent)]),
            ["tail"],
        )

    def narrow(self, first: int, extent: int) -> Lanes:
        """What is left of a known range."""
        width = 2
        while width < extent - first:
            width *= 2
        width = min(width, self.tile.width)
        return Lanes(first, width, 0, None if width == extent - first else extent)

    def point(self, indices: Sequence[Index], fixed: dict[int, Index]) -> list[Index]:
        """The values of all iterators; 0 for those that are not known yet."""
        at: list[Index] = [0] * len(self.extents)
        for d, i in [*zip(self.order, indices, strict=False), *fixed.items()]:
            at[d] = i
        return at

    # Tiles -----------------------------------------------------------------------------------

    def tiles(self, indices: tuple[Index, ...], columns: Sequence[Lanes] | None) -> Values:
        """All tiles at one point of the loops around them."""

        def level(k: int, some: tuple[tuple[int, Sequence[Index]], ...]) -> None:
            if k == len(self.tile.tiles):
                self.at_tile(indices, some, columns)
                return
            dim, size = self.tile.tiles[k]
            if dim == ROWS:
                level(k + 1, (*some, (ROWS, list(range(size)))))
                return

            def run(first: Index, count: int) -> None:
                level(k + 1, (*some, (dim, [self.emit.add(first, i) for i in range(count)])))

            self.parts(self.extents[dim], size, run)

        level(0, ())
        return ()

    def parts(self, extent: Index, size: int, run: Callable[[Index, int], None]) -> None:
        """Calls `run(first, count)` for parts of `size` of a range, then for what is left, halves of them first."""
        emit = self.emit
        whole = emit.floordiv(extent, size)
        if whole != 0:
            emit.nested([whole], lambda at: run(emit.mul(at[0], size), size), ["tile"])
        done = emit.mul(whole, size)
        if isinstance(extent, int) and isinstance(done, int):
            if done < extent:
                run(done, extent - done)
            return
        while size > 1:
            size //= 2
            rounds = emit.floordiv(emit.sub(extent, done), size)
            emit.nested(
                [rounds], lambda at, s=size, d=done: run(emit.add(d, emit.mul(at[0], s)), s), ["rest"]
            )  # fmt: skip
            done = emit.add(done, emit.mul(rounds, size))

    def at_tile(
        self, indices: tuple[Index, ...], some: Sequence[tuple[int, Sequence[Index]]], columns: Sequence[Lanes] | None
    ) -> None:
        spots = self.spots_of(indices, some)
        if columns is not None:
            self.along(indices, spots, columns)
        else:
            self.columns(lambda found: self.along(indices, spots, found))

    def spots_of(self, indices: tuple[Index, ...], some: Sequence[tuple[int, Sequence[Index]]]) -> list[Spot]:
        """The elements of a tile."""
        spots: list[Spot] = []
        for values in product(*(v for _, v in some)):
            fixed = {d: i for (d, _), i in zip(some, values, strict=True) if d != ROWS}
            row = next((i for (d, _), i in zip(some, values, strict=True) if d == ROWS), 0)
            spots.append(Spot(row if isinstance(row, int) else 0, tuple(self.point(indices, fixed))))
        return spots

    def along(self, indices: tuple[Index, ...], spots: Sequence[Spot], columns: Sequence[Lanes]) -> None:
        """A tile of a result whose elements lanes count."""
        self.operands.masks.clear()
        pairs = [(spot, column) for spot in spots for column in columns]
        if self.combiner == "set":
            known: dict[object, SSAValue] = {}
            point = [0] * len(self.tile.over)
            for spot, column in pairs:
                there = self.moved(spot, (*indices, *point))
                self.put(self.computed(there, column, known), spot, column)
            return
        starts = [self.start(spot, column) for spot, column in pairs]
        for column in columns:
            if column.end is not None:
                self.operands.mask(column)  # in front of the rounds

        def step(at: tuple[Index, ...], carried: Values) -> Values:
            known: dict[object, SSAValue] = {}
            found: list[SSAValue] = []
            for (spot, column), old in zip(pairs, carried, strict=True):
                new = self.computed(self.moved(spot, at), column, known)
                found.append(self.combined(old, new, LaneEmitter(self.emit, column.width)))
            return found

        first = len(self.tile.around) + len(self.tile.inside)
        ends = self.loops.over(range(first, len(self.order)), indices, step, starts)
        for (spot, column), value in zip(pairs, ends, strict=True):
            self.put(value, spot, column)

    def moved(self, spot: Spot, indices: Sequence[Index]) -> Spot:
        """The spot in one round of what is combined."""
        at = list(spot.at)
        for d, i in zip(self.order, indices, strict=True):
            at[d] = i
        return Spot(spot.row, tuple(at))

    # Elements --------------------------------------------------------------------------------

    def computed(self, spot: Spot, column: Lanes, known: dict[object, SSAValue]) -> SSAValue:
        """What one iteration yields: a vector, or a scalar that is the same in all lanes."""
        op, body = self.op, self.bodies[spot.row]
        block, count = op.body.block, len(self.extents)
        values = dict(body.scalars)
        for argument, index in zip(block.args, spot.at, strict=False):
            if argument.uses.get_length():
                values[argument] = self.emit.index(index)
        for n, argument in enumerate(block.args[count:]):
            if argument.uses.get_length():
                values[argument] = self.operands.read(n, spot, column, known)
        emit = LaneEmitter(self.emit, column.width)
        for inner in list(block.ops)[:-1]:
            if isinstance(inner, arith.ConstantOp):
                body.scalar(inner, values)
            else:
                values[inner.results[0]] = emit.apply(inner, [values.get(v, v) for v in inner.operands], known)
        return values.get(op.yielded[0], op.yielded[0])

    def combined(self, old: SSAValue, new: SSAValue, emit: LaneEmitter) -> SSAValue:
        if self.combiner == "add":
            return emit.add_product(old, new)
        return self.emit.value(FLOAT_COMBINERS[self.combiner](old, emit.all(new)))

    # The result ------------------------------------------------------------------------------

    def where(self, spot: Spot, lane: Index) -> tuple[SSAValue, tuple[Index, ...]]:
        """The buffer and the place of one element."""
        target = self.targets[spot.row]
        at = self.operands.with_lane(spot.at, lane)
        return target.buffer, (*target.prefix, *self.bodies[spot.row].place(self.op, self.access, at))

    @property
    def is_together(self) -> bool:
        """True where lanes reach neighbours of the result."""
        return are_neighbours(self.access, self.tile.lane, row_shape(self.op.results_[0]))

    def start(self, spot: Spot, column: Lanes) -> SSAValue:
        """What the elements of a vector are before."""
        emit = LaneEmitter(self.emit, column.width)
        start = self.starts[spot.row]
        if start is not None:
            return emit.all(start)
        if not self.is_together:
            found = emit.zero(self.element)
            for k in range(column.width):
                found = emit.insert(self.emit.load(*self.where(spot, self.operands.lane(column, k))), found, k)
            return found
        buffer, where = self.where(spot, column.first)
        if column.end is None:
            return emit.load(buffer, where)
        mask, zero = self.operands.mask(column), emit.zero(self.element)
        return self.emit.value(vector.MaskedLoadOp(buffer, [self.emit.index(i) for i in where], mask, zero))

    def put(self, value: SSAValue, spot: Spot, column: Lanes) -> None:
        """The elements of a vector into the result."""
        emit = LaneEmitter(self.emit, column.width)
        value = emit.all(value)
        if self.is_together:
            buffer, where = self.where(spot, column.first)
            if column.end is None:
                emit.store(value, buffer, where)
            else:
                indices = [self.emit.index(i) for i in where]
                self.emit.emit(vector.MaskedStoreOp(buffer, indices, self.operands.mask(column), value))
            return
        count = column.width
        if isinstance(column.end, int) and isinstance(column.first, int):
            count = column.end - column.first
        elif column.end is not None:
            self.put_some(value, spot, column, emit)
            return
        for k in range(count):
            lane = self.emit.value(lanes.GetOp(value, k))
            self.emit.store(lane, *self.where(spot, self.emit.add(column.first, k)))

    def put_some(self, value: SSAValue, spot: Spot, column: Lanes, emit: LaneEmitter) -> None:
        """Lanes that are no neighbours, as many as there are at run time, through a local array."""
        array = self.emit.alloca(self.element, [column.width], "lanes")
        emit.store(value, array, (0,))
        left = self.emit.sub(column.end or 0, column.first)

        def one(at: Sequence[Index]) -> None:
            element = self.emit.load(array, at)
            self.emit.store(element, *self.where(spot, self.emit.add(column.first, at[0])))

        self.emit.nested([self.emit.min(left, column.width)], one, ["lane"])
