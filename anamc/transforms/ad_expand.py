"""Pass `ad-expand`: requests for derivatives become calls of private functions that compute them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.transforms.common_subexpression_elimination import cse
from xdsl.utils.exceptions import VerifyException

from anamc.autodiff import rules
from anamc.autodiff.customs import Customs
from anamc.autodiff.derive import forward, reverse
from anamc.autodiff.simplify import simplify
from anamc.dialects import ad
from anamc.dialects.canonicalization.nest import drop_unused_results
from anamc.errors import DerivativeError, Place, shown
from anamc.lowering.inlining import inline_calls
from anamc.transforms.unique_names import unique

Request = tuple[str, str, tuple[int, ...], tuple[int, ...]]
DERIVE = {"vjp": reverse, "jvp": forward}


class Expander:
    """Expands the requests of a module; equal requests share a function."""

    def __init__(self, module: ModuleOp) -> None:
        self.functions = {f.sym_name.data: f for f in module.ops if isinstance(f, func.FuncOp)}
        self.customs = Customs([o for o in module.ops if isinstance(o, ad.CustomOp)], self.functions, self.derivative)
        self.derived: dict[Request, func.FuncOp] = {}
        self.done: set[str] = set()
        self.open: list[str] = []

    def expand(self, function: func.FuncOp) -> None:
        """Replaces the requests in a function, those of what it calls first."""
        name = function.sym_name.data
        if name in self.done:
            return
        if name in self.open:
            raise circular(function, [*self.open[self.open.index(name) :], name])
        self.open.append(name)
        for op in [o for o in function.walk() if isinstance(o, ad.RequestOp | func.CallOp)]:
            if isinstance(op, ad.RequestOp):
                self.replace(op)
            elif (callee := self.functions.get(op.callee.root_reference.data)) is not None:
                self.expand(callee)
        self.open.pop()
        self.done.add(name)

    def replace(self, op: ad.RequestOp) -> None:
        """A call of the derivative in place of the request."""
        callee = self.functions.get(op.callee.root_reference.data)
        if callee is None or not callee.body.blocks:
            raise refused(op, f"there is no function {op.callee} with a body")
        try:
            op.verify_request(callee)
        except VerifyException as error:
            raise refused(op, str(error)) from None
        kind = "vjp" if isinstance(op, ad.VjpOp) else "jvp"
        if (rule := self.customs.source(callee.sym_name.data, kind)) in self.open:
            raise refused(op, f"it stands in @{shown(rule)}, which is the rule of {op.callee}")
        made = self.derivative(callee, kind, op.inputs, op.outputs_of(callee))
        call = func.CallOp(made.sym_name.data, [*op.arguments, *op.directions], [r.type for r in op.results])
        call.location = op.location
        call.attributes |= op.attributes
        Rewriter.replace_op(op, call)

    def derivative(self, callee: func.FuncOp, kind: str, wrt: Sequence[int], of: Sequence[int]) -> func.FuncOp:
        """The function that computes a derivative of another one."""
        key = (callee.sym_name.data, kind, tuple(wrt), tuple(of))
        if key not in self.derived:
            name = unique(f"{callee.sym_name.data}_{kind}", set(self.functions))
            made = DERIVE[kind](self.ready(callee), name, wrt, of, self.customs)
            simplify(made.body)
            drop_unused_results(made.body)
            self.derived[key] = self.functions[name] = made
            Rewriter.insert_op(made, InsertPoint.after(callee))
        return self.derived[key]

    def ready(self, callee: func.FuncOp) -> func.FuncOp:
        """The function as it is differentiated: without requests, and without calls but those that have rules."""
        if callee.sym_name.data in self.customs:
            return calling(callee)
        self.expand(callee)
        if any(isinstance(op, func.CallOp) for op in callee.walk()):
            inline_calls(callee, self.functions, self.customs.names)
            cse(callee)
        return callee


def refused(op: ad.RequestOp, why: str) -> DerivativeError:
    """A1110"""
    return DerivativeError(
        "A1110", f"'{op.name}' does not fit what it differentiates", place=Place.of(op.location), why=why
    )


def circular(function: func.FuncOp, names: Sequence[str]) -> DerivativeError:
    """A1110 for a function that calls, or differentiates, itself."""
    return DerivativeError(
        "A1110",
        f"@{shown(names[0])} calls or differentiates itself",
        place=Place.of(function.location),
        why=" -> ".join(f"@{shown(name)}" for name in names),
        help="repeat with 'scf.for'",
    )


def calling(function: func.FuncOp) -> func.FuncOp:
    """A function that calls another one."""
    type = function.function_type
    made = func.FuncOp(function.sym_name.data, type)
    block = made.body.block
    for argument, old in zip(block.args, function.body.block.args, strict=True):
        argument.name_hint = old.name_hint
    call = func.CallOp(function.sym_name.data, block.args, type.outputs.data)
    block.add_ops([call, func.ReturnOp(*call.results)])
    made.location = call.location = function.location
    return made


@dataclass(frozen=True)
class AdExpandPass(ModulePass):
    """
    `ad.vjp @f(...)` => `func.call @f_vjp(...)`, likewise `ad.jvp`; inner requests first.

    `@f_vjp` takes the arguments of `@f` and a cotangent for each result, and gives all results of `@f`
    and a cotangent for each argument in `wrt`. A call of a function with `ad.custom` is differentiated by
    that. `ad.stop_gradient`, `ad.custom` and `ad.checkpoint` are gone afterwards, unless `keep-hints`: they
    count for derivatives of derivatives that are asked for later.
    """

    name = "ad-expand"

    keep_hints: bool = False

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        rules.register()
        expander = Expander(op)
        for function in list(expander.functions.values()):
            expander.expand(function)
        if not self.keep_hints:
            for inner in list(op.walk()):
                erase_hint(inner)


def erase_hint(op: Operation) -> None:
    """What only differentiation looks at."""
    match op:
        case ad.StopGradientOp():
            Rewriter.replace_op(op, [], [op.x])
        case ad.CustomOp():
            Rewriter.erase_op(op)
        case _:
            op.attributes.pop("ad.checkpoint", None)
