"""
Plans of rows that meet through index tables: chunks of rows, coloured so that those of one colour meet nowhere.

A plan for `n` rows in chunks of `c` is a table of ``n ceildiv c + 1`` rows and two columns of integers:
`plan[0, 0]` is the number of colours, `plan[k, 1]` where colour `k` begins among the chunks in their order,
`plan[k + 1, 0]` the chunk at place `k`. Colours run one after the other, the chunks of one in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    IndexType,
    IntegerAttr,
    IntegerType,
    StringAttr,
)
from xdsl.ir import Attribute
from xdsl.utils.exceptions import VerifyException

from anamc.dialects.access import block_of, element_of, shape_of

if TYPE_CHECKING:
    from anamc.dialects.kernel import RowsOp

COLUMNS = 2
PLAN = "anamc.plan"
"""The attribute of an argument that is a plan: what it is made of, a `PlanSource`."""


@dataclass(frozen=True)
class PlanSource:
    """
    What a plan is made of: chunks of `chunk` rows, which meet where columns of index tables are equal.

    Each column is the name of a table, the number of a column (-1 in a table of rank 1), and the name of
    what it counts: only columns that count the same meet.
    """

    chunk: int
    columns: tuple[tuple[str, int, str], ...]

    def attribute(self) -> DictionaryAttr:
        """`{chunk = 256 : index, columns = [["edgelist", 0 : index, "nnodes"], ...]}`"""
        columns = [ArrayAttr([StringAttr(t), _number(c), StringAttr(s)]) for t, c, s in self.columns]
        return DictionaryAttr({"chunk": _number(self.chunk), "columns": ArrayAttr(columns)})

    @staticmethod
    def of(attribute: Attribute | None) -> PlanSource | None:
        """What an argument's attribute says; None where it is none."""
        match attribute:
            case DictionaryAttr(data={"chunk": IntegerAttr() as chunk, "columns": ArrayAttr() as columns}):
                return PlanSource(chunk.value.data, tuple(_column(c) for c in columns))
            case _:
                return None

    @staticmethod
    def of_record(record: Mapping[str, object]) -> PlanSource:
        """From its JSON form in the cache."""
        return PlanSource(record["chunk"], tuple(tuple(c) for c in record["columns"]))  # pyright: ignore


def _number(value: int) -> IntegerAttr[IndexType]:
    return IntegerAttr(value, IndexType())


def _column(attribute: Attribute) -> tuple[str, int, str]:
    match attribute:
        case ArrayAttr(data=(StringAttr() as table, IntegerAttr() as column, StringAttr() as counted)):
            return table.data, column.value.data, counted.data
        case _:
            raise VerifyException(f"'{PLAN}' has a column {attribute}, expected a table, a number and what it counts")


def verify_plan(op: RowsOp) -> None:
    """The type of a plan, and results that may run by one; raises VerifyException."""
    if (op.plan is None) != (op.plan_chunk is None):
        raise VerifyException("'kernel.rows' has a plan without its chunk, or a chunk without its plan")
    if op.plan is None or op.plan_chunk is None:
        return
    chunk = op.plan_chunk.value.data
    if chunk < 1:
        raise VerifyException(f"'kernel.rows' plan has chunks of {chunk} rows, expected 1 or more")
    if not is_plan(op.plan.type):
        raise VerifyException(f"'kernel.rows' plan is a table of integers with {COLUMNS} columns, got {op.plan.type}")
    meets = False
    for k, (combiner, accesses) in enumerate(zip(op.combiners, op.write_accesses, strict=True)):
        for access in accesses if combiner.data != "write" else ():
            meets |= not access.is_direct
            if access.is_direct and not (combiner.data == "add" and block_of(access) == chunk):
                raise VerifyException(
                    f"'kernel.rows' has a plan, but result {k} meets other than through a table, "
                    f"or in sums of the plan's {chunk} rows"
                )
    if not meets:
        raise VerifyException("'kernel.rows' has a plan, but no rows of it meet through a table")


def is_plan(type: Attribute) -> bool:
    """True for a table of integers with two columns."""
    shape = shape_of(type)
    return len(shape) == COLUMNS and shape[1] == COLUMNS and isinstance(element_of(type), IntegerType)
