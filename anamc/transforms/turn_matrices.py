"""Pass `turn-matrices`: a matrix that no lanes find neighbours in is laid out anew, turned, once for all rows."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, AnyFloat, ArrayAttr, IndexType, ModuleOp, TensorType
from xdsl.ir import Block, BlockArgument, Operation, Region, SSAValue
from xdsl.ir.affine import AffineDimExpr, AffineMap, AffineSymExpr
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from anamc.analysis.element_accesses import are_neighbours, row_shape, used
from anamc.analysis.nests import dims_of
from anamc.dialects import kernel, nest
from anamc.dialects.access import AccessAttr
from anamc.lowering.nest_rows import ROW, WHOLE
from anamc.schedule.kernels import refusal
from anamc.transforms.kernel_edits import is_fixed, rebuilt

LEAST_ROWS = 24
"""Kernels of less rows read the matrix too seldom."""
Size = int | SSAValue


@dataclass(frozen=True)
class TurnMatricesPass(ModulePass):
    """
    ``c[r, j] = sum_k a[k, r] b[j, k]`` => ``t[k, j] = b[j, k]``, then ``c[r, j] = sum_k a[k, r] t[k, j]``.

    In sums of kernels that have no form with rows or features in lanes, where the last dimension of the result is no
    neighbour in a matrix that all rows share, and what is summed is none in another read: whatever lanes counted,
    they would be gathered. Refuses kernels of less than 24 rows or of a number that is not known, which may read
    the matrix too seldom; kernels with a schedule or a plan; nests with guards; and matrices that the kernel reads in
    another way too.
    """

    name = "turn-matrices"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in [o for o in op.walk() if isinstance(o, kernel.RowsOp)]:
            many = isinstance(inner.extent, int) and inner.extent >= LEAST_ROWS
            if not many or inner.is_buffered or is_fixed(inner) or not refusal(inner):
                continue
            for position in range(len(inner.reads)):
                if (extents := turned_extents(inner, position)) is not None:
                    inner = with_turned(inner, position, extents)  # the kernel is another one now


def turned_extents(op: kernel.RowsOp, position: int) -> tuple[Size, Size] | None:
    """The sizes ``K, J`` of the turned copy of what is read at a position; None where it stays as it is."""
    argument = op.body.block.args[1 + position]
    type = argument.type
    if op.read_accesses.data[position].indices or not isinstance(type, TensorType) or type.get_num_dims() != 2:
        return None
    if not isinstance(type.get_element_type(), AnyFloat):
        return None
    found: set[tuple[Size, Size]] = set()
    for use in argument.uses:
        inner = use.operation
        if not isinstance(inner, nest.MapOp) or inner.parent_block() is not op.body.block:
            return None
        n = use.index - len(inner.sizes)
        if not 0 <= n < len(inner.reads) or (extents := gathered_extents(inner, n)) is None:
            return None
        found.add(extents)
    if len(found) != 1:
        return None
    (sizes,) = found
    outside = all(isinstance(s, int) or not is_inside(s, op) for s in sizes)
    return sizes if outside else None


def gathered_extents(op: nest.MapOp, n: int) -> tuple[Size, Size] | None:
    """The ranges of `k` and `j` where read `n` of a sum is ``[j, k]`` and no lanes find neighbours."""
    access = op.read_accesses.data[n]
    lane = dims_of(op.write_accesses.data[0])
    if len(op.results_) != 1 or op.combiners.data[0].data != "add" or op.where or not lane or len(access.tables):
        return None
    match access.indices:
        case (AffineDimExpr(position=j), AffineDimExpr(position=k)) if j == lane[-1] and k not in lane:
            pass
        case _:
            return None
    others = (
        not are_neighbours(other, k, row_shape(value))
        for value, other in zip(op.reads, op.read_accesses, strict=True)
        if k in used(other)
    )
    return (op.extents[k], op.extents[j]) if any(others) else None


def is_inside(value: SSAValue, op: kernel.RowsOp) -> bool:
    owner = value.owner
    block = owner if isinstance(owner, Block) else owner.parent_block()
    return block is op.body.block


def with_turned(op: kernel.RowsOp, position: int, extents: tuple[Size, Size]) -> kernel.RowsOp:
    """The kernel on the turned copy, which is made in front of it."""
    copy = turned(op, position, extents)
    reads = list(zip(op.reads, op.read_accesses.data, strict=True))
    reads[position] = (copy, WHOLE)
    region = op.detach_region(op.body)
    old = region.block.args[1 + position]
    new = region.block.insert_arg(copy.type, 2 + position)
    new.name_hint = old.name_hint
    for use in list(old.uses):
        read_turned(use.operation, use.index, new)
    region.block.erase_arg(old)
    made = rebuilt(op, reads, range(len(op.results)), region)
    for before, after in zip(op.results, made.results, strict=True):
        after.name_hint = before.name_hint
        before.replace_all_uses_with(after)
    Rewriter.erase_op(op)
    return made


def read_turned(op: Operation, operand: int, new: BlockArgument) -> None:
    """``[j, k]`` of a nest's read becomes ``[k, j]`` of the turned matrix."""
    if not isinstance(op, nest.MapOp):
        return
    n = operand - len(op.sizes)
    accesses = list(op.read_accesses)
    given = accesses[n].map.data
    accesses[n] = AccessAttr(AffineMap(given.num_dims, given.num_symbols, given.results[::-1]))
    op.operands[operand] = new
    op.properties["read_accesses"] = ArrayAttr(accesses)


def turned(op: kernel.RowsOp, position: int, extents: tuple[Size, Size]) -> SSAValue:
    """The kernel ``t[r, j] = b[j, r]`` in front of another one."""
    source, (rows, columns) = op.reads[position], extents
    element = source.type.get_element_type()  # pyright: ignore
    shape = [DYNAMIC_INDEX if isinstance(s, SSAValue) else s for s in extents]
    empty = tensor.EmptyOp([s for s in extents if isinstance(s, SSAValue)], TensorType(element, shape))
    body = Block(arg_types=[IndexType(), source.type])
    body.args[0].name_hint, body.args[1].name_hint = "r", source.name_hint
    line = tensor.EmptyOp([columns] if isinstance(columns, SSAValue) else [], TensorType(element, shape[1:]))
    inner = Block(arg_types=[IndexType(), element])
    inner.args[0].name_hint = "j"
    inner.add_op(nest.YieldOp(inner.args[1]))
    there = AccessAttr(AffineMap(1, 1, (AffineDimExpr(0), AffineSymExpr(0))))
    here = AccessAttr(AffineMap(1, 1, (AffineDimExpr(0),)))
    copy = nest.MapOp(
        [columns], [(body.args[1], there)], [("set", line.tensor, here)], Region(inner), sizes=[body.args[0]]
    )
    body.add_ops([line, copy, kernel.YieldOp(copy.results_[0])])
    attributes = {k: v for k, v in op.attributes.items() if k == "anamc.blocks"}
    made = kernel.RowsOp(rows, [(source, WHOLE)], [("write", empty.tensor, [ROW])], Region(body), attributes=attributes)
    for new in (empty, line, copy, made):
        new.location = op.location
    Rewriter.insert_op([empty, made], InsertPoint.before(op))
    made.results[0].name_hint = f"{source.name_hint or 'matrix'}_turned"
    return made.results[0]
