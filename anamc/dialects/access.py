"""
How `nest.map` and `kernel.rows` reach into tensors: one attribute, one parser, one printer, one verifier.

An access `%t[e0, e1, ...]` has an index expression for each dimension: affine in the iterators
and the size operands, with `floordiv` and `mod` by positive constants, plus *table reads*
`%tab[affine]` of an integer tensor. Stored as

    #nest.access<tables = [(k, affine_map), ...], map = affine_map<(iters)[sizes, table reads] -> (...)>>

where `k` is the position of the table among the operation's table operands.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    I64,
    AffineMapAttr,
    ArrayAttr,
    IndexType,
    IntegerAttr,
    IntegerType,
    MemRefType,
    TensorType,
    i64,
)
from xdsl.ir import Attribute, ParametrizedAttribute, SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
    AffineMap,
)
from xdsl.irdl import irdl_attr_definition
from xdsl.utils.exceptions import VerifyException

from anamc.dialects.index_arithmetic import constant_bounds


@irdl_attr_definition
class TableReadAttr(ParametrizedAttribute):
    """One read of an index table: the table operand's position and the affine place in it."""

    name = "nest.table"

    table: IntegerAttr[I64]
    map: AffineMapAttr

    def __init__(self, table: int, map: AffineMap) -> None:
        super().__init__(IntegerAttr(table, i64), AffineMapAttr(map))

    @property
    def position(self) -> int:
        return self.table.value.data


@irdl_attr_definition
class AccessAttr(ParametrizedAttribute):
    """An access of one tensor; the map's symbols are the size operands, then the table reads in order."""

    name = "nest.access"

    tables: ArrayAttr[TableReadAttr]
    map: AffineMapAttr

    def __init__(self, map: AffineMap, tables: Sequence[TableReadAttr] = ()) -> None:
        super().__init__(ArrayAttr(tables), AffineMapAttr(map))

    @property
    def indices(self) -> tuple[AffineExpr, ...]:
        return self.map.data.results

    @property
    def is_direct(self) -> bool:
        """True where no index goes through a table."""
        return not self.tables.data

    def is_identity(self) -> bool:
        """True for `[d0, d1, ...]`: every iterator in its own place."""
        return self.is_direct and self.indices == tuple(AffineDimExpr(i) for i in range(self.map.data.num_dims))


def identity(rank: int, sizes: int = 0) -> AccessAttr:
    """`%t[d0, d1, ...]` in a space of `rank` iterators and `sizes` size operands."""
    return select(range(rank), rank, sizes)


def select(dims: Sequence[int], iterators: int, sizes: int = 0) -> AccessAttr:
    """`%t[d_k for k in dims]` in a space of `iterators` iterators."""
    return AccessAttr(AffineMap(iterators, sizes, tuple(AffineDimExpr(k) for k in dims)))


def widen(access: AccessAttr, sizes: int) -> AccessAttr:
    """The access with `sizes` size symbols before its table symbols (it may have been built with fewer)."""
    map, tables = access.map.data, access.tables.data
    given = map.num_symbols - len(tables)
    if given == sizes:
        return access
    dims = [AffineExpr.dimension(i) for i in range(map.num_dims)]
    symbols = [AffineExpr.symbol(i if i < given else i - given + sizes) for i in range(map.num_symbols)]
    widened = AffineMap(
        map.num_dims,
        sizes + len(tables),
        tuple(e.replace_dims_and_symbols(dims, symbols) for e in map.results),
    )
    reads = [TableReadAttr(r.position, AffineMap(r.map.data.num_dims, sizes, r.map.data.results)) for r in tables]
    return AccessAttr(widened, reads)


def block_of(access: AccessAttr) -> int | None:
    """B for `[r floordiv B]` and `[(r floordiv B) mod L]`."""
    match access.indices:
        case (
            AffineBinaryOpExpr(kind=AffineBinaryOpKind.FloorDiv, lhs=AffineDimExpr(), rhs=AffineConstantExpr() as size),
        ):
            return size.value
        case (AffineBinaryOpExpr(kind=AffineBinaryOpKind.Mod, lhs=lhs, rhs=AffineConstantExpr()),) if access.is_direct:
            return block_of(AccessAttr(AffineMap(access.map.data.num_dims, access.map.data.num_symbols, (lhs,))))
        case _:
            return None


