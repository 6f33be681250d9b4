"""Reverse mode: cotangents swept backwards over a sequence of operations."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import Operation, SSAValue

from anamc.autodiff.activity import Activity
from anamc.autodiff.emit import Emit
from anamc.autodiff.missing import no_rule
from anamc.autodiff.tables import PARTIALS, REGION_VJP, SUMS, VJP, Contributions, Partials


class Reverse:
    """
    Cotangents of the active values of a block.

    A cotangent that is absent is zero: no rule is asked for it and nothing is added for it.
    """

    def __init__(self, emit: Emit, activity: Activity) -> None:
        self.emit = emit
        self.activity = activity
        self.contributions: dict[SSAValue, list[SSAValue]] = {}

    def give(self, value: SSAValue, bar: SSAValue) -> None:
        """Adds to the cotangent of a value."""
        self.contributions.setdefault(value, []).append(bar)

    def take(self, value: SSAValue) -> SSAValue | None:
        """The cotangent of a value: the sum of all that was given; None for zero."""
        given = self.contributions.pop(value, [])
        return self.emit.add_all(merged(self.emit, given))

    def sweep(self, ops: Sequence[Operation]) -> None:
        """From the cotangents of their results to those of what the operations read, last operation first."""
        for op in reversed(ops):
            if not any(r in self.contributions for r in op.results):
                continue
            self.emit.source = op
            bars = [self.take(r) for r in op.results]
            for value, make in self.rule(op, bars):
                if value in self.activity and (bar := make()) is not None:
                    self.give(value, bar)
        self.emit.source = None

    def rule(self, op: Operation, bars: Sequence[SSAValue | None]) -> Contributions:
        """What an operation contributes; DerivativeError where it has no rule."""
        if (partials := PARTIALS.get(op)) is not None:
            return self.elementwise(op, bars[0], partials)
        if (region_rule := REGION_VJP.get(op)) is not None:
            return region_rule(op, bars, self)
        if (rule := VJP.get(op)) is not None:
            return rule(op, bars, self.emit)
        if not any(v in self.activity for v in op.operands) and not op.regions:
            return ()
        raise no_rule(op, self.activity, "reverse")

    def elementwise(self, op: Operation, bar: SSAValue | None, rule: Partials) -> Contributions:
        """``x_k_bar += y_bar dy/dx_k``"""
        if bar is None:
            return
        for k, operand in enumerate(op.operands):
            yield operand, lambda k=k: rule(self.emit, op, k, bar)


def merged(emit: Emit, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
    """Contributions with those of a kind summed by their own rule."""
    if len(values) < 2:
        return values
    kinds: dict[type[Operation], list[Operation]] = {}
    rest: list[SSAValue] = []
    for value in values:
        owner = value.owner
        if isinstance(owner, Operation) and type(owner) in SUMS:
            kinds.setdefault(type(owner), []).append(owner)
        else:
            rest.append(value)
    for kind, ops in kinds.items():
        rest += SUMS.rules[kind](emit, ops) if len(ops) > 1 else [ops[0].results[0]]
    return rest
