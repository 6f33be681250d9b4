"""anamc's emitted C, built by a compiler of the system with all its optimisations and OpenMP."""

from __future__ import annotations

import shutil

from anamc.backends.openacc_c import emit_c, entry_symbols, plans_of_entries
from anamc.cli.emit import Emitter
from anamc.runtime.planned_c import load_planned
from anamc.runtime.system_compiler import compile_shared, load_entry
from benchmarks.peers.anamc_jit import chosen, derived, named
from benchmarks.peers.base import Prepared, UnavailableError
from benchmarks.workloads.base import Arrays, Work

FLAGS = ("-O3", "-march=native", "-fno-math-errno", "-fopenmp")
NAMES = {"gcc": ("gcc",), "clang": ("clang", "clang-19", "clang-18", "clang-17", "clang-16", "clang-15", "clang-14")}
"""Commands of a compiler, the first that is found."""


def prepare(work: Work, gradient: bool, arrays: Arrays, threads: int, compiler: str = "gcc") -> Prepared:
    """
    As `anamc compile --backend c --openmp` writes it; the threads are OpenMP's, by its environment.

    Where rows meet they go by a plan, which is made once, as the JIT does.
    """
    command = next((name for name in NAMES[compiler] if shutil.which(name)), None)
    if command is None:
        raise UnavailableError(f"{compiler} is not installed")
    program = derived(work, gradient)
    signature = program.function()
    emitter = Emitter(program, "float32", signature.name, plans=True)
    module = emitter.c_module(openmp=True)
    symbol = entry_symbols(module, emitter.stem)[signature.name]
    library = compile_shared(emit_c(module, emitter.stem), compiler=command, flags=flags_of(threads))
    planned = plans_of_entries(module, emitter.stem).get(signature.name)
    try:
        if planned is None:
            function = load_entry(library, signature, "float32", symbol=symbol)
        else:
            function = load_planned(library, signature, "float32", *planned)
        call = function.bind(**chosen(program, work.arguments(arrays)))
    finally:
        shutil.rmtree(library.parent, ignore_errors=True)
    return Prepared(call, lambda found: named(work, gradient, arrays, found))


def flags_of(threads: int) -> tuple[str, ...]:
    """One thread needs no OpenMP."""
    return FLAGS if threads > 1 else tuple(f for f in FLAGS if f != "-fopenmp")
