"""The text of a program, places in it, and errors that show the line with a caret."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from xdsl.dialects.builtin import FileLineColLoc, IntAttr, StringAttr

from anamc.errors import FrontendError, Place, shown

MAX_SHOWN = 100
"""Longest piece of a line that an error shows (characters)."""


@dataclass(frozen=True)
class Spot:
    """A place in the text: line and column from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Source:
    """A text and the name of its file."""

    text: str
    file: str

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def error(self, code: str, what: str, at: Spot, *, why: str = "", help: str = "") -> FrontendError:
        """An error at a place, with its line and a caret below it."""
        details = "\n".join(part for part in (self.caret(at), why) if part)
        return FrontendError(code, what, place=self.place(at), why=details, help=help)

    @property
    def whole(self) -> Place:
        """The program as a whole, for errors that no line of it makes."""
        return Place(self.file)

    def place(self, at: Spot) -> Place:
        """A place in the text as errors name it."""
        return Place(self.file, at.line, at.column)

    def line(self, at: Spot) -> str:
        """The line that a place is in; empty where there is none."""
        return self.lines[at.line - 1] if 1 <= at.line <= len(self.lines) else ""

    def caret(self, at: Spot) -> str:
        """The line of a place, and a caret under its column; a long line is cut around it."""
        line = self.line(at).replace("\t", " ").rstrip("\r\n")
        if not line:
            return ""
        start = max(0, at.column - 1 - MAX_SHOWN // 2)
        before, after = line[start : at.column - 1], line[at.column - 1 : start + MAX_SHOWN]
        lead = shown(before)
        return f"{lead}{shown(after)}\n{' ' * len(lead)}^"

    def location(self, at: Spot) -> FileLineColLoc:
        """The place as the location of an operation."""
        place = self.place(at)
        return FileLineColLoc(StringAttr(place.file), IntAttr(place.line), IntAttr(place.column))
