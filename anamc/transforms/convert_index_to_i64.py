"""Pass `convert-index-to-i64`: `index` is 64 bits wide."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, func
from xdsl.dialects.builtin import IndexType, IntegerAttr, IntegerType, ModuleOp, i64
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from anamc.transforms.rule_table import Emitter, RuleTable

NAME = "convert-index-to-i64"
CASTS = RuleTable(NAME)


@CASTS.of(arith.IndexCastOp)
def index_cast(op: arith.IndexCastOp, emit: Emitter) -> SSAValue:
    """Sign extension, truncation, or nothing."""
    target = op.result.type
    if op.input.type == target or not isinstance(target, IntegerType):
        return op.input
    if isinstance(op.input.type, IntegerType) and op.input.type.width.data < target.width.data:
        return emit(arith.ExtSIOp(op.input, target))
    return emit(arith.TruncIOp(op.input, target))


def _retype(op: Operation) -> None:
    for value in (*op.results, *(a for r in op.regions for b in r.blocks for a in b.args)):
        if isinstance(value.type, IndexType):
            Rewriter.replace_value_with_new_type(value, i64)
    match op:
        case arith.ConstantOp(value=IntegerAttr(type=IndexType()) as constant):
            op.properties["value"] = IntegerAttr(constant.value.data, i64)
        case _:
            pass


@dataclass(frozen=True)
class ConvertIndexToI64Pass(ModulePass):
    """
    Every `index` value becomes `i64`; `arith.index_cast` becomes `extsi`, `trunci` or nothing.

    Sizes and offsets on the 64-bit machines that anamc aims at.
    """

    name = NAME

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in tuple(op.walk()):
            _retype(inner)
        for function in op.ops:
            if isinstance(function, func.FuncOp) and not function.is_declaration:
                function.update_function_type()
        CASTS.apply(op)
