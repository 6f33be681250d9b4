"""Pass `form-kernels`: every operation on tensors becomes a kernel over the rows of a set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, func, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    ArrayAttr,
    IndexType,
    IntegerAttr,
    ModuleOp,
    TensorType,
    i64,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.elementwise import ELEMENTWISE
from anamc.analysis.rows import Dim, Dims
from anamc.dialects import kernel, mlp, nest, scatter
from anamc.dialects.access import AccessAttr, TableReadAttr, select
from anamc.numerics.constants import float_constant

ROW = AccessAttr(AffineMap(1, 0, (AffineExpr.dimension(0),)))
"""`[r]`"""
WHOLE = AccessAttr(AffineMap(1, 0, ()))
"""The whole tensor."""


def through(table: int, column: int) -> AccessAttr:
    """`[%table[r, column]]`"""
    place = AffineMap(1, 0, (AffineExpr.dimension(0), AffineExpr.constant(column)))
    return AccessAttr(AffineMap(1, 1, (AffineExpr.symbol(0),)), [TableReadAttr(table, place)])


Write = tuple[str, SSAValue, Sequence[AccessAttr]]
Body = Callable[["KernelBuilder", Sequence[SSAValue]], Sequence[SSAValue]]


class KernelBuilder:
    """Makes kernels in front of the operation that they replace; inside a body, `add` appends to it."""

    def __init__(self, op: Operation, rewriter: PatternRewriter, dims: Dims) -> None:
        self.op = op
        self.rewriter = rewriter
        self.dims = dims
        self.block = Block()

    def before(self, op: Operation) -> SSAValue:
        """An operation in front of the kernel."""
        op.location = self.op.location
        self.rewriter.insert(op)
        return op.results[0]

    def add(self, op: Operation) -> SSAValue:
        """An operation in the body."""
        op.location = self.op.location
        self.block.add_op(op)
        return op.results[0]

    def filled(self, type: TensorType[Attribute], dims: Sequence[Dim], value: float) -> SSAValue:
        """A tensor with one value everywhere: what accumulation starts from."""
        constant = self.before(float_constant(value, type.element_type))
        return self.before(tensor.SplatOp(constant, dynamic(dims), type))

    def empty(self, type: TensorType[Attribute], dims: Sequence[Dim]) -> SSAValue:
        """A tensor whose every element a kernel writes."""
        return self.before(tensor.EmptyOp(dynamic(dims), type))

    def rows(
        self,
        rows: Dim,
        reads: Sequence[tuple[SSAValue, AccessAttr]],
        writes: Sequence[Write],
        body: Body,
        tables: Sequence[SSAValue] = (),
    ) -> kernel.RowsOp:
        """A kernel whose body is built by `body(builder, the values read)`."""
        types = [kernel.row_type(t.type, a) for t, a in reads]
        self.block = Block(arg_types=[IndexType(), *types])
        self.block.args[0].name_hint = "r"
        for argument, (value, _) in zip(self.block.args[1:], reads, strict=True):
            argument.name_hint = value.name_hint
        yielded = body(self, self.block.args[1:])
        self.block.add_op(kernel.YieldOp(*yielded))
        op = kernel.RowsOp(rows, reads, writes, Region(self.block), tables)
        if (label := self.op.attributes.get("anamc.block")) is not None:
            op.attributes["anamc.blocks"] = ArrayAttr([label])
        self.before(op)
        return op


def dynamic(dims: Sequence[Dim]) -> list[SSAValue]:
    """The run-time sizes among dimensions."""
    return [d for d in dims if isinstance(d, SSAValue)]


def row_of(type: Attribute) -> TensorType[Attribute]:
    """A tensor type without its leading dimension."""
    if not isinstance(type, TensorType):
        raise PassFailedException(f"form-kernels: expected a tensor, got {type}")
    return TensorType(type.element_type, type.get_shape()[1:])


def row_operation(build: KernelBuilder, whole: frozenset[int] = frozenset()) -> None:
    """An operation that maps each row on its own, with the operands in `whole` shared by all rows."""
    op = build.op
    type = op.results[0].type
    if not isinstance(type, TensorType):
        raise PassFailedException(f"form-kernels: '{op.name}' gives {type}, expected a tensor")
    reads = [
        (v, WHOLE if k in whole else ROW) for k, v in enumerate(op.operands) if not isinstance(v.owner, tensor.SplatOp)
    ]

    def body(build: KernelBuilder, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
        read = iter(values)
        operands = [
            splat_row(build, v.owner) if isinstance(v.owner, tensor.SplatOp) else next(read) for v in op.operands
        ]
        row = type_(op).create(
            operands=operands,
            result_types=[row_of(type)],
            properties=row_properties(op),
            attributes={k: a for k, a in op.attributes.items() if k != "anamc.block"},
        )
        result = build.add(row)
        result.name_hint = op.results[0].name_hint
        return [result]

    dims = build.dims.of(op.results[0])
    made = build.rows(dims[0], reads, [("write", build.empty(type, dims), [ROW])], body)
    replace(build, made.results_[0])


def type_(op: Operation) -> type[Operation]:
    """The class of an operation (`type` is taken where tensor types are named so)."""
    return op.__class__


def row_properties(op: Operation) -> dict[str, Attribute]:
    """Properties of the operation on a row: a concatenation's dimension counts one less."""
    properties = dict(op.properties)
    if isinstance(op, tensor.ConcatOp):
        dim = op.dim.value.data
        if dim == 0:
            raise PassFailedException("form-kernels: cannot concatenate rows ('tensor.concat' along dimension 0)")
        properties["dim"] = IntegerAttr(dim - 1, i64)
    return properties


