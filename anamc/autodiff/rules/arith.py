"""Rules of `arith` on floats, scalars and tensors alike."""

from __future__ import annotations

from xdsl.dialects import arith
from xdsl.ir import SSAValue

from anamc.autodiff.emit import Emit
from anamc.autodiff.tables import CONSTANT, PARTIALS


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


@PARTIALS.of(arith.MaximumfOp, arith.MaxnumfOp)
def maximumf(e: Emit, op: arith.MaximumfOp | arith.MaxnumfOp, k: int, v: SSAValue) -> SSAValue:
    """``z = max(x, y)``: to the larger one; ties share by halves."""
    return extremum(e, op.operands[k], op.operands[1 - k], v, "ogt")


@PARTIALS.of(arith.MinimumfOp, arith.MinnumfOp)
def minimumf(e: Emit, op: arith.MinimumfOp | arith.MinnumfOp, k: int, v: SSAValue) -> SSAValue:
    """``z = min(x, y)``: to the smaller one; ties share by halves."""
    return extremum(e, op.operands[k], op.operands[1 - k], v, "olt")


def extremum(e: Emit, mine: SSAValue, other: SSAValue, v: SSAValue, wins: str) -> SSAValue:
    """`v` where mine wins, half of it at a tie, else 0."""
    tie = e.select(e.compare("oeq", mine, other), e.scaled(v, 0.5), e.zeros(v))
    return e.select(e.compare(wins, mine, other), v, tie)


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
