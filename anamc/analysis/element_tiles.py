"""
How a nest runs with neighbouring elements in lanes: what lanes count, and what is held in registers at once.

Any nest with one combination in memory has such a form, whatever its rank and whether its ranges are known: one
iterator is counted by lanes, up to two others are tiled, the rest are loops. What lanes reach
must not be neighbours in memory: then it is packed where that is shared by enough products, else gathered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from math import log2, prod

from xdsl.dialects.builtin import AnyFloat, TensorType
from xdsl.ir import SSAValue

from anamc.analysis.element_accesses import are_neighbours, is_linear, row_shape, takes_lanes, used, uses_rows
from anamc.analysis.lanes import mentions
from anamc.dialects import nest

ROWS = -1
"""The rows of the kernel, as an iterator of a tile."""
UNKNOWN, SUMMED = 64, 128
"""What run-time ranges count as: of results, and of what is summed."""
CHAIN = 4
"""The time of a product of scalars where each waits for the one before, for there is one sum."""
CHAINS = 8
"""So many sums side by side hide the time of a product."""
PACKED = 4096
"""The most numbers that are packed at once."""
LEAST = 2.5
"""Lanes that hold something on average, below which vectors are not worth it."""
SIZES = (16, 12, 8, 6, 4, 3, 2)
"""Sizes of a tile to be tried, besides the largest."""
FEW = 8
"""The most of an iterator whose range is not known: each has addresses of its own, and what is left over is halved."""
MOST_VECTORS = 4
"""The most vectors side by side."""
GATHER = 1.5
"""The time of one lane that is gathered, in products of vectors."""
WORTH = 0.3
"""The most part of the time on scalars; compilers find vectors for some loops of scalars."""
SCATTER = 3.0
"""The same of one lane that is stored alone."""
FAR = 0.02
"""The part of the time that is lost for every loop outside whose rounds are nearer in memory than those of a tile."""
LOAD = 0.5
"""The time of a load."""


@dataclass(frozen=True)
class ElementTile:
    """
    How a nest with one result runs.

    `lane`: the iterator that lanes count, `width` of them in a vector, `vectors` vectors at once. `tiles`: other
    iterators and how many of each are held at once. `across`: lanes count what is summed. `packed`: the reads
    that are packed, in front of the loops `inside`; the loops `around` are outside. `over`: what is combined.
    """

    lane: int
    width: int
    vectors: int
    tiles: tuple[tuple[int, int], ...]
    across: bool
    packed: tuple[int, ...]
    around: tuple[int, ...]
    inside: tuple[int, ...]
    over: tuple[int, ...]
    cost: float = 0.0

    @property
    def rows(self) -> int:
        """Rows of the kernel that are held at once."""
        return dict(self.tiles).get(ROWS, 1)

    def with_rows(self, rows: int) -> ElementTile:
        """The same for another number of rows."""
        return replace(self, tiles=tuple((d, rows if d == ROWS else size) for d, size in self.tiles))


class Search:
    """The ways in which a nest with one result may run."""

    def __init__(
        self, op: nest.MapOp, vector: int, registers: int,
        by_row: frozenset[SSAValue] | None, rows: frozenset[SSAValue],
    ) -> None:  # fmt: skip
        """
        `vector`: lanes of a whole vector. `by_row`: what differs from row to row, None where rows run one by one;
        `rows`: the row number.
        """
        self.op, self.vector, self.registers = op, vector, registers
        self.has_rows = by_row is not None
        self.write = op.write_accesses.data[0]
        self.shape = row_shape(op.results_[0])
        self.guarded = {d for guard in op.where for d in guard.used_dims()}
        self.written = used(self.write)
        self.extents = {ROWS: None} | {d: e if isinstance(e, int) else None for d, e in enumerate(op.extents)}
        guess = {d: UNKNOWN if d in self.written else SUMMED for d in self.extents}
        self.lengths = {d: guess[d] if e is None else e for d, e in self.extents.items()}
        self.all = range(len(self.extents) - 1)
        self.over = tuple(d for d in self.all if d not in self.written)
        arguments = op.body.block.args[len(self.all) :]
        self.reads: dict[int, frozenset[int]] = {}
        """The iterators that each read depends on."""
        for n, (argument, access) in enumerate(zip(arguments, op.read_accesses, strict=True)):
            if argument.uses.get_length():
                moves = op.reads[n] in (by_row or ()) or uses_rows(op, access, rows)
                self.reads[n] = frozenset(used(access) | ({ROWS} if moves else set()))
        self.combiner = op.combiners.data[0].data

    def lanes(self) -> list[int]:
        """The iterators that lanes may count."""
        op = self.op
        type = op.results_[0].type
        if not isinstance(type, TensorType) or not isinstance(type.get_element_type(), AnyFloat):
            return []
        if op.winners or 0 in self.extents.values() or any(init in op.reads for init in op.inits):
            return []
        if self.combiner == "set" and any(self.extents[d] != 1 for d in self.over):
            return []
        return [
            d
            for d in self.all
            if d not in self.guarded and self.lengths[d] > 1 and (self.is_injective([d]) or d in self.over)
            if d in self.written or self.combiner == "add"
            if takes_lanes(op, d, type.get_element_type()) and self.width(d)
        ]

    def width(self, lane: int) -> int:
        """Lanes of a vector; 0 where too few of them hold something."""
        width, extent = self.vector, self.extents[lane]
        while extent is not None and width // 2 >= extent:
            width //= 2
        count = self.lengths[lane]
        return width if width > 1 and count / -(-count // width) >= LEAST else 0

    def best(self) -> ElementTile | None:
        """The way that takes the least time; None where that is not much less than on scalars."""
        found = [tile for lane in self.lanes() for tile in self.with_lane(lane)]
        best = min(found, key=lambda t: t.cost, default=None)
        if best is None:
            return None
        rounds = prod(self.lengths[d] for d in self.over)
        alone = 1 if self.written else CHAIN
        return best if best.cost <= WORTH * (alone + LOAD * len(self.reads) + 2 * LOAD / rounds) else None

    def with_lane(self, lane: int) -> Iterator[ElementTile]:
        extent, width = self.extents[lane], self.width(lane)
        most = MOST_VECTORS if extent is None else min(MOST_VECTORS, extent // width)
        strided = frozenset(n for n in self.reads if self.is_strided(n, lane))
        for vectors in range(1, max(1, most) + 1):
            for tiles in self.tilings(lane, max(1, self.registers // vectors)):
                yield from self.ways(lane, width, vectors, tiles, strided)

    def tilings(self, lane: int, most: int) -> Iterator[tuple[tuple[int, int], ...]]:
        """Iterators besides that of lanes, and how many of each at once: none, one or two of them."""
        yield ()
        if self.combiner == "set":
            return
        free = [d for d in self.written if d != lane and d not in self.guarded and self.lengths[d] > 1]
        free += [ROWS] if self.has_rows else []
        for dims in [*((d,) for d in free), *permutations(free, 2)]:
            written = [d for d in (*dims, lane) if d in self.written]
            if not self.is_injective(written) or sum(self.extents[d] is None for d in dims if d != ROWS) > 1:
                continue
            for first in self.sizes(dims[0], most):
                if len(dims) == 1:
                    yield ((dims[0], first),)
                else:
                    for second in self.sizes(dims[1], most // first)[-1:]:
                        yield ((dims[0], first), (dims[1], second))

    def sizes(self, dim: int, most: int) -> list[int]:
        """How many of an iterator at once, 2 or more: in equal parts where its range is known."""
        extent = self.extents[dim]
        if extent is None:
            return sorted({min(most, s) for s in SIZES if s <= FEW} - {0, 1})
        found = {min(most, s) for s in (most, *SIZES)} - {0, 1}
        return sorted({-(-extent // -(-extent // s)) for s in found} - {1})

    def is_injective(self, dims: Sequence[int]) -> bool:
        """True where different values of these iterators, all else the same, are different places of the result."""
        for dim in dims:
            others = [d for d in dims if d != dim]
            alone = [e for e in self.write.indices if not any(mentions(e, other) for other in others)]
            if not any(is_linear(e, dim) for e in alone):
                return False
        return True

    def is_strided(self, n: int, lane: int) -> bool:
        """True where a vector of read `n` is no neighbours in memory."""
        access = self.op.read_accesses.data[n]
        return lane in self.reads[n] and not are_neighbours(access, lane, row_shape(self.op.reads[n]))

    # Cost ------------------------------------------------------------------------------------

    def ways(
        self, lane: int, width: int, vectors: int, tiles: tuple[tuple[int, int], ...], strided: frozenset[int]
    ) -> Iterator[ElementTile]:
        """With what is no neighbour gathered, or packed where that is possible."""
        across = lane in self.over
        over = tuple(d for d in self.over if d != lane)
        packed = () if across else tuple(n for n in sorted(strided) if self.can_pack(n, tiles, width * vectors))
        for some in {(), packed}:
            dims = {d for n in some for d in self.reads[n]}
            free = [d for d in self.all if d in self.written and d != lane and d not in dict(tiles)]
            around = tuple(d for d in free if d in dims)
            inside = tuple(d for d in free if d not in dims)
            tile = ElementTile(lane, width, vectors, tiles, across, some, around, inside, over)
            yield replace(tile, cost=self.cost(tile, strided))

    def can_pack(self, n: int, tiles: Sequence[tuple[int, int]], lanes: int) -> bool:
        """True where all rounds of what is combined fit into a local array, shared by the whole tile."""
        dims = [d for d in self.over if d in self.reads[n]]
        if any(d in self.reads[n] for d, _ in tiles) or not self.guarded.isdisjoint(dims):
            return False
        extents = [self.extents[d] for d in dims]
        return None not in extents and prod(e or 1 for e in extents) * lanes <= PACKED

    def cost(self, tile: ElementTile, strided: frozenset[int]) -> float:
        """The time of a product, in products of whole vectors that lose nothing."""
        lane, width, tiles = tile.lane, tile.width, tile.tiles
        count = self.lengths[lane]
        parts = -(-count // width)
        sums = prod(size for _, size in tiles) * tile.vectors
        rounds = prod(self.lengths[d] for d in tile.over) * (parts if tile.across else 1)
        time = float(max(sums, CHAINS) if rounds > 1 and self.combiner != "set" else sums)
        for n, dims in self.reads.items():
            loads = prod(size for d, size in tiles if d in dims)
            if lane not in dims:
                time += LOAD * loads
            elif n in tile.packed:
                reused = prod(self.lengths[d] for d in tile.inside) * prod(-(-self.lengths[d] // s) for d, s in tiles)
                time += loads * tile.vectors * (LOAD + GATHER * width / max(1, reused))
            else:
                time += loads * tile.vectors * (GATHER * width if n in strided else LOAD)
        together = not tile.across and are_neighbours(self.write, lane, self.shape)
        end = 2 * log2(width) if tile.across else 2 * LOAD if together else SCATTER * width
        time += sums * end / rounds
        filled = prod(self.lengths[d] / (-(-self.lengths[d] // s) * s) for d, s in tiles if d != ROWS)
        if self.extents[lane] is None:
            filled *= count / (count + width * tile.vectors / 2)
        far = sum(1 for d, _ in tiles for later in self.written if d < later != lane and later not in dict(tiles))
        return (1 + FAR * far) * time / (sums * count / parts * filled)


def element_tile(
    op: nest.MapOp, vector: int, registers: int,
    by_row: frozenset[SSAValue] | None = None, rows: frozenset[SSAValue] = frozenset(),
) -> ElementTile | None:  # fmt: skip
    """The fastest way to run a nest with one result with elements in lanes; None where there is none."""
    return Search(op, vector, registers, by_row, rows).best()
