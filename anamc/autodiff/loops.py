"""Emits loops and branches of derivatives, and the states of a loop that are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.dialects import arith, scf, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, AnyFloat, IndexType, IntegerAttr, TensorType
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap

from anamc.autodiff.emit import Emit, element_type
from anamc.dialects import nest
from anamc.dialects.access import AccessAttr, identity, shape_of

Values = Sequence[SSAValue]
Body = Callable[[Emit, SSAValue, Values], Values]


def index(e: Emit, value: int) -> SSAValue:
    return e(arith.ConstantOp.from_int_and_width(value, IndexType()))


def constant_index(value: SSAValue) -> int | None:
    """The number of a constant index."""
    op = value.owner
    number = op.value if isinstance(op, arith.ConstantOp) else None
    return number.value.data if isinstance(number, IntegerAttr) else None


def computed(e: Emit, op: type[arith.SignlessIntegerBinaryOperation], x: SSAValue, y: SSAValue) -> SSAValue:
    """Arithmetic on indices, done at once on constants."""
    a, b = constant_index(x), constant_index(y)
    if a is not None and b is not None:
        return index(e, FOLDED[op](a, b))
    if (op, b) in UNCHANGED:
        return x
    return y if (op, a) in ((arith.AddiOp, 0), (arith.MuliOp, 1)) else e(op(x, y))


FOLDED: dict[type[Operation], Callable[[int, int], int]] = {
    arith.AddiOp: lambda a, b: a + b,
    arith.SubiOp: lambda a, b: a - b,
    arith.MuliOp: lambda a, b: a * b,
    arith.MinSIOp: min,
    arith.MaxSIOp: max,
    arith.CeilDivSIOp: lambda a, b: -(-a // b),
}


UNCHANGED = {(arith.AddiOp, 0), (arith.SubiOp, 0), (arith.MuliOp, 1), (arith.CeilDivSIOp, 1)}
"""``x op b`` that is x."""


def loop(e: Emit, count: SSAValue, carried: Values, body: Body) -> Values:
    """``for k in 0 ..< count: carried = body(k, carried)``"""
    block = Block(arg_types=[IndexType(), *(v.type for v in carried)])
    inner = Emit(block, labels=False)
    inner.source = e.source
    block.add_op(scf.YieldOp(*body(inner, block.args[0], block.args[1:])))
    return e.add(scf.ForOp(index(e, 0), count, index(e, 1), carried, Region(block))).results


def branch(
    e: Emit,
    condition: SSAValue,
    types: Sequence[Attribute],
    yes: Callable[[Emit], Values],
    no: Callable[[Emit], Values],
) -> Values:
    """The values of one side or the other."""
    regions: list[Region] = []
    for side in (yes, no):
        block = Block()
        inner = Emit(block, labels=False)
        inner.source = e.source
        block.add_op(scf.YieldOp(*side(inner)))
        regions.append(Region(block))
    return e.add(scf.IfOp(condition, types, regions[0], regions[1])).results


def inlined(e: Emit, block: Block, arguments: Values) -> tuple[list[Operation], Values]:
    """The operations of a block, cloned, and what it yields."""
    values: dict[SSAValue, SSAValue] = dict(zip(block.args, arguments, strict=True))
    made: list[Operation] = []
    for op in block.ops:
        if isinstance(op, scf.YieldOp):
            return made, [values.get(v, v) for v in op.arguments]
        clone = op.clone(values)
        for old, new in zip(op.results, clone.results, strict=True):
            values[old], new.name_hint = new, old.name_hint
        made.append(e.add(clone))
    return made, []


@dataclass(frozen=True)
class Stack:
    """States of a loop, one behind the other, in a tensor with one more dimension for each of them."""

    tensors: Values

    @classmethod
    def empty(cls, e: Emit, count: SSAValue, like: Values, *, numbers: float | None = None) -> Stack:
        """Room for `count` states; those of rank 0 are `numbers` at first, where that is given."""
        number = constant_index(count)
        found: list[SSAValue] = []
        for value in like:
            lead = DYNAMIC_INDEX if number is None else number
            sizes = [*([count] if number is None else []), *e.run_time_sizes(value)]
            type = TensorType(element_type(value), [lead, *shape_of(value.type)])
            if numbers is not None and not shape_of(value.type) and isinstance(type.element_type, AnyFloat):
                found.append(e.filled(numbers, type, sizes))
            else:
                found.append(e(tensor.EmptyOp(sizes, type)))
            found[-1].name_hint = "states"
        return cls(found)

    def store(self, e: Emit, k: SSAValue, values: Values) -> Stack:
        """With state `k` set."""
        return Stack([slice_nest(e, v, stack, v, k) for stack, v in zip(self.tensors, values, strict=True)])

    def load(self, e: Emit, k: SSAValue, like: Values) -> Values:
        """State `k`."""
        found: list[SSAValue] = []
        for stack, v in zip(self.tensors, like, strict=True):
            type = v.type
            if isinstance(type, TensorType):
                init = e(tensor.EmptyOp(e.run_time_sizes(v), type))
                found.append(slice_nest(e, stack, init, v, k))
        return found


def slice_nest(e: Emit, read: SSAValue, init: SSAValue, like: SSAValue, k: SSAValue) -> SSAValue:
    """Copies between a tensor and entry `k` of a stack, whichever has one more dimension."""
    shape = shape_of(like.type)
    rank = len(shape)
    whole = identity(rank, 1)
    entry = AccessAttr(AffineMap(rank, 1, (AffineExpr.symbol(0), *whole.indices)))
    block = Block(arg_types=[*[IndexType()] * rank, element_type(read)])
    block.add_op(nest.YieldOp(block.args[-1]))
    extents = [n if n >= 0 else e.size(like, d) for d, n in enumerate(shape)]
    stores = len(shape_of(init.type)) > rank
    access = (whole, entry) if stores else (entry, whole)
    return e(nest.MapOp(extents, [(read, access[0])], [("set", init, access[1])], Region(block), (), [k]))
