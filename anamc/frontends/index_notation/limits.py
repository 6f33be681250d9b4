"""Indices against sizes: what is certainly out of range is refused, what is not certain is a condition."""

from __future__ import annotations

from dataclasses import dataclass

from anamc.errors import FrontendError, shown
from anamc.frontends.index_notation.bounds import Range, bounds, is_nonnegative
from anamc.frontends.index_notation.forms import Shape, length
from anamc.frontends.index_notation.instructions import DIVISIONS
from anamc.frontends.index_notation.polynomials import ZERO, Polynomial, iterator
from anamc.frontends.index_notation.ranges import Agreement
from anamc.frontends.index_notation.shapes import Solved
from anamc.frontends.index_notation.source import Source, Spot
from anamc.frontends.index_notation.terms import Apply, Kernel, Read, Term, postorder


@dataclass(frozen=True)
class Condition:
    """What sizes must satisfy (comparisons joined by `or`), and what it is for."""

    text: str
    reason: str
    spot: Spot


class Limits:
    """Checks the accesses of one kernel."""

    def __init__(self, source: Source, kernel: Kernel, solved: Solved) -> None:
        self.source = source
        self.kernel = kernel
        self.solved = solved
        self.conditions: list[Condition] = []
        self.agreed = {(iterator(a.iterator), a.second.size) for a in solved.agreements}
        self.empty = any(_is_empty(r) for r in solved.ranges.values())

    def check(self) -> list[Condition]:
        """A1024 for an index that is out of range, A1025 for sizes that differ; the rest are conditions."""
        for agreement in self.solved.agreements:
            self._agree(agreement)
        if self.empty:
            return self.conditions
        for term in postorder(self.kernel.roots()):
            if isinstance(term, Apply) and term.instruction in DIVISIONS:
                self._division(term)
        written = self.kernel
        accesses = [(r, r.args, r.is_flat) for r in written.reads()]
        accesses.append((Read(written.spot, written.body.type, (), written.tensor), written.indices, written.is_flat))
        for read, indices, is_flat in accesses:
            shape = self.solved.forms.shape(read.tensor) or ()
            self._access(read, indices, (length(shape),) if is_flat else shape)
        return self.conditions

    def _agree(self, agreement: Agreement[Read]) -> None:
        first, second = agreement.first, agreement.second
        sizes = f"{first.size} in '{first.origin.tensor.name}' and {second.size} in '{second.origin.tensor.name}'"
        what = f"'{shown(agreement.iterator)}' runs over {sizes}"
        if agreement.is_impossible:
            raise self.source.error("A1025", what, second.origin.spot, help="write its range")
        self._require(f"{first.size} == {second.size}", what, second.origin.spot)

    def _division(self, term: Apply) -> None:
        """A1028 for a divisor that is 0 in some iteration for certain; a size that divides is not 0."""
        reach = bounds(self.solved.forms.of(term.args[1]), self.solved.ranges)
        if reach.low is None or reach.high is None or not reach.exact:
            return
        if ZERO in (reach.low, reach.high):
            raise self.source.error("A1028", f"'{term.instruction}' by 0", term.args[1].spot)
        if any(r.high - r.low == reach.low for r in self.solved.ranges.values()):
            return  # where it is 0, the kernel has no iteration
        if reach.low == reach.high and is_nonnegative(reach.low) and not is_nonnegative(reach.low - 1):
            self._require(self._unless_empty(f"{reach.low} >= 1"), "a division by it", term.args[1].spot)

    def _access(self, read: Read, indices: tuple[Term, ...], sizes: Shape) -> None:
        for dim, (index, size) in enumerate(zip(indices, sizes, strict=True)):
            form = self.solved.forms.of(index)
            if (form, size) in self.agreed:
                continue
            reach = bounds(form, self.solved.ranges)
            if reach.low is not None:
                self._at_least_zero(reach.low, reach.low, read, index, dim, size, reach.exact)
            if reach.high is not None:
                self._at_least_zero(size - 1 - reach.high, reach.high, read, index, dim, size, reach.exact)

    def _at_least_zero(
        self, slack: Polynomial, extreme: Polynomial, read: Read, index: Term, dim: int, size: Polynomial, exact: bool
    ) -> None:
        if is_nonnegative(slack) or not exact:
            return
        if is_nonnegative(-slack - 1):
            raise self._outside(extreme, read, index, dim, size)
        reason = f"index {extreme} of dimension {dim} of '{read.tensor.name}', whose size is {size}"
        self._require(self._unless_empty(f"{slack} >= 0"), reason, index.spot)

    def _unless_empty(self, condition: str) -> str:
        """The condition, or one of the ranges is empty."""
        empty = [f"{r.high} <= {r.low}" for r in self.solved.ranges.values() if not is_nonnegative(r.high - r.low - 1)]
        return " or ".join([*dict.fromkeys(empty), condition])

    def _outside(self, extreme: Polynomial, read: Read, index: Term, dim: int, size: Polynomial) -> FrontendError:
        name = shown(read.tensor.name)
        what = f"index {extreme} is outside of dimension {dim} of '{name}', whose size is {size}"
        runs = (f"{n} in {r.low}..<{r.high}" for n, r in self.solved.ranges.items())
        return self.source.error("A1024", what, index.spot, why=", ".join(runs))

    def _require(self, text: str, reason: str, spot: Spot) -> None:
        if all(c.text != text for c in self.conditions):
            self.conditions.append(Condition(text, reason, spot))


def _is_empty(range: Range) -> bool:
    return is_nonnegative(range.low - range.high)
