"""The way from flat loops to the `llvm` dialect, in its order."""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from anamc.transforms.add_plain_functions import AddPlainFunctionsPass
from anamc.transforms.convert_arith_to_llvm import ConvertArithToLlvmPass
from anamc.transforms.convert_func_to_llvm import ConvertFuncToLlvmPass
from anamc.transforms.convert_index_to_i64 import ConvertIndexToI64Pass
from anamc.transforms.convert_math_to_llvm import ConvertMathToLlvmPass
from anamc.transforms.convert_memref_to_llvm_pointers import ConvertMemrefToLlvmPointersPass
from anamc.transforms.convert_parallel_to_for import ConvertParallelToForPass
from anamc.transforms.convert_scf_to_llvm import ConvertScfToLlvmPass

LOWER_TO_LLVM: tuple[ModulePass, ...] = (
    ConvertParallelToForPass(),
    ConvertMemrefToLlvmPointersPass(),
    AddPlainFunctionsPass(),
    ConvertIndexToI64Pass(),
    ConvertMathToLlvmPass(),
    ConvertArithToLlvmPass(),
    ConvertScfToLlvmPass(),
    ConvertFuncToLlvmPass(),
)
"""Blocks come last: verifying a function is quadratic in its blocks, so as few passes as possible see them."""


def lower_to_llvm(module: ModuleOp, *, plain: bool = True) -> None:
    """
    Lower a flat module in place, without verifying between the passes.

    `plain`: with the functions of the document's signature, which a JIT does not need.
    """
    context = Context()
    for lowering in LOWER_TO_LLVM:
        if plain or not isinstance(lowering, AddPlainFunctionsPass):
            lowering.apply(context, module)
