"""How the body of a kernel reaches rows that lie one behind the other, their features in lanes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from xdsl.ir import SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.lanes import mentions
from anamc.analysis.products import Product, read_arguments
from anamc.dialects import nest
from anamc.lowering.emitter import Index
from anamc.lowering.nests import Undefined, Uniform
from anamc.lowering.vectors.lanes import LaneEmitter, ScalarEmitter
from anamc.lowering.vectors.places import BlockBody, Local, Whole
from anamc.lowering.vectors.plan import BodyPlan
from anamc.lowering.vectors.transpose import groups_of


@dataclass(frozen=True)
class InMemory:
    """A row value that stays where it is: `first(r)` is the leading index of row `r` of the block."""

    buffer: SSAValue
    first: Callable[[Index], Index]


@dataclass
class Spot:
    """One row of the block, `width` neighbouring features of it, what is known of it already, and sums in registers."""

    row: Index
    width: int
    known: dict[object, SSAValue]
    sums: dict[SSAValue, SSAValue] = field(default_factory=dict[SSAValue, SSAValue])

    def scalar(self) -> Spot:
        return Spot(self.row, 1, self.known, self.sums)


class FeatureAccess(BlockBody):
    """
    One block of at most `size` rows, of which `count` hold anything.

    A row value is a local array `[rows][features]`, or stays in memory.
    """

    def __init__(
        self, emit: LaneEmitter, plan: BodyPlan, size: int, count: Index, tile: tuple[int, int],
        products: dict[nest.MapOp, Product], turned: dict[SSAValue, SSAValue],
    ) -> None:  # fmt: skip
        """`tile`: rows and vectors whose sums are held in registers at once. `turned`: matrices the other way round."""
        super().__init__(emit, plan)
        self.size = size
        self.count = count
        self.tile_rows, self.tile_vectors = tile
        self.products = products
        self.turned = turned
        self.direct: dict[SSAValue, InMemory] = {}
        self.widths: dict[int, LaneEmitter] = {emit.width: emit}

    def array(self, shape: Sequence[int]) -> list[int]:
        """`[rows of the block, features...]`"""
        return [self.size, *shape]

    def of_width(self, width: int) -> LaneEmitter:
        """Emits operations on vectors of another width."""
        if width not in self.widths:
            self.widths[width] = ScalarEmitter(self.emit) if width == 1 else LaneEmitter(self.emit, width)
        return self.widths[width]

    def each_row(self, body: Callable[[Index], None]) -> None:
        self.emit.nested([self.count], lambda at: body(at[0]), ["row"])

    def groups(self, features: int, body: Callable[[Index, int], None]) -> None:
        """Calls `body(first, width)` for whole vectors in a loop, then for what is left."""
        width = self.lanes.width
        whole = features // width
        if whole:
            self.emit.nested([whole], lambda at: body(self.emit.mul(at[0], width), width), ["group"])
        for first, narrow in list(groups_of(features, width))[whole:]:
            body(first, narrow)

    # One element -----------------------------------------------------------------------------

    def leading(self, place: object, spot: Spot) -> tuple[Index, ...]:
        """The index of the row in the buffer of a place."""
        if not isinstance(place, InMemory):
            return (spot.row,)
        key = ("row", place, spot.row)
        if key not in spot.known:
            spot.known[key] = place.first(spot.row)  # pyright: ignore[reportArgumentType]
        return (spot.known[key],)

    def read(self, value: SSAValue, at: tuple[Index, ...], spot: Spot) -> SSAValue:
        """Neighbours from an element of a row value on: a vector, or a scalar where one number is meant."""
        if value in spot.sums:
            return spot.sums[value]
        if self.plan.is_inside(value):
            owner = value.owner
            if isinstance(owner, nest.MapOp):
                return self.compute(owner, at, spot, len(at) - 1)[0]
        place = self.places[value]
        match place:
            case Uniform():
                return place.value
            case Whole():
                return self.load(place.buffer, at, spot, (value, at, spot.width), value.name_hint)
            case Local() | InMemory():
                key = (value, at, spot.width, spot.row)
                return self.load(place.buffer, (*self.leading(place, spot), *at), spot, key, value.name_hint)
            case Undefined():
                raise PassFailedException("convert-kernel-to-vectors: an element of 'tensor.empty' is read")
            case _:
                raise PassFailedException(f"convert-kernel-to-vectors: a value is in {type(place).__name__}")

    def load(self, buffer: SSAValue, at: Sequence[Index], spot: Spot, key: object, hint: str | None) -> SSAValue:
        if key not in spot.known:
            spot.known[key] = (
                self.emit.load(buffer, at, hint)
                if spot.width == 1
                else self.lanes.load(buffer, at, spot.width, hint=hint)
            )
        return spot.known[key]

    def compute(
        self, op: nest.MapOp, at: Sequence[Index], spot: Spot, lane: int, turned: frozenset[int] = frozenset()
    ) -> list[SSAValue]:
        """What one iteration of a nest yields; with more than one lane, iterator `lane` counts them."""
        values = dict(self.scalars)
        for argument, index in zip(op.body.block.args, at, strict=False):
            if argument.uses.get_length():
                values[argument] = self.emit.index(index)
        for k, (argument, access) in enumerate(zip(read_arguments(op), op.read_accesses, strict=True)):
            if argument.uses.get_length():
                wide = spot.width > 1 and any(mentions(e, lane) for e in access.indices)
                place = self.place(op, access, at, spot.known)
                source = op.reads[k]
                if k in turned:
                    there = place[::-1]
                    key = ("turned", source, there, spot.width if wide else 1)
                    values[argument] = self.load(
                        self.turned[source], there, spot if wide else spot.scalar(), key, source.name_hint
                    )
                else:
                    values[argument] = self.read(source, place, spot if wide else spot.scalar())
        emit = self.of_width(spot.width)
        for inner in list(op.body.block.ops)[:-1]:
            values[inner.results[0]] = self.scalar(inner, values, spot.known, emit)
        return [values.get(v, v) for v in op.yielded]

    def store(self, value: SSAValue, buffer: SSAValue, at: Sequence[Index], width: int) -> None:
        if width == 1:
            self.emit.store(value, buffer, at)
        else:
            self.lanes.store(self.of_width(width).all(value), buffer, at)

    def put(self, place: Local | InMemory, at: Sequence[Index], value: SSAValue, spot: Spot) -> None:
        """Neighbours of a row from `at` on."""
        self.store(value, place.buffer, (*self.leading(place, spot), *at), spot.width)
