"""A program on its way down: how large it is at each level, and how long it takes to get there."""

from __future__ import annotations

import time
from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp

from anamc.cli.emit import Emitter, entries
from anamc.pipelines import STAGES, remaining, run
from anamc.program import Program

LEVELS = ("tensors", "kernels", "loops", "flat")


@dataclass(frozen=True)
class Level:
    """A level: operations of the module there, and seconds from the level before."""

    name: str
    operations: int
    seconds: float


def operations(module: ModuleOp) -> int:
    """Operations in a module, itself not counted."""
    return sum(1 for _ in module.walk()) - 1


def levels(program: Program, function: str, dtype: str) -> list[Level]:
    """The levels of a program; below tensors those of one function."""
    module = program.ir.clone()
    found = [Level("blocks" if program.is_graph else "source", operations(module), 0.0)]
    for name in LEVELS:
        start = time.perf_counter()
        run(module, remaining(STAGES[name], program.left_out), dtype=dtype if name == "kernels" else None)
        found.append(Level(name, operations(module), time.perf_counter() - start))
        if name == "tensors":
            _keep(module, function, program)
    return found + _targets(Emitter(program, dtype, function))


def _keep(module: ModuleOp, function: str, program: Program) -> None:
    """Removes the public functions but one."""
    for op in list(module.ops):
        name = op.get_attr_or_prop("sym_name")
        text = getattr(name, "data", None)
        if text in program.functions and text != function:
            op.detach()
            op.erase()


def _targets(emitter: Emitter) -> list[Level]:
    entries(emitter.flat)
    found: list[Level] = []
    for name, lower in (("acc (for C)", emitter.c_module), ("llvm", emitter.llvm_module)):
        start = time.perf_counter()
        module = lower()
        found.append(Level(name, operations(module), time.perf_counter() - start))
    return found
