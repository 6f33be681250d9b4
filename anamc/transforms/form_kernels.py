"""Pass `form-kernels`: every operation on tensors becomes a kernel over the rows of a set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, func, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    IndexType,
    IntegerAttr,
    ModuleOp,
    TensorType,
    i64,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.elementwise import ELEMENTWISE
from anamc.analysis.regions import CONTROL, operations_in
from anamc.analysis.rows import Dims
from anamc.analysis.types import tensor_type
from anamc.dialects import kernel, mlp, nest, scatter
from anamc.dialects.access import select
from anamc.lowering import adjoint_kernels, decompositions
from anamc.lowering.adjoint_kernels import replace
from anamc.lowering.carried import CarriedSizes, at_place, unused, write_constants
from anamc.lowering.decompositions.builder import NestBuilder
from anamc.lowering.entries import is_entry
from anamc.lowering.kernel_builder import (
    KernelBuilder,
    Write,
    row_of,
    through,
)
from anamc.lowering.nest_kernels import nest_rows
from anamc.lowering.nest_rows import ROW, WHOLE
from anamc.numerics.constants import float_constant

LAST_DIMENSION = (
    mlp.DenseOp,
    mlp.DenseTransposedOp,
    mlp.LayerNormOp,
    mlp.LogSoftmaxOp,
    mlp.RowDotOp,
    mlp.RowLossOp,
    mlp.ScaleRowsOp,
    mlp.SoftmaxOp,
    mlp.SplitOp,
    mlp.StandardizeOp,
    mlp.StandardizeTangentOp,
    tensor.ConcatOp,
)
"""Operations that act on a whole row: a tensor of rank 1 is one row."""


def row_operation(build: KernelBuilder, whole: frozenset[int] = frozenset()) -> None:
    """
    An operation that maps each row on its own, with the operands in `whole` shared by all rows.

    A scalar, and a vector that is one row, are reached whole, in a kernel of one row.
    """
    op = build.op
    single = len(tensor_type(op.operands[0]).get_shape()) <= isinstance(op, LAST_DIMENSION)
    place, rows = (WHOLE, 1) if single else (ROW, build.dims.rows(op.results[0]))
    reads = [(v, WHOLE if k in whole else place) for k, v in enumerate(op.operands)]
    for value, access in [*reads, *((r, place) for r in op.results)]:
        if DYNAMIC_INDEX in kernel.row_type(tensor_type(value), access).get_shape():
            raise PassFailedException(f"form-kernels: a row of '{op.name}' has a run-time size")

    def body(build: KernelBuilder, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
        row = type_(op).create(
            operands=values,
            result_types=[kernel.row_type(tensor_type(r), place) for r in op.results],
            properties=dict(op.properties) if single else row_properties(op),
            attributes={k: a for k, a in op.attributes.items() if k != "anamc.block"},
        )
        build.add(row)
        for old, new in zip(op.results, row.results, strict=True):
            new.name_hint = old.name_hint
        return row.results

    writes: list[Write] = [("write", build.empty(tensor_type(r), build.dims.of(r)), [place]) for r in op.results]
    replace(build, build.rows(rows, reads, writes, body).results_)


def type_(op: Operation) -> type[Operation]:
    """The class of an operation (`type` is taken where tensor types are named so)."""
    return op.__class__


def row_properties(op: Operation) -> dict[str, Attribute]:
    """Properties of the operation on a row: a concatenation's dimension counts one less."""
    properties = dict(op.properties)
    if isinstance(op, tensor.ConcatOp):
        properties["dim"] = IntegerAttr(op.dim.value.data - 1, i64)
    return properties


def gather(build: KernelBuilder, op: scatter.GatherOp) -> None:
    """`%y[r] = %x[%edges[r, end]]`"""
    dims = build.dims.of(op.y)
    made = build.rows(
        dims[0],
        [(op.x, through(0, op.end.value.data))],
        [("write", build.empty(tensor_type(op.y), dims), [ROW])],
        lambda build, values: values,
        [op.edges],
    )
    replace(build, made.results_)


