"""Layers, activations and losses as nests."""

from __future__ import annotations

from xdsl.dialects import math
from xdsl.ir import Operation, SSAValue

from anamc.analysis.types import tensor_type
from anamc.dialects import mlp
from anamc.lowering.decompositions.builder import NestBuilder, Rule, over_rows
from anamc.lowering.decompositions.mlp_adjoints import row_statistics
from anamc.numerics.scalar import ACTIVATIONS, LOSSES

NARROW = 4
"""Below this many outputs a dense layer sums in a register; from it on, outputs are the inner loop."""


def activation(build: NestBuilder, op: mlp.ActivationOp) -> SSAValue:
    """``y[i] = f(x[i])``"""
    sizes = build.sizes(op.x)
    everywhere = range(len(sizes))
    rule = ACTIVATIONS[type(op)]
    return build.nest(
        sizes,
        [(op.x, everywhere)],
        ("set", build.empty(tensor_type(op.y), sizes), everywhere),
        lambda s, values: rule(s, values[0], op),
    )


def dense(build: NestBuilder, op: mlp.DenseOp) -> SSAValue:
    """``y = b``, then ``y[.., j] += x[.., i] w[i, j]``"""
    *lead, inner = build.sizes(op.x)
    outer = build.sizes(op.b)[0]
    count = len(lead)
    rows = range(count)
    y = build.empty(tensor_type(op.y), [*lead, outer])
    y = build.nest([*lead, outer], [(op.b, [count])], ("set", y, [*rows, count]), lambda s, v: v[0])
    i, j = (count + 1, count) if isinstance(outer, int) and outer < NARROW else (count, count + 1)
    ranges = [*lead, outer, inner] if i > j else [*lead, inner, outer]
    return build.nest(
        ranges,
        [(op.x, [*rows, i]), (op.w, [i, j])],
        ("add", y, [*rows, j]),
        lambda s, v: s.mul(v[0], v[1]),
    )


def layer_norm(build: NestBuilder, op: mlp.LayerNormOp) -> SSAValue:
    """Mean, then biased variance, then ``(x - mean) rsqrt(var + eps) scale + shift``."""
    mean, inverse = row_statistics(build, op, op.x, op.eps.value.data)
    sizes = build.sizes(op.x)
    rank = len(sizes)
    rows = range(rank - 1)
    everywhere = range(rank)
    return build.nest(
        sizes,
        [(op.x, everywhere), (mean, rows), (inverse, rows), (op.scale, [rank - 1]), (op.shift, [rank - 1])],
        ("set", build.empty(tensor_type(op.y), sizes), everywhere),
        lambda s, v: s.add(s.mul(s.mul(s.sub(v[0], v[1]), v[2]), v[3]), v[4]),
    )


def shifted_exponentials(build: NestBuilder, x: SSAValue) -> tuple[SSAValue, SSAValue, SSAValue]:
    """Of each row: the largest element, ``exp(x - largest)``, and the sum of these."""
    sizes = build.sizes(x)
    everywhere, rows = range(len(sizes)), range(len(sizes) - 1)
    largest = over_rows(build, x, float("-inf"), "max", [x], lambda s, v: v[0])
    largest.name_hint = "largest"
    exps = build.nest(
        sizes,
        [(x, everywhere), (largest, rows)],
        ("set", build.empty(tensor_type(x), sizes), everywhere),
        lambda s, v: s.unary(math.ExpOp, s.sub(v[0], v[1])),
    )
    exps.name_hint = "e"
    total = over_rows(build, exps, 0.0, "add", [exps], lambda s, v: v[0])
    total.name_hint = "total"
    return largest, exps, total


def softmax(build: NestBuilder, op: mlp.SoftmaxOp) -> SSAValue:
    """``exp(x - max x)`` over its sum"""
    _, exps, total = shifted_exponentials(build, op.x)
    sizes = build.sizes(op.x)
    everywhere = range(len(sizes))
    return build.nest(
        sizes,
        [(exps, everywhere), (total, everywhere[:-1])],
        ("set", build.empty(tensor_type(op.y), sizes), everywhere),
        lambda s, v: s.div(v[0], v[1]),
    )


def row_loss(build: NestBuilder, op: mlp.RowLossOp) -> SSAValue:
    """The sum over a row of the elementwise loss."""
    if op.kind.data == "cross_entropy":
        return cross_entropy(build, op)
    rule = LOSSES[op.kind.data]
    return over_rows(build, op.p, 0.0, "add", [op.p, op.t], lambda s, v: rule(s, v[0], v[1], op.delta.value.data))


def cross_entropy(build: NestBuilder, op: mlp.RowLossOp) -> SSAValue:
    """``sum_j t_j ((max p - p_j) + log sum_k exp(p_k - max p))``: no difference of large numbers."""
    largest, _, total = shifted_exponentials(build, op.p)
    return over_rows(
        build,
        op.p,
        0.0,
        "add",
        [op.p, op.t, largest, total],
        lambda s, v: s.mul(v[1], s.add(s.sub(v[2], v[0]), s.unary(math.LogOp, v[3]))),
    )


def log_softmax(build: NestBuilder, op: mlp.LogSoftmaxOp) -> SSAValue:
    """``x - max x - log sum exp(x - max x)``"""
    largest, _, total = shifted_exponentials(build, op.x)
    sizes = build.sizes(op.x)
    everywhere = range(len(sizes))
    return build.nest(
        sizes,
        [(op.x, everywhere), (largest, everywhere[:-1]), (total, everywhere[:-1])],
        ("set", build.empty(tensor_type(op.y), sizes), everywhere),
        lambda s, v: s.sub(s.sub(v[0], v[1]), s.unary(math.LogOp, v[2])),
    )


RULES: dict[type[Operation], Rule] = {
    **dict.fromkeys(mlp.ACTIVATIONS, activation),
    mlp.SoftmaxOp: softmax,
    mlp.LogSoftmaxOp: log_softmax,
    mlp.DenseOp: dense,
    mlp.LayerNormOp: layer_norm,
    mlp.RowLossOp: row_loss,
}
"""The nests of each operation."""
