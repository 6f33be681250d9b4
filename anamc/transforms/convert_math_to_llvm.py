"""Pass `convert-math-to-llvm`: elementary functions become intrinsics and calls of libm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import llvm, math
from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseIntOrFPElementsAttr,
    Float32Type,
    Float64Type,
    FloatAttr,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    UnitAttr,
    VectorType,
    i64,
)
from xdsl.dialects.utils import FastMathFlag
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.dialects import lanes
from anamc.transforms.llvm_ops import spelled
from anamc.transforms.rule_table import Emitter, RuleTable

NAME = "convert-math-to-llvm"
RULES = RuleTable(NAME, "math")

LIBM: dict[type[Operation], str] = {
    math.ExpOp: "exp",
    math.Exp2Op: "exp2",
    math.ExpM1Op: "expm1",
    math.LogOp: "log",
    math.Log1pOp: "log1p",
    math.Log2Op: "log2",
    math.Log10Op: "log10",
    math.TanhOp: "tanh",
    math.ErfOp: "erf",
    math.SinOp: "sin",
    math.CosOp: "cos",
    math.PowFOp: "pow",
}
"""The C function of each operation; the float form has an `f` behind."""

UNARY_INTRINSICS: dict[type[Operation], Callable[[SSAValue], Operation]] = {
    math.SqrtOp: llvm.FSqrtOp,
    math.AbsFOp: lambda x: llvm.FAbsOp(x, x.type),
    math.FloorOp: llvm.FFloorOp,
    math.CeilOp: llvm.FCeilOp,
}
"""Operations that every machine has, or LLVM expands well."""

PURE = ArrayAttr([StringAttr("willreturn"), ArrayAttr([StringAttr("memory"), StringAttr("0")])])
"""`willreturn memory(none)`: anamc reads neither errno nor the floating-point environment."""

SUFFIX: dict[Attribute, str] = {Float32Type(): "f", Float64Type(): ""}


def _libm_name(op: Operation, float_type: Attribute) -> str:
    if (suffix := SUFFIX.get(float_type)) is None:
        raise PassFailedException(f"{NAME}: '{op.name}' must be on f32 or f64, got {float_type}")
    return LIBM[type(op)] + suffix


@RULES.of(*LIBM)
def call_libm(op: Operation, emit: Emitter) -> SSAValue:
    float_type = op.results[0].type
    if isinstance(float_type, VectorType):
        return _lane_by_lane(op, float_type, emit)
    return emit(llvm.CallOp(_libm_name(op, float_type), *op.operands, return_type=float_type))


def _lane_by_lane(op: Operation, type: VectorType[Attribute], emit: Emitter) -> SSAValue:
    """libm has no vectors."""
    name, result = _libm_name(op, type.element_type), emit(llvm.UndefOp(type))
    for k in range(type.get_shape()[0]):
        lane = emit(llvm.ConstantOp(IntegerAttr(k, i64), i64))
        arguments = [emit(lanes.GetOp(v, k)) for v in op.operands]
        value = emit(llvm.CallOp(name, *arguments, return_type=type.element_type))
        result = emit(llvm.InsertElementOp(result, value, lane))
    return result


@RULES.of(*UNARY_INTRINSICS)
def unary_intrinsic(op: Operation, emit: Emitter) -> SSAValue:
    return emit(UNARY_INTRINSICS[type(op)](op.operands[0]))


@RULES.of(math.FmaOp)
def fma(op: math.FmaOp, emit: Emitter) -> SSAValue:
    """With the flag `afn` a product and a sum on machines where the fused operation is slow."""
    if FastMathFlag.APPROX_FUNC not in op.fastmath.data:
        return emit(llvm.FMAOp(op.a, op.b, op.c))
    return emit(llvm.CallIntrinsicOp(f"llvm.fmuladd.{spelled(op.result.type)}", op.operands, [op.result.type]))


@RULES.of(math.CopySignOp)
def copysign(op: math.CopySignOp, emit: Emitter) -> SSAValue:
    return emit(llvm.FCopySignOp(op.lhs, op.rhs))


@RULES.of(math.RsqrtOp)
def rsqrt(op: math.RsqrtOp, emit: Emitter) -> SSAValue:
    """``1 / sqrt(x)``, rounded twice; no approximate instruction."""
    float_type = op.result.type
    element = _element(float_type)
    if not isinstance(element, Float32Type | Float64Type):
        raise PassFailedException(f"{NAME}: '{op.name}' must be on f32 or f64, got {float_type}")
    one: Attribute = FloatAttr(1.0, element)
    if isinstance(float_type, VectorType):
        one = DenseIntOrFPElementsAttr.from_list(float_type, [1.0])
    constant = emit(llvm.ConstantOp(one, float_type))
    return emit(llvm.FDivOp(constant, emit(llvm.FSqrtOp(op.operand))))


def _element(type: Attribute) -> Attribute:
    return type.element_type if isinstance(type, VectorType) else type


def _declare(name: str, float_type: Attribute, arity: int) -> llvm.FuncOp:
    return llvm.FuncOp(
        name,
        llvm.LLVMFunctionType([float_type] * arity, float_type),
        linkage=llvm.LinkageAttr("external"),
        other_props={"no_unwind": UnitAttr(), "passthrough": PURE},
    )


def _needed(module: ModuleOp) -> dict[str, llvm.FuncOp]:
    """Declarations of the libm functions that the module calls, in order of their names."""
    declarations: dict[str, llvm.FuncOp] = {}
    for op in module.walk():
        if type(op) in LIBM:
            float_type = _element(op.results[0].type)
            name = _libm_name(op, float_type)
            if name not in declarations:
                declarations[name] = _declare(name, float_type, len(op.operands))
    return dict(sorted(declarations.items()))


@dataclass(frozen=True)
class ConvertMathToLlvmPass(ModulePass):
    """
    `sqrt`, `absf`, `floor`, `ceil`, `fma` become intrinsics, `rsqrt` a division, the rest calls of libm.

    The functions of libm are declared `nounwind willreturn memory(none)` at the top of the module.
    """

    name = NAME

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        declarations = _needed(op)
        for inner in op.ops:
            symbol = inner.get_attr_or_prop("sym_name")
            if isinstance(symbol, StringAttr) and symbol.data in declarations:
                raise PassFailedException(f"{NAME}: the function '{symbol.data}' has the name of a function of libm")
        RULES.apply(op)
        Rewriter.insert_op(list(declarations.values()), InsertPoint.at_start(op.body.block))
