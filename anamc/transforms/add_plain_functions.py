"""Pass `add-plain-functions`: the document's signature, which allocates its own workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, func, llvm, scf
from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    Float32Type,
    Float64Type,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    ModuleOp,
    StringAttr,
    UnitAttr,
    i8,
    i32,
    i64,
)
from xdsl.ir import Attribute, Block, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.lowering.sizes import size_operations

NAME = "add-plain-functions"
POINTER = llvm.LLVMPointerType()
ALIGNMENT = 64
FLOATS = {4: ("fill_nan_f32", Float32Type()), 8: ("fill_nan_f64", Float64Type())}
"""By size in bytes: the function that fills an array with NaN, and its element type."""
SUMS = {4: ("add_f32", Float32Type()), 8: ("add_f64", Float64Type())}
"""The same for the function that adds an array to another."""
ENDINGS = {"vjp": "_b", "jvp": "_d"}
"""What the plain functions of derivatives are called."""


class Body(Builder):
    """Appends operations to a block and gives their first results."""

    def __init__(self, block: Block) -> None:
        super().__init__(InsertPoint.at_end(block))

    def i64(self, value: int) -> SSAValue:
        return self.insert(arith.ConstantOp(IntegerAttr(value, i64))).result

    def i32(self, value: int) -> SSAValue:
        return self.insert(arith.ConstantOp(IntegerAttr(value, i32))).result

    def call(self, name: str, arguments: Sequence[SSAValue], *results: Attribute) -> SSAValue | None:
        op = self.insert(func.CallOp(name, arguments, results))
        return op.results[0] if op.results else None


def fill_nan(name: str, element: Float32Type | Float64Type) -> func.FuncOp:
    """A private function that fills ``n`` elements with NaN: what a caller sees when memory runs out."""
    op = func.FuncOp(name, ([POINTER, i64], []), visibility="private")
    array, length = op.args
    array.name_hint, length.name_hint = "array", "length"
    loop = Block(arg_types=[i64])
    loop.args[0].name_hint = "i"
    inside = Body(loop)
    nan = inside.insert(arith.ConstantOp(FloatAttr(float("nan"), element))).result
    address = inside.insert(llvm.GEPOp(array, [llvm.GEP_USE_SSA_VAL], element, [loop.args[0]], inbounds=True))
    inside.insert(llvm.StoreOp(nan, address, alignment=element.size))
    inside.insert(scf.YieldOp())
    body = Body(op.body.block)
    body.insert(scf.ForOp(body.i64(0), length, body.i64(1), [], Region(loop)))
    body.insert(func.ReturnOp())
    return op


def add(name: str, element: Float32Type | Float64Type) -> func.FuncOp:
    """A private function that adds ``n`` elements to others."""
    op = func.FuncOp(name, ([POINTER, POINTER, i64], []), visibility="private")
    array, part, length = op.args
    array.name_hint, part.name_hint, length.name_hint = "array", "part", "length"
    loop = Block(arg_types=[i64])
    loop.args[0].name_hint = "i"
    inside = Body(loop)
    places = [
        inside.insert(llvm.GEPOp(p, [llvm.GEP_USE_SSA_VAL], element, [loop.args[0]], inbounds=True)).result
        for p in (array, part)
    ]
    before, more = (inside.insert(llvm.LoadOp(p, element, alignment=element.size)).dereferenced_value for p in places)
    total = inside.insert(arith.AddfOp(before, more)).result
    inside.insert(llvm.StoreOp(total, places[0], alignment=element.size))
    inside.insert(scf.YieldOp())
    body = Body(op.body.block)
    body.insert(scf.ForOp(body.i64(0), length, body.i64(1), [], Region(loop)))
    body.insert(func.ReturnOp())
    return op


@dataclass(frozen=True)
class Argument:
    """An argument of an entry, as its attributes describe it."""

    value: SSAValue
    attributes: dict[str, Attribute]

    def text(self, key: str) -> str:
        attribute = self.attributes.get(key)
        return attribute.data if isinstance(attribute, StringAttr) else ""

    @property
    def access(self) -> str:
        return self.text("anamc.access")


def _length(argument: Argument, sizes: dict[str, SSAValue], body: Body) -> SSAValue:
    """The number of elements; a negative size counts as 0."""
    total = body.i64(1)
    dims = argument.attributes.get("anamc.dims", ArrayAttr([]))
    for dim in dims.data if isinstance(dims, ArrayAttr) else ():
        match dim:
            case IntegerAttr():
                factor = body.i64(dim.value.data)
            case StringAttr():
                size = size_operations(NAME, dim.data, sizes, lambda op: body.insert(op).results[0])
                wide = body.insert(arith.IndexCastOp(size, i64)).result
                factor = body.insert(arith.MaxSIOp(wide, body.i64(0))).result
            case _:
                raise PassFailedException(f"{NAME}: the dimension {dim} is no size of the function")
        total = body.insert(arith.MuliOp(total, factor)).result
    return total


@dataclass(frozen=True)
class Part:
    """An array that the entry writes behind its workspace, from where it is added to the caller's."""

    argument: Argument
    start: SSAValue
    length: SSAValue

    @property
    def width(self) -> int:
        return _width(self.argument)


