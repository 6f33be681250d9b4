"""LLVM IR text to object code for a named machine, through llvmlite; imports nothing of xDSL's."""

from __future__ import annotations

import llvmlite.binding as llvm

from anamc.backends.llvm_ir.machine import Machine, check
from anamc.errors import ToolError

OPT_LEVELS = range(4)


def _parse(text: str) -> llvm.ModuleRef:
    try:
        module = llvm.parse_assembly(text)
        module.verify()
    except RuntimeError as e:
        raise ToolError("A0752", "LLVM refuses the LLVM IR", why=str(e).strip()) from None
    return module


def compile_text(text: str, machine: Machine, opt: int = 3, code_model: str = "default") -> bytes:
    """Object code of LLVM IR text, as `compile_library` gives it."""
    return compile_library(text, machine, opt, code_model)[0]


def compile_library(
    text: str, machine: Machine, opt: int = 3, code_model: str = "default"
) -> tuple[bytes, tuple[str, ...]]:
    """
    Object code of LLVM IR text, position independent, and the functions that it defines for others.

    `opt` is 0 to 3, as in `-O3`. ToolError for an unknown machine, for text that LLVM refuses, and
    for another level.
    """
    if opt not in OPT_LEVELS:
        raise ToolError("A0753", f"optimisation level must be 0 to 3, got {opt}")
    check(machine)
    module = _parse(text)
    symbols = _external(module)
    module.triple = machine.triple
    target = llvm.Target.from_triple(machine.triple).create_target_machine(
        cpu=machine.cpu, features=machine.features, opt=opt, reloc="pic", codemodel=code_model
    )
    module.data_layout = str(target.target_data)
    options = llvm.create_pipeline_tuning_options(speed_level=opt)
    options.loop_vectorization = options.slp_vectorization = opt > 1
    builder = llvm.create_pass_builder(target, options)
    builder.getModulePassManager().run(module, builder)
    return target.emit_object(module), symbols


def external_symbols(text: str) -> tuple[str, ...]:
    """The functions that LLVM IR text defines for others, in its order. ToolError for text that LLVM refuses."""
    return _external(_parse(text))


def _external(module: llvm.ModuleRef) -> tuple[str, ...]:
    return tuple(f.name for f in module.functions if not f.is_declaration and f.linkage == llvm.Linkage.external)
