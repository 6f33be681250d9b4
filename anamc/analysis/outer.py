"""Outer products in kernels: what a sum over rows of them is made of."""

from __future__ import annotations

from xdsl.dialects import arith
from xdsl.ir import BlockArgument, SSAValue
from xdsl.ir.affine import AffineDimExpr

from anamc.analysis.lanes import fills
from anamc.analysis.types import tensor_type
from anamc.dialects import kernel, nest
from anamc.dialects.access import AccessAttr


def outer_product(value: SSAValue) -> tuple[SSAValue, SSAValue] | None:
    """`a` and `b` where a nest gives ``value[i, j] = a[i] b[j]`` that only the yield of the kernel takes."""
    op = value.owner
    if not isinstance(op, nest.MapOp) or len(op.results_) != 1 or op.combiners.data[0].data != "set":
        return None
    if [type(u.operation) for u in value.uses] != [kernel.YieldOp] or not op.write_accesses.data[0].is_identity():
        return None
    product, last = [*op.body.block.ops][-2:] if len(op.body.block.ops) == 2 else (None, None)
    if not isinstance(product, arith.MulfOp) or last is None or last.operands[0] is not product.result:
        return None
    if tuple(op.extents) != tensor_type(value).get_shape() or len(op.extents) != 2:
        return None
    arguments = list(op.body.block.args[2:])
    factors: dict[int, SSAValue] = {}
    for factor in product.operands:
        if not isinstance(factor, BlockArgument) or factor not in arguments:
            return None
        k = arguments.index(factor)
        if (dim := _only_dim(op.read_accesses.data[k])) is not None:
            factors[dim] = op.reads[k]
    return (factors[0], factors[1]) if len(factors) == 2 else None


def _only_dim(access: AccessAttr) -> int | None:
    """0 for `[i]`, 1 for `[j]`."""
    match access.indices:
        case (AffineDimExpr() as dim,) if access.is_direct:
            return dim.position
        case _:
            return None


def updates_by_rows(value: SSAValue, width: int) -> tuple[SSAValue, SSAValue] | None:
    """The factors of an outer product whose second one fills vectors of `width` numbers well enough."""
    factors = outer_product(value)
    if factors is None:
        return None
    return factors if fills(tensor_type(factors[1]).get_shape()[0], width) else None
