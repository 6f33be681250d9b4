"""Pass `flatten-memrefs`: every buffer becomes rank 1, every access a linear index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

from xdsl.context import Context
from xdsl.dialects import arith, func, memref, vector
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    FunctionType,
    IndexType,
    MemRefType,
    ModuleOp,
    NoneAttr,
    StridedLayoutAttr,
)
from xdsl.ir import Attribute, BlockArgument, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.rows import argument_dims, argument_name
from anamc.analysis.types import memref_type
from anamc.dialects import lanes
from anamc.lowering.emitter import Emitter, Index, made


class FlattenFunction:
    """One function: shapes are noted first, then every operation is rewritten once."""

    def __init__(self, function: func.FuncOp) -> None:
        self.function = function
        self.emit = Emitter(function.body.block)
        self.emit.known = {}
        self.sizes = self.size_values()
        self.shapes: dict[SSAValue, tuple[Index, ...]] = {}

    def size_values(self) -> dict[str, SSAValue]:
        """Run-time sizes by name: index arguments, or casts of integer arguments."""
        found: dict[str, SSAValue] = {}
        for k, argument in enumerate(self.function.body.block.args):
            name = argument_name(self.function, k)
            if name is None:
                continue
            if isinstance(argument.type, IndexType):
                found[name] = argument
            for use in argument.uses:
                if isinstance(use.operation, arith.IndexCastOp):
                    found.setdefault(name, use.operation.result)
        return found

    def flatten(self) -> None:
        for argument in self.function.body.block.args:
            if isinstance(argument.type, MemRefType):
                self.shapes[argument] = self.argument_shape(argument, argument.type)
        for op in list(self.function.body.walk()):
            for result in op.results:
                if isinstance(result.type, MemRefType):
                    self.shapes[result] = self.result_shape(op, result.type)
            if (rule := RULES.get(type(op))) is not None:
                self.emit.block = op.parent_block() or self.emit.entry
                self.emit.point, self.emit.location = op, op.location
                rule(self, op)
        for argument in list(self.function.body.block.args):
            if isinstance(argument.type, MemRefType):
                Rewriter.replace_value_with_new_type(argument, flat_type(argument.type))
        inputs = [a.type for a in self.function.body.block.args]
        outputs = self.function.function_type.outputs
        self.function.properties["function_type"] = FunctionType.from_lists(inputs, list(outputs))

    def argument_shape(self, argument: BlockArgument, type: MemRefType[Attribute]) -> tuple[Index, ...]:
        shape = type.get_shape()
        names = argument_dims(self.function, argument.index)
        known: list[Index] = []
        for k, size in enumerate(shape):
            name = names[k] if names is not None and k < len(names) else None
            if size != DYNAMIC_INDEX:
                known.append(size)
            elif isinstance(name, str) and name in self.sizes:
                known.append(self.sizes[name])
            else:
                known.append(-1)
        return tuple(known)

    @staticmethod
    def result_shape(op: Operation, type: MemRefType[Attribute]) -> tuple[Index, ...]:
        shape = type.get_shape()
        given = iter(op.sizes if isinstance(op, memref.ViewOp | memref.SubviewOp) else ())
        if not isinstance(op, memref.ViewOp | memref.SubviewOp) and DYNAMIC_INDEX in shape:
            raise PassFailedException(f"flatten-memrefs: '{op.name}' of run-time size")
        return tuple(s if s != DYNAMIC_INDEX else next(given) for s in shape)

    def linear(self, buffer: SSAValue, indices: Sequence[SSAValue]) -> SSAValue:
        """``((i0 d1 + i1) d2 + i2) ...``"""
        shape = self.shapes[buffer]
        place: Index = 0
        for k, (index, size) in enumerate(zip(indices, shape, strict=True)):
            if k and size == -1:
                raise PassFailedException(f"flatten-memrefs: a buffer has an unnamed run-time size at dimension {k}")
            place = self.emit.add(self.emit.mul(place, size), known(index))
        return self.emit.index(place)

    def count(self, value: SSAValue) -> Index:
        """Number of elements of a buffer."""
        total: Index = 1
        for size in self.shapes[value]:
            total = self.emit.mul(total, size)
        return total

    # Rules -----------------------------------------------------------------------------------

    def load(self, op: memref.LoadOp) -> None:
        self.replace(op, made(memref.LoadOp, (op.memref, self.linear(op.memref, op.indices)), op.res.type))

    def store(self, op: memref.StoreOp) -> None:
        self.replace(op, made(memref.StoreOp, (op.value, op.memref, self.linear(op.memref, op.indices))))

    def vector_load(self, op: vector.LoadOp) -> None:
        """Its lanes are neighbours in the last dimension."""
        self.replace(op, made(vector.LoadOp, (op.base, self.linear(op.base, op.indices)), op.result.type))

    def vector_store(self, op: vector.StoreOp) -> None:
        self.replace(op, made(vector.StoreOp, (op.vector, op.base, self.linear(op.base, op.indices))))

    def prefetch(self, op: lanes.PrefetchOp) -> None:
        self.replace(op, lanes.PrefetchOp(op.buffer, [self.linear(op.buffer, op.indices)]))

    def masked_load(self, op: vector.MaskedLoadOp) -> None:
        place = self.linear(op.base, op.indices)
        self.replace(op, vector.MaskedLoadOp(op.base, [place], op.mask, op.pass_thru))

    def masked_store(self, op: vector.MaskedStoreOp) -> None:
        place = self.linear(op.base, op.indices)
        self.replace(op, vector.MaskedStoreOp(op.base, [place], op.mask, op.value_to_store))

    def atomic(self, op: memref.AtomicRMWOp) -> None:
        place = self.linear(op.memref, op.indices)
        self.replace(
            op,
            memref.AtomicRMWOp(
                operands=[op.value, op.memref, [place]],
                result_types=[op.result.type],
                properties={"kind": op.kind},
            ),
        )

    def alloca(self, op: memref.AllocaOp) -> None:
        type = flat_type(memref_type(op.memref))
        self.replace(op, memref.AllocaOp.get(type.element_type, shape=type.get_shape()))

    def view(self, op: memref.ViewOp) -> None:
        type = flat_type(memref_type(op.results[0]))
        sizes = [self.emit.index(self.count(op.results[0]))] if DYNAMIC_INDEX in type.get_shape() else []
        self.replace(op, memref.ViewOp(op.operands[0], op.operands[1], sizes, type))

    def reinterpret(self, op: memref.ReinterpretCastOp) -> None:
        (offset,) = op.offsets or op.static_offsets.get_values()
        size = prod(memref_type(op.result).get_shape())
        layout = StridedLayoutAttr([1], offset if isinstance(offset, int) else None)
        type = MemRefType(memref_type(op.result).element_type, [size], layout)
        self.replace(op, memref.SubviewOp.get(op.source, [offset], [size], [1], type))

    def subview(self, op: memref.SubviewOp) -> None:
        """One entry of a buffer: its elements lie one behind the other."""
        if len(self.shapes[op.source]) == 1 and len(self.shapes[op.result]) == 1:
            return
        given = iter(op.offsets)
        offsets = [self.emit.index(o) if o != DYNAMIC_INDEX else next(given) for o in op.static_offsets.get_values()]
        start, size = known(self.linear(op.source, offsets)), self.count(op.result)
        layout = StridedLayoutAttr([1], start if isinstance(start, int) else None)
        length = size if isinstance(size, int) else DYNAMIC_INDEX
        type = MemRefType(memref_type(op.result).element_type, [length], layout)
        new = memref.SubviewOp.get(op.source, [start], [size], [1], type)
        self.replace(op, new)

    def dim(self, op: memref.DimOp) -> None:
        axis = known(op.index)
        if not isinstance(axis, int):
            raise PassFailedException("flatten-memrefs: 'memref.dim' of a run-time dimension")
        size = self.shapes[op.source][axis]
        if size == -1:
            raise PassFailedException("flatten-memrefs: 'memref.dim' of an unnamed run-time size")
        PatternRewriter(op).replace(op, [], [self.emit.index(size)])

    def replace(self, op: Operation, new: Operation) -> None:
        new.location = op.location
        for old, result in zip(op.results, new.results, strict=True):
            result.name_hint = old.name_hint
            if old in self.shapes:
                self.shapes[result] = self.shapes.pop(old)
        PatternRewriter(op).replace(op, new)


RULES: dict[type[Operation], Callable[..., None]] = {
    memref.LoadOp: FlattenFunction.load,
    memref.StoreOp: FlattenFunction.store,
    vector.LoadOp: FlattenFunction.vector_load,
    vector.StoreOp: FlattenFunction.vector_store,
    lanes.PrefetchOp: FlattenFunction.prefetch,
    vector.MaskedLoadOp: FlattenFunction.masked_load,
    vector.MaskedStoreOp: FlattenFunction.masked_store,
    memref.AtomicRMWOp: FlattenFunction.atomic,
    memref.AllocaOp: FlattenFunction.alloca,
    memref.ViewOp: FlattenFunction.view,
    memref.ReinterpretCastOp: FlattenFunction.reinterpret,
    memref.SubviewOp: FlattenFunction.subview,
    memref.DimOp: FlattenFunction.dim,
}
"""How each operation on buffers is flattened."""


def known(index: SSAValue) -> Index:
    """The index as a number, where it is a constant."""
    owner = index.owner
    if isinstance(owner, arith.ConstantOp) and hasattr(owner.value, "value"):
        return owner.value.value.data  # pyright: ignore
    return index


def flat_type(type: MemRefType[Attribute]) -> MemRefType[Attribute]:
    """The memref of rank 1 with as many elements."""
    shape = type.get_shape()
    size = DYNAMIC_INDEX if DYNAMIC_INDEX in shape else prod(shape)
    if len(shape) == 1:
        return type
    if not isinstance(type.layout, NoneAttr):
        raise PassFailedException(f"flatten-memrefs: {type} is no row-major buffer")
    return MemRefType(type.element_type, [size])


@dataclass(frozen=True)
class FlattenMemrefsPass(ModulePass):
    """
    Buffers of any rank => rank 1; ``x[i, j]`` => ``x[i * d1 + j]``; slices of a vector => `memref.subview`.

    Run-time inner sizes come from the arguments that `anamc.dims` names. What comes out is what the
    C and LLVM backends read.
    """

    name = "flatten-memrefs"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            FlattenFunction(function).flatten()
