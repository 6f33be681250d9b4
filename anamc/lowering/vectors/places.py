"""What both layouts of a block share: where the values of a kernel's body are while the block is computed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, FloatAttr, IntegerAttr, TensorType
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.ir.affine import AffineDimExpr
from xdsl.utils.exceptions import PassFailedException

from anamc.dialects import nest
from anamc.dialects.access import AccessAttr
from anamc.lowering.emitter import Emitter, Index
from anamc.lowering.nests import FLOAT_COMBINERS, Undefined, Uniform, covers_all
from anamc.lowering.vectors.lanes import LaneEmitter
from anamc.lowering.vectors.plan import BodyPlan


@dataclass(frozen=True)
class Local:
    """A row value in a local array."""

    buffer: SSAValue


@dataclass(frozen=True)
class Whole:
    """A tensor that all rows share."""

    buffer: SSAValue


class BlockBody(ABC):
    """The body of a kernel for one block of rows."""

    def __init__(self, emit: LaneEmitter, plan: BodyPlan) -> None:
        self.lanes = emit
        self.emit: Emitter = emit.emit
        self.plan = plan
        self.places: dict[SSAValue, object] = {}
        self.scalars: dict[SSAValue, SSAValue] = {}
        self.instead: dict[nest.MapOp, Callable[[], None]] = {}
        self.free: dict[object, list[SSAValue]] = {}

    @abstractmethod
    def array(self, shape: Sequence[int]) -> list[int]:
        """The shape of a local array for a row value of a shape."""

    @abstractmethod
    def nest(self, op: nest.MapOp) -> None:
        """One nest that is not inside another."""

    @abstractmethod
    def copy(self, value: SSAValue, target: Local) -> None:
        """Every element of a row value."""

    def local(self, value: SSAValue) -> Local:
        """A local array for a row value, perhaps one that is not used any more."""
        type = value.type
        if not isinstance(type, TensorType):
            raise PassFailedException(f"convert-kernel-to-vectors: expected a row value, got {type}")
        if found := self.free.get(type):
            return Local(found.pop())
        return Local(self.emit.alloca(type.element_type, self.array(type.get_shape()), value.name_hint or "t"))

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
                element: Attribute = dense.get_attrs()[0]
                if not isinstance(element, IntegerAttr | FloatAttr):
                    raise PassFailedException(f"convert-kernel-to-vectors: a constant of {element}")
                self.places[op.result] = Uniform(self.emit.constant(element))
            case _:
                raise PassFailedException(f"convert-kernel-to-vectors: '{op.name}' on rows")

    def scalar(
        self,
        op: Operation,
        values: dict[SSAValue, SSAValue],
        known: dict[object, SSAValue] | None = None,
        lanes: LaneEmitter | None = None,
    ) -> SSAValue:
        """An operation of a nest's body on what its operands stand for, in every lane."""
        if isinstance(op, arith.ConstantOp) and isinstance(op.value, IntegerAttr | FloatAttr):
            return self.emit.constant(op.value)
        return (lanes or self.lanes).apply(op, [values.get(v, v) for v in op.operands], known)

    def place(
        self, op: nest.MapOp, access: AccessAttr, at: Sequence[Index], known: dict[object, SSAValue]
    ) -> tuple[Index, ...]:
        """The indices of an access at one iteration."""
        if all(isinstance(e, AffineDimExpr) for e in access.indices):
            return tuple(at[e.position] for e in access.indices if isinstance(e, AffineDimExpr))
        key = (access, tuple(at), tuple(op.tables))
        if key in known:
            return known[key]  # pyright: ignore[reportReturnType]
        sizes: list[Index] = [self.scalars.get(s, s) for s in op.sizes]
        symbols = list(sizes)
        for read in access.tables:
            table = self.places[op.tables[read.position]]
            if not isinstance(table, Whole):
                raise PassFailedException("convert-kernel-to-vectors: an index table differs from row to row")
            where = [self.emit.affine(e, at, sizes) for e in read.map.data.results]
            symbols.append(self.emit.load_index(table.buffer, where))
        found = tuple(self.emit.affine(e, at, symbols) for e in access.indices)
        known[key] = found  # pyright: ignore[reportArgumentType]
        return found

    def combine(self, combiner: str, old: SSAValue, new: SSAValue, lanes: LaneEmitter | None = None) -> SSAValue:
        """One value more in a sum or maximum."""
        lanes = lanes or self.lanes
        if combiner == "add":
            return lanes.add_product(old, new)
        return self.emit.value(FLOAT_COMBINERS[combiner](old, lanes.all(new)))

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
