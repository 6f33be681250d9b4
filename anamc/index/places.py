"""Where in a Python file a term or statement was made, and errors that show that line."""

from __future__ import annotations

import inspect
import linecache
import os
from dataclasses import dataclass
from itertools import islice
from types import CodeType

from anamc.errors import FrontendError, Place
from anamc.frontends.index_notation.source import Source, Spot

PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep


@dataclass(frozen=True)
class PythonSpot(Spot):
    """A place in a Python file: line and column from 1."""

    file: str


@dataclass(frozen=True)
class PythonSource(Source):
    """The text that a Python program writes, and errors that point into the Python files."""

    start: Spot
    """Where the program was begun."""

    @property
    def whole(self) -> Place:
        return self.place(self.start)

    def place(self, at: Spot) -> Place:
        return Place(at.file if isinstance(at, PythonSpot) else self.file, at.line, at.column)

    def line(self, at: Spot) -> str:
        return linecache.getline(at.file, at.line) if isinstance(at, PythonSpot) else ""


NOWHERE = PythonSpot(0, 0, "<python>")
_KNOWN: dict[tuple[CodeType, int], PythonSpot] = {}


def here() -> PythonSpot:
    """The place of the caller outside of this package."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_filename.startswith(PACKAGE):
        frame = frame.f_back
    if frame is None:  # a Python without frames
        return NOWHERE
    key = (frame.f_code, frame.f_lasti)
    if key not in _KNOWN:
        _KNOWN[key] = _spot(frame.f_code, frame.f_lasti, frame.f_lineno)
    return _KNOWN[key]


def _spot(code: CodeType, instruction: int, line: int) -> PythonSpot:
    found = next(islice(code.co_positions(), instruction // 2, None), (None, None, None, None))
    first, column = found[0] or line, found[2] or 0
    before = linecache.getline(code.co_filename, first).encode()[:column].decode(errors="replace")
    return PythonSpot(first, max(len(before), column if not before else 0) + 1, code.co_filename)


def misuse(code: str, what: str, *, at: Spot | None = None, help: str = "") -> FrontendError:
    """An error at the caller's place, before the program is built."""
    return PythonSource("", "<python>", NOWHERE).error(code, what, at or here(), help=help)
