"""
Folds zeros and ones in float arithmetic, on scalars and tensors: what derivatives leave behind.

``0 x`` becomes 0 and ``x + 0`` becomes x also where x may be infinite, NaN or -0: in a derivative a zero
factor means that nothing depends on x.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xdsl.dialects import arith
from xdsl.dialects.builtin import FloatAttr
from xdsl.ir import Operation, Region, SSAValue
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.transforms.dead_code_elimination import region_dce

from anamc.dialects import mlp
from anamc.dialects.constants import splat_value


def constant_of(value: SSAValue) -> float | None:
    """The float that a value is everywhere; None where it is not one constant."""
    found = splat_value(value)
    return found.value.data if isinstance(found, FloatAttr) else None


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


def simplify(region: Region) -> None:
    """One walk from the definitions to the uses, then what nothing uses any more is erased."""
    for op in list(region.walk()):
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
    region_dce(region)
