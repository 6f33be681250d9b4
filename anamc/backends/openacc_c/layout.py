"""How emitted files look: licence notice, comments, lists broken into lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from anamc.backends.names import comment
from anamc.backends.notice import NOTICE as LICENCE

WIDTH = 100
"""Longest line that lists are broken for (characters)."""

NOTICE = "".join(["/*\n", *(f" * {line}".rstrip() + "\n" for line in LICENCE), " */\n"])
"""The licence notice as a comment of C."""


def comment_block(lines: Iterable[str]) -> str:
    """A comment of some lines, each made harmless; one line stays on one line. Leading spaces are kept."""
    safe = [" " * (len(line) - len(line.lstrip())) + comment(line) for line in lines]
    if len(safe) == 1:
        return f"/* {safe[0]} */\n"
    return "".join(["/*\n", *(f" * {line}".rstrip() + "\n" for line in safe), " */\n"])


def broken(start: str, items: Sequence[str], end: str, indent: str, width: int = WIDTH) -> str:
    """``start item, item, ... end``, in lines of at most `width` if the items allow; later ones begin with `indent`."""
    line, lines = start, list[str]()
    for i, item in enumerate(items):
        last = i == len(items) - 1
        piece = item + (end if last else ",")
        fresh = line in (start, indent)
        if not fresh and len(line) + 1 + len(piece) > width:
            lines.append(line)
            line, fresh = indent, True
        line += piece if fresh else f" {piece}"
    return "\n".join([*lines, line if items else start + end])


def table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows with aligned columns."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))] if rows else []
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
