"""Pass `outline-chunks`: what a chunk of rows does becomes a function, whose arrays compilers can tell apart."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, func, memref, scf
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, FunctionType, ModuleOp, StringAttr, UnitAttr
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from anamc.analysis.types import memref_type
from anamc.dialects.forms import ALIGNED, HOST_FORM, HOST_ONLY, SIMD
from anamc.transforms.outline_parallel import attributes_of, captures
from anamc.transforms.unique_names import unique

NAME = "outline-chunks"
MOST_LANES = 16
"""Local arrays of so many numbers are the sums of a tile: they stay where they are, for registers."""


@dataclass(frozen=True)
class OutlineChunksPass(ModulePass):
    """
    In forms for processors (`anamc.host_form_of`): the body of a loop over chunks => a private function, called.

    Where a kernel goes by a plan (`anamc.host_only`), the caller looks up the chunk.
    Local arrays of more than a vector become arguments of it. C's `restrict` is for arguments alone, and OpenMP takes
    the body of a parallel loop to a place where arguments of the kernel are not marked so any more: without
    this pass compilers must keep the sums of a tile in memory. Runs behind `convert-vector-to-loops`.
    """

    name = NAME

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        taken = {o.sym_name.data for o in op.ops if isinstance(o, func.FuncOp)}
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and is_host_kernel(o)]:
            for loop in loops_over_chunks(function.body.block):
                op.body.block.insert_op_before(outlined(function, loop, taken), function)


def is_host_kernel(function: func.FuncOp) -> bool:
    """True for the form of a kernel for processors."""
    given = function.attributes
    return HOST_FORM in given or (HOST_ONLY in given and "anamc.kernel" in given)


def loops_over_chunks(block: Block) -> list[scf.ParallelOp | scf.ForOp]:
    """Those of a kernel; of one with a plan, that over the chunks of a colour."""
    found: list[scf.ParallelOp | scf.ForOp] = []
    for loop in block.ops:
        if not isinstance(loop, scf.ParallelOp | scf.ForOp) or not is_loop_over_chunks(loop):
            continue
        inner = [op for op in loop.body.block.ops if isinstance(op, scf.ParallelOp)]
        found += [op for op in inner if is_loop_over_chunks(op)] or [loop]
    return found


def is_loop_over_chunks(op: scf.ParallelOp | scf.ForOp) -> bool:
    """True for a loop of one dimension that carries nothing and has loops over lanes inside."""
    if len(op.body.block.args) != 1 or op.results:
        return False
    return any(SIMD in inner.attributes for inner in op.walk())


def outlined(function: func.FuncOp, op: scf.ParallelOp | scf.ForOp, taken: set[str]) -> func.FuncOp:
    """The function of one round; a call is what is left of the body."""
    body = op.body.block
    lookup = numbering(body)
    for inner in lookup:
        inner.detach()
    index = lookup[-1].results[0] if lookup else body.args[0]
    index.name_hint = body.args[0].name_hint
    captured, made = captures(op)
    captured = [v for v in captured if v is not index]
    arrays = [a for a in body.walk() if isinstance(a, memref.AllocaOp) and is_large(a)]
    block = Block(arg_types=[index.type, *(v.type for v in captured), *(a.memref.type for a in arrays)])
    inputs = [index, *captured, *(a.memref for a in arrays)]
    for new, old in zip(block.args, inputs, strict=True):
        new.name_hint = old.name_hint
    values: dict[SSAValue, SSAValue] = dict(zip(inputs, block.args, strict=True))
    for inner in made:
        block.add_op(inner.clone(value_mapper=values))
    call = func.CallOp(unique(f"{function.sym_name.data.removesuffix('_blocks')}_rows", taken), inputs, [])
    moved = list(body.ops)[:-1]
    for inner in moved:
        inner.detach()
        block.add_op(inner)
    block.add_op(func.ReturnOp())
    for array in arrays:
        array.detach()
    Rewriter.insert_op([*lookup, *arrays, call], InsertPoint.at_start(body))
    for old, new in values.items():
        replace_in(block, old, new)
    call.location = op.location
    given = [DictionaryAttr({}), *(attributes_of(function, v) for v in captured), *(DictionaryAttr({}) for _ in arrays)]
    new = func.FuncOp.build(
        properties={
            "sym_name": StringAttr(call.callee.root_reference.data),
            "function_type": FunctionType.from_lists([a.type for a in block.args], []),
            "sym_visibility": StringAttr("private"),
            "arg_attrs": ArrayAttr(given),
        },
        attributes={HOST_ONLY: UnitAttr()},
        regions=[Region(block)],
    )
    new.location = op.location
    return new


def numbering(body: Block) -> list[Operation]:
    """What looks up in a plan which chunk a round is, if it does nothing else with its number; else nothing."""
    found: list[Operation] = []
    for op in body.ops:
        found.append(op)
        if isinstance(op, arith.IndexCastOp) or op.regions:
            break
    last = found[-1]
    if not isinstance(last, arith.IndexCastOp) or not isinstance(last.input.owner, memref.LoadOp):
        return []
    own = [body.args[0], *(r for op in found[:-1] for r in op.results)]
    return found if all(use.operation in found for value in own for use in value.uses) else []


def is_large(op: memref.AllocaOp) -> bool:
    return ALIGNED in op.attributes and memref_type(op.memref).get_shape()[0] > MOST_LANES


def replace_in(block: Block, old: SSAValue, new: SSAValue) -> None:
    """Uses of `old` in a block take `new`."""

    def inside(op: Operation) -> bool:
        parent = op.parent_block()
        while parent is not None and parent is not block:
            outer = parent.parent_op()
            parent = outer.parent_block() if outer is not None else None
        return parent is block

    for use in list(old.uses):
        if inside(use.operation):
            use.operation.operands[use.index] = new
