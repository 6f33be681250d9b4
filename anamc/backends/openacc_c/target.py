"""Target `openacc-c`: a flat module as C."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.target import Target

from anamc.backends.openacc_c.files import emit_c
from anamc.backends.openacc_c.interface import first_entry


@dataclass(frozen=True)
class OpenAccCTarget(Target):
    """
    All C files of a flat module, one behind the other, each after a line ``/* ==== <path> ==== */``.

    The files are called by `stem`, or like the first entry of the module.
    """

    name = "openacc-c"

    stem: str = ""

    def emit(self, ctx: Context, module: ModuleOp, output: IO[str]) -> None:
        files = emit_c(module, self.stem or first_entry(module) or "program")
        output.write("\n".join(f"/* ==== {path} ==== */\n{text}" for path, text in files.items()))
