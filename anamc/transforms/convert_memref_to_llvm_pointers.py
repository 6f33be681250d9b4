"""Pass `convert-memref-to-llvm-pointers`: arrays of rank 1 become bare pointers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeGuard

from xdsl.context import Context
from xdsl.dialects import arith, func, llvm, memref, vector
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    ArrayAttr,
    DictionaryAttr,
    FixedBitwidthType,
    IntegerAttr,
    MemRefType,
    ModuleOp,
    StringAttr,
    UnitAttr,
    i8,
    i32,
    i64,
)
from xdsl.ir import Attribute, BlockArgument, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException
from xdsl.utils.hints import isa

from anamc.analysis.types import vector_type
from anamc.dialects import lanes
from anamc.transforms import llvm_ops
from anamc.transforms.llvm_ops import spelled
from anamc.transforms.rule_table import Emitter, RuleTable

NAME = "convert-memref-to-llvm-pointers"
RULES = RuleTable(NAME, "memref")
POINTER = llvm.LLVMPointerType()
WORKSPACE_ALIGNMENT = 64
"""Alignment of workspaces and of local arrays: a cache line, the widest vector (bytes)."""
READING, SECOND_CACHE, DATA = 0, 2, 1
"""How `llvm.prefetch` spells what is wanted."""

ACCESS_ATTRIBUTES = {
    "read": ("llvm.readonly",),
    "write": (),  # whole contents are replaced, but a kernel may read back what it has just written
    "update": (),
    "workspace": (),
}
"""What `anamc.access` of an argument promises to LLVM, besides `noalias` and `nocapture`."""


def _is_memref(value_type: Attribute) -> TypeGuard[MemRefType]:
    return isa(value_type, MemRefType)


def _bytes(element: Attribute) -> int:
    if not isinstance(element, FixedBitwidthType):
        raise PassFailedException(f"{NAME}: elements of type '{element}' have no size")
    return element.size


def _index(emit: Emitter, op: Operation, indices: tuple[SSAValue, ...]) -> SSAValue:
    if len(indices) != 1:
        raise PassFailedException(f"{NAME}: '{op.name}' must have one index, got {len(indices)}")
    return emit(arith.IndexCastOp.create(operands=(indices[0],), result_types=(i64,)))


def _element(emit: Emitter, op: Operation, base: SSAValue, indices: tuple[SSAValue, ...], type: Attribute) -> SSAValue:
    """The address of `base[index]`."""
    index = _index(emit, op, indices)
    return emit(llvm_ops.element(base, index, type))


def _refuse_store_to_read_only(op: memref.StoreOp | vector.StoreOp | vector.MaskedStoreOp, pointer: SSAValue) -> None:
    """A wrong `anamc.access` would be a miscompilation."""
    while isinstance(pointer.owner, llvm.GEPOp):
        pointer = pointer.owner.ptr
    if not isinstance(pointer, BlockArgument) or not isinstance(parent := pointer.block.parent_op(), func.FuncOp):
        return
    if parent.arg_attrs is not None and "llvm.readonly" in parent.arg_attrs.data[pointer.index].data:
        raise PassFailedException(
            f"{NAME}: '{parent.sym_name.data}' stores to its argument {pointer.index}, whose access is \"read\""
        )


@RULES.of(memref.LoadOp)
def load(op: memref.LoadOp, emit: Emitter) -> SSAValue:
    element = op.res.type
    address = _element(emit, op, op.memref, tuple(op.indices), element)
    return emit(llvm_ops.load(address, element, _bytes(element)))


@RULES.of(memref.StoreOp)
def store(op: memref.StoreOp, emit: Emitter) -> None:
    _refuse_store_to_read_only(op, op.memref)
    element = op.value.type
    address = _element(emit, op, op.memref, tuple(op.indices), element)
    emit.add(llvm_ops.store(op.value, address, _bytes(element)))


@RULES.of(vector.LoadOp)
def load_vector(op: vector.LoadOp, emit: Emitter) -> SSAValue:
    """Aligned as its elements are: blocks start anywhere."""
    element = vector_type(op.result).element_type
    address = _element(emit, op, op.base, tuple(op.indices), element)
    return emit(llvm_ops.load(address, op.result.type, _bytes(element)))


@RULES.of(vector.StoreOp)
def store_vector(op: vector.StoreOp, emit: Emitter) -> None:
    _refuse_store_to_read_only(op, op.base)
    element = vector_type(op.vector).element_type
    address = _element(emit, op, op.base, tuple(op.indices), element)
    emit.add(llvm_ops.store(op.vector, address, _bytes(element)))


@RULES.of(vector.MaskedLoadOp)
def masked_load(op: vector.MaskedLoadOp, emit: Emitter) -> SSAValue:
    """Lanes outside the mask reach no memory."""
    type = vector_type(op.result)
    address = _element(emit, op, op.base, tuple(op.indices), type.element_type)
    alignment = emit(llvm.ConstantOp(IntegerAttr(_bytes(type.element_type), i32), i32))
    name = f"llvm.masked.load.{spelled(type)}.p0"
    return emit(llvm_ops.intrinsic(name, [address, alignment, op.mask, op.pass_thru], type))


@RULES.of(vector.MaskedStoreOp)
def masked_store(op: vector.MaskedStoreOp, emit: Emitter) -> None:
    """Lanes outside the mask reach no memory."""
    _refuse_store_to_read_only(op, op.base)
    type = vector_type(op.value_to_store)
    address = _element(emit, op, op.base, tuple(op.indices), type.element_type)
    alignment = emit(llvm.ConstantOp(IntegerAttr(_bytes(type.element_type), i32), i32))
    name = f"llvm.masked.store.{spelled(type)}.p0"
    emit.add(llvm.CallIntrinsicOp(name, [op.value_to_store, address, alignment, op.mask], []))


@RULES.of(lanes.PrefetchOp)
def prefetch(op: lanes.PrefetchOp, emit: Emitter) -> None:
    """
    For reading, into the second cache: the first holds the block that is computed, and other rows would drive it out.
    """
    address = _element(emit, op, op.buffer, tuple(op.indices), op.element)
    kinds = [emit(llvm.ConstantOp(IntegerAttr(kind, i32), i32)) for kind in (READING, SECOND_CACHE, DATA)]
    emit.add(llvm.CallIntrinsicOp("llvm.prefetch.p0", [address, *kinds], []))


@RULES.of(memref.SubviewOp)
def subview(op: memref.SubviewOp, emit: Emitter) -> SSAValue:
    """A pointer to the first element of the part; only unit strides."""
    offsets, strides = op.static_offsets.get_values(), op.static_strides.get_values()
    if len(offsets) != 1 or tuple(strides) != (1,):
        raise PassFailedException(f"{NAME}: 'memref.subview' must have rank 1 and stride 1")
    element = op.result.type.element_type
    if op.offsets:
        return _element(emit, op, op.source, tuple(op.offsets), element)
    offset = emit(llvm_ops.number(offsets[0]))
    return emit(llvm_ops.element(op.source, offset, element))


@RULES.of(memref.ViewOp)
def view(op: memref.ViewOp, emit: Emitter) -> SSAValue:
    """A part of a byte buffer, from a byte offset."""
    return _element(emit, op, op.source, (op.byte_shift,), i8)


@RULES.of(memref.AllocaOp)
def alloca(op: memref.AllocaOp, emit: Emitter) -> SSAValue:
    """A local array. It stands in the function's entry block, so that a loop does not grow the stack."""
    shape = op.memref.type.get_shape()
    if len(shape) != 1 or shape[0] == DYNAMIC_INDEX:
        raise PassFailedException(f"{NAME}: 'memref.alloca' must have rank 1 and a constant size")
    array = llvm.LLVMArrayType(shape[0], op.memref.type.element_type)
    one = llvm.ConstantOp(IntegerAttr(1, i64), i64)
    local = llvm.AllocaOp(one.result, array, alignment=WORKSPACE_ALIGNMENT)
    local.res.name_hint = op.memref.name_hint
    one.location = local.location = op.location
    Rewriter.insert_op([one, local], _entry(op))
    return local.res


