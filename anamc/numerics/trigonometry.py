"""``sin`` and ``cos``: the rest by a multiple of pi/2, and a polynomial for each of the two."""

from __future__ import annotations

from xdsl.dialects import arith, math
from xdsl.ir import SSAValue

from anamc.numerics.coefficients import SPLITS, TABLE
from anamc.numerics.floats import Floats, named

TWO_OVER_PI = 0.63661977236758134307553505349006
LARGEST = {"f32": 6400.0, "f64": 1.6e6}
"""Up to here the multiple times each short part of pi/2 is exact; beyond, libm."""


def _quadrant(s: Floats, size: SSAValue) -> tuple[SSAValue, SSAValue]:
    """``r = size - n pi/2`` in ``[-pi/4, pi/4]``, and the bits of n."""
    n, bits = s.shifted(size, TWO_OVER_PI)
    r = size
    for part in SPLITS[f"half_pi.{s.format.name}"]:
        r = named("r", s.muladd(n, s.constant(-part), r))
    return r, bits


def _polynomials(s: Floats, r: SSAValue) -> tuple[SSAValue, SSAValue]:
    """``sin(r)`` and ``cos(r)``."""
    z = named("z", s.mul(r, r))
    sine = s.muladd(s.mul(r, z), s.horner(TABLE[f"sin.{s.format.name}"].p, z), r)
    return sine, s.horner((1.0, -0.5, *TABLE[f"cos.{s.format.name}"].p), z)


def _choose(s: Floats, odd: SSAValue, yes: SSAValue, no: SSAValue) -> SSAValue:
    """`yes` where the lowest bit of an integer is 1: as the exponent of 2.0 it makes a float that is not 0."""
    two = s.float_of_bits(s.up(s.insert(arith.AndIOp(odd, s.whole(1))), s.format.bits - 2))
    return s.where("ogt", two, s.constant(0.0), yes, no)


def _signed(s: Floats, y: SSAValue, quadrant: SSAValue) -> SSAValue:
    """The bits of `y`, whose sign is another where the second bit of the quadrant is 1."""
    sign = s.up(s.insert(arith.AndIOp(quadrant, s.whole(2))), s.format.bits - 2)
    return s.insert(arith.XOrIOp(s.bits(y), sign))


def sin(s: Floats, x: SSAValue) -> SSAValue:
    """Of arguments up to `LARGEST`."""
    size = s.unary(math.AbsFOp, x)
    r, n = _quadrant(s, size)
    sine, cosine = _polynomials(s, r)
    y = named("k", _signed(s, _choose(s, n, cosine, sine), n))
    sign = s.up(s.down(s.bits(x), s.format.bits - 1), s.format.bits - 1)
    return s.float_of_bits(s.insert(arith.XOrIOp(y, sign)))


def cos(s: Floats, x: SSAValue) -> SSAValue:
    """Of arguments up to `LARGEST`."""
    r, n = _quadrant(s, s.unary(math.AbsFOp, x))
    sine, cosine = _polynomials(s, r)
    return s.float_of_bits(_signed(s, _choose(s, n, sine, cosine), s.plus(n, s.whole(1))))