def scatter_sum(build: KernelBuilder, op: scatter.SumOp) -> None:
    """Every edge adds its signed row to the rows of its nodes."""
    total = build.filled(tensor_type(op.y), build.dims.of(op.y), 0.0)
    made = build.rows(
        build.dims.rows(op.x),
        [(op.x, ROW)],
        [("add", total, [through(0, end) for end, _ in op.ends])],
        lambda build, values: signed(build, values[0], op),
        [op.edges],
    )
    replace(build, made.results_)


def scatter_counted(build: KernelBuilder, op: scatter.MeanOp | scatter.MaxOp) -> None:
    """Accumulate and count over the edges, then finish each node: mean or maximum, 0 where nothing came."""
    mean = isinstance(op, scatter.MeanOp)
    dims = build.dims.of(op.y)
    y = tensor_type(op.y)
    places = [through(0, end) for end, _ in op.ends]
    counts = TensorType(y.element_type, [DYNAMIC_INDEX])

    def accumulate(build: KernelBuilder, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
        one = build.add(float_constant(1.0, y.element_type))
        ones = build.add(tensor.SplatOp(one, [], row_of(counts)))
        return [*signed(build, values[0], op), *[ones] * len(places)]

    edges = build.rows(
        build.dims.rows(op.x),
        [(op.x, ROW)],
        [
            ("add" if mean else "max", build.filled(y, dims, 0.0 if mean else float("-inf")), places),
            ("add", build.filled(counts, dims[:1], 0.0), places),
        ],
        accumulate,
        [op.edges],
    )
    edges.results_[1].name_hint = "count"

    def finish(build: KernelBuilder, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
        total, count = values
        empty = build.add(tensor.EmptyOp([], row_of(y)))
        width = row_of(y).get_shape()[0]
        body = Block(arg_types=[IndexType(), y.element_type, y.element_type])
        _, t, c = body.args
        zero = float_constant(0.0, y.element_type)
        some = arith.CmpfOp(c, zero, "ogt")
        body.add_ops([zero, some])
        if mean:
            value = arith.DivfOp(t, c)
            body.add_op(value)
            t = value.result
        chosen = arith.SelectOp(some, t, zero)
        body.add_ops([chosen, nest.YieldOp(chosen.result)])
        reads = [(total, select([0], 1)), (count, select([], 1))]
        return [build.add(nest.MapOp([width], reads, [("set", empty, select([0], 1))], Region(body)))]

    nodes = build.rows(
        dims[0],
        [(edges.results_[0], ROW), (edges.results_[1], ROW)],
        [("write", build.empty(y, dims), [ROW])],
        finish,
    )
    replace(build, nodes.results_)


def signed(
    build: KernelBuilder, value: SSAValue, op: scatter.SumOp | scatter.MeanOp | scatter.MaxOp
) -> Sequence[SSAValue]:
    """The contribution of a row to each end that receives one."""
    minus = build.add(arith.NegfOp(value)) if any(sign < 0 for _, sign in op.ends) else value
    return [value if sign > 0 else minus for _, sign in op.ends]


ROW_BY_ROW = (
    mlp.RowDotOp,
    mlp.RowLossOp,
    mlp.ScaleRowsOp,
    mlp.SplitOp,
    mlp.StandardizeOp,
    mlp.StandardizeTangentOp,
    mlp.WhereOp,
    tensor.ConcatOp,
)
"""Operations that map each row on its own, all operands by row."""

RULES: dict[type[Operation], Callable[..., None]] = {
    mlp.DenseOp: lambda build, op: row_operation(build, frozenset({1, 2})),
    mlp.DenseTransposedOp: lambda build, op: row_operation(build, frozenset({1})),
    mlp.LayerNormOp: lambda build, op: row_operation(build, frozenset({1, 2})),
    **dict.fromkeys((*mlp.ACTIVATIONS, *ELEMENTWISE, *ROW_BY_ROW), lambda build, op: row_operation(build)),
    **adjoint_kernels.RULES,
    scatter.GatherOp: gather,
    scatter.SumOp: scatter_sum,
    scatter.MeanOp: scatter_counted,
    scatter.MaxOp: scatter_counted,
    nest.MapOp: nest_rows,
}
"""How each operation on tensors becomes a kernel."""

KEPT: tuple[type[Operation], ...] = (
    mlp.UnpackOp,
    tensor.EmptyOp,
    tensor.SplatOp,
    tensor.ExtractSliceOp,
    tensor.InsertSliceOp,
    arith.ConstantOp,
    kernel.RowsOp,
)
"""Operations on tensors that stay: views, slices, and what kernels start from."""


def has_no_rows(op: Operation) -> bool:
    """
    True for an operation that does not map rows: parts below each other, and elementwise ones on rows of run-time size,
    which are no values of a kernel's body.
    """
    if isinstance(op, tensor.ConcatOp):
        return op.dim.value.data == 0 and len(tensor_type(op.result).get_shape()) > 1
    return type(op) in ELEMENTWISE and DYNAMIC_INDEX in tensor_type(op.results[0]).get_shape()[1:]


class KnownSizes(NestBuilder):
    """Nests over sizes that are known: arguments, and what is computed of them."""

    def __init__(self, op: Operation, rewriter: PatternRewriter, dims: Dims) -> None:
        super().__init__(op, rewriter)
        self.dims = dims

    def sizes(self, value: SSAValue) -> list[int | SSAValue]:
        return list(self.dims.of(value))


def as_nests(op: Operation, dims: Dims) -> list[nest.MapOp]:
    """An operation as the nests that take its place, in order."""
    rewriter = PatternRewriter(op)
    before = op.prev_op
    made = decompositions.RULES[type(op)](KnownSizes(op, rewriter, dims), op)
    block, first = op.parent_block(), None if before is None else before.next_op
    found: list[nest.MapOp] = []
    inner = block.first_op if first is None and block is not None else first
    while inner is not None and inner is not op:
        found += [inner] if isinstance(inner, nest.MapOp) else []
        inner = inner.next_op
    rewriter.replace(op, [], [made] if isinstance(made, SSAValue) else list(made))
    return found


@dataclass(frozen=True)
class FormKernelsPass(ModulePass):
    """
    Replaces every operation on tensors in functions by a `kernel.rows` over its rows.

    Operations on scalars and sizes stay, and so do loops (`scf.for`) and branches (`scf.if`) on tensors,
    in which the same is done. An operation without a rule is an error that names it and its place.
    """

    name = "form-kernels"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            dims = Dims(function)
            carried = CarriedSizes(function, dims)
            for inner in list(operations_in(function)):
                if isinstance(inner, CONTROL):
                    carried.check(inner)
                    continue
                if isinstance(inner, tensor.ExtractSliceOp | tensor.InsertSliceOp) and not is_entry(inner):
                    raise PassFailedException(f"form-kernels: '{inner.name}'{at_place(inner)} is not all of one entry")
                if not any(isinstance(r.type, TensorType) for r in inner.results) or isinstance(inner, KEPT):
                    continue
                rule = RULES.get(type(inner))
                if rule is None:
                    raise PassFailedException(f"form-kernels: no rule for '{inner.name}'{at_place(inner)}")
                if has_no_rows(inner):
                    for made in as_nests(inner, dims):
                        nest_rows(KernelBuilder(made, PatternRewriter(made), dims), made)
                    continue
                rule(KernelBuilder(inner, PatternRewriter(inner), dims), inner)
            write_constants(function, dims)
            for inner in unused(function, KEPT):
                inner.detach()
                inner.erase()