def splat_row(build: KernelBuilder, splat: tensor.SplatOp) -> SSAValue:
    """The constant of a `tensor.splat`, for one row."""
    constant = splat.input.owner
    if not isinstance(constant, arith.ConstantOp):
        raise PassFailedException("form-kernels: expected 'tensor.splat' of a constant")
    value = build.add(constant.clone())
    return build.add(tensor.SplatOp(value, [], row_of(splat.result.type)))


def replace(build: KernelBuilder, value: SSAValue) -> None:
    """The result of the kernel in place of the operation's."""
    value.name_hint = value.name_hint or build.op.results[0].name_hint
    build.rewriter.replace(build.op, [], [value])


def gather(build: KernelBuilder, op: scatter.GatherOp) -> None:
    """`%y[r] = %x[%edges[r, end]]`"""
    dims = build.dims.of(op.y)
    made = build.rows(
        dims[0],
        [(op.x, through(0, op.end.value.data))],
        [("write", build.empty(_tensor(op.y), dims), [ROW])],
        lambda build, values: values,
        [op.edges],
    )
    replace(build, made.results_[0])


def scatter_sum(build: KernelBuilder, op: scatter.SumOp) -> None:
    """Every edge adds its signed row to the rows of its nodes."""
    total = build.filled(_tensor(op.y), build.dims.of(op.y), 0.0)
    made = build.rows(
        build.dims.rows(op.x),
        [(op.x, ROW)],
        [("add", total, [through(0, end) for end, _ in op.ends])],
        lambda build, values: signed(build, values[0], op),
        [op.edges],
    )
    replace(build, made.results_[0])


def scatter_counted(build: KernelBuilder, op: scatter.MeanOp | scatter.MaxOp) -> None:
    """Accumulate and count over the edges, then finish each node: mean or maximum, 0 where nothing came."""
    mean = isinstance(op, scatter.MeanOp)
    dims = build.dims.of(op.y)
    y = _tensor(op.y)
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
    replace(build, nodes.results_[0])


def signed(
    build: KernelBuilder, value: SSAValue, op: scatter.SumOp | scatter.MeanOp | scatter.MaxOp
) -> Sequence[SSAValue]:
    """The contribution of a row to each end that receives one."""
    minus = build.add(arith.NegfOp(value)) if any(sign < 0 for _, sign in op.ends) else value
    return [value if sign > 0 else minus for _, sign in op.ends]


