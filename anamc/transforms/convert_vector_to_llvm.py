"""Pass `convert-vector-to-llvm`: vectors of rows become LLVM's vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import llvm, vector
from xdsl.dialects.builtin import IntegerAttr, IntegerType, ModuleOp, i64
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.types import vector_type
from anamc.dialects import lanes
from anamc.transforms import llvm_ops
from anamc.transforms.rule_table import Emitter, RuleTable

NAME = "convert-vector-to-llvm"
RULES = RuleTable(NAME, "vector", "lanes")


def shuffled(a: SSAValue, b: SSAValue, mask: Sequence[int], emit: Emitter) -> SSAValue:
    return emit(llvm_ops.shuffle(a, b, mask, vector_type(a).element_type))


@RULES.of(vector.BroadcastOp)
def broadcast(op: vector.BroadcastOp, emit: Emitter) -> SSAValue:
    type = vector_type(op.vector)
    zero = emit(llvm_ops.number(0))
    one = emit(llvm_ops.insert(emit(llvm_ops.undefined(type)), op.source, zero))
    return shuffled(one, one, [0] * type.get_shape()[0], emit)


@RULES.of(vector.FMAOp)
def fma(op: vector.FMAOp, emit: Emitter) -> SSAValue:
    """One rounding where the machine has such an instruction; no machine calls a function for it."""
    type = vector_type(op.res)
    return emit(llvm_ops.intrinsic(f"llvm.fmuladd.{llvm_ops.spelled(type)}", (op.lhs, op.rhs, op.acc), type))


@RULES.of(vector.ShuffleOp)
def shuffle(op: vector.ShuffleOp, emit: Emitter) -> SSAValue:
    return shuffled(op.v1, op.v2, list(op.mask.get_values()), emit)  # pyright: ignore[reportUnknownArgumentType]


@RULES.of(vector.InsertOp)
def insert(op: vector.InsertOp, emit: Emitter) -> SSAValue:
    position = list(op.static_position.get_values())  # pyright: ignore[reportUnknownArgumentType]
    if len(position) != 1 or op.dynamic_position:
        raise PassFailedException(f"{NAME}: 'vector.insert' must have one constant position")
    return emit(llvm_ops.insert(op.dest, op.source, emit(llvm_ops.number(position[0]))))


@RULES.of(lanes.FirstOp)
def first(op: lanes.FirstOp, emit: Emitter) -> SSAValue:
    """The lowest bits of an integer with one bit a lane."""
    width = lanes.lanes_of(op.mask.type)
    most, one = (emit(llvm.ConstantOp(IntegerAttr(n, i64), i64)) for n in (width, 1))
    count = emit(llvm.CallIntrinsicOp("llvm.smin.i64", [op.count, most], [i64]))
    bits = emit(llvm.SubOp(emit(llvm.ShlOp(one, count)), one))
    return emit(llvm.BitcastOp(emit(llvm.TruncOp(bits, IntegerType(width))), op.mask.type))


@RULES.of(lanes.SumOp)
def sum(op: lanes.SumOp, emit: Emitter) -> SSAValue:
    """``x[l] + x[l + half]`` until one lane is left."""
    total, width = op.x, lanes.lanes_of(op.x.type)
    while width > 1:
        width //= 2
        low = shuffled(total, total, list(range(width)), emit)
        high = shuffled(total, total, list(range(width, 2 * width)), emit)
        total = emit(llvm_ops.contracted(llvm.FAddOp, low, high))
    return emit(lanes.GetOp(total, 0))


@RULES.of(lanes.AnyOp)
def any(op: lanes.AnyOp, emit: Emitter) -> SSAValue:
    """Whether the integer with one bit a lane is not 0."""
    bits = IntegerType(lanes.lanes_of(op.mask.type))
    zero = emit(llvm.ConstantOp(IntegerAttr(0, bits), bits))
    predicate = llvm.ICmpPredicateFlag("ne").to_int()
    return emit(llvm.ICmpOp(emit(llvm.BitcastOp(op.mask, bits)), zero, IntegerAttr(predicate, i64)))


@RULES.of(lanes.CmpfOp, lanes.SelectOp, lanes.GetOp)
def instruction(op: Operation, emit: Emitter) -> SSAValue:
    """An instruction of LLVM that xDSL's `llvm` has on scalars only, or not at all: printed as it stands."""
    return emit(op.clone())


@dataclass(frozen=True)
class ConvertVectorToLlvmPass(ModulePass):
    """
    `vector` and `lanes` on vectors of rank 1 become shuffles and insertions of `llvm`.

    `vector.load` and `vector.store` are addresses, so `convert-memref-to-llvm-pointers` takes them. A
    sum over lanes adds halves to halves. `lanes.cmpf`, `lanes.select` and `lanes.get` stay: the printer knows them.
    """

    name = NAME

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        RULES.apply(op)
