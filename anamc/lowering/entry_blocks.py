"""One block of a function on tensors, put on buffers: each tensor that lives owns a buffer of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, MemRefType, StridedLayoutAttr, TensorType
from xdsl.dialects.memref import SubviewOp
from xdsl.ir import Attribute, Block, BlockArgument, Operation, SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.rows import Dim, Dims
from anamc.analysis.types import memref_type, tensor_type
from anamc.dialects import kernel, mlp
from anamc.dialects.nest_check import CheckOp
from anamc.lowering.carried import at_place
from anamc.lowering.emitter import Index
from anamc.lowering.entries import Slice, leading
from anamc.lowering.entry_kernels import EntryKernels, view_of_vector
from anamc.lowering.entry_sizes import clone_scalar
from anamc.lowering.in_place import may_overwrite
from anamc.lowering.lifetimes import Lifetimes
from anamc.lowering.workspace import Buffer, Workspace, vector_of


class BlockBuilder:
    """
    Appends what the operations of `old` do, on buffers, to `block`.

    `owned` has the tensors that live in this block, with their buffers; a buffer is free again behind
    the last reader of its tensor.
    """

    def __init__(self, old: Block, block: Block, kernels: EntryKernels, workspace: Workspace) -> None:
        self.old = old
        self.block = block
        self.workspace = workspace
        self.kernels = EntryKernels(kernels.name, block, kernels.dims, kernels.buffers, kernels.values)
        self.lives = Lifetimes(old)
        self.end = len(self.lives.ops) - 1
        self.at = -1
        self.owned: dict[SSAValue, Buffer] = {}
        self.last: dict[SSAValue, int] = {}
        self.wanted: dict[SSAValue, Buffer] = {}

    @property
    def dims(self) -> Dims:
        return self.kernels.dims

    @property
    def buffers(self) -> dict[SSAValue, SSAValue]:
        """Where each tensor lies."""
        return self.kernels.buffers

    @property
    def values(self) -> dict[SSAValue, SSAValue]:
        """The scalars of the function on tensors in the new one."""
        return self.kernels.values

    def run(self) -> None:
        """Everything but the terminator."""
        for at, op in enumerate(self.lives.ops[: self.end]):
            self.at = at
            self.operation(op)
            self.release()

    def operation(self, op: Operation) -> None:
        match op:
            case kernel.RowsOp():
                self.rows(op)
            case mlp.UnpackOp():
                self.unpack(op)
            case tensor.ExtractSliceOp():
                self.buffers[op.result] = self.entry(self.kernels.source(op.source), op)
            case tensor.InsertSliceOp():
                self.insert(op)
            case CheckOp() | tensor.EmptyOp() | tensor.SplatOp():
                pass
            case arith.ConstantOp() if is_tensor(op.result) or is_fill_value(op):
                pass
            case _ if any(is_tensor(v) for v in op.operands):
                raise PassFailedException(
                    f"bufferize-kernels: '{op.name}'{at_place(op)} needs a tensor where only sizes are known: "
                    "conditions and integers are no data; choose between numbers with 'arith.select'"
                )
            case _ if any(is_tensor(v) for v in op.results) or op.regions:
                raise PassFailedException(f"bufferize-kernels: '{op.name}'{at_place(op)} has no form on buffers")
            case _ if op.results and op.results[0] not in self.values:
                clone_scalar(self.block, op, self.values)
            case _:
                pass

    # Ownership -------------------------------------------------------------------------------

    def own(self, value: SSAValue, buffer: Buffer) -> None:
        """A tensor of this block lives in a buffer from now on."""
        self.owned[value] = buffer
        self.last[value] = self.lives.last(value, self.at)
        self.buffers[value] = self.workspace.place(buffer, value.name_hint)

    def disown(self, value: SSAValue) -> Buffer:
        """The buffer of a tensor that hands it on."""
        del self.last[value]
        return self.owned.pop(value)

    def release(self) -> None:
        """The buffers of what nothing reads any more; one that was wanted belongs to who wanted it."""
        for value in [v for v, last in self.last.items() if last <= self.at]:
            if (buffer := self.disown(value)) is not self.wanted.get(value):
                self.workspace.release(buffer)

    def dies(self, value: SSAValue, op: Operation) -> bool:
        """True where `op` is the last reader, reads it once, and none of its parts."""
        if value not in self.owned or self.last[value] != self.at:
            return False
        return self.lives.reads_at(value, self.at) == [op]

    def want(self, values: Mapping[SSAValue, Buffer]) -> None:
        """Tensors that are to be computed where they are needed, and so what they are made of in place."""
        for value, buffer in values.items():
            if isinstance(value.owner, kernel.RowsOp | tensor.InsertSliceOp) and value.owner.parent_block() is self.old:
                self.wanted.setdefault(value, buffer)
        for at, op in reversed(list(enumerate(self.lives.ops))):
            for init, result in updates(op):
                maker = init.owner
                if result not in self.wanted or not isinstance(maker, kernel.RowsOp | tensor.InsertSliceOp):
                    continue
                is_last = self.lives.last(init, 0) == at and self.lives.reads_at(init, at) == [op]
                if maker.parent_block() is self.old and is_last:
                    self.wanted.setdefault(init, self.wanted[result])

    # Kernels and slices ----------------------------------------------------------------------

    def rows(self, op: kernel.RowsOp) -> None:
        for k, result in enumerate(op.results):
            self.own(result, self.target(op, op.inits[k], result, k))
        self.kernels.kernel(op)

    def target(self, op: Operation, init: SSAValue, result: SSAValue, position: int) -> Buffer:
        """Where a result goes: in place of what it starts from or of a row that it takes, else in a free buffer."""
        if self.dies(init, op):
            return self.disown(init)
        if result in self.wanted:
            return self.wanted[result]
        if isinstance(op, kernel.RowsOp) and isinstance(init.owner, tensor.EmptyOp):
            for k, value in enumerate(op.reads):
                same = isinstance(value, BlockArgument) and self.dies(value, op) and value.type == result.type
                if same and self.owned[value].key[0] == self.dims.of(result) and may_overwrite(op, k, position):
                    return self.disown(value)
        return self.allocate(result, op)

    def allocate(self, value: SSAValue, op: Operation) -> Buffer:
        """Room for a tensor; PassFailedException where its size is not the same whenever `op` runs."""
        dims = self.dims.of(value)
        if any(d not in self.workspace.sizes for d in dims if isinstance(d, SSAValue)):
            raise PassFailedException(
                f"bufferize-kernels: '{op.name}'{at_place(op)}: the size of a tensor changes in a loop, so that it has "
                "no place in the workspace; the states of a loop inside need none with #ad.policy<recompute>"
            )
        return self.workspace.allocate(dims, tensor_type(value).element_type)

    def unpack(self, op: mlp.UnpackOp) -> None:
        vector, first = vector_of(op.params)
        buffer = self.kernels.source(vector)
        for part, offset in zip(op.parts, op.offsets, strict=True):
            type = tensor_type(part)
            self.buffers[part] = view_of_vector(self.block, buffer, first + offset, type, part.name_hint)

    def insert(self, op: tensor.InsertSliceOp) -> None:
        buffer = self.target(op, op.dest, op.result, 0)
        self.own(op.result, buffer)
        place = self.workspace.place(buffer)
        self.kernels.start(op, op.dest, place)
        if not isinstance(op.source.owner, tensor.EmptyOp):
            source, target = self.kernels.source(op.source), self.entry(place, op)
            self.kernels.copy(op, source, target, self.dims.of(op.source))

    def entry(self, whole: SSAValue, op: Slice) -> SSAValue:
        """The memref of one entry of another one."""
        part = op.result if isinstance(op, tensor.ExtractSliceOp) else op.source
        found = entry_view(whole, leading(op), self.dims.of(part), self.values)
        found.location = op.location
        found.result.name_hint = part.name_hint
        self.block.add_op(found)
        return found.result

    def copy_to(self, value: SSAValue, target: SSAValue, op: Operation) -> None:
        """Copies a tensor; it belongs to the place of `op`."""
        self.kernels.copy(op, self.kernels.source(value), target, self.dims.of(value))


def is_fill_value(op: Operation) -> bool:
    """True for a scalar constant that only fills tensors: the kernels that fill hold their own."""
    if not isinstance(op, arith.ConstantOp):
        return False
    users = [u.operation for u in op.result.uses]
    return all(isinstance(u, tensor.SplatOp) and u.parent_block() is op.parent_block() for u in users)


def is_tensor(value: SSAValue) -> bool:
    return isinstance(value.type, TensorType)


def updates(op: Operation) -> Sequence[tuple[SSAValue, SSAValue]]:
    """What the results of an operation start from, with these results."""
    match op:
        case kernel.RowsOp():
            return list(zip(op.inits, op.results_, strict=True))
        case tensor.InsertSliceOp():
            return [(op.dest, op.result)]
        case _:
            return []


def entry_view(
    whole: SSAValue, place: Sequence[Index], dims: Sequence[Dim], values: Mapping[SSAValue, SSAValue]
) -> SubviewOp:
    """`%x[k, 0, ...]`: the memory of one entry, row-major."""
    type = memref_type(whole)
    shape = [d if isinstance(d, int) else DYNAMIC_INDEX for d in dims]
    strides: list[int | None] = []
    for size in reversed(shape):
        if not strides:
            strides.append(1)
        last = strides[0]
        strides.insert(0, None if last is None or size == DYNAMIC_INDEX else last * size)
    layout = StridedLayoutAttr(strides[1:] if strides else [], None)
    offsets = [*(p if isinstance(p, int) else values[p] for p in place), *(0 for _ in dims)]
    sizes = [*(1 for _ in place), *(d if isinstance(d, int) else values[d] for d in dims)]
    entry: MemRefType[Attribute] = MemRefType(type.element_type, shape, layout)
    return SubviewOp.get(whole, offsets, sizes, [1] * len(sizes), entry)
