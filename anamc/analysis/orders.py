"""
Sets of rows that may come in any order: what a function computes is the same but for rounding.

Rows of a set (edges, nodes) are those of all tensors whose leading dimension is the set's size. Their order is free
where every kernel over them reads and writes row by row and does not look at the number of a row, and everybody else
reaches them through index tables that are arguments, so that these can be renumbered.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from xdsl.dialects import arith, func, scf, tensor
from xdsl.dialects.builtin import IntegerType, TensorType
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr, AffineExpr, AffineSymExpr
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.regions import CONTROL, operations_in
from anamc.analysis.rows import Dim, Dims
from anamc.dialects import kernel
from anamc.dialects.access import AccessAttr, block_of, element_of

Column = tuple[SSAValue, int]
"""A table and the number of its column: -1 in a table of rank 1."""
UNIFORM = (tensor.SplatOp, tensor.EmptyOp, arith.ConstantOp)
"""Operations whose results are the same in any order."""


@dataclass
class Orders:
    """The sets of one function whose order is free, and what the columns of its tables number."""

    function: func.FuncOp
    fixed: set[Dim | None] = field(default_factory=set[Dim | None])
    columns: dict[Column, Dim] = field(default_factory=dict[Column, Dim])

    def __post_init__(self) -> None:
        self.dims = Dims(self.function)
        self._seen: set[SSAValue] = set()
        for op in operations_in(self.function):
            self._visit(op)
        for (table, _), counted in self.columns.items():
            if table in self._seen:
                self.fixed.add(counted)

    def is_free(self, size: Dim) -> bool:
        """True where the rows of the set with this size may come in any order."""
        return isinstance(size, SSAValue) and size not in self.fixed

    def _visit(self, op: Operation) -> None:
        if isinstance(op, kernel.RowsOp):
            self._kernel(op)
        elif isinstance(op, scf.YieldOp):
            self._same(op)
        elif isinstance(op, func.ReturnOp):
            self._seen.update(op.operands)
        elif not isinstance(op, (*UNIFORM, *CONTROL)):
            for value in (*op.operands, *op.results):
                self._fix(value)
                self._seen.add(value)
        plan = op.plan if isinstance(op, kernel.RowsOp) else None
        for value in (*op.operands, *op.results):
            if isinstance(value.type, TensorType) and value is not plan:
                self.fixed.update(self._sizes(value)[1:])  # only leading dimensions have an order

    def _kernel(self, op: kernel.RowsOp) -> None:
        rows = op.extent
        if op.body.block.args[0].uses:  # the body looks at the number of its row
            self.fixed.add(rows)
        for value, access in zip(op.reads, op.read_accesses.data, strict=True):
            self._access(op, value, access, adds=False)
            self._seen.add(value)
        for combiner, init, accesses in zip(op.combiners, op.inits, op.write_accesses, strict=True):
            for access in accesses:
                self._access(op, init, access, adds=combiner.data != "write")

    def _access(self, op: kernel.RowsOp, value: SSAValue, access: AccessAttr, *, adds: bool) -> None:
        """One access of a kernel: what it says of the order of the kernel's rows, and of those that it reaches."""
        reached = self.rows(value) if access.indices else None
        match access.indices, access.tables.data:
            case (), _:  # all of a tensor: no row of it may be elsewhere
                self._fix(value)
            case (AffineDimExpr(),), ():
                self._equal(op.extent, reached)
            case (AffineSymExpr(position=position),), (read,) if position == len(op.rows):
                self._through(op, op.tables[read.position], read.map.data.results, reached)
            case _ if adds and block_of(access) is not None:
                self.fixed.add(reached)  # sums over blocks of rows
            case _:
                self.fixed.update((op.extent, reached))
                self._seen.update(op.tables[read.position] for read in access.tables.data)

    def _through(self, op: kernel.RowsOp, table: SSAValue, place: tuple[AffineExpr, ...], reached: Dim | None) -> None:
        """Rows reached by the numbers in a column of a table."""
        column = column_number(place)
        self._equal(op.extent, self.rows(table) if column is not None else None)
        if column is None or reached is None or not self._is_argument(table):
            self.fixed.add(reached)
        elif self.columns.setdefault((table, column), reached) != reached:
            self.fixed.update((reached, self.columns[table, column]))

    def _equal(self, rows: Dim | None, others: Dim | None) -> None:
        """Rows of a kernel and those of a tensor that it goes along with: of one set, or both fixed."""
        if rows != others:
            self.fixed.update((rows, others))

    def _same(self, op: scf.YieldOp) -> None:
        """What a loop or branch hands on is of the set that its result is of."""
        parent = op.parent_op()
        for value, result in zip(op.operands, parent.results if parent is not None else (), strict=True):
            if isinstance(value.type, TensorType):
                self._equal(self.rows(value), self.rows(result))
                self._seen.add(value)

    def _fix(self, value: SSAValue) -> None:
        if isinstance(value.type, TensorType):
            self.fixed.update(self._sizes(value))

    def _is_argument(self, value: SSAValue) -> bool:
        return value.owner is self.function.body.block and isinstance(element_of(value.type), IntegerType)

    def rows(self, value: SSAValue) -> Dim | None:
        """The size of the leading dimension; None where there is none, or it cannot be told."""
        sizes = self._sizes(value)
        return sizes[0] if sizes else None

    def _sizes(self, value: SSAValue) -> tuple[Dim, ...]:
        """The dimensions of a tensor; all sets are fixed where they cannot be told."""
        try:
            return self.dims.of(value)
        except PassFailedException:
            self.fixed.update(self.function.body.block.args)
            return ()


def column_number(place: tuple[AffineExpr, ...]) -> int | None:
    """c of `[r, c]`, -1 of `[r]`; None for any other place."""
    match place:
        case (AffineDimExpr(),):
            return -1
        case (AffineDimExpr(), AffineConstantExpr() as column) if column.value >= 0:
            return column.value
        case _:
            return None
