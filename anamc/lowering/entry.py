"""The entry of a function on buffers: sizes checked, workspace laid out, kernels in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.dialects import arith, func, memref, scf, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    ArrayAttr,
    DictionaryAttr,
    FixedBitwidthType,
    FunctionType,
    IndexType,
    IntegerAttr,
    MemRefType,
    StridedLayoutAttr,
    StringAttr,
    TensorType,
    UnitAttr,
    i8,
    i32,
    i64,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.dims import named_dims
from anamc.analysis.rows import Dim, Dims
from anamc.analysis.types import tensor_type
from anamc.dialects import kernel, mlp
from anamc.dialects.access import AccessAttr
from anamc.lowering.nest_rows import ROW, WHOLE
from anamc.lowering.workspace import ALIGNMENT, Slot, plan, vector_of
from anamc.numerics.constants import index_constant

OK, NEGATIVE_SIZE = 0, 1
"""Statuses of an entry."""


def buffer_type(value: SSAValue) -> MemRefType[Attribute]:
    """The memref of a tensor, in row-major order."""
    type = tensor_type(value)
    return MemRefType(type.element_type, type.shape)


class EntryBuilder:
    """Builds `@<name>_eval` and `@<name>_workspace_size` from one function on tensors."""

    def __init__(self, function: func.FuncOp) -> None:
        self.function = function
        self.dims = Dims(function)
        self.plan = plan(function, self.dims)
        self.name = function.sym_name.data
        self.arguments = list(function.body.block.args)
        self.is_size = [isinstance(a.type, IndexType) for a in self.arguments]
        self.ops = [op for op in function.body.block.ops if not is_fill_value(op)]
        self.check()

    def check(self) -> None:
        """Refuses what has no buffers."""
        for k, argument in enumerate(self.arguments):
            if not self.is_size[k] and not isinstance(argument.type, TensorType):
                raise PassFailedException(
                    f"bufferize-kernels: argument {k} of @{self.name} is {argument.type}, expected index or a tensor"
                )
        for op in self.ops:
            tensors = any(isinstance(r.type, TensorType) for r in op.results)
            known = isinstance(op, kernel.RowsOp | mlp.UnpackOp | tensor.EmptyOp | tensor.SplatOp | arith.ConstantOp)
            if tensors and not known:
                raise PassFailedException(f"bufferize-kernels: '{op.name}' is no kernel; run form-kernels before")

    # The entry -------------------------------------------------------------------------------

    def entry(self) -> func.FuncOp:
        last = self.ops[-1]
        inputs = [i32 if size else buffer_type(a) for a, size in zip(self.arguments, self.is_size, strict=True)]
        outputs = [buffer_type(v) for v in last.operands]
        workspace = MemRefType(i8, [DYNAMIC_INDEX])
        outer = Block(arg_types=[*inputs, *outputs, workspace])
        for new, old in zip(outer.args, self.arguments, strict=False):
            new.name_hint = old.name_hint
        result_attrs = self.function.res_attrs.data if self.function.res_attrs is not None else ()
        for new, attrs in zip(outer.args[len(inputs) :], result_attrs, strict=False):
            new.name_hint = _hint(attrs)
        outer.args[-1].name_hint = "workspace"
        zero = arith.ConstantOp(IntegerAttr(OK, i32))
        one = arith.ConstantOp(IntegerAttr(NEGATIVE_SIZE, i32))
        outer.add_ops([zero, one])
        bad = self.negative_size(outer, zero.result)
        inner = Block()
        self.body(inner, outer)
        inner.add_op(scf.YieldOp(zero.result))
        if bad is None:
            for op in list(inner.ops)[:-1]:
                op.detach()
                outer.add_op(op)
            outer.add_op(func.ReturnOp(zero.result))
        else:
            refuse = Block([scf.YieldOp(one.result)])
            status = scf.IfOp(bad, [i32], Region(refuse), Region(inner))
            outer.add_ops([status, func.ReturnOp(status.results[0])])
        return self.function_op(
            f"{self.name}_eval",
            Region(outer),
            [i32],
            [*self.input_attributes(), *self.output_attributes(), _workspace_attributes()],
            {"anamc.entry": StringAttr(self.name)} | self.labels(),
        )

    def labels(self) -> dict[str, Attribute]:
        labels = self.function.attributes.get("anamc.blocks")
        return {} if labels is None else {"anamc.blocks": labels}

    def function_op(
        self,
        name: str,
        body: Region,
        results: Sequence[Attribute],
        arg_attrs: Sequence[Attribute],
        attributes: dict[str, Attribute],
    ) -> func.FuncOp:
        op = func.FuncOp.build(
            properties={
                "sym_name": StringAttr(name),
                "function_type": FunctionType.from_lists([a.type for a in body.block.args], results),
                "arg_attrs": ArrayAttr(arg_attrs),
            },
            attributes=attributes,
            regions=[body],
        )
        op.location = self.function.location
        return op

    def input_attributes(self) -> list[Attribute]:
        attrs = self.function.arg_attrs
        found: list[Attribute] = []
        for k, size in enumerate(self.is_size):
            given = attrs.data[k] if attrs is not None else None
            data = dict(given.data) if isinstance(given, DictionaryAttr) else {}
            data.setdefault("anamc.name", StringAttr(f"arg{k}"))
            found.append(DictionaryAttr(data if size else data | {"anamc.access": StringAttr("read")}))
        return found

    def output_attributes(self) -> list[Attribute]:
        attrs = self.function.res_attrs
        found: list[Attribute] = []
        for k, _ in enumerate(self.ops[-1].operands):
            given = attrs.data[k] if attrs is not None else None
            data = dict(given.data) if isinstance(given, DictionaryAttr) else {}
            data.setdefault("anamc.name", StringAttr(f"out{k}"))
            found.append(DictionaryAttr(data | {"anamc.access": StringAttr("write")}))
        return found

    def label_sizes(self, values: dict[SSAValue, SSAValue]) -> None:
        """Marks the operations that compute sizes of outputs with the text that `anamc.dims` has for them."""
        attributes = self.function.res_attrs
        for k, value in enumerate(self.ops[-1].operands):
            dims = named_dims(attributes.data[k].data.get("anamc.dims")) if attributes is not None else None
            for text, size in zip(dims or (), self.dims.of(value), strict=False):
                computed = values[size].owner if isinstance(size, SSAValue) else None
                if isinstance(computed, Operation) and isinstance(text, str) and size not in self.arguments:
                    computed.attributes["anamc.size"] = StringAttr(text)

    def negative_size(self, block: Block, zero: SSAValue) -> SSAValue | None:
        """True where a size is negative; None without sizes."""
        bad: SSAValue | None = None
        for value, size in zip(block.args, self.is_size, strict=False):
            if not size:
                continue
            negative = arith.CmpiOp(value, zero, "slt")
            block.add_op(negative)
            if bad is None:
                bad = negative.result
            else:
                either = arith.OrIOp(bad, negative.result)
                block.add_op(either)
                bad = either.result
        return bad

    def body(self, block: Block, outer: Block) -> None:
        """The kernels on buffers, in order."""
        values: dict[SSAValue, SSAValue] = self.index_sizes(block, outer)
        count = len(self.arguments)
        buffers: dict[SSAValue, SSAValue] = {
            old: new for old, new, size in zip(self.arguments, outer.args, self.is_size, strict=False) if not size
        }
        last = self.ops[-1]
        outputs = outer.args[count : count + len(last.operands)]
        slots: dict[int, SSAValue] = {}
        self.scalars(block, values)
        self.label_sizes(values)
        offsets = self.offsets(block, values)[:-1] if self.plan.slots else []
        for op in self.ops[:-1]:
            match op:
                case mlp.UnpackOp():
                    vector, first = vector_of(op.params)
                    buffer = self.source(vector, buffers)
                    for part, offset in zip(op.parts, op.offsets, strict=True):
                        buffers[part] = view_of_vector(block, buffer, first + offset, tensor_type(part), part.name_hint)
                case kernel.RowsOp():
                    for value in op.results:
                        home = self.plan.home(value)
                        if home in self.plan.outputs:
                            buffers[value] = outputs[self.plan.outputs[home]]
                            continue
                        number = self.plan.slot_of[home]
                        if number not in slots:
                            slots[number] = self.slot(block, outer.args[-1], number, offsets[number], values)
                        buffers[value] = slots[number]
                        slots[number].name_hint = slots[number].name_hint or value.name_hint
                    self.kernel(block, op, buffers, values)
                case _:
                    pass
        for k, value in enumerate(last.operands):
            if buffers.get(value) is not outputs[k]:
                self.copy(block, self.source(value, buffers), outputs[k], self.dims.of(value), values)

    def scalars(self, block: Block, values: dict[SSAValue, SSAValue]) -> None:
        """Arithmetic on sizes, in front of everything: offsets in the workspace need it."""
        for op in self.ops[:-1]:
            if not any(isinstance(r.type, TensorType) for r in op.results):
                clone_scalar(block, op, values)

    def source(self, value: SSAValue, buffers: dict[SSAValue, SSAValue]) -> SSAValue:
        if value not in buffers:
            raise PassFailedException(f"bufferize-kernels: @{self.name} uses a tensor that no kernel computed")
        return buffers[value]

    def index_sizes(self, block: Block, outer: Block) -> dict[SSAValue, SSAValue]:
        values: dict[SSAValue, SSAValue] = {}
        for old, new, size in zip(self.arguments, outer.args, self.is_size, strict=False):
            if size:
                cast = arith.IndexCastOp(new, IndexType())
                cast.result.name_hint = old.name_hint
                block.add_op(cast)
                values[old] = cast.result
        return values

    def slot(
        self, block: Block, workspace: SSAValue, number: int, offset: SSAValue, values: dict[SSAValue, SSAValue]
    ) -> SSAValue:
        slot = self.plan.slots[number]
        shape = [d if isinstance(d, int) else DYNAMIC_INDEX for d in slot.dims]
        sizes = [values[d] for d in slot.dims if isinstance(d, SSAValue)]
        view = memref.ViewOp(workspace, offset, sizes, MemRefType(slot.element, shape))
        block.add_op(view)
        return view.results[0]

    def kernel(
        self, block: Block, op: kernel.RowsOp, buffers: dict[SSAValue, SSAValue], values: dict[SSAValue, SSAValue]
    ) -> None:
        """One kernel on buffers, after what its results start from."""
        for init, result in zip(op.inits, op.results, strict=True):
            self.start(block, op, init, buffers[result], buffers, values)
        writes = [
            (c.data, buffers[r], list(a.data))
            for c, r, a in zip(op.combiners, op.results, op.write_accesses, strict=True)
        ]
        reads = [(self.source(v, buffers), a) for v, a in zip(op.reads, op.read_accesses, strict=True)]
        extent = op.extent
        body = op.body.clone()
        for inner in body.walk():
            inner.operands = [values.get(v, v) for v in inner.operands]
        new = kernel.RowsOp(
            extent if isinstance(extent, int) else values[extent],
            reads,
            writes,
            body,
            [self.source(t, buffers) for t in op.tables],
            [values[s] for s in op.rows],
            dict(op.attributes),
        )
        new.location = op.location
        block.add_op(new)

    def start(
        self,
        block: Block,
        op: kernel.RowsOp,
        init: SSAValue,
        target: SSAValue,
        buffers: dict[SSAValue, SSAValue],
        values: dict[SSAValue, SSAValue],
    ) -> None:
        """Fills or copies what a result starts from, unless it is undefined or already in place."""
        owner = init.owner
        if isinstance(owner, tensor.EmptyOp) or buffers.get(init) is target:
            return
        dims = self.dims.of(init)
        if isinstance(owner, tensor.SplatOp) and isinstance(owner.input.owner, arith.ConstantOp):
            constant = owner.input.owner
            self.fill(block, op, target, dims, values, lambda: constant.clone())
        elif isinstance(owner, arith.ConstantOp):
            self.fill(block, op, target, dims, values, None, owner)
        else:
            self.copy(block, self.source(init, buffers), target, dims, values)

    def fill(
        self,
        block: Block,
        op: kernel.RowsOp,
        target: SSAValue,
        dims: tuple[Dim, ...],
        values: dict[SSAValue, SSAValue],
        constant: Callable[[], arith.ConstantOp] | None,
        dense: arith.ConstantOp | None = None,
    ) -> None:
        """A kernel that writes a constant into every row; marked, so that it joins the next kernel's function."""
        body = Block(arg_types=[IndexType()])
        body.args[0].name_hint = "r"
        access, rows = row_space(dims, values)
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
        block.add_op(filled)

    def copy(
        self, block: Block, source: SSAValue, target: SSAValue, dims: tuple[Dim, ...], values: dict[SSAValue, SSAValue]
    ) -> None:
        """A kernel that copies rows."""
        access, rows = row_space(dims, values)
        body = Block(arg_types=[IndexType(), kernel.row_type(source.type, access)])
        body.args[0].name_hint = "r"
        body.add_op(kernel.YieldOp(body.args[1]))
        copied = kernel.RowsOp(rows, [(source, access)], [("write", target, [access])], Region(body))
        copied.location = self.function.location
        block.add_op(copied)

    # The workspace ---------------------------------------------------------------------------

    def offsets(self, block: Block, values: dict[SSAValue, SSAValue]) -> list[SSAValue]:
        """Byte offset of each slot, and at the end the size of the workspace."""
        zero = index_constant(0)
        block.add_op(zero)
        found: list[SSAValue] = [zero.result]
        for slot in self.plan.slots:
            size = self.bytes(block, slot, values)
            total = arith.AddiOp(found[-1], size)
            block.add_op(total)
            found.append(total.result)
        return found

    def bytes(self, block: Block, slot: Slot, values: dict[SSAValue, SSAValue]) -> SSAValue:
        """Size of a slot, rounded up to the alignment."""
        width = slot.element.size if isinstance(slot.element, FixedBitwidthType) else 8
        for dim in slot.dims:
            width *= dim if isinstance(dim, int) else 1
        factors = [values[d] for d in slot.dims if isinstance(d, SSAValue)]

        def constant(value: int) -> SSAValue:
            op = index_constant(value)
            block.add_op(op)
            return op.result

        if not factors:
            return constant(-(-width // ALIGNMENT) * ALIGNMENT)
        size = constant(width)
        for factor in factors:
            product = arith.MuliOp(size, factor)
            block.add_op(product)
            size = product.result
        if width % ALIGNMENT == 0:
            return size
        unit = constant(ALIGNMENT)
        chunks = arith.CeilDivSIOp(size, unit)
        rounded = arith.MuliOp(chunks.result, unit)
        block.add_ops([chunks, rounded])
        return rounded.result

    def workspace_size(self) -> func.FuncOp:
        """`@<name>_workspace_size`: bytes, from the sizes alone."""
        sizes = [k for k, size in enumerate(self.is_size) if size]
        block = Block(arg_types=[i32 for _ in sizes])
        values: dict[SSAValue, SSAValue] = {}
        for new, k in zip(block.args, sizes, strict=True):
            new.name_hint = self.arguments[k].name_hint
            cast = arith.IndexCastOp(new, IndexType())
            block.add_op(cast)
            values[self.arguments[k]] = cast.result
        self.scalars(block, values)
        total = arith.IndexCastOp(self.offsets(block, values)[-1], i64)
        block.add_ops([total, func.ReturnOp(total.result)])
        attrs = self.input_attributes()
        return self.function_op(
            f"{self.name}_workspace_size",
            Region(block),
            [i64],
            [attrs[k] for k in sizes],
            {"anamc.workspace_of": StringAttr(self.name)},
        )


def is_fill_value(op: Operation) -> bool:
    """True for a scalar constant that only fills tensors: the kernels that fill hold their own."""
    if not isinstance(op, arith.ConstantOp):
        return False
    users = [u.operation for u in op.result.uses]
    return all(isinstance(u, tensor.SplatOp) and u.parent_block() is op.parent_block() for u in users)


def row_space(dims: tuple[Dim, ...], values: dict[SSAValue, SSAValue]) -> tuple[AccessAttr, int | SSAValue]:
    """How to run over a tensor row by row; a scalar is one row, whole."""
    if not dims:
        return WHOLE, 1
    return ROW, dims[0] if isinstance(dims[0], int) else values[dims[0]]


def clone_scalar(block: Block, op: Operation, values: dict[SSAValue, SSAValue]) -> None:
    """An operation on scalars, in the new function."""
    missing = [v for v in op.operands if v not in values]
    if missing:
        raise PassFailedException(f"bufferize-kernels: '{op.name}' needs a tensor where only sizes are known")
    clone = op.clone()
    clone.operands = [values[v] for v in op.operands]
    block.add_op(clone)
    values.update(zip(op.results, clone.results, strict=True))


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


def _hint(attributes: Attribute) -> str | None:
    name = attributes.data.get("anamc.name") if isinstance(attributes, DictionaryAttr) else None
    text = name.data if isinstance(name, StringAttr) else ""
    return text if text.isascii() and text.isidentifier() else None


def _workspace_attributes() -> DictionaryAttr:
    return DictionaryAttr({"anamc.name": StringAttr("workspace"), "anamc.access": StringAttr("workspace")})
