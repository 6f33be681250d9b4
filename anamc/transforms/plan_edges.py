"""Pass `plan-edges`: kernels whose rows meet through index tables take a plan, so that they run in parallel."""

from __future__ import annotations

from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects import arith, func
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    ArrayAttr,
    DictionaryAttr,
    FunctionType,
    IndexType,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    TensorType,
    UnitAttr,
    i32,
)
from xdsl.ir import BlockArgument, Operation, SSAValue
from xdsl.ir.affine import AffineSymExpr
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.orders import column_number
from anamc.analysis.regions import operations_in
from anamc.analysis.rows import Dim, Dims, argument_dims, argument_name
from anamc.analysis.work import piece
from anamc.dialects import kernel
from anamc.dialects.access import AccessAttr, block_of, element_of
from anamc.dialects.forms import HOST_ONLY, PLANNED
from anamc.dialects.plans import COLUMNS, PLAN, PlanSource
from anamc.dialects.size_syntax import size_text
from anamc.dialects.sizes import Name, Number, made
from anamc.transforms.merge_functions import is_private
from anamc.transforms.unique_names import unique

COMPANION = "anamc.companion"
"""Of a derivative: whose it is. Its planned form is no derivative of its own."""
Column = tuple[str, int, str]


@dataclass
class Planner:
    """
    The plans of one function: an argument for each number of rows, chunk, and columns of tables.

    `sized`: only where all that is counted has a size that the caller knows, as C needs to make a plan.
    """

    function: func.FuncOp
    chunk: int
    sized: bool = False
    plans: dict[tuple[SSAValue, PlanSource], BlockArgument] = field(
        default_factory=dict[tuple[SSAValue, PlanSource], BlockArgument]
    )

    def __post_init__(self) -> None:
        self.dims = Dims(self.function)

    def plan(self, op: kernel.RowsOp) -> None:
        """Gives a kernel its plan where it has use for one."""
        extent = op.extent
        if op.plan is not None or not isinstance(extent, BlockArgument) or self.name(extent) is None:
            return
        source = self.source(op)
        if source is None:
            return
        key = (extent, source)
        if key not in self.plans:
            self.plans[key] = self.argument(extent, source)
        planned = kernel.RowsOp(
            extent,
            list(zip(op.reads, op.read_accesses.data, strict=True)),
            [(c.data, t, a.data) for c, t, a in zip(op.combiners, op.inits, op.write_accesses, strict=True)],
            op.detach_region(op.body),
            op.tables,
            op.rows,
            dict(op.attributes),
            (self.plans[key], source.chunk),
        )
        planned.location = op.location
        Rewriter.insert_op(planned, InsertPoint.before(op))
        for old, new in zip(op.results, planned.results, strict=True):
            new.name_hint = old.name_hint
            old.replace_all_uses_with(new)
        Rewriter.erase_op(op)

    def source(self, op: kernel.RowsOp) -> PlanSource | None:
        """What the plan of a kernel is made of; None where it has no use for one, or none can be made in time."""
        columns: dict[Column, None] = {}
        tiles: set[int] = set()
        for combiner, init, accesses in zip(op.combiners, op.inits, op.write_accesses, strict=True):
            for access in accesses if combiner.data != "write" else ():
                tile = block_of(access)
                if tile is not None and combiner.data == "add":
                    tiles.add(tile)
                elif (column := self.column(op, init, access)) is not None:
                    columns.setdefault(column)
                else:
                    return None
        if not columns or len(tiles) > 1:
            return None
        return PlanSource(next(iter(tiles), piece(op, self.chunk)), tuple(sorted(columns)))

    def column(self, op: kernel.RowsOp, init: SSAValue, access: AccessAttr) -> Column | None:
        """The column of an argument through which rows are added: `[%table[r]]` or `[%table[r, c]]`."""
        match access.indices, access.tables.data:
            case (AffineSymExpr(position=position),), (read,) if position == len(op.rows):
                table, place = op.tables[read.position], read.map.data.results
            case _:
                return None
        number = column_number(place)
        if number is None or not isinstance(table, BlockArgument) or (name := self.name(table)) is None:
            return None
        rows = self.dims.rows(init)
        known = self.name(rows) if isinstance(rows, BlockArgument) else None
        counted = known or (str(rows) if isinstance(rows, int) else "")
        if self.sized and not (counted and self.is_sized(table, number, op.extent)):
            return None
        return name, number, counted

    def is_sized(self, table: BlockArgument, column: int, rows: Dim) -> bool:
        """True for numbers of 32 bits in a table that says how many rows of how many numbers it has."""
        declared = argument_dims(self.function, table.index) or ()
        wide = column < 0 or (len(declared) == 2 and isinstance(declared[1], int))
        known = isinstance(rows, SSAValue) and bool(declared) and declared[0] == self.name(rows)
        return known and wide and element_of(table.type) == i32

    def name(self, value: SSAValue) -> str | None:
        """The name of an argument of the function."""
        if not isinstance(value, BlockArgument) or value.block is not self.function.body.block:
            return None
        return argument_name(self.function, value.index)

    def argument(self, rows: BlockArgument, source: PlanSource) -> BlockArgument:
        """One more argument of the function, behind all others."""
        function, block = self.function, self.function.body.block
        name, size = self.name(rows) or "", self.length(rows, source.chunk)
        used = {n for k in range(len(block.args)) if (n := argument_name(function, k)) is not None}
        type = TensorType(i32, [DYNAMIC_INDEX, COLUMNS])
        argument = block.insert_arg(type, len(block.args))
        argument.name_hint = "plan"
        attributes = DictionaryAttr(
            {
                "anamc.name": StringAttr(unique(f"{name}_plan", used)),
                "anamc.dims": ArrayAttr([StringAttr(size), IntegerAttr(COLUMNS, IndexType())]),
                PLAN: source.attribute(),
            }
        )
        given = function.arg_attrs.data if function.arg_attrs is not None else ()
        function.properties["arg_attrs"] = ArrayAttr([*given, attributes])
        outputs = function.function_type.outputs.data
        function.properties["function_type"] = FunctionType.from_lists([a.type for a in block.args], outputs)
        return argument

    def length(self, rows: BlockArgument, chunk: int) -> str:
        """``rows ceildiv chunk + 1``, computed at the start of the function; its text."""
        size = arith.ConstantOp.from_int_and_width(chunk, IndexType())
        count = arith.CeilDivSIOp(rows, size.result)
        one = arith.ConstantOp.from_int_and_width(1, IndexType())
        length = arith.AddiOp(count.result, one.result)
        text = size_text(made("+", made("ceildiv", Name(self.name(rows) or ""), Number(chunk)), Number(1)))
        length.attributes["anamc.size"] = StringAttr(text)
        ops: list[Operation] = [size, count, one, length]
        Rewriter.insert_op(ops, InsertPoint.at_start(self.function.body.block))
        return text


