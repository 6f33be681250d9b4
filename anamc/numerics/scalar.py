"""Activations and losses as scalar arithmetic: the bodies of the nests that they become."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects import arith, math
from xdsl.ir import Attribute, Block, Operation, SSAValue

from anamc.dialects import mlp
from anamc.numerics.constants import float_constant

SELU_SCALE = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717
"""Klambauer et al., Self-Normalizing Neural Networks, 2017."""
GELU_TANH_CUBIC = 0.044715
SQRT_2_OVER_PI = 0.79788456080286535587989211986876
SQRT_HALF = 0.70710678118654752440084436210485
FAR = 1000.0
"""
Beyond this sigmoid, tanh and erf are exactly 0 or 1 in every float type: what is multiplied by what they leave may as
well be this, for infinity times 0 is no number.
"""
MAPE_FLOOR = 1e-8
"""Least magnitude of a target that a percentage error divides by."""


class Scalars:
    """Appends scalar operations of one float type to a block."""

    def __init__(self, block: Block, type: Attribute) -> None:
        self.block = block
        self.type = type

    def insert(self, op: Operation) -> SSAValue:
        self.block.add_op(op)
        return op.results[0]

    def constant(self, value: float) -> SSAValue:
        return self.insert(float_constant(value, self.type))  # pyright: ignore[reportArgumentType]

    def unary(self, op: type[math.FloatingPointLikeUnaryMathOperation], x: SSAValue) -> SSAValue:
        return self.insert(op(x))

    def add(self, x: SSAValue, y: SSAValue) -> SSAValue:
        return self.insert(arith.AddfOp(x, y))

    def sub(self, x: SSAValue, y: SSAValue) -> SSAValue:
        return self.insert(arith.SubfOp(x, y))

    def mul(self, x: SSAValue, y: SSAValue) -> SSAValue:
        return self.insert(arith.MulfOp(x, y))

    def div(self, x: SSAValue, y: SSAValue) -> SSAValue:
        return self.insert(arith.DivfOp(x, y))

    def neg(self, x: SSAValue) -> SSAValue:
        return self.insert(arith.NegfOp(x))

    def max(self, x: SSAValue, y: SSAValue) -> SSAValue:
        """The larger one; NaN if either is."""
        return self.insert(arith.MaximumfOp(x, y))

    def where(self, kind: str, x: SSAValue, y: SSAValue, yes: SSAValue, no: SSAValue) -> SSAValue:
        """`yes` where `x kind y`, else `no`."""
        return self.insert(arith.SelectOp(self.insert(arith.CmpfOp(x, y, kind)), yes, no))


def sigmoid(s: Scalars, x: SSAValue) -> SSAValue:
    """``1 / (1 + e)`` or ``e / (1 + e)`` with ``e = exp(-|x|)``: no overflow."""
    zero, one = s.constant(0.0), s.constant(1.0)
    e = s.unary(math.ExpOp, s.neg(s.unary(math.AbsFOp, x)))
    return s.div(s.where("olt", x, zero, e, one), s.add(one, e))


def softplus(s: Scalars, x: SSAValue) -> SSAValue:
    """``max(x, 0) + log1p(exp(-|x|))``"""
    e = s.unary(math.ExpOp, s.neg(s.unary(math.AbsFOp, x)))
    return s.add(s.max(x, s.constant(0.0)), s.unary(math.Log1pOp, e))


def exponential_below(s: Scalars, x: SSAValue, scale: float, alpha: float) -> SSAValue:
    """``scale x`` where ``x > 0``, else ``scale alpha (exp(x) - 1)``; the untaken side cannot overflow."""
    zero = s.constant(0.0)
    below = s.mul(s.constant(scale * alpha), s.unary(math.ExpM1Op, s.where("ogt", x, zero, zero, x)))
    above = s.mul(s.constant(scale), x) if scale != 1.0 else x
    return s.where("ogt", x, zero, above, below)


def gelu(s: Scalars, x: SSAValue) -> SSAValue:
    """``x/2 (1 + erf(x / sqrt 2))``, 0 at minus infinity."""
    erf = s.unary(math.ErfOp, s.mul(x, s.constant(SQRT_HALF)))
    return s.mul(s.mul(s.constant(0.5), not_far_below(s, x)), s.add(s.constant(1.0), erf))


def gelu_tanh(s: Scalars, x: SSAValue) -> SSAValue:
    """``x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))``, 0 at minus infinity."""
    cubic = s.mul(s.constant(GELU_TANH_CUBIC), s.mul(s.mul(x, x), x))
    t = s.unary(math.TanhOp, s.mul(s.constant(SQRT_2_OVER_PI), s.add(x, cubic)))
    return s.mul(s.mul(s.constant(0.5), not_far_below(s, x)), s.add(s.constant(1.0), t))


def silu(s: Scalars, x: SSAValue) -> SSAValue:
    """``x sigmoid(x)``, 0 at minus infinity."""
    return s.mul(not_far_below(s, x), sigmoid(s, x))


def not_far_below(s: Scalars, x: SSAValue) -> SSAValue:
    """``max(x, -FAR)``; NaN stays."""
    least = s.constant(-FAR)
    return s.where("olt", x, least, least, x)


def leaky_relu(s: Scalars, x: SSAValue, slope: float) -> SSAValue:
    """``x`` where ``x > 0``, else ``slope x``"""
    return s.where("ogt", x, s.constant(0.0), x, s.mul(s.constant(slope), x))


ACTIVATIONS: dict[type[Operation], Callable[[Scalars, SSAValue, mlp.ActivationOp], SSAValue]] = {
    mlp.SigmoidOp: lambda s, x, op: sigmoid(s, x),
    mlp.ReluOp: lambda s, x, op: s.max(x, s.constant(0.0)),
    mlp.LeakyReluOp: lambda s, x, op: leaky_relu(s, x, op.slope.value.data),  # pyright: ignore
    mlp.EluOp: lambda s, x, op: exponential_below(s, x, 1.0, op.alpha.value.data),  # pyright: ignore
    mlp.SeluOp: lambda s, x, op: exponential_below(s, x, SELU_SCALE, SELU_ALPHA),
    mlp.GeluOp: lambda s, x, op: gelu(s, x),
    mlp.GeluTanhOp: lambda s, x, op: gelu_tanh(s, x),
    mlp.SiluOp: lambda s, x, op: silu(s, x),
    mlp.SoftplusOp: lambda s, x, op: softplus(s, x),
}
"""Elementwise activations of `mlp`."""


def difference(s: Scalars, p: SSAValue, t: SSAValue) -> SSAValue:
    """``|p - t|``"""
    return s.unary(math.AbsFOp, s.sub(p, t))


def squared(s: Scalars, p: SSAValue, t: SSAValue, delta: float) -> SSAValue:
    """``(p - t)^2``"""
    d = s.sub(p, t)
    return s.mul(d, d)


def percentage(s: Scalars, p: SSAValue, t: SSAValue, delta: float) -> SSAValue:
    """``100 |p - t| / max(|t|, 1e-8)``"""
    scale = s.max(s.unary(math.AbsFOp, t), s.constant(MAPE_FLOOR))
    return s.div(s.mul(s.constant(100.0), difference(s, p, t)), scale)


def huber(s: Scalars, p: SSAValue, t: SSAValue, delta: float) -> SSAValue:
    """``d^2/2`` where ``|d| < delta``, else ``delta (|d| - delta/2)``"""
    d = difference(s, p, t)
    below = s.mul(s.constant(0.5), s.mul(d, d))
    above = s.mul(s.constant(delta), s.sub(d, s.constant(delta / 2)))
    return s.where("olt", d, s.constant(delta), below, above)


def hinge(s: Scalars, p: SSAValue, t: SSAValue, delta: float) -> SSAValue:
    """``max(0, 1 - t p)``"""
    return s.max(s.sub(s.constant(1.0), s.mul(t, p)), s.constant(0.0))


LOSSES: dict[str, Callable[[Scalars, SSAValue, SSAValue, float], SSAValue]] = {
    "mse": squared,
    "mae": lambda s, p, t, delta: difference(s, p, t),
    "mape": percentage,
    "huber": huber,
    "bce_with_logits": lambda s, p, t, delta: s.sub(softplus(s, p), s.mul(p, t)),
    "hinge": hinge,
}
"""Elementwise losses."""
