"""anamc in this process: `anamc.jit`, with arguments bound and results allocated once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import anamc
from benchmarks.peers.base import Prepared
from benchmarks.workloads.base import Arrays, Work


def prepare(work: Work, gradient: bool, arrays: Arrays, threads: int) -> Prepared:
    """The function of the program, or of its gradient, on vectors and threads."""
    program = derived(work, gradient)
    call = anamc.jit(program, program.function().name, dtype="float32", threads=threads).bind(
        **chosen(program, work.arguments(arrays))
    )
    return Prepared(call, lambda found: named(work, gradient, arrays, found))


def derived(work: Work, gradient: bool) -> anamc.Program:
    """The program that is compiled."""
    program = work.program()
    return anamc.value_and_grad(program) if gradient else program


def chosen(program: anamc.Program, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Those that the function has; what it does not use need not be there."""
    return {a.name: arguments[a.name] for a in program.function().arguments if a.name in arguments}


def named(work: Work, gradient: bool, arrays: Arrays, found: Mapping[str, Any]) -> Arrays:
    """Results as the peers have them."""
    if not gradient:
        return {"y": np.asarray(next(iter(found.values())))}
    loss = np.asarray(found["loss"]).reshape(())
    return {"loss": loss, **work.parts(np.asarray(found["params_grad"]), arrays)}
