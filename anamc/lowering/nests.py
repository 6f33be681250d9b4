"""Lowers the body of a kernel: nests on row values become loops on places in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.dialects import arith, memref, tensor
from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    FloatAttr,
    IndexType,
    IntegerAttr,
    IntegerType,
    TensorType,
)
from xdsl.ir import Block, Operation, SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.types import tensor_type
from anamc.dialects import nest
from anamc.dialects.access import AccessAttr
from anamc.lowering.emitter import Emitter, Index
from anamc.lowering.nest_loops import NestLoops
from anamc.lowering.winners import NOBODY, linear_number, wins


@dataclass(frozen=True)
class Stored:
    """A row value in memory: a buffer, and the leading indices that reach the row in it."""

    buffer: SSAValue
    prefix: tuple[Index, ...] = ()
    local: bool = False


@dataclass(frozen=True)
class Uniform:
    """A row value that is one scalar everywhere; also a scalar result of rank 0."""

    value: SSAValue


@dataclass(frozen=True)
class Undefined:
    """A row value that nobody may read."""


@dataclass(frozen=True)
class Computed:
    """A row value that is only added to a result: each element is computed where it is added."""

    op: nest.MapOp


Place = Stored | Uniform | Undefined | Computed

FLOAT_COMBINERS: dict[str, Callable[[SSAValue, SSAValue], Operation]] = {
    "add": arith.AddfOp,
    "max": arith.MaximumfOp,
    "min": arith.MinimumfOp,
}
INTEGER_COMBINERS: dict[str, Callable[[SSAValue, SSAValue], Operation]] = {
    "add": arith.AddiOp,
    "max": arith.MaxSIOp,
    "min": arith.MinSIOp,
}


class BodyLowering:
    """
    The operations of one kernel body, on places.

    `outputs` gives the place of the output row that a yielded value may be computed into directly;
    `added` are the yielded values that are added to results.
    """

    def __init__(
        self, emit: Emitter, body: Block, outputs: dict[SSAValue, Stored], added: Sequence[SSAValue] = ()
    ) -> None:
        self.emit = emit
        self.places: dict[SSAValue, Place] = {}
        self.scalars: dict[SSAValue, SSAValue] = {}
        self.outputs = outputs
        self.last_use = {v: op for op in body.ops for v in op.operands}
        self.added = frozenset(op for v in added if (op := only_added(v, body)) is not None)
        last = body.last_op
        if last is not None:
            self.last_use |= {v: last for op in self.added for v in op.operands}
        self.destinations = self.find_destinations(body)

    def find_destinations(self, body: Block) -> dict[SSAValue, Stored]:
        """Values that end up in an output row: those yielded, and what they are updated from in place."""
        found = dict(self.outputs)
        for op in reversed(list(body.ops)):
            if not isinstance(op, nest.MapOp):
                continue
            for init, result in zip(op.inits, op.results_, strict=True):
                used_once_here = self.last_use.get(init) is op and list(op.operands).count(init) == 1
                if result in found and init not in found and used_once_here:
                    found[init] = found[result]
        return found

    def lower(self, body: Block) -> None:
        """Everything but the terminator."""
        for op in list(body.ops)[:-1]:
            self.operation(op)

    def operation(self, op: Operation) -> None:
        rule = RULES.get(type(op))
        if rule is not None and isinstance(op.results[0].type, TensorType):
            rule(self, op)
        elif any(isinstance(v.type, TensorType) for v in (*op.operands, *op.results)):
            raise PassFailedException(f"convert-kernel-to-loops: '{op.name}' on rows; run decompose-to-nest before")
        else:
            self.scalar(op, self.scalars)

    def scalar(self, op: Operation, values: dict[SSAValue, SSAValue]) -> None:
        """An operation on scalars; constants go to the start of the function."""
        if isinstance(op, arith.ConstantOp) and isinstance(op.value, IntegerAttr | FloatAttr):
            values[op.result] = self.emit.constant(op.value)
            return
        clone = op.clone()
        clone.operands = [values.get(v, v) for v in op.operands]
        self.emit.emit(clone)
        for old, new in zip(op.results, clone.results, strict=True):
            new.name_hint = old.name_hint
            values[old] = new

    def read(self, place: Place, indices: Sequence[Index], hint: str | None = None) -> SSAValue:
        """One element of a row value."""
        match place:
            case Stored():
                return self.emit.load(place.buffer, (*place.prefix, *indices), hint)
            case Uniform():
                return place.value
            case Computed():
                return self.body(place.op, indices)[0]
            case Undefined():
                raise PassFailedException("convert-kernel-to-loops: an element of 'tensor.empty' is read")

    # Nests -----------------------------------------------------------------------------------

    def nest(self, op: nest.MapOp) -> None:
        if op in self.added:
            self.places[op.results_[0]] = Computed(op)
        elif all(not _shape(r) for r in op.results_):
            self.scalar_nest(op)
        else:
            self.stored_nest(op)

    def scalar_nest(self, op: nest.MapOp) -> None:
        """All results are scalars: carried through the loops in registers."""
        if 0 in op.extents:
            for init, result in zip(op.inits, op.results_, strict=True):
                start = self.places[init]
                self.places[result] = start if isinstance(start, Undefined) else Uniform(self.read(start, ()))
            for number in op.args_:
                self.places[number] = Uniform(self.emit.constant(NOBODY))
            return
        if all(c.data == "set" for c in op.combiners) and not op.where:  # injective, so this is one iteration
            for result, value in zip(op.results_, self.body(op, [0] * len(op.ranges.data)), strict=True):
                self.places[result] = Uniform(value)
            return
        start = [self.read(self.places[i], ()) for i in op.inits]
        ends = self.reduce(op, 0, (), [*start, *(self.emit.constant(NOBODY) for _ in op.winners)])
        for result, value in zip(op.results, ends, strict=True):
            self.places[result] = Uniform(value)

    def stored_nest(self, op: nest.MapOp) -> None:
        """Results in memory; trailing iterators that no result depends on are summed in registers."""
        targets = [self.target(op, k) for k in range(len(op.inits))]
        targets += [self.number_target(number) for number in op.args_]
        extents = self.extents(op)
        free = len(extents) - self.trailing(op)
        is_set = [c.data == "set" for c in op.combiners] + [False for _ in op.winners]

        def element(indices: tuple[Index, ...], _: Sequence[SSAValue]) -> Sequence[SSAValue]:
            places = [self.place(op, a, (*indices, *[0] * (len(extents) - free))) for a in op.write_accesses]
            places += [places[k] for k in op.winners]
            if free == len(extents):
                new = self.body(op, indices)
                reached = zip(targets, places, is_set, strict=True)
                old = [new[k] if ready else self.read(t, p) for k, (t, p, ready) in enumerate(reached)]
                values = self.combined(op, indices, old, new)
            else:
                current = [self.read(t, p) for t, p in zip(targets, places, strict=True)]
                values = self.reduce(op, free, indices, current)
            for target, place, value in zip(targets, places, values, strict=True):
                self.emit.store(value, target.buffer, (*target.prefix, *place))
            return ()

        self.loops(op).over(range(free), (), element)
        for result, target in zip(op.results, targets, strict=True):
            self.places[result] = target

    def reduce(
        self, op: nest.MapOp, level: int, indices: Sequence[Index], carried: Sequence[SSAValue]
    ) -> Sequence[SSAValue]:
        """Loops from `level` on, results and the numbers of their winners carried."""
        return self.loops(op).over(
            range(level, len(op.ranges.data)),
            tuple(indices),
            lambda at, values: self.combined(op, at, values, self.body(op, at)),
            carried,
            [r.name_hint for r in op.results],
        )

    def combined(
        self, op: nest.MapOp, indices: Sequence[Index], old: Sequence[SSAValue], new: Sequence[SSAValue]
    ) -> Sequence[SSAValue]:
        """Results and winners behind one iteration that yields `new`."""
        found: list[SSAValue] = []
        won: dict[int, SSAValue] = {}
        for k, (combiner, value) in enumerate(zip(op.combiners, new, strict=True)):
            if k in op.winners:
                won[k] = wins(self.emit, combiner.data, old[k], value, is_integer(value))
                found.append(self.emit.value(arith.SelectOp(won[k], value, old[k])))
            else:
                found.append(value if combiner.data == "set" else self.combine(combiner.data, old[k], value))
        if won:
            number = linear_number(self.emit, indices, self.extents(op))
            before = old[len(new) :]
            found += [
                self.emit.value(arith.SelectOp(won[k], number, b)) for k, b in zip(op.winners, before, strict=True)
            ]
        return found

    def combine(self, combiner: str, old: SSAValue, new: SSAValue) -> SSAValue:
        table = INTEGER_COMBINERS if is_integer(old) else FLOAT_COMBINERS
        return self.emit.value(table[combiner](old, new))

    def body(self, op: nest.MapOp, indices: Sequence[Index]) -> Sequence[SSAValue]:
        """The scalars that one iteration yields."""
        block = op.body.block
        values: dict[SSAValue, SSAValue] = dict(self.scalars)
        count = len(indices)
        for argument, index in zip(block.args, indices, strict=False):
            if argument.uses.get_length():
                values[argument] = self.emit.index(index)
        for argument, tensor_value, access in zip(block.args[count:], op.reads, op.read_accesses, strict=True):
            if argument.uses.get_length():
                place = self.places[tensor_value]
                where = () if isinstance(place, Uniform) else self.place(op, access, indices)
                values[argument] = self.read(place, where, argument.name_hint)
        for inner in list(block.ops)[:-1]:
            self.scalar(inner, values)
        return [values.get(v, v) for v in op.yielded]

    def place(self, op: nest.MapOp, access: AccessAttr, indices: Sequence[Index]) -> tuple[Index, ...]:
        """The indices of an access at one iteration."""
        sizes: list[Index] = [self.scalars.get(s, s) for s in op.sizes]
        symbols = list(sizes)
        for read in access.tables:
            table = self.places[op.tables[read.position]]
            if not isinstance(table, Stored):
                raise PassFailedException("convert-kernel-to-loops: an index table has no place in memory")
            at = [self.emit.affine(e, indices, sizes) for e in read.map.data.results]
            symbols.append(self.emit.load_index(table.buffer, (*table.prefix, *at)))
        return tuple(self.emit.affine(e, indices, symbols) for e in access.indices)

    def loops(self, op: nest.MapOp) -> NestLoops:
        return NestLoops(self.emit, op, self.extents(op), [self.scalars.get(s, s) for s in op.sizes])

    def extents(self, op: nest.MapOp) -> list[Index]:
        return [e if isinstance(e, int) else self.scalars.get(e, e) for e in op.extents]

    @staticmethod
    def trailing(op: nest.MapOp) -> int:
        """How many of the last iterators no result depends on; 0 where a result is only set."""
        if any(c.data == "set" for c in op.combiners):
            return 0
        used: set[int] = set()
        for access in op.write_accesses:
            used |= access.map.data.used_dims()
            for read in access.tables:
                used |= read.map.data.used_dims()
        return len(op.ranges.data) - max(used, default=-1) - 1

    # Where results live ----------------------------------------------------------------------

    def target(self, op: nest.MapOp, k: int, empty: bool = False) -> Stored:
        """The memory of a result, holding what the result starts from, unless it may be `empty`."""
        init, result = op.inits[k], op.results_[k]
        start = self.places[init]
        dies = self.last_use.get(init) is op and list(op.operands).count(init) == 1
        if isinstance(start, Stored) and dies and (start.local or self.destinations.get(init) == start):
            return start
        covers = op.combiners.data[k].data == "set" and covers_all(op, k)
        target = self.destinations.get(result) or (self.dying_read(op, k) if covers else None)
        if target is None:
            type = tensor_type(result)
            buffer = self.emit.alloca(type.element_type, type.get_shape(), result.name_hint or "t")
            target = Stored(buffer, (), True)
        if not covers and not empty and not isinstance(start, Undefined):
            self.copy(start, target, _shape(result))
        return target

    def number_target(self, number: SSAValue) -> Stored:
        """The memory of winning iterations, where nobody has won yet."""
        target = self.destinations.get(number)
        if target is None:
            type = tensor_type(number)
            buffer = self.emit.alloca(type.element_type, type.get_shape(), number.name_hint or "winner")
            target = Stored(buffer, (), True)
        self.copy(Uniform(self.emit.constant(NOBODY)), target, _shape(number))
        return target

    def dying_read(self, op: nest.MapOp, k: int) -> Stored | None:
        """A local array of the same shape that this nest reads for the last time, at the element that it writes."""
        for value, access in zip(op.reads, op.read_accesses, strict=True):
            place = self.places[value]
            if not isinstance(place, Stored) or not place.local or self.last_use.get(value) is not op:
                continue
            if list(op.operands).count(value) > 1 or value.type != op.results_[k].type:
                continue
            if access == op.write_accesses.data[k] and len(op.results_) == 1:
                return place
        return None

    def copy(self, source: Place, target: Stored, shape: Sequence[int]) -> None:
        """Every element of a row value; run-time sizes cannot be copied here."""
        dynamic = any(s < 0 for s in shape)
        extents = self.run_time_extents(target, len(shape)) if dynamic else list(shape)
        self.emit.nested(
            extents,
            lambda at: self.emit.store(self.read(source, at), target.buffer, (*target.prefix, *at)),
            ("i", "j")[-len(shape) :] if len(shape) in (1, 2) else (),
        )

    def run_time_extents(self, target: Stored, rank: int) -> list[Index]:
        first = len(target.prefix)
        return [self.emit.value(memref.DimOp(target.buffer, self.emit.index(first + k))) for k in range(rank)]


def only_added(value: SSAValue, body: Block) -> nest.MapOp | None:
    """The nest that sets every element of a value that nothing but `kernel.yield` uses, once."""
    op = value.owner
    if not isinstance(op, nest.MapOp) or op.parent_block() is not body or len(op.results_) != 1:
        return None
    use = value.uses.get_length() == 1 and value.get_user_of_unique_use() is body.last_op
    return op if use and op.combiners.data[0].data == "set" and covers_all(op, 0) else None


def is_integer(value: SSAValue) -> bool:
    """True for integers and indices."""
    return isinstance(value.type, IntegerType | IndexType)


def covers_all(op: nest.MapOp, k: int) -> bool:
    """True where result `k` is written at `[i, j, ...]` over its whole constant shape."""
    if op.where:
        return False
    access, shape = op.write_accesses.data[k], _shape(op.results_[k])
    extents = op.extents
    return access.is_identity() and tuple(extents) == shape


def _shape(value: SSAValue) -> tuple[int, ...]:
    return tensor_type(value).get_shape()


def _empty(body: BodyLowering, op: tensor.EmptyOp) -> None:
    body.places[op.tensor] = Undefined()


def _splat(body: BodyLowering, op: tensor.SplatOp) -> None:
    body.places[op.result] = Uniform(body.scalars.get(op.input, op.input))


def _constant(body: BodyLowering, op: arith.ConstantOp) -> None:
    value = op.value
    if not isinstance(value, DenseIntOrFPElementsAttr) or not value.is_splat():
        raise PassFailedException("convert-kernel-to-loops: a dense constant must have one value everywhere")
    element = value.get_attrs()[0]
    body.places[op.result] = Uniform(body.emit.constant(element))  # pyright: ignore[reportArgumentType]


RULES: dict[type[Operation], Callable[..., None]] = {
    nest.MapOp: lambda body, op: body.nest(op),
    tensor.EmptyOp: _empty,
    tensor.SplatOp: _splat,
    arith.ConstantOp: _constant,
}
"""How each operation on row values is lowered."""
