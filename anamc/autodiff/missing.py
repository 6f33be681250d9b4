"""What users are told where a derivative cannot be formed."""

from __future__ import annotations

from xdsl.ir import BlockArgument, Operation, SSAValue

from anamc.autodiff.activity import Activity
from anamc.autodiff.tables import REFUSED
from anamc.errors import DerivativeError, Place, shown


def no_rule(op: Operation, activity: Activity, mode: str) -> DerivativeError:
    """The error for an operation on an active path that has no rule: which one, where, and what made it active."""
    reason = REFUSED.get(type(op))
    return DerivativeError(
        "A1102" if reason else "A1101",
        f"'{op.name}' cannot be differentiated" if reason else f"no {mode} rule for '{op.name}'",
        place=Place.of(op.location) if op.location is not None else "",
        why="\n".join(filter(None, [reason, path_text(op, activity)])),
        help="keep it off the path with 'ad.stop_gradient', or give the function that holds it a rule with 'ad.custom'",
    )


def path_text(op: Operation, activity: Activity) -> str:
    """How the operation came to depend on an input."""
    value = next((v for v in op.operands if activity.varies(v)), None)
    if value is None:
        return ""
    steps = [label(v) for v in activity.path(value)]
    return f"it depends on '{steps[0]}'" + (f" through {', '.join(steps[1:])}" if steps[1:] else "")


def label(value: SSAValue) -> str:
    """What an error calls a value."""
    name = shown(value.name_hint) if value.name_hint else "an unnamed value"
    if isinstance(value, BlockArgument):
        return name
    return f"{name} ('{value.owner.name}')" if isinstance(value.owner, Operation) else name
