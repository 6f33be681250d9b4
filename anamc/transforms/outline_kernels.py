"""Pass `outline-kernels`: each kernel on buffers becomes a private function that the entry calls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects import arith, func, memref
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    ArrayAttr,
    DictionaryAttr,
    FunctionType,
    IndexType,
    IntegerAttr,
    MemRefType,
    ModuleOp,
    StringAttr,
    UnitAttr,
)
from xdsl.ir import Attribute, Block, BlockArgument, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.rows import argument_dims, argument_name
from anamc.analysis.types import memref_type
from anamc.dialects import kernel
from anamc.transforms.unique_names import unique

LONGEST_NAME = 48
"""Longest name (characters) that blocks give a kernel."""

Dims = tuple[SSAValue | int, ...]
View = memref.ReinterpretCastOp | memref.SubviewOp
"""Parts of buffers, which a kernel's function finds itself."""


@dataclass
class Entry:
    """What outlining asks of the entry function: sizes by name, dimensions and names of buffers."""

    function: func.FuncOp
    sizes: dict[str, SSAValue] = field(default_factory=dict[str, SSAValue])
    names: dict[SSAValue, str] = field(default_factory=dict[SSAValue, str])
    order: dict[SSAValue, int] = field(default_factory=dict[SSAValue, int])

    def __post_init__(self) -> None:
        for op in self.function.body.walk():
            for result in op.results:
                self.order[result] = len(self.order)
            if isinstance(op, arith.IndexCastOp) and isinstance(op.input, BlockArgument):
                name = argument_name(self.function, op.input.index)
                if op.input.block is self.function.body.block and name is not None:
                    self.sizes.setdefault(name, op.result)
                    self.names.setdefault(op.result, name)
            if isinstance(text := op.attributes.get("anamc.size"), StringAttr):
                self.sizes.setdefault(text.data, op.results[0])

    def dims(self, buffer: SSAValue) -> Dims:
        """The dimensions of a buffer: constants, and size values."""
        type = memref_type(buffer)
        shape = type.get_shape()
        if DYNAMIC_INDEX not in shape:
            return shape
        owner = buffer.owner
        if isinstance(owner, memref.ViewOp):
            given = iter(owner.operands[2:])
            return tuple(s if s != DYNAMIC_INDEX else next(given) for s in shape)
        if isinstance(buffer, BlockArgument):
            declared = argument_dims(self.function, buffer.index)
            if declared is not None and all(isinstance(d, int) or d in self.sizes for d in declared):
                return tuple(d if isinstance(d, int) else self.sizes[d] for d in declared)
        raise PassFailedException(f"outline-kernels: cannot tell the sizes of a buffer of type {type}")

    def name(self, value: SSAValue, default: str) -> str:
        """The user's name of an argument, or the name hint of a value."""
        if isinstance(value, BlockArgument) and value.block is self.function.body.block:
            return argument_name(self.function, value.index) or default
        return self.names.get(value) or value.name_hint or default


class Outliner:
    """Moves the kernels of one entry into functions in front of it."""

    def __init__(self, function: func.FuncOp, taken: set[str]) -> None:
        self.entry = Entry(function)
        self.function = function
        self.taken = taken
        name = function.attributes["anamc.entry"]
        self.prefix = name.data if isinstance(name, StringAttr) else function.sym_name.data
        labels = function.attributes.get("anamc.blocks")
        self.labels = dict(labels.data) if isinstance(labels, DictionaryAttr) else {}

    def outline(self, group: Sequence[kernel.RowsOp]) -> func.FuncOp:
        """One function for a kernel and what fills its results before; a call in their place."""
        outside = external_values(group)
        views = views_of(outside)
        constants = [v.owner for v in outside if isinstance(v.owner, arith.ConstantOp) and not is_index(v)]
        reached = [v for v in outside if isinstance(v.type, MemRefType)]
        dims = {b: self.entry.dims(b) for b in reached}
        access = {b: access_of(b, dims[b], views, group) for b in reached}
        buffers = sorted(reached, key=lambda b: access[b] != "read")
        sizes = dict.fromkeys(v for v in outside if is_index(v))
        if strange := [v for v in outside if v not in access and v not in sizes and v.owner not in constants]:
            raise PassFailedException(f"outline-kernels: a kernel uses a value of type {strange[0].type} from outside")
        sizes |= dict.fromkeys(d for ds in dims.values() for d in ds if isinstance(d, SSAValue))
        ordered = sorted(sizes, key=lambda v: self.entry.order.get(v, -1))
        names = self.argument_names([*ordered, *buffers])
        block = Block(arg_types=[v.type for v in (*ordered, *buffers)])
        values: dict[SSAValue, SSAValue] = dict(zip((*ordered, *buffers), block.args, strict=True))
        for old, new in values.items():
            new.name_hint = _hint(names[old])
        for op in (*constants, *views, *group):
            block.add_op(op.clone(value_mapper=values))
        block.add_op(func.ReturnOp())
        attributes: dict[str, Attribute] = {"anamc.kernel": UnitAttr()}
        if comment := self.comments(group[-1]):
            attributes["anamc.comment"] = ArrayAttr(StringAttr(c) for c in comment)
        arg_attrs = [DictionaryAttr({"anamc.name": StringAttr(names[v])}) for v in ordered]
        arg_attrs += [self.buffer_attributes(b, dims[b], names, access[b]) for b in buffers]
        made = func.FuncOp.build(
            properties={
                "sym_name": StringAttr(self.kernel_name(group[-1])),
                "function_type": FunctionType.from_lists([a.type for a in block.args], []),
                "sym_visibility": StringAttr("private"),
                "arg_attrs": ArrayAttr(arg_attrs),
            },
            attributes=attributes,
            regions=[Region(block)],
        )
        made.location = group[-1].location
        call = func.CallOp(made.sym_name.data, [*ordered, *buffers], [])
        call.location = group[-1].location
        Rewriter.insert_op(call, InsertPoint.after(group[-1]))
        for op in reversed(group):
            Rewriter.erase_op(op)
        return made

    def argument_names(self, values: Sequence[SSAValue]) -> dict[SSAValue, str]:
        found: dict[SSAValue, str] = {}
        used: set[str] = set()
        for k, value in enumerate(values):
            found[value] = unique(self.entry.name(value, f"x{k}"), used)
        return found

    @staticmethod
    def buffer_attributes(buffer: SSAValue, dims: Dims, names: dict[SSAValue, str], access: str) -> DictionaryAttr:
        return DictionaryAttr(
            {
                "anamc.name": StringAttr(names[buffer]),
                "anamc.dims": ArrayAttr(
                    IntegerAttr(d, IndexType()) if isinstance(d, int) else StringAttr(names[d]) for d in dims
                ),
                "anamc.access": StringAttr(access),
            }
        )

    def block_labels(self, op: kernel.RowsOp) -> list[DictionaryAttr]:
        ids = op.attributes.get("anamc.blocks")
        keys = [str(i.value.data) for i in ids if isinstance(i, IntegerAttr)] if isinstance(ids, ArrayAttr) else []
        found = (self.labels.get(k) for k in keys)
        return [label for label in found if isinstance(label, DictionaryAttr)]

    def comments(self, op: kernel.RowsOp) -> list[str]:
        """One line for each block that the kernel comes from."""
        texts = (label.data.get("text") for label in self.block_labels(op))
        return [t.data for t in texts if isinstance(t, StringAttr)]

    def kernel_name(self, op: kernel.RowsOp) -> str:
        """`<entry>_<blocks>`, in letters that every language takes, unique in the module."""
        texts = (label.data.get("name") for label in self.block_labels(op))
        stem = "_".join(re.sub(r"\W", "_", t.data, flags=re.ASCII) for t in texts if isinstance(t, StringAttr))
        prefix = re.sub(r"\W", "_", self.prefix, flags=re.ASCII)[:LONGEST_NAME]
        return unique(f"{prefix}_{stem[:LONGEST_NAME] or 'kernel'}", self.taken)


