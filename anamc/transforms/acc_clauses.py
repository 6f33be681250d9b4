"""Data clauses of OpenACC: which arrays a region uses, how long they are, and how they get there and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from xdsl.dialects import acc, arith, func, memref
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    ArrayAttr,
    DictionaryAttr,
    IndexType,
    IntegerAttr,
    MemRefType,
    StringAttr,
    i64,
)
from xdsl.ir import Block, BlockArgument, Operation, SSAValue
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.lowering.sizes import size_operations

POINTERS = (memref.SubviewOp, memref.ViewOp)
"""Operations that only make a pointer into an array."""


def argument_attributes(function: func.FuncOp, argument: BlockArgument) -> DictionaryAttr:
    """The attributes of an argument of `function`, empty where it has none."""
    if function.arg_attrs is None:
        return DictionaryAttr({})
    return function.arg_attrs.data[argument.index]


def text(attributes: DictionaryAttr, key: str) -> str:
    """The string under `key`, empty where there is none."""
    value = attributes.data.get(key)
    return value.data if isinstance(value, StringAttr) else ""


def root(value: SSAValue) -> SSAValue:
    """The array that `value` points into."""
    while isinstance(value.owner, POINTERS):
        value = value.owner.operands[0]
    return value


def arrays_of(ops: Iterable[Operation]) -> list[SSAValue]:
    """The memrefs that `ops` use and that are defined outside, in order of first use."""
    top = tuple(ops)
    inside: set[SSAValue] = set()
    used: dict[SSAValue, None] = {}
    for op in (inner for outer in top for inner in outer.walk()):
        used.update((v, None) for v in op.operands if isinstance(v.type, MemRefType))
        inside.update(op.results)
        inside.update(arg for region in op.regions for block in region.blocks for arg in block.args)
    return [value for value in used if value not in inside]


class Clauses:
    """
    Makes the data clauses of one function.

    Lengths come from static types, from the size operand of a view, from ``anamc.dims`` of an
    argument, or, for the workspace, from its query. Each length is computed once, as soon as it can be.
    Raises PassFailedException for an array whose length is not known.
    """

    def __init__(self, pass_name: str, function: func.FuncOp, query: str) -> None:
        self.pass_name = pass_name
        self.function = function
        self.query = query
        self._bounds: dict[SSAValue, SSAValue] = {}
        self._start = InsertPoint.at_start(function.body.block)

    def enter(self, value: SSAValue, kind: type[acc.PresentOp | acc.CopyinOp | acc.CreateOp], point: InsertPoint,
              clause: acc.DataClause | None = None) -> SSAValue:  # fmt: skip
        """Insert a data entry operation for all of `value` at `point`; its result stands for the array inside."""
        bounds = self.bounds(value)
        entry = kind(var=value, bounds=[bounds], data_clause=clause)
        entry.location = self.function.location
        entry.acc_var.name_hint = value.name_hint
        Rewriter.insert_op(entry, point)
        return entry.acc_var

    def bounds(self, value: SSAValue) -> SSAValue:
        """The ``acc.bounds`` of all of `value`."""
        if value in self._bounds:
            return self._bounds[value]
        owner = value.owner
        point = self._start if isinstance(owner, Block) else InsertPoint.after(owner)
        ops: list[Operation] = []

        def add(op: Operation) -> SSAValue:
            op.location = self.function.location
            ops.append(op)
            return op.results[0]

        length = self._length(value, add)
        zero = add(arith.ConstantOp.from_int_and_width(0, IndexType()))
        self._bounds[value] = add(acc.DataBoundsOp(lowerbound=zero, extent=length))
        Rewriter.insert_op(ops, point)
        return self._bounds[value]

    def section(self, length: int, point: InsertPoint) -> SSAValue:
        """The ``acc.bounds`` of so many elements from the start."""
        numbers = [arith.ConstantOp.from_int_and_width(n, IndexType()) for n in (0, length)]
        bounds = acc.DataBoundsOp(lowerbound=numbers[0].result, extent=numbers[1].result)
        for op in (*numbers, bounds):
            op.location = self.function.location
        Rewriter.insert_op([*numbers, bounds], point)
        return bounds.result

    def _length(self, value: SSAValue, add: Callable[[Operation], SSAValue]) -> SSAValue:
        """The number of elements of `value`: product of its sizes."""
        shape = value.type.get_shape() if isinstance(value.type, MemRefType) else ()
        if len(shape) == 1 and shape[0] != DYNAMIC_INDEX:
            return add(arith.ConstantOp.from_int_and_width(shape[0], IndexType()))
        owner = value.owner
        if isinstance(owner, memref.ViewOp | memref.SubviewOp) and len(shape) == 1:
            return owner.sizes[0]
        if isinstance(value, BlockArgument) and owner is self.function.body.block:
            return self._argument_length(value, add)
        raise PassFailedException(f"{self.pass_name}: the length of an array '{value.type}' is not known")

    def _argument_length(self, value: BlockArgument, add: Callable[[Operation], SSAValue]) -> SSAValue:
        attributes = argument_attributes(self.function, value)
        if text(attributes, "anamc.access") == "workspace" and self.query:
            return add(func.CallOp(self.query, list(self._sizes().values()), [i64]))
        dims = attributes.data.get("anamc.dims")
        if not isinstance(dims, ArrayAttr):
            name = text(attributes, "anamc.name")
            raise PassFailedException(f"{self.pass_name}: argument '{name}' has no 'anamc.dims'")
        length: SSAValue | None = None
        for dim in (d for d in dims.data if not (isinstance(d, IntegerAttr) and d.value.data == 1)):
            factor = self._size(dim, add)
            length = factor if length is None else add(arith.MuliOp(length, factor))
        return add(arith.ConstantOp.from_int_and_width(1, IndexType())) if length is None else length

    def _size(self, dim: object, add: Callable[[Operation], SSAValue]) -> SSAValue:
        match dim:
            case IntegerAttr():
                return add(arith.ConstantOp.from_int_and_width(dim.value.data, IndexType()))
            case StringAttr():
                return size_operations(self.pass_name, dim.data, self._sizes(), add)
            case _:
                raise PassFailedException(f"{self.pass_name}: the dimension {dim} is no size of the function")

    def _sizes(self) -> dict[str, SSAValue]:
        """The run-time sizes among the arguments, by name."""
        arguments = self.function.body.block.args
        return {
            text(argument_attributes(self.function, a), "anamc.name"): a
            for a in arguments
            if not isinstance(a.type, MemRefType)
        }
