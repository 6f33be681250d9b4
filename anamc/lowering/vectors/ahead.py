"""Rows that a kernel reaches through tables, asked for some rows before they are needed."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from xdsl.ir import SSAValue

from anamc.analysis.counts import size_of
from anamc.analysis.types import memref_type
from anamc.dialects import lanes
from anamc.lowering.emitter import Emitter, Index

LINE = 64
"""Bytes that come together from memory."""


def ask_for_row(emit: Emitter, buffer: SSAValue, row: Index) -> None:
    """Every line of memory that a row has numbers in, or nearly: a row may begin inside a line."""
    features = memref_type(buffer).get_shape()[1:]
    for place in places(features, size_of(memref_type(buffer).element_type)):
        emit.emit(lanes.PrefetchOp(buffer, [emit.index(i) for i in (row, *place)]))


def places(features: tuple[int, ...], size: int) -> Iterator[tuple[int, ...]]:
    """Indices of one number in each line of a row."""
    step = max(1, LINE // size)
    count = prod(features)
    flat = [*range(0, count, step)]
    if count % step and step % count:
        flat.append(count - 1)
    for number in dict.fromkeys(flat):
        place: list[int] = []
        for extent in reversed(features):
            number, i = divmod(number, extent)
            place.append(i)
        yield tuple(reversed(place))
