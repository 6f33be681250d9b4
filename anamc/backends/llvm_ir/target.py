"""Target `llvm-ir`: text that LLVM 19 to 22 reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import SEEK_END, StringIO
from typing import IO

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.target import Target

from anamc.backends.llvm_ir.printer import LlvmIrPrinter
from anamc.backends.llvm_ir.symbols import c_symbols
from anamc.backends.notice import NOTICE


def llvm_text(module: ModuleOp, symbols: Mapping[str, str] | None = None) -> str:
    """
    The LLVM IR of a module of the `llvm` dialect, behind a licence notice.

    DiagnosticException where it cannot be printed.

    `symbols`: other names for functions; default those of C.
    """
    stream = StringIO("".join(f"; {line}".rstrip() + "\n" for line in NOTICE) + "\n")
    stream.seek(0, SEEK_END)
    LlvmIrPrinter(stream).print_module(module, c_symbols(module) if symbols is None else symbols)
    return stream.getvalue()


@dataclass(frozen=True)
class LlvmIrTarget(Target):
    """
    Prints a module of the `llvm` dialect as LLVM IR; the same module gives the same bytes.

    `c_names`: functions have the names that they have in C; otherwise those of the module.
    """

    name = "llvm-ir"

    c_names: bool = True

    def emit(self, ctx: Context, module: ModuleOp, output: IO[str]) -> None:
        output.write(llvm_text(module, None if self.c_names else {}))
