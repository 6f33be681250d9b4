"""
`nest.map`: structured loop nests on tensors, with value semantics.

*Iterators, reads at index expressions, results at index expressions with a combiner, a pure
scalar body.* linalg.generic with index maps that may divide, take remainders and go through an
index table. Everything else decomposes to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    I64,
    ArrayAttr,
    IndexType,
    IntegerAttr,
    StringAttr,
    TensorType,
    i64,
)
from xdsl.ir import Dialect, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.irdl import (
    AttrSizedOperandSegments,
    IRDLOperation,
    irdl_op_definition,
    lazy_traits_def,
    prop_def,
    region_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import HasParent, IsTerminator, Pure
from xdsl.utils.exceptions import VerifyException

from anamc.dialects.access import (
    AccessAttr,
    TableReadAttr,
    element_of,
    shape_of,
    verify_access,
    verify_bounds,
)
from anamc.dialects.access_syntax import (
    AccessParser,
    AccessPrinter,
    ParsedAccess,
    Space,
    defined_operand,
    iterator_names,
)
from anamc.dialects.injective import is_injective

COMBINERS = ("add", "max", "min", "set")
"""How iterations that meet in one element of a result are combined, in lexicographic order."""


@irdl_op_definition
class YieldOp(IRDLOperation):
    """One scalar for each result of the nest."""

    name = "nest.yield"

    values = var_operand_def()

    traits = lazy_traits_def(lambda: (IsTerminator(), HasParent(MapOp), Pure()))

    assembly_format = "attr-dict ($values^ `:` type($values))?"

    def __init__(self, *values: SSAValue) -> None:
        super().__init__(operands=[values])


@irdl_op_definition
class MapOp(IRDLOperation):
    """
    `%r... = nest.map (i = %m, j = 3) read(%A[i, j] : type, ...) add(%r0[i] : type) { body }`

    For every point of the ranges ``0 <= i < m``, ...: the body computes one scalar for each
    result from the scalars read; it is combined into the result, which starts from the tensor
    named in the access, by `add`, `max`, `min` or `set` (the map must then be injective).
    Block arguments: the iterators (`index`), then one scalar for each read.
    """

    name = "nest.map"
    irdl_options = (AttrSizedOperandSegments(as_property=True),)

    sizes = var_operand_def(IndexType)
    reads = var_operand_def(TensorType)
    inits = var_operand_def(TensorType)
    tables = var_operand_def(TensorType)
    ranges = prop_def(ArrayAttr[IntegerAttr[I64]])
    read_accesses = prop_def(ArrayAttr[AccessAttr])
    write_accesses = prop_def(ArrayAttr[AccessAttr])
    combiners = prop_def(ArrayAttr[StringAttr])
    body = region_def("single_block")
    results_ = var_result_def(TensorType)

    traits = traits_def(Pure())

    def __init__(
        self,
        ranges: Sequence[int | SSAValue],
        reads: Sequence[tuple[SSAValue, AccessAttr]],
        writes: Sequence[tuple[str, SSAValue, AccessAttr]],
        body: Region,
        tables: Sequence[SSAValue] = (),
        sizes: Sequence[SSAValue] = (),
    ) -> None:
        """`sizes` are the size operands in the order that the maps' symbols use; ranges may add to them."""
        operands = list(sizes)
        extents: list[IntegerAttr[I64]] = []
        for extent in ranges:
            if isinstance(extent, int):
                extents.append(IntegerAttr(extent, i64))
                continue
            if extent not in operands:
                operands.append(extent)
            extents.append(IntegerAttr(-1 - operands.index(extent), i64))
        super().__init__(
            operands=[operands, [t for t, _ in reads], [t for _, t, _ in writes], tables],
            result_types=[[t.type for _, t, _ in writes]],
            properties={
                "ranges": ArrayAttr(extents),
                "read_accesses": ArrayAttr(widen(a, len(operands)) for _, a in reads),
                "write_accesses": ArrayAttr(widen(a, len(operands)) for _, _, a in writes),
                "combiners": ArrayAttr(StringAttr(c) for c, _, _ in writes),
            },
            regions=[body],
        )

    @property
    def extents(self) -> tuple[int | SSAValue, ...]:
        """The size of each range: a constant, or a size operand."""
        values = (e.value.data for e in self.ranges.data)
        return tuple(v if v >= 0 else self.sizes[-1 - v] for v in values)

    @property
    def yielded(self) -> Sequence[SSAValue]:
        last = self.body.block.last_op
        return last.operands if last is not None else ()

    @classmethod
    def parse(cls, parser: Parser) -> MapOp:
        space = Space({})
        parser.parse_punctuation("(")
        ranges: list[int | SSAValue] = []
        while not parser.parse_optional_punctuation(")"):
            if ranges:
                parser.parse_punctuation(",")
            name = parser.parse_identifier()
            if name in space.iterators:
                parser.raise_error(f"iterator '{name}' stands twice")
            space.iterators[name] = len(ranges)
            parser.parse_punctuation("=")
            constant = parser.parse_optional_integer(allow_boolean=False, allow_negative=False)
            extent = defined_operand(parser) if constant is None else constant
            if isinstance(extent, SSAValue):
                space.size(extent)
            ranges.append(extent)
        reads, writes = parse_clauses(parser, space, COMBINERS)
        attributes = parser.parse_optional_attr_dict_with_keyword()
        body = parser.parse_region()
        op = cls(
            ranges,
            [(t, a.finish(space)) for t, [a] in reads],
            [(c, t, a.finish(space)) for c, t, [a] in writes],
            body,
            space.tables,
            space.sizes,
        )
        op.attributes |= attributes.data if attributes else {}
        return op

    def print(self, printer: Printer) -> None:
        names = iterator_names([a.name_hint for a in self.body.block.args[: len(self.ranges.data)]])
        printer.print_string(" (")
        for k, (name, extent) in enumerate(zip(names, self.extents, strict=True)):
            printer.print_string(f"{', ' if k else ''}{name} = ")
            _print_extent(printer, extent)
        printer.print_string(")")
        accesses = AccessPrinter(printer, names, self.sizes, self.tables)
        print_clauses(
            printer,
            accesses,
            [(t, [a]) for t, a in zip(self.reads, self.read_accesses.data, strict=True)],
            [
                (c.data, t, [a])
                for c, t, a in zip(self.combiners.data, self.inits, self.write_accesses.data, strict=True)
            ],
        )
        printer.print_op_attributes(self.attributes, print_keyword=True)
        printer.print_string(" ")
        printer.print_region(self.body)

    def verify_(self) -> None:
        iterators, sizes = len(self.ranges.data), len(self.sizes)
        for extent in (e.value.data for e in self.ranges):
            if -1 - extent >= sizes:
                raise VerifyException(f"'nest.map' ranges over size {-1 - extent} of {sizes}")
        if len(self.read_accesses.data) != len(self.reads) or len(self.write_accesses.data) != len(self.inits):
            raise VerifyException("'nest.map' needs one access for each tensor")
        if len(self.combiners.data) != len(self.inits):
            raise VerifyException("'nest.map' needs one combiner for each result")
        ranges = [e if isinstance(e, int) else None for e in self.extents]
        for tensor, access in zip((*self.reads, *self.inits), (*self.read_accesses, *self.write_accesses), strict=True):
            shape = shape_of(tensor.type)
            verify_access("nest.map", access, len(shape), iterators, sizes, self.tables)
            verify_bounds("nest.map", access, shape, ranges)
        for read in (r for a in (*self.read_accesses, *self.write_accesses) for r in a.tables):
            place = AccessAttr(read.map.data)
            verify_bounds("nest.map", place, shape_of(self.tables[read.position].type), ranges)
        self._verify_body(iterators)
        for combiner, access in zip(self.combiners, self.write_accesses, strict=True):
            if combiner.data not in COMBINERS:
                raise VerifyException(f"'nest.map' has no combiner '{combiner.data}'; expected {', '.join(COMBINERS)}")
            if combiner.data == "set" and not self.is_injective(access):
                raise VerifyException(f"'nest.map' sets through {access.map.data}, which is not known to be injective")

    def _verify_body(self, iterators: int) -> None:
        expected = [IndexType()] * iterators + [element_of(t.type) for t in self.reads]
        found = [a.type for a in self.body.block.args]
        if found != expected:
            raise VerifyException(
                f"'nest.map' body takes ({', '.join(map(str, expected))}), got ({', '.join(map(str, found))})"
            )
        if not isinstance(self.body.block.last_op, YieldOp):
            raise VerifyException("'nest.map' body must end in nest.yield")
        wanted, given = [element_of(t.type) for t in self.inits], [v.type for v in self.yielded]
        if wanted != given:
            raise VerifyException(
                f"'nest.map' yields ({', '.join(map(str, given))}), expected ({', '.join(map(str, wanted))})"
            )
        if [r.type for r in self.results_] != [t.type for t in self.inits]:
            raise VerifyException("'nest.map' results must have the types of the tensors they start from")

    def is_injective(self, access: AccessAttr) -> bool:
        """True where it is proved that no two iterations reach one element through `access`."""
        return is_injective(access, [e if isinstance(e, int) else None for e in self.extents])


