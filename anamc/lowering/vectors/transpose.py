"""Rows in memory to features in lanes and back: a block is turned by shuffles of powers of two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from xdsl.dialects.builtin import AnyFloat
from xdsl.ir import SSAValue

from anamc.analysis.types import vector_type
from anamc.dialects import lanes
from anamc.lowering.emitter import Index
from anamc.lowering.vectors.lanes import LaneEmitter

LANE_BITS = 128
"""Inside so many bits shuffles are cheap everywhere."""


def interleaved(emit: LaneEmitter, vectors: Sequence[SSAValue], width: int) -> SSAValue:
    """
    One vector with lane k of every vector, then lane k + 1, ...: a transpose.

    `vectors`: a power of two of vectors of `width` lanes each.
    """
    level, group = list(vectors), 1
    while len(level) > 1:
        count = width * group
        mask: list[int] = []
        for k in range(width):
            mask += [*range(k * group, (k + 1) * group), *range(count + k * group, count + (k + 1) * group)]
        level = [emit.shuffle(level[k], level[k + 1], mask) for k in range(0, len(level), 2)]
        group *= 2
    return level[0]


def pieces(emit: LaneEmitter, vector: SSAValue, width: int, count: int) -> list[SSAValue]:
    """A vector cut into `count` vectors of `width` lanes."""
    if count == 1:
        return [vector]
    return [emit.shuffle(vector, vector, range(k * width, (k + 1) * width)) for k in range(count)]


def square(emit: LaneEmitter, rows: Sequence[SSAValue]) -> list[SSAValue]:
    """
    The transpose of as many vectors as each has lanes.

    First inside 128 bits, then of blocks of 128 bits: every step is one instruction on x86 and Arm.
    """
    width = len(rows)
    part = min(width, LANE_BITS // _bits(rows[0]))
    turned = [inside(emit, rows[k : k + part], part) for k in range(0, width, part)]
    found: list[SSAValue] = [rows[0]] * width
    for k in range(part):
        for block, vector in enumerate(blocks(emit, [group[k] for group in turned], part)):
            found[block * part + k] = vector
    return found


def inside(emit: LaneEmitter, rows: Sequence[SSAValue], part: int) -> list[SSAValue]:
    """`part` vectors, each run of `part` lanes transposed on its own: neighbours, then pairs of neighbours."""
    level, size = list(rows), 1
    while size < part:
        step: list[SSAValue] = []
        half = len(level) // 2
        for k in range(half):
            pair = (level[2 * k], level[2 * k + 1])
            step += [emit.shuffle(*pair, unpacked(emit.width, part, size, high)) for high in (False, True)]
        # What belongs together next: low halves of all pairs, then high halves.
        level, size = [*step[0::2], *step[1::2]], 2 * size
    return [level[_reversed_bits(k, part)] for k in range(part)]


def unpacked(width: int, part: int, size: int, high: bool) -> list[int]:
    """Runs of `size` lanes of two vectors in turn, from the low or high half of each run of `part` lanes."""
    mask: list[int] = []
    for first in range(0, width, part):
        begin = first + (part // 2 if high else 0)
        for run in range(begin, begin + part // 2, size):
            mask += [*range(run, run + size), *range(width + run, width + run + size)]
    return mask


def _reversed_bits(k: int, count: int) -> int:
    return int(format(k, f"0{count.bit_length() - 1}b")[::-1], 2) if count > 1 else 0


def blocks(emit: LaneEmitter, vectors: Sequence[SSAValue], part: int) -> list[SSAValue]:
    """The transpose of a square of runs of `part` lanes: even runs of pairs apart from odd ones, again and again."""
    if len(vectors) == 1:
        return list(vectors)
    count = emit.width // part

    def runs(first: int) -> list[int]:
        chosen = [*range(first, count, 2), *range(count + first, 2 * count, 2)]
        return [lane for run in chosen for lane in range(run * part, (run + 1) * part)]

    pairs = list(zip(vectors[0::2], vectors[1::2], strict=True))
    even, odd = (blocks(emit, [emit.shuffle(*p, runs(first)) for p in pairs], part) for first in (0, 1))
    return [v for both in zip(even, odd, strict=True) for v in both]


def _bits(vector: SSAValue) -> int:
    element = vector_type(vector).element_type
    return element.bitwidth if isinstance(element, AnyFloat) else LANE_BITS


def groups_of(features: int, width: int) -> Iterator[tuple[int, int]]:
    """(first, count): whole vectors, then powers of two."""
    first = 0
    while first < features:
        while width > features - first:
            width //= 2
        yield first, width
        first += width


def feature_groups(emit: LaneEmitter, features: int, move: Callable[[Index, int], None]) -> None:
    """Calls `move(first, width)` for groups of at most a vector of features, widths powers of two."""
    whole = features // emit.width

    def step(k: Index, carried: Sequence[SSAValue]) -> Sequence[SSAValue]:
        move(emit.emit.mul(k, emit.width), emit.width)
        return carried

    if whole:
        emit.emit.loop(whole, step, (), "group")
    for first, width in list(groups_of(features, emit.width))[whole:]:
        move(first, width)


def load_transposed(emit: LaneEmitter, buffer: SSAValue, rows: Sequence[Sequence[Index]], width: int) -> list[SSAValue]:
    """`width` vectors: feature k of every row. `rows`: the indices of the first feature of each row."""
    if width == 1:
        element = buffer.type.element_type  # pyright: ignore
        vector = emit.zero(element)  # pyright: ignore
        for lane, at in enumerate(rows):
            vector = emit.insert(emit.emit.load(buffer, at), vector, lane)
        return [vector]
    loaded = [emit.load(buffer, at, width) for at in rows]
    if width == emit.width:
        return square(emit, loaded)
    return pieces(emit, interleaved(emit, loaded, width), emit.width, width)


def store_transposed(
    emit: LaneEmitter, vectors: Sequence[SSAValue], buffer: SSAValue, rows: Sequence[Sequence[Index]]
) -> None:
    """Feature k of every row from `vectors[k]`; the inverse of `load_transposed`."""
    if len(vectors) == 1:
        for lane, at in enumerate(rows):
            emit.emit.store(emit.emit.value(lanes.GetOp(vectors[0], lane)), buffer, at)
        return
    if len(vectors) == emit.width:
        for row, at in zip(square(emit, vectors), rows, strict=True):
            emit.store(row, buffer, at)
        return
    turned = interleaved(emit, vectors, emit.width)
    for row, at in zip(pieces(emit, turned, len(vectors), emit.width), rows, strict=True):
        emit.store(row, buffer, at)
