"""Pass `form-kernels`: every operation on tensors becomes a kernel over the rows of a set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, func, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    ArrayAttr,
    DenseIntOrFPElementsAttr,
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
from anamc.analysis.types import tensor_type
from anamc.dialects import kernel, mlp, nest, scatter
from anamc.dialects.access import AccessAttr, TableReadAttr, select
from anamc.lowering.nest_rows import ROW, WHOLE, RowNest, as_rows
from anamc.numerics.constants import float_constant


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

    def inner_nest(
        self,
        op: nest.MapOp,
        rows: RowNest,
        reads: Sequence[SSAValue],
        inits: Sequence[SSAValue],
        tables: dict[int, SSAValue],
    ) -> Sequence[SSAValue]:
        """The nest that a row is left with: one iterator less, the row number a size operand."""
        r = self.block.args[0]
        body = op.body.clone()
        argument = body.block.args[rows.iterator]
        argument.replace_all_uses_with(r)
        body.block.erase_arg(argument)
        ranges = [e for k, e in enumerate(op.extents) if k != rows.iterator]
        order = list(tables)
        inner = nest.MapOp(
            ranges,
            [(v, repositioned(a.inner, order)) for v, a in zip(reads, rows.reads, strict=True)],
            [
                (c.data, v, repositioned(a.inner, order))
                for c, v, a in zip(op.combiners, inits, rows.writes, strict=True)
            ],
            body,
            [tables[k] for k in order],
            [*op.sizes, r],
        )
        self.add(inner)
        for old, new in zip(op.results, inner.results, strict=True):
            new.name_hint = old.name_hint
        return inner.results

    def rows(
        self,
        rows: Dim,
        reads: Sequence[tuple[SSAValue, AccessAttr]],
        writes: Sequence[Write],
        body: Body,
        tables: Sequence[SSAValue] = (),
    ) -> kernel.RowsOp:
        """A kernel whose body is built by `body(builder, the values read)`; constants stand in the body."""
        kept = [(t, a) for t, a in reads if not is_start(t)]
        self.block = Block(arg_types=[IndexType(), *(kernel.row_type(t.type, a) for t, a in kept)])
        self.block.args[0].name_hint = "r"
        for argument, (value, _) in zip(self.block.args[1:], kept, strict=True):
            argument.name_hint = value.name_hint
        given = iter(self.block.args[1:])
        values = [row_start(self, t, a) if is_start(t) else next(given) for t, a in reads]
        self.block.add_op(kernel.YieldOp(*body(self, values)))
        op = kernel.RowsOp(rows, kept, writes, Region(self.block), tables)
        if (label := self.op.attributes.get("anamc.block")) is not None:
            op.attributes["anamc.blocks"] = ArrayAttr([label])
        self.before(op)
        return op


def repositioned(access: AccessAttr, order: Sequence[int]) -> AccessAttr:
    """The access with tables counted by their place in `order`."""
    reads = [TableReadAttr(order.index(r.position), r.map.data) for r in access.tables]
    return AccessAttr(access.map.data, reads)


def dynamic(dims: Sequence[Dim]) -> list[SSAValue]:
    """The run-time sizes among dimensions."""
    return [d for d in dims if isinstance(d, SSAValue)]


def row_of(type: TensorType[Attribute]) -> TensorType[Attribute]:
    """A tensor type without its leading dimension."""
    return kernel.row_type(type, ROW)


LAST_DIMENSION = (mlp.DenseOp, mlp.LayerNormOp, mlp.SoftmaxOp, mlp.RowLossOp, tensor.ConcatOp)
"""Operations that act on a whole row: a tensor of rank 1 is one row."""


def row_operation(build: KernelBuilder, whole: frozenset[int] = frozenset()) -> None:
    """
    An operation that maps each row on its own, with the operands in `whole` shared by all rows.

    A scalar, and a vector that is one row, are reached whole, in a kernel of one row.
    """
    op = build.op
    type = tensor_type(op.results[0])
    dims = build.dims.of(op.results[0])
    single = len(tensor_type(op.operands[0]).get_shape()) <= isinstance(op, LAST_DIMENSION)
    place, rows = (WHOLE, 1) if single else (ROW, dims[0])
    reads = [(v, WHOLE if k in whole else place) for k, v in enumerate(op.operands)]
    for value, access in [*reads, (op.results[0], place)]:
        if DYNAMIC_INDEX in kernel.row_type(tensor_type(value), access).get_shape():
            raise PassFailedException(f"form-kernels: a row of '{op.name}' has a run-time size")

    def body(build: KernelBuilder, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
        row = type_(op).create(
            operands=values,
            result_types=[kernel.row_type(type, place)],
            properties=dict(op.properties) if single else row_properties(op),
            attributes={k: a for k, a in op.attributes.items() if k != "anamc.block"},
        )
        result = build.add(row)
        result.name_hint = op.results[0].name_hint
        return [result]

    made = build.rows(rows, reads, [("write", build.empty(type, dims), [place])], body)
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
        [("write", build.empty(tensor_type(op.y), dims), [ROW])],
        lambda build, values: values,
        [op.edges],
    )
    replace(build, made.results_[0])


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
    replace(build, made.results_[0])


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
    element = tensor_type(op.y).element_type

    def body(build: KernelBuilder, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
        factor = build.add(float_constant(op.factor.value.data, element))
        if isinstance(rows, int):
            count = build.add(float_constant(float(rows), element))
        else:
            whole = build.add(arith.IndexCastOp(rows, i64))
            count = build.add(arith.SIToFPOp(whole, element))  # pyright: ignore[reportArgumentType]
        weight = build.add(arith.DivfOp(factor, count))
        weights = build.add(tensor.SplatOp(weight, [], tensor_type(op.y)))
        return [build.add(arith.MulfOp(values[0], weights))]

    made = build.rows(rows, [(op.x, ROW)], [("add", op.init, [WHOLE])], body)
    replace(build, made.results_[0])


def nest_rows(build: KernelBuilder, op: nest.MapOp) -> None:
    """A nest as rows over one of its iterators; where there is none, one row that does it all, in the nest's order."""
    rows = as_rows(op)
    if rows is None:
        whole_nest(build, op)
        return
    used = sorted({r.position for a in (*rows.reads, *rows.writes) for r in a.inner.tables})
    tables = [op.tables[k] for k in used]
    reads = [(v, a.outer) for v, a in zip(op.reads, rows.reads, strict=True) if not is_start(v)]
    starts = [] if rows.accumulates else [v for v in op.inits if not is_start(v)]
    reads += [(v, ROW) for v in starts] + [(t, WHOLE) for t in tables]

    def body(build: KernelBuilder, arguments: Sequence[SSAValue]) -> Sequence[SSAValue]:
        given = iter(arguments)
        inner_reads = [
            row_start(build, v, a.outer) if is_start(v) else next(given)
            for v, a in zip(op.reads, rows.reads, strict=True)
        ]
        inits: list[SSAValue] = []
        for value, access in zip(op.inits, rows.writes, strict=True):
            if rows.accumulates:
                inits.append(zero_row(build, kernel.row_type(value.type, access.outer)))
            else:
                inits.append(row_start(build, value, access.outer) if is_start(value) else next(given))
        inner_tables = dict(zip(used, given, strict=True))
        return build.inner_nest(op, rows, inner_reads, inits, inner_tables)

    writes: list[Write] = []
    for k, (init, access) in enumerate(zip(op.inits, rows.writes, strict=True)):
        combiner = "add" if rows.accumulates else "write"
        dims = build.dims.of(op.results_[k])
        covered = not rows.accumulates and bool(dims) and dims[0] == op.extents[rows.iterator]
        writes.append((combiner, build.empty(tensor_type(init), dims) if covered else init, [access.outer]))
    made = build.rows(op.extents[rows.iterator], reads, writes, body, op.tables)
    for old, new in zip(op.results, made.results, strict=True):
        new.name_hint = old.name_hint
    build.rewriter.replace(op, [], made.results)


