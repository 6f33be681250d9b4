"""What a schedule must know of a machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Machine:
    """
    A processor core: vector registers of `vector_bits`, and the bytes that a block may keep near it.

    For times that are expected: `clock` in GHz, vectors that are multiplied and added in a cycle (`fmas`),
    and the memory's GB/s.
    """

    vector_bits: int
    registers: int
    stash: int = 128 * 1024
    clock: float = 3.0
    fmas: float = 1
    bandwidth: float = 20.0

    def lanes(self, bits: int) -> int:
        """How many numbers of so many bits are in a vector."""
        return max(1, self.vector_bits // bits)

    @property
    def accumulators(self) -> int:
        """Registers that sums may take: the rest holds what is multiplied."""
        return self.registers * 3 // 4

    @property
    def tile(self) -> tuple[int, int]:
        """Rows, and vectors of features, whose sums are held in registers at once."""
        vectors = 4 if self.accumulators >= 24 else 2
        return (self.accumulators // vectors, vectors)

    def flops(self, bits: int) -> float:
        """GFLOP/s of products and sums: two operations a lane."""
        return 2 * self.lanes(bits) * self.fmas * self.clock

    def functions(self, bits: int) -> float:
        """Elementary functions, in 1e9 a second."""
        return self.lanes(bits) * self.clock / FUNCTION_CYCLES


FUNCTION_CYCLES = 12
"""Cycles of an elementary function of one vector, as measured for exp and tanh in float32 (docs/numerics.md)."""

LOOPS = "loops"
"""Vectors of a width that compilers choose."""

MACHINES: dict[str, Machine] = {
    "avx512": Machine(512, 32),
    "avx2": Machine(256, 16, fmas=2),
    "neon": Machine(128, 32, fmas=2),
    "generic": Machine(128, 16),
    LOOPS: Machine(512, 12),
}
"""
Machines by name; clock and bandwidth are those of a common core. `loops` is for emitted C and LLVM IR that name no
machine: vectors that any compiler can cut into its own, and few sums at once.
"""
