"""Operations on vectors of rows, made from the scalar operations of a nest's body."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from xdsl.dialects import arith, vector
from xdsl.dialects.builtin import DenseArrayBase, DenseIntOrFPElementsAttr, IntegerType, VectorType, i64
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.elementwise import ELEMENTWISE
from anamc.dialects import lanes
from anamc.lowering.emitter import Emitter, Index, made

BITS = (arith.AndIOp, arith.OrIOp, arith.XOrIOp)
VECTORISED: tuple[type[Operation], ...] = (*ELEMENTWISE, *BITS)
"""Scalar operations that have a form on vectors."""


@cache
def lane_type(element: Attribute, width: int) -> VectorType[Attribute]:
    """So many lanes of a type."""
    return VectorType(element, [width])


class LaneEmitter:
    """Emits operations on vectors of `width` lanes."""

    def __init__(self, emit: Emitter, width: int) -> None:
        self.emit = emit
        self.width = width

    def type(self, element: Attribute, width: int | None = None) -> VectorType[Attribute]:
        return lane_type(element, width or self.width)

    def load(
        self, buffer: SSAValue, at: Sequence[Index], width: int | None = None, hint: str | None = None
    ) -> SSAValue:
        """`width` neighbours from `buffer[at]` on."""
        element = buffer.type.element_type  # pyright: ignore
        operands = (buffer, *map(self.emit.index, at))
        return self.emit.value(made(vector.LoadOp, operands, self.type(element, width)), hint)  # pyright: ignore

    def store(self, value: SSAValue, buffer: SSAValue, at: Sequence[Index]) -> None:
        self.emit.emit(made(vector.StoreOp, (value, buffer, *map(self.emit.index, at))))

    def all(self, value: SSAValue, known: dict[object, SSAValue] | None = None) -> SSAValue:
        """The value in every lane; `known` remembers what was spread in this block."""
        if isinstance(value.type, VectorType):
            return value
        key = ("all", value, self.width)
        if known is not None and key in known:
            return known[key]
        spread = self.emit.value(made(vector.BroadcastOp, (value,), self.type(value.type)))
        if known is not None:
            known[key] = spread
        return spread

    def spread(self, value: SSAValue, width: int) -> SSAValue:
        """A scalar in every one of `width` lanes."""
        return self.emit.value(made(vector.BroadcastOp, (value,), self.type(value.type, width)))

    def zero(self, element: Attribute, width: int | None = None) -> SSAValue:
        """Zeros."""
        zeros = DenseIntOrFPElementsAttr.from_list(self.type(element, width), [0.0])  # pyright: ignore
        return self.emit.value(arith.ConstantOp(zeros))

    def sum(self, a: SSAValue, b: SSAValue) -> SSAValue:
        return self.emit.value(made(arith.AddfOp, (a, b), a.type))

    def insert(self, value: SSAValue, into: SSAValue, lane: int) -> SSAValue:
        op = vector.InsertOp.build(
            operands=[value, into, []],
            result_types=[into.type],
            properties={"static_position": DenseArrayBase.from_list(i64, [lane])},
        )
        return self.emit.value(op)

    def shuffle(self, a: SSAValue, b: SSAValue, mask: Sequence[int]) -> SSAValue:
        """Lanes of `a` and then `b` by number."""
        element = a.type.element_type  # pyright: ignore
        type = self.type(element, len(mask))  # pyright: ignore
        return self.emit.value(vector.ShuffleOp(a, b, DenseArrayBase.from_list(i64, list(mask)), result_type=type))

    def apply(
        self, op: Operation, operands: Sequence[SSAValue], known: dict[object, SSAValue] | None = None
    ) -> SSAValue:
        """A scalar operation with one result, in every lane; on scalars alone it stays one."""
        if not any(isinstance(v.type, VectorType) for v in operands):
            clone = op.clone()
            clone.operands = operands
            return self.emit.value(clone, op.results[0].name_hint)
        return self.emit.value(self.widened(op, operands, known), op.results[0].name_hint)

    def widened(self, op: Operation, operands: Sequence[SSAValue], known: dict[object, SSAValue] | None) -> Operation:
        if isinstance(op, arith.SelectOp):
            yes, no = self.all(operands[1], known), self.all(operands[2], known)
            if isinstance(operands[0].type, IntegerType):
                return arith.SelectOp(operands[0], yes, no)
            return lanes.SelectOp(operands[0], yes, no)
        wide = [self.all(v, known) for v in operands]
        if isinstance(op, arith.CmpfOp):
            return lanes.CmpfOp(wide[0], wide[1], lanes.PREDICATES[op.predicate.value.data])
        if type(op) not in VECTORISED:
            raise PassFailedException(f"convert-kernel-to-vectors: '{op.name}' has no form on vectors")
        return type(op).create(
            operands=wide,
            result_types=[self.type(op.results[0].type)],
            properties=dict(op.properties),
            attributes=dict(op.attributes),
        )

    def add_product(self, total: SSAValue, value: SSAValue) -> SSAValue:
        """``total + value``, with one rounding where `value` is a product; the product itself may then be dead."""
        product = value.owner
        if isinstance(product, arith.MulfOp) and isinstance(value.type, VectorType):
            return self.emit.value(made(vector.FMAOp, (product.lhs, product.rhs, total), total.type))
        return self.emit.value(made(arith.AddfOp, (total, self.all(value)), total.type))


class ScalarEmitter(LaneEmitter):
    """The same for one number at a time: values stay scalars."""

    def __init__(self, emit: Emitter) -> None:
        super().__init__(emit, 1)

    def all(self, value: SSAValue, known: dict[object, SSAValue] | None = None) -> SSAValue:
        return value

    def add_product(self, total: SSAValue, value: SSAValue) -> SSAValue:
        return self.emit.value(arith.AddfOp(total, value))
