"""Statements printed as text are the same program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from anamc.frontends.index_notation import build_module
from anamc.frontends.index_notation.printing import program_text
from anamc.frontends.index_notation.reader import read
from anamc.frontends.index_notation.source import Source

PAGE = (Path(__file__).parents[4] / "docs/index-notation.md").read_text()
EXAMPLES = re.findall(r"```ix\n(.*?)```", PAGE, re.DOTALL)
TERMS = [
    "1.0 - (2.0 - 3.0) - x[i]",
    "1.0 / (2.0 / x[i]) / 3.0 * 2.0",
    "-(x[i] + 1.0) * -x[i] - -2.0",
    "(1.0 + x[i]) * (x[i] - 1.0)",
    "select(not (x[i] > 0.0 and x[i] < 1.0) or not not true, 1e-30, 1.5e+300)",
    "select((x[i] > 0.0 or true) and false == (1 < 2), 1.0, 2.0)",
    "toScalar((i + 1) div 2 mod (3 div (1 + 1)) * (-i - (2 - 1)))",
    "toScalar([1, 2, 3][wrap(i, 3)] + [[1, 2], [3, 4]][1][0] + x.shape[0] + x.shape.len + x.len)",
    "(let a = x[i]; let b = a * a; a + (let c = b; c - b)) * 2.0",
    "let a = x[i]; a * a",
]


def ops(source: Source, text: str) -> str:
    """The module without places."""
    module = str(build_module(*read(text, source.file), "net"))
    return re.sub(r"<string>:\d+:\d+: ", "", module)


@pytest.mark.parametrize("text", [*EXAMPLES, *(f"input x[n] y[i] ++= {t} | i in 0..<n output y" for t in TERMS)])
def test_there_and_back(text: str) -> None:
    source, statements = read(text, "<string>")
    printed, _ = program_text(statements)
    found, wanted = ops(source, printed), ops(source, text)
    squeezed = re.compile(r"\s+")
    assert squeezed.sub(" ", found) == squeezed.sub(" ", wanted.replace("\\n", " "))
    assert program_text(read(printed, "<string>")[1])[0] == printed


def test_gradients_know_their_place() -> None:
    text = "input x[n] y{i} ++= x{i} | i grad(y)   by { grad(x){i} ++= grad(y){i} | i } output y"
    printed, placed = program_text(read(text, "<string>")[1])
    gradient = next(s for s in placed if hasattr(s, "span"))
    assert printed[slice(*gradient.span)] == "grad(y) by { grad(x){i} ++= grad(y){i} | i }"  # pyright: ignore
