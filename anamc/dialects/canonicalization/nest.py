"""How `nest.map` gets simpler without changing what it computes."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    IntegerAttr,
    i64,
)
from xdsl.ir import Operation, Region, SSAValue
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr, AffineExpr
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from anamc.dialects import nest
from anamc.dialects.access import shape_of
from anamc.dialects.constants import splat_value
from anamc.dialects.index_arithmetic import constant_bounds
from anamc.dialects.linear import is_nonnegative
from anamc.dialects.nest_parts import NestParts


def replace(
    op: nest.MapOp, parts: NestParts, rewriter: PatternRewriter, results: dict[SSAValue, SSAValue] | None = None
) -> None:
    """The nest of `parts` in place of `op`; `results` are those of `op` that it no longer has, and their values."""
    new = parts.build()
    new.attributes = dict(op.attributes)
    new.location = op.location
    given = results or {}
    rest = iter(new.results)
    values = [given[r] if r in given else next(rest) for r in op.results]
    for old, value in zip(op.results, values, strict=True):
        if value in new.results:
            value.name_hint = old.name_hint
    rewriter.replace(op, new, values)


class DropUnusedReads(RewritePattern):
    """Reads whose scalar the body does not use."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: nest.MapOp, rewriter: PatternRewriter) -> None:
        if all(a.uses.get_length() for a in op.body.block.args[len(op.ranges.data) :]):
            return
        parts = NestParts.of(op)
        parts.drop_unused()
        replace(op, parts, rewriter)


class MergeReads(RewritePattern):
    """The same element read twice."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: nest.MapOp, rewriter: PatternRewriter) -> None:
        reads = list(zip(op.reads, op.read_accesses, strict=True))
        again = [k for k, read in enumerate(reads) if read in reads[:k]]
        if not again:
            return
        parts = NestParts.of(op)
        for k in again:
            parts.read(k).replace_all_uses_with(parts.read(reads.index(reads[k])))
        parts.drop_unused()
        replace(op, parts, rewriter)


class DropUnusedResults(RewritePattern):
    """Results, and winning iterations, that nobody uses; a nest without any use is dead as a whole."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: nest.MapOp, rewriter: PatternRewriter) -> None:
        numbers = dict(zip(op.winners, op.args_, strict=True))
        asked = {k for k, number in numbers.items() if number.uses.get_length()}
        used = [k for k, r in enumerate(op.results_) if r.uses.get_length() or k in asked]
        if not used or (len(used) == len(op.results_) and len(asked) == len(numbers)):
            return
        parts = NestParts.of(op)
        parts.winners = [k for k in parts.winners if k in asked]
        parts.keep_results(used)
        dead = [r for k, r in enumerate(op.results_) if k not in used]
        dead += [number for k, number in numbers.items() if k not in asked]
        replace(op, parts, rewriter, dict.fromkeys(dead, op.inits[0]))


def drop_unused_results(region: Region) -> None:
    """The pattern, on every nest of a region, the last one first."""
    for op in reversed(list(region.walk())):
        if isinstance(op, nest.MapOp):
            DropUnusedResults().match_and_rewrite(op, PatternRewriter(op))


