"""Pass `decompose-to-nest`: named operations on tensors become `nest.map`s with scalar bodies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, math, tensor
from xdsl.dialects.builtin import IndexType, ModuleOp, TensorType
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.elementwise import ELEMENTWISE
from anamc.analysis.types import tensor_type
from anamc.dialects import mlp, nest
from anamc.dialects.access import AccessAttr, select
from anamc.numerics.constants import float_constant
from anamc.numerics.scalar import ACTIVATIONS, LOSSES, Scalars

Read = tuple[SSAValue, Sequence[int]]
"""A tensor and the iterators that index it."""

NARROW = 4
"""Below this many outputs a dense layer sums in a register; from it on, outputs are the inner loop."""


class NestBuilder:
    """Makes nests in front of the operation that they replace."""

    def __init__(self, op: Operation, rewriter: PatternRewriter) -> None:
        self.op = op
        self.rewriter = rewriter

    def insert(self, op: Operation) -> SSAValue:
        op.location = self.op.location
        self.rewriter.insert(op)
        return op.results[0]

    def sizes(self, value: SSAValue) -> list[int | SSAValue]:
        """The dimensions of a tensor, run-time ones by `tensor.dim`."""
        found: list[int | SSAValue] = []
        for k, size in enumerate(tensor_type(value).get_shape()):
            if size >= 0:
                found.append(size)
                continue
            position = self.insert(arith.ConstantOp.from_int_and_width(k, IndexType()))
            found.append(self.insert(tensor.DimOp(value, position)))
        return found

    def empty(self, type: TensorType[Attribute], sizes: Sequence[int | SSAValue]) -> SSAValue:
        return self.insert(tensor.EmptyOp([s for s in sizes if isinstance(s, SSAValue)], type))

    def filled(self, type: TensorType[Attribute], sizes: Sequence[int | SSAValue], value: float) -> SSAValue:
        constant = self.insert(float_constant(value, type.element_type))
        return self.insert(tensor.SplatOp(constant, [s for s in sizes if isinstance(s, SSAValue)], type))

    def nest(
        self,
        ranges: Sequence[int | SSAValue],
        reads: Sequence[Read],
        write: tuple[str, SSAValue, AccessAttr | Sequence[int]],
        body: Callable[[Scalars, Sequence[SSAValue]], SSAValue],
    ) -> SSAValue:
        """One nest: reads and the result are indexed by the iterators named; `body` computes the scalar."""
        count = len(ranges)
        combiner, init, place = write
        block = Block(arg_types=[*[IndexType()] * count, *(tensor_type(t).element_type for t, _ in reads)])
        for argument, name in zip(block.args, NAMES[-count:] if count else (), strict=False):
            argument.name_hint = name
        for argument, (value, _) in zip(block.args[count:], reads, strict=True):
            argument.name_hint = value.name_hint
        scalars = Scalars(block, tensor_type(init).element_type)
        block.add_op(nest.YieldOp(body(scalars, block.args[count:])))
        access = place if isinstance(place, AccessAttr) else select(place, count)
        op = nest.MapOp(
            ranges, [(t, select(dims, count)) for t, dims in reads], [(combiner, init, access)], Region(block)
        )
        result = self.insert(op)
        result.name_hint = self.op.results[0].name_hint
        return result


NAMES = ("n", "p", "q", "i", "j")
"""Names of iterators, the last ones first."""


def elementwise(build: NestBuilder, op: Operation) -> SSAValue:
    """``y[i] = f(x[i], ...)``: the same operation on scalars; splats of constants become constants."""
    y = op.results[0]
    sizes = build.sizes(op.operands[-1])
    everywhere = range(len(sizes))
    constants = {k: c for k, v in enumerate(op.operands) if (c := _splat_constant(v)) is not None}
    reads = [(v, everywhere) for k, v in enumerate(op.operands) if k not in constants]

    def body(scalars: Scalars, values: Sequence[SSAValue]) -> SSAValue:
        given = iter(values)
        operands = [
            scalars.insert(constants[k].clone()) if k in constants else next(given) for k in range(len(op.operands))
        ]
        return scalars.insert(
            op.__class__.create(
                operands=operands,
                result_types=[tensor_type(y).element_type],
                properties=dict(op.properties),
            )
        )

    return build.nest(sizes, reads, ("set", build.empty(tensor_type(y), sizes), everywhere), body)


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


def over_rows(
    build: NestBuilder,
    x: SSAValue,
    start: float,
    combiner: str,
    reads: Sequence[SSAValue],
    body: Callable[..., SSAValue],
) -> SSAValue:
    """A reduction over the last dimension; `reads` have the rank of `x`, or one less."""
    sizes = build.sizes(x)
    rank = len(sizes)
    type = TensorType(tensor_type(x).element_type, tensor_type(x).get_shape()[:-1])
    init = build.filled(type, sizes[:-1], start)
    places = [(t, range(len(tensor_type(t).get_shape()))) for t in reads]
    return build.nest(sizes, places, (combiner, init, range(rank - 1)), body)


def layer_norm(build: NestBuilder, op: mlp.LayerNormOp) -> SSAValue:
    """Mean, then biased variance, then ``(x - mean) rsqrt(var + eps) scale + shift``."""
    sizes = build.sizes(op.x)
    rank, width = len(sizes), tensor_type(op.x).get_shape()[-1]
    if width < 0:
        raise PassFailedException("decompose-to-nest: 'mlp.layer_norm' over a dimension of run-time size")
    part = 1.0 / max(width, 1)
    mean = over_rows(build, op.x, 0.0, "add", [op.x], lambda s, v: s.mul(v[0], s.constant(part)))
    mean.name_hint = "mean"

    def square(s: Scalars, v: Sequence[SSAValue]) -> SSAValue:
        d = s.sub(v[0], v[1])
        return s.mul(s.mul(d, d), s.constant(part))

    var = over_rows(build, op.x, 0.0, "add", [op.x, mean], square)
    var.name_hint = "var"
    rows = range(rank - 1)
    scale_type = tensor_type(var)
    inverse = build.nest(
        sizes[:-1],
        [(var, rows)],
        ("set", build.empty(scale_type, sizes[:-1]), rows),
        lambda s, v: s.div(s.constant(1.0), s.unary(math.SqrtOp, s.add(v[0], s.constant(op.eps.value.data)))),
    )
    inverse.name_hint = "inv"
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


def _splat_constant(value: SSAValue) -> arith.ConstantOp | None:
    splat = value.owner
    if not isinstance(splat, tensor.SplatOp):
        return None
    return splat.input.owner if isinstance(splat.input.owner, arith.ConstantOp) else None


RULES: dict[type[Operation], Callable[..., SSAValue]] = {
    **dict.fromkeys(ELEMENTWISE, elementwise),
    **dict.fromkeys(mlp.ACTIVATIONS, activation),
    mlp.SoftmaxOp: softmax,
    mlp.DenseOp: dense,
    mlp.LayerNormOp: layer_norm,
    mlp.RowLossOp: row_loss,
    tensor.ConcatOp: concat,
}
"""The nests of each operation."""


@dataclass(frozen=True)
class DecomposeToNestPass(ModulePass):
    """
    Replaces layers, activations, losses, concatenations and elementwise operations on tensors by nests.

    Works on rows inside kernels and on batches alike. What has no decomposition stays.
    """

    name = "decompose-to-nest"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in list(op.walk()):
            rule = RULES.get(type(inner))
            if rule is None or not isinstance(inner.results[0].type, TensorType):
                continue
            rewriter = PatternRewriter(inner)
            rewriter.replace(inner, [], [rule(NestBuilder(inner, rewriter), inner)])
        for inner in list(op.walk(reverse=True)):
            if isinstance(inner, tensor.SplatOp | arith.ConstantOp) and not any(
                r.uses.get_length() for r in inner.results
            ):
                inner.detach()
                inner.erase()
