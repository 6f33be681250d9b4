"""Rules of `math` on floats, scalars and tensors alike; from the result where that is cheaper."""

from __future__ import annotations

from math import log, pi, sqrt
from typing import Any

from xdsl.dialects import math
from xdsl.ir import SSAValue

from anamc.autodiff.emit import Emit
from anamc.autodiff.tables import CONSTANT, PARTIALS


@PARTIALS.of(math.AbsFOp)
def absf(e: Emit, op: math.AbsFOp, k: int, v: SSAValue) -> SSAValue:
    """``z = |x|``: ``dz = sign(x) dx``, 0 at 0."""
    below = e.where("olt", op.operand, 0.0, e.negative(v), e.zeros(v))
    return e.where("ogt", op.operand, 0.0, v, below)


@PARTIALS.of(math.TanhOp)
def tanh(e: Emit, op: math.TanhOp, k: int, v: SSAValue) -> SSAValue:
    """``z = tanh x``: ``dz = (1 - z^2) dx``"""
    one = e.constant(1.0, op.result)
    return e.times(v, e.minus(one, e.times(op.result, op.result)))


@PARTIALS.of(math.ExpOp)
def exp(e: Emit, op: math.ExpOp, k: int, v: SSAValue) -> SSAValue:
    """``z = exp x``: ``dz = z dx``"""
    return e.times(v, op.result)


@PARTIALS.of(math.Exp2Op)
def exp2(e: Emit, op: math.Exp2Op, k: int, v: SSAValue) -> SSAValue:
    """``z = 2^x``: ``dz = ln 2 z dx``"""
    return e.times(v, e.scaled(op.result, log(2.0)))


@PARTIALS.of(math.ExpM1Op)
def expm1(e: Emit, op: math.ExpM1Op, k: int, v: SSAValue) -> SSAValue:
    """``z = exp x - 1``: ``dz = exp(x) dx``; not z + 1, which loses all digits far below 0."""
    return e.times(v, e.unary(math.ExpOp, op.operand))


@PARTIALS.of(math.LogOp)
def log_(e: Emit, op: math.LogOp, k: int, v: SSAValue) -> SSAValue:
    """``z = ln x``: ``dz = dx / x``"""
    return e.over(v, op.operand)


@PARTIALS.of(math.Log2Op)
def log2(e: Emit, op: math.Log2Op, k: int, v: SSAValue) -> SSAValue:
    """``z = log2 x``: ``dz = dx / (x ln 2)``"""
    return e.over(v, e.scaled(op.operand, log(2.0)))


@PARTIALS.of(math.Log10Op)
def log10(e: Emit, op: math.Log10Op, k: int, v: SSAValue) -> SSAValue:
    """``z = log10 x``: ``dz = dx / (x ln 10)``"""
    return e.over(v, e.scaled(op.operand, log(10.0)))


@PARTIALS.of(math.Log1pOp)
def log1p(e: Emit, op: math.Log1pOp, k: int, v: SSAValue) -> SSAValue:
    """``z = ln(1 + x)``: ``dz = dx / (1 + x)``"""
    return e.over(v, e.shifted(op.operand, 1.0))


@PARTIALS.of(math.SinOp)
def sin(e: Emit, op: math.SinOp, k: int, v: SSAValue) -> SSAValue:
    """``z = sin x``: ``dz = cos(x) dx``"""
    return e.times(v, e.unary(math.CosOp, op.operand))


@PARTIALS.of(math.CosOp)
def cos(e: Emit, op: math.CosOp, k: int, v: SSAValue) -> SSAValue:
    """``z = cos x``: ``dz = -sin(x) dx``"""
    return e.negative(e.times(v, e.unary(math.SinOp, op.operand)))


@PARTIALS.of(math.SqrtOp)
def sqrt_(e: Emit, op: math.SqrtOp, k: int, v: SSAValue) -> SSAValue:
    """``z = sqrt x``: ``dz = dx / (2 z)``; 0 at 0, so that norms stay finite there."""
    zero, one = e.zeros(op.result), e.constant(1.0, op.result)
    at_zero = e.compare("oeq", op.result, zero)
    slope = e.over(e.constant(0.5, op.result), e.select(at_zero, one, op.result))
    return e.times(v, e.select(at_zero, zero, slope))


@PARTIALS.of(math.RsqrtOp)
def rsqrt(e: Emit, op: math.RsqrtOp, k: int, v: SSAValue) -> SSAValue:
    """``z = x^(-1/2)``: ``dz = -z / (2 x) dx``"""
    return e.times(v, e.over(e.scaled(op.result, -0.5), op.operand))


@PARTIALS.of(math.ErfOp)
def erf(e: Emit, op: math.ErfOp, k: int, v: SSAValue) -> SSAValue:
    """``z = erf x``: ``dz = 2/sqrt(pi) exp(-x^2) dx``"""
    bell = e.unary(math.ExpOp, e.negative(e.times(op.operand, op.operand)))
    return e.times(v, e.scaled(bell, 2.0 / sqrt(pi)))


@PARTIALS.of(math.FmaOp)
def fma(e: Emit, op: math.FmaOp, k: int, v: SSAValue) -> SSAValue:
    """``z = x y + w``: ``dz = y dx + x dy + dw``"""
    return v if k == 2 else e.times(v, op.operands[1 - k])


TINY = 1e-30
"""Its reciprocal is finite in float32 and float64."""


@PARTIALS.of(math.PowFOp)
def powf(e: Emit, op: math.PowFOp, k: int, v: SSAValue) -> SSAValue:
    """
    ``z = x^y``: ``dz = y x^(y-1) dx + ln(x) z dy``.

    0 where y is 0 (in x), and where x is 0 or less (in y): the limits where they exist.
    """
    x, y = op.lhs, op.rhs
    zero, one = e.zeros(op.result), e.constant(1.0, op.result)
    if k == 0:
        # Where y is 0, 1 / x must stay finite; it still is what the slope changes by with y.
        safe = e.select(e.compare("oge", e.unary(math.AbsFOp, x), e.constant(TINY, x)), x, one)
        base = e.select(e.compare("oeq", y, zero), safe, x)
        return e.times(v, e.times(y, e(math.PowFOp(base, e.shifted(y, -1.0)))))
    positive = e.compare("ogt", x, zero)
    logarithm = e.unary(math.LogOp, e.select(positive, x, one))
    return e.times(v, e.select(positive, e.times(logarithm, op.result), zero))


def steps(*classes: type[Any]) -> None:
    """Functions that are constant between jumps."""
    for cls in classes:
        CONSTANT[cls] = "constant between its jumps"


steps(math.CeilOp, math.FloorOp)
