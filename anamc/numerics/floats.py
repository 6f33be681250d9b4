"""Arithmetic on a float type and on its bits, one number or one a lane: what elementary functions are made of."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    Float32Type,
    Float64Type,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    VectorType,
    f32,
    f64,
)
from xdsl.dialects.utils import FastMathFlag
from xdsl.ir import Attribute, Operation, SSAValue

from anamc.dialects import lanes
from anamc.numerics.scalar import Scalars

MAY_ROUND_TWICE = arith.FastMathFlagsAttr([FastMathFlag.APPROX_FUNC])
"""On `math.fma`: the machine may round the product where it has no fast fused operation."""


@dataclass(frozen=True)
class Format:
    """How a float type lies in memory."""

    name: str
    bits: int
    mantissa: int
    code: str

    @property
    def bias(self) -> int:
        return (1 << (self.bits - self.mantissa - 2)) - 1

    @property
    def least_normal(self) -> float:
        return 2.0 ** (1 - self.bias)

    @property
    def shift(self) -> float:
        """Added to a small number, it leaves the nearest integer in the lowest bits of the sum."""
        return 1.5 * 2.0**self.mantissa

    def bits_of(self, value: float) -> int:
        """The bits of a number, as a signed integer."""
        integer = "<i" if self.bits == 32 else "<q"
        return struct.unpack(integer, struct.pack(f"<{self.code}", value))[0]


FORMATS: dict[type[Attribute], Format] = {
    Float32Type: Format("f32", 32, 23, "f"),
    Float64Type: Format("f64", 64, 52, "d"),
}


def element_of(type: Attribute) -> Attribute:
    """The type of one lane."""
    return cast(Attribute, type.element_type) if isinstance(type, VectorType) else type


def named(hint: str, value: SSAValue) -> SSAValue:
    """`value`, which printers call so."""
    value.name_hint = hint
    return value


class Floats(Scalars):
    """
    Inserts operations on f32 or f64, or on vectors of them.

    `fast` chooses the cheaper approximations. No product made here is an operand of a sum: what may
    become one fused operation is a `math.fma`, so every form of a function gives the same bits.
    """

    def __init__(self, emit: Callable[[Operation], SSAValue], type: Attribute, fast: bool = False) -> None:
        self.emit = emit
        self.type = type
        self.fast = fast
        self.element = element_of(type)
        self.format = FORMATS[self.element.__class__]
        self.known: dict[tuple[Attribute, str], SSAValue] = {}

    @property
    def is_vector(self) -> bool:
        return isinstance(self.type, VectorType)

    def insert(self, op: Operation) -> SSAValue:
        return self.emit(op)

    def _like(self, element: Attribute) -> Attribute:
        """`element`, or as many lanes of it as the type has."""
        return VectorType(element, self.type.get_shape()) if isinstance(self.type, VectorType) else element

    @property
    def integer(self) -> Attribute:
        """Integers of the same width, as many as there are lanes."""
        return self._like(IntegerType(self.format.bits))

    def _constant(self, attribute: FloatAttr | IntegerAttr, element: Attribute) -> SSAValue:
        """Each constant once."""
        key = (element, str(attribute))
        if key not in self.known:
            type = self._like(element)
            if isinstance(type, VectorType):
                value = DenseIntOrFPElementsAttr.from_list(type, [attribute.value.data])  # pyright: ignore
                self.known[key] = self.emit(arith.ConstantOp(value))
            else:
                self.known[key] = self.emit(arith.ConstantOp(attribute))
        return self.known[key]

    def constant(self, value: float) -> SSAValue:
        element = f32 if self.format.bits == 32 else f64
        return self._constant(FloatAttr(value, element), element)

    def whole(self, value: int) -> SSAValue:
        """An integer constant."""
        element = IntegerType(self.format.bits)
        return self._constant(IntegerAttr(value, element), element)

    def muladd(self, a: SSAValue, b: SSAValue, c: SSAValue) -> SSAValue:
        """``a b + c``, rounded once where the machine does that fast: formulas hold for both."""
        op = math.FmaOp(a, b, c)
        op.properties["fastmath"] = MAY_ROUND_TWICE
        return self.insert(op)

    def horner(self, coefficients: Sequence[float], x: SSAValue) -> SSAValue:
        """The value of a polynomial, constant term first."""
        value = self.constant(coefficients[-1])
        for c in reversed(coefficients[:-1]):
            value = named("p", self.muladd(value, x, self.constant(c)))
        return value

    def in_halves(self, coefficients: Sequence[float], x: SSAValue) -> SSAValue:
        """The same of a long polynomial: even and odd powers apart, in half the time where nothing else is to do."""
        square = named("square", self.mul(x, x))
        even, odd = (self.horner(coefficients[k::2], square) for k in (0, 1))
        return named("p", self.muladd(odd, x, even))

    def compare(self, kind: str, x: SSAValue, y: SSAValue) -> SSAValue:
        """Whether ``x kind y``, for each lane."""
        return self.insert((lanes.CmpfOp if self.is_vector else arith.CmpfOp)(x, y, kind))

    def where(self, kind: str, x: SSAValue, y: SSAValue, yes: SSAValue, no: SSAValue) -> SSAValue:
        select = lanes.SelectOp if self.is_vector else arith.SelectOp
        return self.insert(select(self.compare(kind, x, y), yes, no))

    def at_most(self, x: SSAValue, bound: float) -> SSAValue:
        """The smaller one; NaN where `x` is NaN."""
        limit = self.constant(bound)
        return self.where("ogt", x, limit, limit, x)

    def at_least(self, x: SSAValue, bound: float) -> SSAValue:
        """The larger one; NaN where `x` is NaN."""
        limit = self.constant(bound)
        return self.where("olt", x, limit, limit, x)

    def with_sign(self, magnitude: SSAValue, sign: SSAValue) -> SSAValue:
        """The magnitude of one with the sign of the other."""
        return self.insert(math.CopySignOp(magnitude, sign))

    def bits(self, x: SSAValue) -> SSAValue:
        """The same bits as an integer."""
        return self.insert(arith.BitcastOp(x, self.integer))

    def float_of_bits(self, k: SSAValue) -> SSAValue:
        """The same bits as a float."""
        return self.insert(arith.BitcastOp(k, self.type))

    def plus(self, a: SSAValue, b: SSAValue) -> SSAValue:
        """A sum of integers."""
        return self.insert(arith.AddiOp(a, b))

    def minus(self, a: SSAValue, b: SSAValue) -> SSAValue:
        """A difference of integers."""
        return self.insert(arith.SubiOp(a, b))

    def up(self, k: SSAValue, count: int) -> SSAValue:
        """``k`` shifted to the left."""
        return self.insert(arith.ShLIOp(k, self.whole(count)))

    def down(self, k: SSAValue, count: int) -> SSAValue:
        """``k`` shifted to the right, its sign kept."""
        return self.insert(arith.ShRSIOp(k, self.whole(count)))

    def power_of_two(self, biased: SSAValue) -> SSAValue:
        """``2^k`` from ``k`` plus the format's bias, `k` in the normal range; bits above the exponent's are lost."""
        return self.float_of_bits(self.up(biased, self.format.mantissa))

    def shifted(self, x: SSAValue, factor: float, plus: int = 0) -> tuple[SSAValue, SSAValue]:
        """
        The nearest integer to ``factor x`` as a float, and `plus` more than it as an integer.

        The integer has more bits set above those of an exponent.
        """
        shift = self.constant(self.format.shift + plus)
        sum = self.add(x, shift) if factor == 1.0 else self.muladd(x, self.constant(factor), shift)
        return named("n", self.sub(named("shifted", sum), shift)), named("k", self.bits(sum))

    def float_of(self, k: SSAValue) -> SSAValue:
        """A small integer as a float; conversions of 64 bits are not on every machine."""
        sum = self.plus(k, self.whole(self.format.bits_of(self.format.shift)))
        return self.sub(self.float_of_bits(sum), self.constant(self.format.shift))
