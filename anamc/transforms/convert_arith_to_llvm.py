"""Pass `convert-arith-to-llvm`: arithmetic, comparisons and casts become instructions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, llvm
from xdsl.dialects.builtin import IntegerAttr, IntegerType, ModuleOp, i64
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from anamc.transforms import llvm_ops
from anamc.transforms.rule_table import Emitter, RuleTable

NAME = "convert-arith-to-llvm"
RULES = RuleTable(NAME, "arith")

INTEGER: dict[type[Operation], type[Operation]] = {
    arith.AddiOp: llvm.AddOp,
    arith.SubiOp: llvm.SubOp,
    arith.MuliOp: llvm.MulOp,
    arith.DivSIOp: llvm.SDivOp,
    arith.RemSIOp: llvm.SRemOp,
    arith.AndIOp: llvm.AndOp,
    arith.OrIOp: llvm.OrOp,
    arith.XOrIOp: llvm.XOrOp,
    arith.ShLIOp: llvm.ShlOp,
    arith.ShRSIOp: llvm.AShrOp,
    arith.ShRUIOp: llvm.LShrOp,
}

CONTRACTED: dict[type[Operation], type[Operation]] = {
    arith.AddfOp: llvm.FAddOp,
    arith.SubfOp: llvm.FSubOp,
    arith.MulfOp: llvm.FMulOp,
}
"""A product and a sum may become one `fma`. No other fast-math flag is ever set."""

FLOAT: dict[type[Operation], Callable[[SSAValue, SSAValue], Operation]] = {
    arith.DivfOp: llvm.FDivOp,
    arith.MaxnumfOp: llvm.VectorFMaxOp,
    arith.MinnumfOp: llvm.VectorFMinOp,
}

INTRINSICS: dict[type[Operation], str] = {
    arith.MaximumfOp: "llvm.maximum",
    arith.MinimumfOp: "llvm.minimum",
    arith.MaxSIOp: "llvm.smax",
    arith.MinSIOp: "llvm.smin",
}
"""Intrinsics without an operation of their own. `maximum` and `minimum` give NaN where an operand is NaN."""

CASTS: dict[type[Operation], Callable[[SSAValue, Attribute], Operation]] = {
    arith.TruncIOp: llvm.TruncOp,
    arith.ExtSIOp: llvm.SExtOp,
    arith.ExtUIOp: llvm.ZExtOp,
    arith.ExtFOp: llvm.FPExtOp,
    arith.TruncFOp: llvm.FPTruncOp,
    arith.SIToFPOp: llvm.SIToFPOp,
    arith.BitcastOp: llvm.BitcastOp,
}


@RULES.of(arith.ConstantOp)
def constant(op: arith.ConstantOp, emit: Emitter) -> SSAValue:
    return emit(llvm_ops.constant(op.value, op.result.type))


@RULES.of(*INTEGER)
def integer(op: Operation, emit: Emitter) -> SSAValue:
    return emit(llvm_ops.integer(INTEGER[type(op)], op.operands[0], op.operands[1]))


@RULES.of(*CONTRACTED)
def contracted(op: Operation, emit: Emitter) -> SSAValue:
    return emit(llvm_ops.contracted(CONTRACTED[type(op)], op.operands[0], op.operands[1]))


@RULES.of(*FLOAT)
def float_binary(op: Operation, emit: Emitter) -> SSAValue:
    return emit(FLOAT[type(op)](op.operands[0], op.operands[1]))


@RULES.of(*INTRINSICS)
def intrinsic(op: Operation, emit: Emitter) -> SSAValue:
    result = op.results[0].type
    return emit(llvm_ops.intrinsic(f"{INTRINSICS[type(op)]}.{llvm_ops.spelled(result)}", op.operands, result))


@RULES.of(*CASTS)
def cast(op: Operation, emit: Emitter) -> SSAValue:
    return emit(CASTS[type(op)](op.operands[0], op.results[0].type))


@RULES.of(arith.FPToSIOp)
def fptosi(op: arith.FPToSIOp, emit: Emitter) -> SSAValue:
    """Saturating, and 0 for NaN: defined for every input."""
    name = f"llvm.fptosi.sat.{op.result.type}.{op.input.type}"
    return emit(llvm.CallIntrinsicOp(name, [op.input], [op.result.type]))


@RULES.of(arith.NegfOp)
def negf(op: arith.NegfOp, emit: Emitter) -> SSAValue:
    return emit(llvm.FNegOp(op.operand))


@RULES.of(arith.CmpiOp)
def cmpi(op: arith.CmpiOp, emit: Emitter) -> SSAValue:
    """The predicates have the same numbers in both dialects."""
    return emit(llvm.ICmpOp(op.lhs, op.rhs, IntegerAttr(op.predicate.value.data, i64)))


@RULES.of(arith.CmpfOp)
def cmpf(op: arith.CmpfOp, emit: Emitter) -> SSAValue:
    """The predicates have the same numbers in both dialects."""
    return emit(llvm.FCmpOp(op.lhs, op.rhs, IntegerAttr(op.predicate.value.data, i64)))


@RULES.of(arith.SelectOp)
def select(op: arith.SelectOp, emit: Emitter) -> SSAValue:
    return emit(llvm.SelectOp(op.cond, op.lhs, op.rhs))


def _integer(value: int, like: SSAValue, emit: Emitter) -> SSAValue:
    width = like.type
    if not isinstance(width, IntegerType):
        raise PassFailedException(f"{NAME}: expected an integer of fixed width, got {width}")
    return emit(llvm.ConstantOp(IntegerAttr(value, width), width))


def _icmp(lhs: SSAValue, rhs: SSAValue, predicate: str, emit: Emitter) -> SSAValue:
    number = llvm.ICmpPredicateFlag(predicate).to_int()
    return emit(llvm.ICmpOp(lhs, rhs, IntegerAttr(number, i64)))


def _signs_differ(op: arith.FloorDivSIOp | arith.CeilDivSIOp, emit: Emitter) -> SSAValue:
    """Whether exactly one of the operands is negative."""
    return _icmp(emit(llvm.XOrOp(op.lhs, op.rhs)), _integer(0, op.lhs, emit), "slt", emit)


def _inexact(op: arith.FloorDivSIOp | arith.CeilDivSIOp, emit: Emitter) -> SSAValue:
    return _icmp(emit(llvm.SRemOp(op.lhs, op.rhs)), _integer(0, op.lhs, emit), "ne", emit)


@RULES.of(arith.FloorDivSIOp)
def floordivsi(op: arith.FloorDivSIOp, emit: Emitter) -> SSAValue:
    """The truncated quotient, less one where it is inexact and negative."""
    down = emit(llvm.AndOp(_inexact(op, emit), _signs_differ(op, emit)))
    quotient = emit(llvm.SDivOp(op.lhs, op.rhs))
    return emit(llvm.SubOp(quotient, emit(llvm.ZExtOp(down, quotient.type))))


@RULES.of(arith.CeilDivSIOp)
def ceildivsi(op: arith.CeilDivSIOp, emit: Emitter) -> SSAValue:
    """The truncated quotient, plus one where it is inexact and positive."""
    same = emit(llvm.XOrOp(_signs_differ(op, emit), emit(llvm.ConstantOp(IntegerAttr.from_bool(True), IntegerType(1)))))
    up = emit(llvm.AndOp(_inexact(op, emit), same))
    quotient = emit(llvm.SDivOp(op.lhs, op.rhs))
    return emit(llvm.AddOp(quotient, emit(llvm.ZExtOp(up, quotient.type))))


@dataclass(frozen=True)
class ConvertArithToLlvmPass(ModulePass):
    """
    `arith` on fixed-width types becomes `llvm`.

    `addf`, `subf` and `mulf` get the fast-math flag `contract`; nothing gets another one, whatever
    flags the input carries. `maximumf` and `minimumf` propagate NaN. `fptosi` saturates.
    """

    name = NAME

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        RULES.apply(op)