def zero_row(build: KernelBuilder, type: TensorType[Attribute]) -> SSAValue:
    """What a row's contribution starts from."""
    return build.add(tensor.SplatOp(build.add(float_constant(0.0, type.element_type)), [], type))


def row_start(build: KernelBuilder, value: SSAValue, access: AccessAttr) -> SSAValue:
    """A constant start, as a row (or as a whole) sees it."""
    if not access.indices:
        return start_inside(build, value)
    owner, type = value.owner, kernel.row_type(value.type, access)
    sizes = [d for d in build.dims.of(value)[1:] if isinstance(d, SSAValue)]
    if isinstance(owner, tensor.SplatOp):
        constant = owner.input.owner
        if isinstance(constant, arith.ConstantOp):
            return build.add(tensor.SplatOp(build.add(constant.clone()), sizes, type))
    if isinstance(owner, arith.ConstantOp) and isinstance(owner.value, DenseIntOrFPElementsAttr):
        if not owner.value.is_splat():
            raise PassFailedException("form-kernels: a dense constant must have one value everywhere")
        element = arith.ConstantOp(owner.value.get_attrs()[0])
        return build.add(tensor.SplatOp(build.add(element), sizes, type))
    return build.add(tensor.EmptyOp(sizes, type))


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

    writes: list[Write] = [("write", build.empty(tensor_type(r), build.dims.of(r)), [WHOLE]) for r in op.results_]
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
    clone = owner.clone() if isinstance(owner, tensor.EmptyOp | arith.ConstantOp) else tensor.EmptyOp([], value.type)
    clone.attributes.pop("anamc.block", None)
    return build.add(clone)


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
    nest.MapOp: nest_rows,
}
"""How each operation on tensors becomes a kernel."""

KEPT: tuple[type[Operation], ...] = (mlp.UnpackOp, tensor.EmptyOp, tensor.SplatOp, arith.ConstantOp, kernel.RowsOp)
"""Operations on tensors that stay: views, and what kernels start from."""


def return_constants(function: func.FuncOp, dims: Dims) -> None:
    """Kernels that write the constants that a function returns."""
    last = function.body.block.last_op
    if not isinstance(last, func.ReturnOp):
        raise PassFailedException(f"form-kernels: @{function.sym_name.data} does not end in func.return")
    for k, value in enumerate(last.operands):
        if isinstance(value.type, TensorType) and is_start(value):
            build = KernelBuilder(last, PatternRewriter(last), dims)
            sizes = dims.of(value)
            place, rows = (ROW, sizes[0]) if sizes else (WHOLE, 1)
            writes: list[Write] = [("write", build.empty(tensor_type(value), sizes), [place])]
            made = build.rows(rows, [(value, place)], writes, lambda build, values: values)
            made.results[0].name_hint = value.name_hint
            last.operands[k] = made.results[0]


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
            return_constants(function, dims)
            for inner in reversed(list(function.body.block.ops)):
                if isinstance(inner, KEPT) and not any(r.uses.get_length() for r in inner.results):
                    inner.detach()
                    inner.erase()
