"""Pass `lift-numbers`: floats that come out of tensors are tensors of rank 0."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func, tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.transforms.dead_code_elimination import region_dce

from anamc.analysis.regions import operations_in
from anamc.lowering.numbers import Lifter, element, numbers_of


@dataclass(frozen=True)
class LiftNumbersPass(ModulePass):
    """
    Reads, arithmetic and writes of single elements become operations on tensors of rank 0.

    `tensor.extract`, `tensor.splat`, `tensor.insert` and `tensor.from_elements` of such floats are
    `nest.map`s then; a loop or branch that hands on one hands on a tensor, and so both have derivatives and are
    compiled. A condition on a number, a conversion to an integer and a call go on with the number itself.
    """

    name = "lift-numbers"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            numbers = numbers_of(function)
            writes = [o for o in operations_in(function) if isinstance(o, tensor.InsertOp | tensor.FromElementsOp)]
            if numbers or any(element(o.result) for o in writes):
                Lifter(numbers).lift(function)
                region_dce(function.body)
