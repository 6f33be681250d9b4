"""
What all commands share: exit codes, errors and warnings on stderr, one JSON object on stdout.

A command writes through a `Report` and raises `Error` for what the user can mend; `guarded` makes
of both what a shell expects. Text of the user never reaches the terminal as it is.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import os
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TextIO

from xdsl.utils.exceptions import DiagnosticException, ParseError

from anamc.errors import AnamcWarning, Error, shown

OK, USER, USAGE, INTERNAL = 0, 1, 2, 3
INTERRUPTED, PIPE_CLOSED = 130, 141
"""What a shell reports of a process that SIGINT or SIGPIPE ended."""

UNBOUNDED = 10_000
"""Characters, more than any table has in a line."""
CODED = re.compile(r"(A\d{4}): (.*)", re.DOTALL)
SHOWN_WARNING = re.compile(r"warning(\[A\d{4}\])?: ")


def add_without(parser: argparse.ArgumentParser) -> None:
    """`--without`, as of `Program.without`."""
    parser.add_argument(
        "--without", action="append", default=[], metavar="PASS",
        help="leave out a pass that only makes code faster, such as fuse-kernels; may be repeated",
    )  # fmt: skip


class UsageError(Exception):
    """Options that do not go together; exit 2 with a hint at `--help`."""


@dataclass
class Report:
    """What a command says: text for people as it goes, or one JSON object at the end."""

    command: str
    json: bool = False
    data: dict[str, Any] = field(default_factory=dict[str, Any])
    warnings: list[str] = field(default_factory=list[str])

    def say(self, text: str = "") -> None:
        """A line for people; nothing with `--json`."""
        if not self.json:
            print(text)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> None:
        """A table for people; the first column is text, the others are numbers."""
        if self.json:
            return
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD)
        for k, column in enumerate(columns):
            table.add_column(Text(column), justify="right" if k else "left", no_wrap=True)
        for row in rows:
            table.add_row(*map(Text, row))
        # A terminal breaks long lines itself, and files have no width: nothing is cut.
        width = Console(width=UNBOUNDED).measure(table).maximum
        Console(file=sys.stdout, highlight=False, width=width).print(table)

    def finish(self, status: int, error: Error | None = None) -> None:
        """Writes the JSON object, where one is wanted."""
        if not self.json:
            return
        found: dict[str, Any] = {"command": self.command, "ok": status == OK, "warnings": self.warnings, **self.data}
        if error is not None:
            place = str(error.place)
            found["error"] = {
                "code": error.code, "what": error.what, "place": place, "why": error.why, "help": error.help
            }  # fmt: skip
        print(json.dumps(_finite(found), allow_nan=False))


def guarded(report: Report, body: Callable[[], int], *, program: str, debug: bool = False) -> int:
    """
    Runs a command; its exit code: 0 well, 1 an error of the user, 2 usage, 3 an error of ours.

    Errors and warnings go to stderr, without a traceback unless `debug`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("always", AnamcWarning)
        warnings.showwarning = _shower(report)
        try:
            return _reported(report, body, program, debug)
        except KeyboardInterrupt:
            print("\ninterrupted", file=sys.stderr)
            return INTERRUPTED
        except BrokenPipeError:
            _drop_output()
            return PIPE_CLOSED


def _reported(report: Report, body: Callable[[], int], program: str, debug: bool) -> int:
    error: Error | None = None
    try:
        status = body()
    except UsageError as wrong:
        print(f"{program}: error: {wrong}\nsee {program} --help", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        raise
    except Exception as wrong:
        if debug:
            traceback.print_exc()
        error = as_error(wrong)
        status = USER if error is not None else INTERNAL
        error = error or _internal(wrong, program, debug)
        print(error.render(), file=sys.stderr)
    report.finish(status, error)
    sys.stdout.flush()
    return status


def as_error(wrong: Exception) -> Error | None:
    """The error that users see of an exception; `None` where it is not theirs to mend."""
    match wrong:
        case Error():
            return wrong
        case DiagnosticException() | ParseError():
            return Error("A0810", "a pass or a printer refuses the program", why=_lines(wrong))
        case MemoryError():
            return Error("A0811", "out of memory", why=shown(wrong), help="try fewer rows, or a smaller network")
        case _:
            return None


def _lines(wrong: Exception) -> str:
    return "\n".join(shown(line) for line in str(wrong).splitlines()[:20])


def _internal(wrong: Exception, program: str, debug: bool) -> Error:
    hint = "please report it to the authors, with the command line and the input"
    return Error(
        "A0899",
        "internal error: this is a bug of anamc, not of your input",
        why=f"{type(wrong).__name__}: {shown(wrong)}",
        help=hint if debug else f"{hint}; {program} --debug ... shows where it happened",
    )


def _shower(report: Report) -> Callable[..., None]:
    plain = warnings.showwarning

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if not issubclass(category, AnamcWarning):
            plain(message, category, filename, lineno, file, line)
            return
        text = warning_text(str(message))
        report.warnings.append(text)
        print(text, file=sys.stderr)

    return show


def warning_text(text: str) -> str:
    """A warning as people read it: `warning[A0901]: ...`, or `warning: ...` where it has no code."""
    if SHOWN_WARNING.match(text):
        return text
    coded = CODED.fullmatch(text)
    return f"warning[{coded[1]}]: {coded[2]}" if coded else f"warning: {text}"


def _finite(value: Any) -> Any:
    """The same with `null` for numbers that JSON has not."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(k): _finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(v) for v in value]
    return value


def safe_streams() -> None:
    """What a terminal's encoding lacks is escaped, so that no name of the user stops a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """Nobody reads any more; without this Python complains when it closes stdout."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    except (OSError, ValueError):
        return
