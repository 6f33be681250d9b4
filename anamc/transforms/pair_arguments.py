"""Pass `pair-arguments`: each array of a derivative is followed by its companion."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, FunctionType, ModuleOp, StringAttr
from xdsl.ir import Attribute
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

NAME = "pair-arguments"


@dataclass(frozen=True)
class PairArgumentsPass(ModulePass):
    """
    `@f_vjp(%u, %yb, %y, %ub)` => `@f_vjp(%u, %ub, %y, %yb)` in entries whose arguments say what they stand beside.

    `anamc.beside` of a companion is the access and the name of its array: `"read u"`, `"write y"`.
    Runs behind `bufferize-kernels`, as nothing calls an entry. An array that there is not is an error.
    """

    name = NAME

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in op.ops:
            if isinstance(function, func.FuncOp) and "anamc.entry" in function.attributes:
                pair(function)


def pair(function: func.FuncOp) -> None:
    """Moves the arguments of one entry."""
    given = [dict(d.data) for d in function.arg_attrs or ()]
    beside = {k: text(d, "anamc.beside") for k, d in enumerate(given) if "anamc.beside" in d}
    if not beside:
        return
    order: list[int] = []
    for k, data in enumerate(given):
        if k not in beside:
            key = f"{text(data, 'anamc.access')} {text(data, 'anamc.name')}"
            order += [k, *(c for c, wanted in beside.items() if wanted == key)]
    if len(order) != len(given):
        lost = next(c for c in beside if c not in order)
        raise PassFailedException(
            f"{NAME}: @{function.sym_name.data} has no array '{beside[lost]}' for '{text(given[lost], 'anamc.name')}'"
        )
    block = function.body.block
    old = list(block.args)
    for k in order:
        new = block.insert_arg(old[k].type, len(block.args))
        new.name_hint = old[k].name_hint
        old[k].replace_all_uses_with(new)
    for argument in old:
        block.erase_arg(argument)
    outputs = function.function_type.outputs.data
    function.properties["function_type"] = FunctionType.from_lists([a.type for a in block.args], outputs)
    function.properties["arg_attrs"] = ArrayAttr(DictionaryAttr(given[k]) for k in order)


def text(data: dict[str, Attribute], key: str) -> str:
    """A string among attributes; empty where there is none."""
    value = data.get(key)
    return value.data if isinstance(value, StringAttr) else ""
