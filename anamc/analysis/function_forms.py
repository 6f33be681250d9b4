"""What a function does, without the names that it has for it: equal forms, equal functions."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeGuard

from xdsl.dialects import func, memref
from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    MemRefType,
    NoneAttr,
    StridedLayoutAttr,
    StringAttr,
    SymbolRefAttr,
)
from xdsl.ir import Attribute, Block, BlockArgument, Operation, Region, SSAValue

NAMES = ("anamc.name", "anamc.comment", "anamc.block", "anamc.blocks")
"""Attributes that only say what the user calls something."""
FUNCTION_NAMES = ("sym_name", "arg_attrs")
"""Properties of a function whose names are looked at one by one, or not at all."""


def outline_of(function: func.FuncOp) -> Hashable:
    """What equal functions have in common, at little cost: the types of arguments and the classes of operations."""
    return function.function_type, tuple(type(op) for op in function.body.walk())


class FunctionForm:
    """
    A function with its values numbered in order; calls name what `callees` has for the symbol.

    `parts` are the views of arguments at constant offsets, whose offsets are not in the form.
    """

    def __init__(self, function: func.FuncOp, callees: Mapping[str, Hashable]) -> None:
        self.callees = callees
        self.numbers: dict[SSAValue | Block, int] = {}
        self.parts: list[memref.ReinterpretCastOp] = []
        self.form: Hashable = (
            self.attributes({k: a for k, a in function.properties.items() if k not in FUNCTION_NAMES}),
            self.attributes(function.attributes),
            tuple(self.arguments(function)),
            self.region(function.body),
        )

    @property
    def offsets(self) -> tuple[int, ...]:
        """Where each of the parts begins."""
        return tuple(part.static_offsets.get_values()[0] for part in self.parts)

    def arguments(self, function: func.FuncOp) -> Iterator[Hashable]:
        """The attributes of arguments: sizes that are arguments, as their numbers."""
        given = [dict(d.data) for d in function.arg_attrs or ()]
        names = {a.data: k for k, d in enumerate(given) if isinstance(a := d.get("anamc.name"), StringAttr)}
        for data in given:
            dims = data.pop("anamc.dims", None)
            numbered: Hashable = dims
            if isinstance(dims, ArrayAttr):
                numbered = tuple(names.get(d.data, d) if isinstance(d, StringAttr) else d for d in dims.data)
            yield self.attributes(data), numbered

    def region(self, region: Region) -> Hashable:
        for block in region.blocks:
            self.numbers[block] = len(self.numbers)
        return tuple(self.block(block) for block in region.blocks)

    def block(self, block: Block) -> Hashable:
        for argument in block.args:
            self.numbers[argument] = len(self.numbers)
        return tuple(a.type for a in block.args), tuple(self.operation(op) for op in block.ops)

    def operation(self, op: Operation) -> Hashable:
        operands = tuple(self.numbers.get(v, -1) for v in op.operands)
        successors = tuple(self.numbers.get(b, -1) for b in op.successors)
        properties, types = dict(op.properties), tuple(r.type for r in op.results)
        if is_part(op):
            self.parts.append(op)
            properties.pop("static_offsets")
            types = (any_offset(op.result.type),)
        for result in op.results:
            self.numbers[result] = len(self.numbers)
        attributes = self.attributes(properties), self.attributes(op.attributes)
        return op.name, operands, successors, types, attributes, tuple(map(self.region, op.regions))

    def attributes(self, given: Mapping[str, Attribute]) -> Hashable:
        return frozenset((k, self.attribute(a)) for k, a in given.items() if k not in NAMES)

    def attribute(self, given: Attribute) -> Hashable:
        """The attribute as text, since 0.0 equals -0.0; a symbol as `callees` has it."""
        if isinstance(given, SymbolRefAttr):
            symbol = given.string_value()
            return "symbol", self.callees.get(symbol, symbol)
        if isinstance(given, DictionaryAttr):
            return self.attributes(given.data)
        return type(given), str(given)


def is_part(op: Operation) -> TypeGuard[memref.ReinterpretCastOp]:
    """True for a view of an argument of the function at a constant offset."""
    if not isinstance(op, memref.ReinterpretCastOp) or op.offsets:
        return False
    source = op.source
    return isinstance(source, BlockArgument) and isinstance(source.block.parent_op(), func.FuncOp)


def any_offset(type: Attribute) -> Attribute:
    """The type of a view whose offset is known at run time."""
    if isinstance(type, MemRefType) and isinstance(layout := type.layout, StridedLayoutAttr):
        layout = StridedLayoutAttr(layout.strides, NoneAttr())
        return MemRefType(type.element_type, type.shape, layout, type.memory_space)
    return type
