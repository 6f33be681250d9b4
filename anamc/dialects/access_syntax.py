"""Accesses in text: `%t[i + 1, %table[e, 0]]` parsed and printed with the names of iterators and operands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.ir import SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
    AffineMap,
    AffineSymExpr,
)
from xdsl.parser import Parser
from xdsl.printer import Printer

from anamc.dialects.access import AccessAttr, TableReadAttr


@dataclass
class Space:
    """
    The names that index expressions may use: iterators, and operands of the operation being parsed.

    `sizes` and `tables` grow while accesses are parsed; sizes named in the ranges come first.
    """

    iterators: dict[str, int]
    sizes: list[SSAValue] = field(default_factory=list[SSAValue])
    tables: list[SSAValue] = field(default_factory=list[SSAValue])

    def size(self, value: SSAValue) -> int:
        return _position(self.sizes, value)

    def table(self, value: SSAValue) -> int:
        return _position(self.tables, value)


_Reads = list[tuple[int, tuple[AffineExpr, ...]]]


@dataclass(frozen=True)
class _Index:
    """A parsed index expression before the number of size operands is known: tables are symbols from -1 down."""

    expr: AffineExpr
    reads: tuple[tuple[int, tuple[AffineExpr, ...]], ...] = ()


@dataclass(frozen=True)
class ParsedAccess:
    """`%t[...]` before the number of size operands is known."""

    indices: tuple[_Index, ...]

    def finish(self, space: Space) -> AccessAttr:
        """The attribute, once all size operands are known."""
        dims, sizes = len(space.iterators), len(space.sizes)
        reads: list[TableReadAttr] = []
        results: list[AffineExpr] = []
        for index in self.indices:
            expr = index.expr
            if index.reads:
                expr = _shift_table_symbols(expr, sizes + len(reads))
                reads += [TableReadAttr(table, AffineMap(dims, sizes, place)) for table, place in index.reads]
            results.append(expr)
        return AccessAttr(AffineMap(dims, sizes + len(reads), tuple(results)), reads)


_TABLE_SYMBOL = 1 << 20
"""First symbol of a table read while parsing; size operands are counted below it."""


def _shift_table_symbols(expr: AffineExpr, first: int) -> AffineExpr:
    match expr:
        case AffineSymExpr() if expr.position >= _TABLE_SYMBOL:
            return AffineSymExpr(expr.position - _TABLE_SYMBOL + first)
        case AffineBinaryOpExpr():
            return AffineBinaryOpExpr(
                expr.kind, _shift_table_symbols(expr.lhs, first), _shift_table_symbols(expr.rhs, first)
            )
        case _:
            return expr


class AccessParser:
    """Parses `%t`, `%t[e, ...]` and `%t[e, ... | f, ...]` in a space of names."""

    def __init__(self, parser: Parser, space: Space) -> None:
        self.parser = parser
        self.space = space

    def access(self, alternatives: bool) -> tuple[SSAValue, list[ParsedAccess]]:
        """A tensor and one access for each alternative; without brackets the tensor is reached whole."""
        tensor = defined_operand(self.parser)
        if not self.parser.parse_optional_punctuation("["):
            return tensor, [ParsedAccess(())]
        found = [self._indices()]
        position = self.parser.pos
        while self.parser.parse_optional_punctuation("|"):
            if not alternatives:
                self.parser.raise_error("only results of a kernel are reached at several indices ('|')", position)
            found.append(self._indices())
        self.parser.parse_punctuation("]")
        return tensor, found

    def typed_access(self, alternatives: bool) -> tuple[SSAValue, list[ParsedAccess]]:
        """An access followed by `: type`, which must be the tensor's."""
        tensor, accesses = self.access(alternatives)
        self.parser.parse_punctuation(":")
        position = self.parser.pos
        stated = self.parser.parse_type()
        if stated != tensor.type:
            self.parser.raise_error(f"this tensor has type {tensor.type}, not {stated}", position)
        return tensor, accesses

    def affine(self) -> AffineExpr:
        """An index expression without table reads."""
        position = self.parser.pos
        index = self._index()
        if index.reads:
            self.parser.raise_error("a guard does not read tables", position)
        return index.expr

    def _indices(self) -> ParsedAccess:
        indices = [self._index()]
        while self.parser.parse_optional_punctuation(","):
            indices.append(self._index())
        return ParsedAccess(tuple(indices))

    def _index(self) -> _Index:
        reads: _Reads = []
        return _Index(self._sum(reads), tuple(reads))

    def _sum(self, reads: _Reads) -> AffineExpr:
        left = self._product(reads)
        while True:
            if self.parser.parse_optional_punctuation("+"):
                left = left + self._product(reads)
            elif self.parser.parse_optional_punctuation("-"):
                left = left - self._product(reads)
            else:
                return left

    def _product(self, reads: _Reads) -> AffineExpr:
        left = self._factor(reads)
        while True:
            position = self.parser.pos
            if self.parser.parse_optional_punctuation("*"):
                left = self._scaled(left, self._factor(reads), position)
            elif self.parser.parse_optional_keyword("floordiv"):
                left = left // self._positive()
            elif self.parser.parse_optional_keyword("ceildiv"):
                left = left.ceil_div(self._positive())
            elif self.parser.parse_optional_keyword("mod"):
                left = left % self._positive()
            else:
                return left

    def _scaled(self, left: AffineExpr, right: AffineExpr, position: int) -> AffineExpr:
        if isinstance(left, AffineConstantExpr) or isinstance(right, AffineConstantExpr):
            return left * right
        self.parser.raise_error("an index is multiplied by constants only", position)

    def _positive(self) -> int:
        position = self.parser.pos
        value = self.parser.parse_integer(allow_boolean=False, allow_negative=False)
        if value < 1:
            self.parser.raise_error("'floordiv', 'ceildiv' and 'mod' need a positive constant", position)
        return value

    def _factor(self, reads: _Reads) -> AffineExpr:
        parser = self.parser
        if parser.parse_optional_punctuation("("):
            inner = self._sum(reads)
            parser.parse_punctuation(")")
            return inner
        if parser.parse_optional_punctuation("-"):
            return -self._factor(reads)
        if (value := parser.parse_optional_integer(allow_boolean=False, allow_negative=False)) is not None:
            return AffineConstantExpr(value)
        if (name := parser.parse_optional_identifier()) is not None:
            if name not in self.space.iterators:
                parser.raise_error(f"'{name}' is no iterator of this operation")
            return AffineDimExpr(self.space.iterators[name])
        return self._operand(reads)

    def _operand(self, reads: _Reads) -> AffineExpr:
        value = defined_operand(self.parser)
        if not self.parser.parse_optional_punctuation("["):
            return AffineSymExpr(self.space.size(value))
        if self.parser.parse_optional_punctuation("]"):  # a table of rank 0
            reads.append((self.space.table(value), ()))
            return AffineSymExpr(_TABLE_SYMBOL + len(reads) - 1)
        place = self._indices()
        self.parser.parse_punctuation("]")
        if any(index.reads for index in place.indices):
            self.parser.raise_error("a table is read at an affine place, not through another table")
        reads.append((self.space.table(value), tuple(index.expr for index in place.indices)))
        return AffineSymExpr(_TABLE_SYMBOL + len(reads) - 1)


