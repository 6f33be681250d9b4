"""A nest taken apart, changed, and put together again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType
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
from xdsl.utils.exceptions import VerifyException

from anamc.dialects import nest
from anamc.dialects.access import AccessAttr, TableReadAttr, widen
from anamc.dialects.linear import simplified


@dataclass
class NestParts:
    """
    The parts of a nest; the body is a copy. All maps count `sizes`, and accesses `tables`, of this record.

    `build` leaves out sizes and tables that nothing uses.
    """

    ranges: list[int | SSAValue]
    reads: list[tuple[SSAValue, AccessAttr]]
    writes: list[tuple[str, SSAValue, AccessAttr]]
    winners: list[int]
    where: list[AffineExpr]
    sizes: list[SSAValue]
    tables: list[SSAValue]
    body: Region

    @classmethod
    def of(cls, op: nest.MapOp) -> NestParts:
        """The parts of an operation, which stays as it is."""
        combiners = [c.data for c in op.combiners]
        return cls(
            list(op.extents),
            list(zip(op.reads, op.read_accesses, strict=True)),
            list(zip(combiners, op.inits, op.write_accesses, strict=True)),
            list(op.winners),
            list(op.where),
            list(op.sizes),
            list(op.tables),
            op.body.clone(),
        )

    @property
    def block(self) -> Block:
        return self.body.block

    @property
    def yielded(self) -> list[SSAValue]:
        last = self.block.last_op
        return list(last.operands) if last is not None else []

    def iterator(self, position: int) -> SSAValue:
        """The body's argument for an iterator."""
        return self.block.args[position]

    def read(self, position: int) -> SSAValue:
        """The body's argument for a read."""
        return self.block.args[len(self.ranges) + position]

    def drop_read(self, position: int) -> None:
        """Leaves out a read that the body does not use."""
        self.block.erase_arg(self.block.args[len(self.ranges) + position])
        del self.reads[position]

    def keep_results(self, positions: Sequence[int]) -> None:
        """Leaves out all other results, what only they need in the body, and reads that only they need."""
        last = self.block.last_op
        if last is None:
            raise VerifyException("'nest.map' body must end in nest.yield")
        values = self.yielded
        last.detach()
        last.erase()
        self.block.add_op(nest.YieldOp(*(values[k] for k in positions)))
        self.winners = [positions.index(k) for k in self.winners if k in positions]
        self.writes = [self.writes[k] for k in positions]
        self.drop_unused()

    def drop_unused(self) -> None:
        """Leaves out operations and reads that nothing uses."""
        for op in reversed(list(self.block.ops)[:-1]):
            if not any(r.uses.get_length() for r in op.results):
                op.detach()
                op.erase()
        for position in reversed(range(len(self.reads))):
            if not self.read(position).uses.get_length():
                self.drop_read(position)

    def substitute(
        self, ranges: Sequence[int | SSAValue], old: Sequence[AffineExpr], names: Sequence[str | None] = ()
    ) -> None:
        """Other iterators: `old` gives each of the present ones as an expression in the new ones (and in sizes)."""
        count = len(ranges)
        first = Block(arg_types=[IndexType()] * count)
        self.reads = [(t, self._access(a, count, old)) for t, a in self.reads]
        self.writes = [(c, t, self._access(a, count, old)) for c, t, a in self.writes]
        symbols = [AffineSymExpr(k) for k in range(len(self.sizes))]
        self.where = [simplified(e.replace_dims_and_symbols(old, symbols)) for e in self.where]
        arguments = [self.block.insert_arg(a.type, k) for k, a in enumerate(first.args)]
        for argument, name in zip(arguments, names, strict=False):
            argument.name_hint = name
        before = self.block.first_op
        insert: list[Operation] = []
        for expr in old:
            argument = self.block.args[count]
            if argument.uses.get_length():
                value = index_value(simplified(expr), arguments, self.sizes, insert.append)
                argument.replace_all_uses_with(value)
            self.block.erase_arg(argument)
        if before is not None and insert:
            self.block.insert_ops_before(insert, before)
        self.ranges = list(ranges)

    def _access(self, access: AccessAttr, count: int, old: Sequence[AffineExpr]) -> AccessAttr:
        def map(given: AffineMap) -> AffineMap:
            symbols = [AffineSymExpr(k) for k in range(given.num_symbols)]
            results = tuple(simplified(e.replace_dims_and_symbols(old, symbols)) for e in given.results)
            return AffineMap(count, given.num_symbols, results)

        return AccessAttr(map(access.map.data), [TableReadAttr(r.position, map(r.map.data)) for r in access.tables])

    def size(self, value: SSAValue) -> AffineExpr:
        """The symbol of a size, which is added where there is none yet."""
        if value not in self.sizes:
            self.sizes.append(value)
            self.reads = [(t, widen(a, len(self.sizes))) for t, a in self.reads]
            self.writes = [(c, t, widen(a, len(self.sizes))) for c, t, a in self.writes]
        return AffineSymExpr(self.sizes.index(value))

    def build(self) -> nest.MapOp:
        """The operation."""
        accesses = [*(a for _, a in self.reads), *(a for _, _, a in self.writes)]
        exprs = [*self.where, *(e for a in accesses for m in maps(a) for e in m.results)]
        used = {e.position for x in exprs for e in x.dfs() if isinstance(e, AffineSymExpr)}
        sizes = list(dict.fromkeys(s for k, s in enumerate(self.sizes) if k in used))
        of_sizes = [AffineSymExpr(sizes.index(s)) if s in sizes else AffineSymExpr(k) for k, s in enumerate(self.sizes)]
        tables: list[SSAValue] = []
        dims = [AffineDimExpr(k) for k in range(len(self.ranges))]
        return nest.MapOp(
            self.ranges,
            [(t, self._compact(a, of_sizes, len(sizes), tables)) for t, a in self.reads],
            [(c, t, self._compact(a, of_sizes, len(sizes), tables)) for c, t, a in self.writes],
            self.body,
            tables,
            sizes,
            where=[e.replace_dims_and_symbols(dims, of_sizes) for e in self.where],
            winners=self.winners,
        )

    def _compact(
        self, access: AccessAttr, of_sizes: Sequence[AffineExpr], sizes: int, tables: list[SSAValue]
    ) -> AccessAttr:
        """The access with only the sizes and tables that are used; `tables` grows."""
        given, first = access.map.data, access.map.data.num_symbols - len(access.tables.data)
        dims = [AffineDimExpr(k) for k in range(given.num_dims)]
        used = sorted({e.position for x in given.results for e in x.dfs() if isinstance(e, AffineSymExpr)})
        kept = [k - first for k in used if k >= first]
        symbols = [
            *of_sizes[:first],
            *(
                AffineSymExpr(sizes + kept.index(k)) if k in kept else AffineSymExpr(k)
                for k in range(len(access.tables))
            ),
        ]
        results = tuple(e.replace_dims_and_symbols(dims, symbols) for e in given.results)
        reads: list[TableReadAttr] = []
        for read in (access.tables.data[k] for k in kept):
            table = self.tables[read.position]
            if table not in tables:
                tables.append(table)
            place = tuple(e.replace_dims_and_symbols(dims, of_sizes) for e in read.map.data.results)
            reads.append(TableReadAttr(tables.index(table), AffineMap(given.num_dims, sizes, place)))
        return AccessAttr(AffineMap(given.num_dims, sizes + len(reads), results), reads)


