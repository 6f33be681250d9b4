"""From a program to text of the backends, as `compile`, `run` and `anamc-translate` want it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.utils.exceptions import PassFailedException

from anamc.backends.names import file_stem
from anamc.dialects.forms import PLANNED
from anamc.errors import AnamcWarning, CallError, DerivativeError, Error, ScheduleError, shown
from anamc.pipelines import STAGES, passes, remaining
from anamc.program import Program
from anamc.runtime.compiler import SCALARS, WITHOUT_PLANS, flat_module, float_type
from anamc.schedule.machine_files import machine_of
from anamc.schedule.machines import LOOPS

HALVED = 256
"""Bits of vectors that LLVM prefers where a processor has longer ones."""


@dataclass(frozen=True)
class Emitter:
    """
    The code of a program: all its functions, or one, for one float type.

    `dtype` None: float32, but a program written by hand in MLIR keeps its types. `math`: the `mode` of
    `expand-math`. `derivatives`: those of each function too; None where they can be formed, with a
    warning where not. `keep`: what kernels keep for later ones, as of `anamc.jit`. `c_machine`: for which machine
    kernels in C also have a form in blocks of rows, which all compilers but those of OpenACC see. `llvm_machine`:
    for which those in LLVM IR are on vectors. Both as of `schedule-kernels`, or "none": one row at a time. `plans`:
    functions in C whose rows meet also have a form whose threads go by a plan, where there are blocks.
    """

    program: Program
    dtype: str | None = None
    function: str | None = None
    math: str = "default"
    derivatives: bool | None = False
    keep: str | int = "all"
    c_machine: str = LOOPS
    llvm_machine: str = SCALARS
    plans: bool = False

    @cached_property
    def flat(self) -> ModuleOp:
        """The module that all backends read, one row at a time. Error A0807 where it has no function."""
        return self.formed()

    @cached_property
    def for_c(self) -> ModuleOp:
        """The same where kernels may have a second form."""
        return self.flat if self.c_machine == SCALARS else self.formed(blocks=self.c_machine, plans=self.plans)

    @cached_property
    def for_llvm(self) -> ModuleOp:
        """The same where kernels may be on vectors."""
        machine = self.llvm_machine
        return self.flat if machine == SCALARS else self.formed(machine=machine, order=WITHOUT_PLANS)

    def formed(self, **form: Any) -> ModuleOp:
        """The flat module of the program, or of one function; `form` as of `flat_module`."""
        if entries(self.program.ir):  # printed at this level, and read again
            return self.program.ir
        name = None if self.function is None else self.program.function(self.function).name
        dtype = float_type(self.program, self.dtype)
        module = self.with_derivatives(name, dtype, form) if self.derivatives is not False else None
        if module is None:
            module = flat_module(self.program, name, dtype, keep=self.keep, **form)
        if not entries(module):
            raise Error("A0807", "there is nothing to compile: the program has no public function")
        return module

    def with_derivatives(self, name: str | None, dtype: str, form: dict[str, Any]) -> ModuleOp | None:
        """The same with derivatives; None, and a warning, where they cannot be had and need not be."""
        from anamc.derivatives.companions import with_companions

        try:
            return flat_module(with_companions(self.program, name), None, dtype, keep=self.keep, **form)
        except ScheduleError:
            raise  # what was asked for cannot be had, with derivatives or without
        except (DerivativeError, CallError, PassFailedException) as error:
            if self.derivatives:
                raise
            reason = error.what if isinstance(error, Error) else str(error)
            warnings.warn(f"A1111: no derivatives are written: {shown(reason)}", AnamcWarning, stacklevel=2)
            return None

    @cached_property
    def stem(self) -> str:
        """What files are called: the first function, mangled."""
        forms = ("for_c", "for_llvm", "flat")
        known = next((name for name in forms if name in vars(self)), "flat")  # any that there is already
        return file_stem(entries(getattr(self, known))[0])

    def c_files(self, openmp: bool = False) -> dict[str, str]:
        """Relative path to text of each C file, the header too."""
        from anamc.backends.openacc_c import emit_c

        return emit_c(self.c_module(openmp), self.stem)

    def c_module(self, openmp: bool = False) -> ModuleOp:
        """The module that the C printer reads."""
        module = self.for_c.clone()
        options = {"expand-math": {"mode": (self.math,)}, "convert-parallel-to-acc": {"openmp": (openmp,)}}
        for step in passes(remaining(STAGES["c"], self.program.left_out), options):  # pyright: ignore[reportArgumentType]
            step.apply(Context(), module)
        return module

    def llvm_module(self, triple: str = "", cpu: str = "", features: str = "") -> ModuleOp:
        """The module of the `llvm` dialect, for a machine where one is named."""
        module, context = self.for_llvm.clone(), Context()
        vector_width = width_of(self.llvm_machine)
        machine: dict[str, tuple[str | int | bool, ...]] = {
            "triple": (triple,), "cpu": (cpu,), "features": (features,), "vector_width": (vector_width,)
        }  # fmt: skip
        named = ("set-llvm-target",) if triple or cpu or features or vector_width else ()
        options = {"expand-math": {"mode": (self.math,)}, "set-llvm-target": machine}
        for step in passes((*STAGES["llvm"], *named), options):  # pyright: ignore[reportArgumentType]
            step.apply(context, module)
        return module


def width_of(machine: str) -> int:
    """Bits of vectors that LLVM would halve on its own, else 0: its choice."""
    bits = 0 if machine in (SCALARS, LOOPS) else machine_of(machine).vector_bits
    return bits if bits > HALVED else 0


def entries(module: ModuleOp) -> list[str]:
    """The user's names of the functions of a flat module, in order."""
    found = (op.attributes.get("anamc.entry") for op in module.ops if PLANNED not in op.attributes)
    return [name.data for name in found if isinstance(name, StringAttr)]
