"""Functions of nests in MLIR text, run in every way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

import anamc
from support.routes import OPENMP, CRoute, jitted

GCC = CRoute("gcc")
THREADS = CRoute("gcc", ("-O1", OPENMP))


def ways(text: str, arrays: Mapping[str, Any], dtype: str = "float64") -> Iterator[tuple[str, dict[str, Any]]]:
    """The results of the first function of a text: interpreted, as machine code, as C on one thread and on several."""
    program = anamc.parse(text)
    name = next(iter(program.functions))
    yield "interpreter", anamc.interpret(program, dtype=dtype, **arrays)
    yield "machine code", jitted(program, name, dtype)(**arrays)
    for route in (GCC, THREADS):
        with route.runner(program, name, dtype) as run:
            yield str(route), {k: np.array(v) for k, v in run(**arrays).items()}
