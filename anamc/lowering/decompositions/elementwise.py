"""Elementwise operations of `arith` and `math` as nests."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import arith, tensor
from xdsl.ir import Operation, SSAValue

from anamc.analysis.elementwise import ELEMENTWISE
from anamc.analysis.types import tensor_type
from anamc.lowering.decompositions.builder import NestBuilder, Rule
from anamc.numerics.scalar import Scalars


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


def _splat_constant(value: SSAValue) -> arith.ConstantOp | None:
    splat = value.owner
    if not isinstance(splat, tensor.SplatOp):
        return None
    return splat.input.owner if isinstance(splat.input.owner, arith.ConstantOp) else None


RULES: dict[type[Operation], Rule] = dict.fromkeys(ELEMENTWISE, elementwise)
"""The nests of each operation."""
