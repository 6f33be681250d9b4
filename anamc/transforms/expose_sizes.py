"""Pass `expose-sizes`: functions written by hand get names, and their run-time sizes as arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, func, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    ArrayAttr,
    DictionaryAttr,
    FunctionType,
    IndexType,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    TensorType,
)
from xdsl.ir import Attribute, BlockArgument, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.regions import operations_in
from anamc.analysis.rows import Dims, argument_dims, argument_name, size_arguments
from anamc.analysis.sizes import SizeExpressions
from anamc.dialects.size_syntax import size_text
from anamc.dialects.sizes import Number
from anamc.errors import shown
from anamc.lowering.arguments import Source, follow, sizes_first
from anamc.lowering.decompositions.builder import NestBuilder
from anamc.lowering.decompositions.tensor import concat
from anamc.lowering.hoisting import SizeHoister
from anamc.numerics.constants import index_constant
from anamc.transforms.unique_names import unique

Dim = str | int


@dataclass(frozen=True)
class ExposeSizesPass(ModulePass):
    """
    Gives every argument and result of public functions `anamc.name` and, on tensors, `anamc.dims`.

    A run-time dimension k of argument `x` becomes an argument `x_size_k : index` in front of the
    others, in place of `tensor.dim`; sizes that stand behind tensors are moved in front of them too.
    Calls and `ad.custom`s of the function follow. A `tensor.concat` along a run-time size becomes nests
    into a tensor whose size is the sum. Arithmetic on sizes that is the same in every round of a loop, or on
    each side of a branch, moves in front of it. Functions that name everything stay as
    they are.
    """

    name = "expose-sizes"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            if "anamc.entry" in function.attributes or "anamc.kernel" in function.attributes or is_private(function):
                continue
            if any(isinstance(a.type, TensorType) for a in function.body.block.args):
                expose(function)


def is_private(function: func.FuncOp) -> bool:
    """True for a function that only others of the module call: as they do."""
    return function.sym_visibility is not None and function.sym_visibility.data == "private"


def expose(function: func.FuncOp) -> None:
    """Names and sizes of one function."""
    block = function.body.block
    order = sizes_first(function)
    if order != sorted(order) and function.arg_attrs is not None:
        function.arg_attrs = ArrayAttr(function.arg_attrs.data[k] for k in order)
    used: set[str] = set()
    given = [argument_name(function, k) for k in range(len(block.args))]
    names = distinct(function, given, [a.name_hint or f"arg{k}" for k, a in enumerate(block.args)], used)
    dims = [argument_dims(function, k) for k in range(len(block.args))]
    attributes = [_given(function.arg_attrs, k) for k in range(len(block.args))]
    added: dict[str, BlockArgument] = {}
    sources: list[Source] = []
    original = list(block.args)
    for k, argument in enumerate(original):
        attributes[k].setdefault("anamc.name", StringAttr(names[k]))
        if not isinstance(argument.type, TensorType) or dims[k] is not None:
            continue
        found: list[Dim] = []
        for axis, size in enumerate(argument.type.get_shape()):
            if size != DYNAMIC_INDEX:
                found.append(size)
                continue
            name = unique(f"{names[k]}_size_{axis}", used)
            added[name] = block.insert_arg(IndexType(), len(added))
            added[name].name_hint = name if name.isidentifier() and name.isascii() else None
            sources.append((order[k], axis))
            found.append(name)
        attributes[k]["anamc.dims"] = dims_attribute(found)
    front = [{"anamc.name": StringAttr(name)} for name in added]
    function.properties["arg_attrs"] = ArrayAttr(DictionaryAttr(a) for a in (*front, *attributes))
    function.properties["function_type"] = FunctionType.from_lists(
        [a.type for a in block.args], list(function.function_type.outputs)
    )
    if (sources := [*sources, *order]) != list(range(len(order))):
        follow(function, sources)
    place_parts(function)
    replace_dims(function)
    name_results(function)


def place_parts(function: func.FuncOp) -> None:
    """A `tensor.concat` along a run-time size becomes nests into a tensor whose size is the sum."""
    for op in [o for o in function.walk() if isinstance(o, tensor.ConcatOp)]:
        if op.result.type.get_shape()[op.dim.value.data] == DYNAMIC_INDEX:
            rewriter = PatternRewriter(op)
            rewriter.replace(op, [], [concat(NestBuilder(op, rewriter), op)])


def distinct(function: func.FuncOp, given: Sequence[str | None], default: Sequence[str], used: set[str]) -> list[str]:
    """The names given, and defaults with a number where they are taken; adds to `used`."""
    for name in (n for n in given if n is not None):
        if name in used:
            raise PassFailedException(f"expose-sizes: @{function.sym_name.data} has the name '{shown(name)}' twice")
        used.add(name)
    return [unique(d, used) if g is None else g for g, d in zip(given, default, strict=True)]


def replace_dims(function: func.FuncOp) -> None:
    """`tensor.dim` of anything whose size is known becomes that size; arithmetic on sizes leaves loops."""
    known, hoister = Dims(function), SizeHoister(function)
    for op in list(operations_in(function)):
        if not isinstance(op, tensor.DimOp) or not isinstance(op.index.owner, arith.ConstantOp):
            hoister.hoist(op)
            continue
        axis = op.index.owner.value
        size = known.of(op.source)[axis.value.data] if isinstance(axis, IntegerAttr) else None
        if isinstance(size, int) and op.parent_block() is not function.body.block:
            size = PatternRewriter(op).insert(index_constant(size)).result
        if isinstance(size, SSAValue):
            PatternRewriter(op).replace(op, [], [size])


def name_results(function: func.FuncOp) -> None:
    """Names of results: given, or hints of what is returned, or `out<k>`."""
    last = function.body.block.last_op
    if not isinstance(last, func.ReturnOp):
        raise PassFailedException(f"expose-sizes: @{function.sym_name.data} does not end in func.return")
    known = Dims(function)
    sizes = SizeExpressions(size_arguments(function))
    attributes = [_given(function.res_attrs, k) for k in range(len(last.operands))]
    given = [n.data if isinstance(n := a.get("anamc.name"), StringAttr) else None for a in attributes]
    hints = [v.name_hint if not isinstance(v, BlockArgument) else None for v in last.operands]
    names = distinct(function, given, [hint or f"out{k}" for k, hint in enumerate(hints)], set())
    found: list[DictionaryAttr] = []
    for value, data, name in zip(last.operands, attributes, names, strict=True):
        data["anamc.name"] = StringAttr(name)
        if isinstance(value.type, TensorType) and "anamc.dims" not in data:
            data["anamc.dims"] = dims_attribute([_named(d, sizes, function) for d in known.of(value)])
        found.append(DictionaryAttr(data))
    function.properties["res_attrs"] = ArrayAttr(found)


def _named(dim: int | SSAValue, sizes: SizeExpressions, function: func.FuncOp) -> Dim:
    if isinstance(dim, int):
        return dim
    expr = sizes.of(dim)
    if expr is None:
        raise PassFailedException(
            f"expose-sizes: a result of @{function.sym_name.data} has a size that is no arithmetic on run-time sizes"
        )
    return expr.value if isinstance(expr, Number) else size_text(expr)


def dims_attribute(dims: list[Dim]) -> ArrayAttr[Attribute]:
    """`["n", 3 : index]`"""
    return ArrayAttr(StringAttr(d) if isinstance(d, str) else IntegerAttr(d, IndexType()) for d in dims)


def _given(attributes: ArrayAttr[DictionaryAttr] | None, k: int) -> dict[str, Attribute]:
    return dict(attributes.data[k].data) if attributes is not None else {}