def _entry(op: Operation) -> InsertPoint:
    """The start of the function around `op`."""
    parent = op.parent_op()
    while parent is not None and not isinstance(parent, func.FuncOp):
        parent = parent.parent_op()
    if parent is None:
        raise PassFailedException(f"{NAME}: '{op.name}' stands in no function")
    return InsertPoint.at_start(parent.body.blocks[0])


def _argument_attributes(memref_type: MemRefType, attributes: dict[str, Attribute]) -> dict[str, Attribute]:
    """What LLVM may know of an array argument. Only arguments with a stated access are `noalias`."""
    access = attributes.get("anamc.access")
    if not isinstance(access, StringAttr):
        return {}
    promises = ACCESS_ATTRIBUTES.get(access.data, ())
    size = _bytes(memref_type.element_type)
    new: dict[str, Attribute] = {name: UnitAttr() for name in ("llvm.noalias", "llvm.nocapture", *promises)}
    alignment = WORKSPACE_ALIGNMENT if access.data == "workspace" else size
    new["llvm.align"] = IntegerAttr(alignment, i64)
    length = memref_type.get_shape()[0]
    if length > 0 and "anamc.unused" not in attributes:
        new["llvm.nonnull"] = UnitAttr()
        new["llvm.dereferenceable"] = IntegerAttr(length * size, i64)
    return new


def _convert_signature(op: func.FuncOp) -> None:
    arguments = op.body.blocks[0].args
    old = [dict(a.data) for a in op.arg_attrs.data] if op.arg_attrs is not None else [{} for _ in arguments]
    for argument, attributes in zip(arguments, old, strict=True):
        if not _is_memref(argument.type):
            continue
        if argument.type.get_num_dims() != 1:
            raise PassFailedException(f"{NAME}: argument of '{op.sym_name.data}' must have rank 1: {argument.type}")
        attributes |= _argument_attributes(argument.type, attributes)
        Rewriter.replace_value_with_new_type(argument, POINTER)
    op.properties["arg_attrs"] = ArrayAttr(DictionaryAttr(a) for a in old)
    op.update_function_type()


def _refuse_other_memrefs(module: ModuleOp) -> None:
    for op in module.walk():
        if not op.name.startswith("memref.") and any(_is_memref(r.type) for r in op.results):
            raise PassFailedException(f"{NAME}: '{op.name}' must not carry a memref")


@dataclass(frozen=True)
class ConvertMemrefToLlvmPointersPass(ModulePass):
    """
    Rank-1 memrefs become `!llvm.ptr`; accesses become GEPs, loads and stores with the element's alignment.

    Arguments with `anamc.access` get `noalias`, `nocapture`, `readonly` where they are only read, and their
    alignment; those of constant length are `dereferenceable` too. Arrays of run-time length may be
    null where they are empty, so they are not `nonnull`. Local arrays move to the entry block.
    Indices become `i64` through `arith.index_cast`.
    """

    name = NAME

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        _refuse_other_memrefs(op)
        for function in op.ops:
            if isinstance(function, func.FuncOp) and not function.is_declaration:
                _convert_signature(function)
        RULES.apply(op)
