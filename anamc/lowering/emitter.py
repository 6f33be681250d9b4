"""Emits loops, index arithmetic and memory accesses at a current position."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from math import copysign
from typing import TypeVar

from xdsl.dialects import arith, memref, scf
from xdsl.dialects.builtin import DYNAMIC_INDEX, FloatAttr, IndexType, IntegerAttr, IntegerType, UnitAttr
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
    AffineSymExpr,
)
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.dialects.lanes import ROLLED

T = TypeVar("T")
O = TypeVar("O", bound=Operation)

GRAIN = "anamc.grain"
"""The attribute of a parallel loop that says how many rounds a thread takes at once."""

Index = int | SSAValue
"""An index: known now, or a value of type index."""


INDEX = IndexType()


@cache
def _number(value: int) -> IntegerAttr[IndexType]:
    return IntegerAttr(value, INDEX)


def made(op: type[O], operands: Sequence[SSAValue], *types: Attribute) -> O:
    """
    An operation with the default properties, without the checks of its constructor.

    They take three times as long as all else, and the verifier repeats them.
    """
    return op.create(operands=operands, result_types=types)


class Emitter:
    """
    Appends operations to the innermost open block.

    With `point` set, what goes into its block goes in front of it. Constants are hoisted to the
    start of `entry`, each once; arithmetic on known indices is folded.
    """

    def __init__(self, entry: Block) -> None:
        self.entry = entry
        self.block = entry
        self.point: Operation | None = None
        self.location = entry.parent_op().location if (entry.parent_op()) is not None else None  # pyright: ignore
        self.known: dict[object, SSAValue] | None = None
        """Sums and products of indices by block, for who emits each block from its start to its end."""
        self.constants: dict[tuple[Attribute, Attribute, float], SSAValue] = {}
        self.rolled = False
        """Whether loops are not to be unrolled: for bodies that are as long as the registers allow."""

    def emit(self, op: Operation, hint: str | None = None) -> SSAValue | None:
        """Appends an operation; gives its first result."""
        if self.location is not None:
            op.location = self.location
        if self.point is not None and self.point.parent_block() is self.block:
            self.block.insert_op_before(op, self.point)
        else:
            self.block.add_op(op)
        if not op.results:
            return None
        if hint is not None:
            op.results[0].name_hint = hint
        return op.results[0]

    def value(self, op: Operation, hint: str | None = None) -> SSAValue:
        """Appends an operation that has a result."""
        result = self.emit(op, hint)
        if result is None:
            raise PassFailedException(f"'{op.name}' has no result")
        return result

    # Constants and indices -------------------------------------------------------------------

    def constant(self, value: IntegerAttr | FloatAttr) -> SSAValue:
        """A constant at the start of the function, shared."""
        sign = copysign(1.0, value.value.data)  # 0.0 equals -0.0
        key = (value, value.type, sign)
        if key not in self.constants:
            op = arith.ConstantOp(value)
            first = self.entry.first_op
            if first is None:
                self.entry.add_op(op)
            else:
                Rewriter.insert_op(op, InsertPoint.before(first))
            self.constants[key] = op.result
        return self.constants[key]

    def index(self, value: Index) -> SSAValue:
        """The index as a value."""
        return self.constant(_number(value)) if isinstance(value, int) else value

    def add(self, a: Index, b: Index) -> Index:
        if isinstance(a, int) and isinstance(b, int):
            return a + b
        if a == 0:
            return b
        if b == 0:
            return a
        return self.once(arith.AddiOp, a, b)

    def sub(self, a: Index, b: Index) -> Index:
        if isinstance(a, int) and isinstance(b, int):
            return a - b
        return a if b == 0 else self.value(made(arith.SubiOp, (self.index(a), self.index(b)), INDEX))

    def mul(self, a: Index, b: Index) -> Index:
        if isinstance(a, int) and isinstance(b, int):
            return a * b
        if a == 0 or b == 0:
            return 0
        if a == 1:
            return b
        if b == 1:
            return a
        return self.once(arith.MuliOp, a, b)

    def once(self, op: type[arith.AddiOp] | type[arith.MuliOp], a: Index, b: Index) -> SSAValue:
        """``a op b``, found again where `known` remembers it from this block."""
        key = (self.block, op, a, b)
        if self.known is None or key not in self.known:
            value = self.value(made(op, (self.index(a), self.index(b)), INDEX))
            if self.known is None:
                return value
            self.known[key] = value
        return self.known[key]

    def floordiv(self, a: Index, b: Index) -> Index:
        if isinstance(a, int) and isinstance(b, int):
            return a // b
        return a if b == 1 else self.value(arith.FloorDivSIOp(self.index(a), self.index(b)))

    def ceildiv(self, a: Index, b: Index) -> Index:
        if isinstance(a, int) and isinstance(b, int):
            return -(-a // b)
        return a if b == 1 else self.value(arith.CeilDivSIOp(self.index(a), self.index(b)))

    def mod(self, a: Index, b: Index) -> Index:
        """The mathematical remainder: ``a - (a floordiv b) b``."""
        if isinstance(a, int) and isinstance(b, int):
            return a % b
        if b == 1:
            return 0
        whole = self.mul(self.floordiv(a, b), b)
        return self.value(arith.SubiOp(self.index(a), self.index(whole)))

    def min(self, a: Index, b: Index) -> Index:
        if isinstance(a, int) and isinstance(b, int):
            return min(a, b)
        return self.value(made(arith.MinSIOp, (self.index(a), self.index(b)), INDEX))

    def max(self, a: Index, b: Index) -> Index:
        if isinstance(a, int) and isinstance(b, int):
            return max(a, b)
        return self.value(made(arith.MaxSIOp, (self.index(a), self.index(b)), INDEX))

    def affine(self, expr: AffineExpr, dims: Sequence[Index], symbols: Sequence[Index]) -> Index:
        """The value of an affine expression."""
        match expr:
            case AffineConstantExpr():
                return expr.value
            case AffineDimExpr():
                return dims[expr.position]
            case AffineSymExpr():
                return symbols[expr.position]
            case AffineBinaryOpExpr():
                left, right = self.affine(expr.lhs, dims, symbols), self.affine(expr.rhs, dims, symbols)
                return BINARY[expr.kind](self, left, right)
            case _:
                raise PassFailedException(f"cannot lower the index {expr}")

    # Memory ----------------------------------------------------------------------------------

    def load(self, buffer: SSAValue, place: Sequence[Index], hint: str | None = None) -> SSAValue:
        element = buffer.type.element_type  # pyright: ignore
        return self.value(made(memref.LoadOp, (buffer, *map(self.index, place)), element), hint)  # pyright: ignore

    def load_index(self, buffer: SSAValue, place: Sequence[Index]) -> SSAValue:
        """An element of an integer table as an index."""
        element = self.load(buffer, place)
        if isinstance(element.type, IntegerType):
            return self.value(arith.IndexCastOp(element, IndexType()))
        return element

    def store(self, value: SSAValue, buffer: SSAValue, place: Sequence[Index]) -> None:
        self.emit(made(memref.StoreOp, (value, buffer, *map(self.index, place))))

    def alloca(self, element: Attribute, shape: Sequence[int], hint: str | None) -> SSAValue:
        """A local array of constant shape."""
        if DYNAMIC_INDEX in shape:
            raise PassFailedException("convert-kernel-to-loops: a local array needs a constant shape")
        return self.value(memref.AllocaOp.get(element, shape=list(shape)), hint)

    # Loops -----------------------------------------------------------------------------------

    def loop(
        self,
        extent: Index,
        body: Callable[[Index, Sequence[SSAValue]], Sequence[SSAValue]],
        carried: Sequence[SSAValue] = (),
        hint: str | None = None,
        start: Index = 0,
        names: Sequence[str | None] = (),
    ) -> Sequence[SSAValue]:
        """``for start <= i < extent``, values carried; a loop of one round is none."""
        if isinstance(extent, int) and isinstance(start, int) and extent - start == 1:
            return body(start, carried)
        block = Block(arg_types=[IndexType(), *(v.type for v in carried)])
        block.args[0].name_hint = hint
        for argument, name in zip(block.args[1:], names, strict=False):
            argument.name_hint = name
        lower, upper, step = self.index(start), self.index(extent), self.index(1)
        results = self.inside(block, lambda: body(block.args[0], block.args[1:]))
        block.add_op(scf.YieldOp(*results))
        op = scf.ForOp(lower, upper, step, carried, Region(block))
        if self.rolled:
            op.attributes[ROLLED] = UnitAttr()
        self.emit(op)
        for result, name in zip(op.results, names, strict=False):
            result.name_hint = name
        return op.results

    def parallel(self, extent: Index, body: Callable[[Index], None], hint: str | None = None, grain: int = 0) -> None:
        """``for 0 <= i < extent`` in any order; `grain`: rounds that are worth a thread's attention, if known."""
        block = Block(arg_types=[IndexType()])
        block.args[0].name_hint = hint
        lower, upper, step = self.index(0), self.index(extent), self.index(1)
        self.inside(block, lambda: body(block.args[0]))
        block.add_op(scf.ReduceOp())
        op = scf.ParallelOp([lower], [upper], [step], Region(block))
        if grain:
            op.attributes[GRAIN] = IntegerAttr(grain, IndexType())
        self.emit(op)

    def nested(
        self, extents: Sequence[Index], body: Callable[[Sequence[Index]], None], hints: Sequence[str | None] = ()
    ) -> None:
        """Loops over a box, outermost first."""

        def level(k: int, indices: tuple[Index, ...]) -> None:
            if k == len(extents):
                body(indices)
                return

            def step(i: Index, carried: Sequence[SSAValue]) -> Sequence[SSAValue]:
                level(k + 1, (*indices, i))
                return carried

            self.loop(extents[k], step, (), hints[k] if k < len(hints) else "j")

        level(0, ())

    def inside(self, block: Block, build: Callable[[], T]) -> T:
        """What `build` emits goes into `block`."""
        outer, self.block = self.block, block
        try:
            return build()
        finally:
            self.block = outer


BINARY: dict[AffineBinaryOpKind, Callable[[Emitter, Index, Index], Index]] = {
    AffineBinaryOpKind.Add: Emitter.add,
    AffineBinaryOpKind.Mul: Emitter.mul,
    AffineBinaryOpKind.FloorDiv: Emitter.floordiv,
    AffineBinaryOpKind.CeilDiv: Emitter.ceildiv,
    AffineBinaryOpKind.Mod: Emitter.mod,
}
