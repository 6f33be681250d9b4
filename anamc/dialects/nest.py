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
    AffineMapAttr,
    ArrayAttr,
    IndexType,
    IntegerAttr,
    StringAttr,
    TensorType,
    i64,
)
from xdsl.ir import Attribute, Dialect, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.irdl import (
    AttrSizedOperandSegments,
    AttrSizedResultSegments,
    IRDLOperation,
    irdl_op_definition,
    lazy_traits_def,
    opt_prop_def,
    prop_def,
    region_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.parser import Parser
from xdsl.pattern_rewriter import RewritePattern
from xdsl.printer import Printer
from xdsl.traits import HasCanonicalizationPatternsTrait, HasParent, IsTerminator, Pure
from xdsl.utils.exceptions import VerifyException

from anamc.dialects.access import (
    AccessAttr,
    TableReadAttr,
    element_of,
    shape_of,
    verify_access,
    verify_bounds,
    verify_divisors,
    widen,
)
from anamc.dialects.access_syntax import (
    AccessPrinter,
    Space,
    defined_operand,
    iterator_names,
)
from anamc.dialects.clauses import parse_clauses, parse_where, print_clauses, print_where
from anamc.dialects.injective import is_injective
from anamc.dialects.nest_check import CheckOp

COMBINERS = ("add", "max", "min", "set")
"""How iterations that meet in one element of a result are combined, in lexicographic order."""
ORDERED = ("max", "min")
"""Combiners of which one iteration wins."""


@irdl_op_definition
class YieldOp(IRDLOperation):
    """One scalar for each result of the nest."""

    name = "nest.yield"

    values = var_operand_def()

    traits = lazy_traits_def(lambda: (IsTerminator(), HasParent(MapOp), Pure()))

    assembly_format = "attr-dict ($values^ `:` type($values))?"

    def __init__(self, *values: SSAValue) -> None:
        super().__init__(operands=[values])


class NestPatterns(HasCanonicalizationPatternsTrait):
    """`dialects/canonicalization/nest.py`"""

    @classmethod
    def get_canonicalization_patterns(cls) -> tuple[RewritePattern, ...]:
        from anamc.dialects.canonicalization.nest import PATTERNS  # noqa: PLC0415 (patterns import this module)

        return tuple(pattern() for pattern in PATTERNS)


@irdl_op_definition
class MapOp(IRDLOperation):
    """
    `%r... = nest.map (i = %m, j = 3) where(e >= 0, ...) read(%A[i, j] : type, ...) add(%r0[i] : type) { body }`

    For every point of the ranges ``0 <= i < m``, ...: the body computes one scalar for each
    result from the scalars read; it is combined into the result, which starts from the tensor
    named in the access, by `add`, `max`, `min` or `set` (the map must then be injective).
    Block arguments: the iterators (`index`), then one scalar for each read.

    `where`: only the points at which every index expression given is >= 0 are visited. `max(... arg)`
    and `min(... arg)` give one more result, behind the others: the linear number (row-major over the
    ranges) of the first iteration that won, -1 where the initial value did. A NaN wins over every
    number, the first NaN over later ones.
    """

    name = "nest.map"
    irdl_options = (AttrSizedOperandSegments(as_property=True), AttrSizedResultSegments(as_property=True))

    sizes = var_operand_def(IndexType)
    reads = var_operand_def(TensorType)
    inits = var_operand_def(TensorType)
    tables = var_operand_def(TensorType)
    ranges = prop_def(ArrayAttr[IntegerAttr[I64]])
    read_accesses = prop_def(ArrayAttr[AccessAttr])
    write_accesses = prop_def(ArrayAttr[AccessAttr])
    combiners = prop_def(ArrayAttr[StringAttr])
    guards = opt_prop_def(AffineMapAttr)
    arg_of = opt_prop_def(ArrayAttr[IntegerAttr[I64]])
    body = region_def("single_block")
    results_ = var_result_def(TensorType)
    args_ = var_result_def(TensorType)

    traits = traits_def(Pure(), NestPatterns())

    def __init__(
        self,
        ranges: Sequence[int | SSAValue],
        reads: Sequence[tuple[SSAValue, AccessAttr]],
        writes: Sequence[tuple[str, SSAValue, AccessAttr]],
        body: Region,
        tables: Sequence[SSAValue] = (),
        sizes: Sequence[SSAValue] = (),
        *,
        where: Sequence[AffineExpr] = (),
        winners: Sequence[int] = (),
    ) -> None:
        """
        `sizes` are the size operands in the order that the maps' symbols use; ranges may add to them.

        `where`: expressions that are >= 0 at every point visited. `winners`: positions of the `max` and
        `min` results that give their winning iteration too.
        """
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
            result_types=[[t.type for _, t, _ in writes], [number_type(writes[k][1].type) for k in winners]],
            properties={
                "ranges": ArrayAttr(extents),
                "read_accesses": ArrayAttr(widen(a, len(operands)) for _, a in reads),
                "write_accesses": ArrayAttr(widen(a, len(operands)) for _, _, a in writes),
                "combiners": ArrayAttr(StringAttr(c) for c, _, _ in writes),
                "guards": AffineMapAttr(AffineMap(len(extents), len(operands), tuple(where))) if where else None,
                "arg_of": ArrayAttr(IntegerAttr(k, i64) for k in winners) if winners else None,
            },
            regions=[body],
        )

    @property
    def extents(self) -> tuple[int | SSAValue, ...]:
        """The size of each range: a constant, or a size operand."""
        values = (e.value.data for e in self.ranges.data)
        return tuple(v if v >= 0 else self.sizes[-1 - v] for v in values)

    @property
    def where(self) -> tuple[AffineExpr, ...]:
        """Index expressions that are >= 0 at every point visited."""
        return self.guards.data.results if self.guards is not None else ()

    @property
    def winners(self) -> tuple[int, ...]:
        """Positions of the results whose winning iteration is a result too, in the order of those results."""
        return tuple(k.value.data for k in self.arg_of.data) if self.arg_of is not None else ()

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
        where = parse_where(parser, space)
        reads, writes, winners = parse_clauses(parser, space, COMBINERS)
        attributes = parser.parse_optional_attr_dict_with_keyword()
        body = parser.parse_region()
        op = cls(
            ranges,
            [(t, a.finish(space)) for t, [a] in reads],
            [(c, t, a.finish(space)) for c, t, [a] in writes],
            body,
            space.tables,
            space.sizes,
            where=where,
            winners=winners,
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
        print_where(printer, accesses, self.where)
        print_clauses(
            printer,
            accesses,
            [(t, [a]) for t, a in zip(self.reads, self.read_accesses.data, strict=True)],
            [
                (c.data, t, [a])
                for c, t, a in zip(self.combiners.data, self.inits, self.write_accesses.data, strict=True)
            ],
            self.winners,
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
        self._verify_guards(iterators, sizes)
        ranges = [e if isinstance(e, int) and not self.where else None for e in self.extents]
        for tensor, access in zip((*self.reads, *self.inits), (*self.read_accesses, *self.write_accesses), strict=True):
            shape = shape_of(tensor.type)
            verify_access("nest.map", access, len(shape), iterators, sizes, self.tables)
            verify_bounds("nest.map", access, shape, ranges)
        for read in (r for a in (*self.read_accesses, *self.write_accesses) for r in a.tables):
            place = AccessAttr(read.map.data)
            verify_bounds("nest.map", place, shape_of(self.tables[read.position].type), ranges)
        self._verify_body(iterators)
        self._verify_winners()
        for combiner, access in zip(self.combiners, self.write_accesses, strict=True):
            if combiner.data not in COMBINERS:
                raise VerifyException(f"'nest.map' has no combiner '{combiner.data}'; expected {', '.join(COMBINERS)}")
            if combiner.data == "set" and not self.is_injective(access):
                raise VerifyException(f"'nest.map' sets through {access.map.data}, which is not known to be injective")

    def _verify_guards(self, iterators: int, sizes: int) -> None:
        if self.guards is None:
            return
        map = self.guards.data
        if (map.num_dims, map.num_symbols) != (iterators, sizes):
            raise VerifyException(
                f"'nest.map' guards have {map.num_dims} iterators and {map.num_symbols} sizes, "
                f"expected {iterators} and {sizes}"
            )
        for expr in map.results:
            verify_divisors("nest.map", expr)

    def _verify_winners(self) -> None:
        for k in self.winners:
            if not 0 <= k < len(self.inits) or self.winners.count(k) > 1:
                raise VerifyException(f"'nest.map' gives the winning iteration of result {k} of {len(self.inits)}")
            if self.combiners.data[k].data not in ORDERED:
                raise VerifyException(
                    f"'nest.map' combines result {k} by '{self.combiners.data[k].data}': only max and min have a winner"
                )
        expected = [number_type(self.inits[k].type) for k in self.winners]
        if [r.type for r in self.args_] != expected:
            raise VerifyException(
                f"'nest.map' numbers iterations in ({', '.join(map(str, expected))}), "
                f"got ({', '.join(str(r.type) for r in self.args_)})"
            )

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


def number_type(type: Attribute) -> TensorType[Attribute]:
    """The type of the winning iterations of a result: `i64`, in its shape."""
    return TensorType(i64, shape_of(type))


def _print_extent(printer: Printer, extent: int | SSAValue) -> None:
    if isinstance(extent, int):
        printer.print_int(extent)
    else:
        printer.print_ssa_value(extent)


Nest = Dialect("nest", [MapOp, YieldOp, CheckOp], [AccessAttr, TableReadAttr])
