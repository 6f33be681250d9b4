"""What the tutorials show is true: their blocks of Python run, one after the other."""

import re
from pathlib import Path
from typing import Any

import pytest

TUTORIALS = sorted((Path(__file__).resolve().parents[3] / "docs" / "tutorials").glob("*.md"))


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_the_blocks_of_a_tutorial_run(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, str(page), "exec"), names)
    assert "nest.map" in capsys.readouterr().out
