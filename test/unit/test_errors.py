"""Errors as users see them."""

import pytest
from xdsl.dialects.builtin import (
    ArrayAttr,
    FileLineColLoc,
    FusedLoc,
    IntAttr,
    NameLoc,
    NoneAttr,
    StringAttr,
    UnknownLoc,
)
from xdsl.utils.exceptions import DiagnosticException

from anamc.errors import MAX_SHOWN, CallError, Error, FileError, FrontendError, ParamsError, Place, ToolError, shown

FILE = FileLineColLoc(StringAttr("net.json"), IntAttr(3), IntAttr(7))


def test_user_text_is_one_safe_line() -> None:
    assert shown("a\nb\x1b[31m") == "a\\nb\\x1b[31m"
    assert shown("é") == "é"
    assert len(shown("x" * 1000)) == MAX_SHOWN
    assert shown("x" * 1000).endswith("…")


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (FILE, "net.json:3:7"),
        (NameLoc(StringAttr("blocks[3] (id 5)"), FILE), "net.json:3:7: blocks[3] (id 5)"),
        (NameLoc(StringAttr("blocks[3]"), UnknownLoc()), "blocks[3]"),
        (UnknownLoc(), ""),
    ],
)
def test_places_of_locations(location: FileLineColLoc | NameLoc | UnknownLoc, text: str) -> None:
    assert str(Place.of(location)) == text


def test_a_fused_location_is_its_first_place() -> None:
    assert str(Place.of(FusedLoc(ArrayAttr([UnknownLoc(), FILE]), NoneAttr()))) == "net.json:3:7"
    assert Place.of(FusedLoc(ArrayAttr([UnknownLoc()]), NoneAttr())) == Place()


def test_an_error_says_what_where_why_and_how_to_mend() -> None:
    error = Error(
        "A0312", "widths differ", place=Place("net.json", 3, 7, "blocks[3]"), why="3 and 10\nare not equal", help="add"
    )
    assert str(error).splitlines() == [
        "error[A0312]: widths differ",
        "  --> net.json:3:7: blocks[3]",
        "  3 and 10",
        "  are not equal",
        "  help: add",
    ]
    assert str(Error("A0001", "x", place="argument 'u'")) == "error[A0001]: x\n  --> argument 'u'"
    assert str(Error("A0001", "x")) == "error[A0001]: x"


@pytest.mark.parametrize(
    ("kind", "base"),
    [
        (FrontendError, DiagnosticException),
        (CallError, ValueError),
        (ParamsError, ValueError),
        (FileError, OSError),
        (ToolError, RuntimeError),
    ],
)
def test_errors_are_those_that_callers_expect(kind: type[Error], base: type[Exception]) -> None:
    error = kind("A0001", "what")
    assert isinstance(error, base)
    assert isinstance(error, Error)
    assert str(error) == "error[A0001]: what"
