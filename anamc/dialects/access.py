"""
How `nest.map` and `kernel.rows` reach into tensors: one attribute, one parser, one printer, one verifier.

An access `%t[e0, e1, ...]` has an index expression for each dimension: affine in the iterators
and the size operands, with `floordiv` and `mod` by positive constants, plus *table reads*
`%tab[affine]` of an integer tensor. Stored as

    #nest.access<tables = [(k, affine_map), ...], map = affine_map<(iters)[sizes, table reads] -> (...)>>

where `k` is the position of the table among the operation's table operands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from xdsl.dialects.builtin import (
    I64,
    AffineMapAttr,
    ArrayAttr,
    IndexType,
    IntegerAttr,
    IntegerType,
    MemRefType,
    TensorType,
    i64,
)
from xdsl.ir import Attribute, ParametrizedAttribute, SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
    AffineMap,
    AffineSymExpr,
)
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException


@irdl_attr_definition
class TableReadAttr(ParametrizedAttribute):
    """One read of an index table: the table operand's position and the affine place in it."""

    name = "nest.table"

    table: IntegerAttr[I64]
    map: AffineMapAttr

    def __init__(self, table: int, map: AffineMap) -> None:
        super().__init__(IntegerAttr(table, i64), AffineMapAttr(map))

    @property
    def position(self) -> int:
        return self.table.value.data


@irdl_attr_definition
class AccessAttr(ParametrizedAttribute):
    """An access of one tensor; the map's symbols are the size operands, then the table reads in order."""

    name = "nest.access"

    tables: ArrayAttr[TableReadAttr]
    map: AffineMapAttr

    def __init__(self, map: AffineMap, tables: Sequence[TableReadAttr] = ()) -> None:
        super().__init__(ArrayAttr(tables), AffineMapAttr(map))

    @property
    def indices(self) -> tuple[AffineExpr, ...]:
        return self.map.data.results

    @property
    def is_direct(self) -> bool:
        """True where no index goes through a table."""
        return not self.tables.data

    def is_identity(self) -> bool:
        """True for `[d0, d1, ...]`: every iterator in its own place."""
        return self.is_direct and self.indices == tuple(AffineDimExpr(i) for i in range(self.map.data.num_dims))


def identity(rank: int, sizes: int = 0) -> AccessAttr:
    """`%t[d0, d1, ...]` in a space of `rank` iterators and `sizes` size operands."""
    return select(range(rank), rank, sizes)


def select(dims: Sequence[int], iterators: int, sizes: int = 0) -> AccessAttr:
    """`%t[d_k for k in dims]` in a space of `iterators` iterators."""
    return AccessAttr(AffineMap(iterators, sizes, tuple(AffineDimExpr(k) for k in dims)))


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


def shape_of(type: Attribute) -> tuple[int, ...]:
    """The shape of a tensor or memref type; -1 where dynamic."""
    if not isinstance(type, TensorType | MemRefType):
        raise VerifyException(f"expected a tensor or memref, got {type}")
    return type.get_shape()


def element_of(type: Attribute) -> Attribute:
    """The element type of a tensor or memref type."""
    if not isinstance(type, TensorType | MemRefType):
        raise VerifyException(f"expected a tensor or memref, got {type}")
    return type.element_type


def verify_access(
    op: str, access: AccessAttr, rank: int, iterators: int, sizes: int, tables: Sequence[SSAValue]
) -> None:
    """Ranks, counts of iterators and symbols, and integer tables; raises VerifyException."""
    map = access.map.data
    if len(map.results) != rank:
        raise VerifyException(f"'{op}' access has {len(map.results)} indices, expected {rank}")
    if map.num_dims != iterators or map.num_symbols != sizes + len(access.tables.data):
        raise VerifyException(
            f"'{op}' access map has {map.num_dims} iterators and {map.num_symbols} symbols, "
            f"expected {iterators} and {sizes + len(access.tables.data)}"
        )
    for read in access.tables.data:
        if not 0 <= read.position < len(tables):
            raise VerifyException(f"'{op}' access reads table {read.position} of {len(tables)}")
        place = read.map.data
        if place.num_dims != iterators or place.num_symbols != sizes:
            raise VerifyException(
                f"'{op}' table map has {place.num_dims} iterators and {place.num_symbols} symbols, "
                f"expected {iterators} and {sizes}"
            )
        table = tables[read.position].type
        if not isinstance(element_of(table), IntegerType | IndexType):
            raise VerifyException(f"'{op}' index table must hold integers, got {table}")
        if len(place.results) != len(shape_of(table)):
            raise VerifyException(
                f"'{op}' reads an index table of rank {len(shape_of(table))} at {len(place.results)} indices"
            )
        for expr in place.results:
            _verify_divisors(op, expr)
    for expr in map.results:
        _verify_divisors(op, expr)


def _verify_divisors(op: str, expr: AffineExpr) -> None:
    if not isinstance(expr, AffineBinaryOpExpr):
        return
    if expr.kind in (AffineBinaryOpKind.FloorDiv, AffineBinaryOpKind.CeilDiv, AffineBinaryOpKind.Mod) and not (
        isinstance(expr.rhs, AffineConstantExpr) and expr.rhs.value > 0
    ):
        raise VerifyException(f"'{op}' divides an index by '{expr.rhs}', expected a positive constant")
    _verify_divisors(op, expr.lhs)
    _verify_divisors(op, expr.rhs)


def verify_bounds(op: str, access: AccessAttr, shape: Sequence[int], ranges: Sequence[int | None]) -> None:
    """Indices whose bounds are known stay inside the dimensions that are known; raises VerifyException."""
    if 0 in ranges:
        return
    for k, (expr, size) in enumerate(zip(access.indices, shape, strict=False)):
        bounds = constant_bounds(expr, ranges)
        if bounds is None or (bounds[0] >= 0 and (size < 0 or bounds[1] < size)):
            continue
        raise VerifyException(
            f"'{op}' index {k} runs over {bounds[0]}..{bounds[1]}, outside a dimension of size "
            f"{'?' if size < 0 else size}"
        )


def constant_bounds(expr: AffineExpr, ranges: Sequence[int | None]) -> tuple[int, int] | None:
    """Least and largest value of an index over constant ranges; None where something in it is not constant."""
    match expr:
        case AffineConstantExpr():
            return expr.value, expr.value
        case AffineDimExpr():
            size = ranges[expr.position]
            return None if size is None else (0, size - 1)
        case AffineBinaryOpExpr():
            left, right = constant_bounds(expr.lhs, ranges), constant_bounds(expr.rhs, ranges)
            return None if left is None or right is None else _BOUNDS[expr.kind](left, right)
        case _:
            return None


def _mul_bounds(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    corners = [x * y for x in a for y in b]
    return min(corners), max(corners)


_BOUNDS: Mapping[AffineBinaryOpKind, Callable[[tuple[int, int], tuple[int, int]], tuple[int, int]]] = {
    AffineBinaryOpKind.Add: lambda a, b: (a[0] + b[0], a[1] + b[1]),
    AffineBinaryOpKind.Mul: _mul_bounds,
    AffineBinaryOpKind.FloorDiv: lambda a, b: (a[0] // b[0], a[1] // b[0]),
    AffineBinaryOpKind.CeilDiv: lambda a, b: (-(-a[0] // b[0]), -(-a[1] // b[0])),
    AffineBinaryOpKind.Mod: lambda a, b: (a[0], a[1]) if a[0] >= 0 and a[1] < b[0] else (0, b[0] - 1),
}
