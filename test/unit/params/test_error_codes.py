"""The codes of parameter errors and their page."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_every_code_has_a_row_in_the_docs_and_every_row_a_code() -> None:
    source = "".join(path.read_text() for path in sorted((ROOT / "anamc" / "params").glob("*.py")))
    raised = set(re.findall(r'ParamsError\(\s*"(A\d{4})"', source))
    rows = re.findall(r"^\| (A\d{4}) \|", (ROOT / "docs" / "errors" / "A04.md").read_text(), re.MULTILINE)
    assert raised == set(rows)
    assert len(rows) == len(set(rows))
