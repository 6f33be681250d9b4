"""Pass `slice-nests`: in loops, nests that reach one entry of a tensor work on that entry alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func, tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue
from xdsl.ir.affine import AffineDimExpr, AffineExpr, AffineMap, AffineSymExpr
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.bounds import BoundsAnalysis
from anamc.analysis.regions import operations_in
from anamc.analysis.rows import Dim, Dims
from anamc.dialects import nest, scatter
from anamc.dialects.access import AccessAttr
from anamc.lowering.carried import at_place
from anamc.lowering.emitter import Emitter, Index
from anamc.lowering.entries import entry_type, extracted, inserted
from anamc.lowering.kernel_builder import dynamic

NAME = "slice-nests"


class Slicer:
    """The nests in loops and branches of one function."""

    def __init__(self, function: func.FuncOp) -> None:
        self.function = function
        self.bounds = BoundsAnalysis(function)
        self.dims = Dims(function)
        self.emit = Emitter(function.body.block)

    def run(self) -> None:
        for op in list(operations_in(self.function)):
            if op.parent_block() is self.function.body.block:
                continue
            match op:
                case nest.MapOp():
                    self.refuse(op)
                    self.slice(op)
                case scatter.GatherOp() | scatter.SumOp() | scatter.MeanOp() | scatter.MaxOp():
                    if self.bounds.argument(op.edges) is None:
                        raise PassFailedException(
                            f"{NAME}: the edges of '{op.name}'{at_place(op)} are computed, and could point at no node"
                        )
                case _:
                    pass

    def refuse(self, op: nest.MapOp) -> None:
        """PassFailedException for an index that is neither known to be inside nor checked before a call."""
        accesses = [*op.read_accesses, *op.write_accesses]
        labels = [self.bounds.label(v) for v in (*op.reads, *op.results_)]
        reached = list(zip((*op.reads, *op.inits), accesses, labels, strict=True))
        for read in (r for a in accesses for r in a.tables):
            table = op.tables[read.position]
            reached.append((table, AccessAttr(read.map.data), self.bounds.label(table)))
        for value, access, label in reached:
            for axis, (expr, bound) in enumerate(zip(access.indices, self.dims.of(value), strict=True)):
                if 0 not in op.extents and not self.is_safe(op, access, expr, bound):
                    raise PassFailedException(
                        f"{NAME}: index {axis} of '{label}' in 'nest.map'{at_place(op)} changes in a loop, and is "
                        "not known to be inside; only indices outside of loops are checked while a function runs"
                    )

    def is_safe(self, op: nest.MapOp, access: AccessAttr, expr: AffineExpr, bound: Dim) -> bool:
        """True where an index is proved to be inside, or was checked before the call."""
        if self.bounds.is_known(op, expr, bound):
            return True
        used = {e.position - len(op.sizes) for e in expr.dfs() if isinstance(e, AffineSymExpr)}
        tables = [op.tables[access.tables.data[k].position] for k in used if k >= 0]
        return all(self.bounds.argument(t) is not None for t in tables) and self.bounds.is_checked(op, bound)

    def slice(self, op: nest.MapOp) -> None:
        """The nest on entries: of what it reads, and of what its results start from."""
        counts = [prefix(op, a) for a in op.read_accesses]
        written = [0 if op.where or op.winners else prefix(op, a) for a in op.write_accesses]
        if not any((*counts, *written)):
            return
        rewriter = PatternRewriter(op)
        self.emit.block, self.emit.point, self.emit.location = op.parent_block() or self.emit.entry, op, op.location
        reads = [
            (self.entry(op, v, a, n, rewriter), behind(a, n))
            for v, a, n in zip(op.reads, op.read_accesses, counts, strict=True)
        ]
        inits = [
            self.start(op, k, n, rewriter) if n else v for k, (v, n) in enumerate(zip(op.inits, written, strict=True))
        ]
        accesses = [behind(a, n) for a, n in zip(op.write_accesses, written, strict=True)]
        places = [self.place(op, a, n) for a, n in zip(op.write_accesses, written, strict=True)]
        if is_copy(op, reads, inits, accesses):
            values: Sequence[SSAValue] = [reads[0][0]]
            start = inits[0].owner
            if written[0] and isinstance(start, tensor.EmptyOp):
                rewriter.erase(start)
        else:
            new = nest.MapOp(
                op.extents,
                reads,
                [(c.data, v, a) for c, v, a in zip(op.combiners, inits, accesses, strict=True)],
                op.detach_region(op.body),
                op.tables,
                op.sizes,
                where=op.where,
                winners=op.winners,
            )
            new.attributes |= op.attributes
            new.location = op.location
            values = rewriter.insert(new).results
        results: list[SSAValue] = []
        for k, value in enumerate(values):
            count = written[k] if k < len(written) else 0
            value.name_hint = value.name_hint or op.results[k].name_hint
            if count:
                made = inserted(value, op.inits[k], places[k], self.dims.of(op.inits[k])[count:])
                made.location = op.location
                value = rewriter.insert(made).results[0]
                value.name_hint = op.results[k].name_hint
            results.append(value)
        rewriter.replace(op, [], results)

    def place(self, op: nest.MapOp, access: AccessAttr, count: int) -> list[Index]:
        """The leading indices, computed in front of the nest."""
        return [self.emit.affine(e, (), list(op.sizes)) for e in access.indices[:count]]

    def entry(
        self, op: nest.MapOp, value: SSAValue, access: AccessAttr, count: int, rewriter: PatternRewriter
    ) -> SSAValue:
        if not count:
            return value
        made = extracted(value, self.place(op, access, count), self.dims.of(value)[count:])
        for new in made:
            new.location = op.location
        rewriter.insert(made)
        return made[-1].results[0]

    def start(self, op: nest.MapOp, k: int, count: int, rewriter: PatternRewriter) -> SSAValue:
        """What an entry starts from: nothing where every element of it is set."""
        value, access = op.inits[k], op.write_accesses.data[k]
        dims = self.dims.of(value)[count:]
        if covers(op, k, behind(access, count), dims):
            return rewriter.insert(tensor.EmptyOp(dynamic(dims), entry_type(value, count))).results[0]
        return self.entry(op, value, access, count, rewriter)


def prefix(op: nest.MapOp, access: AccessAttr) -> int:
    """How many leading indices are the same in all iterations, if they use sizes; tables are no such."""
    count = 0
    has_size = False
    for expr in access.indices:
        symbols = [e.position for e in expr.dfs() if isinstance(e, AffineSymExpr)]
        if any(isinstance(e, AffineDimExpr) for e in expr.dfs()) or any(s >= len(op.sizes) for s in symbols):
            break
        has_size = has_size or bool(symbols)
        count += 1
    return count if has_size else 0


def behind(access: AccessAttr, count: int) -> AccessAttr:
    """The access without its leading indices."""
    map = access.map.data
    results: tuple[AffineExpr, ...] = map.results[count:]
    return AccessAttr(AffineMap(map.num_dims, map.num_symbols, results), access.tables.data)


def covers(op: nest.MapOp, k: int, access: AccessAttr, dims: Sequence[Dim]) -> bool:
    """True where result `k` sets every element of an entry."""
    if op.where or op.combiners.data[k].data != "set":
        return False
    return access.is_identity() and tuple(op.extents) == tuple(dims)


def is_copy(
    op: nest.MapOp,
    reads: Sequence[tuple[SSAValue, AccessAttr]],
    inits: Sequence[SSAValue],
    accesses: Sequence[AccessAttr],
) -> bool:
    """True for one result that takes every element of what is read, at the same place."""
    if len(reads) != 1 or len(inits) != 1 or op.winners or reads[0][0].type != inits[0].type:
        return False
    same = reads[0][1].is_identity() and accesses[0].is_identity()
    whole = isinstance(inits[0].owner, tensor.EmptyOp)
    return same and whole and op.combiners.data[0].data == "set" and op.yielded[0] is op.body.block.args[-1]


@dataclass(frozen=True)
class SliceNestsPass(ModulePass):
    """
    In loops and branches, ``y[k, i] = f(x[k, i])`` with the same `k` for all `i` => ``y[k] = f(x[k])`` on slices.

    So one entry of a stack of states is read where it lies, and written without the others. Refuses an
    index that may leave its dimension: only indices outside of loops are checked while a function runs.
    """

    name = NAME

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            if not any(k in function.attributes for k in ("anamc.entry", "anamc.kernel", "anamc.workspace_of")):
                Slicer(function).run()
