"""Which indices of a function on tensors can be out of range, and are checked before it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xdsl.dialects import func, scf, tensor
from xdsl.dialects.builtin import LocationAttr, TensorType
from xdsl.ir import BlockArgument, SSAValue
from xdsl.ir.affine import AffineDimExpr, AffineExpr, AffineMap, AffineSymExpr

from anamc.analysis.checks import ComputedCheck, IndexCheck
from anamc.analysis.elementwise import ELEMENTWISE
from anamc.analysis.positions import is_position, positions
from anamc.analysis.regions import CONTROL, handed_on, operations_in
from anamc.analysis.rows import Dim, Dims, argument_name, size_arguments
from anamc.analysis.sizes import SizeExpressions
from anamc.dialects import kernel, mlp, nest, scatter
from anamc.dialects.access import AccessAttr
from anamc.dialects.index_arithmetic import constant_bounds
from anamc.dialects.linear import Terms, added, terms_of
from anamc.dialects.nest_check import checks_of
from anamc.dialects.size_syntax import size_text
from anamc.errors import Place


@dataclass(frozen=True)
class RowSpace:
    """The rows of a kernel, as a nest has them: one iterator without guards."""

    op: kernel.RowsOp

    @property
    def extents(self) -> tuple[Dim, ...]:
        return (self.op.extent,)

    @property
    def sizes(self) -> Sequence[SSAValue]:
        return self.op.rows

    @property
    def tables(self) -> Sequence[SSAValue]:
        return self.op.tables

    @property
    def names(self) -> Sequence[BlockArgument]:
        return self.op.body.block.args[:1]

    @property
    def location(self) -> LocationAttr:
        return self.op.location


Indexed = nest.MapOp | RowSpace
"""What has iterators, sizes and tables that indices are made of."""
Edges = scatter.GatherOp | scatter.SumOp | scatter.MeanOp | scatter.MaxOp
ROW_BY_ROW = (*ELEMENTWISE, mlp.RowLossOp, tensor.ConcatOp)
"""Operations that read several tensors at the same rows."""


class BoundsAnalysis:
    """The checks of one function."""

    def __init__(self, function: func.FuncOp) -> None:
        self.function = function
        self.dims = Dims(function)
        self.sizes = SizeExpressions(size_arguments(function))

    def checks(self) -> tuple[IndexCheck, ...]:
        """Every index that is neither proved to be inside nor through a computed table, each once, in order."""
        found: dict[IndexCheck, None] = {}
        for op in operations_in(self.function):
            match op:
                case nest.MapOp():
                    found |= dict.fromkeys(self.nest(op))
                case kernel.RowsOp():
                    found |= dict.fromkeys(self.kernel(op))
                case scatter.GatherOp():
                    found |= dict.fromkeys(self.rows_of_edges(op, op.x, self.dims.rows(op.x), [op.end.value.data]))
                case scatter.SumOp() | scatter.MeanOp() | scatter.MaxOp():
                    found |= dict.fromkeys(self.rows_of_edges(op, op.y, op.n, [end for end, _ in op.ends]))
                case _:
                    pass
        return tuple(found)

    def requirements(self) -> tuple[tuple[str, str], ...]:
        """Sizes that must be equal, since an operation works on several tensors row by row; each with its reason."""
        found: dict[tuple[str, str], None] = {}
        for op in operations_in(self.function):
            if isinstance(op, CONTROL):
                found |= dict.fromkeys(self.carried(op))
            if not isinstance(op, ROW_BY_ROW) or not any(isinstance(v.type, TensorType) for v in op.operands):
                continue
            first, *others = (v for v in op.operands if isinstance(v.type, TensorType))
            for other in others:
                for axis, pair in enumerate(zip(self.dims.of(first), self.dims.of(other), strict=False)):
                    if isinstance(op, tensor.ConcatOp) and axis == op.dim.value.data:
                        continue
                    a, b = (self.text(size) for size in pair)
                    if a != b and a is not None and b is not None:
                        reason = f"'{op.name}' of '{self.label(first)}' and '{self.label(other)}'"
                        found[f"{a} == {b}", reason] = None
        return tuple(found)

    def carried(self, op: scf.ForOp | scf.IfOp) -> Iterator[tuple[str, str]]:
        """The sizes of what a loop hands on stay, and both sides of a branch give the same ones."""
        for value, others in handed_on(op):
            for other in others:
                for size, then in zip(self.dims.of(value), self.dims.of(other), strict=False):
                    a, b = self.text(size), self.text(then)
                    if a != b and a is not None and b is not None:
                        yield f"{a} == {b}", f"'{op.name}' of '{self.label(value)}'"

    def computed(self) -> tuple[ComputedCheck, ...]:
        """The checks that the function makes while it runs, in order."""
        found: list[ComputedCheck] = []
        for op in checks_of(self.function.body.block.ops):
            bound, *ranges = (self.text(size) or "" for size in (op.bound, *op.extents))
            names = tuple(n.data for n in op.names)
            axis, spot = op.axis.value.data, str(Place.of(op.location))
            found.append(ComputedCheck(op.tensor.data, axis, bound, tuple(ranges), names, spot))
        return tuple(found)

    def nest(self, op: nest.MapOp) -> Iterator[IndexCheck]:
        """The indices of a nest; those into its tables first, since the others are computed from what is read there."""
        accesses = [*op.read_accesses, *op.write_accesses]
        for table in (r for a in accesses for r in a.tables):
            yield from self.access(op, op.tables[table.position], AccessAttr(table.map.data))
        for value, access in zip((*op.reads, *op.inits), accesses, strict=True):
            yield from self.access(op, value, access)

    def kernel(self, op: kernel.RowsOp) -> Iterator[IndexCheck]:
        """The leading indices of a kernel that was written by hand, or printed and read again; tables first, too."""
        space = RowSpace(op)
        accesses = [*op.read_accesses, *(a for result in op.write_accesses for a in result)]
        inits = [v for v, result in zip(op.inits, op.write_accesses, strict=True) for _ in result]
        for table in (r for a in accesses for r in a.tables):
            yield from self.access(space, op.tables[table.position], AccessAttr(table.map.data))
        for value, access in zip((*op.reads, *inits), accesses, strict=True):
            yield from self.access(space, value, access)

    def access(self, op: Indexed, value: SSAValue, access: AccessAttr) -> Iterator[IndexCheck]:
        tables = [self.argument(op.tables[r.position]) for r in access.tables]
        if not access.indices:
            return
        for axis, (expr, bound) in enumerate(zip(access.indices, self.dims.of(value), strict=False)):
            if self.is_known(op, expr, bound):
                continue
            used = {e.position - len(op.sizes) for e in expr.dfs() if isinstance(e, AffineSymExpr)}
            if any(k >= 0 and tables[k] is None for k in used):
                continue  # a computed table: its values are not known before the call
            names = tuple((t or "") if k in used else "" for k, t in enumerate(tables))
            places = tuple(str(r.map.data) if n else "" for r, n in zip(access.tables, names, strict=True))
            yield from self.check(expr, op, names, places, value, axis, bound)

    def check(
        self,
        expr: AffineExpr,
        op: Indexed,
        tables: tuple[str, ...],
        places: tuple[str, ...],
        value: SSAValue,
        axis: int,
        bound: Dim,
    ) -> Iterator[IndexCheck]:
        ranges, sizes = [self.text(e) for e in op.extents], [self.text(s) for s in op.sizes]
        limit = self.text(bound)
        if limit is None or any(t is None for t in (*ranges, *sizes)):
            return
        map = AffineMap(len(ranges), len(sizes) + len(tables), (expr,))
        texts = tuple(r or "" for r in ranges), tuple(s or "" for s in sizes)
        guards = None if isinstance(op, RowSpace) else op.guards
        where = "" if guards is None else str(guards.data)
        counted = op.names if isinstance(op, RowSpace) else op.body.block.args[: len(ranges)]
        names = tuple(a.name_hint or f"d{k}" for k, a in enumerate(counted))
        spot = str(Place.of(op.location))
        yield IndexCheck(str(map), *texts, tables, self.label(value), axis, limit, places, where, names, spot)

    def rows_of_edges(self, op: Edges, x: SSAValue, rows: Dim, ends: Sequence[int]) -> Iterator[IndexCheck]:
        """Node numbers of an edge list that is an argument; that of a block graph is checked edge by edge anyway."""
        edges = op.edges
        name, limit, count = self.argument(edges), self.text(rows), self.text(self.dims.rows(edges))
        if name == "edgelist" and limit == "nnodes":
            return
        if name is None or limit is None or count is None:
            return
        index = str(AffineMap(1, 1, (AffineSymExpr(0),)))
        for end in ends:
            place = str(AffineMap(1, 0, (AffineExpr.dimension(0), AffineExpr.constant(end))))
            spot = str(Place.of(op.location))
            yield IndexCheck(index, (count,), (), (name,), self.label(x), 0, limit, (place,), "", ("edge",), spot)

    def is_checked(self, op: Indexed, bound: Dim) -> bool:
        """True where sizes are such that an index without computed tables can be checked before a call."""
        return all(self.text(size) is not None for size in (*op.extents, *op.sizes, bound))

    def is_known(self, op: Indexed, expr: AffineExpr, bound: Dim) -> bool:
        """True where an index is proved to be inside."""
        return self.is_inside(expr, op, bound) or (isinstance(op, nest.MapOp) and is_guarded(expr, op, bound))

    @staticmethod
    def is_inside(expr: AffineExpr, op: Indexed, bound: Dim) -> bool:
        """True where the index is proved to be inside: constant bounds, or it counts that dimension."""
        if isinstance(expr, AffineDimExpr) and op.extents[expr.position] == bound:
            return True
        if isinstance(expr, AffineSymExpr) and expr.position < len(op.sizes):
            return is_position(op.sizes[expr.position], bound)
        expr, ranges = with_positions(expr, op)
        known = constant_bounds(expr, ranges)
        return known is not None and isinstance(bound, int) and known[0] >= 0 and known[1] < bound

    def text(self, size: Dim) -> str | None:
        """A size as text in the names of the run-time sizes; None where it is no arithmetic on them."""
        if isinstance(size, int):
            return str(size)
        expr = self.sizes.of(size)
        return None if expr is None else size_text(expr)

    def argument(self, value: SSAValue) -> str | None:
        """The name of a value that is an argument."""
        if not isinstance(value, BlockArgument) or value.block is not self.function.body.block:
            return None
        return argument_name(self.function, value.index)

    def label(self, value: SSAValue) -> str:
        """What an error calls a tensor."""
        return self.argument(value) or value.name_hint or "a tensor"


def with_positions(expr: AffineExpr, op: Indexed) -> tuple[AffineExpr, list[int | None]]:
    """An index in the iterators of a nest and, as further ones, those of its sizes that count a constant range."""
    ranges = [e if isinstance(e, int) else None for e in op.extents]
    symbols: list[AffineExpr] = [AffineExpr.symbol(k) for k in range(expr_symbols(expr))]
    for k, size in enumerate(op.sizes):
        count = positions(size)
        if count is not None and k < len(symbols):
            symbols[k] = AffineExpr.dimension(len(ranges))
            ranges.append(count)
    dims = [AffineExpr.dimension(k) for k in range(len(op.extents))]
    return expr.replace_dims_and_symbols(dims, symbols), ranges


def expr_symbols(expr: AffineExpr) -> int:
    """One more than the last symbol of an expression."""
    return max((e.position + 1 for e in expr.dfs() if isinstance(e, AffineSymExpr)), default=0)


def is_guarded(expr: AffineExpr, op: nest.MapOp, bound: Dim) -> bool:
    """True where the guards of a nest say, word for word, that an index is >= 0 and below the bound."""
    terms, constant = terms_of(expr)
    if not op.where or not (isinstance(bound, int) or bound in op.sizes):
        return False
    size: Terms = {} if isinstance(bound, int) else {AffineSymExpr(list(op.sizes).index(bound)): 1}
    above, room = added(size, terms, -1), (bound if isinstance(bound, int) else 0) - 1 - constant
    guards = [terms_of(g) for g in op.where]
    return any(g == terms and c <= constant for g, c in guards) and any(g == above and c <= room for g, c in guards)
