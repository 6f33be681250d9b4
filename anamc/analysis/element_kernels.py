"""Which kernels run with neighbouring elements in lanes, and how many rows at once."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from xdsl.ir import Operation, SSAValue

from anamc.analysis.element_accesses import row_shape
from anamc.analysis.element_tiles import ElementTile, element_tile
from anamc.dialects import kernel, nest
from anamc.dialects.nest_parts import NestParts

BETTER = 1.1
"""So much less time must several rows at once take than one, for they are far from each other in memory."""


def kernel_tile(op: kernel.RowsOp, vector: int, registers: int) -> ElementTile | None:
    """The tile of a kernel's only nest, where it is best to hold several rows at once; None where it is not."""
    body = op.body.block
    nests = [inner for inner in body.ops if isinstance(inner, nest.MapOp)]
    if len(nests) != 1 or len(op.inits) != 1 or op.combiners.data[0].data != "write" or op.inits[0] in op.reads:
        return None
    (inner,) = nests
    if len(inner.results_) != 1 or op.yielded[0] is not inner.results_[0]:
        return None
    bounds = [e for e in inner.extents if isinstance(e, SSAValue)]
    bounds += list(inner.sizes) if inner.where else []
    if any(v.owner is body or (isinstance(v.owner, Operation) and v.owner.parent_block() is body) for v in bounds):
        return None
    by_row = frozenset(a for a, access in zip(body.args[1:], op.read_accesses, strict=True) if access.indices)
    many = element_tile(inner, vector, registers, by_row, frozenset(body.args[:1]))
    one = element_tile(inner, vector, registers)
    if (
        many is None
        or many.rows == 1
        or len(row_shape(inner.results_[0])) != 1
        or (one is not None and one.cost < BETTER * many.cost)
    ):
        return None
    return many


def has_tile(op: kernel.RowsOp, vector: int, registers: int) -> bool:
    """True where a nest of a kernel's body has such a form."""
    nests = [inner for inner in op.body.block.ops if isinstance(inner, nest.MapOp)]
    if any(result_tiles(inner, vector, registers) for inner in nests):
        return True
    return kernel_tile(op, vector, registers) is not None


def result_tiles(op: nest.MapOp, vector: int, registers: int) -> bool:
    """True where a result of a nest has such a form, the others aside."""
    if len(op.results_) == 1:
        return element_tile(op, vector, registers) is not None
    with separate(op) as parts:
        return any(element_tile(part, vector, registers) is not None for part in parts)


@contextmanager
def separate(op: nest.MapOp) -> Generator[list[nest.MapOp]]:
    """A nest for each result, which are in no block and gone in the end; none where iterations have winners."""
    parts: list[nest.MapOp] = []
    for k in range(0 if op.winners else len(op.results_)):
        kept = NestParts.of(op)
        kept.keep_results([k])
        parts.append(kept.build())
        parts[-1].results_[0].name_hint = op.results_[k].name_hint
    try:
        yield parts
    finally:
        for part in parts:
            part.erase()
