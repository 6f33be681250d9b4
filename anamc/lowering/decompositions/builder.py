"""Makes the nests that replace an operation on tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import IndexType, TensorType
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.pattern_rewriter import PatternRewriter

from anamc.analysis.types import tensor_type
from anamc.dialects import nest
from anamc.dialects.access import AccessAttr, select
from anamc.dialects.constants import splat_value
from anamc.numerics.constants import float_constant
from anamc.numerics.scalar import Scalars

Read = tuple[SSAValue, Sequence[int] | AccessAttr]
"""A tensor and the iterators that index it, or how else it is reached."""


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
        tables: Sequence[SSAValue] = (),
        symbols: Sequence[SSAValue] = (),
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
        op = nest.MapOp(
            ranges,
            [(t, as_access(dims, count)) for t, dims in reads],
            [(combiner, init, as_access(place, count))],
            Region(block),
            tables,
            symbols,
        )
        result = self.insert(op)
        result.name_hint = self.op.results[0].name_hint
        return result


def as_access(place: AccessAttr | Sequence[int], count: int) -> AccessAttr:
    """An access by the iterators that index it."""
    return place if isinstance(place, AccessAttr) else select(place, count)


NAMES = ("n", "p", "q", "i", "j")
"""Names of iterators, the last ones first."""


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


def elementwise_nest(
    build: NestBuilder, op: Operation, body: Callable[[Scalars, Sequence[SSAValue]], SSAValue]
) -> SSAValue:
    """``y[i] = f(x[i], ...)`` over operands of one shape; splats of constants become constants in the body."""
    y = tensor_type(op.results[0])
    sizes = build.sizes(op.operands[-1])
    everywhere = range(len(sizes))
    constants = {k: c for k, v in enumerate(op.operands) if (c := splat_value(v)) is not None}
    reads = [(v, everywhere) for k, v in enumerate(op.operands) if k not in constants]

    def with_constants(scalars: Scalars, values: Sequence[SSAValue]) -> SSAValue:
        given = iter(values)
        operands = [
            scalars.insert(arith.ConstantOp(constants[k])) if k in constants else next(given)
            for k in range(len(op.operands))
        ]
        return body(scalars, operands)

    return build.nest(sizes, reads, ("set", build.empty(y, sizes), everywhere), with_constants)


Rule = Callable[..., SSAValue | Sequence[SSAValue]]
"""`rule(builder, operation)` gives a value for each result of the operation."""
