"""
Many random programs in index notation through interpreter, machine code and C, against plain loops.

    PYTHONPATH=.:test/numeric python test/numeric/check_index_programs.py --first 0 --count 2000

float64, 1e-12 of the largest magnitude of each array. Prints what disagrees and the number of programs;
exit status 1 where one disagrees. The tests run a smaller number of the same programs.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

import numpy as np

import anamc
from support.index_programs import Drawing, random_program
from support.routes import CRoute

TOLERANCE = 1e-12


def wrong(found: dict[str, Any], wanted: dict[str, Any]) -> Iterable[str]:
    """The results that differ."""
    for name, value in wanted.items():
        scale = np.abs(value).max(initial=0.0)
        if found[name].shape != value.shape or np.abs(found[name] - value).max(initial=0.0) > TOLERANCE * scale:
            yield name


def sizes(drawing: Drawing, program: anamc.Program) -> dict[str, int]:
    """Run-time sizes by name, as C takes them."""
    arguments = program.function().arguments
    pairs = [pair for a in arguments for pair in zip(a.dims, drawing.arrays[a.name].shape, strict=True)]
    return {name: size for name, size in pairs if isinstance(name, str)}


def check(compilers: tuple[str, ...], seed: int) -> list[str]:
    """What disagrees in one program; an error counts as well."""
    drawing = random_program(seed)
    try:
        program = anamc.parse(drawing.text, format="ix")
        arguments: dict[str, Any] = {a.name: drawing.arrays[a.name] for a in program.function().arguments}
        wanted = drawing.results()
        found = {
            "interpreter": anamc.interpret(program, **arguments),
            "jit": anamc.jit(program, dtype="float64")(**arguments),
        }
        for compiler in compilers:
            with CRoute(compiler).runner(program, program.function().name, "float64") as run:
                found[compiler] = {k: np.array(v) for k, v in run(**arguments, **sizes(drawing, program)).items()}
    except Exception as error:
        return [f"seed {seed}: {type(error).__name__}: {error}\n{drawing.text}"]
    return [
        f"seed {seed}: {name} by {route}\n{drawing.text}"
        for route, values in found.items()
        for name in wrong(values, wanted)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description="random index programs through every route")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--compilers", nargs="*", default=["gcc", "clang-14"])
    options = parser.parse_args()
    failed = done = 0
    with tempfile.TemporaryDirectory() as cache:
        os.environ["ANAMC_CACHE_DIR"] = cache
        seeds = range(options.first, options.first + options.count)
        with ProcessPoolExecutor() as pool:
            for messages in pool.map(partial(check, tuple(options.compilers)), seeds, chunksize=10):
                done += 1
                failed += bool(messages)
                for message in messages:
                    print(message, flush=True)
                if done % 100 == 0:
                    print(f"{done} programs, {failed} wrong", flush=True)
    print(f"{done} programs, {failed} wrong")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
