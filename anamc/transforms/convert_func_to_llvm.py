"""Pass `convert-func-to-llvm`: functions, calls and returns."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func, llvm
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp, UnitAttr
from xdsl.ir import Attribute, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.transforms.rule_table import Emitter, RuleTable

NAME = "convert-func-to-llvm"
RULES = RuleTable(NAME)


@RULES.of(func.CallOp)
def call(op: func.CallOp, emit: Emitter) -> SSAValue | None:
    result = op.results[0].type if op.results else None
    new = emit.add(llvm.CallOp(op.callee, *op.arguments, return_type=result))
    return new.results[0] if new.results else None


@RULES.of(func.ReturnOp)
def return_(op: func.ReturnOp, emit: Emitter) -> None:
    emit.add(llvm.ReturnOp(op.operands[0] if op.operands else None))


def _llvm_attributes(attributes: DictionaryAttr) -> DictionaryAttr:
    return DictionaryAttr({k: v for k, v in attributes.data.items() if k.startswith("llvm.")})


def _properties(op: func.FuncOp) -> dict[str, Attribute | None]:
    """Nothing unwinds; kernels stay functions of their own, so that compile time stays linear."""
    new: dict[str, Attribute | None] = {"no_unwind": UnitAttr()}
    if "anamc.kernel" in op.attributes:
        new["no_inline"] = UnitAttr()
    if op.arg_attrs is not None and any(kept := [_llvm_attributes(a) for a in op.arg_attrs]):
        new["arg_attrs"] = ArrayAttr(kept)
    return new


def _convert(op: func.FuncOp) -> None:
    outputs = op.function_type.outputs.data
    if len(outputs) > 1:
        raise PassFailedException(f"{NAME}: '{op.sym_name.data}' must have at most one result, got {len(outputs)}")
    private = op.sym_visibility is not None and op.sym_visibility.data == "private"
    new = llvm.FuncOp(
        op.sym_name.data,
        llvm.LLVMFunctionType(op.function_type.inputs, outputs[0] if outputs else None),
        linkage=llvm.LinkageAttr("internal" if private and not op.is_declaration else "external"),
        body=op.body.clone() if op.is_declaration else op.detach_region(op.body),
        other_props=_properties(op),
    )
    new.location = op.location
    Rewriter.insert_op(new, InsertPoint.before(op))
    Rewriter.erase_op(op)


@dataclass(frozen=True)
class ConvertFuncToLlvmPass(ModulePass):
    """
    `func.func`, `func.call` and `func.return` become `llvm.func`, `llvm.call` and `llvm.return`.

    Private functions are `internal`, others `external`; kernels are `noinline`. Attributes of the
    `llvm` dialect are kept, all others dropped.
    """

    name = NAME

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        RULES.apply(op)
        for function in tuple(op.ops):
            if isinstance(function, func.FuncOp):
                _convert(function)
