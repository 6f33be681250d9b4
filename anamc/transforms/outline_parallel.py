"""Pass `outline-parallel`: parallel loops of kernels become functions of a range, launched on threads."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, func, memref, scf
from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    FunctionType,
    IndexType,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    UnitAttr,
)
from xdsl.ir import Attribute, Block, BlockArgument, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from anamc.dialects.kernel import LaunchOp
from anamc.lowering.emitter import GRAIN
from anamc.transforms.unique_names import unique

ROWS = 256
"""Rounds of a loop that a thread takes at once where nobody said how many."""
CLONED = (arith.ConstantOp, memref.SubviewOp)
"""What is made again inside instead of handed over."""


@dataclass(frozen=True)
class OutlineParallelPass(ModulePass):
    """
    ``scf.parallel`` in a kernel's function => a private function of what it uses and a range, and `kernel.launch`.

    Loops that add atomically stay: their sums would depend on the order. So do parallel loops in parallel loops,
    and loops whose rounds do not count from 0 by 1.
    """

    name = "outline-parallel"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        taken = {o.sym_name.data for o in op.ops if isinstance(o, func.FuncOp)}
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and "anamc.kernel" in o.attributes]:
            for inner in shared_loops(function.body.block):
                op.body.block.insert_op_before(outlined(function, inner, taken), function)


def shared_loops(block: Block) -> list[scf.ParallelOp]:
    """The outermost parallel loops of a block that can be shared, those inside of loops in order (`scf.for`) too."""
    found: list[scf.ParallelOp] = []
    for op in block.ops:
        if isinstance(op, scf.ParallelOp) and can_be_shared(op):
            found.append(op)
        elif isinstance(op, scf.ForOp) and not op.iter_args:
            found += shared_loops(op.body.block)
    return found


def can_be_shared(op: scf.ParallelOp) -> bool:
    """True for a loop ``0 <= i < n`` whose rounds may run on different threads."""
    if op.initVals or len(op.lowerBound) != 1:
        return False
    if _constant(op.lowerBound[0]) != 0 or _constant(op.step[0]) != 1:
        return False
    return not any(isinstance(inner, memref.AtomicRMWOp) for inner in op.walk())


def _constant(value: SSAValue) -> int | None:
    match value.owner:
        case arith.ConstantOp(value=IntegerAttr() as constant):
            return constant.value.data
        case _:
            return None


def outlined(function: func.FuncOp, op: scf.ParallelOp, taken: set[str]) -> func.FuncOp:
    """The function of a range; a launch takes the place of the loop."""
    captured, made = captures(op)
    block = Block(arg_types=[*(v.type for v in captured), IndexType(), IndexType()])
    values: dict[SSAValue, SSAValue] = dict(zip(captured, block.args, strict=False))
    for old, new in values.items():
        new.name_hint = old.name_hint
    for inner in made:
        block.add_op(inner.clone(value_mapper=values))
    lower, upper = block.args[len(captured) :]
    lower.name_hint, upper.name_hint = "lo", "hi"
    one = arith.ConstantOp(IntegerAttr(1, IndexType()))
    body = op.detach_region(op.body)
    for inner in body.walk():
        for k, operand in enumerate(inner.operands):
            if operand in values:
                inner.operands[k] = values[operand]
    last = body.block.last_op
    if last is not None:
        Rewriter.replace_op(last, scf.YieldOp())
    block.add_ops([one, scf.ForOp(lower, upper, one.result, [], body), func.ReturnOp()])
    name = unique(f"{function.sym_name.data}_rows", taken)
    index = [DictionaryAttr({})] * 2
    new = func.FuncOp.build(
        properties={
            "sym_name": StringAttr(name),
            "function_type": FunctionType.from_lists([a.type for a in block.args], []),
            "sym_visibility": StringAttr("private"),
            "arg_attrs": ArrayAttr([*(attributes_of(function, v) for v in captured), *index]),
        },
        attributes={"anamc.kernel": UnitAttr()},
        regions=[Region(block)],
    )
    new.location = op.location
    grain = op.attributes.get(GRAIN)
    launch = LaunchOp(name, captured, op.upperBound[0], grain.value.data if isinstance(grain, IntegerAttr) else ROWS)
    launch.location = op.location
    Rewriter.insert_op(launch, InsertPoint.before(op))
    Rewriter.erase_op(op)
    return new


def captures(op: scf.ParallelOp | scf.ForOp) -> tuple[list[SSAValue], list[Operation]]:
    """What the body uses from outside: values to hand over, and operations to make again, in order."""
    inside: set[SSAValue] = set(op.body.block.args)
    found: dict[SSAValue, None] = {}
    made: dict[Operation, None] = {}

    def use(value: SSAValue) -> None:
        owner = value.owner
        if isinstance(owner, CLONED):
            for operand in owner.operands:
                use(operand)
            made.setdefault(owner)
        else:
            found.setdefault(value)

    for inner in op.body.walk():
        for value in inner.operands:
            if value not in inside:
                use(value)
        inside.update(inner.results)
        inside.update(a for r in inner.regions for b in r.blocks for a in b.args)
    return list(found), list(made)


def attributes_of(function: func.FuncOp, value: SSAValue) -> Attribute:
    """What is known of an argument stays known; dimensions are in the code already."""
    if not isinstance(value, BlockArgument) or value.block is not function.body.block or function.arg_attrs is None:
        return DictionaryAttr({})
    given = function.arg_attrs.data[value.index]
    return DictionaryAttr({k: v for k, v in given.data.items() if k != "anamc.dims"})
