"""How the rows of a kernel meet in its results, as the vector path treats them."""

from __future__ import annotations

from dataclasses import dataclass, field

from anamc.dialects import kernel
from anamc.dialects.access import block_of, slots_of


@dataclass
class RowConflicts:
    """
    `sums`: positions in the yield that are summed over rows, with their results. `tile`: they are summed
    by so many rows, and `slots`: into so many places in turn. `whole`: over all rows at once. `scatters`: rows meet
    in rows of a result, so they run in order.
    """

    sums: dict[int, int] = field(default_factory=dict[int, int])
    tiles: dict[int, int] = field(default_factory=dict[int, int])
    slots: int | None = None
    whole: bool = False
    scatters: bool = False
    refusal: str = ""

    @property
    def tile(self) -> int | None:
        return next(iter(self.tiles.values()), None)

    def tile_of(self, result: int) -> int | None:
        """How many rows are summed into one row of a result; None for any other result."""
        return self.tiles.get(result)


def row_conflicts(op: kernel.RowsOp) -> RowConflicts:
    """The conflicts of a kernel; `refusal` says what the vector path has no form for."""
    found = RowConflicts()
    position = 0
    slots: set[int | None] = set()
    for k, (combiner, accesses) in enumerate(zip(op.combiners, op.write_accesses, strict=True)):
        for access in accesses:
            tile = block_of(access)
            if combiner.data == "add" and tile is not None:
                found.sums[position], found.tiles[k] = k, tile
                slots.add(slots_of(access))
            elif combiner.data == "add" and not access.indices:
                found.sums[position], found.whole = k, True
            elif not access.indices:
                found.refusal = f"result {k} is a whole tensor that rows {combiner.data}"
            elif combiner.data != "write":
                found.scatters = True
            position += 1
    found.slots = next(iter(slots), None)
    if len(set(found.tiles.values())) > 1 or (found.tiles and found.whole):
        found.refusal = "sums over different numbers of rows"
    elif len(slots) > 1:
        found.refusal = "sums into different numbers of places"
    return found
