"""Rows that are neighbours in memory to features in lanes and back: whole vectors, whose numbers are dealt out."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import SSAValue

from anamc.lowering.emitter import Index
from anamc.lowering.vectors.lanes import LaneEmitter

MOST_FACTOR = 7
"""The largest prime factor of a row's numbers: with more, rows are better moved one by one."""


def can_be_dealt(features: int, width: int) -> bool:
    """True where so many numbers of a row are worth dealing out among vectors of `width` lanes."""
    while features > 1 and (p := least_factor(features)) <= MOST_FACTOR:
        features //= p
    return features == 1 and width > 1


def load_neighbours(emit: LaneEmitter, buffer: SSAValue, first: Index, features: int) -> list[SSAValue]:
    """`features` vectors: feature k of the rows from `first` on, a row a lane."""
    return dealt(emit, [emit.load(buffer, at) for at in places(emit, first, features)])


def store_neighbours(emit: LaneEmitter, vectors: Sequence[SSAValue], buffer: SSAValue, first: Index) -> None:
    """The inverse of `load_neighbours`."""
    for vector, at in zip(collected(emit, vectors), places(emit, first, len(vectors)), strict=True):
        emit.store(vector, buffer, at)


def places(emit: LaneEmitter, first: Index, features: int) -> list[tuple[Index, Index]]:
    """Where each of the vectors begins that hold a vector's rows of `features` numbers."""
    begins = [divmod(k * emit.width, features) for k in range(features)]
    return [(emit.emit.add(first, row), column) for row, column in begins]


def picked(emit: LaneEmitter, vectors: Sequence[SSAValue], chosen: Sequence[int]) -> SSAValue:
    """Lanes by number, those of all vectors counted through: one shuffle for each vector but the first."""
    width = emit.width
    found = vectors[0]
    for k, vector in enumerate(vectors[1:], 1):
        # What stands in `found` already is at its place, but in the first round, where `found` is the first vector.
        mask = [
            lane if k == 1 and lane < width else width + lane % width if lane // width == k else place
            for place, lane in enumerate(chosen)
        ]
        found = emit.shuffle(found, vector, mask)
    return found


def dealt(emit: LaneEmitter, vectors: Sequence[SSAValue]) -> list[SSAValue]:
    """
    Numbers dealt out to as many vectors as they come in: number `l` of all goes to vector ``l mod n``.

    By the prime factors of n: ``n (p_1 - 1 + p_2 - 1 + ...)`` shuffles.
    """
    count = len(vectors)
    if count == 1:
        return list(vectors)
    p = least_factor(count)
    groups = [vectors[k : k + p] for k in range(0, count, p)]
    parts = [dealt(emit, [picked(emit, group, range(r, p * emit.width, p)) for group in groups]) for r in range(p)]
    return [parts[k % p][k // p] for k in range(count)]


def collected(emit: LaneEmitter, vectors: Sequence[SSAValue]) -> list[SSAValue]:
    """The inverse of `dealt`: lane 0 of every vector, then lane 1, ..."""
    count, width = len(vectors), emit.width
    if count == 1:
        return list(vectors)
    p = least_factor(count)
    parts = [collected(emit, vectors[r::p]) for r in range(p)]
    places = [[(l % p) * width + l // p for l in range(k * width, (k + 1) * width)] for k in range(p)]
    return [picked(emit, group, chosen) for group in zip(*parts, strict=True) for chosen in places]


def least_factor(count: int) -> int:
    """The least prime factor of a number above 1."""
    return next(p for p in range(2, count + 1) if count % p == 0)
