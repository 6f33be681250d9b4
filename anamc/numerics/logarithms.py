"""``log``, ``log2``, ``log10`` and ``log1p``: an exponent, and a series around 1."""

from __future__ import annotations

import math

from xdsl.dialects import math as ops
from xdsl.ir import SSAValue

from anamc.numerics.coefficients import SPLITS, TABLE
from anamc.numerics.floats import Floats, named

LOG2_E = 1.4426950408889634073599246810019
LOG10_E = 0.43429448190325182765112891891661
LEAST = {"f32": 2.0 / 3.0, "f64": 0.70710678118654752440}
"""Least mantissa: the series of f32 is in ``f``, for which 2/3 to 4/3 is best, that of f64 in ``f / (2 + f)``."""
LARGE = 2.0**60
"""Arguments of `log1p` from which 1 is nothing."""


def _exponent(s: Floats, x: SSAValue) -> SSAValue:
    """``k`` such that ``x / 2^k`` lies in the series' range."""
    least = s.whole(s.format.bits_of(LEAST[s.format.name]))
    return s.down(s.minus(s.bits(x), least), s.format.mantissa)


def _mantissa(s: Floats, x: SSAValue, k: SSAValue) -> SSAValue:
    """``x / 2^k``"""
    return s.float_of_bits(s.minus(s.bits(x), s.up(k, s.format.mantissa)))


def _normal(s: Floats, x: SSAValue) -> tuple[SSAValue, SSAValue]:
    """``|x| 2^j`` above the subnormal range, and ``j``."""
    x = s.unary(ops.AbsFOp, x)
    least, j = s.constant(s.format.least_normal), s.format.mantissa + 2
    scaled = s.mul(x, s.constant(2.0**j))
    return s.where("olt", x, least, scaled, x), s.where("olt", x, least, s.constant(float(j)), s.constant(0.0))


def _series(s: Floats, f: SSAValue) -> SSAValue:
    """``log(1 + f)``"""
    p = TABLE[f"log.{s.format.name}"].p
    if s.format.bits == 32:
        return s.muladd(s.mul(f, f), s.horner((-0.5, *p), f), f)
    return _series_of_quotient(s, f, p)


def _series_of_quotient(s: Floats, f: SSAValue, p: tuple[float, ...]) -> SSAValue:
    """``f - (h - q (h + q^2 P(q^2)))`` with ``h = f^2/2``, ``q = f / (2 + f)``, as in fdlibm's `e_log.c`."""
    q = s.div(f, s.add(f, s.constant(2.0)))
    z, h = s.mul(q, q), s.mul(s.mul(f, f), s.constant(0.5))
    inner = s.muladd(z, s.horner(p, z), h)
    return s.sub(f, s.muladd(s.neg(q), inner, h))


def _parts(s: Floats, x: SSAValue) -> tuple[SSAValue, SSAValue]:
    """``n`` and ``log(x / 2^n)``."""
    normal, j = _normal(s, x)
    k = named("k", _exponent(s, normal))
    f = named("f", s.sub(_mantissa(s, normal, k), s.constant(1.0)))
    return named("n", s.sub(s.float_of(k), j)), _series(s, f)


def _at_ends(s: Floats, x: SSAValue, y: SSAValue, zero: float) -> SSAValue:
    """`y`, but -infinity at `zero`, infinity at infinity, NaN below `zero` and at NaN."""
    infinity, least = s.constant(math.inf), s.constant(zero)
    above = s.where("olt", x, infinity, y, x)
    below = s.where("oeq", x, least, s.constant(-math.inf), s.constant(math.nan))
    return s.where("ole", x, least, below, above)


def _plus_exponent(s: Floats, y: SSAValue, n: SSAValue, name: str) -> SSAValue:
    """``y + n c`` for a number of `SPLITS`."""
    high, low = SPLITS[f"{name}.{s.format.name}"]
    return s.muladd(n, s.constant(high), s.muladd(n, s.constant(low), y))


def log(s: Floats, x: SSAValue) -> SSAValue:
    """``log(x / 2^n) + n log 2``"""
    n, y = _parts(s, x)
    return _at_ends(s, x, _plus_exponent(s, y, n, "ln2"), 0.0)


def log2(s: Floats, x: SSAValue) -> SSAValue:
    """``log(x / 2^n) / log 2 + n``"""
    n, y = _parts(s, x)
    return _at_ends(s, x, s.muladd(y, s.constant(LOG2_E), n), 0.0)


def log10(s: Floats, x: SSAValue) -> SSAValue:
    """``log(x / 2^n) / log 10 + n log10 2``"""
    n, y = _parts(s, x)
    high, low = SPLITS[f"log10_2.{s.format.name}"]
    y = s.muladd(n, s.constant(low), s.mul(y, s.constant(LOG10_E)))
    return _at_ends(s, x, s.muladd(n, s.constant(high), y), 0.0)


def log1p(s: Floats, x: SSAValue) -> SSAValue:
    """``log(1 + f) + n log 2`` with ``1 + x = 2^n (1 + f)``; ``f`` from `x` itself, not from the rounded sum."""
    one = s.constant(1.0)
    u = s.unary(ops.AbsFOp, s.add(x, one))
    k = _exponent(s, u)
    scale = s.float_of_bits(s.minus(s.whole(s.format.bits_of(1.0)), s.up(k, s.format.mantissa)))
    exact = s.muladd(x, scale, s.sub(scale, one))
    f = s.where("ogt", x, s.constant(LARGE), s.sub(_mantissa(s, u, k), one), exact)
    y = _plus_exponent(s, _series(s, f), s.float_of(k), "ln2")
    return s.with_sign(_at_ends(s, x, y, -1.0), x)