def external_values(group: Sequence[kernel.RowsOp]) -> dict[SSAValue, None]:
    """What the kernels use from outside, in order of first use."""
    inside: set[SSAValue] = set()
    found: dict[SSAValue, None] = {}
    for op in group:
        for inner in op.walk():
            for value in inner.operands:
                if value not in inside:
                    found.setdefault(value)
            inside.update(inner.results)
            inside.update(a for r in inner.regions for b in r.blocks for a in b.args)
    return found


def views_of(outside: dict[SSAValue, None]) -> list[View]:
    """The parts of buffers among outer values, in order; what they are made of takes their place there."""
    found: list[View] = []
    while parts := dict.fromkeys(v.owner for v in outside if isinstance(v.owner, View)):
        for view in parts:
            outside.pop(view.result)
            outside |= dict.fromkeys(v for v in view.operands if v not in outside)
        found = [*parts, *found]
    return list(dict.fromkeys(found))


def is_index(value: SSAValue) -> bool:
    return isinstance(value.type, IndexType)


def access_of(buffer: SSAValue, dims: Dims, views: Sequence[View], group: Sequence[kernel.RowsOp]) -> str:
    """`read`, `write` (every element, never read) or `update`."""
    reached: set[SSAValue] = {buffer}
    for view in views:
        if view.source in reached:
            reached.add(view.result)
    reads = any(v in reached for op in group for v in (*op.reads, *op.tables))
    combiners = {c.data for op in group for c, v in zip(op.combiners, op.inits, strict=True) if v in reached}
    if not combiners:
        return "read"
    whole = any(writes_all(op, k, dims) for op in group for k, v in enumerate(op.inits) if v is buffer)
    return "write" if combiners == {"write"} and whole and not reads else "update"


def is_followed(op: kernel.RowsOp) -> bool:
    """True where another kernel comes next in the same block, before any loop or branch."""
    following = op.next_op
    while following is not None and not following.regions:
        following = following.next_op
    return isinstance(following, kernel.RowsOp)


def writes_all(op: kernel.RowsOp, result: int, dims: Dims) -> bool:
    """True where the rows of a kernel write every element of a buffer of these dimensions."""
    access, *others = op.write_accesses.data[result]
    if others or op.combiners.data[result].data != "write":
        return False
    if not access.indices:
        return isinstance(op.extent, int) and op.extent > 0
    return access.is_identity() and op.extent == dims[0]


def _hint(name: str) -> str | None:
    return name if name.isascii() and name.isidentifier() else None


@dataclass(frozen=True)
class OutlineKernelsPass(ModulePass):
    """
    ``kernel.rows`` in an entry => a private function of its sizes and buffers, and a call.

    A kernel that fills the start of results (`anamc.fill`) joins the function of the kernel behind it.
    """

    name = "outline-kernels"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        taken = {o.sym_name.data for o in op.ops if isinstance(o, func.FuncOp)}
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and "anamc.entry" in o.attributes]:
            outliner = Outliner(function, taken)
            group: list[kernel.RowsOp] = []
            for inner in [o for o in function.walk() if isinstance(o, kernel.RowsOp)]:
                group.append(inner)
                if "anamc.fill" not in inner.attributes or not is_followed(inner):
                    op.body.block.insert_op_before(outliner.outline(group), function)
                    group = []
            for inner in list(function.walk(reverse=True)):
                if isinstance(inner, View) and not inner.result.uses.get_length():
                    Rewriter.erase_op(inner)
