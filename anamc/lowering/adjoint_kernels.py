"""Kernels of what derivatives of layers are made of: sums over rows, and what is repeated in every row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import TensorType
from xdsl.ir import Attribute, Operation, SSAValue

from anamc.analysis.rows import Dim
from anamc.analysis.types import tensor_type
from anamc.dialects import kernel, mlp, scatter
from anamc.lowering.decompositions import mlp_adjoints
from anamc.lowering.kernel_builder import KernelBuilder, through
from anamc.lowering.nest_rows import ROW, WHOLE
from anamc.numerics.constants import float_constant
from anamc.numerics.scalar import Scalars


def replace(build: KernelBuilder, values: Sequence[SSAValue]) -> None:
    """The results of a kernel in place of the operation's."""
    for old, new in zip(build.op.results, values, strict=True):
        new.name_hint = new.name_hint or old.name_hint
    build.rewriter.replace(build.op, [], values)


def row_sum(build: KernelBuilder, op: mlp.OuterOp | mlp.SumRowsOp) -> None:
    """A sum over rows: each adds its own product, or itself, to the whole result."""
    type = tensor_type(op.results[0])
    single = len(tensor_type(op.operands[0]).get_shape()) == 1
    place = WHOLE if single else ROW
    rows: Dim = 1 if single else build.dims.rows(op.operands[0])

    def body(build: KernelBuilder, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
        if isinstance(op, mlp.OuterOp):
            return [build.add(mlp.OuterOp(*values))]
        value = values[0]
        return [value if len(tensor_type(value).get_shape()) == 1 else build.add(mlp.SumRowsOp(value))]

    total = build.filled(type, build.dims.of(op.results[0]), 0.0)
    made = build.rows(rows, [(v, place) for v in op.operands], [("add", total, [WHOLE])], body)
    replace(build, made.results_)


def broadcast(build: KernelBuilder, op: mlp.BroadcastOp) -> None:
    """Every row is the same one, read whole."""
    type, dims = tensor_type(op.y), build.dims.of(op.y)
    row = kernel.row_type(type, ROW)

    def body(build: KernelBuilder, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
        return [values[0] if values[0].type == row else build.add(mlp.BroadcastOp(values[0], [], row))]

    made = build.rows(dims[0], [(op.x, WHOLE)], [("write", build.empty(type, dims), [ROW])], body)
    replace(build, made.results_)


def mean_weight(build: KernelBuilder, factor: float, rows: Dim, element: Attribute) -> SSAValue:
    """``factor / N`` as a scalar, in the body of a kernel."""
    return mlp_adjoints.mean_weight(Scalars(build.block, element), factor, rows)


def weighted(build: KernelBuilder, value: SSAValue, weight: SSAValue) -> SSAValue:
    """A row value times a scalar."""
    type = value.type
    if not isinstance(type, TensorType):
        raise TypeError(type)
    return build.add(arith.MulfOp(value, build.add(tensor.SplatOp(weight, [], type))))


def mean_of_rows(build: KernelBuilder, op: mlp.MeanOp) -> None:
    """``factor / N`` times each row, added to the whole result; no rows, nothing added."""
    rows, element = build.dims.rows(op.x), tensor_type(op.y).element_type

    def body(build: KernelBuilder, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
        return [weighted(build, values[0], mean_weight(build, op.factor.value.data, rows, element))]

    made = build.rows(rows, [(op.x, ROW)], [("add", op.init, [WHOLE])], body)
    replace(build, made.results_)


def mean_transposed(build: KernelBuilder, op: mlp.MeanTransposedOp) -> None:
    """``factor / N`` times the whole scalar, in every row."""
    dims, element = build.dims.of(op.y), tensor_type(op.y).element_type

    def body(build: KernelBuilder, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
        return [weighted(build, values[0], mean_weight(build, op.factor.value.data, dims[0], element))]

    writes = [("write", build.empty(tensor_type(op.y), dims), [ROW])]
    made = build.rows(dims[0], [(op.g, WHOLE)], writes, body)
    replace(build, made.results_)


def pack(build: KernelBuilder, op: mlp.PackOp) -> None:
    """One row that writes the whole vector."""
    type = tensor_type(op.params)

    def body(build: KernelBuilder, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
        return [build.add(mlp.PackOp(values, op.places, type))]

    writes = [("write", build.empty(type, build.dims.of(op.params)), [WHOLE])]
    made = build.rows(1, [(v, WHOLE) for v in op.parts], writes, body)
    replace(build, made.results_)


def pair_sum(build: KernelBuilder, op: scatter.PairSumOp) -> None:
    """Every edge adds one row to its left node and another to its right node."""
    total = build.filled(tensor_type(op.y), build.dims.of(op.y), 0.0)
    writes = [("add", total, [through(0, 0), through(0, 1)])]
    made = build.rows(build.dims.rows(op.l), [(op.l, ROW), (op.r, ROW)], writes, lambda b, values: values, [op.edges])
    replace(build, made.results_)


def count(build: KernelBuilder, op: scatter.CountOp) -> None:
    """Every edge adds 1 to the nodes that it reaches."""
    type = tensor_type(op.y)
    total = build.filled(type, build.dims.of(op.y), 0.0)

    def body(build: KernelBuilder, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
        one = build.add(float_constant(1.0, type.element_type))
        return [build.add(tensor.SplatOp(one, [], kernel.row_type(type, ROW)))] * len(op.ends)

    writes = [("add", total, [through(0, end) for end in op.ends])]
    made = build.rows(build.dims.rows(op.edges), [], writes, body, [op.edges])
    replace(build, made.results_)


RULES: dict[type[Operation], Callable[..., None]] = {
    mlp.MeanOp: mean_of_rows,
    mlp.OuterOp: row_sum,
    mlp.SumRowsOp: row_sum,
    mlp.BroadcastOp: broadcast,
    mlp.MeanTransposedOp: mean_transposed,
    mlp.PackOp: pack,
    scatter.PairSumOp: pair_sum,
    scatter.CountOp: count,
}
"""How each operation becomes a kernel."""
