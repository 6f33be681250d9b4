"""
`kernel.rows`: one fused region over the rows of a set (nodes, edges, samples).

*For every row independently: read, compute, write or accumulate.* Only the leading dimension of
a tensor is indexed: `%X[r]`, `%X[r + 1]`, `%H[%edges[r, 0]]` (through an index table), or
nothing (`%P`: whole). On tensors it is pure and gives results in destination style; on memrefs
(after `bufferize-kernels`) it writes them and has none. The body always sees values.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    I64,
    ArrayAttr,
    IndexType,
    IntegerAttr,
    MemRefType,
    StringAttr,
    SymbolRefAttr,
    TensorType,
    i64,
)
from xdsl.ir import Attribute, Dialect, Operation, Region, SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    IRDLOperation,
    irdl_op_definition,
    lazy_traits_def,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    region_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import EffectInstance, HasParent, IsTerminator, MemoryEffect, MemoryEffectKind, Pure
from xdsl.utils.exceptions import VerifyException

from anamc.dialects.access import (
    AccessAttr,
    element_of,
    shape_of,
    verify_access,
    verify_bounds,
    widen,
)
from anamc.dialects.access_syntax import (
    AccessPrinter,
    Space,
    defined_operand,
    iterator_names,
)
from anamc.dialects.clauses import parse_clauses, parse_plan, print_clauses, print_plan
from anamc.dialects.injective import is_injective
from anamc.dialects.plans import verify_plan
from anamc.dialects.schedule import ScheduleAttr

COMBINERS = ("write", "add", "max")
"""How rows that meet in one row of a result are combined; `write` needs an injective index."""

SCHEDULE = "schedule"
"""The attribute of a kernel that says how it runs."""

Accesses = ArrayAttr[AccessAttr]


@irdl_op_definition
class YieldOp(IRDLOperation):
    """One value for each index of each result of the kernel."""

    name = "kernel.yield"

    values = var_operand_def()

    traits = lazy_traits_def(lambda: (IsTerminator(), HasParent(RowsOp), Pure()))

    assembly_format = "attr-dict ($values^ `:` type($values))?"

    def __init__(self, *values: SSAValue) -> None:
        super().__init__(operands=[values])


class RowsEffects(MemoryEffect):
    """Pure on tensors; on memrefs a kernel reads and writes."""

    @classmethod
    def get_effects(cls, op: Operation) -> set[EffectInstance]:
        if not any(isinstance(v.type, MemRefType) for v in op.operands):
            return set()
        return {EffectInstance(MemoryEffectKind.READ), EffectInstance(MemoryEffectKind.WRITE)}


@irdl_op_definition
class RowsOp(IRDLOperation):
    """
    `%y... = kernel.rows r = %n read(%X[r] : type, %P : type) write(%y0[r] : type) { body }`

    For every row ``0 <= r < n``. Block arguments: the row number (`index`), then one value for
    each read: a `tensor<?x16xf32>` read at `[r]` is a `tensor<16xf32>`. Results start from the
    tensor in the access: `write` (the index must be injective), `add`, `max`; `%A[x | y]` takes
    two contributions of a row. `kernel.yield` gives one value for each index of a result.

    `plan(%p by 256)`: rows run in chunks of 256, by the colours of a plan (`anamc.dialects.plans`).
    """

    name = "kernel.rows"
    irdl_options = (AttrSizedOperandSegments(as_property=True),)

    rows = var_operand_def(IndexType)
    reads = var_operand_def(TensorType | MemRefType)
    inits = var_operand_def(TensorType | MemRefType)
    tables = var_operand_def(TensorType | MemRefType)
    plan = opt_operand_def(TensorType | MemRefType)
    plan_chunk = opt_prop_def(IntegerAttr[I64])
    read_accesses = prop_def(Accesses)
    write_accesses = prop_def(ArrayAttr[Accesses])
    combiners = prop_def(ArrayAttr[StringAttr])
    constant_rows = prop_def(IntegerAttr[I64])
    body = region_def("single_block")
    results_ = var_result_def(TensorType)

    traits = traits_def(RowsEffects())

    def __init__(
        self,
        rows: SSAValue | int,
        reads: Sequence[tuple[SSAValue, AccessAttr]],
        writes: Sequence[tuple[str, SSAValue, Sequence[AccessAttr]]],
        body: Region,
        tables: Sequence[SSAValue] = (),
        sizes: Sequence[SSAValue] = (),
        attributes: dict[str, Attribute] | None = None,
        plan: tuple[SSAValue, int] | None = None,
    ) -> None:
        """
        `sizes` are further size operands that maps use, after a run-time number of rows; `plan` comes with the rows
        of its chunks.
        """
        operands = [*([] if isinstance(rows, int) else [rows]), *(s for s in sizes if s is not rows)]
        super().__init__(
            operands=[operands, [t for t, _ in reads], [t for _, t, _ in writes], tables, plan[0] if plan else None],
            result_types=[[t.type for _, t, _ in writes if isinstance(t.type, TensorType)]],
            properties={
                "read_accesses": ArrayAttr(widen(a, len(operands)) for _, a in reads),
                "write_accesses": ArrayAttr(ArrayAttr(widen(a, len(operands)) for a in w) for _, _, w in writes),
                "combiners": ArrayAttr(StringAttr(c) for c, _, _ in writes),
                "constant_rows": IntegerAttr(rows if isinstance(rows, int) else -1, i64),
                "plan_chunk": IntegerAttr(plan[1], i64) if plan else None,
            },
            regions=[body],
            attributes=attributes or {},
        )

    @property
    def extent(self) -> int | SSAValue:
        """The number of rows: a constant, or the first size operand."""
        constant = self.constant_rows.value.data
        return self.rows[0] if constant < 0 else constant

    @property
    def schedule(self) -> ScheduleAttr | None:
        """How the kernel runs, where that was decided."""
        found = self.attributes.get(SCHEDULE)
        return found if isinstance(found, ScheduleAttr) else None

    @property
    def planned(self) -> tuple[SSAValue, int] | None:
        """The plan and the rows of its chunks, where there is one."""
        if self.plan is None or self.plan_chunk is None:
            return None
        return self.plan, self.plan_chunk.value.data

    @property
    def yielded(self) -> Sequence[SSAValue]:
        last = self.body.block.last_op
        return last.operands if last is not None else ()

    @property
    def is_buffered(self) -> bool:
        """True on memrefs."""
        return any(isinstance(t.type, MemRefType) for t in (*self.reads, *self.inits))

    def yielded_of(self, result: int) -> Sequence[SSAValue]:
        """The values yielded for one result, one an index."""
        first = sum(len(a.data) for a in self.write_accesses.data[:result])
        return self.yielded[first : first + len(self.write_accesses.data[result].data)]

    @classmethod
    def parse(cls, parser: Parser) -> RowsOp:
        name = parser.parse_identifier()
        parser.parse_punctuation("=")
        constant = parser.parse_optional_integer(allow_boolean=False, allow_negative=False)
        extent = defined_operand(parser) if constant is None else constant
        space = Space({name: 0}, [extent] if isinstance(extent, SSAValue) else [])
        reads, writes, _ = parse_clauses(parser, space, COMBINERS, alternatives=True)
        plan = parse_plan(parser)
        attributes = parser.parse_optional_attr_dict_with_keyword()
        body = parser.parse_region()
        return cls(
            extent,
            [(t, a.finish(space)) for t, [a] in reads],
            [(c, t, [a.finish(space) for a in accesses]) for c, t, accesses in writes],
            body,
            space.tables,
            space.sizes,
            dict(attributes.data) if attributes else {},
            plan,
        )

    def print(self, printer: Printer) -> None:
        names = iterator_names([self.body.block.args[0].name_hint])
        printer.print_string(f" {names[0]} = ")
        extent = self.extent
        if isinstance(extent, int):
            printer.print_int(extent)
        else:
            printer.print_ssa_value(extent)
        print_clauses(
            printer,
            AccessPrinter(printer, names, self.rows, self.tables),
            [(t, [a]) for t, a in zip(self.reads, self.read_accesses.data, strict=True)],
            [
                (c.data, t, a.data)
                for c, t, a in zip(self.combiners.data, self.inits, self.write_accesses.data, strict=True)
            ],
        )
        if self.planned is not None:
            print_plan(printer, *self.planned)
        printer.print_op_attributes(self.attributes, print_keyword=True)
        printer.print_string(" ")
        printer.print_region(self.body)

    def verify_(self) -> None:
        if len(self.read_accesses.data) != len(self.reads) or len(self.write_accesses.data) != len(self.inits):
            raise VerifyException("'kernel.rows' needs one access for each tensor")
        if len(self.combiners.data) != len(self.inits):
            raise VerifyException("'kernel.rows' needs one combiner for each result")
        if self.constant_rows.value.data < 0 and not self.rows:
            raise VerifyException("'kernel.rows' has no number of rows")
        plan = () if self.plan is None else (self.plan,)
        kinds = {type(t.type) for t in (*self.reads, *self.inits, *self.tables, *plan)}
        if len(kinds) > 1:
            raise VerifyException("'kernel.rows' works on tensors or on memrefs, not on both")
        reached = list(zip(self.reads, self.read_accesses.data, strict=True))
        for tensor, accesses in zip(self.inits, self.write_accesses.data, strict=True):
            reached += [(tensor, access) for access in accesses]
        ranges = [None if self.constant_rows.value.data < 0 else self.constant_rows.value.data]
        for tensor, access in reached:
            row_type(tensor.type, access)
            verify_access("kernel.rows", access, len(access.indices), 1, len(self.rows), self.tables)
            verify_bounds("kernel.rows", access, shape_of(tensor.type), ranges)
            for read in access.tables:
                table = shape_of(self.tables[read.position].type)
                verify_bounds("kernel.rows", AccessAttr(read.map.data), table, ranges)
        self._verify_arguments()
        self._verify_results()
        verify_plan(self)

    def _verify_arguments(self) -> None:
        expected: list[Attribute] = [IndexType()]
        expected += [row_type(t.type, a) for t, a in zip(self.reads, self.read_accesses.data, strict=True)]
        found = [a.type for a in self.body.block.args]
        if expected != found:
            raise VerifyException(
                f"'kernel.rows' body takes ({', '.join(map(str, expected))}), got ({', '.join(map(str, found))})"
            )

    def _verify_results(self) -> None:
        if not isinstance(self.body.block.last_op, YieldOp):
            raise VerifyException("'kernel.rows' body must end in kernel.yield")
        expected: list[Attribute] = []
        for combiner, tensor, accesses in zip(self.combiners, self.inits, self.write_accesses, strict=True):
            if combiner.data not in COMBINERS:
                raise VerifyException(
                    f"'kernel.rows' has no combiner '{combiner.data}'; expected {', '.join(COMBINERS)}"
                )
            if combiner.data == "write" and not (
                len(accesses) == 1 and is_injective(accesses.data[0], [self.constant_rows.value.data % (1 << 63)])
            ):
                raise VerifyException("'kernel.rows' writes through an index that is not known to be injective")
            expected += [row_type(tensor.type, a) for a in accesses]
        found = [v.type for v in self.yielded]
        if expected != found:
            raise VerifyException(
                f"'kernel.rows' yields ({', '.join(map(str, found))}), expected ({', '.join(map(str, expected))})"
            )
        wanted = [t.type for t in self.inits if isinstance(t.type, TensorType)]
        if [r.type for r in self.results_] != wanted:
            raise VerifyException("'kernel.rows' results must have the types of the tensors they start from")


@irdl_op_definition
class LaunchOp(IRDLOperation):
    """
    ``f(arguments..., lo, hi)`` over ranges of at most `grain` indices that cover ``[0, count)``, in any order.

    `outline-parallel` makes it of a loop whose rounds write to places of their own, for threads.
    """

    name = "kernel.launch"

    callee = prop_def(SymbolRefAttr)
    grain = prop_def(IntegerAttr[I64])
    arguments = var_operand_def()
    count = operand_def(IndexType | I64)

    assembly_format = (
        "$callee `(` $arguments `)` `over` $count `by` $grain attr-dict `:` `(` type($arguments) `)` `,` type($count)"
    )

    def __init__(self, callee: str, arguments: Sequence[SSAValue], count: SSAValue, grain: int) -> None:
        super().__init__(
            operands=[arguments, count],
            properties={"callee": SymbolRefAttr(callee), "grain": IntegerAttr(grain, i64)},
        )


def row_type(type: Attribute, access: AccessAttr) -> TensorType[Attribute]:
    """What a body sees of a tensor or memref: all of it, or without the leading dimension where that is indexed."""
    shape = shape_of(type)
    if len(access.indices) > min(len(shape), 1):
        raise VerifyException(f"'kernel.rows' indexes {len(access.indices)} dimensions of {type}, at most the first")
    return TensorType(element_of(type), shape[len(access.indices) :])


Kernel = Dialect("kernel", [RowsOp, YieldOp, LaunchOp], [ScheduleAttr])
