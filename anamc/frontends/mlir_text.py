"""MLIR text to a module; text of users that is not ASCII comes back as it was."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import FileLineColLoc, IntAttr, ModuleOp, StringAttr, UnknownLoc
from xdsl.ir import BlockArgument, Operation, SSAValue
from xdsl.parser import Parser
from xdsl.utils.exceptions import DiagnosticException, ParseError
from xdsl.utils.lexer import Span

from anamc.dialects.graph.attributes import decoded
from anamc.errors import FrontendError, Place


class PlacedParser(Parser):
    """xDSL's parser, whose operations and block arguments know where they stand, unless a `loc(...)` says otherwise."""

    def __init__(self, context: Context, text: str, file: str) -> None:
        super().__init__(context, text, file)
        self.file = StringAttr(file)
        self.starts = list(accumulate((len(line) for line in text.split("\n")), lambda a, b: a + b + 1, initial=0))

    def parse_operation(self) -> Operation:
        start = self.pos
        op = super().parse_operation()
        if isinstance(op.location, UnknownLoc):
            op.location = self.location(start)
        return op

    def _register_ssa_definition(self, name: str, values: Sequence[SSAValue], span: Span) -> None:
        super()._register_ssa_definition(name, values, span)
        for value in values:
            if isinstance(value, BlockArgument) and isinstance(value.location, UnknownLoc):
                value.location = self.location(span.start)

    def location(self, position: int) -> FileLineColLoc:
        """Line and column of a position, both from 1."""
        line = bisect_right(self.starts, position)
        return FileLineColLoc(self.file, IntAttr(line), IntAttr(position - self.starts[line - 1] + 1))


def parse_mlir(text: str | bytes, file: str, context: Context) -> ModuleOp:
    """
    A verified module from MLIR text.

    Raises FrontendError where the text is no UTF-8 (A0102), cannot be parsed (A0125), or is not valid (A0126).
    """
    try:
        source = text.decode() if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        raise FrontendError("A0102", "the file is no UTF-8", place=Place(file), why=str(error)) from None
    parser = PlacedParser(context, source, file)
    try:
        module = parser.parse_module()
    except ParseError as error:
        raise FrontendError("A0125", "the MLIR text cannot be parsed", place=Place(file), why=str(error)) from None
    except DiagnosticException as error:
        raise invalid(error, Place.of(parser.location(parser.pos))) from None
    try:
        module.verify()
    except DiagnosticException as error:
        raise invalid(error, first_invalid(module, file)) from None
    restore_text(module)
    return module


def invalid(error: DiagnosticException, place: Place) -> FrontendError:
    """A0126"""
    return FrontendError("A0126", "the MLIR module is not valid", place=place, why=str(error))


def first_invalid(module: ModuleOp, file: str) -> Place:
    """Where an operation stands that is not valid though all that is inside it is; the file where that is unknown."""
    for op in reversed(list(module.walk())):
        try:
            op.verify()
        except DiagnosticException:
            place = Place.of(op.location)
            return place if place.line else Place(file)
    return Place(file)


def restore_text(module: ModuleOp) -> None:
    """Undoes what xDSL's parser does to string literals that are not ASCII (it makes bytes of them) in functions."""
    for function in module.ops:
        if not isinstance(function, func.FuncOp):
            continue
        for table in (function.attributes, function.properties):
            for key in [k for k in table if k.startswith("anamc.") or k in ("arg_attrs", "res_attrs")]:
                table[key] = decoded(table[key])
