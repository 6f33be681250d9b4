"""Emits the operations of a derivative, on scalars and on tensors alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xdsl.dialects import arith, math, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, AnyFloat, FloatAttr, IndexType, TensorType, UnknownLoc
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.dialects import mlp

LABEL = "anamc.block"
"""Which block of a graph an operation belongs to; its derivative belongs to the same one."""


class Emit:
    """
    Inserts operations in front of `anchor`, or at the end of `block`.

    `source` is the operation whose derivative is being formed: its location and its block's label go
    to what is emitted; what is a copy of the user's has its own location.
    """

    def __init__(self, block: Block, anchor: Operation | None = None, *, labels: bool = True) -> None:
        self.block = block
        self.anchor = anchor
        self.labels = labels
        self.source: Operation | None = None

    def behind(self, op: Operation) -> None:
        """Insert right behind `op` from now on."""
        block = op.parent_block()
        if block is not None:
            self.block, self.anchor = block, op.next_op

    def add(self, op: Operation) -> Operation:
        """Insert an operation with any number of results."""
        if self.source is not None:
            if isinstance(op.location, UnknownLoc):
                op.location = self.source.location
            label = self.source.attributes.get(LABEL)
            if self.labels and label is not None:
                op.attributes[LABEL] = label
        if self.anchor is None:
            self.block.add_op(op)
        else:
            self.block.insert_op_before(op, self.anchor)
        return op

    def __call__(self, op: Operation) -> SSAValue:
        """Insert an operation and give its first result."""
        return self.add(op).results[0]

    # Constants -------------------------------------------------------------------------------

    def constant(self, value: float, like: SSAValue) -> SSAValue:
        """One number, everywhere in a tensor of the shape of `like` or as a scalar of its type."""
        if isinstance(like.type, TensorType):
            return self.filled(value, like.type, self.run_time_sizes(like))
        return self.scalar(value, like.type)

    def scalar(self, value: float, type: Attribute) -> SSAValue:
        """A number of a float type."""
        if not isinstance(type, AnyFloat):
            raise PassFailedException(f"expected a float type, got {type}")
        return self(arith.ConstantOp(FloatAttr(value, type)))

    def filled(self, value: float, type: TensorType[Attribute], sizes: Sequence[SSAValue] = ()) -> SSAValue:
        """One number everywhere in a tensor type, whose run-time dimensions are `sizes`."""
        return self(tensor.SplatOp(self.scalar(value, type.element_type), sizes, type))

    def zeros(self, like: SSAValue) -> SSAValue:
        """Zeros of the shape and type of `like`."""
        return self.constant(0.0, like)

    def run_time_sizes(self, like: SSAValue) -> list[SSAValue]:
        """The run-time dimensions of a tensor, in order."""
        shape = like.type.get_shape() if isinstance(like.type, TensorType) else ()
        return [self.size(like, k) for k, size in enumerate(shape) if size == DYNAMIC_INDEX]

    def size(self, of: SSAValue, dimension: int) -> SSAValue:
        """One dimension of a tensor as an index."""
        position = self(arith.ConstantOp.from_int_and_width(dimension, IndexType()))
        return self(tensor.DimOp(of, position))

    # Arithmetic ------------------------------------------------------------------------------

    def add_all(self, values: Iterable[SSAValue | None]) -> SSAValue | None:
        """The sum of those that are there; None where none is."""
        total: SSAValue | None = None
        for value in values:
            if value is not None:
                total = value if total is None else self.plus(total, value)
        return total

    def plus(self, x: SSAValue, y: SSAValue) -> SSAValue:
        return self(arith.AddfOp(x, y))

    def minus(self, x: SSAValue, y: SSAValue) -> SSAValue:
        return self(arith.SubfOp(x, y))

    def times(self, x: SSAValue, y: SSAValue) -> SSAValue:
        return self(arith.MulfOp(x, y))

    def over(self, x: SSAValue, y: SSAValue) -> SSAValue:
        return self(arith.DivfOp(x, y))

    def negative(self, x: SSAValue) -> SSAValue:
        return self(arith.NegfOp(x))

    def scaled(self, x: SSAValue, factor: float) -> SSAValue:
        """A number times `x`."""
        return self.times(x, self.constant(factor, x))

    def shifted(self, x: SSAValue, by: float) -> SSAValue:
        """``x + by``"""
        return self.plus(x, self.constant(by, x))

    def unary(self, op: type[math.FloatingPointLikeUnaryMathOperation], x: SSAValue) -> SSAValue:
        return self(op(x))

    def where(self, kind: str, x: SSAValue, y: float, yes: SSAValue, no: SSAValue) -> SSAValue:
        """`yes` where ``x kind y``, else `no`."""
        return self.select(self.compare(kind, x, self.constant(y, x)), yes, no)

    def compare(self, kind: str, x: SSAValue, y: SSAValue) -> Condition:
        """``x kind y``, to select by."""
        if isinstance(x.type, TensorType):  # `arith.cmpf` gives one boolean
            return Comparison(kind, x, y)
        return self(arith.CmpfOp(x, y, kind))

    def select(self, condition: Condition, yes: SSAValue, no: SSAValue) -> SSAValue:
        if isinstance(condition, Comparison):
            return self(mlp.WhereOp(condition.kind, condition.x, condition.y, yes, no))
        return self(arith.SelectOp(condition, yes, no))


@dataclass(frozen=True)
class Comparison:
    """A comparison of tensors, element by element."""

    kind: str
    x: SSAValue
    y: SSAValue


Condition = SSAValue | Comparison


def element_type(value: SSAValue) -> Attribute:
    """The type of the elements of a tensor, or of a scalar."""
    return value.type.element_type if isinstance(value.type, TensorType) else value.type
