"""
How plans lie in the memory of a caller of emitted C: one block of int32 for all functions of a mesh.

| words | what stands there |
|---|---|
| 0 | `MAGIC` |
| 1 | what the plans are for: `PlanLayout.key` |
| 2, 3 | the hash of the tables: its bits 0 to 30, and 32 to 62 |
| from `HEADER` on | the run-time sizes |
| behind them | the tables of `anamc.dialects.plans`, one behind the other, row-major |

The hash of a table of n numbers: it is cut into parts of `PART` numbers, these into rounds of ``2 LANES``; two
neighbours are a word of 64 bits, the first one below, and word k of a round goes into lane k, which begins at 0:
``h' = mix(h, w)``, with ``mix(h, w) = g ^ (g >> 32)``, ``g = (h ^ w) FACTOR`` modulo 2^64. A round that is not full
ends in zeros. The lanes of part p are mixed in order into a number that begins at p + 1; the hash is the sum of all
parts, so that threads may compute them. Those of the tables are mixed in order into a number that begins at 0.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from anamc.dialects.plans import COLUMNS, PlanSource

MAGIC = 0x616E7031
HEADER = 4
COLOURS = 64
"""The most colours: chunks that would need more run one after the other."""
PART = 16384
LANES = 8
FACTOR = 0x9E3779B97F4A7C15
LOW = 0x7FFFFFFF
"""What of a number of 32 bits stands in a word."""


@dataclass(frozen=True)
class PlanLayout:
    """Names of index tables and of run-time sizes; for each plan the size of its rows, and what it is made of."""

    tables: tuple[str, ...]
    sizes: tuple[str, ...]
    plans: tuple[tuple[str, PlanSource], ...]

    @property
    def key(self) -> int:
        """Equal for equal layouts; others have the same by chance alone."""
        return zlib.crc32(repr((self.tables, self.sizes, self.plans)).encode()) & LOW

    @property
    def first(self) -> int:
        """Where the first plan begins."""
        return HEADER + len(self.sizes)

    @property
    def counted(self) -> tuple[str, ...]:
        """What the columns of the tables count, each once: names of sizes, and numbers."""
        return tuple(dict.fromkeys(c for _, source in self.plans for _, _, c in source.columns))

    def starts(self, sizes: Mapping[str, int]) -> list[int]:
        """Where each plan begins, and at last the number of words."""
        found = [self.first]
        for rows, source in self.plans:
            found.append(found[-1] + COLUMNS * (-(-sizes[rows] // source.chunk) + 1))
        return found
