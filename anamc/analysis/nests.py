"""Kinds of nests in the body of a kernel."""

from __future__ import annotations

from xdsl.ir import SSAValue
from xdsl.ir.affine import AffineDimExpr

from anamc.analysis.types import tensor_type
from anamc.dialects import nest
from anamc.dialects.access import AccessAttr


def shape(value: SSAValue) -> tuple[int, ...]:
    """The constant shape of a row value."""
    return tensor_type(value).get_shape()


def is_pointwise(op: nest.MapOp) -> bool:
    """True for one result, set at `[i, j, ...]` over its whole constant shape."""
    if len(op.results_) != 1 or op.combiners.data[0].data != "set":
        return False
    return op.write_accesses.data[0].is_identity() and tuple(op.extents) == shape(op.results_[0])


def dims_of(access: AccessAttr) -> tuple[int, ...] | None:
    """The iterators of an access `[j, i, ...]` of different iterators; None for any other."""
    dims = [e.position for e in access.indices if isinstance(e, AffineDimExpr)]
    if not access.is_direct or len(dims) != len(access.indices) or len(set(dims)) != len(dims):
        return None
    return tuple(dims)


def is_contraction(op: nest.MapOp) -> bool:
    """True for one result of rank 1 or more that is summed (or maximised) over at least one iterator."""
    if len(op.results_) != 1 or op.combiners.data[0].data == "set" or not shape(op.results_[0]):
        return False
    dims = dims_of(op.write_accesses.data[0])
    if dims is None or len(dims) == len(op.ranges.data):
        return False
    return tuple(op.extents[d] for d in dims) == shape(op.results_[0])
