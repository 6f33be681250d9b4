"""Pass `unroll-tables`: an iterator over the few columns of an index table becomes one nest for each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr, AffineExpr, AffineSymExpr
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.dialects import nest
from anamc.dialects.access import AccessAttr
from anamc.dialects.nest_parts import NestParts


def column_iterator(op: nest.MapOp, most: int) -> int | None:
    """
    An iterator of 2 to `most` rounds that chooses the column of a table, whose rows other iterators choose.

    Tensors are then reached at `[%table[r, s], ...]`. None where there is none, and in nests with guards or winners.
    """
    if op.where or op.winners:
        return None
    for place in (p for a in (*op.read_accesses, *op.write_accesses) for p in leading_places(a)):
        dims = [d.position for e in place[1:] for d in e.dfs() if isinstance(d, AffineDimExpr)]
        rows = {d.position for d in place[0].dfs() if isinstance(d, AffineDimExpr)}
        for position in dims:
            extent = op.extents[position]
            if isinstance(extent, int) and 2 <= extent <= most and rows and position not in rows:
                return position
    return None


def leading_places(access: AccessAttr) -> Iterable[tuple[AffineExpr, ...]]:
    """The place in a table of rank 2 or more whose element alone is the leading index."""
    if access.indices and isinstance(access.indices[0], AffineSymExpr):
        first = access.map.data.num_symbols - len(access.tables.data)
        if (k := access.indices[0].position - first) >= 0:
            place = access.tables.data[k].map.data.results
            if len(place) > 1:
                yield place


def unroll(op: nest.MapOp, iterator: int) -> list[nest.MapOp]:
    """One nest for each round of an iterator; each goes on with the results of the one before."""
    rewriter = PatternRewriter(op)
    made: list[nest.MapOp] = []
    count = len(op.ranges.data)
    names = [a.name_hint for k, a in enumerate(op.body.block.args[:count]) if k != iterator]
    for value in range(op.extents[iterator]):  # pyright: ignore[reportArgumentType]
        parts = NestParts.of(op)
        ranges = [e for k, e in enumerate(op.extents) if k != iterator]
        old: list[AffineExpr] = [
            AffineConstantExpr(value) if k == iterator else AffineDimExpr(k - (k > iterator)) for k in range(count)
        ]
        parts.substitute(ranges, old, names)
        if made:
            parts.writes = [(c, r, a) for (c, _, a), r in zip(parts.writes, made[-1].results_, strict=True)]
        made.append(parts.build())
        made[-1].location = op.location
        made[-1].attributes = dict(op.attributes)
        rewriter.insert(made[-1])
        for before, after in zip(op.results_, made[-1].results_, strict=True):
            after.name_hint = before.name_hint
    rewriter.replace(op, [], made[-1].results)
    return made


@dataclass(frozen=True)
class UnrollTablesPass(ModulePass):
    """
    ``nest.map (r = %n, s = 2) read(%x[%e[r, s]]) add(%y[r, s])`` => two nests over `r`, at `%e[r, 0]` and `%e[r, 1]`.

    The rows that a row reaches through a table are then known by their column, so that a kernel gathers or
    scatters them. Iterators of more than `most` rounds stay, and nests with guards or winning iterations.
    """

    name = "unroll-tables"

    most: int = 4

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.most < 1:
            raise PassFailedException(f"unroll-tables: most must be >= 1, got {self.most}")
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            waiting = [o for o in function.body.block.ops if isinstance(o, nest.MapOp)]
            while waiting:
                inner = waiting.pop()
                if (iterator := column_iterator(inner, self.most)) is not None:
                    waiting += unroll(inner, iterator)
