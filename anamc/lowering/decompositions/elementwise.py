"""Elementwise operations of `arith` and `math` as nests."""

from __future__ import annotations

from xdsl.ir import Operation, SSAValue

from anamc.analysis.elementwise import ELEMENTWISE
from anamc.analysis.types import tensor_type
from anamc.lowering.decompositions.builder import NestBuilder, Rule, elementwise_nest


def elementwise(build: NestBuilder, op: Operation) -> SSAValue:
    """``y[i] = f(x[i], ...)``: the same operation on scalars."""
    element = tensor_type(op.results[0]).element_type
    return elementwise_nest(
        build,
        op,
        lambda s, values: s.insert(
            op.__class__.create(operands=values, result_types=[element], properties=dict(op.properties))
        ),
    )


RULES: dict[type[Operation], Rule] = dict.fromkeys(ELEMENTWISE, elementwise)
"""The nests of each operation."""
