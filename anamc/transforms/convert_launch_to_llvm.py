"""Pass `convert-launch-to-llvm`: launches on threads become calls of the pool of the process."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func, llvm
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, UnitAttr, i32, i64
from xdsl.ir import Block, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.dialects.kernel import LaunchOp

RUN = "anamc_parallel"
"""``void anamc_parallel(part, context, count, grain, threads)``, which the JIT provides."""
POINTER = llvm.LLVMPointerType()
SLOT = 8
"""Bytes of an argument in the context."""


def packed(name: str, launch: LaunchOp) -> func.FuncOp:
    """``part(context, lo, hi)``: reads the arguments out of the context and calls the kernel."""
    op = func.FuncOp(name, ([POINTER, i64, i64], []), visibility="private")
    block = op.body.block
    context, lower, upper = block.args
    values: list[SSAValue] = []
    for k, argument in enumerate(launch.arguments):
        place = _slot(block, context, k)
        load = llvm.LoadOp(place, argument.type, alignment=SLOT)
        block.add_op(load)
        values.append(load.dereferenced_value)
    block.add_ops([func.CallOp(launch.callee.string_value(), [*values, lower, upper], []), func.ReturnOp()])
    return op


def _slot(block: Block, context: SSAValue, k: int) -> SSAValue:
    place = llvm.GEPOp(context, [k], i64, inbounds=True)
    block.add_op(place)
    return place.result


def launched(launch: LaunchOp, name: str, threads: int) -> list[Operation]:
    """The context is filled and the pool called."""
    block = Block()
    one = llvm.ConstantOp(IntegerAttr(1, i64), i64)
    context = llvm.AllocaOp(one.result, llvm.LLVMArrayType(max(len(launch.arguments), 1), i64), alignment=64)
    for k, argument in enumerate(launch.arguments):
        place = _slot(block, context.res, k)
        block.add_op(llvm.StoreOp(argument, place, alignment=SLOT))
    part = llvm.AddressOfOp(name, POINTER)
    grain = llvm.ConstantOp(IntegerAttr(launch.grain.value.data, i64), i64)
    count = llvm.ConstantOp(IntegerAttr(threads, i32), i32)
    call = llvm.CallOp(RUN, part.result, context.res, launch.count, grain.result, count.result)
    block.add_ops([part, grain, count, call])
    ops = list(block.ops)
    for op in ops:
        op.detach()
    return [one, context, *ops]


@dataclass(frozen=True)
class ConvertLaunchToLlvmPass(ModulePass):
    """
    ``kernel.launch @f(a, b) over n by g`` => ``anamc_parallel(@f_part, context, n, g, threads)``.

    The arguments lie in an array of 8-byte slots on the stack; `@f_part` reads them and calls `@f`. Runs
    behind `convert-index-to-i64`.
    """

    name = "convert-launch-to-llvm"

    threads: int = 1

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.threads < 1:
            raise PassFailedException(f"{self.name}: threads must be >= 1, got {self.threads}")
        launches = [o for o in op.walk() if isinstance(o, LaunchOp)]
        made: set[str] = set()
        for launch in launches:
            if launch.count.type != i64:
                raise PassFailedException(f"{self.name}: run convert-index-to-i64 before")
            name = f"{launch.callee.string_value()}_part"
            if name not in made:
                op.body.block.add_op(packed(name, launch))
                made.add(name)
            new = launched(launch, name, self.threads)
            for inner in new:
                inner.location = launch.location
            Rewriter.insert_op(new, InsertPoint.before(launch))
            Rewriter.erase_op(launch)
        if launches:
            declared = llvm.FuncOp(
                RUN,
                llvm.LLVMFunctionType([POINTER, POINTER, i64, i64, i32]),
                linkage=llvm.LinkageAttr("external"),
                other_props={"no_unwind": UnitAttr()},
            )
            Rewriter.insert_op(declared, InsertPoint.at_start(op.body.block))
