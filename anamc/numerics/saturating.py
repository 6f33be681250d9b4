"""``tanh`` and ``erf``: odd functions that reach 1."""

from __future__ import annotations

from xdsl.dialects import math
from xdsl.ir import SSAValue

from anamc.numerics.coefficients import SPLITS, TABLE
from anamc.numerics.exponentials import LN2, LOG2_E
from anamc.numerics.floats import Floats, named

TANH_IS_1 = {"f32": 9.02, "f64": 19.07}
"""From here the result is 1 to the last place."""


def _tanh_of_size(s: Floats, size: SSAValue) -> SSAValue:
    """
    ``m / (m + 2)`` with ``m = exp(2 size) - 1 = 2^n q + (2^n - 1)``, for ``0 <= size <= TANH_IS_1``.

    Relative to the result `m` may err where it is large, so log 2 needs no second part in f32.
    """
    n, bits = s.shifted(size, 2 * LOG2_E, s.format.bias)
    r = s.add(size, size)
    for part in SPLITS["ln2.f64"] if s.format.bits == 64 else (LN2,):
        r = named("r", s.muladd(n, s.constant(-part), r))
    fit = TABLE["tanh.fast.f32" if s.fast and s.format.bits == 32 else f"expm1.{s.format.name}"]
    q = named("q", s.muladd(s.mul(r, r), s.horner(fit.p, r), r))
    power = named("power", s.power_of_two(bits))
    m = named("m", s.muladd(power, q, s.sub(power, s.constant(1.0))))
    return s.div(m, s.add(m, s.constant(2.0)))


def tanh(s: Floats, x: SSAValue) -> SSAValue:
    """Hyperbolic tangent."""
    size = named("size", s.at_most(s.unary(math.AbsFOp, x), TANH_IS_1[s.format.name]))
    return s.with_sign(_tanh_of_size(s, size), x)


def erf(s: Floats, x: SSAValue) -> SSAValue:
    """``2/sqrt(pi)`` times the integral of ``exp(-t^2)`` from 0 to `x`."""
    size = s.unary(math.AbsFOp, x)
    single = _erf_as_quotient if s.fast else _erf_as_power
    return s.with_sign((single if s.format.bits == 32 else _erf_of_tail)(s, size), x)


def _erf_as_power(s: Floats, size: SSAValue) -> SSAValue:
    """
    ``1 - 2^t`` with ``t = size P(size)``: what P misses hardly shows where `erf` is nearly 1.

    As ``2^n q + (2^n - 1)``, whose sign is wrong, with ``t = n + r`` and ``q = 2^r - 1``: nothing is lost near 0.
    """
    fit = TABLE["erf.f32"]
    size = s.at_most(size, fit.interval[1])
    t = named("t", s.mul(size, s.in_halves(fit.p, size)))
    n, bits = s.shifted(t, 1.0, s.format.bias)
    r = named("r", s.sub(t, n))
    q = named("q", s.mul(r, s.horner(TABLE["exp2m1.f32"].p, r)))
    power = named("power", s.power_of_two(bits))
    return s.muladd(power, q, s.sub(power, s.constant(1.0)))


def _erf_as_quotient(s: Floats, size: SSAValue) -> SSAValue:
    """``size P(size^2) / Q(size^2)`` up to where 1 is near enough."""
    fit = TABLE["erf.fast.f32"]
    z = named("z", s.mul(size, size))
    y = s.div(s.mul(size, s.horner(fit.p, z)), s.horner(fit.q, z))
    one = s.constant(1.0)
    return s.where("oge", size, s.constant(fit.interval[1]), one, s.at_most(y, 1.0))


def _erf_of_tail(s: Floats, size: SSAValue) -> SSAValue:
    """A quotient up to 1, and ``1 - exp(-P(size))`` beyond."""
    near, far = TABLE["erf.small.f64"], TABLE["erf.tail.f64"]
    z = s.mul(size, size)
    small = s.div(s.mul(size, s.horner(near.p, z)), s.horner(near.q, z))
    exponent = s.in_halves(far.p, s.at_most(size, far.interval[1]))
    n, bits = s.shifted(exponent, -LOG2_E, s.format.bias)
    r = s.neg(exponent)
    for part in SPLITS["ln2.f64"]:
        r = named("r", s.muladd(n, s.constant(-part), r))
    p = s.horner((1.0, 1.0, *TABLE["exp.f64"].p), r)
    large = s.muladd(s.neg(p), s.power_of_two(bits), s.constant(1.0))
    return s.where("olt", size, s.constant(1.0), small, large)