def defined_operand(parser: Parser) -> SSAValue:
    """An operand that stands before this operation, of any type."""
    unresolved = parser.parse_unresolved_operand()
    known = parser.ssa_values.get(unresolved.operand_name, ())
    if unresolved.index >= len(known):
        parser.raise_error(f"value %{unresolved.operand_name} is used before it is defined", unresolved.span)
    return known[unresolved.index]


def _position(values: list[SSAValue], value: SSAValue) -> int:
    if value not in values:
        values.append(value)
    return values.index(value)


_PRECEDENCE = {
    AffineBinaryOpKind.Add: 1,
    AffineBinaryOpKind.Mul: 2,
    AffineBinaryOpKind.FloorDiv: 2,
    AffineBinaryOpKind.CeilDiv: 2,
    AffineBinaryOpKind.Mod: 2,
}
_OPERATOR = {
    AffineBinaryOpKind.Add: " + ",
    AffineBinaryOpKind.Mul: " * ",
    AffineBinaryOpKind.FloorDiv: " floordiv ",
    AffineBinaryOpKind.CeilDiv: " ceildiv ",
    AffineBinaryOpKind.Mod: " mod ",
}


class AccessPrinter:
    """Prints accesses with the iterators' names."""

    def __init__(
        self, printer: Printer, iterators: Sequence[str], sizes: Sequence[SSAValue], tables: Sequence[SSAValue]
    ) -> None:
        self.printer = printer
        self.iterators = iterators
        self.sizes = sizes
        self.tables = tables

    def typed_access(self, tensor: SSAValue, accesses: Sequence[AccessAttr]) -> None:
        self.printer.print_ssa_value(tensor)
        if accesses[0].indices:
            self.printer.print_string("[")
            self.printer.print_list(accesses, self._indices, " | ")
            self.printer.print_string("]")
        self.printer.print_string(" : ")
        self.printer.print_attribute(tensor.type)

    def affine(self, expr: AffineExpr) -> None:
        """An index expression without table reads."""
        self._expr(expr, (), 0)

    def _indices(self, access: AccessAttr) -> None:
        self.printer.print_list(access.indices, lambda e: self._expr(e, access.tables.data, 0))

    def _expr(self, expr: AffineExpr, tables: Sequence[TableReadAttr], outer: int) -> None:
        match expr:
            case AffineDimExpr():
                self.printer.print_string(self.iterators[expr.position])
            case AffineSymExpr() if expr.position < len(self.sizes):
                self.printer.print_ssa_value(self.sizes[expr.position])
            case AffineSymExpr():
                self._table(tables[expr.position - len(self.sizes)])
            case AffineBinaryOpExpr():
                self._binary(expr, tables, outer)
            case _:
                self.printer.print_string(str(expr))

    def _table(self, read: TableReadAttr) -> None:
        self.printer.print_ssa_value(self.tables[read.position])
        self.printer.print_string("[")
        self.printer.print_list(read.map.data.results, lambda e: self._expr(e, (), 0))
        self.printer.print_string("]")

    def _binary(self, expr: AffineBinaryOpExpr, tables: Sequence[TableReadAttr], outer: int) -> None:
        level = _PRECEDENCE[expr.kind]
        if level < outer:
            self.printer.print_string("(")
        self._expr(expr.lhs, tables, level)
        self.printer.print_string(_OPERATOR[expr.kind])
        self._expr(expr.rhs, tables, level + 1)
        if level < outer:
            self.printer.print_string(")")


_BARE_NAME = re.compile(r"[A-Za-z_][\w$.]*", re.ASCII)
"""What the parser takes for a name without `%`."""


def iterator_names(hints: Sequence[str | None]) -> list[str]:
    """Names for iterators in text: the block arguments' hints where they are distinct names, else i0, i1, ..."""
    known = [h for h in hints if h is not None and _BARE_NAME.fullmatch(h)]
    if len(known) == len(hints) and len(set(known)) == len(known):
        return known
    return [f"i{k}" for k in range(len(hints))]
