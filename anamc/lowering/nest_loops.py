"""The loops of a nest: over its ranges, as far as its guards allow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from xdsl.dialects import arith, scf
from xdsl.ir import Block, Region, SSAValue
from xdsl.ir.affine import AffineDimExpr, AffineExpr, AffineSymExpr

from anamc.dialects import nest
from anamc.dialects.linear import added, summed, terms_of, uses
from anamc.lowering.emitter import Emitter, Index

Values = Sequence[SSAValue]


class NestLoops:
    """
    Loops over the ranges of one nest.

    A guard is decided by the innermost iterator that it uses: it bounds that iterator's loop where it is
    linear in it (``a i + rest >= 0`` is ``i >= ceil(-rest / a)`` or ``i <= floor(rest / -a)``), else it
    is a branch around what is inside. The loops around it are bounded as well, by the most that the
    inner iterators can add.
    """

    def __init__(
        self, emit: Emitter, op: nest.MapOp, extents: Sequence[Index], sizes: Sequence[Index],
        order: Sequence[int] | None = None,
    ) -> None:  # fmt: skip
        """`order`: the iterators from the outermost loop on, all those that guards use; None for all as they stand."""
        order = range(len(extents)) if order is None else order
        self.emit = emit
        self.extents = [extents[d] for d in order]
        self.sizes = sizes
        self.hints = [op.body.block.args[d].name_hint or "j" for d in order]
        self.guards: dict[int, list[AffineExpr]] = {}
        places = {d: AffineDimExpr(k) for k, d in enumerate(order)}
        dims = [places.get(d, AffineDimExpr(d)) for d in range(len(extents))]
        symbols = [AffineSymExpr(k) for k in range(len(sizes))]
        for guard in (g.replace_dims_and_symbols(dims, symbols) for g in op.where):
            self.guards.setdefault(max(guard.used_dims(), default=-1), []).append(guard)

    def over(
        self,
        levels: range,
        indices: tuple[Index, ...],
        body: Callable[[tuple[Index, ...], Values], Values],
        carried: Values = (),
        names: Sequence[str | None] = (),
    ) -> Values:
        """Loops of some neighbouring iterators, outermost first, values carried; guards without iterators outside."""
        if levels.start == 0 and -1 in self.guards:
            return self.where(self.guards[-1], (), carried, lambda v: self.loop(levels, (), body, v, names))
        return self.loop(levels, indices, body, carried, names)

    def loop(
        self,
        levels: range,
        indices: tuple[Index, ...],
        body: Callable[[tuple[Index, ...], Values], Values],
        carried: Values,
        names: Sequence[str | None],
    ) -> Values:
        """The loop of the first of some iterators, with those of the others inside."""
        if not levels:
            return body(indices, carried)
        level, rest = levels[0], levels[1:]
        start, stop, branches = self.bounds(level, indices)

        def step(i: Index, carried: Values) -> Values:
            at = (*indices, i)
            return self.where(branches, at, carried, lambda v: self.loop(rest, at, body, v, names))

        return self.emit.loop(stop, step, carried, self.hints[level], start, names)

    def bounds(self, level: int, indices: Sequence[Index]) -> tuple[Index, Index, list[AffineExpr]]:
        """Start and end of the loop of an iterator, and the guards that are left to be decided inside it."""
        emit = self.emit
        start: Index = 0
        stop = self.extents[level]
        branches: list[AffineExpr] = []
        iterator = AffineDimExpr(level)
        for inner, guard in ((k, g) for k, guards in self.guards.items() if k >= level for g in guards):
            terms, constant = terms_of(guard)
            factor = terms.pop(iterator, 0)
            most = self.most_inside(terms, level)
            if self.extents[level] == 1 or not factor or most is None or any(uses(t, level) for t in terms):
                branches += [guard] if inner == level else []
                continue
            terms, constant = {t: c for t, c in terms.items() if not is_inner(t, level)}, constant + most
            sign = -1 if factor > 0 else 1
            rest = emit.affine(summed(added({}, terms, sign), sign * constant), indices, self.sizes)
            if factor > 0:
                start = self.larger(start, emit.ceildiv(rest, factor))
            else:
                stop = emit.min(stop, emit.add(emit.floordiv(rest, -factor), 1))
        return start, stop, branches

    def most_inside(self, terms: Mapping[AffineExpr, int], level: int) -> int | None:
        """The most that terms of iterators inside a loop add up to; None where that is not known."""
        most = 0
        for term, factor in terms.items():
            if is_inner(term, level):
                extent = self.extents[term.position] if isinstance(term, AffineDimExpr) else None
                if not isinstance(extent, int):
                    return None
                most += max(0, factor * (extent - 1))
        return most

    def larger(self, a: Index, b: Index) -> Index:
        if isinstance(a, int) and isinstance(b, int):
            return max(a, b)
        return self.emit.value(arith.MaxSIOp(self.emit.index(a), self.emit.index(b)))

    def where(
        self, guards: Sequence[AffineExpr], at: Sequence[Index], carried: Values, body: Callable[[Values], Values]
    ) -> Values:
        """`body` where the guards hold; elsewhere the values stay."""
        emit = self.emit
        values = [emit.affine(g, at, self.sizes) for g in guards]
        if any(isinstance(v, int) and v < 0 for v in values):
            return carried
        conditions = [emit.value(arith.CmpiOp(v, emit.index(0), "sge")) for v in values if isinstance(v, SSAValue)]
        if not conditions:
            return body(carried)
        condition = conditions[0]
        for other in conditions[1:]:
            condition = emit.value(arith.AndIOp(condition, other))
        inside, outside = Block(), Block()
        results = emit.inside(inside, lambda: body(carried))
        inside.add_op(scf.YieldOp(*results))
        outside.add_op(scf.YieldOp(*carried))
        op = scf.IfOp(condition, [v.type for v in carried], Region(inside), Region(outside))
        emit.emit(op)
        return op.results


def is_inner(term: AffineExpr, level: int) -> bool:
    """True where a term uses an iterator inside the loop of another one."""
    return max(term.used_dims(), default=-1) > level
