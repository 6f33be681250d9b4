"""Pass `gather-nests`: a nest whose iterations meet in elements of its result becomes one over these elements."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, func
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.regions import operations_in
from anamc.analysis.rows import Dims
from anamc.dialects import nest
from anamc.dialects.nest_parts import NestParts
from anamc.lowering.nest_preimage import Preimage
from anamc.lowering.nest_rows import as_rows
from anamc.numerics.constants import index_constant


def gathered(op: nest.MapOp, dims: Dims, rewriter: PatternRewriter) -> nest.MapOp | str:
    """The nest over the elements of its results; or why there is none."""
    places = set(op.write_accesses)
    shapes = {dims.of(t) for t in op.inits}
    if op.winners:
        return "it asks for the winning iteration of a result"
    if len(places) != 1 or len(shapes) != 1:
        return "its results are reached at several places"
    if 0 in op.extents:
        return "it has no iterations"
    place, shape = places.pop(), shapes.pop()
    if not shape:
        return "its result is one element"
    made: list[Operation] = []

    def size_of(extent: SSAValue, divisor: int) -> SSAValue:
        constant = index_constant(divisor)
        count = arith.CeilDivSIOp(extent, constant.result)
        made.extend((constant, count))
        return count.result

    parts = NestParts.of(op)
    preimage = Preimage(parts, size_of)
    refusal = preimage.solve(place, shape)
    if refusal is not None:
        return refusal
    preimage.finish(len(shape))
    for new in made:
        new.location = op.location
    rewriter.insert(made)
    return parts.build()


@dataclass(frozen=True)
class GatherNestsPass(ModulePass):
    """
    ``y[e(i)] += f(i)`` => ``y[o] += sum of f(i) over the i with e(i) = o``, where no iterator is a row of `y`.

    Each index is solved for one iterator (a shift: ``i = o - j``; a stride: ``i = o floordiv s`` where it
    divides; a quotient or remainder: its preimage is enumerated), or for all where they are digits of a
    mixed radix; guards say which iterations there are. Rows of `y` are then independent, and each
    element is combined in a fixed order. Refuses results through tables, of rank 0, at several places
    (`split-nests`), winning iterations, and indices that cannot be solved: these nests stay as they
    are, and run in order; with `strict` they are an error that says why.
    """

    name = "gather-nests"

    strict: bool = False

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            dims = Dims(function)
            for inner in [o for o in operations_in(function) if isinstance(o, nest.MapOp)]:
                if not inner.inits or as_rows(inner, dims) is not None:
                    continue
                rewriter = PatternRewriter(inner)
                new = gathered(inner, dims, rewriter)
                if isinstance(new, nest.MapOp):
                    replace(inner, new, rewriter)
                elif self.strict:
                    raise PassFailedException(f"gather-nests: a nest stays sequential: {new}")


def replace(old: nest.MapOp, new: nest.MapOp, rewriter: PatternRewriter) -> None:
    """A nest in the place of another one with the same results."""
    new.location = old.location
    new.attributes = dict(old.attributes)
    for before, after in zip(old.results, new.results, strict=True):
        after.name_hint = before.name_hint
    rewriter.replace(old, new)
