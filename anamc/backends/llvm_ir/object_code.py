"""Object code of a module of the `llvm` dialect."""

from __future__ import annotations

from xdsl.dialects.builtin import ModuleOp

from anamc.backends.llvm_ir.compile_text import compile_text
from anamc.backends.llvm_ir.machine import Machine, host
from anamc.backends.llvm_ir.target import llvm_text


def emit_object(
    module: ModuleOp,
    triple: str | None = None,
    cpu: str | None = None,
    features: str | None = None,
    opt: int = 3,
) -> bytes:
    """
    Object code of a module of the `llvm` dialect.

    `triple`: default this machine's. `cpu`: default `generic`; `host` for this machine's with its
    features. `features`: comma-separated, `+avx2,+fma`.
    """
    machine = Machine(triple or host().triple, cpu or "generic", features or "")
    if cpu == "host":
        machine = Machine(host().triple, host().cpu, features or host().features)
    return compile_text(llvm_text(module), machine, opt)
