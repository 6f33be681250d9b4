"""Indices that count the rounds of loops, and what they are known to stay below."""

from __future__ import annotations

from collections.abc import Iterator

from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import BlockArgument, Operation, SSAValue

from anamc.analysis.rows import Dim


def number_of(value: Dim) -> Dim:
    """A constant index as a number; any other as it is."""
    if isinstance(value, int):
        return value
    op = value.owner
    if isinstance(op, arith.ConstantOp) and isinstance(op.value, IntegerAttr):
        return op.value.value.data
    return value


def is_position(value: SSAValue, bound: Dim) -> bool:
    """True where ``0 <= value < bound`` is proved wherever the value is used."""
    limit = number_of(bound)
    return is_natural(value) and any(same(u, limit) or is_less(u, limit) for u in above(value))


def positions(value: SSAValue) -> int | None:
    """The constant n for which ``0 <= value < n`` is proved; None where there is none."""
    known = [u for u in above(value) if isinstance(u, int)]
    return min(known) if known and is_natural(value) else None


def same(a: Dim, b: Dim) -> bool:
    return a is b or (isinstance(a, int) and a == b)


def is_less(a: Dim, b: Dim) -> bool:
    return isinstance(a, int) and isinstance(b, int) and a < b


def is_natural(value: SSAValue) -> bool:
    """True where ``value >= 0`` is proved."""
    known = number_of(value)
    if isinstance(known, int):
        return known >= 0
    if (loop := loop_of(value)) is not None:
        step = number_of(loop.step)
        return is_natural(loop.lb) and isinstance(step, int) and step > 0
    match value.owner:
        case arith.SubiOp() as op if shift(op) is not None:
            return True
        case arith.SubiOp() as op:
            limit = one_less(op.lhs)
            return limit is not None and is_natural(op.rhs) and any(same(u, limit) for u in above(op.rhs))
        case arith.AddiOp() | arith.MuliOp() as op:
            return is_natural(op.lhs) and is_natural(op.rhs)
        case arith.MaxSIOp() as op:
            return is_natural(op.lhs) or is_natural(op.rhs)
        case arith.MinSIOp() as op:
            return is_natural(op.lhs) and is_natural(op.rhs)
        case _:
            return False


def least(value: SSAValue) -> int:
    """A number that a natural value is known to be at least."""
    known = number_of(value)
    if isinstance(known, int):
        return known
    if (loop := loop_of(value)) is not None:
        return least(loop.lb)
    return sum(map(least, value.owner.operands)) if isinstance(value.owner, arith.AddiOp) else 0


def shift(op: arith.SubiOp) -> int | None:
    """c for ``a - c`` where a is known to be at least c, and c at least 0."""
    down = number_of(op.rhs)
    return down if isinstance(down, int) and 0 <= down <= least(op.lhs) and is_natural(op.lhs) else None


def above(value: SSAValue) -> Iterator[Dim]:
    """Numbers and values that a natural value is known to be less than."""
    known = number_of(value)
    if isinstance(known, int):
        yield known + 1
    elif (loop := loop_of(value)) is not None:
        yield from not_below(loop.ub)
    elif isinstance(value.owner, arith.SubiOp) and (limit := one_less(value.owner.lhs)) is not None:
        if is_natural(value.owner.rhs):
            yield from not_below(limit)
    elif isinstance(value.owner, arith.SubiOp) and (down := shift(value.owner)) is not None:
        yield from (u - down if isinstance(u, int) else u for u in above(value.owner.lhs))
    elif isinstance(value.owner, arith.MinSIOp):
        for limit in (number_of(v) for v in value.owner.operands):
            if isinstance(limit, int):
                yield limit + 1
    elif isinstance(value.owner, arith.AddiOp | arith.MuliOp):
        yield from above_arithmetic(value.owner)


def above_arithmetic(op: arith.AddiOp | arith.MuliOp) -> Iterator[Dim]:
    """``a + b < n`` for ``b < n - a``; ``a + k s < n`` for ``k < (n - a) ceildiv s``; and constants."""
    a, b = op.operands
    first, second = ([u for u in above(v) if isinstance(u, int)] for v in (a, b))
    if first and second:
        x, y = min(first) - 1, min(second) - 1
        yield (x + y if isinstance(op, arith.AddiOp) else x * y) + 1
    if not isinstance(op, arith.AddiOp):
        return
    counted, step = (b.owner.lhs, number_of(b.owner.rhs)) if isinstance(b.owner, arith.MuliOp) else (b, 1)
    for limit in above(counted):
        rest = difference(limit, step)
        if rest is not None and same(number_of(rest.rhs), number_of(a)):
            yield from not_below(rest.lhs)


def difference(limit: Dim, step: Dim) -> arith.SubiOp | None:
    """``n - a``, where a limit is that or ``(n - a) ceildiv step``."""
    op: object = limit.owner if isinstance(limit, SSAValue) else None
    if isinstance(op, arith.CeilDivSIOp) and same(number_of(op.rhs), step):
        op = op.lhs.owner
    elif step != 1:
        return None
    return op if isinstance(op, arith.SubiOp) else None


def not_below(limit: Dim) -> Iterator[Dim]:
    """What a natural value below a limit is below as well."""
    limit = number_of(limit)
    yield limit
    op: Operation | object = limit.owner if isinstance(limit, SSAValue) else None
    if isinstance(op, arith.MinSIOp):
        yield from not_below(op.lhs)
        yield from not_below(op.rhs)
    elif isinstance(op, arith.MaxSIOp):
        for k, other in ((0, number_of(op.rhs)), (1, number_of(op.lhs))):
            if isinstance(other, int) and other <= 0:
                yield from not_below(op.operands[k])
    elif isinstance(limit, SSAValue) and is_natural(limit):
        yield from above(limit)


def loop_of(value: SSAValue) -> scf.ForOp | None:
    """The loop whose variable a value is."""
    if not isinstance(value, BlockArgument) or value.index:
        return None
    loop = value.block.parent_op()
    return loop if isinstance(loop, scf.ForOp) else None


def one_less(value: SSAValue) -> Dim | None:
    """n for the value ``n - 1``."""
    known = number_of(value)
    if isinstance(known, int):
        return known + 1
    op = value.owner
    return number_of(op.lhs) if isinstance(op, arith.SubiOp) and number_of(op.rhs) == 1 else None
