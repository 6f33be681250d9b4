"""Pass `split-nests`: results of one nest that need different rows become nests of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter

from anamc.analysis.regions import operations_in
from anamc.analysis.rows import Dims
from anamc.dialects import nest
from anamc.dialects.access import AccessAttr
from anamc.dialects.nest_parts import NestParts
from anamc.lowering.nest_rows import RowAccess, write_of


def groups(op: nest.MapOp, dims: Dims) -> list[list[int]]:
    """
    Results that are computed together.

    First those that can be rows over one iterator, as many as possible, and again for what is left;
    sums over all rows apart from sums through tables, since both together run in order. Then those
    without rows, by the place where they are written.
    """
    left = list(range(len(op.inits)))
    found: list[list[int]] = []
    while left:
        ways = [rows_over(op, left, iterator, dims) for iterator in range(len(op.ranges.data))]
        best = max(ways, key=lambda w: (len(w), sum(not a.adds for a in w.values())), default={})
        if not best:
            break
        sums = any(a.adds and not a.is_scattered for a in best.values())
        scattered = [k for k, a in best.items() if a.is_scattered and sums]
        found.append([k for k in best if k not in scattered])
        if scattered:
            found.append(scattered)
        left = [k for k in left if k not in best]
    places: dict[AccessAttr, list[int]] = {}
    for k in left:
        places.setdefault(op.write_accesses.data[k], []).append(k)
    return [*found, *places.values()]


def rows_over(op: nest.MapOp, results: Sequence[int], iterator: int, dims: Dims) -> dict[int, RowAccess]:
    """How those results that can be are written by rows over an iterator."""
    ways = {k: write_of(op, k, iterator, dims) for k in results}
    return {k: way for k, way in ways.items() if way is not None}


def split(op: nest.MapOp, parts: Sequence[Sequence[int]]) -> None:
    """One nest for each group of results."""
    rewriter = PatternRewriter(op)
    values: dict[SSAValue, SSAValue] = {}
    numbers = dict(zip(op.winners, op.args_, strict=True))
    for results in parts:
        kept = NestParts.of(op)
        kept.keep_results(results)
        new = kept.build()
        new.location = op.location
        new.attributes = dict(op.attributes)
        rewriter.insert(new)
        old = [*(op.results_[k] for k in results), *(numbers[k] for k in op.winners if k in results)]
        values |= dict(zip(old, new.results, strict=True))
    for old, value in values.items():
        value.name_hint = old.name_hint
    rewriter.replace(op, [], [values[r] for r in op.results])


@dataclass(frozen=True)
class SplitNestsPass(ModulePass):
    """
    A nest with results that cannot be rows over one iterator => one nest for each group that can.

    Each computes only what its results need. Rows in common stay in one nest, so that what several
    results share is computed once.
    """

    name = "split-nests"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            dims = Dims(function)
            for inner in [o for o in operations_in(function) if isinstance(o, nest.MapOp)]:
                parts = groups(inner, dims)
                if len(parts) > 1:
                    split(inner, parts)
