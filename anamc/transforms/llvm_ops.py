"""
The operations of the `llvm` dialect that lowerings make most.

Their constructors check what LLVM checks again, and take five times as long: half of the time from a flat module
to LLVM IR.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from xdsl.dialects import llvm
from xdsl.dialects.builtin import DenseArrayBase, IntegerAttr, UnitAttr, VectorType, i32, i64
from xdsl.dialects.utils import FastMathFlag
from xdsl.ir import Attribute, Block, Operation, SSAValue

POINTER = llvm.LLVMPointerType()
ORDERING = IntegerAttr(0, i64)
"""Not atomic."""
NO_FLAGS = IntegerAttr(0, i32)
CONTRACT = llvm.FastMathAttr([FastMathFlag.ALLOW_CONTRACT])
AT_VALUE = DenseArrayBase.from_list(i32, [llvm.GEP_USE_SSA_VAL])


def element(base: SSAValue, index: SSAValue, type: Attribute) -> Operation:
    """The address of ``base[index]``, inside an array of `type`."""
    properties = {"rawConstantIndices": AT_VALUE, "elem_type": type, "noWrapFlags": NO_FLAGS, "inbounds": UnitAttr()}
    return llvm.GEPOp.create(operands=(base, index), result_types=(POINTER,), properties=properties)


@cache
def _access(alignment: int) -> Mapping[str, Attribute]:
    return {"ordering": ORDERING, "alignment": IntegerAttr(alignment, i64)}


def load(address: SSAValue, type: Attribute, alignment: int) -> Operation:
    return llvm.LoadOp.create(operands=(address,), result_types=(type,), properties=_access(alignment))


def store(value: SSAValue, address: SSAValue, alignment: int) -> Operation:
    return llvm.StoreOp.create(operands=(value, address), properties=_access(alignment))


def constant(value: Attribute, type: Attribute) -> Operation:
    return llvm.ConstantOp.create(result_types=(type,), properties={"value": value})


@cache
def _number(value: int) -> IntegerAttr:
    return IntegerAttr(value, i64)


def number(value: int) -> Operation:
    """A constant of type i64."""
    return constant(_number(value), i64)


OVERFLOWS: Mapping[str, Attribute] = {"overflowFlags": NO_FLAGS}
FLAGS = dict.fromkeys((llvm.AddOp, llvm.SubOp, llvm.MulOp, llvm.ShlOp), OVERFLOWS)
"""Operations that say whether they may overflow."""


def integer(op: type[Operation], lhs: SSAValue, rhs: SSAValue) -> Operation:
    """``lhs op rhs``, which wraps around."""
    return op.create(operands=(lhs, rhs), result_types=(lhs.type,), properties=FLAGS.get(op, {}))  # pyright: ignore[reportArgumentType, reportCallIssue]


def contracted(op: type[Operation], lhs: SSAValue, rhs: SSAValue) -> Operation:
    """``lhs op rhs``; a product and a sum may become one `fma`. No other fast-math flag is ever set."""
    return op.create(operands=(lhs, rhs), result_types=(lhs.type,), properties={"fastmathFlags": CONTRACT})


@cache
def spelled(type: Attribute) -> str:
    """How an intrinsic's name spells a type: `f32`, `v16f32`."""
    return f"v{type.get_shape()[0]}{type.element_type}" if isinstance(type, VectorType) else str(type)


@cache
def _intrinsic(name: str, count: int) -> Mapping[str, Attribute]:
    operands = Block(arg_types=[i64] * count).args
    return llvm.CallIntrinsicOp(name, operands, [i64]).properties


def intrinsic(name: str, operands: Sequence[SSAValue], type: Attribute) -> Operation:
    """A call of an intrinsic with one result."""
    properties = _intrinsic(name, len(operands))
    return llvm.CallIntrinsicOp.create(operands=operands, result_types=(type,), properties=properties)


@cache
def _mask(lanes: tuple[int, ...]) -> Mapping[str, Attribute]:
    return {"mask": DenseArrayBase.from_list(i32, lanes)}


@cache
def _vector(element: Attribute, lanes: int) -> VectorType[Attribute]:
    return VectorType(element, [lanes])


def shuffle(a: SSAValue, b: SSAValue, lanes: Sequence[int], element: Attribute) -> Operation:
    """The vector of these lanes of two vectors, one behind the other."""
    type = _vector(element, len(lanes))
    return llvm.ShuffleVectorOp.create(operands=(a, b), result_types=(type,), properties=_mask(tuple(lanes)))


def undefined(type: Attribute) -> Operation:
    return llvm.UndefOp.create(result_types=(type,))


def insert(vector: SSAValue, value: SSAValue, lane: SSAValue) -> Operation:
    return llvm.InsertElementOp.create(operands=(vector, value, lane), result_types=(vector.type,))
