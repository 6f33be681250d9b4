"""Rules of the activations of `mlp`; at kinks the derivative is that of the side at and below 0."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi, sqrt

from xdsl.dialects import math
from xdsl.ir import SSAValue

from anamc.autodiff.emit import Emit
from anamc.autodiff.tables import JVP, PARTIALS, VJP, Contributions
from anamc.dialects import mlp
from anamc.numerics.scalar import FAR, GELU_TANH_CUBIC, SELU_ALPHA, SELU_SCALE, SQRT_2_OVER_PI, SQRT_HALF


def near(e: Emit, x: SSAValue) -> SSAValue:
    """
    ``min(max(x, -FAR), FAR)``, as a factor of what is 0 beyond that. NaN stays.

    So is the derivative of the product 0 there, whatever that of this factor.
    """
    least, most = e.constant(-FAR, x), e.constant(FAR, x)
    return e.select(e.compare("ogt", x, most), most, e.select(e.compare("olt", x, least), least, x))


@PARTIALS.of(mlp.SigmoidOp)
def sigmoid(e: Emit, op: mlp.SigmoidOp, k: int, v: SSAValue) -> SSAValue:
    """``y = sigmoid(x)``: ``dy = y (1 - y) dx``"""
    return e.times(v, e.times(op.y, e.minus(e.constant(1.0, op.y), op.y)))


@PARTIALS.of(mlp.ReluOp)
def relu(e: Emit, op: mlp.ReluOp, k: int, v: SSAValue) -> SSAValue:
    """``y = max(x, 0)``: ``dy = dx`` where ``x > 0``, else 0."""
    return e.where("ogt", op.x, 0.0, v, e.zeros(v))


@PARTIALS.of(mlp.LeakyReluOp)
def leaky_relu(e: Emit, op: mlp.LeakyReluOp, k: int, v: SSAValue) -> SSAValue:
    """``dy = dx`` where ``x > 0``, else ``slope dx``."""
    return e.where("ogt", op.x, 0.0, v, e.scaled(v, op.slope.value.data))


@PARTIALS.of(mlp.EluOp)
def elu(e: Emit, op: mlp.EluOp, k: int, v: SSAValue) -> SSAValue:
    """``dy = dx`` where ``x > 0``, else ``(y + alpha) dx``, which is ``alpha exp(x) dx``."""
    return e.where("ogt", op.x, 0.0, v, e.times(v, e.shifted(op.y, op.alpha.value.data)))


@PARTIALS.of(mlp.SeluOp)
def selu(e: Emit, op: mlp.SeluOp, k: int, v: SSAValue) -> SSAValue:
    """``dy = lambda dx`` where ``x > 0``, else ``(y + lambda alpha) dx``."""
    below = e.times(v, e.shifted(op.y, SELU_SCALE * SELU_ALPHA))
    return e.where("ogt", op.x, 0.0, e.scaled(v, SELU_SCALE), below)


@PARTIALS.of(mlp.GeluOp)
def gelu(e: Emit, op: mlp.GeluOp, k: int, v: SSAValue) -> SSAValue:
    """``dy = (Phi(x) + x phi(x)) dx``: the normal distribution and its density."""
    erf = e.unary(math.ErfOp, e.scaled(op.x, SQRT_HALF))
    distribution = e.scaled(e.shifted(erf, 1.0), 0.5)
    density = e.scaled(e.unary(math.ExpOp, e.scaled(e.times(op.x, op.x), -0.5)), 1.0 / sqrt(2.0 * pi))
    return e.times(v, e.plus(distribution, e.times(near(e, op.x), density)))


@PARTIALS.of(mlp.GeluTanhOp)
def gelu_tanh(e: Emit, op: mlp.GeluTanhOp, k: int, v: SSAValue) -> SSAValue:
    """``dy = (1 + t)/2 + x/2 (1 - t^2) u'`` with ``t = tanh u``, ``u = c (x + a x^3)``, ``u' = c (1 + 3 a x^2)``."""
    x = near(e, op.x)  # its square must not be infinite
    square = e.times(x, x)
    t = e.unary(math.TanhOp, e.times(x, e.shifted(e.scaled(square, SQRT_2_OVER_PI * GELU_TANH_CUBIC), SQRT_2_OVER_PI)))
    slope = e.shifted(e.scaled(square, 3.0 * SQRT_2_OVER_PI * GELU_TANH_CUBIC), SQRT_2_OVER_PI)
    sech = e.minus(e.constant(1.0, t), e.times(t, t))
    inner = e.times(e.times(e.scaled(x, 0.5), sech), slope)
    return e.times(v, e.plus(e.scaled(e.shifted(t, 1.0), 0.5), inner))


@PARTIALS.of(mlp.SiluOp)
def silu(e: Emit, op: mlp.SiluOp, k: int, v: SSAValue) -> SSAValue:
    """``dy = s (1 + x (1 - s)) dx`` with ``s = sigmoid(x)``."""
    s = e(mlp.SigmoidOp(op.x))
    rest = e.times(near(e, op.x), e.minus(e.constant(1.0, s), s))
    return e.times(v, e.times(s, e.shifted(rest, 1.0)))


@PARTIALS.of(mlp.SoftplusOp)
def softplus(e: Emit, op: mlp.SoftplusOp, k: int, v: SSAValue) -> SSAValue:
    """``dy = sigmoid(x) dx``: a half at 0."""
    return e.times(v, e(mlp.SigmoidOp(op.x)))


def softmax_tangent(e: Emit, y: SSAValue, v: SSAValue) -> SSAValue:
    """``y (v - <y, v>)`` row by row: symmetric, so tangent and cotangent."""
    return e.minus(e.times(y, v), e(mlp.ScaleRowsOp(y, e(mlp.RowDotOp(y, v)))))


@VJP.of(mlp.SoftmaxOp)
def softmax_vjp(op: mlp.SoftmaxOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``x_bar = y (y_bar - <y, y_bar>)``"""
    yield op.x, lambda: softmax_tangent(e, op.y, bars[0])


@JVP.of(mlp.SoftmaxOp)
def softmax_jvp(op: mlp.SoftmaxOp, dots: Sequence[SSAValue], e: Emit) -> Sequence[SSAValue]:
    """``dy = y (dx - <y, dx>)``"""
    return [softmax_tangent(e, op.y, dots[0])]


@VJP.of(mlp.LogSoftmaxOp)
def log_softmax_vjp(op: mlp.LogSoftmaxOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``x_bar = y_bar - exp(y) sum y_bar``"""
    (g,) = bars

    def contribution() -> SSAValue:
        total = e(mlp.RowDotOp(g, e.constant(1.0, g)))
        return e.minus(g, e(mlp.ScaleRowsOp(e(mlp.SoftmaxOp(op.x)), total)))

    yield op.x, contribution


@JVP.of(mlp.LogSoftmaxOp)
def log_softmax_jvp(op: mlp.LogSoftmaxOp, dots: Sequence[SSAValue], e: Emit) -> Sequence[SSAValue]:
    """``dy = dx - <exp(y), dx>``"""
    (v,) = dots
    mean = e(mlp.RowDotOp(e(mlp.SoftmaxOp(op.x)), v))
    return [e.minus(v, e(mlp.ScaleRowsOp(e.constant(1.0, v), mean)))]
