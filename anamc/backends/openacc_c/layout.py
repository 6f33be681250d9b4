"""How emitted files look: licence notice, comments, lists broken into lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from anamc.backends.names import comment

WIDTH = 100
"""Longest line that lists are broken for (characters)."""

NOTICE = """\
/*
 * SPDX-License-Identifier: 0BSD
 *
 * Permission to use, copy, modify, and/or distribute this software for any
 * purpose with or without fee is hereby granted.
 *
 * THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES
 * WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
 * MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY
 * SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
 * WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION
 * OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN
 * CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
 *
 * Written by anamc. What is to be changed is changed in the graph.
 */
"""


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
