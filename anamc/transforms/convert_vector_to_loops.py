"""Pass `convert-vector-to-loops`: operations on vectors become loops over lanes, for compilers that find vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, func, memref, scf, vector
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, FloatAttr, IntegerAttr, ModuleOp, UnitAttr, VectorType
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.types import vector_type
from anamc.dialects import lanes
from anamc.dialects.forms import ALIGNED
from anamc.lowering.emitter import Emitter
from anamc.lowering.lane_groups import Buffered, Group, Uniform, Where, lanes_in

NAME = "convert-vector-to-loops"
MEMORY = (memref.LoadOp, memref.StoreOp, memref.AtomicRMWOp)
Ends = Sequence[tuple[SSAValue, int]]
"""Arrays that take operands of a terminator, by their number."""


class FunctionLanes:
    """One function, block by block: what stands side by side and has lanes is one loop over them."""

    def __init__(self, function: func.FuncOp) -> None:
        self.function = function
        self.emit = Emitter(function.body.block)
        self.where: dict[SSAValue, Where] = {}
        self.group = Group(self.emit, self.where)
        self.dead: list[Operation] = []

    def lower(self) -> None:
        self.block(self.function.body.block)
        for op in self.function.body.walk():
            if isinstance(op, memref.AllocaOp):
                op.attributes[ALIGNED] = UnitAttr()
        for op in reversed(self.dead):
            Rewriter.erase_op(op)

    def block(self, block: Block, ends: Ends = ()) -> None:
        """The operations of a block; those with lanes wait in a group until something else must run."""
        outer, self.group = self.group, Group(self.emit, self.where)
        last = block.last_op
        for op in list(block.ops):
            self.at(op)
            if op is not last:
                self.operation(op)
        if last is not None:
            self.at(last)
            for array, position in ends:
                self.group.assign(array, last.operands[position])
            self.group.flush()
        self.group = outer

    def at(self, op: Operation) -> None:
        """What is emitted goes in front of `op`."""
        self.emit.block = op.parent_block() or self.emit.entry
        self.emit.point, self.emit.location = op, op.location

    def operation(self, op: Operation) -> None:
        match op:
            case scf.ForOp():
                self.loop(op)
            case vector.BroadcastOp():
                self.where[op.results[0]] = Uniform(op.operands[0])
                self.dead.append(op)
            case arith.ConstantOp() if isinstance(op.result.type, VectorType):
                self.where[op.result] = Uniform(self.splat(op))
                self.dead.append(op)
            case lanes.SumOp():
                self.sum(op)
            case _ if op.regions:
                self.others(op)
            case _ if lanes_in(op) is not None:
                if self.group.meets(op):
                    self.group.flush()
                self.group.add(op)
                self.dead.append(op)
            case func.CallOp():
                self.group.flush()
            case _ if isinstance(op, MEMORY) and self.group.meets(op):
                self.group.flush()
            case _:
                pass

    def others(self, op: Operation) -> None:
        """Regions of other operations, which take and give no vectors."""
        if any(isinstance(v.type, VectorType) for v in (*op.operands, *op.results)):
            raise PassFailedException(f"{NAME}: '{op.name}' on vectors")
        self.group.flush()
        for inner in [block for region in op.regions for block in region.blocks]:
            self.block(inner)

    def loop(self, op: scf.ForOp) -> None:
        """A loop that carries vectors keeps them in arrays."""
        block = op.body.block
        carried = [k for k, v in enumerate(op.iter_args) if isinstance(v.type, VectorType)]
        ends: list[tuple[SSAValue, int]] = []
        for k in carried:
            argument, init = block.args[1 + k], op.iter_args[k]
            type = vector_type(argument)
            array = self.emit.alloca(type.element_type, type.get_shape(), argument.name_hint or "sum")
            self.group.assign(array, init)
            self.where[argument] = self.where[op.results[k]] = Buffered(array)
            ends.append((array, k))
        self.group.flush()
        self.block(block, ends)
        if carried:
            self.shortened(op, carried)

    def shortened(self, op: scf.ForOp, carried: Sequence[int]) -> None:
        """The same loop without the vectors: they are erased at the end, with all that used them."""
        self.at(op)
        kept = [k for k in range(len(op.iter_args)) if k not in carried]
        body = Block(arg_types=[op.body.block.args[0].type, *(op.iter_args[k].type for k in kept)])
        for new, old in zip(
            body.args, (op.body.block.args[0], *(op.body.block.args[1 + k] for k in kept)), strict=True
        ):
            new.name_hint = old.name_hint
            old.replace_all_uses_with(new)
        last = op.body.block.last_op
        for inner in list(op.body.block.ops):
            if inner is last:
                continue
            inner.detach()
            body.add_op(inner)
        body.add_op(scf.YieldOp(*(last.operands[k] for k in kept) if last is not None else ()))
        new = scf.ForOp(op.lb, op.ub, op.step, [op.iter_args[k] for k in kept], Region(body))
        new.attributes = dict(op.attributes)
        self.emit.emit(new)
        for result, k in zip(new.results, kept, strict=True):
            result.name_hint = op.results[k].name_hint
            op.results[k].replace_all_uses_with(result)
        self.dead.append(op)

    def splat(self, op: arith.ConstantOp) -> SSAValue:
        """The number in all lanes of a constant."""
        value = op.value
        element = value.get_attrs()[0] if isinstance(value, DenseIntOrFPElementsAttr) and value.is_splat() else None
        if not isinstance(element, FloatAttr | IntegerAttr):
            raise PassFailedException(f"{NAME}: a constant with different lanes")
        return self.emit.constant(element)

    def sum(self, op: lanes.SumOp) -> None:
        """Halves onto halves, in an array."""
        emit, type = self.emit, vector_type(op.x)
        array = emit.alloca(type.element_type, type.get_shape(), "half")
        self.group.assign(array, op.x)
        self.group.flush()
        width = type.get_shape()[0]
        while width > 1:
            width //= 2

            def add(at: Sequence[object], width: int = width) -> None:
                low, high = emit.load(array, at), emit.load(array, [emit.add(at[0], width)])  # pyright: ignore
                emit.store(emit.value(arith.AddfOp(low, high)), array, at)  # pyright: ignore

            emit.nested([width], add, ["l"])
        total = emit.load(array, [0])
        op.sum.replace_all_uses_with(total)
        self.dead.append(op)


@dataclass(frozen=True)
class ConvertVectorToLoopsPass(ModulePass):
    """
    Operations on vectors => `scf.for` over the lanes with the attribute `anamc.simd`.

    Operations that stand side by side share one loop as long as no lane reads what another one writes. Vectors that
    loops carry, or that are needed by a later loop, are local arrays. Compilers make one vector instruction of
    each operation again, for any vectors that the machine has. Runs behind `flatten-memrefs`, and in
    front of `expand-math`, so that formulas stay functions of one number.
    """

    name = NAME

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            if any(lanes_in(inner) is not None for inner in function.walk()):
                FunctionLanes(function).lower()
