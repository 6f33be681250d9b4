"""A computed index of a nest: the same index kept inside of its dimension, and the check that it was there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, IndexType, IntegerAttr, IntegerType, TensorType, UnitAttr, i64
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
    AffineMap,
    AffineSymExpr,
)
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.rows import Dim
from anamc.dialects import nest
from anamc.dialects.access import AccessAttr, TableReadAttr, element_of, identity
from anamc.dialects.nest_check import CheckOp

SAFE = "anamc.safe"
"""On the nest whose result is a table of indices that are inside."""
FAR = 1 << 40
"""Elements of tables beyond are taken for this, so that no arithmetic on them overflows."""
SCALAR = AccessAttr(AffineMap(0, 0, ()))


@dataclass(frozen=True)
class Computed:
    """One index of an access of a nest; `bound` is the size of the dimension, `tensor` and `axis` say which."""

    op: nest.MapOp
    access: AccessAttr
    axis: int
    bound: Dim
    tensor: str

    @property
    def expr(self) -> AffineExpr:
        return self.access.indices[self.axis]

    @property
    def tables(self) -> dict[int, TableReadAttr]:
        """The table reads of the index, by symbol."""
        sizes = len(self.op.sizes)
        used = sorted({e.position for e in self.expr.dfs() if isinstance(e, AffineSymExpr) and e.position >= sizes})
        return {k: self.access.tables.data[k - sizes] for k in used}

    @property
    def dims(self) -> tuple[int, ...]:
        """The iterators on which the index depends; all of them where there are guards."""
        if self.op.where:
            return tuple(range(len(self.op.ranges.data)))
        exprs = [self.expr, *(e for r in self.tables.values() for e in r.map.data.results)]
        return tuple(sorted({e.position for x in exprs for e in x.dfs() if isinstance(e, AffineDimExpr)}))

    @property
    def extents(self) -> tuple[int | SSAValue, ...]:
        """The ranges of these iterators."""
        return tuple(self.op.extents[d] for d in self.dims)

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for indices that are the same in every call."""
        op = self.op
        tables = [(op.tables[r.position], r.map.data) for r in self.tables.values()]
        return (self.expr, self.bound, op.guards, *op.sizes, *op.extents, *tables)


def safe_table(index: Computed, number: int) -> tuple[list[Operation], SSAValue]:
    """
    Operations in front of the nest, and the table of the index over the iterators on which it depends.

    The table holds the index where it is inside, else 0; the `nest.check` of `number` tells whether it always was.
    """
    ops: list[Operation] = []

    def add(op: Operation) -> SSAValue:
        op.location = index.op.location
        ops.append(op)
        return op.results[0]

    extents: Sequence[int | SSAValue] = index.extents
    shape = [e if isinstance(e, int) else DYNAMIC_INDEX for e in extents]
    zero = add(arith.ConstantOp(IntegerAttr(0, i64)))
    start = add(tensor.SplatOp(zero, [e for e in extents if isinstance(e, SSAValue)], TensorType(i64, shape)))
    table = nest_over(index, [("set", start, identity(len(extents)))], lambda body: [body.inside()])
    table.attributes[SAFE] = UnitAttr()
    add(table).name_hint = "inside"
    scalar = TensorType(i64, [])
    below = add(arith.ConstantOp(IntegerAttr(-1, i64)))
    bounds = [add(tensor.SplatOp(v, [], scalar)) for v in (zero, below)]
    writes = [("min", bounds[0], SCALAR), ("max", bounds[1], SCALAR)]
    reach = nest_over(index, writes, lambda body: [body.value, body.value], winners=[0, 1])
    add(reach)
    low, high, low_at, high_at = reach.results
    for value, hint in zip(reach.results, ("low", "high", "low_at", "high_at"), strict=True):
        value.name_hint = hint
    names = [index.op.body.block.args[d].name_hint or f"d{d}" for d in index.dims]
    others = None if index.op.where else [e for d, e in enumerate(index.op.extents) if d not in index.dims]
    reached = [low, low_at, high, high_at]
    check = CheckOp(reached, index.bound, extents, index.tensor, index.axis, names, number, others)
    check.location = index.op.location
    ops.append(check)
    return ops, table.results[0]


