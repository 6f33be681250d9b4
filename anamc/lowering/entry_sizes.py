"""Sizes of an entry: its arguments as indices, arithmetic on them, offsets of the workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xdsl.dialects import arith
from xdsl.dialects.builtin import FixedBitwidthType, IndexType
from xdsl.ir import Block, Operation, SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.lowering.workspace import ALIGNMENT, Slot
from anamc.numerics.constants import index_constant


def as_indices(
    block: Block, old: Sequence[SSAValue], new: Sequence[SSAValue], values: dict[SSAValue, SSAValue], *, named: bool
) -> None:
    """The integer arguments `new` cast to the indices that the function on tensors has."""
    for size, argument in zip(old, new, strict=True):
        cast = arith.IndexCastOp(argument, IndexType())
        cast.result.name_hint = size.name_hint if named else None
        block.add_op(cast)
        values[size] = cast.result


def clone_scalar(block: Block, op: Operation, values: dict[SSAValue, SSAValue]) -> None:
    """An operation on scalars, in the new function."""
    missing = [v for v in op.operands if v not in values]
    if missing:
        raise PassFailedException(f"bufferize-kernels: '{op.name}' needs a tensor where only sizes are known")
    clone = op.clone()
    clone.operands = [values[v] for v in op.operands]
    block.add_op(clone)
    values.update(zip(op.results, clone.results, strict=True))


def any_negative(block: Block, sizes: Sequence[SSAValue], zero: SSAValue) -> SSAValue | None:
    """True where a size is negative; None without sizes."""
    bad: SSAValue | None = None
    for size in sizes:
        negative = arith.CmpiOp(size, zero, "slt")
        block.add_op(negative)
        if bad is None:
            bad = negative.result
        else:
            either = arith.OrIOp(bad, negative.result)
            block.add_op(either)
            bad = either.result
    return bad


def slot_offsets(block: Block, slots: Sequence[Slot], values: Mapping[SSAValue, SSAValue]) -> list[SSAValue]:
    """Byte offset of each slot, and at the end the size of the workspace."""
    zero = index_constant(0)
    block.add_op(zero)
    found: list[SSAValue] = [zero.result]
    for slot in slots:
        total = arith.AddiOp(found[-1], slot_bytes(block, slot, values))
        block.add_op(total)
        found.append(total.result)
    return found


def slot_bytes(block: Block, slot: Slot, values: Mapping[SSAValue, SSAValue]) -> SSAValue:
    """Size of a slot, rounded up to the alignment."""
    width = slot.element.size if isinstance(slot.element, FixedBitwidthType) else 8
    for dim in slot.dims:
        width *= dim if isinstance(dim, int) else 1
    factors = [values[d] for d in slot.dims if isinstance(d, SSAValue)]

    def constant(value: int) -> SSAValue:
        op = index_constant(value)
        block.add_op(op)
        return op.result

    if not factors:
        return constant(-(-width // ALIGNMENT) * ALIGNMENT)
    size = constant(width)
    for factor in factors:
        product = arith.MuliOp(size, factor)
        block.add_op(product)
        size = product.result
    if width % ALIGNMENT == 0:
        return size
    unit = constant(ALIGNMENT)
    chunks = arith.CeilDivSIOp(size, unit)
    rounded = arith.MuliOp(chunks.result, unit)
    block.add_ops([chunks, rounded])
    return rounded.result
