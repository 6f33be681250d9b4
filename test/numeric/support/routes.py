"""The ways to run a function of a program: interpreter at several levels, JIT, C by the system's compilers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

import anamc
from anamc.backends.openacc_c import emit_c, entry_symbols
from anamc.interpreters import call
from anamc.pipelines import STAGES, context_of_all, passes, run
from anamc.runtime.callable import Function
from anamc.runtime.compiler import flat_module
from anamc.runtime.jit import compile_module
from anamc.runtime.system_compiler import compile_shared, load_entry, load_plain
from anamc.schedule.machines import LOOPS
from anamc.transforms.decompose_to_nest import DecomposeToNestPass
from anamc.transforms.form_kernels import FormKernelsPass
from anamc.transforms.fuse_kernels import FuseKernelsPass
from anamc.transforms.split_reductions import SplitReductionsPass
from anamc.transforms.stash_or_recompute import StashOrRecomputePass
from support.walk import Mesh

Values = NDArray[Any]
Runner = Callable[..., dict[str, Values]]

WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Werror")
OPENACC = "-fopenacc"
OPENMP = "-fopenmp"


def arguments(mesh: Mesh, arrays: Mapping[str, Values], dtype: str) -> dict[str, Any]:
    """Keyword arguments of a call, floats of one type; both sizes, since a graph may show neither."""
    floats = {k: v.astype(dtype) if v.dtype.kind == "f" else v for k, v in arrays.items()}
    return {**floats, "nnodes": mesh.nodes, "nedges": len(mesh.edges)}


# passes on tensors


def on_tensors(program: anamc.Program, function: str, dtype: str) -> ModuleOp:
    """A copy of the module on tensors with one public function and one float type."""
    module = program.tensors.clone()
    for op in list(module.ops):
        if isinstance(op, func.FuncOp) and op.sym_name.data in program.functions.keys() - {function}:
            op.detach()
            op.erase()
    return run(module, [], dtype=dtype)


def applied(module: ModuleOp, passes: Iterable[ModulePass]) -> ModuleOp:
    """The module behind passes; each must leave it valid."""
    for step in passes:
        step.apply(context_of_all(), module)
        module.verify()
    return module


KERNELS: dict[str, tuple[ModulePass, ...]] = {
    "as usual": (FormKernelsPass(), FuseKernelsPass(), SplitReductionsPass()),
    "not fused": (FormKernelsPass(), SplitReductionsPass()),
    "fused a little": (FormKernelsPass(), FuseKernelsPass(max_ops=12), SplitReductionsPass()),
    "sums in one": (FormKernelsPass(), FuseKernelsPass()),
    "sums of pairs": (FormKernelsPass(), FuseKernelsPass(), SplitReductionsPass(block=2)),
    "sums split before fusion": (FormKernelsPass(), SplitReductionsPass(block=3), FuseKernelsPass()),
    "nothing kept": (FormKernelsPass(), FuseKernelsPass(), StashOrRecomputePass("none"), SplitReductionsPass()),
    "kernels alone": (FormKernelsPass(),),
}
"""Ways from tensors to kernels that give the same numbers but for rounding."""

NESTS: dict[str, tuple[ModulePass, ...]] = {
    "nests on batches": (DecomposeToNestPass(),),
    "nests in kernels": (*KERNELS["as usual"], DecomposeToNestPass()),
}
"""Ways to nests; the interpreter reads them, and kernels."""


# the interpreter


def interpreted(program: anamc.Program, function: str, dtype: str, passes: Iterable[ModulePass] = ()) -> Runner:
    """The interpreter behind some more passes."""
    signature = program.function(function)
    module = applied(on_tensors(program, function, dtype), passes)

    def runner(**given: Any) -> dict[str, Values]:
        shapes = [tuple(given[d] if isinstance(d, str) else d for d in a.dims) for a in signature.arguments]
        values = [given[a.name].reshape(shape) for a, shape in zip(signature.arguments, shapes, strict=True)]
        with np.errstate(all="ignore"):
            results = call(module, function, (*(given[s] for s in signature.sizes), *values))
        return {r.name: np.asarray(v) for r, v in zip(signature.results, results, strict=True)}

    return runner


# compiled


def flat(program: anamc.Program, function: str, dtype: str, passes: Iterable[ModulePass] | None = None) -> ModuleOp:
    """What backends read; `passes`: those to kernels, if not the usual ones."""
    if passes is None:
        return flat_module(program, function, dtype)
    module = applied(on_tensors(program, function, dtype), passes)
    return run(module, [*STAGES["loops"], *STAGES["flat"]])


def jitted(program: anamc.Program, function: str, dtype: str, passes: Iterable[ModulePass] | None = None) -> Runner:
    """Machine code by LLVM; without the optimiser where passes are given, for it takes most of the time."""
    if passes is None:
        return anamc.jit(program, function, dtype=dtype)
    return Function(program.function(function), compile_module(flat(program, function, dtype, passes), opt=0), dtype)


def c_files(
    program: anamc.Program, function: str, dtype: str, openmp: bool = False, blocks: bool = True
) -> tuple[dict[str, str], str]:
    """Emitted C as `anamc compile` writes it, and the C name of the function; compilers that take turns share it."""
    return _c_files(_Source(str(program), program), function, dtype, openmp, blocks)


@dataclass(frozen=True)
class _Source:
    """A program, known by its text."""

    text: str
    program: anamc.Program = field(compare=False)


@lru_cache(maxsize=32)
def _c_files(source: _Source, function: str, dtype: str, openmp: bool, blocks: bool) -> tuple[dict[str, str], str]:
    options: dict[str, Any] = {"convert-parallel-to-acc": {"openmp": (openmp,)}}
    flat = flat_module(source.program, function, dtype, blocks=LOOPS if blocks else "")
    module = applied(flat, passes(STAGES["c"], options))
    return emit_c(module, "net"), entry_symbols(module, "net")[function]


@dataclass(frozen=True)
class CRoute:
    """A compiler with its flags; `plain`: through the document's signature; `blocks`: kernels in both forms."""

    command: str
    flags: tuple[str, ...] = ("-O1",)
    plain: bool = False
    blocks: bool = True

    def __str__(self) -> str:
        return " ".join((self.command, *self.flags, *("plain",) * self.plain))

    @contextmanager
    def runner(self, program: anamc.Program, function: str, dtype: str) -> Generator[Runner]:
        """The compiled function; warnings are errors."""
        files, symbol = c_files(program, function, dtype, OPENMP in self.flags, self.blocks)
        library = compile_shared(files, compiler=self.command, flags=(*WARNINGS, *self.flags))
        try:
            load = load_plain if self.plain else load_entry
            yield load(library, program.function(function), dtype, symbol=symbol)
        finally:
            shutil.rmtree(library.parent, ignore_errors=True)


C_ROUTES = (
    CRoute("gcc"),
    CRoute("gcc", plain=True, blocks=False),
    CRoute("gcc", ("-O1", OPENACC)),
    CRoute("gcc", ("-O1", OPENMP)),
    CRoute("clang-14", blocks=False),
    CRoute("clang-19"),
)


def c_parameters(routes: Iterable[CRoute] = C_ROUTES) -> list[Any]:
    """For `pytest.mark.parametrize`: each skipped where its compiler is missing."""
    return [pytest.param(r, id=str(r), marks=pytest.mark.compiler(r.command)) for r in routes]
