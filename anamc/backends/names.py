"""
Names and comments of the user, made safe for emitted code (semantics.md, "Names in emitted code").

A name is data from a stranger. Here it becomes an identifier that C, C++ and Fortran accept and
that clashes with nothing, a comment that ends where we end it, or a file name of plain letters.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from anamc.backends import reserved_words as reserved
from anamc.errors import shown

MAX_LENGTH = 63
"""Longest identifier: what C99 compares of an internal name, and Fortran's limit."""

PUBLIC = reserved.C | reserved.CPP | reserved.FORTRAN | reserved.LIBRARY | reserved.FILE
"""Not free for the arguments of public functions."""

FUNCTIONS = PUBLIC | reserved.BUILTIN_FUNCTIONS
"""Not free for functions."""

LOCAL = reserved.C | reserved.LIBRARY
"""Not free for variables inside a C function."""

BASE_LIMIT = 40
"""Longest name of an entry, so that its companions stay within C's limit."""

ENTRY_SUFFIXES = ("", "_eval", "_workspace_size")
"""What every backend appends to the name of an entry."""

PLAIN_SUFFIXES = {"vjp": "_b", "jvp": "_d"}
"""What the plain functions of an entry's derivatives are called."""

DERIVATIVE_SUFFIXES = (
    *PLAIN_SUFFIXES.values(),
    *(f"_{kind}{ending}" for kind in PLAIN_SUFFIXES for ending in ("", "_workspace_size")),
)
"""The same for its derivatives."""


PLANNED_SUFFIX = "_planned"
"""What is behind the name of an entry that goes by a plan."""

PLAN_SUFFIXES = ("_make_plan", "_plan_size", "_plan_workspace_size", "_plan_hash", "_plan_fits")
"""What belongs to a plan, behind the name of the first entry that has it."""


def mangled(text: str, limit: int = MAX_LENGTH) -> str:
    """
    An identifier like `text`, before clashes are looked at.

    Every character outside ``[A-Za-z0-9_]`` becomes ``_``; a leading digit or ``_`` gets ``n``
    before it; what is longer than `limit` is cut and ends in a hash of `text`.
    """
    name = re.sub(r"[^A-Za-z0-9_]", "_", text)
    if not name or name[0] == "_" or name[0].isdigit():
        name = "n" + name
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{name[: limit - 9]}_{digest}"


class Names:
    """
    Identifiers given out in one scope; none is given twice, whatever its case.

    `reserved` (lower case) is never given. A scope made by `inside` also avoids what the outer one
    has given; scopes side by side may give the same name.
    """

    def __init__(self, reserved: Iterable[str] = PUBLIC, outer: Names | None = None) -> None:
        self._reserved = frozenset(reserved)
        self._taken = set[str]()
        self._last: dict[str, int] = {}
        self._outer = outer

    def inside(self, reserved: Iterable[str] | None = None) -> Names:
        """A new scope within this one, with words of its own or the same ones reserved."""
        return Names(self._reserved if reserved is None else reserved, self)

    def free(self, name: str) -> bool:
        """Whether `name` may still be given in this scope."""
        folded = name.lower()
        if folded in self._reserved:
            return False
        scope: Names | None = self
        while scope is not None:
            if folded in scope._taken:
                return False
            scope = scope._outer
        return True

    def take(self, name: str) -> str:
        """Give exactly `name`, reserved or not: for names that the file itself defines."""
        self._taken.add(name.lower())
        return name

    def unique(self, text: str, *, limit: int = MAX_LENGTH, suffixes: Iterable[str] = ("",)) -> str:
        """
        A free identifier like `text`: itself, or with ``_2``, ``_3``, ... behind it.

        With `suffixes`, the identifier is free together with each of these endings, and all are taken.
        """
        base, endings = mangled(text, limit), tuple(suffixes)
        name, number = base, self._last.get(base.lower(), 1)
        while not all(self.free(name + ending) for ending in endings):
            number += 1
            tail = f"_{number}"
            name = mangled(text, limit - len(tail)) + tail if len(base) + len(tail) > limit else base + tail
        self._last[base.lower()] = number
        for ending in endings:
            self.take(name + ending)
        return name


_DANGER = (("\\", "/"), ("*/", "* /"), ("/*", "/ *"), ("??", "? ?"))


def comment(text: str) -> str:
    """
    `text` fit to stand inside ``/* ... */`` or behind ``//``: one line, and harmless.

    Control characters, marks that change the direction of writing, and line ends become spaces,
    backslashes become slashes, ``*/``, ``/*`` and trigraphs are pulled apart.
    """
    line = shown("".join(c if c.isprintable() else " " for c in text))
    for bad, good in _DANGER:
        while bad in line:
            line = line.replace(bad, good)
    return line.strip()


def file_stem(text: str) -> str:
    """A file name without ending, of ``[A-Za-z0-9_]`` only: no folder, no device, no hidden file."""
    name = mangled(text)
    return f"{name}_2" if name.lower() in _DEVICES else name


_DEVICES = frozenset(["con", "prn", "aux", "nul"] + [f"{d}{i}" for d in ("com", "lpt") for i in range(1, 10)])
