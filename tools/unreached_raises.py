"""
Lists the `raise` statements of anamc that no test reached; `make raises` runs it after the tests.

Reads the coverage data that `coverage combine` left. A raise that no test can reach is explained
in `tools/unreached_raises.txt`, one line each: `file::function: reason`. Prints what is left,
one `file:line: function: statement` a line, and explanations that no longer explain anything.
Exit status: 0 when both lists are empty, else 1.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tools" / "unreached_raises.txt"


@dataclass(frozen=True)
class Site:
    """A `raise` statement."""

    file: str
    function: str
    line: int
    text: str

    @property
    def key(self) -> str:
        return f"{self.file}::{self.function}"


def sites(file: str, source: str) -> list[Site]:
    """The raise statements of a file, in order."""
    return list(_sites(file, ast.parse(source), ()))


def _sites(file: str, node: ast.AST, scope: tuple[str, ...]) -> Iterator[Site]:
    for child in ast.iter_child_nodes(node):
        inner = scope
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = (*scope, child.name)
        if isinstance(child, ast.Raise):
            text = ast.unparse(child)
            yield Site(file, ".".join(scope) or "<module>", child.lineno, text[:100])
        yield from _sites(file, child, inner)


def explained(text: str) -> dict[str, str]:
    """Reasons by `file::function`; `#` begins a comment line."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    pairs = (line.partition(": ") for line in lines)
    return {key.strip(): reason.strip() for key, _, reason in pairs}


def report(found: list[Site], reached: dict[str, Set[int]], reasons: dict[str, str]) -> list[str]:
    """What is to be mended: raises without test and reason, reasons without such a raise."""
    unreached = [site for site in found if site.line not in reached.get(site.file, frozenset())]
    lines = [f"{s.file}:{s.line}: {s.function}: {s.text}" for s in unreached if not reasons.get(s.key)]
    used = {site.key for site in unreached}
    return lines + [f"{TABLE.name}: nothing is left to explain for {key}" for key in reasons if key not in used]


def measured() -> dict[str, Set[int]]:
    """The lines that ran, by file relative to the root."""
    coverage = Coverage(config_file=str(ROOT / "pyproject.toml"))
    coverage.load()
    data = coverage.get_data()
    return {Path(f).relative_to(ROOT).as_posix(): set(data.lines(f) or ()) for f in data.measured_files()}


def main() -> int:
    found: list[Site] = []
    for path in sorted((ROOT / "anamc").rglob("*.py")):
        found += sites(path.relative_to(ROOT).as_posix(), path.read_text())
    reached = measured()
    if not reached:
        print("no coverage data; run: make raises", file=sys.stderr)
        return 1
    lines = report(found, reached, explained(TABLE.read_text()))
    print("\n".join([*lines, f"{len(found)} raise statements, {len(lines)} to mend"]))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
