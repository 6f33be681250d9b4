"""The body of a kernel for one block of rows: nests on values that have one row a lane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, FloatAttr, IntegerAttr, TensorType
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineDimExpr
from xdsl.utils.exceptions import PassFailedException

from anamc.dialects import nest
from anamc.dialects.access import AccessAttr
from anamc.lowering.emitter import Emitter, Index
from anamc.lowering.nests import FLOAT_COMBINERS, Undefined, Uniform, covers_all
from anamc.lowering.vectors.lanes import LaneEmitter
from anamc.lowering.vectors.plan import BodyPlan, dims_of, is_pointwise, shape


@dataclass(frozen=True)
class Local:
    """A row value in a local array `[features..., rows of the block]`."""

    buffer: SSAValue


@dataclass(frozen=True)
class Column:
    """A row value of one element whose rows are neighbours in memory, from `first` on."""

    buffer: SSAValue
    first: Index


@dataclass(frozen=True)
class Whole:
    """A tensor that all rows share."""

    buffer: SSAValue


@dataclass(frozen=True)
class Registers:
    """A row value of rank 0: one vector for each group of rows."""

    vectors: tuple[SSAValue, ...]


Place = Local | Column | Whole | Registers | Uniform | Undefined
Sink = Callable[[Sequence[Index], Sequence[SSAValue]], None]
"""Takes an element's indices and its vectors."""


@dataclass
class Element:
    """What one element of one vector is computed from: values read already, and sums in registers."""

    vector: int
    known: dict[object, SSAValue]
    sums: dict[SSAValue, SSAValue] = field(default_factory=dict[SSAValue, SSAValue])


