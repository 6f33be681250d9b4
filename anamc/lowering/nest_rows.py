"""
Which iterator of a nest may become the rows of a kernel, and the nest that stays inside each row.

Race-free by construction: rows are disjoint in a result, or meet only in additions that the kernel
level knows how to order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import DYNAMIC_INDEX, AnyFloat, TensorType
from xdsl.ir import SSAValue
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr, AffineExpr, AffineMap, AffineSymExpr

from anamc.analysis.rows import Dims
from anamc.dialects import nest
from anamc.dialects.access import AccessAttr, TableReadAttr, element_of
from anamc.dialects.index_arithmetic import constant_bounds
from anamc.dialects.injective import linear_coefficients
from anamc.dialects.linear import summed, terms_of

ROW = AccessAttr(AffineMap(1, 0, (AffineExpr.dimension(0),)))
"""`[r]`"""
WHOLE = AccessAttr(AffineMap(1, 0, ()))
"""The whole tensor."""


@dataclass(frozen=True)
class RowAccess:
    """An access seen from row `r`: what the kernel indexes, and what is left for the nest inside."""

    outer: AccessAttr
    inner: AccessAttr
    adds: bool = False
    """Other rows add to this result as well: the nest inside starts from zero, the kernel adds."""

    @property
    def is_scattered(self) -> bool:
        """Added to through a table."""
        return self.adds and bool(self.outer.tables.data)


@dataclass(frozen=True)
class RowNest:
    """A nest as rows over one of its iterators."""

    iterator: int
    reads: tuple[RowAccess, ...]
    writes: tuple[RowAccess, ...]
    where: tuple[AffineExpr, ...]


def as_rows(op: nest.MapOp, known: Dims) -> RowNest | None:
    """
    The rows of a nest: the iterator over which most results are written in disjoint rows (the outermost
    of these), the others scattered through a table or summed. None where there is no such iterator.
    """
    found: tuple[int, int, Sequence[RowAccess]] | None = None
    for iterator in range(len(op.ranges.data)):
        writes = [w for k in range(len(op.inits)) if (w := write_of(op, k, iterator, known)) is not None]
        disjoint = sum(not w.adds for w in writes)
        if len(writes) == len(op.inits) and writes and (found is None or disjoint > found[0]):
            found = disjoint, iterator, writes
    if found is None:
        return None
    _, iterator, writes = found
    reads = tuple(read_of(op, k, iterator, known) for k in range(len(op.reads)))
    sizes = [AffineSymExpr(k) for k in range(len(op.sizes))]
    dims = renumbered(len(op.ranges.data), iterator, len(op.sizes))
    where = tuple(e.replace_dims_and_symbols(dims, sizes) for e in op.where)
    return RowNest(iterator, reads, tuple(writes), where)


def write_of(op: nest.MapOp, k: int, iterator: int, known: Dims) -> RowAccess | None:
    """How result `k` is written by row: at `[c r + d]`, or by additions through a table, or as a whole."""
    access, init = op.write_accesses.data[k], op.inits[k]
    if access.indices and not reaches(op, access, init, known):
        return None
    if access.indices and (place := own_row(access.indices[0], iterator)) is not None:
        if k in op.winners and not is_constant(init, 1):
            return None  # the numbers of the rows' own iterations need a local array
        return RowAccess(place, inner_access(op, access, iterator, 1))
    if op.combiners.data[k].data != "add" or not isinstance(element_of(init.type), AnyFloat):
        return None
    if access.indices and (through := table_row(op, access, iterator)) is not None:
        return RowAccess(through, inner_access(op, access, iterator, 1), True) if is_constant(init, 1) else None
    if iterator in used_dims(access) or not is_constant(init, 0):
        return None
    return RowAccess(WHOLE, inner_access(op, access, iterator, 0), True)


def own_row(index: AffineExpr, iterator: int) -> AccessAttr | None:
    """`[c r + d]` where an index is that and c is not 0: a place that no other row reaches."""
    terms, offset = terms_of(index)
    if terms.keys() != {AffineDimExpr(iterator)}:
        return None
    return AccessAttr(AffineMap(1, 0, (summed({AffineDimExpr(0): terms[AffineDimExpr(iterator)]}, offset),)))


def is_constant(value: SSAValue, first: int) -> bool:
    """True where the dimensions from `first` on are constant, so that a row fits in a local array."""
    return isinstance(value.type, TensorType) and DYNAMIC_INDEX not in value.type.get_shape()[first:]


def reaches(op: nest.MapOp, access: AccessAttr, value: SSAValue, known: Dims) -> bool:
    """False where a row may be one that a tensor does not have, since only guards inside the row keep out of it."""
    if not op.where:
        return True
    leading, rows = access.indices[0], known.rows(value)
    if isinstance(leading, AffineDimExpr) and op.extents[leading.position] == rows:
        return True
    bounds = constant_bounds(leading, [e if isinstance(e, int) else None for e in op.extents])
    return bounds is not None and isinstance(rows, int) and bounds[0] >= 0 and bounds[1] < rows


def read_of(op: nest.MapOp, k: int, iterator: int, known: Dims) -> RowAccess:
    """How tensor `k` is read by row: at `[r + c]`, at a row through a table, or whole."""
    access = op.read_accesses.data[k]
    if access.indices and reaches(op, access, op.reads[k], known):
        coefficients = linear_coefficients(access.indices[0])
        if coefficients is not None and {d: c for d, c in coefficients.items() if c} == {iterator: 1}:
            offset = access.indices[0].eval([0] * access.map.data.num_dims, [])
            expr = AffineDimExpr(0) + offset
            return RowAccess(AccessAttr(AffineMap(1, 0, (expr,))), inner_access(op, access, iterator, 1))
        if (through := table_row(op, access, iterator)) is not None:
            return RowAccess(through, inner_access(op, access, iterator, 1))
    return RowAccess(WHOLE, inner_access(op, access, iterator, 0))


def table_row(op: nest.MapOp, access: AccessAttr, iterator: int) -> AccessAttr | None:
    """`[%table[affine in r]]` where the leading index is just that; none with guards, which a row would not ask."""
    sizes = len(op.sizes)
    leading = access.indices[0]
    if op.where or not isinstance(leading, AffineSymExpr) or leading.position < sizes:
        return None
    read = access.tables.data[leading.position - sizes]
    place: list[AffineExpr] = []
    for index in read.map.data.results:
        coefficients = linear_coefficients(index)
        if coefficients is None or any(c for d, c in coefficients.items() if d != iterator):
            return None
        offset = index.eval([0] * read.map.data.num_dims, [])
        factor = coefficients.get(iterator, 0)
        place.append(summed({AffineDimExpr(0): factor} if factor else {}, offset))
    return AccessAttr(
        AffineMap(1, 1, (AffineSymExpr(0),)), [TableReadAttr(read.position, AffineMap(1, 0, tuple(place)))]
    )


def used_dims(access: AccessAttr) -> set[int]:
    """Iterators that an access depends on, through tables too."""
    found = set(access.map.data.used_dims())
    for read in access.tables:
        found |= read.map.data.used_dims()
    return found


def inner_access(op: nest.MapOp, access: AccessAttr, iterator: int, dropped: int) -> AccessAttr:
    """
    The access inside a row: without its first `dropped` indices, the iterator a symbol behind the sizes.

    Tables that only the dropped index used are left out.
    """
    sizes = len(op.sizes)
    kept = access.indices[dropped:]
    symbols = {s for e in kept for s in _symbols(e) if s >= sizes}
    order = sorted(symbols)
    dims = renumbered(len(op.ranges.data), iterator, sizes)
    mapping: list[AffineExpr] = [AffineSymExpr(k) for k in range(sizes)]
    mapping += [
        AffineSymExpr(sizes + 1 + order.index(s)) if s in symbols else AffineConstantExpr(0)
        for s in range(sizes, access.map.data.num_symbols)
    ]
    count = len(op.ranges.data) - 1
    results = tuple(e.replace_dims_and_symbols(dims, mapping) for e in kept)
    reads: list[TableReadAttr] = []
    for s in order:
        read = access.tables.data[s - sizes]
        place = tuple(e.replace_dims_and_symbols(dims, mapping[:sizes]) for e in read.map.data.results)
        reads.append(TableReadAttr(read.position, AffineMap(count, sizes + 1, place)))
    return AccessAttr(AffineMap(count, sizes + 1 + len(reads), results), reads)


def renumbered(count: int, iterator: int, sizes: int) -> Sequence[AffineExpr]:
    """Iterators without one, which becomes the symbol behind the sizes."""
    return [
        AffineSymExpr(sizes) if k == iterator else AffineDimExpr(k if k < iterator else k - 1) for k in range(count)
    ]


def _symbols(expr: AffineExpr) -> set[int]:
    return {e.position for e in expr.dfs() if isinstance(e, AffineSymExpr)}