ReadClause = tuple[SSAValue, list[ParsedAccess]]
WriteClause = tuple[str, SSAValue, list[ParsedAccess]]


def parse_clauses(
    parser: Parser, space: Space, combiners: Sequence[str], *, alternatives: bool = False
) -> tuple[list[ReadClause], list[WriteClause]]:
    """
    `read(access, ...) add(access, ...) ...`; several accesses in one clause, clauses in any number.

    With `alternatives` a result may be reached at several indices: `add(%A[x | y] : type)`.
    """
    reads: list[ReadClause] = []
    writes: list[WriteClause] = []
    accesses = AccessParser(parser, space)
    while (keyword := parser.parse_optional_keyword_in(("read", *combiners))) is not None:
        parser.parse_punctuation("(")
        while not parser.parse_optional_punctuation(")"):
            tensor, parsed = accesses.typed_access(alternatives and keyword != "read")
            if keyword == "read":
                reads.append((tensor, parsed))
            else:
                writes.append((keyword, tensor, parsed))
            if not parser.parse_optional_punctuation(","):
                parser.parse_punctuation(")")
                break
    return reads, writes


def print_clauses(
    printer: Printer,
    accesses: AccessPrinter,
    reads: Sequence[tuple[SSAValue, Sequence[AccessAttr]]],
    writes: Sequence[tuple[str, SSAValue, Sequence[AccessAttr]]],
) -> None:
    """The clauses as `parse_clauses` reads them; neighbours with one combiner share a clause."""
    if reads:
        printer.print_string(" read(")
        printer.print_list(reads, lambda r: accesses.typed_access(*r))
        printer.print_string(")")
    previous = ""
    for combiner, tensor, access in writes:
        printer.print_string(", " if combiner == previous else f"{')' if previous else ''} {combiner}(")
        accesses.typed_access(tensor, access)
        previous = combiner
    if previous:
        printer.print_string(")")


def _print_extent(printer: Printer, extent: int | SSAValue) -> None:
    if isinstance(extent, int):
        printer.print_int(extent)
    else:
        printer.print_ssa_value(extent)


def widen(access: AccessAttr, sizes: int) -> AccessAttr:
    """The access with `sizes` size symbols before its table symbols (it may have been built with fewer)."""
    map, tables = access.map.data, access.tables.data
    given = map.num_symbols - len(tables)
    if given == sizes:
        return access
    dims = [AffineExpr.dimension(i) for i in range(map.num_dims)]
    symbols = [AffineExpr.symbol(i if i < given else i - given + sizes) for i in range(map.num_symbols)]
    widened = AffineMap(
        map.num_dims,
        sizes + len(tables),
        tuple(e.replace_dims_and_symbols(dims, symbols) for e in map.results),
    )
    reads = [TableReadAttr(r.position, AffineMap(r.map.data.num_dims, sizes, r.map.data.results)) for r in tables]
    return AccessAttr(widened, reads)


Nest = Dialect("nest", [MapOp, YieldOp], [AccessAttr, TableReadAttr])
