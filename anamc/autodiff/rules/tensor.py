"""Rules of `tensor`, and of `ad.stop_gradient`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, IndexType, TensorType
from xdsl.ir import Block, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap

from anamc.autodiff.emit import Emit, element_type
from anamc.autodiff.loops import computed, constant_index, index
from anamc.autodiff.tables import CONSTANT, JVP, REFUSED, VJP, Contributions
from anamc.dialects import ad, mlp, nest
from anamc.dialects.access import AccessAttr, identity
from anamc.dialects.mlp.types import shape_of

Dots = Sequence[SSAValue | None]


@VJP.of(tensor.ConcatOp)
def concat_vjp(op: tensor.ConcatOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """Each part of the cotangent."""
    dim = op.dim.value.data
    widths = [shape_of(v.type)[dim] for v in op.inputs]
    if dim == len(shape_of(op.result.type)) - 1 and DYNAMIC_INDEX not in widths:
        parts = cache(lambda: e.add(mlp.SplitOp(bars[0], widths)).results)
        for k, value in enumerate(op.inputs):
            yield value, lambda k=k: parts()[k]
        return
    start = index(e, 0)
    for value, width in zip(op.inputs, widths, strict=True):
        yield value, lambda value=value, start=start: part(e, bars[0], value, dim, start)
        size = e.size(value, dim) if width == DYNAMIC_INDEX else index(e, width)
        start = computed(e, arith.AddiOp, start, size)


def part(e: Emit, whole: SSAValue, like: SSAValue, dim: int, start: SSAValue) -> SSAValue:
    """What stands in `whole` from `start` on along a dimension, in the shape of `like`."""
    shape = shape_of(like.type)
    rank, known = len(shape), constant_index(start)
    offset = AffineExpr.symbol(0) if known is None else AffineExpr.constant(known)
    symbols = [start] if known is None else []
    place = [AffineExpr.dimension(k) + offset if k == dim else AffineExpr.dimension(k) for k in range(rank)]
    block = Block(arg_types=[*[IndexType()] * rank, element_type(whole)])
    block.add_op(nest.YieldOp(block.args[-1]))
    extents = [n if n >= 0 else e.size(like, d) for d, n in enumerate(shape)]
    read = (whole, AccessAttr(AffineMap(rank, len(symbols), tuple(place))))
    write = ("set", e(tensor.EmptyOp(e.run_time_sizes(like), like.type)), identity(rank, len(symbols)))
    return e(nest.MapOp(extents, [read], [write], Region(block), (), symbols))


@JVP.of(tensor.ConcatOp)
def concat_jvp(op: tensor.ConcatOp, dots: Dots, e: Emit) -> Dots:
    """The tangents side by side; 0 where one is absent."""
    parts = [e.zeros(v) if dot is None else dot for v, dot in zip(op.inputs, dots, strict=True)]
    return [e(tensor.ConcatOp(parts, op.dim.value.data, op.result.type))]


@VJP.of(tensor.SplatOp)
def splat_vjp(op: tensor.SplatOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``y[..] = x``: ``x_bar = sum y_bar``"""
    yield op.input, lambda: e(tensor.ExtractOp(total(e, bars[0]), [], op.input.type))


@JVP.of(tensor.SplatOp)
def splat_jvp(op: tensor.SplatOp, dots: Sequence[SSAValue], e: Emit) -> Dots:
    """Linear."""
    return [e(tensor.SplatOp(dots[0], list(op.dynamicSizes), op.result.type))]


def total(e: Emit, x: SSAValue) -> SSAValue:
    """The sum of all elements, as a tensor of rank 0."""
    shape = shape_of(x.type)
    rank = len(shape)
    block = Block(arg_types=[*[IndexType()] * rank, element_type(x)])
    block.add_op(nest.YieldOp(block.args[-1]))
    extents = [n if n >= 0 else e.size(x, d) for d, n in enumerate(shape)]
    init = e.filled(0.0, TensorType(element_type(x), []))
    return e(
        nest.MapOp(extents, [(x, identity(rank))], [("add", init, AccessAttr(AffineMap(rank, 0, ())))], Region(block))
    )


@VJP.of(tensor.ExtractOp)
def extract_vjp(op: tensor.ExtractOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``y = x[i..]``: ``x_bar[i..] = y_bar``, 0 elsewhere."""
    yield op.tensor, lambda: placed(e, bars[0], op)


@JVP.of(tensor.ExtractOp)
def extract_jvp(op: tensor.ExtractOp, dots: Sequence[SSAValue], e: Emit) -> Dots:
    """Linear."""
    return [e(tensor.ExtractOp(dots[0], list(op.indices), op.result.type))]


def placed(e: Emit, value: SSAValue, op: tensor.ExtractOp) -> SSAValue:
    """A scalar in its place, 0 elsewhere."""
    count = len(op.indices)
    block = Block(arg_types=[IndexType(), value.type])
    block.add_op(nest.YieldOp(block.args[-1]))
    place = AccessAttr(AffineMap(1, count, tuple(AffineExpr.symbol(k) for k in range(count))))
    read = (e(tensor.SplatOp(value, [], TensorType(value.type, []))), AccessAttr(AffineMap(1, count, ())))
    write = ("set", e.zeros(op.tensor), place)
    return e(nest.MapOp([1], [read], [write], Region(block), (), list(op.indices)))


CONSTANT.update(
    {
        tensor.EmptyOp: "undefined values",
        tensor.DimOp: "a size",
        ad.StopGradientOp: "its derivative is 0 by definition",
    }
)

REFUSED.update(
    dict.fromkeys(
        (tensor.ExtractSliceOp, tensor.InsertSliceOp), "slices are made behind derivatives; write it as 'nest.map'"
    )
)
