"""Every example of the language's page is a program, and says what the page says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from anamc.frontends.index_notation import parse_index_program
from anamc.frontends.index_notation.instructions import SIGNATURES

PAGE = (Path(__file__).parents[4] / "docs/index-notation.md").read_text()
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
EXAMPLES = re.findall(r"```ix\n(.*?)```", PAGE, re.DOTALL)
RNG = np.random.default_rng(1)


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_are_programs(example: str) -> None:
    parse_index_program(example)


@pytest.mark.parametrize("example", PYTHON)
def test_python_examples_run(example: str) -> None:
    exec(compile(example, "docs/index-notation.md", "exec"), {})


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