class BlockLowering:
    """One block of `vectors` vectors of rows."""

    def __init__(self, emit: LaneEmitter, plan: BodyPlan, vectors: int, outputs: int) -> None:
        """`outputs`: how many outputs times `vectors` sums are held in registers."""
        self.lanes = emit
        self.emit: Emitter = emit.emit
        self.plan = plan
        self.vectors = vectors
        self.outputs = outputs
        self.places: dict[SSAValue, Place] = {}
        self.scalars: dict[SSAValue, SSAValue] = {}
        self.direct: dict[SSAValue, Column] = {}
        self.sinks: dict[nest.MapOp, Sink] = {}
        self.instead: dict[nest.MapOp, Callable[[], None]] = {}
        self.free: dict[object, list[SSAValue]] = {}

    def local(self, value: SSAValue) -> Local:
        """A local array for a row value, perhaps one that is not used any more."""
        type = value.type
        if not isinstance(type, TensorType):
            raise PassFailedException(f"convert-kernel-to-vectors: expected a row value, got {type}")
        if found := self.free.get(type):
            return Local(found.pop())
        rows = self.vectors * self.lanes.width
        return Local(self.emit.alloca(type.element_type, [*type.get_shape(), rows], value.name_hint or "t"))

    def lower(self) -> None:
        """Everything but the terminator."""
        for at, op in enumerate(list(self.plan.body.ops)[:-1]):
            if isinstance(op, nest.MapOp):
                if op not in self.plan.inside:
                    self.nest(op)
            elif isinstance(op.results[0].type, TensorType):
                self.value(op)
            else:
                self.scalars[op.results[0]] = self.scalar(op, self.scalars)
            self.release(at)

    def release(self, at: int) -> None:
        """Local arrays that nothing behind position `at` reads are free again."""
        for value, place in list(self.places.items()):
            if isinstance(place, Local) and self.plan.last_use.get(value, -1) <= at:
                del self.places[value]
                if not any(p == place for p in self.places.values()):
                    self.free.setdefault(value.type, []).append(place.buffer)

    def value(self, op: Operation) -> None:
        match op:
            case tensor.EmptyOp():
                self.places[op.tensor] = Undefined()
            case tensor.SplatOp():
                self.places[op.result] = Uniform(self.scalars.get(op.input, op.input))
            case arith.ConstantOp(value=DenseIntOrFPElementsAttr() as dense) if dense.is_splat():
                self.places[op.result] = Uniform(self.emit.constant(dense.get_attrs()[0]))  # pyright: ignore
            case _:
                raise PassFailedException(f"convert-kernel-to-vectors: '{op.name}' on rows")

    def scalar(
        self, op: Operation, values: dict[SSAValue, SSAValue], known: dict[object, SSAValue] | None = None
    ) -> SSAValue:
        if isinstance(op, arith.ConstantOp) and isinstance(op.value, IntegerAttr | FloatAttr):
            return self.emit.constant(op.value)
        return self.lanes.apply(op, [values.get(v, v) for v in op.operands], known)

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

    def load(self, place: Place, at: Sequence[Index], vector: int, hint: str | None) -> SSAValue:
        match place:
            case Local():
                return self.lanes.load(place.buffer, (*at, vector * self.lanes.width), hint=hint)
            case Column():
                rank = place.buffer.type.get_num_dims()  # pyright: ignore
                first = self.emit.add(place.first, vector * self.lanes.width)
                return self.lanes.load(place.buffer, (first, *[0] * (rank - 1)), hint=hint)  # pyright: ignore
            case Whole():
                return self.emit.load(place.buffer, at, hint)
            case Registers():
                return place.vectors[vector]
            case Uniform():
                return place.value
            case Undefined():
                raise PassFailedException("convert-kernel-to-vectors: an element of 'tensor.empty' is read")

    def compute(self, op: nest.MapOp, at: Sequence[Index], element: Element) -> list[SSAValue]:
        """What one iteration of a nest yields."""
        block = op.body.block
        values = dict(self.scalars)
        for argument, index in zip(block.args, at, strict=False):
            if argument.uses.get_length():
                values[argument] = self.emit.index(index)
        for argument, source, access in zip(block.args[len(at) :], op.reads, op.read_accesses, strict=True):
            if argument.uses.get_length():
                values[argument] = self.read(source, self.place(op, access, at, element), element)
        for inner in list(block.ops)[:-1]:
            values[inner.results[0]] = self.scalar(inner, values, element.known)
        return [values.get(v, v) for v in op.yielded]

    def place(self, op: nest.MapOp, access: AccessAttr, at: Sequence[Index], element: Element) -> tuple[Index, ...]:
        """The indices of an access at one iteration."""
        if all(isinstance(e, AffineDimExpr) for e in access.indices):
            return tuple(at[e.position] for e in access.indices if isinstance(e, AffineDimExpr))
        key = (access, tuple(at), tuple(op.tables))
        if key in element.known:
            return element.known[key]  # pyright: ignore[reportReturnType]
        sizes: list[Index] = [self.scalars.get(s, s) for s in op.sizes]
        symbols = list(sizes)
        for read in access.tables:
            table = self.places[op.tables[read.position]]
            if not isinstance(table, Whole):
                raise PassFailedException("convert-kernel-to-vectors: an index table differs from row to row")
            where = [self.emit.affine(e, at, sizes) for e in read.map.data.results]
            symbols.append(self.emit.load_index(table.buffer, where))
        found = tuple(self.emit.affine(e, at, symbols) for e in access.indices)
        element.known[key] = found  # pyright: ignore[reportArgumentType]
        return found

    def combine(self, combiner: str, old: SSAValue, new: SSAValue) -> SSAValue:
        if combiner == "add":
            return self.lanes.add_product(old, new)
        return self.emit.value(FLOAT_COMBINERS[combiner](old, self.lanes.all(new)))

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
                    rank = column.buffer.type.get_num_dims()  # pyright: ignore
                    self.lanes.store(self.lanes.all(value), column.buffer, (first, *[0] * (rank - 1)))  # pyright: ignore

            return to_memory
        target = self.dying(op) or self.local(result)
        self.places[result] = target

        def to_local(at: Sequence[Index], values: Sequence[SSAValue]) -> None:
            for k, value in enumerate(values):
                self.lanes.store(self.lanes.all(value), target.buffer, (*at, k * self.lanes.width))

        return to_local

    def dying(self, op: nest.MapOp) -> Local | None:
        """The array of a value that only `op` reads, element by element, and that nobody needs afterwards."""
        if op in self.plan.contraction:
            return None
        for value, access in zip(op.reads, op.read_accesses, strict=True):
            place = self.places.get(value)
            if not isinstance(place, Local) or value.type != op.results_[0].type or value not in self.owned():
                continue
            if access.is_identity() and [u.operation for u in value.uses] == [op]:
                return place
        return None

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

    def rounds(
        self,
        op: nest.MapOp,
        over: Sequence[int],
        fixed: dict[int, Index],
        carried: Sequence[SSAValue],
        step: Callable[[nest.MapOp, Sequence[Index], Sequence[SSAValue]], Sequence[SSAValue]],
    ) -> Sequence[SSAValue]:
        """Loops over some iterators of a nest, the others fixed, values carried."""
        if not over:
            return step(op, [fixed[k] for k in range(len(op.ranges.data))], carried)
        first, *rest = over
        hint = op.body.block.args[first].name_hint
        extent = op.extents[first]
        if extent == 0:
            return carried
        return self.emit.loop(
            extent, lambda i, values: self.rounds(op, rest, {**fixed, first: i}, values, step), carried, hint or "j"
        )

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
                    place = (*self.place(op, access, at, known), v * self.lanes.width)
                    combiner, value = op.combiners.data[k].data, values[k]
                    if combiner != "set":
                        value = self.combine(combiner, self.lanes.load(target.buffer, place), value)
                    self.lanes.store(self.lanes.all(value), target.buffer, place)

        self.emit.nested(op.extents, element)
        for result, target in zip(op.results_, targets, strict=True):
            self.places[result] = target

    def target(self, op: nest.MapOp, k: int) -> Local:
        """The array of a result, holding what the result starts from."""
        init, result = op.inits[k], op.results_[k]
        start = self.places.get(init)
        at = list(self.plan.body.ops).index(op)
        once = list(op.operands).count(init) == 1
        if isinstance(start, Local) and self.plan.last_use.get(init, -1) <= at and once and init in self.owned():
            return start
        target = self.local(result)
        if not isinstance(start, Undefined) and not (op.combiners.data[k].data == "set" and covers_all(op, k)):
            self.copy(init, target)
        return target

    def owned(self) -> set[SSAValue]:
        """Values in arrays that no other value shares."""
        places = list(self.places.values())
        return {v for v, p in self.places.items() if places.count(p) == 1}

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

    def stored(self, value: SSAValue) -> Local:
        """The value in a local array."""
        place = self.places[value]
        if isinstance(place, Local):
            return place
        target = self.local(value)
        self.copy(value, target)
        return target


def tile_size(outputs: int, most: int) -> int:
    """How many outputs to sum at once: at most `most`, in equal parts where a divisor is near."""
    most = max(1, min(most, outputs))
    for size in range(most, (most + 1) // 2, -1):
        if outputs % size == 0:
            return size
    return -(-outputs // -(-outputs // most))
