"""Operations of `tensor` as nests."""

from __future__ import annotations

from xdsl.dialects import tensor
from xdsl.ir import Operation, SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.types import tensor_type
from anamc.dialects.access import AccessAttr, select
from anamc.lowering.decompositions.builder import NestBuilder, Rule


def concat(build: NestBuilder, op: tensor.ConcatOp) -> SSAValue:
    """Each part into its place of one tensor."""
    dim = op.dim.value.data
    y = tensor_type(op.result)
    lead = build.sizes(op.inputs[0])
    whole: list[int | SSAValue] = [s if s >= 0 else lead[k] for k, s in enumerate(y.get_shape())]
    result = build.empty(y, whole)
    start = 0
    for part in op.inputs:
        sizes = build.sizes(part)
        size = sizes[dim]
        if not isinstance(size, int):
            raise PassFailedException("decompose-to-nest: 'tensor.concat' along a dimension of run-time size")
        everywhere = range(len(sizes))
        access = select(everywhere, len(sizes))
        result = build.nest(
            sizes, [(part, everywhere)], ("set", result, shifted(access, dim, start)), lambda s, v: v[0]
        )
        start += size
    return result


def shifted(access: AccessAttr, dim: int, by: int) -> AccessAttr:
    """The access with a constant added to one index."""
    map = access.map.data
    results = tuple(e + by if k == dim and by else e for k, e in enumerate(map.results))
    return AccessAttr(map.__class__(map.num_dims, map.num_symbols, results), access.tables.data)


RULES: dict[type[Operation], Rule] = {tensor.ConcatOp: concat}
"""The nests of each operation."""
