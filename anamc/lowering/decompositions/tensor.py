"""Operations of `tensor` as nests."""

from __future__ import annotations

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import IndexType
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap

from anamc.analysis.types import tensor_type
from anamc.dialects.access import AccessAttr, identity
from anamc.lowering.decompositions.builder import NestBuilder, Rule


def concat(build: NestBuilder, op: tensor.ConcatOp) -> SSAValue:
    """Each part into its place of one tensor."""
    dim = op.dim.value.data
    y, parts = tensor_type(op.result), [build.sizes(part) for part in op.inputs]
    starts: list[int | SSAValue] = [0]
    for sizes in parts:
        starts.append(added(build, starts[-1], sizes[dim]))
    lead = [starts[-1] if k == dim else size for k, size in enumerate(parts[0])]
    result = build.empty(y, [s if s >= 0 else lead[k] for k, s in enumerate(y.get_shape())])
    for part, sizes, start in zip(op.inputs, parts, starts, strict=False):
        symbols = [] if isinstance(start, int) else [start]
        everywhere = identity(len(sizes), len(symbols))
        place = shifted(everywhere, dim, AffineExpr.constant(start) if isinstance(start, int) else AffineExpr.symbol(0))
        result = build.nest(sizes, [(part, everywhere)], ("set", result, place), lambda s, v: v[0], symbols=symbols)
    return result


def added(build: NestBuilder, a: int | SSAValue, b: int | SSAValue) -> int | SSAValue:
    """The sum of two sizes."""
    if isinstance(a, int) and isinstance(b, int):
        return a + b
    if a == 0:
        return b
    return build.insert(arith.AddiOp(value_of(build, a), value_of(build, b)))


def value_of(build: NestBuilder, size: int | SSAValue) -> SSAValue:
    return build.insert(arith.ConstantOp.from_int_and_width(size, IndexType())) if isinstance(size, int) else size


def shifted(access: AccessAttr, dim: int, by: AffineExpr) -> AccessAttr:
    """The access with something added to one index."""
    map = access.map.data
    results = tuple(e + by if k == dim and by != AffineExpr.constant(0) else e for k, e in enumerate(map.results))
    return AccessAttr(AffineMap(map.num_dims, map.num_symbols, results), access.tables.data)


RULES: dict[type[Operation], Rule] = {tensor.ConcatOp: concat}
"""The nests of each operation."""
