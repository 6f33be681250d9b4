"""
Random numbers from a counter: Threefry-2x32 with 20 rounds (Salmon et al., SC 2011), as JAX has it.

A number depends on the seed, the random tensor and the place in it, and on nothing else, so every
backend gives the same bits at any number of threads. All integers are i64 that hold 32 bits: no
operation overflows.
"""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr, f64, i64
from xdsl.ir import Operation, SSAValue

MASK = 2**32 - 1
PARITY = 0x1BD11BDA
ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
BITS = 24
"""Random bits of a number: as many as are exact in float32, so that both float types give the same numbers."""

Words = tuple[SSAValue, SSAValue]


class Threefry:
    """Appends the operations of the generator by `add`."""

    def __init__(self, add: Callable[[Operation], SSAValue]) -> None:
        self.add = add
        self.words: dict[int, SSAValue] = {}

    def bits(self, seed: SSAValue, stream: SSAValue, place: SSAValue) -> SSAValue:
        """A whole Scalar below 2^24: number `place` of stream `stream` of a seed; all are indices."""
        key = self.add(arith.IndexCastOp(seed, i64)), self.add(arith.IndexCastOp(stream, i64))
        k = self.add(arith.IndexCastOp(place, i64))
        first, _ = self.block(key, (self.low(k), self.add(arith.DivSIOp(k, self.word(2**32)))))
        return self.add(arith.SIToFPOp(self.add(arith.DivSIOp(first, self.word(2 ** (32 - BITS)))), f64))

    def block(self, key: Words, counter: Words) -> Words:
        """Two random words of a key and a counter of two words each."""
        keys = [*key, self.xor(self.xor(*key), self.word(PARITY))]
        x, y = self.plus(counter[0], keys[0]), self.plus(counter[1], keys[1])
        for group in range(5):
            for by in ROTATIONS[group % 2]:
                x = self.plus(x, y)
                y = self.xor(self.rotated(y, by), x)
            x = self.plus(x, keys[(group + 1) % 3])
            y = self.plus(y, self.plus(keys[(group + 2) % 3], self.word(group + 1)))
        return x, y

    def rotated(self, x: SSAValue, by: int) -> SSAValue:
        """A word turned to the left."""
        up = self.low(self.add(arith.MuliOp(x, self.word(2**by))))
        down = self.add(arith.DivSIOp(x, self.word(2 ** (32 - by))))
        return self.add(arith.OrIOp(up, down))

    def plus(self, a: SSAValue, b: SSAValue) -> SSAValue:
        return self.low(self.add(arith.AddiOp(a, b)))

    def xor(self, a: SSAValue, b: SSAValue) -> SSAValue:
        return self.add(arith.XOrIOp(a, b))

    def low(self, x: SSAValue) -> SSAValue:
        """The low 32 bits."""
        return self.add(arith.AndIOp(x, self.word(MASK)))

    def word(self, value: int) -> SSAValue:
        """A constant, each once."""
        if value not in self.words:
            self.words[value] = self.add(arith.ConstantOp(IntegerAttr(value, i64)))
        return self.words[value]
