"""What a kernel computes and moves for a row: operations, elementary functions, bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import FixedBitwidthType, TensorType
from xdsl.ir import Attribute, Operation

from anamc.analysis.elementwise import FUNCTIONS
from anamc.analysis.types import tensor_type
from anamc.dialects import kernel, nest
from anamc.dialects.access import AccessAttr, block_of, element_of, shape_of

SIMPLE: dict[type[Operation], int] = {
    arith.AddfOp: 1,
    arith.SubfOp: 1,
    arith.MulfOp: 1,
    arith.DivfOp: 1,
    arith.MaximumfOp: 1,
    arith.MinimumfOp: 1,
    arith.MaxnumfOp: 1,
    arith.MinnumfOp: 1,
    math.SqrtOp: 1,
    math.RsqrtOp: 1,
    math.FmaOp: 2,
}
"""Floating-point operations that are instructions of a machine."""


@dataclass(frozen=True)
class Counts:
    """
    Of one row: `flops`, elementary `functions`, bytes `read` and `written` that belong to the row.

    `whole`: bytes of what all rows read, such as weights. Sizes that are known at run time only count as 1;
    `exact` is False where there are some. What is summed by blocks of rows counts its share.
    """

    flops: int
    functions: int
    read: float
    written: float
    whole: int
    exact: bool

    @property
    def moved(self) -> float:
        """Bytes between memory and the kernel a row."""
        return self.read + self.written


def counts(op: kernel.RowsOp) -> Counts:
    """The counts of a kernel on tensors or buffers, named operations decomposed."""
    nests = [inner for inner in op.body.block.ops if isinstance(inner, nest.MapOp)]
    rest = [inner for inner in op.body.block.ops if not isinstance(inner, nest.MapOp)]
    work = [(iterations(n), [*n.body.block.ops], n) for n in nests]
    flops = sum(n * (sum(map(flops_of, ops)) + additions(m)) for n, ops, m in work) + sum(map(flops_of, rest))
    functions = sum(n * sum(isinstance(o, FUNCTIONS) for o in ops) for n, ops, _ in work)
    functions += sum(isinstance(o, FUNCTIONS) for o in rest)
    read = sum(row_bytes(v.type, a) for v, a in zip(op.reads, op.read_accesses, strict=True) if a.indices)
    whole = sum(row_bytes(v.type, a) for v, a in zip(op.reads, op.read_accesses, strict=True) if not a.indices)
    written = 0.0
    for combiner, init, accesses in zip(op.combiners, op.inits, op.write_accesses, strict=True):
        times = 1 if combiner.data == "write" else 2  # what is added to is read as well
        written += sum(times * row_bytes(init.type, a) for a in accesses if a.indices)
    sizes = [s for n in nests for s in n.extents]
    sizes += [s for v in (*op.body.block.args[1:], *op.yielded) for s in shape_or_none(v.type)]
    exact = all(isinstance(s, int) and s >= 0 for s in sizes)
    return Counts(flops, functions, read + table_bytes(op), written, int(whole), exact)


def iterations(op: nest.MapOp) -> int:
    return prod(e if isinstance(e, int) else 1 for e in op.extents)


def flops_of(op: Operation) -> int:
    return SIMPLE.get(type(op), 0)


def additions(op: nest.MapOp) -> int:
    """Combinations an iteration."""
    return sum(c.data != "set" for c in op.combiners)


def shape_or_none(type: Attribute) -> Iterable[int]:
    return type.get_shape() if isinstance(type, TensorType) else ()


def size_of(element: Attribute) -> int:
    """Bytes of a number; 8 for an index."""
    return max(1, element.bitwidth // 8) if isinstance(element, FixedBitwidthType) else 8


def row_bytes(type: Attribute, access: AccessAttr) -> float:
    """Bytes that an access of a whole tensor's `type` reaches; its share where rows of a block share them."""
    shape = shape_of(type)[len(access.indices) :]
    found = prod(max(1, s) for s in shape) * size_of(element_of(type))
    return found / (block_of(access) or 1) if access.indices else found


def table_bytes(op: kernel.RowsOp) -> int:
    """Elements of index tables that a row reads, each once."""
    accesses = [*op.read_accesses, *(a for result in op.write_accesses for a in result)]
    places = {(read.position, read.map) for access in accesses for read in access.tables}
    return sum(size_of(element_of(op.tables[k].type)) for k, _ in places)


def kept(op: kernel.RowsOp) -> list[tuple[str, float]]:
    """Rows that the kernel writes for other kernels to read: name and bytes a row, on tensors."""
    found: list[tuple[str, float]] = []
    for result, accesses in zip(op.results, op.write_accesses, strict=True):
        access = accesses.data[0]
        read = any(isinstance(use.operation, kernel.RowsOp) for use in result.uses)
        if read and access.indices and block_of(access) is None:
            row = ", ".join("?" if s < 0 else str(s) for s in tensor_type(result).get_shape()[1:])
            found.append((f"{result.name_hint or 'value'}[{row}]", row_bytes(result.type, access)))
    return found
