"""Makes kernels in front of the operations that they replace."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseIntOrFPElementsAttr,
    IndexType,
    TensorType,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.rows import Dim, Dims
from anamc.dialects import kernel, nest
from anamc.dialects.access import AccessAttr, TableReadAttr, widen
from anamc.dialects.nest_parts import NestParts
from anamc.lowering.nest_rows import ROW, RowAccess, RowNest
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
    ) -> nest.MapOp:
        """The nest that a row is left with: one iterator less, the row number a size where an index needs it."""
        r = self.block.args[0]
        body = op.body.clone()
        argument = body.block.args[rows.iterator]
        argument.replace_all_uses_with(r)
        body.block.erase_arg(argument)
        ranges = [e for k, e in enumerate(op.extents) if k != rows.iterator]
        order, sizes = list(tables), [*op.sizes, r]

        def access(found: RowAccess) -> AccessAttr:
            return widen(repositioned(found.inner, order), len(sizes))

        inner = NestParts(
            ranges,
            [(v, access(a)) for v, a in zip(reads, rows.reads, strict=True)],
            [(c.data, v, access(a)) for c, v, a in zip(op.combiners, inits, rows.writes, strict=True)],
            list(op.winners),
            list(rows.where),
            sizes,
            [tables[k] for k in order],
            body,
        ).build()
        inner.location = self.op.location
        self.block.add_op(inner)
        for old, new in zip(op.results, inner.results, strict=True):
            new.name_hint = old.name_hint
        return inner

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
