"""Reverse mode: cotangents swept backwards over a sequence of operations."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import Operation, SSAValue
from xdsl.rewriter import Rewriter

from anamc.autodiff.activity import Activity
from anamc.autodiff.customs import Customs
from anamc.autodiff.emit import Emit
from anamc.autodiff.masks import Masked, masked_sum, where
from anamc.autodiff.missing import no_rule
from anamc.autodiff.tables import MASKED, PARTIALS, REGION_VJP, SUMS, VJP, Contributions, Literal


class Reverse:
    """
    Cotangents of the active values of a block.

    A cotangent that is absent is zero: no rule is asked for it and nothing is added for it. One that
    flows through a choice is zero where the choice went the other way; elementwise operations carry the
    value and that condition apart (`masks`), so that the side not taken brings in no NaN.
    """

    def __init__(self, emit: Emit, activity: Activity, customs: Customs | None = None) -> None:
        self.emit = emit
        self.activity = activity
        self.customs = customs
        self.replaced: dict[Operation, Sequence[SSAValue]] = {}
        self.contributions: dict[SSAValue, list[Masked]] = {}

    def give(self, value: SSAValue, bar: SSAValue, mask: Sequence[Literal] = ()) -> None:
        """Adds to the cotangent of a value: `bar` where all of `mask` holds."""
        self.contributions.setdefault(value, []).append((bar, tuple(mask)))

    def take(self, value: SSAValue) -> SSAValue | None:
        """The cotangent of a value: the sum of all that was given; None for zero."""
        found = self.take_masked(value)
        return None if found is None else where(self.emit, *found)

    def take_masked(self, value: SSAValue) -> Masked | None:
        """The same, with the condition under which it is not 0."""
        given = self.contributions.pop(value, [])
        if all(not mask for _, mask in given):
            total = self.emit.add_all(merged(self.emit, [v for v, _ in given]))
            return None if total is None else (total, ())
        return masked_sum(self.emit, given)

    def sweep(self, ops: Sequence[Operation]) -> None:
        """From the cotangents of their results to those of what the operations read, last operation first."""
        for op in reversed(ops):
            if not any(r in self.contributions for r in op.results):
                continue
            self.emit.source = op
            if op in ELEMENTWISE:
                self.elementwise(op)
                continue
            bars = [self.take(r) for r in op.results]
            for value, make in self.rule(op, bars):
                if value in self.activity and (bar := make()) is not None:
                    self.give(value, bar)
        self.emit.source = None

    def settle(self) -> None:
        """Puts operations that rules made in the place of the ones that they are for."""
        for op, values in self.replaced.items():
            Rewriter.replace_op(op, [], values)
        self.replaced.clear()

    def rule(self, op: Operation, bars: Sequence[SSAValue | None]) -> Contributions:
        """What an operation contributes; DerivativeError where it has no rule."""
        if (region_rule := REGION_VJP.get(op)) is not None:
            return region_rule(op, bars, self)
        if (rule := VJP.get(op)) is not None:
            return rule(op, bars, self.emit)
        if not any(v in self.activity for v in op.operands) and not op.regions:
            return ()
        raise no_rule(op, self.activity, "reverse")

    def elementwise(self, op: Operation) -> None:
        """``x_k_bar += y_bar dy/dx_k``"""
        found = self.take_masked(op.results[0])
        if found is None:
            return
        bar, mask = found
        choice, partials = MASKED.get(op), PARTIALS.get(op)
        for k, operand in enumerate(op.operands):
            if operand not in self.activity:
                continue
            if choice is not None:
                if (made := choice(self.emit, op, k, bar)) is not None:
                    value, chosen = made
                    self.give(operand, value, mask if chosen in mask else (*mask, chosen))
            elif partials is not None and (contribution := partials(self.emit, op, k, bar)) is not None:
                self.give(operand, contribution, mask)


class _Elementwise:
    """The operations that act element by element."""

    def __contains__(self, op: Operation) -> bool:
        return type(op) in PARTIALS or type(op) in MASKED


ELEMENTWISE = _Elementwise()


def merged(emit: Emit, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
    """Contributions with those of a kind summed by their own rule."""
    if len(values) < 2:
        return values
    kinds: dict[type[Operation], list[Operation]] = {}
    rest: list[SSAValue] = []
    for value in values:
        owner = value.owner
        if isinstance(owner, Operation) and type(owner) in SUMS and len(owner.results) == 1:
            kinds.setdefault(type(owner), []).append(owner)
        else:
            rest.append(value)
    for kind, ops in kinds.items():
        rest += SUMS.rules[kind](emit, ops) if len(ops) > 1 else [ops[0].results[0]]
    return rest
