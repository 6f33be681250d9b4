"""Every example of the language's page is a program, and says what the page says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import anamc
from anamc.cli.emit import Emitter
from anamc.frontends.index_notation import parse_index_program
from anamc.frontends.index_notation.instructions import SIGNATURES
from anamc.pipelines import lowered

LEVELS = ("tensors", "kernels")
PAGE = (Path(__file__).parents[4] / "docs/index-notation.md").read_text()
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
EXAMPLES = re.findall(r"```ix\n(.*?)```", PAGE, re.DOTALL)
RNG = np.random.default_rng(1)


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_are_programs(example: str) -> None:
    parse_index_program(example)


def test_python_examples_run() -> None:
    names: dict[str, Any] = {}
    for example in PYTHON:
        exec(compile(example, "docs/index-notation.md", "exec"), names)


def test_the_way_down_is_as_shown() -> None:
    program = anamc.parse(next(e for e in EXAMPLES if "W[d] * x[i + d]" in e), "ix", name="conv")
    levels = "".join(str(lowered(program.ir, level, dtype=None)) for level in LEVELS)
    written = "".join(Emitter(program).c_files().values())
    for language, found in (("mlir", levels), ("c", written)):
        for block in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL):
            for line in block.strip().splitlines():
                assert " ".join(line.split()) in " ".join(found.split()), line


def test_what_the_page_says_of_its_targets() -> None:
    program = anamc.parse(next(e for e in EXAMPLES if "target predict" in e), "ix", name="net")
    found = {n: [*s.sizes, *(a.name for a in s.arguments)] for n, s in program.functions.items()}
    assert found["net_predict"] == ["n", "x", "W", "mean"]
    assert set(found["net_loss"]) == {"n", "seed", "x", "y_ref", "W", "mean"}


def test_every_instruction_stands_on_the_page() -> None:
    words = set(re.findall(r"\w+", PAGE))
    assert {name for name in SIGNATURES if name.isidentifier()} <= words


def test_ranges_of_the_page(evaluate: Callable[..., dict[str, NDArray[Any]]]) -> None:
    example = next(e for e in EXAMPLES if "signal" in e)
    signal, filter_ = RNG.normal(size=8), RNG.normal(size=3)
    found = evaluate(example, signal=signal, filter=filter_)
    np.testing.assert_allclose(found["valid"], np.correlate(signal, filter_, "valid"), rtol=1e-12)
    np.testing.assert_allclose(found["middle"][1:], signal[:-2] - 2 * signal[1:-1] + signal[2:], rtol=1e-12)
    np.testing.assert_allclose(found["every"], signal[::2], rtol=1e-12)


def test_terms_of_the_page(evaluate: Callable[..., dict[str, NDArray[Any]]]) -> None:
    example = next(e for e in EXAMPLES if "smooth" in e)
    x = RNG.normal(size=8)
    found = evaluate(example, x=x)
    np.testing.assert_allclose(found["smooth"], 0.25 * np.roll(x, 1) + 0.5 * x + 0.25 * np.roll(x, -1), rtol=1e-12)
    np.testing.assert_allclose(found["tanh2"], np.tanh(x), rtol=1e-12)