def maps(access: AccessAttr) -> list[AffineMap]:
    """The maps of an access that count sizes: its table reads', and its own without the symbols of tables."""
    own = access.map.data
    sizes = own.num_symbols - len(access.tables.data)
    zeros = [AffineSymExpr(k) if k < sizes else AffineConstantExpr(0) for k in range(own.num_symbols)]
    dims = [AffineDimExpr(k) for k in range(own.num_dims)]
    results = tuple(e.replace_dims_and_symbols(dims, zeros) for e in own.results)
    return [AffineMap(own.num_dims, sizes, results), *(r.map.data for r in access.tables)]


_ARITHMETIC: dict[AffineBinaryOpKind, Callable[[SSAValue, SSAValue], Operation]] = {
    AffineBinaryOpKind.Add: arith.AddiOp,
    AffineBinaryOpKind.Mul: arith.MuliOp,
    AffineBinaryOpKind.FloorDiv: arith.FloorDivSIOp,
    AffineBinaryOpKind.CeilDiv: arith.CeilDivSIOp,
}


def index_value(
    expr: AffineExpr, dims: Sequence[SSAValue], symbols: Sequence[SSAValue], insert: Callable[[Operation], None]
) -> SSAValue:
    """An index expression as operations of `arith`."""

    def value(op: Operation) -> SSAValue:
        insert(op)
        return op.results[0]

    match expr:
        case AffineConstantExpr():
            return value(arith.ConstantOp.from_int_and_width(expr.value, IndexType()))
        case AffineDimExpr():
            return dims[expr.position]
        case AffineSymExpr():
            return symbols[expr.position]
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Mod):
            whole = index_value(expr.lhs // expr.rhs * expr.rhs, dims, symbols, insert)
            return value(arith.SubiOp(index_value(expr.lhs, dims, symbols, insert), whole))
        case AffineBinaryOpExpr():
            left, right = (index_value(e, dims, symbols, insert) for e in (expr.lhs, expr.rhs))
            return value(_ARITHMETIC[expr.kind](left, right))
        case _:
            raise VerifyException(f"no arithmetic for the index {expr}")
