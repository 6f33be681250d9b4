"""Which iterator of a nest neighbouring lanes may count, and how well they are filled."""

from __future__ import annotations

from collections.abc import Iterator

from xdsl.ir.affine import AffineBinaryOpExpr, AffineBinaryOpKind, AffineDimExpr, AffineExpr

from anamc.dialects import nest
from anamc.dialects.access import AccessAttr

FULL = 0.75
"""The least part of the lanes that must hold something for vectors to be worth it."""


def fills(extent: int, width: int) -> bool:
    """True where so many numbers fill vectors of `width` lanes well enough."""
    return extent >= FULL * width * -(-extent // width)


def mentions(expr: AffineExpr, dim: int) -> bool:
    """True where the value depends on an iterator."""
    match expr:
        case AffineDimExpr():
            return expr.position == dim
        case AffineBinaryOpExpr():
            return mentions(expr.lhs, dim) or mentions(expr.rhs, dim)
        case _:
            return False


def counts(expr: AffineExpr, dim: int) -> bool:
    """True where the value grows by one with an iterator: ``d`` plus what does not depend on it."""
    match expr:
        case AffineDimExpr():
            return expr.position == dim
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Add):
            pair = (expr.lhs, expr.rhs)
            return any(counts(a, dim) and not mentions(b, dim) for a, b in (pair, pair[::-1]))
        case _:
            return False


def is_free(access: AccessAttr, dim: int) -> bool:
    """True where all lanes reach the same element."""
    reads = (e for read in access.tables for e in read.map.data.results)
    return not any(mentions(e, dim) for e in (*access.indices, *reads))


def is_contiguous(access: AccessAttr, dim: int) -> bool:
    """True where the lanes reach neighbours in the last dimension."""
    if not access.indices or any(mentions(e, dim) for r in access.tables for e in r.map.data.results):
        return False
    *leading, last = access.indices
    return counts(last, dim) and not any(mentions(e, dim) for e in leading)


def accesses(op: nest.MapOp) -> Iterator[AccessAttr]:
    """Of what the body uses, and of the results."""
    arguments = op.body.block.args[len(op.ranges.data) :]
    for argument, access in zip(arguments, op.read_accesses, strict=True):
        if argument.uses.get_length():
            yield access
    yield from op.write_accesses


def can_count(op: nest.MapOp, dim: int) -> bool:
    """True where lanes may count an iterator: all accesses are the same or neighbours, and the body takes no number."""
    if op.body.block.args[dim].uses.get_length():
        return False
    return all(is_free(a, dim) or is_contiguous(a, dim) for a in accesses(op))
