"""
Loops to machine code in this process: LLVM through llvmlite, with a cache on disk.

A warm start only loads: passes and printer are imported when something is compiled.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable
from functools import cache
from io import StringIO

import llvmlite
import llvmlite.binding as llvm
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.arg_spec import ArgSpec

from anamc.backends.llvm_ir.compile_text import compile_library
from anamc.backends.llvm_ir.machine import Machine, host, initialize
from anamc.errors import ToolError
from anamc.pipelines import STAGES, passes, paused_collection
from anamc.runtime.cache import Entry, ObjectCache, cache_key
from anamc.runtime.pool import RUN, pool_address
from anamc.universe import UNIVERSE

_LINKING = threading.Lock()
_NUMBERS = itertools.count()
CODE_MODEL = "jitdefault"
TO_HOST = (*(name for name in STAGES["llvm"] if name != "add-plain-functions"), "set-llvm-target")
"""From a flat module to the `llvm` dialect for this machine. Not verified on the way: LLVM verifies the text."""


@cache
def _linker() -> llvm.LLJIT:
    """One linker for the process; libraries live as long as something holds them."""
    initialize()
    return llvm.create_lljit_compiler(_target(host()))


def _target(machine: Machine) -> llvm.TargetMachine:
    return llvm.Target.from_triple(machine.triple).create_target_machine(
        cpu=machine.cpu, features=machine.features, opt=3, reloc="pic", codemodel=CODE_MODEL
    )


class Library:
    """
    Machine code in memory, made from object code, with the addresses of its functions.

    Whoever calls a function must hold the library; with the last reference the code goes.
    """

    def __init__(self, code: bytes, symbols: Iterable[str], pooled: bool = False) -> None:
        """`pooled`: it runs chunks on the threads of the process."""
        self.code = code
        self.symbols = tuple(symbols)
        builder = llvm.JITLibraryBuilder().add_object_img(code).add_current_process()
        if pooled:
            builder.import_symbol(RUN, pool_address())
        for symbol in self.symbols:
            builder.export_symbol(symbol)
        with _LINKING:
            try:
                self._tracker = builder.link(_linker(), f"anamc_{next(_NUMBERS)}")
            except RuntimeError as e:
                raise ToolError("A0754", "object code cannot be loaded", why=str(e).strip()) from None

    def address(self, symbol: str) -> int:
        """Where the function starts. ToolError where there is none of that name."""
        if symbol not in self.symbols:
            raise ToolError("A0755", f"the library has no function '{symbol}'", why="it has " + ", ".join(self.symbols))
        return self._tracker[symbol]


def machine_key(opt: int = 3) -> tuple[str, ...]:
    """What else than its source decides about object code: LLVM, the machine, the optimisation level."""
    llvm_version = ".".join(map(str, llvm.llvm_version_info))
    machine = host()
    return (llvmlite.__version__, llvm_version, machine.triple, machine.cpu, machine.features, f"O{opt}")


def to_host(threads: int) -> tuple[str, ...]:
    """The passes; with more than one thread, parallel loops are shared among them."""
    if threads == 1:
        return TO_HOST
    behind = TO_HOST.index("convert-index-to-i64") + 1
    return ("outline-parallel", "merge-functions", *TO_HOST[:behind], "convert-launch-to-llvm", *TO_HOST[behind:])


def host_text(flat: ModuleOp, threads: int = 1, math: str = "default", last: bool = False) -> str:
    """
    LLVM IR of a flat module for this machine, with the module's own names.

    `math`: the `mode` of the pass `expand-math`. `flat` stays as it is, unless this is its `last` use.
    """
    context, machine = Context(), host()
    target: dict[str, tuple[str | int | bool, ...]] = {
        "triple": (machine.triple,),
        "cpu": (machine.cpu,),
        "features": (machine.features,),
        "vector_width": (machine.vector_width,),
    }
    options: dict[str, dict[str, tuple[str | int | bool, ...]]] = {
        "set-llvm-target": target,
        "convert-launch-to-llvm": {"threads": (threads,)},
        "expand-math": {"mode": (math,)},
    }
    with paused_collection():
        module = flat if last else flat.clone()
        for step in passes(to_host(threads), options):
            step.apply(context, module)
        text = StringIO()
        own_names = ArgSpec("llvm-ir", {"c_names": (False,)})
        UNIVERSE.all_targets["llvm-ir"]().from_spec(own_names).emit(context, module, text)
    return text.getvalue()


def compile_object(
    flat: ModuleOp,
    opt: int = 3,
    disk: ObjectCache | None = None,
    threads: int = 1,
    math: str = "default",
    last: bool = False,
) -> Entry:
    """
    Object code of a flat module for this machine; `meta["symbols"]` lists its functions.

    With `disk`, looks there first, by the LLVM IR, the machine and the versions. `last`: `flat` may be changed.
    """
    text = host_text(flat, threads, math, last)

    def make() -> Entry:
        code, symbols = compile_library(text, host(), opt, CODE_MODEL)
        return Entry(code, {"symbols": list(symbols), "threads": threads})

    return make() if disk is None else disk.get(cache_key("llvm-ir", text, *machine_key(opt)), make)


def load(entry: Entry) -> Library:
    """Load what `compile_object` made. ToolError where it cannot be."""
    symbols = entry.meta.get("symbols")
    if not isinstance(symbols, list):
        raise ToolError("A0754", "object code cannot be loaded", why="the entry does not name its functions")
    return Library(entry.code, map(str, symbols), pooled=entry.meta.get("threads", 1) != 1)  # pyright: ignore[reportUnknownArgumentType]


def compile_module(
    flat: ModuleOp, opt: int = 3, disk: ObjectCache | None = None, threads: int = 1, math: str = "default"
) -> Library:
    """Compile a flat module for this machine and load it."""
    return load(compile_object(flat, opt, disk, threads, math))