class FoldCopies(RewritePattern):
    """A tensor of one shape that is set, at every place, to what another tensor has there."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: nest.MapOp, rewriter: PatternRewriter) -> None:
        for k, result in enumerate(op.results_):
            source = copied(op, k)
            if source is not None and result.uses.get_length():
                result.replace_all_uses_with(source)
                rewriter.handle_operation_modification(op)
                return


def copied(op: nest.MapOp, k: int) -> SSAValue | None:
    """The tensor that result `k` is a copy of."""
    yielded = op.yielded[k]
    first = len(op.ranges.data)
    if op.combiners.data[k].data != "set" or yielded.owner is not op.body.block or op.where:
        return None
    position = op.body.block.args.index(yielded) - first  # pyright: ignore[reportArgumentType]
    if position < 0:
        return None
    source, access = op.reads[position], op.read_accesses.data[position]
    if access != op.write_accesses.data[k] or not access.is_identity() or source.type != op.results_[k].type:
        return None
    extents = op.extents
    return source if all(is_size(e, source, d) for d, e in enumerate(extents)) else None


def is_size(extent: int | SSAValue, value: SSAValue, axis: int) -> bool:
    """True where an extent is that of a dimension, by type or as `tensor.dim`."""
    if isinstance(extent, int):
        return shape_of(value.type)[axis] == extent
    dim = extent.owner
    if not isinstance(dim, tensor.DimOp) or dim.source is not value:
        return False
    place = dim.index.owner
    return isinstance(place, arith.ConstantOp) and place.value == IntegerAttr.from_index_int_value(axis)


class DropUnitIterators(RewritePattern):
    """Iterators that are always 0."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: nest.MapOp, rewriter: PatternRewriter) -> None:
        extents = op.extents
        kept = [k for k, e in enumerate(extents) if e != 1]
        if len(kept) == len(extents) or 0 in extents:
            return
        old: list[AffineExpr] = [
            AffineDimExpr(kept.index(k)) if k in kept else AffineConstantExpr(0) for k in range(len(extents))
        ]
        parts = NestParts.of(op)
        names = [op.body.block.args[k].name_hint for k in kept]
        parts.substitute([extents[k] for k in kept], old, names)
        replace(op, parts, rewriter)


class FoldConstantReads(RewritePattern):
    """Reads of tensors that are one constant everywhere: the constant, in the body."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: nest.MapOp, rewriter: PatternRewriter) -> None:
        constants = {k: c for k, v in enumerate(op.reads) if (c := splat_value(v)) is not None}
        if not constants:
            return
        parts = NestParts.of(op)
        for k, value in constants.items():
            constant = arith.ConstantOp(value)
            parts.block.insert_op_before(constant, parts.block.first_op or constant)
            parts.read(k).replace_all_uses_with(constant.result)
        parts.drop_unused()
        replace(op, parts, rewriter)


class FoldGuards(RewritePattern):
    """Guards that always hold."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: nest.MapOp, rewriter: PatternRewriter) -> None:
        bounds = guard_bounds(op)
        kept = [g for g, b in zip(op.where, bounds, strict=True) if not is_nonnegative(g) and (b is None or b[0] < 0)]
        if len(kept) == len(bounds) or is_empty(op):
            return
        parts = NestParts.of(op)
        parts.where = kept
        replace(op, parts, rewriter)


def guard_bounds(op: nest.MapOp) -> Sequence[tuple[int, int] | None]:
    """Least and largest value of each guard, where these are known."""
    ranges = [e if isinstance(e, int) else None for e in op.extents]
    return [constant_bounds(g, ranges) for g in op.where]


def is_empty(op: nest.MapOp) -> bool:
    """True where no point is visited: a range of 0, or a guard that never holds."""
    return 0 in op.extents or any(b is not None and b[1] < 0 for b in guard_bounds(op))


class FoldEmptyNests(RewritePattern):
    """A nest without iterations: results are what they start from, and nobody has won."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: nest.MapOp, rewriter: PatternRewriter) -> None:
        if not is_empty(op) or any(DYNAMIC_INDEX in shape_of(n.type) for n in op.args_):
            return
        made: list[Operation] = []
        numbers: list[SSAValue] = []
        for number in op.args_:
            nobody = arith.ConstantOp(IntegerAttr(-1, i64))
            splat = tensor.SplatOp(nobody.result, [], number.type)
            made += [nobody, splat]
            numbers.append(splat.result)
        rewriter.replace(op, made, [*op.inits, *numbers])


PATTERNS: tuple[type[RewritePattern], ...] = (
    FoldEmptyNests,
    DropUnusedResults,
    MergeReads,
    FoldConstantReads,
    DropUnusedReads,
    DropUnitIterators,
    FoldGuards,
    FoldCopies,
)
"""In the order in which they are tried."""
