"""Kernels on buffers, and what their results start from: fills and copies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xdsl.dialects import arith, memref, tensor
from xdsl.dialects.builtin import IndexType, MemRefType, StridedLayoutAttr, TensorType, UnitAttr
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.rows import Dim, Dims
from anamc.dialects import kernel
from anamc.dialects.access import AccessAttr
from anamc.lowering.nest_rows import ROW, WHOLE


@dataclass
class EntryKernels:
    """
    Appends kernels on buffers to a block.

    `buffers` and `values` say where tensors lie and what sizes are, in the new function.
    """

    name: str
    block: Block
    dims: Dims
    buffers: dict[SSAValue, SSAValue]
    values: dict[SSAValue, SSAValue]

    def source(self, value: SSAValue) -> SSAValue:
        """Where a tensor lies."""
        if value not in self.buffers:
            raise PassFailedException(f"bufferize-kernels: @{self.name} uses a tensor that no kernel computed")
        return self.buffers[value]

    def kernel(self, op: kernel.RowsOp) -> None:
        """One kernel on buffers, after what its results start from."""
        buffers, values = self.buffers, self.values
        for init, result in zip(op.inits, op.results, strict=True):
            self.start(op, init, buffers[result])
        writes = [
            (c.data, buffers[r], list(a.data))
            for c, r, a in zip(op.combiners, op.results, op.write_accesses, strict=True)
        ]
        reads = [(self.source(v), a) for v, a in zip(op.reads, op.read_accesses, strict=True)]
        extent = op.extent
        body = op.body.clone()
        for inner in body.walk():
            inner.operands = [values.get(v, v) for v in inner.operands]
        new = kernel.RowsOp(
            extent if isinstance(extent, int) else values[extent],
            reads,
            writes,
            body,
            [self.source(t) for t in op.tables],
            [values[s] for s in op.rows],
            dict(op.attributes),
            None if op.planned is None else (self.source(op.planned[0]), op.planned[1]),
        )
        new.location = op.location
        self.block.add_op(new)

    def start(self, op: Operation, init: SSAValue, target: SSAValue) -> None:
        """Fills or copies what a result starts from, unless it is undefined or already in place."""
        owner = init.owner
        if isinstance(owner, tensor.EmptyOp) or self.buffers.get(init) is target:
            return
        dims = self.dims.of(init)
        if isinstance(owner, tensor.SplatOp) and isinstance(owner.input.owner, arith.ConstantOp):
            constant = owner.input.owner
            self.fill(op, target, dims, lambda: constant.clone())
        elif isinstance(owner, arith.ConstantOp):
            self.fill(op, target, dims, None, owner)
        else:
            self.copy(op, self.source(init), target, dims)

    def fill(
        self,
        op: Operation,
        target: SSAValue,
        dims: tuple[Dim, ...],
        constant: Callable[[], arith.ConstantOp] | None,
        dense: arith.ConstantOp | None = None,
    ) -> None:
        """A kernel that writes a constant into every row; marked, so that it joins the next kernel's function."""
        body = Block(arg_types=[IndexType()])
        body.args[0].name_hint = "r"
        access, rows = row_space(dims, self.values)
        type = kernel.row_type(target.type, access)
        if constant is not None:
            value = constant()
            splat = tensor.SplatOp(value.result, [], type)
            body.add_ops([value, splat, kernel.YieldOp(splat.result)])
        elif dense is not None and not dims:
            value = dense.clone()
            value.attributes.clear()
            body.add_ops([value, kernel.YieldOp(value.result)])
        else:
            raise PassFailedException("bufferize-kernels: a kernel starts from a dense constant of rank above 0")
        filled = kernel.RowsOp(
            rows, [], [("write", target, [access])], Region(body), (), (), {"anamc.fill": UnitAttr()}
        )
        filled.location = op.location
        self.block.add_op(filled)

    def copy(self, op: Operation, source: SSAValue, target: SSAValue, dims: tuple[Dim, ...]) -> None:
        """A kernel that copies rows; it belongs to the place of `op`."""
        access, rows = row_space(dims, self.values)
        body = Block(arg_types=[IndexType(), kernel.row_type(source.type, access)])
        body.args[0].name_hint = "r"
        body.add_op(kernel.YieldOp(body.args[1]))
        copied = kernel.RowsOp(rows, [(source, access)], [("write", target, [access])], Region(body))
        copied.location = op.location
        self.block.add_op(copied)


def row_space(dims: tuple[Dim, ...], values: dict[SSAValue, SSAValue]) -> tuple[AccessAttr, int | SSAValue]:
    """How to run over a tensor row by row; a scalar is one row, whole."""
    if not dims:
        return WHOLE, 1
    return ROW, dims[0] if isinstance(dims[0], int) else values[dims[0]]


def view_of_vector(
    block: Block, vector: SSAValue, offset: int, type: TensorType[Attribute], name: str | None
) -> SSAValue:
    """A tensor that lies in a flat vector, row-major from `offset` on."""
    shape = type.get_shape()
    strides = [1]
    for size in reversed(shape[1:]):
        strides.insert(0, strides[0] * size)
    strides = strides[: len(shape)]
    layout = StridedLayoutAttr(strides, offset)
    cast = memref.ReinterpretCastOp.from_dynamic(
        vector, [offset], list(shape), strides, MemRefType(type.element_type, shape, layout)
    )
    block.add_op(cast)
    cast.result.name_hint = name
    return cast.result
