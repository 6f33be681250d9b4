"""Index polynomials to the access maps of a nest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xdsl.ir import SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineConstantExpr,
    AffineExpr,
    AffineMap,
    AffineSymExpr,
)

from anamc.dialects.access import AccessAttr, TableReadAttr
from anamc.frontends.index_notation.axes import Reach, unflattened
from anamc.frontends.index_notation.bounds import bounds, is_nonnegative
from anamc.frontends.index_notation.forms import Forms
from anamc.frontends.index_notation.polynomials import Atom, Call, Monomial, Polynomial, Symbol
from anamc.frontends.index_notation.terms import Read, Term

if TYPE_CHECKING:
    from anamc.frontends.index_notation.nests import Nest

TABLE = 1 << 20
"""First symbol of a table read while an access is made; size operands are counted below it."""


@dataclass(frozen=True)
class Place:
    """An access before the number of size operands is known: table reads are symbols from `TABLE` on."""

    indices: tuple[AffineExpr, ...]
    reads: tuple[tuple[int, tuple[AffineExpr, ...]], ...]

    def access(self, dims: int, sizes: int) -> AccessAttr:
        """The attribute, once all size operands are known."""
        map = AffineMap(dims, sizes + len(self.reads), tuple(_renumbered(e, sizes) for e in self.indices))
        return AccessAttr(map, [TableReadAttr(k, AffineMap(dims, sizes, at)) for k, at in self.reads])


def _renumbered(expr: AffineExpr, sizes: int) -> AffineExpr:
    match expr:
        case AffineSymExpr() if expr.position >= TABLE:
            return AffineSymExpr(expr.position - TABLE + sizes)
        case AffineBinaryOpExpr():
            return AffineBinaryOpExpr(expr.kind, _renumbered(expr.lhs, sizes), _renumbered(expr.rhs, sizes))
        case _:
            return expr


def reach_of(read: Read, forms: Forms) -> Reach:
    """A read with its indices as polynomials."""
    return Reach(read.tensor, tuple(forms.of(a) for a in read.args), read.is_flat)


class Indices:
    """Makes the index expressions of one access; without `tables` it gives None where one would be needed."""

    def __init__(self, nest: Nest, tables: bool) -> None:
        self.nest = nest
        self.tables = tables
        self.reads: list[tuple[int, tuple[AffineExpr, ...]]] = []

    def of(self, index: Polynomial) -> AffineExpr | None:
        """The expression of an index."""
        fixed = Polynomial.of({m: c for m, c in index.terms if m and all(_is_fixed(a) for a in m)})
        total: AffineExpr = AffineConstantExpr(index.constant)
        for monomial, c in index.terms:
            if not monomial or all(_is_fixed(a) for a in monomial):
                continue
            part = self._monomial(monomial)
            if part is None:
                return None
            total = total + part * c
        return total + self.nest.size_symbol(fixed) if fixed.terms else total

    def _monomial(self, monomial: Monomial) -> AffineExpr | None:
        made = self._atom(monomial[0]) if len(monomial) == 1 else None
        if made is not None:
            return made
        return self.table(Polynomial(((monomial, 1),))) if self.tables else None

    def _atom(self, atom: Atom) -> AffineExpr | None:
        if isinstance(atom, Call):
            return self._call(atom)
        if atom.kind == "data":
            return self._data(self.nest.forms.origins[atom.name]) if self.tables else None
        loop = self.nest.loops[atom.name]
        if loop.is_flat:
            return None
        low = self.of(loop.low)
        return None if low is None else AffineExpr.dimension(loop.first) + low

    def _call(self, call: Call) -> AffineExpr | None:
        if call.function not in ("floordiv", "mod", "div", "rem"):
            return None
        number, divisor = call.args[0], call.args[1].value
        if divisor is None or divisor <= 0:
            return None
        if call.function in ("div", "rem"):
            low = bounds(number, self.nest.ranges).low
            if low is None or not is_nonnegative(low):
                return None
        inner = self.of(number)
        if inner is None:
            return None
        return inner // divisor if call.function in ("floordiv", "div") else inner % divisor

    def _data(self, origin: Term) -> AffineExpr | None:
        """An element of an index array at affine places, read as a table."""
        if not isinstance(origin, Read):
            return None
        reach = reach_of(origin, self.nest.forms)
        shape = self.nest.forms.shape(reach.tensor) or ()
        inner = Indices(self.nest, False)
        indices = unflattened(reach.indices[0], shape) if reach.is_flat else reach.indices
        places = [inner.of(i) for i in indices]
        if any(p is None for p in places):
            return None
        return self._read(
            self.nest.around.version(reach.tensor, origin.version), tuple(p for p in places if p is not None)
        )

    def table(self, index: Polynomial) -> AffineExpr:
        """An index through a table that a nest of its own computes."""
        table, names = self.nest.computed.of(index)
        at = [AffineExpr.dimension(self.nest.loops[n].first) for n in names]
        return self._read(table, tuple(at) or (AffineExpr.constant(0),))

    def _read(self, table: SSAValue, place: tuple[AffineExpr, ...]) -> AffineExpr:
        tables = self.nest.tables
        if table not in tables:
            tables.append(table)
        self.reads.append((tables.index(table), place))
        return AffineExpr.symbol(TABLE + len(self.reads) - 1)


def _is_fixed(atom: Atom) -> bool:
    """True for what does not change inside a kernel."""
    if isinstance(atom, Symbol):
        return atom.kind == "size"
    return all(s.kind == "size" for a in atom.args for s in a.symbols)
