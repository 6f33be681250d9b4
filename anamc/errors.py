"""
What users see when something is wrong: what, where, why, how to mend.

Every error that a user can cause is an `Error` with a stable code and a place in the
user's own file or call. `docs/errors.md` lists the codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from xdsl.dialects.builtin import FileLineColLoc, FusedLoc, LocationAttr, NameLoc
from xdsl.utils.exceptions import DiagnosticException, PassFailedException

MAX_SHOWN = 200
"""Longest piece of user text that a message repeats (characters)."""


def shown(text: object) -> str:
    """User text made safe to print: one line, no control characters, not too long."""
    raw = str(text)
    clean = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in raw)
    return clean if len(clean) <= MAX_SHOWN else clean[: MAX_SHOWN - 1] + "…"


@dataclass(frozen=True)
class Place:
    """Where in the user's file: file, line and column (from 1; 0 = unknown), and a path in it."""

    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""

    @classmethod
    def of(cls, location: LocationAttr) -> Place:
        """The place that an MLIR location names; an empty place for an unknown location."""
        match location:
            case FileLineColLoc():
                return cls(location.filename.data, location.line.data, location.column.data)
            case NameLoc():
                inner = location.location
                base = cls.of(inner) if isinstance(inner, FileLineColLoc | NameLoc | FusedLoc) else cls()
                return cls(base.file, base.line, base.column, location.desc.data)
            case FusedLoc():
                for part in location.locations:  # pyright: ignore[reportGeneralTypeIssues]
                    if (place := cls.of(part)) != cls():
                        return place
            case _:
                pass
        return cls()

    def __str__(self) -> str:
        position = f":{self.line}:{self.column}" if self.line else ""
        parts = [PurePath(self.file).as_posix() + position] if self.file else []
        return shown(": ".join([*parts, self.path] if self.path else parts))


class Error(Exception):
    """
    An error that the user can mend.

    `code` is stable (`A0312`), `what` one line, `place` where, `why` the details (what was
    expected, what was found), `help` how to mend it.
    """

    def __init__(self, code: str, what: str, *, place: Place | str = "", why: str = "", help: str = "") -> None:
        self.code = code
        self.what = what
        self.place = Place(path=place) if isinstance(place, str) else place
        self.why = why
        self.help = help
        super().__init__(self.render())

    def render(self) -> str:
        """The message as people read it, several lines."""
        lines = [f"error[{self.code}]: {self.what}"]
        if place := str(self.place):
            lines.append(f"  --> {place}")
        lines += [f"  {line}" for line in self.why.splitlines()]
        if self.help:
            lines.append(f"  help: {self.help}")
        return "\n".join(lines)


class FrontendError(Error, DiagnosticException):
    """A source document or a block graph is wrong."""


class CallError(Error, ValueError):
    """The arguments of a call do not fit the function."""


class ParamsError(Error, ValueError):
    """A parameter vector or file does not fit the program."""


class FileError(Error, OSError):
    """A file or folder cannot be read or written."""


class ToolError(Error, RuntimeError):
    """A tool of the system (a compiler, a viewer) is missing or failed."""


class ScheduleError(Error, PassFailedException):
    """Kernels cannot be run as it was asked for."""


class AnamcWarning(UserWarning):
    """Something that works but is probably not meant; shown with its place."""


class DerivativeError(Error, DiagnosticException):
    """A derivative that cannot be formed: of this operation, or in this argument or result."""
