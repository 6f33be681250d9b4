"""The body of a kernel for one block of rows: nests on values that have one row a lane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from xdsl.ir import SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.nests import dims_of, is_pointwise, shape
from anamc.analysis.types import memref_type
from anamc.dialects import nest
from anamc.lowering.emitter import Index
from anamc.lowering.nests import Undefined, Uniform
from anamc.lowering.vectors.lanes import LaneEmitter
from anamc.lowering.vectors.places import BlockBody, Local, Whole, tile_size
from anamc.lowering.vectors.plan import BodyPlan


@dataclass(frozen=True)
class Column:
    """A row value of one element whose rows are neighbours in memory, from `first` on."""

    buffer: SSAValue
    first: Index


@dataclass(frozen=True)
class Registers:
    """A row value of rank 0: one vector for each group of rows."""

    vectors: tuple[SSAValue, ...]


Sink = Callable[[Sequence[Index], Sequence[SSAValue]], None]
"""Takes an element's indices and its vectors."""


@dataclass
class Element:
    """What one element of one vector is computed from: values read already, and sums in registers."""

    vector: int
    known: dict[object, SSAValue]
    sums: dict[SSAValue, SSAValue] = field(default_factory=dict[SSAValue, SSAValue])


class BlockLowering(BlockBody):
    """One block of `vectors` vectors of rows."""

    def __init__(self, emit: LaneEmitter, plan: BodyPlan, vectors: int, outputs: int) -> None:
        """`outputs`: how many outputs times `vectors` sums are held in registers."""
        super().__init__(emit, plan)
        self.vectors = vectors
        self.outputs = outputs
        self.direct: dict[SSAValue, Column] = {}
        self.sinks: dict[nest.MapOp, Sink] = {}

    def array(self, shape: Sequence[int]) -> list[int]:
        """`[features..., rows of the block]`"""
        return [*shape, self.vectors * self.lanes.width]

    # One element -----------------------------------------------------------------------------

    def read(self, value: SSAValue, at: tuple[Index, ...], element: Element) -> SSAValue:
        """One element of a row value (a vector), or of one that all rows share (a scalar)."""
        if value in element.sums:
            return element.sums[value]
        if self.plan.is_inside(value):
            return self.compute(value.owner, at, element)[0]  # pyright: ignore[reportArgumentType]
        place = self.places[value]
        shared = isinstance(place, Whole | Uniform)
        key = (value, at, None if shared else element.vector)
        if key not in element.known:
            element.known[key] = self.load(place, at, element.vector, value.name_hint)
        return element.known[key]

    def load(self, place: object, at: Sequence[Index], vector: int, hint: str | None) -> SSAValue:
        match place:
            case Local():
                return self.lanes.load(place.buffer, (*at, vector * self.lanes.width), hint=hint)
            case Column():
                rank = memref_type(place.buffer).get_num_dims()
                first = self.emit.add(place.first, vector * self.lanes.width)
                return self.lanes.load(place.buffer, (first, *[0] * (rank - 1)), hint=hint)
            case Whole():
                return self.emit.load(place.buffer, at, hint)
            case Registers():
                return place.vectors[vector]
            case Uniform():
                return place.value
            case Undefined():
                raise PassFailedException("convert-kernel-to-vectors: an element of 'tensor.empty' is read")
            case _:
                raise PassFailedException(f"convert-kernel-to-vectors: a value is in {type(place).__name__}")

    def compute(self, op: nest.MapOp, at: Sequence[Index], element: Element) -> list[SSAValue]:
        """What one iteration of a nest yields."""
        block = op.body.block
        values = dict(self.scalars)
        for argument, index in zip(block.args, at, strict=False):
            if argument.uses.get_length():
                values[argument] = self.emit.index(index)
        for argument, source, access in zip(block.args[len(at) :], op.reads, op.read_accesses, strict=True):
            if argument.uses.get_length():
                values[argument] = self.read(source, self.place(op, access, at, element.known), element)
        for inner in list(block.ops)[:-1]:
            values[inner.results[0]] = self.scalar(inner, values, element.known)
        return [values.get(v, v) for v in op.yielded]

    # Nests -----------------------------------------------------------------------------------

    def nest(self, op: nest.MapOp) -> None:
        contraction = self.plan.contraction.get(op)
        if op in self.instead:
            self.instead[op]()
        elif all(not shape(r) for r in op.results_):
            self.in_registers(op)
        elif contraction is not None:
            self.tiled(op, contraction, self.sink(op))
        elif is_pointwise(op):
            self.pointwise(op, self.sink(op))
        else:
            self.general(op)

    def sink(self, op: nest.MapOp) -> Sink:
        """Where the elements of a root go: a local array, an output, or a sum over rows."""
        if op in self.sinks:
            return self.sinks[op]
        result = op.results_[0]
        if result in self.direct:
            column = self.direct[result]
            self.places[result] = column

            def to_memory(at: Sequence[Index], values: Sequence[SSAValue]) -> None:
                for k, value in enumerate(values):
                    first = self.emit.add(column.first, k * self.lanes.width)
                    rank = memref_type(column.buffer).get_num_dims()
                    self.lanes.store(self.lanes.all(value), column.buffer, (first, *[0] * (rank - 1)))

            return to_memory
        target = self.dying(op) or self.local(result)
        self.places[result] = target

        def to_local(at: Sequence[Index], values: Sequence[SSAValue]) -> None:
            for k, value in enumerate(values):
                self.lanes.store(self.lanes.all(value), target.buffer, (*at, k * self.lanes.width))

        return to_local

    def in_registers(self, op: nest.MapOp) -> None:
        """All results have rank 0: carried through the loops."""
        if all(c.data == "set" for c in op.combiners):  # injective, so this is one iteration
            self.keep(op, self.each(op, [0] * len(op.ranges.data), {}))
            return
        starts = [[self.lanes.all(self.start(i, (), v)) for v in range(self.vectors)] for i in op.inits]
        flat = self.rounds(op, range(len(op.ranges.data)), {}, [x for s in starts for x in s], self.fold)
        n = self.vectors
        self.keep(op, [list(flat[k * n : (k + 1) * n]) for k in range(len(op.results_))])

    def keep(self, op: nest.MapOp, vectors: Sequence[Sequence[SSAValue]]) -> None:
        for result, values in zip(op.results_, vectors, strict=True):
            self.places[result] = Registers(tuple(self.lanes.all(v) for v in values))

    def start(self, init: SSAValue, at: tuple[Index, ...], vector: int) -> SSAValue:
        return self.read(init, at, Element(vector, {}))

    def each(self, op: nest.MapOp, at: Sequence[Index], known: dict[object, SSAValue]) -> list[list[SSAValue]]:
        """Results of one iteration, each for all vectors."""
        rows = [self.compute(op, at, Element(v, known)) for v in range(self.vectors)]
        return [[r[k] for r in rows] for k in range(len(op.results_))]

    def fold(self, op: nest.MapOp, at: Sequence[Index], carried: Sequence[SSAValue]) -> list[SSAValue]:
        """One iteration added to the carried values, result after result."""
        found = [v for values in self.each(op, at, {}) for v in values]
        kinds = [c.data for c in op.combiners for _ in range(self.vectors)]
        return [
            self.lanes.all(new) if kind == "set" else self.combine(kind, old, new)
            for kind, old, new in zip(kinds, carried, found, strict=True)
        ]

    def pointwise(self, op: nest.MapOp, sink: Sink) -> None:
        """Element after element."""
        self.emit.nested(op.extents, lambda at: sink(at, self.each(op, at, {})[0]), ("i", "j")[-len(op.extents) :])

    def tiled(self, root: nest.MapOp, op: nest.MapOp, sink: Sink) -> None:
        """Sums of some outputs times all vectors in registers, then what the group makes of them."""
        free = dims_of(op.write_accesses.data[0]) or ()
        extents = shape(op.results_[0])
        size = tile_size(extents[-1], self.outputs)
        whole, rest = divmod(extents[-1], size)

        def outputs(lead: Sequence[Index]) -> None:
            def step(k: Index, carried: Sequence[SSAValue]) -> Sequence[SSAValue]:
                self.tile(root, op, free, lead, self.emit.mul(k, size), size, sink)
                return carried

            if whole:
                self.emit.loop(whole, step, (), "tile")
            if rest:
                self.tile(root, op, free, lead, whole * size, rest, sink)

        self.emit.nested(extents[:-1], outputs)

    def tile(
        self, root: nest.MapOp, op: nest.MapOp, free: Sequence[int], lead: Sequence[Index], start: Index, size: int,
        sink: Sink,
    ) -> None:  # fmt: skip
        """Outputs `start` to `start + size - 1`."""
        places = [(*lead, self.emit.add(start, k)) for k in range(size)]
        known: dict[object, SSAValue] = {}
        sums = [
            self.lanes.all(self.read(op.inits[0], at, Element(v, known)), known)
            for at in places
            for v in range(self.vectors)
        ]
        over = [k for k in range(len(op.ranges.data)) if k not in free]
        combiner = op.combiners.data[0].data

        def step(_: nest.MapOp, point: Sequence[Index], carried: Sequence[SSAValue]) -> list[SSAValue]:
            known: dict[object, SSAValue] = {}
            found: list[SSAValue] = []
            for k, at in enumerate(places):
                indices = list(point)
                for dim, index in zip(free, at, strict=True):
                    indices[dim] = index
                found += [self.compute(op, indices, Element(v, known))[0] for v in range(self.vectors)]
                shared = found[-self.vectors :]
                found[-self.vectors :] = [
                    self.combine(combiner, old, new)
                    for old, new in zip(carried[k * self.vectors : (k + 1) * self.vectors], shared, strict=True)
                ]
            return found

        fixed: dict[int, Index] = dict.fromkeys(free, 0)
        ends = self.rounds(op, over, fixed, sums, step)
        known = {}
        for k, at in enumerate(places):
            values = ends[k * self.vectors : (k + 1) * self.vectors]
            if root is not op:
                result = op.results_[0]
                values = [self.compute(root, at, Element(v, known, {result: x}))[0] for v, x in enumerate(values)]
            sink(at, values)

    def general(self, op: nest.MapOp) -> None:
        """Results in local arrays, each iteration combined in memory."""
        targets = [self.target(op, k) for k in range(len(op.inits))]

        def element(at: Sequence[Index]) -> None:
            for v in range(self.vectors):
                known = Element(v, {})
                values = self.compute(op, at, known)
                for k, (target, access) in enumerate(zip(targets, op.write_accesses, strict=True)):
                    place = (*self.place(op, access, at, known.known), v * self.lanes.width)
                    combiner, value = op.combiners.data[k].data, values[k]
                    if combiner != "set":
                        value = self.combine(combiner, self.lanes.load(target.buffer, place), value)
                    self.lanes.store(self.lanes.all(value), target.buffer, place)

        self.emit.nested(op.extents, element)
        for result, target in zip(op.results_, targets, strict=True):
            self.places[result] = target

    def copy(self, value: SSAValue, target: Local) -> None:
        """Every element of a row value."""

        def element(at: Sequence[Index]) -> None:
            for v in range(self.vectors):
                found = self.lanes.all(self.read(value, tuple(at), Element(v, {})))
                self.lanes.store(found, target.buffer, (*at, v * self.lanes.width))

        self.emit.nested(shape(value), element)

    def vectors_of(self, value: SSAValue, at: tuple[Index, ...]) -> list[SSAValue]:
        """One element of a row value, for every vector."""
        return [self.read(value, at, Element(v, {})) for v in range(self.vectors)]
