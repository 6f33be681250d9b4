"""Sums in the body of a kernel with features in lanes: what the lanes count, and which matrices are read turned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Literal

from xdsl.ir import Block, BlockArgument, SSAValue

from anamc.analysis.lanes import can_count, fills, is_contiguous, is_free
from anamc.analysis.nests import dims_of, is_contraction, shape
from anamc.analysis.outer import outer_product
from anamc.dialects import kernel, nest
from anamc.dialects.access import AccessAttr


@dataclass(frozen=True)
class Product:
    """
    How one sum runs. `tile`: lanes count the last dimension of the result. `across`: lanes count the
    iterator `lane` that is summed over. `none`: scalars.

    `turned`: positions of reads whose matrix is read turned.
    """

    kind: Literal["tile", "across", "none"]
    lane: int = 0
    turned: frozenset[int] = frozenset()


def whole_matrices(body: Block) -> set[SSAValue]:
    """Arguments of a kernel's body that are matrices which all rows share."""
    op = body.parent_op()
    if not isinstance(op, kernel.RowsOp):
        return set()
    found = zip(body.args[1:], op.read_accesses, strict=True)
    return {argument for argument, access in found if not access.indices and len(shape(argument)) == 2}


def product_of(op: nest.MapOp, width: int, matrices: set[SSAValue]) -> Product:
    """The way with the fullest lanes; a result that fills none is summed across where the sum is long enough."""
    free = dims_of(op.write_accesses.data[0])
    if not free:
        return Product("none")
    extents = [e if isinstance(e, int) else 1 for e in op.extents]
    over = [k for k in range(len(extents)) if k not in free]
    across = turned_reads(op, over[-1], matrices) if is_free(op.write_accesses.data[0], over[-1]) else None
    wide = turned_reads(op, free[-1], matrices)
    long_enough = across is not None and op.combiners.data[0].data == "add" and fills(extents[over[-1]], width)
    if across is not None and long_enough and (wide is None or not fills(extents[free[-1]], width)):
        return Product("across", over[-1], across)
    return Product("none") if wide is None else Product("tile", free[-1], wide)


def turned_reads(op: nest.MapOp, lane: int, matrices: set[SSAValue]) -> frozenset[int] | None:
    """The reads of matrices to be turned so that lanes may count an iterator; None where they may not even so."""
    if op.body.block.args[lane].uses.get_length():
        return None
    found: set[int] = set()
    for k, (argument, access) in enumerate(zip(read_arguments(op), op.read_accesses, strict=True)):
        if not argument.uses.get_length() or is_free(access, lane) or is_contiguous(access, lane):
            continue
        if op.reads[k] not in matrices or not is_contiguous(reversed_access(access), lane):
            return None
        found.add(k)
    return frozenset(found)


def reversed_access(access: AccessAttr) -> AccessAttr:
    """The access of the turned matrix."""
    map = access.map.data
    return AccessAttr(type(map)(map.num_dims, map.num_symbols, map.results[::-1]), list(access.tables))


def read_arguments(op: nest.MapOp) -> list[BlockArgument]:
    """The arguments of the body that stand for what is read."""
    return list(op.body.block.args[len(op.ranges.data) :])


def products(body: Block, width: int) -> Iterator[tuple[nest.MapOp, Product]]:
    """Every sum of a body with its way."""
    matrices = whole_matrices(body)
    for op in body.ops:
        if isinstance(op, nest.MapOp) and is_contraction(op):
            yield op, product_of(op, width, matrices)


def turned_matrices(body: Block, width: int) -> list[SSAValue]:
    """The matrices that some sum reads turned, each once."""
    found = (op.reads[k] for op, product in products(body, width) for k in sorted(product.turned))
    return list(dict.fromkeys(found))


def filled_products(body: Block, width: int) -> tuple[int, int]:
    """How many products a row fill lanes of features, and how many there are."""
    full = all = 0
    ways = dict(products(body, width))
    for op in body.ops:
        if not isinstance(op, nest.MapOp):
            continue
        count = prod(e if isinstance(e, int) else 1 for e in op.extents)
        if op in ways:
            lane = ways[op].lane
            good = ways[op].kind != "none" and fills(extent_of(op, lane), width)
        elif len(op.extents) == 2 and outer_product(op.results_[0]) is not None:
            good = fills(max(extent_of(op, 1), extent_of(op, 0) if extent_of(op, 1) == 1 else 0), width)
        else:
            continue
        all += count
        full += count if good else 0
    return full, all


def extent_of(op: nest.MapOp, dim: int) -> int:
    """The length of an iterator; 0 where it is known at run time only."""
    extent = op.extents[dim]
    return extent if isinstance(extent, int) else 0


def lane_of(op: nest.MapOp) -> int | None:
    """The last iterator, where lanes may count it and each result has them as neighbours; None for scalars."""
    dim = len(op.ranges.data) - 1
    if dim < 0 or not can_count(op, dim):
        return None
    return dim if all(is_contiguous(a, dim) for a in op.write_accesses) else None


def sum_lane(op: nest.MapOp) -> int | None:
    """The last iterator of a sum to one number, where lanes may count it."""
    dim = len(op.ranges.data) - 1
    if dim < 0 or any(c.data != "add" for c in op.combiners):
        return None
    return dim if can_count(op, dim) and all(not a.indices for a in op.write_accesses) else None
