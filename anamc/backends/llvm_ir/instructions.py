"""The instruction of each operation, where the two differ in spelling only."""

from __future__ import annotations

from xdsl.dialects import llvm
from xdsl.ir import Operation

BINARY: dict[type[Operation], str] = {
    llvm.AddOp: "add",
    llvm.SubOp: "sub",
    llvm.MulOp: "mul",
    llvm.SDivOp: "sdiv",
    llvm.UDivOp: "udiv",
    llvm.SRemOp: "srem",
    llvm.URemOp: "urem",
    llvm.AndOp: "and",
    llvm.OrOp: "or",
    llvm.XOrOp: "xor",
    llvm.ShlOp: "shl",
    llvm.LShrOp: "lshr",
    llvm.AShrOp: "ashr",
    llvm.FAddOp: "fadd",
    llvm.FSubOp: "fsub",
    llvm.FMulOp: "fmul",
    llvm.FDivOp: "fdiv",
    llvm.FRemOp: "frem",
}

CASTS: dict[type[Operation], str] = {
    llvm.TruncOp: "trunc",
    llvm.ZExtOp: "zext",
    llvm.SExtOp: "sext",
    llvm.FPExtOp: "fpext",
    llvm.FPTruncOp: "fptrunc",
    llvm.SIToFPOp: "sitofp",
    llvm.BitcastOp: "bitcast",
    llvm.PtrToIntOp: "ptrtoint",
    llvm.IntToPtrOp: "inttoptr",
}

INTRINSICS: dict[type[Operation], str] = {
    llvm.FAbsOp: "fabs",
    llvm.FCeilOp: "ceil",
    llvm.FFloorOp: "floor",
    llvm.FSqrtOp: "sqrt",
    llvm.FExpOp: "exp",
    llvm.FExp2Op: "exp2",
    llvm.FLogOp: "log",
    llvm.FLog2Op: "log2",
    llvm.FSinOp: "sin",
    llvm.FCosOp: "cos",
    llvm.FPowOp: "pow",
    llvm.FMAOp: "fma",
    llvm.FCopySignOp: "copysign",
    llvm.VectorFMaxOp: "maxnum",
    llvm.VectorFMinOp: "minnum",
}

EXACTNESS = {"isExact": "exact", "isDisjoint": "disjoint", "nonNeg": "nneg"}
"""Properties that make an operation's result poison where they do not hold."""
