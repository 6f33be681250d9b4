"""Pass `merge-functions`: private functions that do the same become one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, func, memref
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    ArrayAttr,
    DictionaryAttr,
    FunctionType,
    IndexType,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    SymbolRefAttr,
)
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from anamc.analysis.function_forms import FunctionForm, any_offset, outline_of
from anamc.analysis.rows import argument_name
from anamc.dialects.forms import HOST_FORM, PLANNED
from anamc.dialects.kernel import LaunchOp
from anamc.transforms.unique_names import unique

Call = func.CallOp | LaunchOp
Member = tuple[func.FuncOp, FunctionForm]


@dataclass(frozen=True)
class MergeFunctionsPass(ModulePass):
    """
    Private functions that are equal but for names => the first of them, which all calls name.

    Views of arguments (`memref.reinterpret_cast`) may begin at different constants: these become arguments of
    type index, one for all views that keep their distances, so that the steps of a network with weights of
    their own share their kernels. Functions that anything else than a call names stay.
    `beside=true`: only what functions with plans alone call (`anamc.planned`) joins what others call, as it is.
    """

    name = "merge-functions"

    beside: bool = False

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        functions = [o for o in op.ops if isinstance(o, func.FuncOp)]
        calls, named = references(op)
        alike: defaultdict[Hashable, list[func.FuncOp]] = defaultdict(list)
        for function in functions:
            if is_private(function) and function.sym_name.data not in named:
                alike[outline_of(function)].append(function)
        candidates = {f for group in alike.values() if len(group) > 1 for f in group}
        merged: dict[str, Hashable] = {}
        equal: defaultdict[Hashable, list[Member]] = defaultdict(list)
        for function in functions:  # callees stand in front of callers
            if function in candidates:
                form = FunctionForm(function, merged)
                equal[form.form].append((function, form))
                merged[function.sym_name.data] = equal[form.form][0][0].sym_name.data, form.offsets
        groups = [group for group in equal.values() if len(group) > 1]
        if self.beside:
            others = reached_by_others(functions)
            groups = [joined for group in groups for joined in joining(group, others)]
        for group in groups:
            merge(group, calls)
        for function in [f for group in groups for f, _ in group[1:]]:
            function.detach()
            function.erase()


def reached_by_others(functions: Sequence[func.FuncOp]) -> set[str]:
    """The names of functions that are called, by way of others too, by a public one without plans."""
    known = {f.sym_name.data: f for f in functions}
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for name, function in known.items():
        if isinstance(form := function.attributes.get(HOST_FORM), SymbolRefAttr):
            forms[form.string_value()].append(name)
    waiting = [n for n, f in known.items() if not is_private(f) and PLANNED not in f.attributes]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in known and name not in seen:
            seen.add(name)
            waiting += [*forms[name], *(o.callee.string_value() for o in known[name].walk() if isinstance(o, Call))]
    return seen


def joining(group: Sequence[Member], others: set[str]) -> list[list[Member]]:
    """Those of a group that others do not reach, behind what they join; views begin where they do there."""
    places: defaultdict[tuple[int, ...], list[Member]] = defaultdict(list)
    for member in sorted(group, key=lambda m: m[0].sym_name.data not in others):
        places[member[1].offsets].append(member)
    found = [[same[0], *(m for m in same[1:] if m[0].sym_name.data not in others)] for same in places.values()]
    return [same for same in found if len(same) > 1]


def is_private(function: func.FuncOp) -> bool:
    visibility = function.sym_visibility
    return visibility is not None and visibility.data == "private" and bool(function.body.blocks)


def references(module: ModuleOp) -> tuple[dict[str, list[Call]], set[str]]:
    """The calls of each function, and the names of functions that something else knows."""
    calls: defaultdict[str, list[Call]] = defaultdict(list)
    named: set[str] = set()
    for op in module.walk():
        if isinstance(op, Call):
            calls[op.callee.string_value()].append(op)
        else:
            given = (*op.properties.values(), *op.attributes.values())
            named.update(a.string_value() for a in given if isinstance(a, SymbolRefAttr))
    return calls, named


def merge(group: Sequence[Member], calls: dict[str, list[Call]]) -> None:
    """The first function for all of a group; offsets that differ become arguments."""
    (first, form), *others = group
    moved = moves([f.offsets for _, f in group])
    if moved:
        take_offsets(first, [[form.parts[k] for k in parts] for parts in moved])
    for function, given in group:
        starts = [given.offsets[parts[0]] for parts in moved]
        for call in calls[function.sym_name.data]:
            redirect(call, first.sym_name.data, starts)
    add_comments(first, [f for f, _ in others])


def moves(offsets: Sequence[tuple[int, ...]]) -> list[list[int]]:
    """The parts that begin at different offsets in different functions, those that keep their distance together."""
    found: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for k, starts in enumerate(zip(*offsets, strict=True)):
        found[tuple(start - starts[0] for start in starts)].append(k)
    return [parts for distances, parts in found.items() if any(distances)]


def take_offsets(function: func.FuncOp, moved: Sequence[Sequence[memref.ReinterpretCastOp]]) -> None:
    """An argument for each group of parts: where its first part begins."""
    block, given = function.body.block, list(function.arg_attrs or ())
    used = {name for k in range(len(block.args)) if (name := argument_name(function, k)) is not None}
    for parts in moved:
        start = block.insert_arg(IndexType(), len(block.args))
        name = unique("offset", used)
        start.name_hint = name
        given.append(DictionaryAttr({"anamc.name": StringAttr(name)}))
        base = parts[0].static_offsets.get_values()[0]
        for part in parts:
            shift_part(part, start, part.static_offsets.get_values()[0] - base)
    if function.arg_attrs is not None:
        function.properties["arg_attrs"] = ArrayAttr(given)
    inputs = [a.type for a in block.args]
    function.properties["function_type"] = FunctionType.from_lists(inputs, function.function_type.outputs.data)


def shift_part(part: memref.ReinterpretCastOp, start: SSAValue, distance: int) -> None:
    """The part begins so far behind `start`."""
    ops: list[Operation] = []
    if distance:
        constant = arith.ConstantOp(IntegerAttr(distance, IndexType()))
        sum = arith.AddiOp(start, constant)
        ops, start = [constant, sum], sum.result
    new = memref.ReinterpretCastOp(
        part.source,
        [start],
        [],
        [],
        [DYNAMIC_INDEX],
        part.static_sizes,
        part.static_strides,
        any_offset(part.result.type),
    )
    for op in (*ops, new):
        op.location = part.location
    Rewriter.insert_op([*ops, new], InsertPoint.before(part))
    part.result.replace_all_uses_with(new.result)
    Rewriter.erase_op(part)


def redirect(call: Call, callee: str, starts: Sequence[int]) -> None:
    """The call names `callee`, and hands over where its views begin."""
    call.properties["callee"] = SymbolRefAttr(callee)
    if not starts:
        return
    constants = [arith.ConstantOp(IntegerAttr(start, IndexType())) for start in starts]
    arguments = [*call.arguments, *(c.result for c in constants)]
    if isinstance(call, LaunchOp):
        new = LaunchOp(callee, arguments, call.count, call.grain.value.data)
    else:
        new = func.CallOp(callee, arguments, call.result_types)
    new.attributes = dict(call.attributes)
    for op in (*constants, new):
        op.location = call.location
    Rewriter.replace_op(call, [*constants, new], new.results)


def add_comments(function: func.FuncOp, others: Sequence[func.FuncOp]) -> None:
    """The lines of all of them, each once."""
    found: dict[Attribute, None] = {}
    for one in (function, *others):
        lines = one.attributes.get("anamc.comment")
        found |= dict.fromkeys(lines.data if isinstance(lines, ArrayAttr) else ())
    if found:
        function.attributes["anamc.comment"] = ArrayAttr(found)
