"""Pass `set-float-type`: every float of a module becomes f32 or f64."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, func
from xdsl.dialects.builtin import (
    AnyFloat,
    DenseIntOrFPElementsAttr,
    Float32Type,
    Float64Type,
    FloatAttr,
    FunctionType,
    MemRefType,
    ModuleOp,
    TensorType,
    f32,
    f64,
)
from xdsl.ir import Attribute, Operation
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

TYPES: dict[str, AnyFloat] = {"f32": f32, "f64": f64}


@dataclass(frozen=True)
class SetFloatTypePass(ModulePass):
    """
    Replaces f32 and f64 everywhere by one float type; constants are rounded to it.

    Properties that are options of an operation (`eps`, `slope`, ...) stay f64: they are exact numbers.
    """

    name = "set-float-type"

    type: str = "f32"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.type not in TYPES:
            raise PassFailedException(f"set-float-type: type must be f32 or f64, got '{self.type}'")
        to = TYPES[self.type]
        for inner in op.walk():
            retype(inner, to)
        for inner in list(op.walk()):
            if isinstance(inner, arith.ExtFOp | arith.TruncFOp) and inner.input.type == inner.result.type:
                PatternRewriter(inner).replace(inner, [], [inner.input])


def retype(op: Operation, to: AnyFloat) -> None:
    """Float types of results, block arguments, function types and constants."""
    for value in [*op.results, *(a for r in op.regions for b in r.blocks for a in b.args)]:
        if (new := converted(value.type, to)) is not value.type:
            Rewriter.replace_value_with_new_type(value, new)
    if isinstance(op, func.FuncOp):
        inputs, outputs = op.function_type.inputs, op.function_type.outputs
        op.properties["function_type"] = FunctionType.from_lists(
            [converted(t, to) for t in inputs], [converted(t, to) for t in outputs]
        )
    if isinstance(op, arith.ConstantOp):
        op.properties["value"] = converted_constant(op.value, to)


def converted(type: Attribute, to: AnyFloat) -> Attribute:
    """The type with its floats replaced; the same object where there are none."""
    match type:
        case Float32Type() | Float64Type():
            return type if type == to else to
        case TensorType() if isinstance(type.element_type, Float32Type | Float64Type) and type.element_type != to:
            return TensorType(to, type.shape, type.encoding)
        case MemRefType() if isinstance(type.element_type, Float32Type | Float64Type) and type.element_type != to:
            return MemRefType(to, type.shape, type.layout, type.memory_space)
        case _:
            return type


def converted_constant(value: Attribute, to: AnyFloat) -> Attribute:
    """A constant in the new type."""
    match value:
        case FloatAttr():
            return FloatAttr(value.value.data, to)
        case DenseIntOrFPElementsAttr() if isinstance(value.get_element_type(), Float32Type | Float64Type):
            values = [float(v) for v in value.get_values() if isinstance(v, int | float)]
            return DenseIntOrFPElementsAttr.from_list(TensorType(to, value.get_shape()), values)
        case _:
            return value
