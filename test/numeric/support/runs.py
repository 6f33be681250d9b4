"""Ways to run a program in float64."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from numpy.typing import NDArray

import anamc

Values = NDArray[Any]
Run = Callable[[anamc.Program, Mapping[str, Any]], Mapping[str, Values]]


def interpreted(program: anamc.Program, arrays: Mapping[str, Any]) -> Mapping[str, Values]:
    return anamc.interpret(program, **arrays)


def jitted(program: anamc.Program, arrays: Mapping[str, Any]) -> Mapping[str, Values]:
    return anamc.jit(program, dtype="float64")(**arrays)


RUNS: dict[str, Run] = {"interpret": interpreted, "jit": jitted}
