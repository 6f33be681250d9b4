"""The rules of rows and widths: which fields fit together, and what comes out. Said once, for verifier and pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.ir import SSAValue
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.str_enum import StrEnum

from anamc.dialects.graph.attributes import FieldType, Rows


class Rule(StrEnum):
    """What a field can break."""

    COMBINE_ROWS = "combine-rows"
    COMBINE_WIDTHS = "combine-widths"
    NODE_SCATTER = "node-scatter"
    AGGREGATE_EDGES = "aggregate-edges"
    LOSS_ROWS = "loss-rows"
    TARGET_ROWS = "target-rows"
    TARGET_WIDTH = "target-width"


class Misfit(VerifyException):
    """Fields that do not fit together: the rule, and the operand that breaks it."""

    def __init__(self, rule: Rule, operand: int, text: str) -> None:
        super().__init__(text)
        self.rule = rule
        self.operand = operand


def field(value: SSAValue) -> FieldType:
    """The type of a value of the block graph."""
    if not isinstance(value.type, FieldType):
        raise VerifyException(f"expected a graph field, got {value.type}")
    return value.type


def fields(values: Sequence[SSAValue]) -> tuple[FieldType, ...]:
    return tuple(field(value) for value in values)


def encoder_field(inputs: Sequence[FieldType], width: int, scatter: str) -> FieldType:
    """Nodes stay nodes; edges and mixed inputs are edges, or nodes with a scatter sign."""
    if all(f.on == Rows.NODES for f in inputs):
        if scatter != "none":
            raise Misfit(Rule.NODE_SCATTER, 0, f"'graph.encoder' on nodes has nothing to scatter, got '{scatter}'")
        return FieldType(Rows.NODES, width)
    return FieldType(Rows.EDGES if scatter == "none" else Rows.NODES, width)


def encoder_row(inputs: Sequence[FieldType]) -> int:
    """Width of an encoder's input row: `[edges, left nodes, right nodes]` where inputs are mixed, else their sum."""
    mixed = len({f.on for f in inputs}) > 1
    return sum(f.size * (2 if mixed and f.on == Rows.NODES else 1) for f in inputs)


def aggregate_field(source: FieldType) -> FieldType:
    if source.on != Rows.EDGES:
        raise Misfit(Rule.AGGREGATE_EDGES, 0, f"'graph.aggregate' takes an edge field, got one on {source.on}")
    return FieldType(Rows.NODES, source.size)


def combine_field(inputs: Sequence[FieldType], function: str) -> FieldType:
    first = inputs[0]
    for i, other in enumerate(inputs):
        if other.on != first.on:
            text = f"'graph.combine' takes fields on the same rows, got {first.on} and {other.on}"
            raise Misfit(Rule.COMBINE_ROWS, i, text)
    if function == "concat":
        return FieldType(first.on, sum(f.size for f in inputs))
    for i, other in enumerate(inputs):
        if other.size != first.size:
            text = f"'graph.combine' {function} needs equal widths, got {first.size} and {other.size}"
            raise Misfit(Rule.COMBINE_WIDTHS, i, text)
    return first


def loss_field(of: Sequence[FieldType], target: FieldType | None) -> FieldType:
    """What a loss compares: the concatenation of its inputs."""
    first = of[0]
    for i, other in enumerate(of):
        if other.on != first.on:
            text = f"'graph.loss' takes fields on the same rows, got {first.on} and {other.on}"
            raise Misfit(Rule.LOSS_ROWS, i, text)
    compared = FieldType(first.on, sum(f.size for f in of))
    if target is not None and target.on != compared.on:
        text = f"'graph.loss' target must be on {compared.on}, got {target.on}"
        raise Misfit(Rule.TARGET_ROWS, len(of), text)
    if target is not None and target.size != compared.size:
        text = f"'graph.loss' target must have width {compared.size}, got {target.size}"
        raise Misfit(Rule.TARGET_WIDTH, len(of), text)
    return compared


def verify_result(op: str, inputs: Sequence[SSAValue], result: SSAValue, infer: Callable[[], FieldType]) -> None:
    """A resolved result must be what the resolved inputs give; unresolved inputs give an unresolved result."""
    found = field(result)
    if not all(f.resolved for f in fields(inputs)):
        if found.resolved:
            raise VerifyException(f"'{op}' has the result type {found}, but inputs that are not resolved")
        return
    if found not in (expected := infer(), FieldType()):
        raise VerifyException(f"'{op}' gives {expected}, its result type is {found}")