class Body:
    """The body of a nest over an index: its value, in 64 bits."""

    def __init__(self, index: Computed) -> None:
        self.index = index
        op, tables = index.op, index.tables
        elements = [element_of(op.tables[r.position].type) for r in tables.values()]
        self.block = Block(arg_types=[*[IndexType()] * len(index.dims), *elements])
        self.dims = dict(zip(index.dims, self.block.args, strict=False))
        for d, argument in self.dims.items():
            argument.name_hint = op.body.block.args[d].name_hint
        self.symbols: dict[int, SSAValue] = dict(enumerate(op.sizes))
        self.symbols |= zip(tables, self.block.args[len(index.dims) :], strict=True)
        self.value = self.number(index.expr)

    def add(self, op: Operation) -> SSAValue:
        self.block.add_op(op)
        return op.results[0]

    def constant(self, value: int) -> SSAValue:
        return self.add(arith.ConstantOp(IntegerAttr(value, i64)))

    def wide(self, value: SSAValue) -> SSAValue:
        """An integer in 64 bits."""
        if value.type == i64:
            return value
        if isinstance(value.type, IntegerType):
            return self.add(arith.ExtSIOp(value, i64))
        return self.add(arith.IndexCastOp(value, i64))

    def inside(self) -> SSAValue:
        """The index where it is inside, else 0."""
        bound = self.index.bound
        limit = self.constant(bound) if isinstance(bound, int) else self.wide(bound)
        is_inside = self.add(arith.CmpiOp(self.value, limit, "ult"))
        return self.add(arith.SelectOp(is_inside, self.value, self.constant(0)))

    def number(self, expr: AffineExpr) -> SSAValue:
        """An index expression."""
        match expr:
            case AffineConstantExpr():
                return self.constant(expr.value)
            case AffineDimExpr():
                return self.wide(self.dims[expr.position])
            case AffineSymExpr():
                value = self.wide(self.symbols[expr.position])
                is_table = expr.position >= len(self.index.op.sizes)
                return self.near(value) if is_table and expr != self.index.expr else value
            case AffineBinaryOpExpr():
                return self.binary(expr.kind, self.number(expr.lhs), self.number(expr.rhs))
            case _:
                raise PassFailedException(f"check-indices: cannot compute the index {expr}")

    def near(self, value: SSAValue) -> SSAValue:
        """An element of a table that arithmetic is done with."""
        return self.add(arith.MaxSIOp(self.add(arith.MinSIOp(value, self.constant(FAR))), self.constant(-FAR)))

    def binary(self, kind: AffineBinaryOpKind, a: SSAValue, b: SSAValue) -> SSAValue:
        match kind:
            case AffineBinaryOpKind.Add:
                return self.add(arith.AddiOp(a, b))
            case AffineBinaryOpKind.Mul:
                return self.add(arith.MuliOp(a, b))
            case AffineBinaryOpKind.FloorDiv:
                return self.add(arith.FloorDivSIOp(a, b))
            case AffineBinaryOpKind.CeilDiv:
                return self.add(arith.CeilDivSIOp(a, b))
            case AffineBinaryOpKind.Mod:
                whole = self.add(arith.MuliOp(self.add(arith.FloorDivSIOp(a, b)), b))
                return self.add(arith.SubiOp(a, whole))


Results = Callable[[Body], Sequence[SSAValue]]


def nest_over(
    index: Computed, writes: Sequence[tuple[str, SSAValue, AccessAttr]], results: Results, winners: Sequence[int] = ()
) -> nest.MapOp:
    """A nest over the iterations that reach the index."""
    op, count = index.op, len(index.dims)
    body = Body(index)
    body.block.add_op(nest.YieldOp(*results(body)))
    sizes = [AffineExpr.symbol(k) for k in range(len(op.sizes))]
    dims: list[AffineExpr] = [AffineExpr.constant(0)] * len(op.ranges.data)
    for k, d in enumerate(index.dims):
        dims[d] = AffineExpr.dimension(k)

    def moved(expr: AffineExpr) -> AffineExpr:
        return expr.replace_dims_and_symbols(dims, sizes)

    reads: list[tuple[SSAValue, AccessAttr]] = []
    for read in index.tables.values():
        place = AffineMap(count, len(sizes), tuple(map(moved, read.map.data.results)))
        reads.append((op.tables[read.position], AccessAttr(place)))
    where = [moved(e) for e in op.where]
    for d, extent in enumerate(op.extents):  # the nest runs at all
        if d not in index.dims and isinstance(extent, SSAValue):
            where.append(AffineExpr.symbol(list(op.sizes).index(extent)) - 1)
    writes = [(c, t, AccessAttr(AffineMap(count, 0, a.indices))) for c, t, a in writes]
    return nest.MapOp(
        index.extents, reads, writes, Region(body.block), (), list(op.sizes), where=where, winners=winners
    )
