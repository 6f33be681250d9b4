"""Parts of a kernel: without results and reads that nothing needs, or what one value takes to compute."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.rewriter import InsertPoint, Rewriter

from anamc.dialects import kernel
from anamc.dialects.access import AccessAttr


def cleaned(op: kernel.RowsOp, results: Sequence[int], *more: tuple[SSAValue, AccessAttr]) -> kernel.RowsOp:
    """
    The kernel with some of its results, without operations and reads that these do not need; in its place.

    `more`: reads whose arguments stand behind those of the others in the body already.
    """
    first = [sum(len(a.data) for a in op.write_accesses.data[:k]) for k in range(len(op.results) + 1)]
    yielded = [v for k in results for v in op.yielded[first[k] : first[k + 1]]]
    region = op.detach_region(op.body)
    block = region.block
    if block.last_op is not None:
        block.last_op.operands = yielded
    erase_unused(block)
    given = [*zip(op.reads, op.read_accesses.data, strict=True), *more]
    used = [k for k, a in enumerate(block.args[1:]) if a.uses.get_length()]
    for argument in [a for k, a in enumerate(block.args[1:]) if k not in used]:
        block.erase_arg(argument)
    made = rebuilt(op, [given[k] for k in used], results, region)
    for k, new in zip(results, made.results, strict=True):
        new.name_hint = op.results[k].name_hint
        op.results[k].replace_all_uses_with(new)
    Rewriter.erase_op(op)
    return made


def rebuilt(
    op: kernel.RowsOp, reads: Sequence[tuple[SSAValue, AccessAttr]], results: Sequence[int], region: Region
) -> kernel.RowsOp:
    """A kernel with these reads and this body in front of `op`."""
    writes = [(op.combiners.data[k].data, op.inits[k], list(op.write_accesses.data[k])) for k in results]
    made = kernel.RowsOp(op.extent, reads, writes, region, op.tables, op.rows, dict(op.attributes))
    made.location = op.location
    Rewriter.insert_op(made, InsertPoint.before(op))
    return made


def part_of(body: Block, reads: Sequence[int], needed: Sequence[Operation], value: SSAValue) -> Region:
    """A body that computes one value of another: of these reads of it, by these of its operations."""
    block = Block(arg_types=[body.args[0].type, *(body.args[k + 1].type for k in reads)])
    values: dict[SSAValue, SSAValue] = dict(zip((body.args[k + 1] for k in reads), block.args[1:], strict=True))
    for old, new in values.items():
        new.name_hint = old.name_hint
    for op in needed:
        clone = op.clone(values)
        values |= zip(op.results, clone.results, strict=True)
        block.add_op(clone)
    block.add_op(kernel.YieldOp(values.get(value, value)))
    return Region(block)


def is_fixed(op: kernel.RowsOp) -> bool:
    """True for a kernel that somebody scheduled or planned already: it stays as it is."""
    return op.schedule is not None or op.plan is not None


def same_rows(first: kernel.RowsOp, second: kernel.RowsOp) -> bool:
    """True for kernels over one set of rows."""
    return first.extent is second.extent or first.extent == second.extent


def erase_unused(block: Block, kinds: tuple[type[Operation], ...] = (Operation,)) -> None:
    """Erases operations (of these kinds) whose results nothing uses."""
    for inner in reversed(list(block.ops)):
        if isinstance(inner, kinds) and inner.results and not any(r.uses.get_length() for r in inner.results):
            block.erase_op(inner)
