"""Computed sizes as expressions: arithmetic on run-time sizes to what `anamc.dims` can say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Operation, SSAValue

from anamc.dialects.sizes import Name, Number, Size, less, made

_FUNCTIONS: Mapping[type[Operation], str] = {
    arith.AddiOp: "+",
    arith.SubiOp: "-",
    arith.MuliOp: "*",
    arith.FloorDivSIOp: "floordiv",
    arith.CeilDivSIOp: "ceildiv",
    arith.DivSIOp: "div",
    arith.RemSIOp: "rem",
    arith.MaxSIOp: "max",
    arith.MinSIOp: "min",
}
"""Arithmetic on sizes that sizes have a name for."""


class SizeExpressions:
    """The sizes of one function as expressions in its run-time sizes; each value is looked at once."""

    def __init__(self, sizes: Mapping[str, SSAValue]) -> None:
        self.known: dict[SSAValue, Size | None] = {value: Name(name) for name, value in sizes.items()}

    def of(self, value: SSAValue) -> Size | None:
        """The expression of a computed size; None where something else than arithmetic on sizes computes it."""
        waiting = [value]
        while waiting:
            operands = [v for v in _operands(waiting[-1]) if v not in self.known]
            if not operands or waiting[-1] in self.known:
                self._find(waiting.pop())
            waiting += operands
        return self.known[value]

    def _find(self, value: SSAValue) -> None:
        if value in self.known:
            return
        op = value.owner
        if isinstance(op, arith.ConstantOp) and isinstance(op.value, IntegerAttr):
            self.known[value] = Number(op.value.value.data)
            return
        args = [self.known[v] for v in _operands(value)]
        known = [a for a in args if a is not None]
        if not isinstance(op, Operation) or not args or len(known) < len(args):
            self.known[value] = None
            return
        function = "mod" if _remainder(op) else _FUNCTIONS.get(type(op))
        if function is None:  # a cast, or a divisor that is not 0
            self.known[value] = known[0]
        else:
            self.known[value] = less(*known) if function == "-" else made(function, *known)


def _operands(value: SSAValue) -> Sequence[SSAValue]:
    """The sizes from which a size is computed; none where it is no such arithmetic."""
    op = value.owner
    match op:
        case arith.IndexCastOp():
            return [op.input]
        case arith.SelectOp():
            return [op.rhs] if _is_divisor(op) else []
        case Operation() if (found := _remainder(op)) is not None:
            return found
        case Operation():
            return op.operands if type(op) in _FUNCTIONS else []
        case _:
            return []


def _remainder(op: Operation) -> tuple[SSAValue, SSAValue] | None:
    """`a` and `b` where the operation is ``a - (a floordiv b) b``."""
    whole = op.rhs.owner if isinstance(op, arith.SubiOp) else None
    quotient = whole.lhs.owner if isinstance(whole, arith.MuliOp) else None
    if not isinstance(op, arith.SubiOp) or not isinstance(whole, arith.MuliOp):
        return None
    if not isinstance(quotient, arith.FloorDivSIOp) or quotient.lhs is not op.lhs or quotient.rhs is not whole.rhs:
        return None
    return quotient.lhs, quotient.rhs


def _is_divisor(op: arith.SelectOp) -> bool:
    """True for ``b == 0 ? 1 : b`` that only divides: a division by 0 is one by 1 in sizes."""
    compare = op.cond.owner
    if not isinstance(compare, arith.CmpiOp) or compare.predicate.value.data != 0:
        return False
    if compare.lhs is not op.rhs or not _is(compare.rhs, 0) or not _is(op.lhs, 1):
        return False
    return all(_divides(use.operation) for use in op.result.uses)


def _divides(user: Operation) -> bool:
    if isinstance(user, arith.MuliOp):
        return all(_remainder(use.operation) is not None for use in user.result.uses)
    return isinstance(user, arith.FloorDivSIOp | arith.CeilDivSIOp | arith.DivSIOp | arith.RemSIOp)


def _is(value: SSAValue, number: int) -> bool:
    op = value.owner
    return isinstance(op, arith.ConstantOp) and isinstance(op.value, IntegerAttr) and op.value.value.data == number
