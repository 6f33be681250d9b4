"""The rule of a call: that of the user, for a function with `ad.custom`; other calls are inlined first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from xdsl.dialects import func
from xdsl.ir import SSAValue

from anamc.autodiff.customs import Rule
from anamc.autodiff.emit import Emit
from anamc.autodiff.forward import Forward
from anamc.autodiff.missing import no_rule
from anamc.autodiff.reverse import Reverse
from anamc.autodiff.tables import REGION_JVP, REGION_VJP, Contributions
from anamc.dialects.ad import is_differentiable

Dots = Sequence[SSAValue | None]


@REGION_VJP.of(func.CallOp)
def call_vjp(op: func.CallOp, bars: Dots, sweep: Reverse) -> Contributions:
    """``x_bar = vjp(record, results, y_bar)``, for the arguments that the rule has one for."""
    name = op.callee.root_reference.data
    if sweep.customs is None or name not in sweep.customs:
        raise no_rule(op, sweep.activity, "reverse")
    rule = sweep.customs.rule(name, "vjp")

    @cache
    def made() -> Sequence[SSAValue]:
        floats = [(r, bar) for r, bar in zip(op.results, bars, strict=True) if is_differentiable(r.type)]
        return ask(sweep.emit, op, rule, floats, [op.arguments[k] for k in rule.wrt])

    for position, k in enumerate(rule.wrt):
        yield op.arguments[k], lambda position=position: made()[position]


@REGION_JVP.of(func.CallOp)
def call_jvp(op: func.CallOp, dots: Dots, sweep: Forward) -> Dots:
    """``y_dot = jvp(record, results, x_dot)``; none where no argument of the rule has a tangent."""
    name = op.callee.root_reference.data
    if sweep.customs is None or name not in sweep.customs:
        raise no_rule(op, sweep.activity, "forward")
    rule = sweep.customs.rule(name, "jvp")
    given = [(op.arguments[k], dots[k]) for k in rule.wrt]
    if all(dot is None for _, dot in given):
        return [None] * len(op.results)
    made = iter(ask(sweep.emit, op, rule, given, [r for r in op.results if is_differentiable(r.type)]))
    return [next(made) if is_differentiable(r.type) else None for r in op.results]


def ask(
    e: Emit, op: func.CallOp, rule: Rule, directions: Sequence[tuple[SSAValue, SSAValue | None]], of: Sequence[SSAValue]
) -> Sequence[SSAValue]:
    """Calls a rule with a direction beside each value, zeros for one that is absent, for the derivatives of `of`."""
    kept = [*(op.arguments[k] for k in rule.record), *(op.results[k] for k in rule.results)]
    unused = [e.zeros(v) for v in of] if rule.transposed else []
    given = [e.zeros(v) if d is None else d for v, d in directions]
    outputs = rule.function.function_type.outputs.data
    call = func.CallOp(rule.function.sym_name.data, [*kept, *unused, *given], outputs)
    return e.add(call).results[rule.first :]
