"""The maximum over edges as nests that tell the winners: its derivative is theirs."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, IndexType, TensorType
from xdsl.ir import Block, Region, SSAValue
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr, AffineMap, AffineSymExpr

from anamc.autodiff.emit import Comparison, Emit, element_type
from anamc.autodiff.tables import PREPARE
from anamc.dialects import mlp, nest, scatter
from anamc.dialects.access import AccessAttr, TableReadAttr, identity, shape_of


@PREPARE.of(scatter.MaxOp)
def largest(op: scatter.MaxOp, e: Emit) -> Sequence[SSAValue]:
    """
    ``y = max`` over the left ends, then over the right ends, from minus infinity; 0 for a node without any.

    All of a derivative goes to the first of the largest contributions.
    """
    element = element_type(op.x)
    width = width_of(op, e)
    constant, sizes = (width, [op.n]) if isinstance(width, int) else (DYNAMIC_INDEX, [op.n, width])
    type = TensorType(element, [DYNAMIC_INDEX, constant])
    y = e(tensor.SplatOp(e.scalar(float("-inf"), element), sizes, type))
    for end, sign in op.ends:
        y = over_edges(op, y, end, sign, e)
    count = e(scatter.CountOp(op.edges, op.n, (op.signs.data[0].value.data, op.signs.data[1].value.data), element))
    counts = e(mlp.ScaleRowsOp(e.constant(1.0, y), count))
    zero = e.zeros(y)
    return [e.select(Comparison("ogt", counts, zero), y, zero)]


def width_of(op: scatter.MaxOp, e: Emit) -> int | SSAValue:
    """Numbers of a row."""
    width = shape_of(op.x.type)[1]
    return e.size(op.x, 1) if width == DYNAMIC_INDEX else width


def over_edges(op: scatter.MaxOp, y: SSAValue, end: int, sign: int, e: Emit) -> SSAValue:
    """``y[edges[e, end], j] = max(.., sign x[e, j])``"""
    element = element_type(op.x)
    body = Block(arg_types=[IndexType(), IndexType(), element])
    for argument, name in zip(body.args, ("e", "j", "x"), strict=True):
        argument.name_hint = name
    value: SSAValue = body.args[2]
    if sign < 0:
        minus = arith.NegfOp(value)
        body.add_op(minus)
        value = minus.result
    body.add_op(nest.YieldOp(value))
    place = TableReadAttr(0, AffineMap(2, 0, (AffineDimExpr(0), AffineConstantExpr(end))))
    node = AccessAttr(AffineMap(2, 1, (AffineSymExpr(0), AffineDimExpr(1))), [place])
    extents = [e.size(op.x, 0), width_of(op, e)]
    return e(nest.MapOp(extents, [(op.x, identity(2))], [("max", y, node)], Region(body), [op.edges], winners=[0]))
