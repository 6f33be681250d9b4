"""Pass `reorder-rows`: which rows a caller may bring in another order, so that rows that meet lie together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp, StringAttr, TensorType
from xdsl.ir import Attribute, SSAValue
from xdsl.passes import ModulePass

from anamc.analysis.orders import Orders
from anamc.analysis.rows import Dim, size_arguments
from anamc.dialects import kernel
from anamc.dialects.orders import NUMBERS, ORDER


def annotate(function: func.FuncOp) -> None:
    """Marks arrays whose rows, and tables whose numbers, belong to a free set that a plan of the function meets."""
    if not any(isinstance(op, kernel.RowsOp) and op.plan is not None for op in function.walk()):
        return
    orders = Orders(function)
    names: dict[Dim, str] = {value: name for name, value in size_arguments(function).items() if orders.is_free(value)}
    arguments = function.body.block.args
    for k, argument in enumerate(arguments):
        _set(function, "arg_attrs", k, _marks(orders, names, argument))
    last = function.body.block.last_op
    for k, result in enumerate(last.operands if last is not None else ()):
        _set(function, "res_attrs", k, _marks(orders, names, result, result=True))


def _marks(orders: Orders, names: Mapping[Dim, str], value: SSAValue, *, result: bool = False) -> dict[str, Attribute]:
    found: dict[str, Attribute] = {}
    rows = orders.rows(value) if isinstance(value.type, TensorType) and not is_plan(value) else None
    if rows is not None and rows in names:
        found[ORDER] = StringAttr(names[rows])
    counted = {max(c, 0): names.get(d) for (table, c), d in orders.columns.items() if table is value}
    if any(counted.values()) and not result:
        found[NUMBERS] = ArrayAttr(StringAttr(counted.get(c) or "") for c in range(max(counted) + 1))
    return found


def is_plan(value: SSAValue) -> bool:
    """True for what kernels take as their plan: its rows are chunks."""
    return any(isinstance(use.operation, kernel.RowsOp) and use.operation.plan is value for use in value.uses)


def _set(function: func.FuncOp, kind: str, position: int, marks: Mapping[str, Attribute]) -> None:
    """Adds to the attributes of one argument or result."""
    given = function.properties.get(kind)
    if not marks or not isinstance(given, ArrayAttr):
        return
    all = list(given.data)
    own = all[position]
    all[position] = DictionaryAttr({**(own.data if isinstance(own, DictionaryAttr) else {}), **marks})
    function.properties[kind] = ArrayAttr(all)


@dataclass(frozen=True)
class ReorderRowsPass(ModulePass):
    """
    ``%x: tensor<?x3xf32> {anamc.dims = ["m", 3]}`` => the same with ``anamc.order = "m"``.

    In functions with plans (`plan-edges`), for arguments and results whose rows may come in another order: that of
    a set (edges, nodes) is free where kernels over it take row by row, and what else reaches
    its rows does so through index tables that are arguments. Such tables get `anamc.numbers`, the set
    that each column numbers. The caller of a function then permutes all arrays of a set alike, and renumbers the
    tables. Leaves a set alone of which a kernel sees the number of a row, a neighbour ``%x[r + 1]``, all rows
    at once, or whose numbers are computed, seen as values or returned.
    """

    name = "reorder-rows"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            annotate(function)