def _width(argument: Argument) -> int:
    """Bytes of an element; PassFailedException where it is no float."""
    size = argument.attributes.get("llvm.align")
    if not isinstance(size, IntegerAttr) or size.value.data not in FLOATS:
        raise PassFailedException(f"{NAME}: the result '{argument.text('anamc.name')}' is no array of f32 or f64")
    return size.value.data


def _parts(added: list[Argument], sizes: dict[str, SSAValue], end: SSAValue, body: Body) -> tuple[list[Part], SSAValue]:
    """Places for arrays behind the first `end` bytes, each a multiple of 64; and where the last one ends."""
    found: list[Part] = []
    for argument in added:
        length = _length(argument, sizes, body)
        found.append(Part(argument, end, length))
        bytes = body.insert(arith.MuliOp(length, body.i64(found[-1].width))).result
        up = body.insert(arith.AddiOp(bytes, body.i64(ALIGNMENT - 1))).result
        end = body.insert(arith.AddiOp(end, body.insert(arith.AndIOp(up, body.i64(-ALIGNMENT))).result)).result
    return found, end


def _run(
    entry: func.FuncOp, raw: SSAValue, address: SSAValue, arguments: list[SSAValue], parts: Sequence[Part]
) -> Region:
    """Align the workspace to 64 bytes, call, add the parts, free; yield the status."""
    block = Block()
    body = Body(block)
    up = body.insert(arith.AddiOp(address, body.i64(ALIGNMENT - 1))).result
    aligned = body.insert(arith.AndIOp(up, body.i64(-ALIGNMENT))).result
    padding = body.insert(arith.SubiOp(aligned, address)).result
    workspace = body.insert(llvm.GEPOp(raw, [llvm.GEP_USE_SSA_VAL], i8, [padding], inbounds=True)).result
    workspace.name_hint = "workspace"
    places: dict[SSAValue, SSAValue] = {}
    for part in parts:
        place = body.insert(llvm.GEPOp(workspace, [llvm.GEP_USE_SSA_VAL], i8, [part.start], inbounds=True)).result
        places[part.argument.value] = place
    inputs = [places.get(a, a) for a in arguments]
    status = body.insert(func.CallOp(entry.sym_name.data, [*inputs, workspace], [i32])).results[0]
    if parts:
        worked = body.insert(arith.CmpiOp(status, body.i32(0), "eq"))
        sums = Body(block_of_sums := Block())
        for part in parts:
            value = part.argument.value
            sums.call(SUMS[part.width][0], [value, places[value], part.length])
        sums.insert(scf.YieldOp())
        body.insert(scf.IfOp(worked, [], Region(block_of_sums)))
    body.insert(llvm.CallOp("free", raw))
    body.insert(scf.YieldOp(status))
    return Region(block)


def _yield_failure() -> Region:
    body = Body(block := Block())
    body.insert(scf.YieldOp(body.i32(1)))
    return Region(block)


def _fill_outputs(outputs: list[Argument], sizes: dict[str, SSAValue]) -> Region:
    body = Body(block := Block())
    for output in outputs:
        body.call(FLOATS[_width(output)][0], [output.value, _length(output, sizes, body)])
    body.insert(scf.YieldOp())
    return Region(block)


