"""The page of derivative rules is what the tables say."""

import runpy
from pathlib import Path

TOOL = Path(__file__).resolve().parents[3] / "tools" / "generate_derivative_reference.py"


def test_the_page_is_up_to_date() -> None:
    made = runpy.run_path(str(TOOL))
    assert made["PAGE"].read_text() == made["page"](), "run tools/generate_derivative_reference.py"


def test_every_rule_has_a_formula() -> None:
    made = runpy.run_path(str(TOOL))
    empty = [line for line in made["page"]().splitlines() if line.startswith("| `") and line.endswith("|  |")]
    assert not empty
