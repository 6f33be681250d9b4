"""Pass `ad-expand`: requests for derivatives become calls of private functions that compute them."""

from __future__ import annotations

from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.autodiff import rules
from anamc.autodiff.derive import forward, reverse
from anamc.autodiff.simplify import simplify
from anamc.dialects import ad
from anamc.lowering.inlining import inline_calls
from anamc.transforms.unique_names import unique

Request = tuple[str, type[ad.RequestOp], tuple[int, ...], tuple[int, ...]]


@dataclass
class Expander:
    """Expands the requests of a module; equal requests share a function."""

    module: ModuleOp
    functions: dict[str, func.FuncOp] = field(default_factory=dict[str, func.FuncOp])
    derived: dict[Request, func.FuncOp] = field(default_factory=dict[Request, func.FuncOp])
    done: set[str] = field(default_factory=set[str])
    open: list[str] = field(default_factory=list[str])

    def expand(self, function: func.FuncOp) -> None:
        """Replaces the requests in a function, those of what it calls first."""
        name = function.sym_name.data
        if name in self.done:
            return
        if name in self.open:
            raise PassFailedException(f"ad-expand: @{name} asks for a derivative of itself")
        self.open.append(name)
        for op in [o for o in function.walk() if isinstance(o, ad.RequestOp)]:
            self.replace(op)
        self.open.pop()
        self.done.add(name)

    def replace(self, op: ad.RequestOp) -> None:
        """A call of the derivative in place of the request."""
        callee = self.functions.get(op.callee.root_reference.data)
        if callee is None or not callee.body.blocks:
            raise PassFailedException(f"ad-expand: there is no function {op.callee} to differentiate")
        op.verify_request(callee)
        self.expand(callee)
        inline_calls(callee, self.functions)
        made = self.derivative(op, callee)
        call = func.CallOp(made.sym_name.data, [*op.arguments, *op.directions], [r.type for r in op.results])
        call.location = op.location
        call.attributes |= op.attributes
        Rewriter.replace_op(op, call)

    def derivative(self, op: ad.RequestOp, callee: func.FuncOp) -> func.FuncOp:
        """The function that computes what is asked for."""
        key = (callee.sym_name.data, type(op), op.inputs, op.outputs_of(callee))
        if key not in self.derived:
            kind = "vjp" if isinstance(op, ad.VjpOp) else "jvp"
            name = unique(f"{callee.sym_name.data}_{kind}", set(self.functions))
            derive = reverse if isinstance(op, ad.VjpOp) else forward
            self.derived[key] = derive(callee, name, *key[2:])
            simplify(self.derived[key])
            self.functions[name] = self.derived[key]
            Rewriter.insert_op(self.derived[key], InsertPoint.after(callee))
        return self.derived[key]


@dataclass(frozen=True)
class AdExpandPass(ModulePass):
    """
    `ad.vjp @f(...)` => `func.call @f_vjp(...)`, likewise `ad.jvp`; inner requests first.

    `@f_vjp` takes the arguments of `@f` and a cotangent for each result, and gives all results of `@f`
    and a cotangent for each argument in `wrt`. `ad.stop_gradient` and `ad.custom` are gone afterwards.
    """

    name = "ad-expand"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        rules.register()
        expander = Expander(op, {f.sym_name.data: f for f in op.ops if isinstance(f, func.FuncOp)})
        for function in list(expander.functions.values()):
            expander.expand(function)
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
