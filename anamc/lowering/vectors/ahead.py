"""Rows that a kernel reaches through tables, asked for some rows before they are needed."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from xdsl.ir import SSAValue

from anamc.analysis.types import memref_type
from anamc.dialects import kernel, lanes
from anamc.dialects.access import AccessAttr
from anamc.lowering.emitter import Emitter, Index

LINE = 64
"""Bytes that come together from memory."""


def reached_by_tables(op: kernel.RowsOp) -> list[tuple[SSAValue, AccessAttr]]:
    """The buffers of a kernel whose rows are read, or written, where an index table says, each with its access."""
    reads = [
        (buffer, access)
        for argument, buffer, access in zip(op.body.block.args[1:], op.reads, op.read_accesses, strict=True)
        if argument.uses.get_length()
    ]
    writes = [(init, a) for init, accesses in zip(op.inits, op.write_accesses, strict=True) for a in accesses]
    return [(b, a) for b, a in dict.fromkeys((*reads, *writes)) if a.tables and a.indices]


def ask_for_row(emit: Emitter, buffer: SSAValue, row: Index) -> None:
    """Every line of memory that a row has numbers in, or nearly: a row may begin inside a line."""
    features = memref_type(buffer).get_shape()[1:]
    for place in places(features, memref_type(buffer).element_type.bitwidth // 8):  # pyright: ignore
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