def slots_of(access: AccessAttr) -> int | None:
    """L for `[(r floordiv B) mod L]`: blocks of rows that are L apart meet."""
    match access.indices:
        case (AffineBinaryOpExpr(kind=AffineBinaryOpKind.Mod, rhs=AffineConstantExpr() as slots),) if block_of(access):
            return slots.value
        case _:
            return None


def shape_of(type: Attribute) -> tuple[int, ...]:
    """The shape of a tensor or memref type; -1 where dynamic."""
    if not isinstance(type, TensorType | MemRefType):
        raise VerifyException(f"expected a tensor or memref, got {type}")
    return type.get_shape()


def element_of(type: Attribute) -> Attribute:
    """The element type of a tensor or memref type."""
    if not isinstance(type, TensorType | MemRefType):
        raise VerifyException(f"expected a tensor or memref, got {type}")
    return type.element_type


def verify_access(
    op: str, access: AccessAttr, rank: int, iterators: int, sizes: int, tables: Sequence[SSAValue]
) -> None:
    """Ranks, counts of iterators and symbols, and integer tables; raises VerifyException."""
    map = access.map.data
    if len(map.results) != rank:
        raise VerifyException(f"'{op}' access has {len(map.results)} indices, expected {rank}")
    if map.num_dims != iterators or map.num_symbols != sizes + len(access.tables.data):
        raise VerifyException(
            f"'{op}' access map has {map.num_dims} iterators and {map.num_symbols} symbols, "
            f"expected {iterators} and {sizes + len(access.tables.data)}"
        )
    for read in access.tables.data:
        if not 0 <= read.position < len(tables):
            raise VerifyException(f"'{op}' access reads table {read.position} of {len(tables)}")
        place = read.map.data
        if place.num_dims != iterators or place.num_symbols != sizes:
            raise VerifyException(
                f"'{op}' table map has {place.num_dims} iterators and {place.num_symbols} symbols, "
                f"expected {iterators} and {sizes}"
            )
        table = tables[read.position].type
        if not isinstance(element_of(table), IntegerType | IndexType):
            raise VerifyException(f"'{op}' index table must hold integers, got {table}")
        if len(place.results) != len(shape_of(table)):
            raise VerifyException(
                f"'{op}' reads an index table of rank {len(shape_of(table))} at {len(place.results)} indices"
            )
        for expr in place.results:
            verify_divisors(op, expr)
    for expr in map.results:
        verify_divisors(op, expr)


def verify_divisors(op: str, expr: AffineExpr) -> None:
    """Divisions and remainders by positive constants only; raises VerifyException."""
    if not isinstance(expr, AffineBinaryOpExpr):
        return
    if expr.kind in (AffineBinaryOpKind.FloorDiv, AffineBinaryOpKind.CeilDiv, AffineBinaryOpKind.Mod) and not (
        isinstance(expr.rhs, AffineConstantExpr) and expr.rhs.value > 0
    ):
        raise VerifyException(f"'{op}' divides an index by '{expr.rhs}', expected a positive constant")
    verify_divisors(op, expr.lhs)
    verify_divisors(op, expr.rhs)


def verify_bounds(op: str, access: AccessAttr, shape: Sequence[int], ranges: Sequence[int | None]) -> None:
    """Indices whose bounds are known stay inside the dimensions that are known; raises VerifyException."""
    if 0 in ranges:
        return
    for k, (expr, size) in enumerate(zip(access.indices, shape, strict=False)):
        bounds = constant_bounds(expr, ranges)
        if bounds is None or (bounds[0] >= 0 and (size < 0 or bounds[1] < size)):
            continue
        raise VerifyException(
            f"'{op}' index {k} runs over {bounds[0]}..{bounds[1]}, outside a dimension of size "
            f"{'?' if size < 0 else size}"
        )
