"""Groups of operations on vectors that run as one loop over the lanes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.dialects import arith, math, memref, scf, vector
from xdsl.dialects.builtin import IndexType, IntegerType, UnitAttr, VectorType, i32
from xdsl.dialects.utils import FastMathFlag
from xdsl.ir import Block, BlockArgument, Operation, Region, SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.types import memref_type, vector_type
from anamc.dialects import lanes
from anamc.dialects.forms import SIMD
from anamc.lowering.emitter import Emitter, Index
from anamc.lowering.vectors.lanes import VECTORISED

MAY_ROUND_TWICE = arith.FastMathFlagsAttr([FastMathFlag.APPROX_FUNC])


@dataclass(frozen=True)
class Uniform:
    """A vector with one number in all lanes."""

    scalar: SSAValue


@dataclass(frozen=True)
class Buffered:
    """A vector in a local array."""

    array: SSAValue


Where = Uniform | Buffered


@dataclass(frozen=True)
class Touch:
    """A place in memory that an operation of a group reads or writes: `width` neighbours."""

    root: SSAValue
    buffer: SSAValue
    terms: tuple[tuple[SSAValue, int], ...]
    offset: int
    width: int
    writes: bool

    def meets(self, other: Touch) -> bool:
        """Whether the order of the two may matter beyond the order in each lane."""
        if self.root is not other.root or not (self.writes or other.writes):
            return False
        if self.buffer is not other.buffer or self.terms != other.terms:
            return True
        gap = abs(self.offset - other.offset)
        same = gap == 0 and self.width == other.width
        return not same and gap < max(self.width, other.width)


@dataclass
class Group:
    """
    Operations that wait for their loop, in order, by the number of their lanes; `assigned`: arrays that take a
    vector behind all of them.
    """

    emit: Emitter
    where: dict[SSAValue, Where]
    waiting: dict[int, list[Operation]] = field(default_factory=dict[int, list[Operation]])
    assigned: dict[int, list[tuple[SSAValue, SSAValue]]] = field(
        default_factory=dict[int, list[tuple[SSAValue, SSAValue]]]
    )
    touched: list[Touch] = field(default_factory=list[Touch])

    def meets(self, op: Operation) -> bool:
        """Whether `op` must wait for the group, or the group must run before `op` changes what it reads."""
        return any(new.meets(old) for new in touches(op) for old in self.touched)

    def add(self, op: Operation) -> None:
        width = lanes_in(op)
        if width is None:
            raise PassFailedException(f"convert-vector-to-loops: '{op.name}' has no lanes")
        self.waiting.setdefault(width, []).append(op)
        self.touched += touches(op)

    def assign(self, array: SSAValue, value: SSAValue) -> None:
        """The vector goes into the array when the group runs."""
        width = memref_type(array).get_shape()[0]
        self.assigned.setdefault(width, []).append((array, value))

    def flush(self) -> None:
        """Emits one loop for each number of lanes."""
        for width in sorted(self.waiting.keys() | self.assigned.keys(), reverse=True):
            ops, assigned = self.waiting.get(width, []), self.assigned.get(width, [])
            kept = self.kept(ops, [value for _, value in assigned])
            Lanes(self.emit, self.where, ops, [*assigned, *kept], width).loop()
            self.where.update((value, Buffered(array)) for array, value in kept)
        self.waiting, self.assigned, self.touched = {}, {}, []

    def kept(self, ops: list[Operation], assigned: list[SSAValue]) -> list[tuple[SSAValue, SSAValue]]:
        """Arrays for vectors that operations behind the group need, and their vectors."""
        inside = {*ops}
        found: list[tuple[SSAValue, SSAValue]] = []
        for value in [v for op in ops for v in op.results]:
            later = sum(u.operation not in inside for u in value.uses)
            if later > sum(v is value for v in assigned):
                type = vector_type(value)
                array = self.emit.alloca(type.element_type, type.get_shape(), value.name_hint or "v")
                found.append((array, value))
        return found


class Lanes:
    """One loop over lanes."""

    def __init__(
        self,
        emit: Emitter,
        where: dict[SSAValue, Where],
        ops: list[Operation],
        assigned: list[tuple[SSAValue, SSAValue]],
        width: int,
    ) -> None:
        self.emit, self.where, self.ops, self.assigned, self.width = emit, where, ops, assigned, width
        self.scalars: dict[SSAValue, SSAValue] = {}
        self.lane: Index = 0

    def loop(self) -> None:
        block = Block(arg_types=[IndexType()])
        block.args[0].name_hint = "l"
        self.lane = block.args[0]
        self.emit.inside(block, self.body)
        block.add_op(scf.YieldOp())
        lower, upper, step = (self.emit.index(k) for k in (0, self.width, 1))
        op = scf.ForOp(lower, upper, step, [], Region(block))
        op.attributes[SIMD] = UnitAttr()
        self.emit.emit(op)

    def body(self) -> None:
        for op in self.ops:
            self.operation(op)
        values = [(array, self.value(value)) for array, value in self.assigned]
        for array, value in values:
            self.emit.store(value, array, (self.lane,))

    def value(self, value: SSAValue) -> SSAValue:
        """One lane of a vector, or a scalar that all lanes share."""
        if not isinstance(value.type, VectorType):
            return value
        if value not in self.scalars:
            match self.where.get(value):
                case Uniform(scalar):
                    self.scalars[value] = scalar
                case Buffered(array):
                    self.scalars[value] = self.emit.load(array, (self.lane,), value.name_hint)
                case None:
                    raise PassFailedException("convert-vector-to-loops: a vector comes from an operation without lanes")
        return self.scalars[value]

    def operation(self, op: Operation) -> None:
        emit = self.emit
        match op:
            case vector.LoadOp():
                place = emit.add(op.indices[0], self.lane)
                self.scalars[op.result] = emit.load(op.base, (place,), op.result.name_hint)
            case vector.StoreOp():
                emit.store(self.value(op.vector), op.base, (emit.add(op.indices[0], self.lane),))
            case vector.FMAOp():
                product = math.FmaOp(self.value(op.lhs), self.value(op.rhs), self.value(op.acc))
                product.properties["fastmath"] = MAY_ROUND_TWICE
                self.scalars[op.res] = emit.value(product)
            case lanes.FirstOp():
                lane = emit.value(arith.IndexCastOp(emit.index(self.lane), i32))
                count = emit.value(arith.TruncIOp(op.count, i32))
                self.scalars[op.mask] = emit.value(arith.CmpiOp(lane, count, "slt"))
            case lanes.CmpfOp():
                self.scalars[op.mask] = emit.value(arith.CmpfOp(self.value(op.lhs), self.value(op.rhs), op.kind.data))
            case lanes.SelectOp():
                chosen = arith.SelectOp(self.value(op.mask), self.value(op.lhs), self.value(op.rhs))
                self.scalars[op.result] = emit.value(chosen)
            case _:
                self.same(op)

    def same(self, op: Operation) -> None:
        """An operation that is the same on scalars."""
        if not isinstance(op, VECTORISED):
            raise PassFailedException(f"convert-vector-to-loops: '{op.name}' has no form on one lane")
        new = type(op).create(
            operands=[self.value(v) for v in op.operands],
            result_types=[vector_type(op.results[0]).element_type],
            properties=dict(op.properties),
            attributes=dict(op.attributes),
        )
        self.scalars[op.results[0]] = self.emit.value(new, op.results[0].name_hint)


def lanes_in(op: Operation) -> int | None:
    """The number of lanes of the vectors that an operation takes or gives."""
    for value in (*op.results, *op.operands):
        if isinstance(value.type, VectorType):
            return value.type.get_shape()[0]
    return None


def touches(op: Operation) -> list[Touch]:
    """What an operation reads and writes in memory."""
    match op:
        case vector.LoadOp():
            return [touch(op.base, op.indices, lanes_in(op) or 1, False)]
        case vector.StoreOp():
            return [touch(op.base, op.indices, lanes_in(op) or 1, True)]
        case memref.LoadOp():
            return [touch(op.memref, op.indices, 1, False)]
        case memref.StoreOp():
            return [touch(op.memref, op.indices, 1, True)]
        case memref.AtomicRMWOp():
            return [touch(op.memref, op.indices, 1, True)]
        case _:
            return []


def touch(buffer: SSAValue, indices: Sequence[SSAValue], width: int, writes: bool) -> Touch:
    terms, offset = linear(indices[0])
    return Touch(root(buffer), buffer, tuple(sorted(terms.items(), key=lambda t: id(t[0]))), offset, width, writes)


def root(buffer: SSAValue) -> SSAValue:
    """The argument or the local array that a buffer points into; parts of one argument do not overlap when written."""
    while isinstance(buffer.owner, memref.SubviewOp | memref.ViewOp):
        buffer = buffer.owner.operands[0]
    return buffer


def linear(index: SSAValue) -> tuple[dict[SSAValue, int], int]:
    """An index as a sum of multiples of values, and a number."""
    op = index.owner
    if isinstance(index, BlockArgument) or not isinstance(op, Operation):
        return {index: 1}, 0
    match op:
        case arith.ConstantOp(value=value) if isinstance(index.type, IndexType | IntegerType):
            return {}, value.value.data  # pyright: ignore
        case arith.AddiOp():
            (left, a), (right, b) = linear(op.lhs), linear(op.rhs)
            return {v: n for v in {**left, **right} if (n := left.get(v, 0) + right.get(v, 0))}, a + b
        case arith.MuliOp():
            (left, a), (right, b) = linear(op.lhs), linear(op.rhs)
            if left and right:
                return {index: 1}, 0
            terms, offset, factor = (right, b, a) if not left else (left, a, b)
            return {v: n * factor for v, n in terms.items() if factor}, offset * factor
        case _:
            return {index: 1}, 0
