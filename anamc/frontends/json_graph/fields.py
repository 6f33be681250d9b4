"""
Checked reading of JSON objects by tables of fields: `{"size": (width, REQUIRED), ...}`.

A `Cursor` is a value with its path; a check is a function from a cursor to a Python value, and
every refusal says the JSON path, the block's id, line and column.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, NoReturn

from anamc.errors import FrontendError, Place, shown
from anamc.frontends.json_graph.reader import Document, Node, Number, compact

LONGEST_GUESS = 40
"""Longest word for which similar ones are looked up."""


class Absent(Enum):
    """What stands in a table for 'has no default'."""

    REQUIRED = "required"


REQUIRED = Absent.REQUIRED
Check = Callable[["Cursor"], Any]
Table = Mapping[str, tuple[Check, Any]]
"""Field name -> (check, default or REQUIRED)."""


@dataclass(frozen=True)
class Cursor:
    """A value in the document, its JSON path, and the block that it belongs to, like `(id 5)`."""

    document: Document
    node: Node
    path: str = ""
    block: str = ""

    @property
    def place(self) -> Place:
        return self._place(self.node.offset, self.path)

    def in_block(self, number: int) -> Cursor:
        return replace(self, block=f"(id {number})")

    def child(self, name: str) -> Cursor:
        path = f"{self.path}.{name}" if self.path else name
        return replace(self, node=self.members()[name], path=path)

    def fail(self, code: str, what: str, *, why: str = "", help: str = "") -> NoReturn:
        raise FrontendError(code, what, place=self.place, why=why, help=help)

    def expected(self, what: str) -> NoReturn:
        self.fail("A0114", f"{self.name} must be {what}", why=f"got {self.found}")

    @property
    def name(self) -> str:
        """How an error calls the value: its own field, `'size'`, or the document."""
        return f"'{self.path.rpartition('.')[2]}'" if self.path else "the document"

    @property
    def found(self) -> str:
        match self.node.value:
            case dict():
                return "an object"
            case list():
                return "an array"
            case str(text):
                return f"the string '{shown(text)}'"
            case _:
                return shown(compact(self.node))

    def members(self) -> dict[str, Node]:
        if not isinstance(self.node.value, dict):
            self.expected("an object")
        return self.node.value

    def items(self, most: int) -> list[Cursor]:
        if not isinstance(self.node.value, list):
            self.expected("an array")
        if len(self.node.value) > most:
            self.fail("A0121", f"{self.name} is too long", why=f"at most {most} entries, got {len(self.node.value)}")
        return [replace(self, node=n, path=f"{self.path}[{i}]") for i, n in enumerate(self.node.value)]

    def fields(self, table: Table) -> dict[str, Any]:
        """The object's fields by the table: unknown keys, then missing ones, then each value."""
        members = self.members()
        for name, node in members.items():
            if name not in table:
                why, help_ = f"known keys: {', '.join(table)}", closest(name, table)
                place = self._place(node.key, self.path)
                raise FrontendError("A0112", f"unknown key '{shown(name)}'", place=place, why=why, help=help_)
        for name, (_, default) in table.items():
            if default is REQUIRED and name not in members:
                self.fail("A0113", f"missing key '{name}'", why=f"found: {shown(', '.join(members)) or 'nothing'}")
        return {
            name: check(self.child(name)) if name in members else default for name, (check, default) in table.items()
        }

    def _place(self, offset: int, path: str) -> Place:
        return self.document.place(offset, " ".join(part for part in (path, self.block) if part))


def closest(word: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?`, or nothing."""
    found = difflib.get_close_matches(word, list(known), 1) if len(word) <= LONGEST_GUESS else []
    return f"did you mean '{found[0]}'?" if found else ""


def text(at: Cursor) -> str:
    """A string."""
    if not isinstance(at.node.value, str):
        at.expected("a string")
    return at.node.value


def name(at: Cursor) -> str:
    """A string of one or more characters."""
    return text(at) or at.fail("A0122", f"{at.name} is empty")


def boolean(at: Cursor) -> bool:
    """true or false."""
    if not isinstance(at.node.value, bool):
        at.expected("true or false")
    return at.node.value


def number(at: Cursor) -> float:
    """A number that is finite as float64."""
    if not isinstance(at.node.value, Number):
        at.expected("a number")
    value = float(at.node.value.text)
    if not math.isfinite(value):
        at.fail("A0107", f"{at.name} is too large for a float64", why=f"got {shown(at.node.value.text)}")
    return value


def integer(least: int, most: int) -> Check:
    """A JSON integer (no `1.0`, no `true`) from least to most."""

    def check(at: Cursor) -> int:
        if not isinstance(at.node.value, Number) or not at.node.value.is_integer:
            at.expected("an integer")
        value = int(at.node.value.text)
        if not least <= value <= most:
            at.fail("A0118", f"{at.name} is out of range", why=f"from {least} to {most}, got {shown(value)}")
        return value

    return check


def choice(what: str, known: Iterable[str]) -> Check:
    """One of the known words."""
    words = tuple(known)

    def check(at: Cursor) -> str:
        return chosen(at, what, text(at), words)

    return check


def chosen(at: Cursor, what: str, word: str, known: Iterable[str]) -> str:
    if word not in (words := tuple(known)):
        at.fail("A0116", f"unknown {what} '{shown(word)}'", why=f"known: {', '.join(words)}", help=closest(word, words))
    return word


def anything(at: Cursor) -> str:
    """Any JSON, as compact text (`meta`)."""
    return compact(at.node)
