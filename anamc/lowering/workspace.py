"""Where the tensors of a function live: outputs, and slots of the workspace that are used again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xdsl.dialects import memref
from xdsl.dialects.builtin import DYNAMIC_INDEX, MemRefType
from xdsl.ir import Attribute, Block, SSAValue

from anamc.analysis.rows import Dim
from anamc.dialects import mlp
from anamc.numerics.constants import index_constant

ALIGNMENT = 64
"""Bytes to which every array in the workspace is aligned."""
Key = tuple[tuple[Dim, ...], Attribute]


@dataclass
class Slot:
    """A place in the workspace: its size as factors; `offset` (bytes) stands for a value that is known at the end."""

    dims: tuple[Dim, ...]
    element: Attribute
    offset: SSAValue = field(default_factory=lambda: index_constant(0).result)


@dataclass(eq=False)
class Buffer:
    """
    A place for a tensor: an output, or bytes of the workspace from `offset` on.

    `home` is the block where `offset` is known; there the view of the workspace is made when it is asked for.
    """

    dims: tuple[Dim, ...]
    element: Attribute
    home: Block
    offset: SSAValue | None = None
    view: SSAValue | None = None
    number: int = -1
    """The position of its slot; -1 for an output, and for one of several slots."""

    @property
    def key(self) -> Key:
        """What it has room for."""
        return self.dims, self.element


class Workspace:
    """The slots of a function, and the buffers that are free."""

    def __init__(self, argument: SSAValue, top: Block, values: Mapping[SSAValue, SSAValue]) -> None:
        """`top` is the block of the kernels, `values` what sizes are in there; all that a slot may have."""
        self.argument = argument
        self.top = top
        self.values = values
        self.sizes = frozenset(values)
        self.slots: list[Slot] = []
        self.free: list[Buffer] = []

    def fixed(self, dims: tuple[Dim, ...], element: Attribute) -> Buffer:
        """A slot of its own."""
        slot = Slot(dims, element)
        self.slots.append(slot)
        return Buffer(dims, element, self.top, slot.offset, number=len(self.slots) - 1)

    def allocate(self, dims: tuple[Dim, ...], element: Attribute) -> Buffer:
        """The first free buffer of that size, else a new slot."""
        fitting = [b for b in self.free if b.key == (dims, element)]
        if not fitting:
            return self.fixed(dims, element)
        found = min(fitting, key=lambda b: (b.number < 0, b.number))
        self.free.remove(found)
        return found

    def release(self, buffer: Buffer) -> None:
        """What was there is not read any more; an output stays what it is."""
        if buffer.offset is not None:
            self.free.append(buffer)

    def place(self, buffer: Buffer, name: str | None = None) -> SSAValue:
        """The memref of a buffer."""
        if buffer.view is None and buffer.offset is not None:
            view = self.view_of(buffer, buffer.offset)
            buffer.home.add_op(view)
            buffer.view = view.results[0]
        if buffer.view is None:
            raise AssertionError("an output without its argument")
        buffer.view.name_hint = buffer.view.name_hint or name
        return buffer.view

    def view_of(self, buffer: Buffer, offset: SSAValue) -> memref.ViewOp:
        """The bytes from an offset on, as a memref."""
        shape = [d if isinstance(d, int) else DYNAMIC_INDEX for d in buffer.dims]
        sizes = [self.values[d] for d in buffer.dims if isinstance(d, SSAValue)]
        return memref.ViewOp(self.argument, offset, sizes, MemRefType(buffer.element, shape))


def vector_of(value: SSAValue) -> tuple[SSAValue, int]:
    """The vector in whose memory a tensor lies, and its first element there."""
    first = 0
    while isinstance(value.owner, mlp.UnpackOp):
        op = value.owner
        first += op.offsets[op.results.index(value)]  # pyright: ignore[reportArgumentType]
        value = op.params
    return value, first
