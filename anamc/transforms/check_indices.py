"""Pass `check-indices`: no index that is computed while a function runs leaves its dimension unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, func, tensor
from xdsl.dialects.builtin import AnyFloat, FloatAttr, IntegerAttr, ModuleOp, TensorType
from xdsl.ir import BlockArgument, OpResult, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap, AffineSymExpr
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.bounds import BoundsAnalysis
from anamc.dialects import nest, scatter
from anamc.dialects.access import AccessAttr, TableReadAttr
from anamc.dialects.nest_check import checks_of
from anamc.lowering.index_checks import SAFE, Computed, safe_table

NAME = "check-indices"


class Checker:
    """The nests of one function, in order."""

    def __init__(self, function: func.FuncOp) -> None:
        self.function = function
        self.analysis = BoundsAnalysis(function)
        self.count = len(checks_of(function.body.block.ops))
        self.known: dict[tuple[object, ...], SSAValue] = {}

    def run(self) -> None:
        for op in list(self.function.body.block.ops):
            match op:
                case nest.MapOp():
                    self.nest(op)
                case scatter.GatherOp() | scatter.SumOp() | scatter.MeanOp() | scatter.MaxOp():
                    if not isinstance(op.edges, BlockArgument):
                        raise PassFailedException(
                            f"{NAME}: the edges of '{op.name}' are computed, and could point at no node; "
                            "write it as 'nest.map'"
                        )
                case _:
                    pass

    def nest(self, op: nest.MapOp) -> None:
        """The nest with every computed index through a table of checked ones."""
        self.tables(op)
        reads = list(zip(op.reads, op.read_accesses, strict=True))
        reached = [*reads, *zip(op.inits, op.write_accesses, strict=True)]
        labels = [self.analysis.label(v) for v in (*op.reads, *op.results_)]
        found = [self.computed(op, v, a, label) for (v, a), label in zip(reached, labels, strict=True)]
        if not any(found):
            return
        rewriter = PatternRewriter(op)
        tables = [(index, self.table(index, rewriter)) for indices in found for index in indices]
        bounds = dict.fromkeys(b for index, _ in tables if op.where and isinstance(b := index.bound, SSAValue))
        sizes = list(dict.fromkeys([*op.sizes, *bounds]))
        where = [*op.where, *(AffineExpr.symbol(sizes.index(b)) - 1 for b in bounds)]
        operands: list[SSAValue] = []
        access = Redirected(op, sizes, operands, dict(tables))
        changed = [access.of(a, indices) for (_, a), indices in zip(reached, found, strict=True)]
        new = nest.MapOp(
            op.extents,
            [(v, a) for (v, _), a in zip(reads, changed, strict=False)],
            [
                (c.data, defined(v, rewriter) if where else v, a)
                for c, v, a in zip(op.combiners, op.inits, changed[len(reads) :], strict=True)
            ],
            op.detach_region(op.body),
            operands,
            sizes,
            where=where,
            winners=op.winners,
        )
        new.attributes |= op.attributes
        for old, result in zip(op.results, new.results, strict=True):
            result.name_hint = old.name_hint
        new.location = op.location
        rewriter.replace(op, new)

    def tables(self, op: nest.MapOp) -> None:
        """Refuses tables that are read at a place that can neither be checked before a call nor be moved."""
        for read in (r for a in (*op.read_accesses, *op.write_accesses) for r in a.tables):
            for place, bound in zip(
                read.map.data.results, self.analysis.dims.of(op.tables[read.position]), strict=True
            ):
                if not self.analysis.is_known(op, place, bound) and not self.analysis.is_checked(op, bound):
                    raise PassFailedException(f"{NAME}: a table is read at {place}, and its size cannot be told")

    def computed(self, op: nest.MapOp, value: SSAValue, access: AccessAttr, label: str) -> list[Computed]:
        """The indices of an access that only the run tells."""
        found: list[Computed] = []
        for axis, bound in enumerate(self.analysis.dims.of(value)):
            index = Computed(op, access, axis, bound, label)
            if 0 in op.extents or self.analysis.is_known(op, index.expr, bound) or is_safe(index):
                continue
            from_tables = any(not isinstance(op.tables[r.position], BlockArgument) for r in index.tables.values())
            if from_tables or not self.analysis.is_checked(op, bound):
                found.append(index)
        return found

    def table(self, index: Computed, rewriter: PatternRewriter) -> SSAValue:
        if index.key not in self.known:
            ops, self.known[index.key] = safe_table(index, self.count)
            self.count += 1
            rewriter.insert(ops)
        return self.known[index.key]


def defined(init: SSAValue, rewriter: PatternRewriter) -> SSAValue:
    """What a result starts from: zeros in place of nothing, since guards may leave elements out."""
    owner, type = init.owner, init.type
    if not isinstance(owner, tensor.EmptyOp) or not isinstance(type, TensorType):
        return init
    element = type.element_type
    zero = FloatAttr(0.0, element) if isinstance(element, AnyFloat) else IntegerAttr(0, element)
    constant = arith.ConstantOp(zero)
    splat = tensor.SplatOp(constant.result, owner.dynamic_sizes, type)
    rewriter.insert([constant, splat])
    return splat.result


def is_safe(index: Computed) -> bool:
    """True for an index that is read from a table of checked ones."""
    if not isinstance(index.expr, AffineSymExpr) or not index.tables:
        return False
    table = index.op.tables[index.tables[index.expr.position].position]
    return isinstance(table, OpResult) and SAFE in table.op.attributes


@dataclass(frozen=True)
class Redirected:
    """Accesses with some indices read from tables; `sizes` of the nest as they are now, `tables` as they come up."""

    op: nest.MapOp
    sizes: Sequence[SSAValue]
    tables: list[SSAValue]
    safe: dict[Computed, SSAValue]

    def of(self, access: AccessAttr, indices: Sequence[Computed]) -> AccessAttr:
        dims, sizes = access.map.data.num_dims, len(self.sizes)
        reads: list[TableReadAttr] = []

        def read(table: SSAValue, place: Sequence[AffineExpr]) -> AffineExpr:
            if table not in self.tables:
                self.tables.append(table)
            reads.append(TableReadAttr(self.tables.index(table), AffineMap(dims, sizes, tuple(place))))
            return AffineExpr.symbol(sizes + len(reads) - 1)

        results = list(access.indices)
        kept = [e for k, e in enumerate(results) if all(k != index.axis for index in indices)]
        used = {e.position for x in kept for e in x.dfs() if isinstance(e, AffineSymExpr)}
        symbols: list[AffineExpr] = [AffineExpr.symbol(k) for k in range(len(self.op.sizes))]
        for k, old in enumerate(access.tables):
            is_used = len(self.op.sizes) + k in used
            value = read(self.op.tables[old.position], old.map.data.results) if is_used else AffineExpr.constant(0)
            symbols.append(value)
        same = [AffineExpr.dimension(d) for d in range(dims)]
        results = [e.replace_dims_and_symbols(same, symbols) for e in results]
        for index in indices:
            results[index.axis] = read(self.safe[index], [AffineExpr.dimension(d) for d in index.dims])
        return AccessAttr(AffineMap(dims, sizes + len(reads), tuple(results)), reads)


@dataclass(frozen=True)
class CheckIndicesPass(ModulePass):
    """
    ``%x[%at[i] + j]`` with a table that is no argument => ``%x[%inside[i, j]]`` and a `nest.check`.

    `%inside` holds the index where ``0 <= index < size``, else 0, so that no access leaves its tensor;
    `nest.check` makes the function fail where one would have. In a dimension of size 0 no index is inside:
    the function fails then before anything runs; a nest with guards gets one more, ``size - 1 >= 0``.
    Indices that are arguments are checked before a call.
    """

    name = NAME

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            if not any(k in function.attributes for k in ("anamc.entry", "anamc.kernel", "anamc.workspace_of")):
                Checker(function).run()
