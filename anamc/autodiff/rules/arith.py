"""Rules of `arith` on floats, scalars and tensors alike."""

from __future__ import annotations

from xdsl.dialects import arith
from xdsl.ir import Operation, SSAValue

from anamc.autodiff.emit import Emit
from anamc.autodiff.tables import CONSTANT, MASKED, PARTIALS, Literal


@PARTIALS.of(arith.AddfOp)
def addf(e: Emit, op: arith.AddfOp, k: int, v: SSAValue) -> SSAValue:
    """``z = x + y``: ``dz = dx + dy``"""
    return v


@PARTIALS.of(arith.SubfOp)
def subf(e: Emit, op: arith.SubfOp, k: int, v: SSAValue) -> SSAValue:
    """``z = x - y``: ``dz = dx - dy``"""
    return v if k == 0 else e.negative(v)


@PARTIALS.of(arith.NegfOp)
def negf(e: Emit, op: arith.NegfOp, k: int, v: SSAValue) -> SSAValue:
    """``z = -x``: ``dz = -dx``"""
    return e.negative(v)


@PARTIALS.of(arith.MulfOp)
def mulf(e: Emit, op: arith.MulfOp, k: int, v: SSAValue) -> SSAValue:
    """``z = x y``: ``dz = y dx + x dy``"""
    return e.times(v, op.operands[1 - k])


@PARTIALS.of(arith.DivfOp)
def divf(e: Emit, op: arith.DivfOp, k: int, v: SSAValue) -> SSAValue:
    """``z = x / y``: ``dz = dx / y - z dy / y``"""
    quotient = e.over(v, op.rhs)
    return quotient if k == 0 else e.negative(e.times(quotient, op.result))


MAX = (arith.MaximumfOp, arith.MaxnumfOp)
MIN = (arith.MinimumfOp, arith.MinnumfOp)


def shared_choice(e: Emit, op: Operation, k: int, v: SSAValue) -> tuple[SSAValue, Literal]:
    """What the one that wins gets, half at a tie, and when it does."""
    mine, other = op.operands[k], op.operands[1 - k]
    shared = e.select(e.compare("oeq", mine, other), e.scaled(v, 0.5), v)
    return shared, (e.compare("oge" if isinstance(op, MAX) else "ole", mine, other), True)


MASKED.of(*MAX, *MIN)(shared_choice)


@PARTIALS.of(*MAX, *MIN)
def extremum(e: Emit, op: Operation, k: int, v: SSAValue) -> SSAValue:
    """``z = max(x, y)``, ``min(x, y)``: to the one that wins; ties share by halves."""
    value, (wins, _) = shared_choice(e, op, k, v)
    return e.select(wins, value, e.zeros(v))


@MASKED.of(arith.SelectOp)
def select_choice(e: Emit, op: arith.SelectOp, k: int, v: SSAValue) -> tuple[SSAValue, Literal]:
    """All of it, where it is chosen."""
    return v, (op.cond, k == 1)


@PARTIALS.of(arith.SelectOp)
def select(e: Emit, op: arith.SelectOp, k: int, v: SSAValue) -> SSAValue:
    """``z = c ? x : y``: ``dz = c ? dx : dy``; nothing comes from the side not taken, not even NaN."""
    zero = e.zeros(v)
    return e.select(op.cond, v, zero) if k == 1 else e.select(op.cond, zero, v)


@PARTIALS.of(arith.ExtFOp)
def extf(e: Emit, op: arith.ExtFOp, k: int, v: SSAValue) -> SSAValue:
    """``z = x`` in a wider type; the direction changes its type with it."""
    return e(arith.ExtFOp(v, op.result.type)) if v.type == op.input.type else e(arith.TruncFOp(v, op.input.type))


@PARTIALS.of(arith.TruncFOp)
def truncf(e: Emit, op: arith.TruncFOp, k: int, v: SSAValue) -> SSAValue:
    """``z = x`` in a narrower type; the direction changes its type with it."""
    return e(arith.TruncFOp(v, op.result.type)) if v.type == op.input.type else e(arith.ExtFOp(v, op.input.type))


CONSTANT.update(
    {
        arith.ConstantOp: "a constant",
        arith.CmpfOp: "a boolean",
        arith.FPToSIOp: "an integer: the gradient stops",
        arith.FPToUIOp: "an integer: the gradient stops",
        arith.SIToFPOp: "of an integer",
        arith.UIToFPOp: "of an integer",
    }
)
