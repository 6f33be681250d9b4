"""Gathers and reductions over edges as nests: edges reach nodes through the edge list."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import DYNAMIC_INDEX, TensorType
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr, AffineMap, AffineSymExpr

from anamc.analysis.types import tensor_type
from anamc.dialects import scatter
from anamc.dialects.access import AccessAttr, TableReadAttr
from anamc.lowering.decompositions.builder import NestBuilder, Rule
from anamc.numerics.scalar import Scalars

Size = int | SSAValue


def at_node(end: int, count: int) -> AccessAttr:
    """`%x[%edges[e, end], j, ...]` in a space of `count` iterators."""
    place = AffineMap(count, 0, (AffineDimExpr(0), AffineConstantExpr(end)))
    rest = (AffineDimExpr(k) for k in range(1, count))
    return AccessAttr(AffineMap(count, 1, (AffineSymExpr(0), *rest)), [TableReadAttr(0, place)])


def gather(build: NestBuilder, op: scatter.GatherOp) -> SSAValue:
    """``y[e, j] = x[edges[e, end], j]``"""
    edges, width = build.sizes(op.edges)[0], build.sizes(op.x)[1]
    sizes = [edges, width]
    y = build.empty(tensor_type(op.y), sizes)
    read = (op.x, at_node(op.end.value.data, 2))
    return build.nest(sizes, [read], ("set", y, [0, 1]), lambda s, v: v[0], [op.edges])


def accumulate(
    build: NestBuilder,
    y: SSAValue,
    combiner: str,
    fields: Sequence[tuple[SSAValue, int, int]],
    edges: SSAValue,
) -> SSAValue:
    """For each field with its end and sign: ``y[edges[e, end], j]`` is combined with ``sign x[e, j]``."""
    for x, end, sign in fields:

        def signed(s: Scalars, v: Sequence[SSAValue], sign: int = sign) -> SSAValue:
            return v[0] if sign > 0 else s.neg(v[0])

        y = build.nest(build.sizes(x), [(x, [0, 1])], (combiner, y, at_node(end, 2)), signed, [edges])
    return y


def to_nodes(build: NestBuilder, op: scatter.SumOp | scatter.MeanOp | scatter.MaxOp, start: float) -> SSAValue:
    """The combined contributions of every node."""
    y = build.filled(tensor_type(op.y), node_sizes(build, op.n, op.x), start)
    combiner = "max" if isinstance(op, scatter.MaxOp) else "add"
    return accumulate(build, y, combiner, [(op.x, end, sign) for end, sign in op.ends], op.edges)


def node_sizes(build: NestBuilder, n: SSAValue, x: SSAValue) -> list[Size]:
    return [n, *build.sizes(x)[1:]]


def counts(build: NestBuilder, type: TensorType, n: SSAValue, ends: Sequence[int], edges: SSAValue) -> SSAValue:
    """The number of contributions of every node."""
    y = build.filled(type, [n], 0.0)
    rows = build.sizes(edges)[:1]
    for end in ends:
        y = build.nest(rows, [], ("add", y, at_node(end, 1)), lambda s, v: s.constant(1.0), [edges])
    return y


def scatter_counted(build: NestBuilder, op: scatter.MeanOp | scatter.MaxOp) -> SSAValue:
    """The sum over the count, or the maximum; 0 where nothing came."""
    mean = isinstance(op, scatter.MeanOp)
    total = to_nodes(build, op, 0.0 if mean else float("-inf"))
    total.name_hint = "total"
    type = tensor_type(op.y)
    count = counts(build, TensorType(type.element_type, [DYNAMIC_INDEX]), op.n, [e for e, _ in op.ends], op.edges)
    count.name_hint = "count"
    sizes = node_sizes(build, op.n, op.x)

    def finish(s: Scalars, v: Sequence[SSAValue]) -> SSAValue:
        zero = s.constant(0.0)
        return s.where("ogt", v[1], zero, s.div(v[0], v[1]) if mean else v[0], zero)

    write = ("set", build.empty(type, sizes), [0, 1])
    return build.nest(sizes, [(total, [0, 1]), (count, [0])], write, finish)


def pair_sum(build: NestBuilder, op: scatter.PairSumOp) -> SSAValue:
    """``y[edges[e, 0], j] += l[e, j]``, then ``y[edges[e, 1], j] += r[e, j]``"""
    y = build.filled(tensor_type(op.y), node_sizes(build, op.n, op.l), 0.0)
    return accumulate(build, y, "add", [(op.l, 0, 1), (op.r, 1, 1)], op.edges)


RULES: dict[type[Operation], Rule] = {
    scatter.GatherOp: gather,
    scatter.SumOp: lambda build, op: to_nodes(build, op, 0.0),
    scatter.MeanOp: scatter_counted,
    scatter.MaxOp: scatter_counted,
    scatter.PairSumOp: pair_sum,
    scatter.CountOp: lambda build, op: counts(build, tensor_type(op.y), op.n, op.ends, op.edges),
}
"""The nests of each operation."""
