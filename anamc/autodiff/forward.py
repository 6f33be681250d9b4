"""Forward mode: tangents carried along a sequence of operations."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import Operation, SSAValue
from xdsl.rewriter import Rewriter

from anamc.autodiff.activity import Activity, used_values
from anamc.autodiff.customs import Customs
from anamc.autodiff.emit import Emit
from anamc.autodiff.missing import no_rule
from anamc.autodiff.tables import JVP, PARTIALS, REGION_JVP


class Forward:
    """Tangents of the active values of a block; one that is absent is zero."""

    def __init__(self, emit: Emit, activity: Activity, customs: Customs | None = None) -> None:
        self.emit = emit
        self.activity = activity
        self.customs = customs
        self.replaced: dict[Operation, Sequence[SSAValue]] = {}
        self.dots: dict[SSAValue, SSAValue] = {}

    def sweep(self, ops: Sequence[Operation]) -> None:
        """Puts the tangent of each operation behind it."""
        for op in ops:
            if not any(r in self.activity for r in op.results) or not any(v in self.dots for v in used_values(op)):
                continue
            self.emit.source = op
            self.emit.behind(op)
            dots = self.rule(op)
            for result, dot in zip(op.results, dots, strict=True):
                if dot is not None:
                    self.dots[result] = dot
                    if dot.name_hint is None and result.name_hint is not None:
                        dot.name_hint = f"{result.name_hint}_dot"
        self.emit.source = None

    def settled(self, values: Sequence[SSAValue]) -> list[SSAValue]:
        """Puts operations that rules made in the place of the ones that they are for; gives what `values` are then."""
        new: dict[SSAValue, SSAValue] = {
            r: v for op, made in self.replaced.items() for r, v in zip(op.results, made, strict=True)
        }
        for op, made in self.replaced.items():
            Rewriter.replace_op(op, [], made)
        self.replaced.clear()
        return [new.get(v, v) for v in values]

    def rule(self, op: Operation) -> Sequence[SSAValue | None]:
        """The tangents of an operation's results; DerivativeError where it has no rule."""
        dots = [self.dots.get(v) for v in op.operands]
        if (partials := PARTIALS.get(op)) is not None:
            terms = (partials(self.emit, op, k, dot) for k, dot in enumerate(dots) if dot is not None)
            return [self.emit.add_all(terms)]
        if (region_rule := REGION_JVP.get(op)) is not None:
            return region_rule(op, dots, self)
        if (rule := JVP.get(op)) is not None:
            return rule(op, dots, self.emit)
        raise no_rule(op, self.activity, "forward")
