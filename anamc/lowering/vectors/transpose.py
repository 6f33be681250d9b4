"""Rows in memory to features in lanes and back: a block is turned by shuffles of powers of two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from xdsl.ir import SSAValue

from anamc.dialects import lanes
from anamc.lowering.emitter import Index
from anamc.lowering.vectors.lanes import LaneEmitter


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
    return pieces(emit, interleaved(emit, loaded, width), emit.width, width)


def store_transposed(
    emit: LaneEmitter, vectors: Sequence[SSAValue], buffer: SSAValue, rows: Sequence[Sequence[Index]]
) -> None:
    """Feature k of every row from `vectors[k]`; the inverse of `load_transposed`."""
    if len(vectors) == 1:
        for lane, at in enumerate(rows):
            emit.emit.store(emit.emit.value(lanes.GetOp(vectors[0], lane)), buffer, at)
        return
    turned = interleaved(emit, vectors, emit.width)
    for row, at in zip(pieces(emit, turned, len(vectors), emit.width), rows, strict=True):
        emit.store(row, buffer, at)
