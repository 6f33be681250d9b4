"""Results of nests that nothing uses: derivatives ask for winners and cotangents that turn out not to be needed."""

from __future__ import annotations

from xdsl.dialects import func
from xdsl.ir import Region
from xdsl.rewriter import Rewriter

from anamc.autodiff.simplify import erase_dead
from anamc.dialects import nest


def drop_unused_results(function: func.FuncOp) -> None:
    """Nests keep the results that something uses."""
    for op in reversed(list(function.body.walk())):
        if isinstance(op, nest.MapOp) and any(not r.uses.get_length() for r in op.results):
            narrow(op)


def narrow(op: nest.MapOp) -> None:
    """The nest with the results that are used; what then computes nothing is gone."""
    numbers = dict(zip(op.winners, op.args_, strict=True))
    winners = [k for k, number in numbers.items() if number.uses.get_length()]
    kept = [k for k, r in enumerate(op.results_) if r.uses.get_length() or k in winners]
    if not kept:
        return
    last = nest.YieldOp(*(op.yielded[k] for k in kept))
    block = op.body.detach_block(0)
    if block.last_op is not None:
        Rewriter.erase_op(block.last_op)
    block.add_op(last)
    erase_dead(block)
    reads = list(zip(op.reads, op.read_accesses.data, strict=True))
    for k in reversed(range(len(reads))):
        argument = block.args[len(op.ranges.data) + k]
        if not argument.uses.get_length():
            block.erase_arg(argument)
            del reads[k]
    made = nest.MapOp(
        op.extents,
        reads,
        [(op.combiners.data[k].data, op.inits[k], op.write_accesses.data[k]) for k in kept],
        Region(block),
        op.tables,
        op.sizes,
        where=op.where,
        winners=[kept.index(k) for k in winners],
    )
    made.attributes |= op.attributes
    made.location = op.location
    found = dict(zip(kept, made.results_, strict=True))
    fresh = dict(zip(winners, made.args_, strict=True))
    for k, old in enumerate(op.results_):
        if k in found:
            found[k].name_hint = old.name_hint
            old.replace_all_uses_with(found[k])
    for k in winners:
        fresh[k].name_hint = numbers[k].name_hint
        numbers[k].replace_all_uses_with(fresh[k])
    Rewriter.replace_op(op, made, [None] * len(op.results))
