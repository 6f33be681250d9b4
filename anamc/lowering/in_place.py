"""Whether a kernel may write its rows over rows that it reads."""

from __future__ import annotations

from xdsl.dialects import arith, tensor
from xdsl.ir import Operation, SSAValue

from anamc.analysis.elementwise import ELEMENTWISE
from anamc.dialects import kernel, mlp, nest


def may_overwrite(op: kernel.RowsOp, read: int, result: int) -> bool:
    """
    True where result `result` may lie where the tensor of read `read` lies.

    Each row must read only the row that it writes, and behind the element that it writes nothing of that row: the
    last operation that computes with it makes the result, element by element, and no sum is
    computed of it afterwards. Rows of several numbers must be made element by element all along: lowerings
    join operations, and compute a row in tiles, or twice at the end of a block.
    """
    accesses = op.write_accesses.data[result].data
    if op.combiners.data[result].data != "write" or accesses[0] != op.read_accesses.data[read]:
        return False
    if not accesses[0].indices or not accesses[0].is_direct:
        return False
    argument, yielded = op.body.block.args[1 + read], op.yielded_of(result)[0]
    maker = yielded.owner
    if not isinstance(maker, Operation) or maker.parent_block() is not op.body.block:
        return False
    if sum(v is yielded for v in op.yielded) > 1 or not is_aligned(maker, argument):
        return False
    if kernel.row_type(op.inits[result].type, accesses[0]).get_shape() and not is_elementwise(op):
        return False
    return not is_needed_behind(op, argument, yielded, maker)


def is_elementwise(op: kernel.RowsOp) -> bool:
    """True where a kernel computes element by element."""
    starts = (tensor.EmptyOp, tensor.SplatOp, arith.ConstantOp, kernel.YieldOp)
    return all(
        isinstance(o, starts) or (isinstance(o, nest.MapOp) and is_pointwise(o))
        or isinstance(o, (*ELEMENTWISE, mlp.WhereOp))
        for o in op.body.block.ops
    )  # fmt: skip


def is_pointwise(op: nest.MapOp) -> bool:
    """True for results that are set at `[i, j, ...]`, of what is read there."""
    accesses = (*op.read_accesses, *op.write_accesses)
    return all(c.data == "set" for c in op.combiners) and all(a.is_identity() for a in accesses) and not op.tables


def is_aligned(maker: Operation, argument: SSAValue) -> bool:
    """True where element i of the result needs of the argument element i alone."""
    if len(maker.results) != 1:
        return False
    if isinstance(maker, (*ELEMENTWISE, mlp.WhereOp)):
        return True
    if not isinstance(maker, nest.MapOp) or maker.combiners.data[0].data != "set" or argument in maker.inits:
        return False
    if not isinstance(maker.inits[0].owner, tensor.EmptyOp) or argument in maker.tables:
        return False
    same = all(a.is_identity() for v, a in zip(maker.reads, maker.read_accesses, strict=True) if v is argument)
    return same and maker.write_accesses.data[0].is_identity()


def is_needed_behind(op: kernel.RowsOp, argument: SSAValue, yielded: SSAValue, maker: Operation) -> bool:
    """True where something that is computed behind `maker` depends on the argument other than by `yielded`."""
    depends: set[SSAValue] = {argument}
    behind = False
    for inner in op.body.block.ops:
        if isinstance(inner, kernel.YieldOp):
            break
        reads = any(v in depends for o in inner.walk() for v in o.operands)
        if reads and behind:
            return True
        if inner is maker:
            behind = True
        elif reads:
            depends.update(inner.results)
    for k, combiner in enumerate(op.combiners):
        late = combiner.data != "write"
        if any(v is argument or (late and v in depends) for v in op.yielded_of(k)):
            return True
    return False
