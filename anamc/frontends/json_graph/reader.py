"""
A small strict JSON reader (RFC 8259) that knows where every value stands.

Stricter than the RFC: repeated keys, lone surrogates, a byte order mark, `NaN` and `Infinity`
are errors; depth, size and the length of numbers are bounded. Linear in the size of the text.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

from anamc.errors import FrontendError, Place, shown

MAX_BYTES = 64 * 2**20
"""Largest document (bytes)."""
MAX_DEPTH = 64
"""Deepest nesting of objects and arrays."""
MAX_NUMBER = 400
"""Longest number (characters)."""

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_WORD = re.compile(r"-?[A-Za-z_]+")
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LITERALS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written."""

    text: str

    @property
    def is_integer(self) -> bool:
        return _INTEGER.fullmatch(self.text) is not None


@dataclass(frozen=True, slots=True)
class Node:
    """A value, the offset of its first character, and that of the key that names it (-1 = none)."""

    value: dict[str, Node] | list[Node] | str | Number | bool | None
    offset: int
    key: int = -1


class Document:
    """A JSON text with its positions; `root` is its value."""

    def __init__(self, text: str | bytes, file: str) -> None:
        self.file = file
        self.text = self._decoded(text)
        self.root = _Reader(self).read()

    def place(self, offset: int, path: str = "") -> Place:
        """Line and column (from 1, in characters) of an offset."""
        line = bisect_right(self._line_starts, offset)
        return Place(self.file, line, offset - self._line_starts[line - 1] + 1, path)

    def error(self, code: str, what: str, offset: int, *, why: str = "", help: str = "") -> NoReturn:
        raise FrontendError(code, what, place=self.place(offset), why=why, help=help)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(m.end() for m in re.finditer("\n", self.text))]

    def _decoded(self, text: str | bytes) -> str:
        whole = Place(self.file)
        try:
            size = len(text.encode() if isinstance(text, str) else text)
            if size > MAX_BYTES:
                why = f"at most {MAX_BYTES} bytes, got {size}"
                raise FrontendError("A0103", "the document is too large", place=whole, why=why)
            decoded = text.decode() if isinstance(text, bytes) else text
        except UnicodeError as error:
            raise FrontendError(
                "A0102", "the document is not UTF-8", place=whole, why=shown(error), help="save the file as UTF-8"
            ) from None
        if decoded.startswith("\ufeff"):
            raise FrontendError(
                "A0102", "the document starts with a byte order mark", place=whole, help="save as UTF-8 without BOM"
            )
        return decoded


class _Reader:
    """Recursive descent over one document; `at` is the offset of the next character."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.at: int = 0

    def read(self) -> Node:
        self.space()
        if self.at == len(self.text):
            self.document.error("A0101", "the document is empty", self.at, why="expected a JSON object")
        root = self.value(0, -1)
        self.space()
        if self.at < len(self.text):
            self.broken("the end of the document")
        return root

    def broken(self, expected: str) -> NoReturn:
        found = f"'{shown(self.text[self.at])}'" if self.at < len(self.text) else "the end of the document"
        self.document.error("A0101", "broken JSON", self.at, why=f"expected {expected}, found {found}")

    def space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def accept(self, character: str) -> bool:
        self.space()
        if self.peek() != character:
            return False
        self.at += 1
        self.space()
        return True

    def value(self, depth: int, key: int) -> Node:
        start = self.at
        match self.peek():
            case "{" | "[" if depth == MAX_DEPTH:
                self.document.error("A0104", f"more than {MAX_DEPTH} objects and arrays in each other", start)
            case "{":
                return Node(self.members(depth + 1), start, key)
            case "[":
                return Node(self.items(depth + 1), start, key)
            case '"':
                return Node(self.string(), start, key)
            case _:
                return Node(self.word(), start, key)

    def members(self, depth: int) -> dict[str, Node]:
        found: dict[str, Node] = {}
        self.accept("{")
        if self.accept("}"):
            return found
        while True:
            self.space()
            start = self.at
            if self.peek() != '"':
                self.broken("a key in double quotes")
            name = self.string()
            if name in found:
                first = self.document.place(found[name].key)
                why = f"it stands first in line {first.line}, column {first.column}"
                self.document.error("A0105", f"repeated key '{shown(name)}'", start, why=why)
            if not self.accept(":"):
                self.broken("':' after the key")
            found[name] = self.value(depth, start)
            if self.accept("}"):
                return found
            if not self.accept(","):
                self.broken("',' or '}'")

    def items(self, depth: int) -> list[Node]:
        found: list[Node] = []
        self.accept("[")
        if self.accept("]"):
            return found
        while True:
            found.append(self.value(depth, -1))
            if self.accept("]"):
                return found
            if not self.accept(","):
                self.broken("',' or ']'")

    def word(self) -> Number | bool | None:
        if number := _NUMBER.match(self.text, self.at):
            return self.number(number.group())
        word = _WORD.match(self.text, self.at)
        if word is None:
            self.broken("a value")
        if word.group() in _LITERALS:
            self.at = word.end()
            return _LITERALS[word.group()]
        if word.group().lstrip("-").lower() in ("nan", "inf", "infinity"):
            self.document.error("A0106", f"'{word.group()}' is no JSON", self.at, why="numbers must be finite")
        self.broken("a value")

    def number(self, text: str) -> Number:
        if len(text) > MAX_NUMBER:
            why = f"at most {MAX_NUMBER} characters, got {len(text)}"
            self.document.error("A0107", "the number is too long", self.at, why=why)
        self.at += len(text)
        if self.peek() and (self.peek().isalnum() or self.peek() in "._+-"):
            self.broken("the end of the number")
        return Number(text)

    def string(self) -> str:
        start = self.at
        self.at += 1
        parts: list[str] = []
        while True:
            if plain := _PLAIN.match(self.text, self.at):
                parts.append(plain.group())
                self.at = plain.end()
            match self.peek():
                case '"':
                    self.at += 1
                    return "".join(parts)
                case "\\":
                    parts.append(self.escape())
                case "":
                    self.document.error("A0101", "broken JSON", start, why="this string has no end")
                case _:
                    self.broken("no control character in a string (write \\n, \\t or \\u00XX)")

    def escape(self) -> str:
        letter = self.text[self.at + 1 : self.at + 2]
        if letter in _ESCAPES:
            self.at += 2
            return _ESCAPES[letter]
        start = self.at
        code = self.code_unit()
        if 0xD800 <= code < 0xDC00 and self.text.startswith("\\u", self.at):
            low = self.code_unit()
            if 0xDC00 <= low < 0xE000:
                return chr(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00))
        if 0xD800 <= code < 0xE000:
            self.document.error("A0108", f"'\\u{code:04x}' is half a character", start, why="a lone surrogate")
        return chr(code)

    def code_unit(self) -> int:
        digits = _HEX.match(self.text, self.at + 2)
        if self.text[self.at + 1 : self.at + 2] != "u" or digits is None:
            self.document.error("A0101", "broken JSON", self.at, why="unknown escape in a string")
        self.at = digits.end()
        return int(digits.group(), 16)


def compact(node: Node) -> str:
    """The value as compact JSON text; numbers as they were written."""
    match node.value:
        case dict():
            return "{" + ",".join(f"{_quoted(k)}:{compact(v)}" for k, v in node.value.items()) + "}"
        case list():
            return "[" + ",".join(map(compact, node.value)) + "]"
        case Number():
            return node.value.text
        case str():
            return _quoted(node.value)
        case _:
            return json.dumps(node.value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
