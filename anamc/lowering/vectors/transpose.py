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


def joined(emit: LaneEmitter, vectors: Sequence[SSAValue]) -> SSAValue:
    """One vector with the lanes of a power of two of vectors of one width, one behind the other."""
    level = list(vectors)
    while len(level) > 1:
        lanes_of_two = range(2 * vector_type(level[0]).get_shape()[0])
        level = [emit.shuffle(*pair, lanes_of_two) for pair in zip(level[0::2], level[1::2], strict=True)]
    return level[0]


def pieces(emit: LaneEmitter, vector: SSAValue, width: int) -> list[SSAValue]:
    """A vector cut into vectors of `width` lanes."""
    if width == emit.width:
        return [vector]
    return [emit.shuffle(vector, vector, range(k, k + width)) for k in range(0, emit.width, width)]


def squares(emit: LaneEmitter, rows: Sequence[SSAValue]) -> list[SSAValue]:
    """
    Each run of as many lanes as there are vectors, a power of two, transposed.

    ``t[k][b * n + j] = rows[j][b * n + k]`` with n vectors. First inside 128 bits, then of blocks of 128 bits:
    every step is one instruction on x86 and Arm.
    """
    run = len(rows)
    part = min(run, LANE_BITS // _bits(rows[0]))
    turned = [inside(emit, rows[k : k + part], part) for k in range(0, run, part)]
    found: list[SSAValue] = [rows[0]] * run
    for k in range(part):
        for block, vector in enumerate(blocks(emit, [group[k] for group in turned], part, run)):
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


def blocks(emit: LaneEmitter, vectors: Sequence[SSAValue], part: int, run: int) -> list[SSAValue]:
    """
    Squares of pieces of `part` lanes, one in each run of `run` lanes, transposed.

    Even pieces of pairs apart from odd ones, again and again.
    """
    if len(vectors) == 1:
        return list(vectors)

    def chosen(first: int) -> list[int]:
        firsts = [
            begin + piece
            for start in range(0, emit.width, run)
            for begin in (start, emit.width + start)
            for piece in range(first * part, run, 2 * part)
        ]
        return [lane for begin in firsts for lane in range(begin, begin + part)]

    pairs = list(zip(vectors[0::2], vectors[1::2], strict=True))
    even, odd = (blocks(emit, [emit.shuffle(*p, chosen(first)) for p in pairs], part, run) for first in (0, 1))
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
    return squares(emit, [joined(emit, loaded[k::width]) for k in range(width)])


def store_transposed(
    emit: LaneEmitter, vectors: Sequence[SSAValue], buffer: SSAValue, rows: Sequence[Sequence[Index]]
) -> None:
    """Feature k of every row from `vectors[k]`; the inverse of `load_transposed`."""
    if len(vectors) == 1:
        for lane, at in enumerate(rows):
            emit.emit.store(emit.emit.value(lanes.GetOp(vectors[0], lane)), buffer, at)
        return
    count = len(vectors)
    for k, vector in enumerate(squares(emit, vectors)):
        for row, at in zip(pieces(emit, vector, count), rows[k::count], strict=True):
            emit.store(row, buffer, at)