def plain_function(entry: func.FuncOp, name: str, query: str, adds: bool = False) -> func.FuncOp:
    """
    ``void name(sizes, arrays in, arrays out)``: allocate, call the entry, free; NaN where that fails.

    `adds`: the companions that the entry writes are added to those of the caller.
    """
    types = entry.function_type.inputs.data[:-1]
    op = func.FuncOp(name, (types, []))
    op.location = entry.location
    described = entry.arg_attrs.data if entry.arg_attrs is not None else (DictionaryAttr({}),) * (len(types) + 1)
    for new, old in zip(op.args, entry.args, strict=False):
        new.name_hint = old.name_hint
    arguments = [Argument(v, dict(a.data)) for v, a in zip(op.args, described, strict=False)]
    sizes = {a.text("anamc.name"): a.value for a in arguments if isinstance(a.value.type, IntegerType)}

    body = Body(op.body.block)
    outputs = [a for a in arguments if a.access in ("write", "update")]
    needed = body.insert(func.CallOp(query, list(sizes.values()), [i64])).results[0]
    added = [a for a in outputs if adds and "anamc.beside" in a.attributes]
    parts, needed = _parts(added, sizes, needed, body)
    raw = body.insert(
        llvm.CallOp("malloc", body.insert(arith.AddiOp(needed, body.i64(ALIGNMENT))), return_type=POINTER)
    ).results[0]
    address = body.insert(llvm.PtrToIntOp(raw)).output
    allocated = body.insert(arith.CmpiOp(address, body.i64(0), "ne"))
    status = body.insert(scf.IfOp(allocated, [i32], _run(entry, raw, address, list(op.args), parts), _yield_failure()))
    failed = body.insert(arith.CmpiOp(status.results[0], body.i32(0), "ne"))
    body.insert(scf.IfOp(failed, [], _fill_outputs(outputs, sizes)))
    body.insert(func.ReturnOp())
    return op


def _queries(module: ModuleOp) -> dict[str, str]:
    """The workspace query of each entry, by the entry's name."""
    found: dict[str, str] = {}
    for op in module.ops:
        if isinstance(op, func.FuncOp) and isinstance(of := op.attributes.get("anamc.workspace_of"), StringAttr):
            found[of.data] = op.sym_name.data
    return found


def _heap() -> list[llvm.FuncOp]:
    external, unwind = llvm.LinkageAttr("external"), {"no_unwind": UnitAttr()}
    return [
        llvm.FuncOp("malloc", llvm.LLVMFunctionType([i64], POINTER), external, other_props=dict(unwind)),
        llvm.FuncOp("free", llvm.LLVMFunctionType([POINTER]), external, other_props=dict(unwind)),
    ]


@dataclass(frozen=True)
class AddPlainFunctionsPass(ModulePass):
    """
    For each entry `<name>_eval` adds `<name>`, the seed's signature without workspace and status.

    Of the derivatives `<name>_vjp` and `<name>_jvp` these are `<name>_b`, which adds to the cotangents of
    the arguments, and `<name>_d`. Workspaces are from `malloc`; where that or the entry fails, the
    outputs are filled with NaN. Runs on pointers, that is after `convert-memref-to-llvm-pointers`.
    Nothing of it is `noalias`.
    """

    name = NAME

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        queries = _queries(op)
        entries = [f for f in op.ops if isinstance(f, func.FuncOp) and "anamc.entry" in f.attributes]
        if not entries:
            return
        names = {f.sym_name.data for f in op.ops if isinstance(f, func.FuncOp)}
        for entry in entries:
            self._add(entry, queries, names, op)
        Rewriter.insert_op(_heap(), InsertPoint.at_start(op.body.block))
        helpers = [fill_nan(name, element) for name, element in FLOATS.values()]
        helpers += [add(name, element) for name, element in SUMS.values()]
        called = {c.callee.root_reference.data for c in op.walk() if isinstance(c, func.CallOp)}
        op.body.block.add_ops(h for h in helpers if h.sym_name.data in called)

    def _add(self, entry: func.FuncOp, queries: dict[str, str], names: set[str], module: ModuleOp) -> None:
        name = entry.attributes["anamc.entry"]
        if not isinstance(name, StringAttr) or name.data not in queries:
            raise PassFailedException(f"{NAME}: '{entry.sym_name.data}' has no function for its workspace size")
        kind, of = _derivative(entry)
        plain = of + ENDINGS[kind] if kind else name.data
        if plain in names:
            raise PassFailedException(f"{NAME}: there is a function '{plain}' already")
        module.body.block.add_op(plain_function(entry, plain, queries[name.data], adds=kind == "vjp"))


def _derivative(entry: func.FuncOp) -> tuple[str, str]:
    """What kind of derivative an entry is, and of which function; both empty where it is none."""
    match entry.attributes.get("anamc.companion"):
        case ArrayAttr(data=(StringAttr(data=kind), StringAttr(data=of))) if kind in ENDINGS:
            return kind, of
        case _:
            return "", ""
