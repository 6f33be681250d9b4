"""``exp``, ``exp2`` and ``expm1``: the nearest power of two times a polynomial of the rest."""

from __future__ import annotations

from typing import NamedTuple

from xdsl.dialects import math
from xdsl.ir import SSAValue

from anamc.numerics.coefficients import SPLITS, TABLE
from anamc.numerics.floats import Floats, named

LN2 = 0.69314718055994530941723212145818
LOG2_E = 1.4426950408889634073599246810019


class Range(NamedTuple):
    """Arguments beyond which the result is 0 (-1 for `expm1`) or infinite."""

    least: float
    largest: float


EXP = {"f32": Range(-104.0, 89.0), "f64": Range(-746.0, 710.0)}
EXP2 = {"f32": Range(-151.0, 129.0), "f64": Range(-1076.0, 1025.0)}
EXPM1 = {"f32": Range(-18.0, 89.0), "f64": Range(-38.0, 710.0)}

LINEAR = {"f32": 2.0**-26, "f64": 2.0**-55}
"""Arguments below which `expm1` is its argument, sign of zero and last bit of the least number included."""


def _clamped(s: Floats, x: SSAValue, range: Range) -> SSAValue:
    return s.at_least(s.at_most(x, range.largest), range.least)


def _reduced(s: Floats, x: SSAValue, plus: int) -> tuple[SSAValue, SSAValue]:
    """``r = x - n log 2`` in ``[-log(2)/2, log(2)/2]``, and ``n + plus`` as an integer."""
    n, bits = s.shifted(x, LOG2_E, plus)
    r = x
    for part in SPLITS[f"ln2.{s.format.name}"]:
        r = named("r", s.muladd(n, s.constant(-part), r))
    return r, bits


def _scaled(s: Floats, p: SSAValue, biased: SSAValue) -> SSAValue:
    """
    ``p 2^n`` from ``n`` plus twice the format's bias.

    In two steps: results below the normal range are rounded once, those above it are infinite.
    """
    half = s.down(biased, 1)
    return s.mul(s.mul(p, s.power_of_two(half)), s.power_of_two(s.minus(biased, half)))


def exp(s: Floats, x: SSAValue) -> SSAValue:
    """``2^n (1 + r (1 + r P(r)))``"""
    x = _clamped(s, x, EXP[s.format.name])
    if s.fast and s.format.bits == 32:
        return _fast_exp(s, x)
    r, n = _reduced(s, x, 2 * s.format.bias)
    return _scaled(s, s.horner((1.0, 1.0, *TABLE[f"exp.{s.format.name}"].p), r), n)


def _fast_exp(s: Floats, x: SSAValue) -> SSAValue:
    """``2^n (1 + r P(r))`` with log 2 in one part and a term less."""
    n, bits = s.shifted(x, LOG2_E, 2 * s.format.bias)
    r = named("r", s.muladd(n, s.constant(-LN2), x))
    return _scaled(s, s.horner((1.0, *TABLE["exp.fast.f32"].p), r), bits)


def exp2(s: Floats, x: SSAValue) -> SSAValue:
    """``2^n (1 + r P(r))`` with ``r = x - n``"""
    x = _clamped(s, x, EXP2[s.format.name])
    n, bits = s.shifted(x, 1.0, 2 * s.format.bias)
    p = s.horner((1.0, *TABLE[f"exp2.{s.format.name}"].p), named("r", s.sub(x, n)))
    return _scaled(s, p, bits)


def expm1(s: Floats, x: SSAValue) -> SSAValue:
    """``2^n q + (2^n - 1)`` with ``q = r + r^2 P(r)``, at half its size: 2^n itself may be infinite."""
    r, n = _reduced(s, _clamped(s, x, EXPM1[s.format.name]), s.format.bias - 1)
    q = named("q", s.muladd(s.mul(r, r), s.horner(TABLE[f"expm1.{s.format.name}"].p, r), r))
    half = s.power_of_two(n)
    y = s.muladd(half, q, s.sub(half, s.constant(0.5)))
    least = s.constant(LINEAR[s.format.name])
    return s.where("olt", s.unary(math.AbsFOp, x), least, x, s.add(y, y))
