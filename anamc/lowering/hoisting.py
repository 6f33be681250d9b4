"""Arithmetic on sizes out of loops and branches."""

from __future__ import annotations

from xdsl.dialects import arith, func
from xdsl.dialects.builtin import IndexType, IntegerAttr, TensorType
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.traits import is_side_effect_free

from anamc.analysis.regions import ancestor_in, block_of_value
from anamc.numerics.constants import index_constant

DIVISIONS = (arith.FloorDivSIOp, arith.CeilDivSIOp, arith.DivSIOp, arith.RemSIOp)
Key = tuple[str, tuple[SSAValue, ...], tuple[tuple[str, Attribute], ...], Attribute]


class SizeHoister:
    """
    Computes the indices of loops and branches in front of them where they are the same in every round.

    Equal ones are computed once. A division whose divisor may be 0 divides by 1 there: the loop or
    branch may never run.
    """

    def __init__(self, function: func.FuncOp) -> None:
        self.top: Block = function.body.block
        self.known: dict[Key, SSAValue] = {}
        self.point: Operation | None = None

    def hoist(self, op: Operation) -> None:
        """One operation, if it stands in a loop or branch and gives an index that does not change."""
        self.point = ancestor_in(self.top, op)
        if self.point is op or len(op.results) != 1 or not isinstance(op.results[0].type, IndexType):
            return
        if isinstance(op, arith.ConstantOp) or (found := self.outside(op.results[0])) is None:
            return
        op.results[0].replace_all_uses_with(found)
        found.name_hint = found.name_hint or op.results[0].name_hint
        Rewriter.erase_op(op)

    def outside(self, value: SSAValue) -> SSAValue | None:
        """The value, computed in front of the loop; None where it may change in there."""
        if block_of_value(value) is self.top:
            return value
        op = value.owner
        if isinstance(op, Block) or op.regions or len(op.results) != 1 or not is_side_effect_free(op):
            return None
        if isinstance(value.type, TensorType):
            return None
        operands: list[SSAValue] = []
        for operand in op.operands:
            if (found := self.outside(operand)) is None:
                return None
            operands.append(found)
        if isinstance(op, DIVISIONS):
            operands[1] = self.divisor(operands[1])
        return self.computed(op, operands)

    def computed(self, op: Operation, operands: list[SSAValue]) -> SSAValue:
        key = (op.name, tuple(operands), tuple(sorted(op.properties.items())), op.results[0].type)
        if key not in self.known:
            clone = op.clone()
            clone.operands = operands
            self.insert(clone)
            self.known[key] = clone.results[0]
        return self.known[key]

    def divisor(self, value: SSAValue) -> SSAValue:
        """``b == 0 ? 1 : b``"""
        owner = value.owner
        if isinstance(owner, arith.ConstantOp) and isinstance(owner.value, IntegerAttr) and owner.value.value.data:
            return value
        zero, one = index_constant(0), index_constant(1)
        is_zero = arith.CmpiOp(value, zero.result, "eq")
        chosen = arith.SelectOp(is_zero.result, one.result, value)
        for op in (zero, one, is_zero, chosen):
            self.insert(op)
        return chosen.result

    def insert(self, op: Operation) -> None:
        if self.point is not None:
            op.location = self.point.location
            Rewriter.insert_op(op, InsertPoint.before(self.point))
