"""What a tile of a nest reads, with neighbouring elements in lanes: spread, loaded, packed or gathered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects import arith, vector
from xdsl.dialects.builtin import i64
from xdsl.ir import SSAValue

from anamc.analysis.element_accesses import are_neighbours, row_shape, used
from anamc.analysis.element_tiles import ElementTile
from anamc.analysis.lanes import is_free
from anamc.analysis.types import tensor_type
from anamc.dialects import lanes, nest
from anamc.lowering.emitter import Emitter, Index
from anamc.lowering.nests import BodyLowering, Stored, Uniform
from anamc.lowering.vectors.lanes import LaneEmitter


@dataclass(frozen=True)
class Lanes:
    """The elements of one vector: from `first` on, `width` of them; below `end` only, where that is given."""

    first: Index
    width: int
    number: int = 0
    """Which of the vectors side by side."""
    end: Index | None = None


@dataclass(frozen=True)
class Spot:
    """One element of a tile, the same for all lanes: a row of the kernel, and the values of all iterators."""

    row: int
    at: tuple[Index, ...]


class Operands:
    """
    The reads of a nest. `bodies`: that of each row of the kernel that is held at once.

    Lanes behind the end repeat the last element where they are gathered or packed, and are 0 where they are loaded.
    """

    def __init__(self, emit: Emitter, op: nest.MapOp, tile: ElementTile, bodies: Sequence[BodyLowering]) -> None:
        self.emit = emit
        self.op = op
        self.tile = tile
        self.bodies = bodies
        self.used = [used(a) for a in op.read_accesses]
        self.packs: dict[int, tuple[list[int], SSAValue]] = {}
        self.masks: dict[Lanes, SSAValue] = {}

    def mask(self, at: Lanes) -> SSAValue:
        """The lanes that hold something; made anew in each block of a loop, for it is little."""
        if at.end is None:
            raise ValueError("all lanes hold something")
        if at not in self.masks:
            left = self.emit.index(self.emit.sub(at.end, at.first))
            self.masks[at] = self.emit.value(lanes.FirstOp(self.emit.value(arith.IndexCastOp(left, i64)), at.width))
        return self.masks[at]

    def read(self, n: int, spot: Spot, at: Lanes, known: dict[object, SSAValue]) -> SSAValue:
        """Read `n` at a spot: a vector, or a scalar that is the same in all lanes."""
        body, source, access = self.bodies[spot.row], self.op.reads[n], self.op.read_accesses.data[n]
        place = body.places[source]
        if isinstance(place, Uniform):
            return place.value
        wide = not is_free(access, self.tile.lane)
        where = tuple(spot.at[d] for d in sorted(self.used[n]) if d != self.tile.lane)
        key = ("read", n, self.row_of(n, spot.row), where, at if wide else None)
        if key not in known:
            known[key] = self.vector(n, spot, at) if wide else self.scalar(n, spot)
        return known[key]

    def row_of(self, n: int, row: int) -> int:
        """The first row that reads the same."""
        op, first = self.op, self.bodies[0]
        body, source = self.bodies[row], op.reads[n]
        same = body.places[source] == first.places[source]
        return 0 if same and all(body.scalars.get(s, s) is first.scalars.get(s, s) for s in op.sizes) else row

    def scalar(self, n: int, spot: Spot) -> SSAValue:
        body, source = self.bodies[spot.row], self.op.reads[n]
        indices = body.place(self.op, self.op.read_accesses.data[n], spot.at)
        return body.read(body.places[source], indices, self.hint(n))

    def hint(self, n: int) -> str | None:
        return self.op.body.block.args[len(self.op.ranges.data) + n].name_hint

    def vector(self, n: int, spot: Spot, at: Lanes) -> SSAValue:
        emit = LaneEmitter(self.emit, at.width)
        if n in self.packs:
            dims, array = self.packs[n]
            return emit.load(array, (*(spot.at[d] for d in dims), at.number * self.tile.width), hint=self.hint(n))
        source, access = self.op.reads[n], self.op.read_accesses.data[n]
        if not are_neighbours(access, self.tile.lane, row_shape(source)):
            return self.gathered(n, spot, at)
        body = self.bodies[spot.row]
        place = body.places[source]
        if not isinstance(place, Stored):
            return self.gathered(n, spot, at)
        indices = body.place(self.op, access, self.with_lane(spot.at, at.first))
        where = (*place.prefix, *indices)
        if at.end is None:
            return emit.load(place.buffer, where, hint=self.hint(n))
        zero = emit.zero(tensor_type(source).element_type)
        load = vector.MaskedLoadOp(place.buffer, [self.emit.index(i) for i in where], self.mask(at), zero)
        return self.emit.value(load, self.hint(n))

    def is_loaded(self, n: int) -> bool:
        """True where the lanes of read `n` are neighbours in memory, so that those behind the end are 0."""
        source, access = self.op.reads[n], self.op.read_accesses.data[n]
        stored = all(isinstance(body.places[source], Stored) for body in self.bodies)
        lane = self.tile.lane
        return stored and not is_free(access, lane) and are_neighbours(access, lane, row_shape(source))

    def with_lane(self, at: Sequence[Index], value: Index) -> tuple[Index, ...]:
        return tuple(value if d == self.tile.lane else i for d, i in enumerate(at))

    def lane(self, at: Lanes, k: int) -> Index:
        """The value of the iterator in lane `k`."""
        value = self.emit.add(at.first, k)
        return value if at.end is None or k == 0 else self.emit.min(value, self.emit.sub(at.end, 1))

    def gathered(self, n: int, spot: Spot, at: Lanes) -> SSAValue:
        """Lane by lane."""
        emit = LaneEmitter(self.emit, at.width)
        found = emit.zero(tensor_type(self.op.reads[n]).element_type)
        for k in range(at.width):
            value = self.scalar(n, Spot(spot.row, self.with_lane(spot.at, self.lane(at, k))))
            found = emit.insert(value, found, k)
        return found

    def pack(self, around: Sequence[Index], columns: Sequence[Lanes]) -> None:
        """Lays out what the rounds of a tile read, one vector behind the other."""
        op, tile = self.op, self.tile
        for n in tile.packed:
            dims = [d for d in tile.over if d in self.used[n]]
            extents = [e for d in dims if isinstance(e := op.extents[d], int)]
            element = tensor_type(op.reads[n]).element_type
            if n not in self.packs:
                array = self.emit.alloca(element, [*extents, tile.width * tile.vectors], "packed")
                self.packs[n] = (dims, array)
            array = self.packs[n][1]

            def move(
                point: Sequence[Index], n: int = n, dims: Sequence[int] = dims, array: SSAValue = array
            ) -> None:  # fmt: skip
                spot = list(around)
                *values, lane = point
                for d, i in zip(dims, values, strict=True):
                    spot[d] = i
                value = self.emit.add(columns[0].first, lane)
                if columns[0].end is not None:
                    value = self.emit.min(value, self.emit.sub(columns[0].end, 1))
                spot[tile.lane] = value
                self.emit.store(self.scalar(n, Spot(0, tuple(spot))), array, point)

            extents.append(sum(column.width for column in columns))
            self.emit.nested(extents, move, ["pack"] * len(extents))
