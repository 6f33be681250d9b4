"""anamc's emitted C, built by a compiler of the system with all its optimisations and OpenMP."""

from __future__ import annotations

import shutil

from anamc.backends.openacc_c import entry_symbols
from anamc.cli.emit import Emitter
from anamc.runtime.system_compiler import compile_shared, load_entry
from benchmarks.peers.anamc_jit import chosen, derived, named
from benchmarks.peers.base import Prepared, UnavailableError
from benchmarks.workloads.base import Arrays, Work

FLAGS = ("-O3", "-march=native", "-fopenmp")
NAMES = {"gcc": ("gcc",), "clang": ("clang", "clang-19", "clang-18", "clang-17", "clang-16", "clang-15", "clang-14")}
"""Commands of a compiler, the first that is found."""


def prepare(work: Work, gradient: bool, arrays: Arrays, threads: int, compiler: str = "gcc") -> Prepared:
    """As `anamc compile --backend c --openmp` writes it; the threads are OpenMP's, by its environment."""
    command = next((name for name in NAMES[compiler] if shutil.which(name)), None)
    if command is None:
        raise UnavailableError(f"{compiler} is not installed")
    program = derived(work, gradient)
    signature = program.function()
    emitter = Emitter(program, "float32", signature.name)
    files = emitter.c_files(openmp=True)
    symbol = entry_symbols(emitter.c_module(openmp=True), emitter.stem)[signature.name]
    library = compile_shared(files, compiler=command, flags=flags_of(threads))
    try:
        call = load_entry(library, signature, "float32", symbol=symbol).bind(**chosen(program, work.arguments(arrays)))
    finally:
        shutil.rmtree(library.parent, ignore_errors=True)
    return Prepared(call, lambda found: named(work, gradient, arrays, found))


def flags_of(threads: int) -> tuple[str, ...]:
    """One thread needs no OpenMP."""
    return FLAGS if threads > 1 else tuple(f for f in FLAGS if f != "-fopenmp")
