"""
Folds zeros and ones in float arithmetic, on scalars and tensors: what derivatives leave behind.

``0 x`` becomes 0 and ``x + 0`` becomes x also where x may be infinite, NaN or -0: in a derivative a zero
factor means that nothing depends on x.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xdsl.dialects import arith, func, tensor
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, FloatAttr
from xdsl.ir import Block, Operation, SSAValue
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.traits import is_side_effect_free

from anamc.dialects import mlp


def constant_of(value: SSAValue) -> float | None:
    """The number that a value is everywhere; None where it is not one constant."""
    owner = value.owner
    if isinstance(owner, tensor.SplatOp):
        owner = owner.input.owner
    if not isinstance(owner, arith.ConstantOp):
        return None
    match owner.value:
        case FloatAttr():
            return owner.value.value.data
        case DenseIntOrFPElementsAttr() if owner.value.is_splat():
            found = owner.value.get_values()[0]
            return float(found) if isinstance(found, float) else None
        case _:
            return None


def negated(value: SSAValue) -> SSAValue | None:
    """`x` of ``-x``."""
    return value.owner.operand if isinstance(value.owner, arith.NegfOp) else None


Simpler = SSAValue | Operation | None
"""What an operation is replaced by: a value, a new operation, or nothing."""


def addf(op: arith.AddfOp) -> Simpler:
    """``x + 0 = x``, ``x + (-y) = x - y``"""
    for x, y in ((op.lhs, op.rhs), (op.rhs, op.lhs)):
        if constant_of(y) == 0.0:
            return x
        if (minus := negated(y)) is not None:
            return arith.SubfOp(x, minus)
    return None


def subf(op: arith.SubfOp) -> Simpler:
    """``x - 0 = x``, ``0 - x = -x``, ``x - (-y) = x + y``"""
    if constant_of(op.rhs) == 0.0:
        return op.lhs
    if constant_of(op.lhs) == 0.0:
        return arith.NegfOp(op.rhs)
    minus = negated(op.rhs)
    return None if minus is None else arith.AddfOp(op.lhs, minus)


def mulf(op: arith.MulfOp) -> Simpler:
    """``1 x = x``, ``-1 x = -x``, ``0 x = 0``"""
    for x, y in ((op.lhs, op.rhs), (op.rhs, op.lhs)):
        match constant_of(y):
            case 0.0:
                return y
            case 1.0:
                return x
            case -1.0:
                return arith.NegfOp(x)
            case _:
                pass
    return None


def divf(op: arith.DivfOp) -> Simpler:
    """``x / 1 = x``, ``0 / x = 0``"""
    if constant_of(op.rhs) == 1.0:
        return op.lhs
    return op.lhs if constant_of(op.lhs) == 0.0 else None


def negf(op: arith.NegfOp) -> Simpler:
    """``-(-x) = x``, ``-0 = 0``"""
    return op.operand if constant_of(op.operand) == 0.0 else negated(op.operand)


def select(op: arith.SelectOp) -> Simpler:
    """``c ? x : x = x``"""
    same = op.lhs is op.rhs or (
        op.lhs.type == op.rhs.type and (c := constant_of(op.lhs)) is not None and c == constant_of(op.rhs)
    )
    return op.lhs if same else None


def where(op: mlp.WhereOp) -> Simpler:
    """``c ? x : x = x``"""
    same = op.yes is op.no or ((c := constant_of(op.yes)) is not None and c == constant_of(op.no))
    return op.yes if same else None


def scale_rows(op: mlp.ScaleRowsOp) -> Simpler:
    """Rows times 1, or rows that are 0."""
    return op.x if constant_of(op.s) == 1.0 or constant_of(op.x) == 0.0 else None


RULES: dict[type[Operation], Callable[[Any], Simpler]] = {
    arith.AddfOp: addf,
    arith.SubfOp: subf,
    arith.MulfOp: mulf,
    arith.DivfOp: divf,
    arith.NegfOp: negf,
    arith.SelectOp: select,
    mlp.ScaleRowsOp: scale_rows,
    mlp.WhereOp: where,
}


def simplify(function: func.FuncOp) -> None:
    """One walk from the definitions to the uses, then what nothing uses any more is erased."""
    simplify_block(function.body.block)


def simplify_block(block: Block) -> None:
    """The same in one block and all that stands in it."""
    for op in list(block.walk()):
        rule = RULES.get(type(op))
        while rule is not None and (found := rule(op)) is not None:
            if isinstance(found, Operation):
                found.location = op.location
                found.attributes |= op.attributes
                Rewriter.insert_op(found, InsertPoint.before(op))
            value = found.results[0] if isinstance(found, Operation) else found
            hint = op.results[0].name_hint
            if hint is not None and value.name_hint is None:
                value.name_hint = hint
            Rewriter.replace_op(op, [], [value])
            if not isinstance(found, Operation):
                break
            op, rule = found, RULES.get(type(found))
    erase_dead(block)


def erase_dead(block: Block) -> None:
    """Operations without effects whose results nothing uses, from the last to the first."""
    for op in reversed(list(block.walk())):
        unused = op.results and not any(r.uses.get_length() for r in op.results)
        if unused and op.parent is not None and is_side_effect_free(op):
            op.detach()
            op.erase()
