"""Polynomials to index arithmetic: sizes in front of the nests, indices inside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerAttr
from xdsl.ir import Operation, SSAValue

from anamc.frontends.index_notation.polynomials import ONE, ZERO, Atom, Monomial, Polynomial, Symbol

INDEX = IndexType()


class Numbers:
    """
    Computes polynomials by operations that `add` appends, each once.

    `symbol` gives the value of a size, iterator or data symbol.
    """

    def __init__(self, add: Callable[[Operation], SSAValue], symbol: Callable[[Symbol], SSAValue]) -> None:
        self.add = add
        self.symbol = symbol
        self.known: dict[Polynomial, SSAValue] = {}

    def of(self, number: Polynomial) -> SSAValue:
        """The value of a polynomial, of type index."""
        if number not in self.known:
            self.known[number] = self._compute(number)
        return self.known[number]

    def _compute(self, number: Polynomial) -> SSAValue:
        if (value := number.value) is not None:
            return self.add(arith.ConstantOp(IntegerAttr(value, INDEX)))
        terms = sorted(number.terms, key=lambda t: t[1] < 0)
        total = self._term(*terms[0])
        for monomial, c in terms[1:]:
            if c < 0:
                total = self.add(arith.SubiOp(total, self._term(monomial, -c)))
            else:
                total = self.add(arith.AddiOp(total, self._term(monomial, c)))
        return total

    def _term(self, monomial: Monomial, c: int) -> SSAValue:
        factors = [self._atom(a) for a in monomial]
        if c != 1 or not factors:
            factors.append(self.add(arith.ConstantOp(IntegerAttr(c, INDEX))))
        product = factors[0]
        for factor in factors[1:]:
            product = self.add(arith.MuliOp(product, factor))
        return product

    def _atom(self, atom: Atom) -> SSAValue:
        if isinstance(atom, Symbol):
            return self.symbol(atom)
        args = [self.of(a) for a in atom.args]
        if atom.function not in ("min", "max") and atom.args[1].value is None:
            args[1] = self._divisor(args[1])
        return FUNCTIONS[atom.function](self, args)

    def _divisor(self, b: SSAValue) -> SSAValue:
        """1 in place of 0, so that no division stops the program."""
        is_zero = self.add(arith.CmpiOp(b, self.of(ZERO), "eq"))
        return self.add(arith.SelectOp(is_zero, self.of(ONE), b))

    def modulo(self, args: Sequence[SSAValue]) -> SSAValue:
        """``a - b floor(a / b)``"""
        a, b = args
        whole = self.add(arith.MuliOp(self.add(arith.FloorDivSIOp(a, b)), b))
        return self.add(arith.SubiOp(a, whole))

    def fold(self, op: Callable[[SSAValue, SSAValue], Operation], args: Sequence[SSAValue]) -> SSAValue:
        value = args[0]
        for arg in args[1:]:
            value = self.add(op(value, arg))
        return value


FUNCTIONS: dict[str, Callable[[Numbers, Sequence[SSAValue]], SSAValue]] = {
    "floordiv": lambda n, args: n.fold(arith.FloorDivSIOp, args),
    "mod": Numbers.modulo,
    "div": lambda n, args: n.fold(arith.DivSIOp, args),
    "rem": lambda n, args: n.fold(arith.RemSIOp, args),
    "min": lambda n, args: n.fold(arith.MinSIOp, args),
    "max": lambda n, args: n.fold(arith.MaxSIOp, args),
}
"""Calls of polynomials as operations."""
