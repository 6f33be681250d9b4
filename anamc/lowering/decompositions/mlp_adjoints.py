"""What derivatives of layers are made of, as nests."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import TensorType, i64
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr, AffineExpr, AffineMap
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.types import tensor_type
from anamc.dialects import mlp
from anamc.dialects.access import AccessAttr, select
from anamc.dialects.linear import simplified
from anamc.lowering.decompositions.builder import NestBuilder, Rule, elementwise_nest, over_rows
from anamc.numerics.scalar import Scalars


def dense_transposed(build: NestBuilder, op: mlp.DenseTransposedOp) -> SSAValue:
    """``y[.., i] += g[.., j] w[i, j]``"""
    *lead, inner = build.sizes(op.g)
    outer = build.sizes(op.w)[0]
    rows, i, j = range(len(lead)), len(lead), len(lead) + 1
    y = build.filled(tensor_type(op.y), [*lead, outer], 0.0)
    reads = [(op.g, [*rows, j]), (op.w, [i, j])]
    return build.nest([*lead, outer, inner], reads, ("add", y, [*rows, i]), lambda s, v: s.mul(v[0], v[1]))


def outer(build: NestBuilder, op: mlp.OuterOp) -> SSAValue:
    """``w[i, j] = x[i] g[j]``, summed over leading dimensions"""
    *lead, i_size = build.sizes(op.x)
    j_size = build.sizes(op.g)[-1]
    rows, i, j = range(len(lead)), len(lead), len(lead) + 1
    type, sizes = tensor_type(op.w), [i_size, j_size]
    start = build.filled(type, sizes, 0.0) if lead else build.empty(type, sizes)
    reads = [(op.x, [*rows, i]), (op.g, [*rows, j])]
    write = ("add" if lead else "set", start, [i, j])
    return build.nest([*lead, *sizes], reads, write, lambda s, v: s.mul(v[0], v[1]))


def sum_rows(build: NestBuilder, op: mlp.SumRowsOp) -> SSAValue:
    """``y[j] += x[.., j]``; a row is its own sum"""
    sizes = build.sizes(op.x)
    last = len(sizes) - 1
    if not last:
        return op.x
    start = build.filled(tensor_type(op.y), sizes[-1:], 0.0)
    return build.nest(sizes, [(op.x, range(last + 1))], ("add", start, [last]), lambda s, v: v[0])


def broadcast(build: NestBuilder, op: mlp.BroadcastOp) -> SSAValue:
    """``y[.., j] = x[j]``"""
    if op.x.type == op.y.type:
        return op.x
    given = iter(op.sizes)
    sizes = [s if s >= 0 else next(given) for s in tensor_type(op.y).get_shape()]
    everywhere = range(len(sizes))
    write = ("set", build.empty(tensor_type(op.y), sizes), everywhere)
    return build.nest(sizes, [(op.x, everywhere[-1:])], write, lambda s, v: v[0])


def row_dot(build: NestBuilder, op: mlp.RowDotOp) -> SSAValue:
    """``y[..] += a[.., j] b[.., j]``"""
    return over_rows(build, op.a, 0.0, "add", [op.a, op.b], lambda s, v: s.mul(v[0], v[1]))


def scale_rows(build: NestBuilder, op: mlp.ScaleRowsOp) -> SSAValue:
    """``y[.., j] = s[..] x[.., j]``"""
    sizes = build.sizes(op.x)
    everywhere = range(len(sizes))
    write = ("set", build.empty(tensor_type(op.y), sizes), everywhere)
    return build.nest(sizes, [(op.x, everywhere), (op.s, everywhere[:-1])], write, lambda s, v: s.mul(v[0], v[1]))


def row_part(op: Operation, x: SSAValue) -> float:
    """One over the width of a row."""
    width = tensor_type(x).get_shape()[-1]
    if width < 0:
        raise PassFailedException(f"decompose-to-nest: '{op.name}' over a dimension of run-time size")
    return 1.0 / max(width, 1)


def row_statistics(build: NestBuilder, op: Operation, x: SSAValue, eps: float) -> tuple[SSAValue, SSAValue]:
    """Mean of each row, and one over the square root of its (biased) variance plus eps."""
    sizes, part = build.sizes(x), row_part(op, x)
    mean = over_rows(build, x, 0.0, "add", [x], lambda s, v: s.mul(v[0], s.constant(part)))
    mean.name_hint = "mean"

    def square(s: Scalars, v: Sequence[SSAValue]) -> SSAValue:
        d = s.sub(v[0], v[1])
        return s.mul(s.mul(d, d), s.constant(part))

    var = over_rows(build, x, 0.0, "add", [x, mean], square)
    var.name_hint = "var"
    rows = range(len(sizes) - 1)
    inverse = build.nest(
        sizes[:-1],
        [(var, rows)],
        ("set", build.empty(tensor_type(var), sizes[:-1]), rows),
        lambda s, v: s.div(s.constant(1.0), s.unary(math.SqrtOp, s.add(v[0], s.constant(eps)))),
    )
    inverse.name_hint = "inv"
    return mean, inverse


def standardize(build: NestBuilder, op: mlp.StandardizeOp) -> Sequence[SSAValue]:
    """``inv = (var + eps)^(-1/2)``, ``y = (x - mean) inv``"""
    mean, inverse = row_statistics(build, op, op.x, op.eps.value.data)
    sizes = build.sizes(op.x)
    everywhere = range(len(sizes))
    y = build.nest(
        sizes,
        [(op.x, everywhere), (mean, everywhere[:-1]), (inverse, everywhere[:-1])],
        ("set", build.empty(tensor_type(op.y), sizes), everywhere),
        lambda s, v: s.mul(s.sub(v[0], v[1]), v[2]),
    )
    return y, inverse


def standardize_tangent(build: NestBuilder, op: mlp.StandardizeTangentOp) -> SSAValue:
    """``y = inv (v - mean(v) - h mean(h v))``"""
    part = row_part(op, op.v)
    mean = over_rows(build, op.v, 0.0, "add", [op.v], lambda s, v: s.mul(v[0], s.constant(part)))
    mean.name_hint = "mean"
    along = over_rows(build, op.v, 0.0, "add", [op.v, op.h], lambda s, v: s.mul(s.mul(v[0], v[1]), s.constant(part)))
    along.name_hint = "along"
    sizes = build.sizes(op.v)
    everywhere, rows = range(len(sizes)), range(len(sizes) - 1)
    return build.nest(
        sizes,
        [(op.v, everywhere), (op.h, everywhere), (op.inv, rows), (mean, rows), (along, rows)],
        ("set", build.empty(tensor_type(op.y), sizes), everywhere),
        lambda s, v: s.mul(s.sub(s.sub(v[0], v[3]), s.mul(v[1], v[4])), v[2]),
    )


def pack(build: NestBuilder, op: mlp.PackOp) -> SSAValue:
    """Each part into its place of one vector"""
    type = tensor_type(op.params)
    size = list(type.get_shape())
    result = build.empty(type, size) if op.covers else build.filled(type, size, 0.0)
    for offset, part in zip(op.places, op.parts, strict=True):
        sizes = build.sizes(part)
        everywhere = range(len(sizes))
        place = AccessAttr(AffineMap(len(sizes), 0, (row_major(tensor_type(part).get_shape(), offset),)))
        result = build.nest(sizes, [(part, everywhere)], ("set", result, place), lambda s, v: v[0])
    return result


def row_major(shape: Sequence[int], offset: int) -> AffineExpr:
    """Where an element lies in a flat vector."""
    expr: AffineExpr = AffineConstantExpr(offset)
    stride = 1
    for k in reversed(range(len(shape))):
        term: AffineExpr = AffineDimExpr(k)
        expr = (term if stride == 1 else term * stride) + expr
        stride *= shape[k]
    return simplified(expr)


def split(build: NestBuilder, op: mlp.SplitOp) -> Sequence[SSAValue]:
    """``part[.., j] = x[.., start + j]``"""
    found: list[SSAValue] = []
    for start, part in zip(op.starts, op.parts, strict=True):
        type = tensor_type(part)
        sizes = [*build.sizes(op.x)[:-1], type.get_shape()[-1]]
        count = len(sizes)
        indices = tuple(AffineDimExpr(k) + (start if k == count - 1 else 0) for k in range(count))
        read = AccessAttr(AffineMap(count, 0, indices)) if start else select(range(count), count)
        write = ("set", build.empty(TensorType(type.element_type, type.get_shape()), sizes), range(count))
        found.append(build.nest(sizes, [(op.x, read)], write, lambda s, v: v[0]))
    return found


def unpack(build: NestBuilder, op: mlp.UnpackOp) -> Sequence[SSAValue]:
    """``part[i, j, ...] = params[offset + i J + j]``: each part from its place of the vector"""
    found: list[SSAValue] = []
    for offset, part in zip(op.offsets, op.parts, strict=True):
        type = tensor_type(part)
        shape = type.get_shape()
        read = AccessAttr(AffineMap(len(shape), 0, (row_major(shape, offset),)))
        write = ("set", build.empty(type, shape), range(len(shape)))
        made = build.nest(shape, [(op.params, read)], write, lambda s, v: v[0])
        made.name_hint = part.name_hint
        found.append(made)
    return found


def mean_weight(s: Scalars, factor: float, rows: int | SSAValue) -> SSAValue:
    """``factor / N``"""
    value = s.constant(factor)
    if isinstance(rows, int):
        return s.div(value, s.constant(float(rows)))
    whole = s.insert(arith.IndexCastOp(rows, i64))
    return s.div(value, s.insert(arith.SIToFPOp(whole, s.type)))  # pyright: ignore[reportArgumentType]


def mean(build: NestBuilder, op: mlp.MeanOp) -> SSAValue:
    """``y = init``, then ``y += factor/N x[n]``; without rows nothing is added"""
    (rows,) = build.sizes(op.x)
    factor = op.factor.value.data
    write = ("add", op.init, [])
    return build.nest([rows], [(op.x, [0])], write, lambda s, v: s.mul(v[0], mean_weight(s, factor, rows)))


def mean_transposed(build: NestBuilder, op: mlp.MeanTransposedOp) -> SSAValue:
    """``y[n] = factor/N g``"""
    given = iter(op.sizes)
    (rows,) = (s if s >= 0 else next(given) for s in tensor_type(op.y).get_shape())
    factor = op.factor.value.data
    write = ("set", build.empty(tensor_type(op.y), [rows]), [0])
    return build.nest([rows], [(op.g, [])], write, lambda s, v: s.mul(v[0], mean_weight(s, factor, rows)))


def where(build: NestBuilder, op: mlp.WhereOp) -> SSAValue:
    """``x kind y ? yes : no``, element by element; constants stand in the body."""
    return elementwise_nest(build, op, lambda s, v: s.where(op.kind.data, v[0], v[1], v[2], v[3]))


RULES: dict[type[Operation], Rule] = {
    mlp.UnpackOp: unpack,
    mlp.MeanOp: mean,
    mlp.MeanTransposedOp: mean_transposed,
    mlp.DenseTransposedOp: dense_transposed,
    mlp.OuterOp: outer,
    mlp.SumRowsOp: sum_rows,
    mlp.BroadcastOp: broadcast,
    mlp.RowDotOp: row_dot,
    mlp.ScaleRowsOp: scale_rows,
    mlp.StandardizeOp: standardize,
    mlp.StandardizeTangentOp: standardize_tangent,
    mlp.PackOp: pack,
    mlp.SplitOp: split,
    mlp.WhereOp: where,
}
"""The nests of each operation."""
