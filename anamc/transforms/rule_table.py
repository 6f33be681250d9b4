"""Lowerings as tables: one short rule for each operation class, applied in one linear walk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.utils.exceptions import PassFailedException


class Emitter:
    """Inserts new operations in front of the one being replaced, with its location."""

    def __init__(self, op: Operation) -> None:
        block = op.parent_block()
        if block is None:
            raise PassFailedException(f"'{op.name}' stands in no block")
        self.op, self.block, self.location = op, block, op.location

    def __call__(self, op: Operation) -> SSAValue:
        """Insert `op` and return its first result."""
        return self.add(op).results[0]

    def add(self, op: Operation) -> Operation:
        """Insert `op`, which may have no result."""
        op.location = self.location
        self.block.insert_op_before(op, self.op)
        return op

    def replace(self, value: SSAValue | None) -> None:
        """`value` for the result of the operation, which is gone then."""
        if value is not None:
            self.op.results[0].replace_all_uses_with(value)
        self.block.erase_op(self.op)


Rule = Callable[[Any, Emitter], SSAValue | None]
"""Takes an operation and an emitter; returns what replaces the result, `None` where there is none."""

F = TypeVar("F", bound=Rule)


class RuleTable:
    """
    The rules of a pass, keyed by operation class.

    An operation of one of `dialects` without a rule is an error that names it; operations of other
    dialects are left alone.
    """

    def __init__(self, pass_name: str, *dialects: str) -> None:
        self.pass_name = pass_name
        self.prefixes = tuple(f"{d}." for d in dialects)
        self.rules: dict[type[Operation], Rule] = {}

    def of(self, *classes: type[Operation]) -> Callable[[F], F]:
        """Register the decorated function as the rule of `classes`."""

        def register(rule: F) -> F:
            for cls in classes:
                self.rules[cls] = rule
            return rule

        return register

    def apply(self, module: ModuleOp) -> None:
        """Replace every operation that has a rule. Operations made by rules are not visited."""
        for op in tuple(module.walk()):
            if (rule := self.rules.get(type(op))) is not None:
                emit = Emitter(op)
                value = rule(op, emit)
                emit.replace(value)
            elif op.name.startswith(self.prefixes):
                raise PassFailedException(f"{self.pass_name}: cannot convert '{op.name}'")
