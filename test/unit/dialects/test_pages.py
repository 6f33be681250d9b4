"""The examples of the pages of the dialects are true: they parse, verify, and print as modules that read again."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from xdsl.dialects.builtin import ModuleOp

PAGES = Path(__file__).resolve().parents[3] / "docs" / "dialects"


@pytest.mark.parametrize("page", ["mlp", "scatter", "nest", "kernel", "lanes"])
def test_examples_are_modules(page: str, parse: Callable[[str], ModuleOp]) -> None:
    examples = re.findall(r"```mlir\n(.*?)```", (PAGES / f"{page}.md").read_text(), re.S)
    assert examples
    for example in examples:
        assert str(parse(str(parse(example)))) == str(parse(example))
