"""From a program to text of the backends, as `compile`, `run` and `anamc-translate` want it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.utils.exceptions import PassFailedException

from anamc.backends.names import file_stem
from anamc.dialects.forms import PLANNED
from anamc.errors import AnamcWarning, CallError, DerivativeError, Error, ScheduleError, shown
from anamc.pipelines import STAGES, passes
from anamc.program import Program
from anamc.runtime.compiler import flat_module, float_type


@dataclass(frozen=True)
class Emitter:
    """
    The code of a program: all its functions, or one, for one float type.

    `dtype` None: float32, but a program written by hand in MLIR keeps its types. `math`: the `mode` of
    `expand-math`. `derivatives`: those of each function too; None where they can be formed, with a
    warning where not. `keep`: what kernels keep for later ones, as of `anamc.jit`. `blocks`: kernels in C also
    have a form in blocks of rows, which all compilers but those of OpenACC see. `plans`: with these, functions whose
    rows meet also have a form whose threads go by a plan.
    """

    program: Program
    dtype: str | None = None
    function: str | None = None
    math: str = "default"
    derivatives: bool | None = False
    keep: str | int = "all"
    blocks: bool = True
    plans: bool = False

    @cached_property
    def flat(self) -> ModuleOp:
        """The module that the backends read. Error A0807 where it has no function."""
        return self.formed(blocks=False)

    @cached_property
    def blocked(self) -> ModuleOp:
        """The same for C: kernels may have a second form."""
        return self.formed(blocks=True) if self.blocks else self.flat

    def formed(self, blocks: bool) -> ModuleOp:
        """The flat module, with kernels in blocks of rows beside those of one row a thread, or without."""
        if entries(self.program.ir):  # printed at this level, and read again
            return self.program.ir
        name = None if self.function is None else self.program.function(self.function).name
        dtype = float_type(self.program, self.dtype)
        module = self.with_derivatives(name, dtype, blocks) if self.derivatives is not False else None
        if module is None:
            module = flat_module(self.program, name, dtype, keep=self.keep, blocks=blocks, plans=self.plans)
        if not entries(module):
            raise Error("A0807", "there is nothing to compile: the program has no public function")
        return module

    def with_derivatives(self, name: str | None, dtype: str, blocks: bool) -> ModuleOp | None:
        """The same with derivatives; None, and a warning, where they cannot be had and need not be."""
        from anamc.derivatives.companions import with_companions

        try:
            program = with_companions(self.program, name)
            return flat_module(program, None, dtype, keep=self.keep, blocks=blocks, plans=self.plans)
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
        known = self.__dict__.get("flat") or self.blocked
        return file_stem(entries(known)[0])

    def c_files(self, openmp: bool = False) -> dict[str, str]:
        """Relative path to text of each C file, the header too."""
        from anamc.backends.openacc_c import emit_c

        return emit_c(self.c_module(openmp), self.stem)

    def c_module(self, openmp: bool = False) -> ModuleOp:
        """The module that the C printer reads."""
        module = self.blocked.clone()
        options = {"expand-math": {"mode": (self.math,)}, "convert-parallel-to-acc": {"openmp": (openmp,)}}
        for step in passes(STAGES["c"], options):  # pyright: ignore[reportArgumentType]
            step.apply(Context(), module)
        return module

    def llvm_module(self, triple: str = "", cpu: str = "", features: str = "") -> ModuleOp:
        """The module of the `llvm` dialect, for a machine where one is named."""
        module, context = self.flat.clone(), Context()
        machine: dict[str, tuple[str | int | bool, ...]] = {"triple": (triple,), "cpu": (cpu,), "features": (features,)}
        named = ("set-llvm-target",) if triple or cpu or features else ()
        options = {"expand-math": {"mode": (self.math,)}, "set-llvm-target": machine}
        for step in passes((*STAGES["llvm"], *named), options):  # pyright: ignore[reportArgumentType]
            step.apply(context, module)
        return module


def entries(module: ModuleOp) -> list[str]:
    """The user's names of the functions of a flat module, in order."""
    found = (op.attributes.get("anamc.entry") for op in module.ops if PLANNED not in op.attributes)
    return [name.data for name in found if isinstance(name, StringAttr)]
