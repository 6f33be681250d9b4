"""
The tables of derivative rules, keyed by operation class; `rules/` fills them.

Every operation that anamc evaluates stands in one of them, or in `REFUSED` with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from xdsl.ir import Operation, SSAValue

if TYPE_CHECKING:
    from anamc.autodiff.emit import Condition, Emit
    from anamc.autodiff.forward import Forward
    from anamc.autodiff.reverse import Reverse

R = TypeVar("R", bound=Callable[..., Any])

Contributions = Iterable[tuple[SSAValue, Callable[[], SSAValue | None]]]
"""Pairs of a value and what makes the contribution to its cotangent; made only where it is wanted."""


class RuleTable(Generic[R]):
    """Rules by operation class."""

    def __init__(self) -> None:
        self.rules: dict[type[Operation], R] = {}

    def of(self, *classes: type[Operation]) -> Callable[[R], R]:
        """Registers the decorated function as the rule of `classes`."""

        def register(rule: R) -> R:
            for cls in classes:
                self.rules[cls] = rule
            return rule

        return register

    def get(self, op: Operation) -> R | None:
        return self.rules.get(type(op))

    def __contains__(self, cls: type[Operation]) -> bool:
        return cls in self.rules


Partials = Callable[["Emit", Any, int, SSAValue], SSAValue | None]
PARTIALS: RuleTable[Partials] = RuleTable()
"""
Elementwise operations, on scalars and tensors: `rule(emit, op, k, v)` gives ``v dy/dx_k``, or None for 0.

One table serves tangents (summed over the operands) and cotangents, for the partials are diagonal.
"""

Masked = Callable[["Emit", Any, int, SSAValue], "tuple[SSAValue, Literal] | None"]
MASKED: RuleTable[Masked] = RuleTable()
"""
Operations that choose between their operands: `rule(emit, op, k, v)` gives ``v dy/dx_k`` where operand k
is chosen, and the condition under which it is; None for an operand that is only compared.

Reverse mode keeps the two apart as long as it can, so that the side not taken brings in no NaN.
"""

Literal = tuple["Condition", bool]
"""A condition, and whether it must hold or must not."""

PREPARE: RuleTable[Callable[[Any, Emit], Sequence[SSAValue]]] = RuleTable()
"""Operations that are replaced before they are differentiated: `rule(op, emit)` gives the new results."""

VJP: RuleTable[Callable[[Any, Any, Emit], Contributions]] = RuleTable()
"""`rule(op, bars, emit)`: from a cotangent (or None) for each result, the contributions to operands."""

JVP: RuleTable[Callable[[Any, Any, Emit], Sequence[SSAValue | None]]] = RuleTable()
"""`rule(op, dots, emit)`: from a tangent (or None) for each operand, the tangent of each result."""

REGION_VJP: RuleTable[Callable[[Any, Any, Reverse], Contributions]] = RuleTable()
"""As `VJP`, for operations with regions: the rule is given the sweep, whose activity it may ask."""

REGION_JVP: RuleTable[Callable[[Any, Any, Forward], Sequence[SSAValue | None]]] = RuleTable()
"""As `JVP`, for operations with regions; a rule may replace the operation and then gives new results too."""

SUMS: RuleTable[Callable[[Emit, Sequence[Any]], Sequence[SSAValue]]] = RuleTable()
"""
How contributions that operations of one class made are summed better than one by one.

`rule(emit, operations)`, of operations with one result each, gives the values that are left to add.
"""

CONSTANT: dict[type[Operation], str] = {}
"""Operations whose results do not vary with their operands, each with the reason."""

REFUSED: dict[type[Operation], str] = {}
"""Operations without a derivative, each with the reason."""
