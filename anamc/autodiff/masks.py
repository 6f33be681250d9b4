"""
Cotangents that flow through choices: a value, and the conditions under which it is not 0.

``v`` under conditions ``c, ...`` means ``c and ... ? v : 0``. Kept apart, ``v`` may be multiplied by
partials that are infinite or NaN on the side not taken: what is there is never looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import SSAValue

from anamc.autodiff.emit import Emit
from anamc.autodiff.tables import Literal

Masked = tuple[SSAValue, tuple[Literal, ...]]
"""A value, and what must hold for it not to be 0."""


def where(emit: Emit, value: SSAValue, mask: Sequence[Literal]) -> SSAValue:
    """`value` where all of `mask` holds, else 0."""
    for condition, wanted in reversed(mask):
        zero = emit.zeros(value)
        value = emit.select(condition, value, zero) if wanted else emit.select(condition, zero, value)
    return value


def masked_sum(emit: Emit, terms: Sequence[Masked]) -> Masked | None:
    """The sum of masked values, under the conditions that they have in common."""
    groups: dict[tuple[Literal, ...], SSAValue] = {}
    for value, mask in terms:
        groups[mask] = emit.plus(groups[mask], value) if mask in groups else value
    while (pair := _opposite(groups)) is not None:
        yes, no = pair
        (condition, wanted), rest = yes[-1], yes[:-1]
        a, b = groups.pop(yes), groups.pop(no)
        chosen = emit.select(condition, a, b) if wanted else emit.select(condition, b, a)
        groups[rest] = emit.plus(groups[rest], chosen) if rest in groups else chosen
    if not groups:
        return None
    common = [c for c in next(iter(groups)) if all(c in mask for mask in groups)]
    values = [where(emit, v, [c for c in mask if c not in common]) for mask, v in groups.items()]
    total = emit.add_all(values)
    return None if total is None else (total, tuple(common))


def _opposite(groups: dict[tuple[Literal, ...], SSAValue]) -> tuple[tuple[Literal, ...], tuple[Literal, ...]] | None:
    """Two masks that differ in the last condition alone, which one wants and the other does not."""
    for mask in groups:
        if mask and (other := (*mask[:-1], (mask[-1][0], not mask[-1][1]))) in groups:
            return mask, other
    return None