@dataclass(frozen=True)
class PlanEdgesPass(ModulePass):
    """
    ``kernel.rows r = %n ... add(%a[%e[r, 0] | %e[r, 1]])`` => the same with ``plan(%plan by 1024)``.

    `%plan` is one more argument of the function, which the caller makes of the tables that its
    attribute `anamc.plan` names: chunks of rows, coloured so that those of one colour meet nowhere and may run in
    parallel. Kernels that meet in the same way share a plan. Kernels with sums over blocks of
    rows have these blocks as chunks; others `chunk` rows, and less where a row computes much. Refuses
    tables that are computed, indices that are more than an element of a table, sums over all rows, and a
    number of rows that is no argument of the function.
    `beside=true`, for emitted C: functions stay as they are; behind each `@f` that has use for a plan stands
    `@f_planned`, which takes it and says so (``anamc.planned = "f"``, `anamc.host_only`). There tables are of 32 bits,
    and what they count has a size among the arguments, so that C can make the plan.
    """

    name = "plan-edges"

    chunk: int = 1024
    beside: bool = False

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.chunk < 1:
            raise PassFailedException(f"plan-edges: chunk must be >= 1, got {self.chunk}")
        functions = [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]
        taken = {f.sym_name.data for f in functions}
        for function in functions:
            if not self.beside:
                planned(function, self.chunk)
            elif not is_private(function):
                copy = function.clone()
                if planned(copy, self.chunk, sized=True):
                    Rewriter.insert_op(beside(copy, taken), InsertPoint.after(function))


def planned(function: func.FuncOp, chunk: int, *, sized: bool = False) -> bool:
    """Gives the kernels of a function their plans; whether there are any."""
    planner = Planner(function, chunk, sized)
    for inner in [o for o in operations_in(function) if isinstance(o, kernel.RowsOp)]:
        planner.plan(inner)
    return bool(planner.plans)


def beside(copy: func.FuncOp, taken: set[str]) -> func.FuncOp:
    """The planned copy of a function under a name of its own."""
    name = copy.sym_name.data
    copy.sym_name = StringAttr(unique(f"{name}_planned", taken))
    copy.attributes.pop(COMPANION, None)
    copy.attributes |= {PLANNED: StringAttr(name), HOST_ONLY: UnitAttr()}
    return copy
