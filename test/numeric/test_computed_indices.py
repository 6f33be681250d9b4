"""Indices that are data, or computed from data: right results, or an error, and never a wrong access."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import anamc
from anamc.runtime.system_compiler import compile_shared
from support.computed_programs import random_arrays, random_program
from support.routes import c_files

Result = dict[str, NDArray[Any]]
REFUSED = ("A0522", "A0524", "A0525")
SANITIZERS = ("-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def outcome(call: Any, arrays: Result) -> Result | str:
    """The results of a call, or what its error says."""
    try:
        return call(**arrays)
    except anamc.CallError as error:
        return str(error) if error.code in REFUSED else f"not expected: {error}"


@pytest.mark.parametrize("block", range(5))
def test_calls_give_what_loops_give_or_are_refused(block: int) -> None:
    for seed in range(8 * block, 8 * block + 8):
        drawing = random_program(seed)
        program = anamc.parse(drawing.text, format="ix", name="program")
        compiled = anamc.jit(program, dtype="float64")
        for number in range(10 * seed, 10 * seed + 10):
            arrays = random_arrays(number)
            wanted = drawing.results(arrays)
            found = outcome(compiled, arrays)
            told = outcome(lambda program=program, **a: anamc.interpret(program, **a), arrays)
            if wanted is None:
                assert isinstance(found, str), f"arrays {number} of\n{drawing.text}"
                assert found == told
                assert "not expected" not in found
                continue
            assert isinstance(found, dict), f"arrays {number} of\n{drawing.text}\n{found}"
            assert isinstance(told, dict)
            for name, value in wanted.items():
                # Sums of a few products in the same order.
                np.testing.assert_allclose(found[name], value, rtol=1e-14, err_msg=drawing.text)
                np.testing.assert_allclose(told[name], value, rtol=1e-14, err_msg=drawing.text)


@pytest.mark.compiler("gcc")
@pytest.mark.parametrize("number", range(4))
def test_no_call_of_compiled_c_leaves_its_arrays(number: int) -> None:
    drawing = random_program(number)
    program = anamc.parse(drawing.text, format="ix", name="program")
    files, symbol = c_files(program, "program", "float64")
    library = compile_shared(files, compiler="gcc", flags=SANITIZERS)
    seeds = range(40 * number, 40 * number + 40)
    try:
        done = run_sanitized(library, symbol, number, *seeds)
    finally:
        shutil.rmtree(library.parent, ignore_errors=True)
    assert done.returncode == 0, done.stderr[-2000:]
    refused = [drawing.results(random_arrays(s)) is None for s in seeds]
    assert [line != "fine" for line in done.stdout.split()] == refused


def run_sanitized(library: Path, symbol: str, number: int, *seeds: int) -> subprocess.CompletedProcess[str]:
    """The calls of a library in a process of its own, with the sanitizers' own memory in front."""
    asan = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True)
    here = Path(__file__).resolve().parent
    environment = {
        **os.environ,
        "LD_PRELOAD": asan.stdout.strip(),
        "ASAN_OPTIONS": "detect_leaks=0",
        "PYTHONPATH": os.pathsep.join([str(here), str(here.parents[1])]),
        "PYTHONMALLOC": "malloc",
    }
    words = [sys.executable, "-m", "support.sanitized", str(library), symbol, str(number), *map(str, seeds)]
    return subprocess.run(words, capture_output=True, text=True, env=environment, check=False, timeout=300)
