"""The entry of a function on buffers: sizes checked, workspace laid out, kernels in order."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import arith, func, memref, scf, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    ArrayAttr,
    DictionaryAttr,
    FunctionType,
    IndexType,
    IntegerAttr,
    MemRefType,
    StringAttr,
    TensorType,
    i8,
    i32,
    i64,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.dims import named_dims
from anamc.analysis.regions import operations_in
from anamc.analysis.rows import Dims
from anamc.analysis.types import tensor_type
from anamc.dialects import kernel, mlp
from anamc.dialects.forms import HOST_ONLY, PLANNED
from anamc.dialects.nest_check import checks_of
from anamc.lowering.entry_blocks import is_fill_value
from anamc.lowering.entry_kernels import EntryKernels
from anamc.lowering.entry_regions import RegionBuilder
from anamc.lowering.entry_sizes import any_negative, as_indices, clone_scalar, slot_offsets
from anamc.lowering.entry_status import check_texts, empty_status, status_of
from anamc.lowering.workspace import Buffer, Slot, Workspace

KNOWN = (
    *(kernel.RowsOp, mlp.UnpackOp, tensor.EmptyOp, tensor.SplatOp, arith.ConstantOp),
    *(tensor.ExtractSliceOp, tensor.InsertSliceOp, scf.ForOp, scf.IfOp),
)
"""Operations on tensors that have a form on buffers."""
NAMED = ("anamc.companion", PLANNED)
"""What says that an entry keeps the name of its function: derivatives, and functions with plans."""
OK, NEGATIVE_SIZE = 0, 1
"""Statuses of an entry; those above belong to checks of computed indices."""


def buffer_type(value: SSAValue) -> MemRefType[Attribute]:
    """The memref of a tensor, in row-major order."""
    type = tensor_type(value)
    return MemRefType(type.element_type, type.shape)


class EntryBuilder:
    """Builds `@<name>_eval` and `@<name>_workspace_size` from one function on tensors."""

    def __init__(self, function: func.FuncOp) -> None:
        self.function = function
        self.dims = Dims(function)
        self.slots: list[Slot] = []
        self.name = function.sym_name.data
        self.arguments = list(function.body.block.args)
        self.is_size = [isinstance(a.type, IndexType) for a in self.arguments]
        self.ops = [op for op in function.body.block.ops if not is_fill_value(op)]
        self.checks = checks_of(self.ops)
        self.refuse()

    def refuse(self) -> None:
        """Refuses what has no buffers."""
        for k, argument in enumerate(self.arguments):
            if not self.is_size[k] and not isinstance(argument.type, TensorType):
                raise PassFailedException(
                    f"bufferize-kernels: argument {k} of @{self.name} is {argument.type}, expected index or a tensor"
                )
        for op in operations_in(self.function):
            if any(isinstance(r.type, TensorType) for r in op.results) and not isinstance(op, KNOWN):
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
        sizes = [a for a, size in zip(outer.args, self.is_size, strict=False) if size]
        bad = any_negative(outer, sizes, zero.result)
        inner = Block()
        status = self.body(inner, outer, zero.result)
        if bad is None:
            for op in list(inner.ops):
                op.detach()
                outer.add_op(op)
            outer.add_op(func.ReturnOp(status))
        else:
            inner.add_op(scf.YieldOp(status))
            refuse = Block([scf.YieldOp(one.result)])
            chosen = scf.IfOp(bad, [i32], Region(refuse), Region(inner))
            outer.add_ops([chosen, func.ReturnOp(chosen.results[0])])
        return self.function_op(
            self.name if self.labels().keys() & NAMED else f"{self.name}_eval",
            Region(outer),
            [i32],
            [*self.input_attributes(), *self.output_attributes(), _workspace_attributes()],
            {"anamc.entry": StringAttr(self.name)} | self.labels(),
        )

    def labels(self) -> dict[str, Attribute]:
        kept = ("anamc.blocks", *NAMED, HOST_ONLY)
        found = {k: a for k, a in self.function.attributes.items() if k in kept}
        return found | {"anamc.checks": check_texts(self.checks)} if self.checks else found

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

    def body(self, block: Block, outer: Block, ok: SSAValue) -> SSAValue:
        """The kernels on buffers, in order; the status."""
        values: dict[SSAValue, SSAValue] = {}
        sizes = [k for k, size in enumerate(self.is_size) if size]
        as_indices(block, [self.arguments[k] for k in sizes], [outer.args[k] for k in sizes], values, named=True)
        count = len(self.arguments)
        buffers: dict[SSAValue, SSAValue] = {
            old: new for old, new, size in zip(self.arguments, outer.args, self.is_size, strict=False) if not size
        }
        last = self.ops[-1]
        outputs = outer.args[count : count + len(last.operands)]
        self.scalars(block, values)
        self.label_sizes(values)
        empty = empty_status(block, self.checks, values, ok)
        run = block if empty is None else Block()
        before = run.last_op
        workspace = Workspace(outer.args[-1], run, values)
        kernels = EntryKernels(self.name, run, self.dims, buffers, values)
        builder = RegionBuilder(self.function.body.block, run, kernels, workspace)
        reports = [v for op in self.checks for v in (op.low, op.low_at, op.high, op.high_at)]
        builder.want({v: workspace.fixed((), i64) for v in reports})
        builder.want({v: Buffer(self.dims.of(v), tensor_type(v).element_type, run, None, outputs[k])
                      for k, v in reversed(list(enumerate(last.operands)))})  # fmt: skip
        builder.run()
        for k, value in enumerate(last.operands):
            if buffers.get(value) is not outputs[k]:
                kernels.copy(self.function, kernels.source(value), outputs[k], self.dims.of(value))
        self.slots = workspace.slots
        self.place_slots(run, before, values)
        status = status_of(run, self.checks, buffers, values, ok)
        if empty is None:
            return status
        run.add_op(scf.YieldOp(status))
        fails = arith.CmpiOp(empty, ok, "ne")
        chosen = scf.IfOp(fails, [i32], Region(Block([scf.YieldOp(empty)])), Region(run))
        block.add_ops([fails, chosen])
        return chosen.results[0]

    def place_slots(self, run: Block, before: Operation | None, values: dict[SSAValue, SSAValue]) -> None:
        """The offsets of the slots, in front of everything that uses them; views that nothing uses go."""
        for view in [op for op in run.ops if isinstance(op, memref.ViewOp) and not op.results[0].uses.get_length()]:
            view.detach()
            view.erase()
        if not self.slots:
            return
        front = Block()
        for slot, offset in zip(self.slots, slot_offsets(front, self.slots, values), strict=False):
            slot.offset.replace_all_uses_with(offset)
        made = list(front.ops)
        for op in made:
            op.detach()
        first = run.first_op if before is None else before.next_op
        for op in made:
            if first is None:
                run.add_op(op)
            else:
                run.insert_op_before(op, first)

    def scalars(self, block: Block, values: dict[SSAValue, SSAValue]) -> None:
        """Arithmetic on sizes, in front of everything: offsets in the workspace need it."""
        for op in self.ops[:-1]:
            tensors = any(isinstance(v.type, TensorType) for v in (*op.operands, *op.results))
            if not tensors and not op.regions and all(v in values for v in op.operands):
                clone_scalar(block, op, values)

    def workspace_size(self) -> func.FuncOp:
        """`@<name>_workspace_size`: bytes, from the sizes alone."""
        sizes = [k for k, size in enumerate(self.is_size) if size]
        block = Block(arg_types=[i32 for _ in sizes])
        values: dict[SSAValue, SSAValue] = {}
        for new, k in zip(block.args, sizes, strict=True):
            new.name_hint = self.arguments[k].name_hint
        as_indices(block, [self.arguments[k] for k in sizes], block.args, values, named=False)
        self.scalars(block, values)
        total = arith.IndexCastOp(slot_offsets(block, self.slots, values)[-1], i64)
        block.add_ops([total, func.ReturnOp(total.result)])
        attrs = self.input_attributes()
        return self.function_op(
            f"{self.name}_workspace_size",
            Region(block),
            [i64],
            [attrs[k] for k in sizes],
            {"anamc.workspace_of": StringAttr(self.name)},
        )


def _hint(attributes: Attribute) -> str | None:
    name = attributes.data.get("anamc.name") if isinstance(attributes, DictionaryAttr) else None
    text = name.data if isinstance(name, StringAttr) else ""
    return text if text.isascii() and text.isidentifier() else None


def _workspace_attributes() -> DictionaryAttr:
    return DictionaryAttr({"anamc.name": StringAttr("workspace"), "anamc.access": StringAttr("workspace")})
