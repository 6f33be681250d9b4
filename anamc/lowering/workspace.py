"""Where the tensors of a function live: outputs, and slots of the workspace that are used again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from xdsl.dialects import func
from xdsl.dialects.builtin import i64
from xdsl.ir import Attribute, Operation, SSAValue

from anamc.analysis.rows import Dim, Dims
from anamc.analysis.types import tensor_type
from anamc.dialects import kernel, mlp
from anamc.dialects.nest_check import checks_of

ALIGNMENT = 64
"""Bytes to which every array in the workspace is aligned."""


@dataclass
class Slot:
    """A place in the workspace: its size in bytes as factors, and the values that live there, one after the other."""

    dims: tuple[Dim, ...]
    element: Attribute
    free_after: int


@dataclass
class Plan:
    """Where each tensor of a function lives: an output argument, or a slot of the workspace."""

    outputs: dict[SSAValue, int] = field(default_factory=dict[SSAValue, int])
    slots: list[Slot] = field(default_factory=list[Slot])
    slot_of: dict[SSAValue, int] = field(default_factory=dict[SSAValue, int])
    same_as: dict[SSAValue, SSAValue] = field(default_factory=dict[SSAValue, SSAValue])

    def home(self, value: SSAValue) -> SSAValue:
        """The value whose buffer this value shares."""
        while value in self.same_as:
            value = self.same_as[value]
        return value


def plan(function: func.FuncOp, dims: Dims) -> Plan:
    """
    Homes for all kernel results, in one walk.

    A returned result lives in its output. A result that only starts another kernel's result
    shares that one's home. The rest get slots, used again when their last reader has run.
    """
    found = Plan()
    ops = list(function.body.block.ops)
    place = {op: k for k, op in enumerate(ops)}
    last = ops[-1]
    for position, value in enumerate(last.operands):
        if isinstance(value.owner, kernel.RowsOp) and value not in found.outputs:
            found.outputs[value] = position
    for value in (v for op in checks_of(ops) for v in (op.low, op.low_at, op.high, op.high_at)):
        found.slot_of[value] = len(found.slots)
        found.slots.append(Slot((), i64, len(ops)))
    kernels = [op for op in ops if isinstance(op, kernel.RowsOp)]
    for op in kernels:
        for init, result in zip(op.inits, op.results, strict=True):
            if isinstance(init.owner, kernel.RowsOp) and init.uses.get_length() == 1 and init not in found.outputs:
                found.same_as[init] = result
    dead_at: dict[SSAValue, int] = {}
    for op in kernels:
        for value in op.results:
            uses = [place[u] for u in users(value) if u in place]
            home = found.home(value)
            dead_at[home] = max(dead_at.get(home, 0), *uses, place[op])
    for op in kernels:
        for value in op.results:
            home = found.home(value)
            if home in found.outputs or home in found.slot_of:
                continue
            key, element = dims.of(value), tensor_type(value).element_type
            found.slot_of[home] = _slot(found.slots, key, element, place[op], dead_at[home])
    return found


def users(value: SSAValue) -> Iterator[Operation]:
    """The operations that read a tensor, or a part of it."""
    for use in value.uses:
        yield use.operation
        if isinstance(use.operation, mlp.UnpackOp):
            for part in use.operation.parts:
                yield from users(part)


def vector_of(value: SSAValue) -> tuple[SSAValue, int]:
    """The vector in whose memory a tensor lies, and its first element there."""
    first = 0
    while isinstance(value.owner, mlp.UnpackOp):
        op = value.owner
        first += op.offsets[op.results.index(value)]  # pyright: ignore[reportArgumentType]
        value = op.params
    return value, first


def _slot(slots: list[Slot], dims: tuple[Dim, ...], element: Attribute, now: int, dead_at: int) -> int:
    for k, slot in enumerate(slots):
        if slot.dims == dims and slot.element == element and slot.free_after < now:
            slot.free_after = dead_at
            return k
    slots.append(Slot(dims, element, dead_at))
    return len(slots) - 1
