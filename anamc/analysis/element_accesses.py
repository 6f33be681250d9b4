"""What a nest reaches when lanes count one of its iterators."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import arith
from xdsl.dialects.builtin import TensorType
from xdsl.ir import Attribute, SSAValue
from xdsl.ir.affine import AffineDimExpr, AffineExpr, AffineSymExpr

from anamc.analysis.elementwise import ELEMENTWISE
from anamc.analysis.lanes import is_contiguous, is_free, mentions
from anamc.dialects import nest
from anamc.dialects.access import AccessAttr
from anamc.dialects.linear import terms_of


def row_shape(value: SSAValue) -> tuple[int, ...]:
    return value.type.get_shape() if isinstance(value.type, TensorType) else ()


def are_neighbours(access: AccessAttr, dim: int, shape: Sequence[int]) -> bool:
    """True where an iterator reaches neighbours: in the last dimension that has more than one element."""
    kept = list(access.indices)
    while len(kept) > 1 and shape[len(kept) - 1] == 1 and not mentions(kept[-1], dim):
        kept.pop()
    if not kept:
        return False
    map = access.map.data
    return is_contiguous(AccessAttr(type(map)(map.num_dims, map.num_symbols, tuple(kept)), access.tables.data), dim)


def used(access: AccessAttr) -> set[int]:
    """The iterators that an access depends on, through tables too."""
    return {d for d in range(access.map.data.num_dims) if not is_free(access, d)}


def uses_rows(op: nest.MapOp, access: AccessAttr, rows: frozenset[SSAValue]) -> bool:
    """True where an access has the row number, one of `rows`, as a size."""
    exprs = [*access.indices, *(e for read in access.tables for e in read.map.data.results)]
    symbols = {s.position for e in exprs for s in e.dfs() if isinstance(s, AffineSymExpr)}
    return any(size in rows for k, size in enumerate(op.sizes) if k in symbols)


def takes_lanes(op: nest.MapOp, lane: int, element: Attribute) -> bool:
    """True where a nest has a form on vectors with `lane` in lanes."""
    body = op.body.block
    count = len(op.ranges.data)
    if body.args[lane].uses.get_length():
        return False
    wide: set[SSAValue] = set()
    for argument, access in zip(body.args[count:], op.read_accesses, strict=True):
        if not is_free(access, lane):
            wide.add(argument)
    if any(v.type != element for v in wide):
        return False
    for inner in list(body.ops)[:-1]:
        if wide.isdisjoint(inner.operands):
            continue
        if not isinstance(inner, ELEMENTWISE) and not isinstance(inner, (arith.AndIOp, arith.OrIOp, arith.XOrIOp)):
            return False
        wide.add(inner.results[0])
    return op.yielded[0].type == element


def is_linear(expr: AffineExpr, dim: int) -> bool:
    """True where an iterator is in an index as ``c d`` alone."""
    terms, _ = terms_of(expr)
    return [t for t in terms if mentions(t, dim)] == [AffineDimExpr(dim)]