def mean_of_rows(build: KernelBuilder, op: mlp.MeanOp) -> None:
    """``factor / N`` times each row, added to the whole result; no rows, nothing added."""
    rows = build.dims.rows(op.x)
    element = _tensor(op.y).element_type

    def body(build: KernelBuilder, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
        factor = build.add(float_constant(op.factor.value.data, element))
        if isinstance(rows, int):
            count = build.add(float_constant(float(rows), element))
        else:
            whole = build.add(arith.IndexCastOp(rows, i64))
            count = build.add(arith.SIToFPOp(whole, element))  # pyright: ignore[reportArgumentType]
        weight = build.add(arith.DivfOp(factor, count))
        weights = build.add(tensor.SplatOp(weight, [], _tensor(op.y)))
        return [build.add(arith.MulfOp(values[0], weights))]

    made = build.rows(rows, [(op.x, ROW)], [("add", op.init, [WHOLE])], body)
    replace(build, made.results_[0])


def whole_nest(build: KernelBuilder, op: nest.MapOp) -> None:
    """A nest on whole tensors: one row that does it all, in the nest's order."""
    tensors = [*op.reads, *op.inits, *op.tables]
    read = [t for t in dict.fromkeys(tensors) if not is_start(t)]

    def body(build: KernelBuilder, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
        known = dict(zip(read, values, strict=True))
        inside = op.clone()
        inside.operands = [*op.sizes, *(known[t] if t in known else start_inside(build, t) for t in tensors)]
        inside.attributes.pop("anamc.block", None)
        build.add(inside)
        return inside.results

    writes: list[Write] = [("write", build.empty(_tensor(r), build.dims.of(r)), [WHOLE]) for r in op.results_]
    made = build.rows(1, [(t, WHOLE) for t in read], writes, body)
    for old, new in zip(op.results, made.results, strict=True):
        new.name_hint = old.name_hint
    build.rewriter.replace(op, [], made.results)


def is_start(value: SSAValue) -> bool:
    """True for what results start from: undefined, or one constant everywhere."""
    owner = value.owner
    if isinstance(owner, tensor.SplatOp):
        return isinstance(owner.input.owner, arith.ConstantOp)
    return isinstance(owner, tensor.EmptyOp | arith.ConstantOp)


def start_inside(build: KernelBuilder, value: SSAValue) -> SSAValue:
    """The same start in the body of a kernel."""
    owner = value.owner
    if isinstance(owner, tensor.SplatOp) and isinstance(owner.input.owner, arith.ConstantOp):
        constant = build.add(owner.input.owner.clone())
        return build.add(tensor.SplatOp(constant, list(owner.dynamicSizes), owner.result.type))
    if not isinstance(owner, tensor.EmptyOp | arith.ConstantOp):
        raise PassFailedException("form-kernels: a start of results that is no constant")
    clone = owner.clone()
    clone.attributes.pop("anamc.block", None)
    return build.add(clone)


def _tensor(value: SSAValue) -> TensorType[Attribute]:
    if not isinstance(value.type, TensorType):
        raise PassFailedException(f"form-kernels: expected a tensor, got {value.type}")
    return value.type


RULES: dict[type[Operation], Callable[..., None]] = {
    mlp.DenseOp: lambda build, op: row_operation(build, frozenset({1, 2})),
    mlp.LayerNormOp: lambda build, op: row_operation(build, frozenset({1, 2})),
    **dict.fromkeys(
        (*mlp.ACTIVATIONS, *ELEMENTWISE, mlp.RowLossOp, tensor.ConcatOp), lambda build, op: row_operation(build)
    ),
    mlp.MeanOp: mean_of_rows,
    scatter.GatherOp: gather,
    scatter.SumOp: scatter_sum,
    scatter.MeanOp: scatter_counted,
    scatter.MaxOp: scatter_counted,
    nest.MapOp: whole_nest,
}
"""How each operation on tensors becomes a kernel."""

KEPT: tuple[type[Operation], ...] = (mlp.UnpackOp, tensor.EmptyOp, tensor.SplatOp, arith.ConstantOp, kernel.RowsOp)
"""Operations on tensors that stay: views, and what kernels start from."""


@dataclass(frozen=True)
class FormKernelsPass(ModulePass):
    """
    Replaces every operation on tensors in functions by a `kernel.rows` over its rows.

    Operations on scalars and sizes stay. An operation without a rule is an error that names it.
    """

    name = "form-kernels"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            dims = Dims(function)
            for inner in list(function.body.block.ops):
                if not any(isinstance(r.type, TensorType) for r in inner.results) or isinstance(inner, KEPT):
                    continue
                rule = RULES.get(type(inner))
                if rule is None:
                    raise PassFailedException(f"form-kernels: no rule for '{inner.name}'")
                rule(KernelBuilder(inner, PatternRewriter(inner), dims), inner)
            for inner in reversed(list(function.body.block.ops)):
                if isinstance(inner, KEPT) and not any(r.uses.get_length() for r in inner.results):
                    inner.detach()
                    inner.erase()
