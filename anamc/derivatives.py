"""
Derivatives of programs: from a Program to a Program, so they compose.

Each gives a Program with one public function; its arguments are those of the function
differentiated, then the directions; its results are those of the function, then the derivatives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from xdsl.dialects import arith, func, tensor
from xdsl.dialects.builtin import (
    AnyFloat,
    ArrayAttr,
    DictionaryAttr,
    FloatAttr,
    ModuleOp,
    StringAttr,
    TensorType,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue

from anamc.dialects import ad
from anamc.errors import CallError, shown
from anamc.pipelines import run
from anamc.program import Array, Program, Signature

Names = str | Sequence[str] | None
"""One name, several, or the default."""

KEPT = ("anamc.blocks", "anamc.requires")
"""Attributes of a function that its derivative has as well."""

PASSES = ("ad-expand", "inline-calls", "expose-sizes", "cse")
"""From requests to operations."""


def value_and_grad(program: Program, wrt: Names = None, of: Names = None, function: str | None = None) -> Program:
    """
    ``f`` and ``<arg>_grad = d of / d arg`` for each argument in `wrt`: reverse mode.

    `wrt`: default `params`, or all params of an index program. `of`: a result of one element (shape
    `()` or `(1,)`), default the only one. `function`: default `<name>_loss`, else the first.
    The new function is called `<f>_grad`. Raises CallError for names that there are not and
    DerivativeError for an operation without a derivative.
    """
    request = Request(program, loss_function(program, function), "grad")
    outputs = request.scalar(of)
    inputs = request.wrt(wrt)
    bars = [request.one(k) for k in outputs]
    values = request.vjp(inputs, outputs, bars)
    request.extra([request.beside(k, "grad") for k in inputs], values)
    return request.program()


def vjp(program: Program, wrt: Names = None, of: Names = None, function: str | None = None) -> Program:
    """
    ``<arg>_bar = (d of / d arg)^T <result>_bar``: extra arguments `<result>_bar`, extra results `<arg>_bar`.

    `of`: default all float results. The new function is called `<f>_vjp`. Errors as `value_and_grad`.
    """
    request = Request(program, program.function(function), "vjp")
    inputs, outputs = request.wrt(wrt), request.of(of)
    bars = [request.direction(request.result(k), "bar") for k in outputs]
    values = request.vjp(inputs, outputs, bars)
    request.extra([request.beside(k, "bar") for k in inputs], values)
    return request.program()


def jvp(program: Program, wrt: Names = None, of: Names = None, function: str | None = None) -> Program:
    """
    ``<result>_dot = sum d result / d arg <arg>_dot``: extra arguments `<arg>_dot`, extra results `<result>_dot`.

    The new function is called `<f>_jvp`. Errors as `value_and_grad`.
    """
    request = Request(program, program.function(function), "jvp")
    inputs, outputs = request.wrt(wrt), request.of(of)
    dots = [request.direction(request.argument(k), "dot") for k in inputs]
    values = request.jvp(inputs, outputs, dots)
    request.extra([request.result_beside(k, "dot") for k in outputs], values)
    return request.program()


def hvp(program: Program, wrt: Names = None, of: Names = None, function: str | None = None) -> Program:
    """
    ``<arg>_hvp = sum d^2 of / (d arg d arg') <arg'>_dot``, forward over reverse.

    Extra arguments `<arg>_dot`; extra results `<arg>_grad`, then `<arg>_hvp`. `of` and `function` as
    `value_and_grad`. The new function is called `<f>_hvp`.
    """
    signature = loss_function(program, function)
    inner = value_and_grad(program, wrt, of, signature.name)
    request = Request(inner, inner.function(), "hvp", name=f"{signature.name}_hvp")
    inputs = request.wrt(wrt if wrt is not None else Request(program, signature, "grad").default_wrt())
    first = len(signature.results)
    outputs = list(range(first, first + len(inputs)))
    dots = [request.direction(request.argument(k), "dot") for k in inputs]
    values = request.jvp(inputs, outputs, dots)
    request.extra([request.beside(k, "hvp") for k in inputs], values)
    return request.program()


def gauss_newton(program: Program, wrt: Names = None, of: Names = None, function: str | None = None) -> Program:
    """
    ``<arg>_gn = J^T J <arg>_dot`` with J the Jacobian of `of` (default all float results).

    Extra arguments `<arg>_dot`, extra results `<arg>_gn`. The new function is called `<f>_gn`.
    """
    request = Request(program, program.function(function), "gn")
    inputs, outputs = request.wrt(wrt), request.of(of)
    dots = [request.direction(request.argument(k), "dot") for k in inputs]
    tangents = request.jvp(inputs, outputs, dots)
    values = request.vjp(inputs, outputs, tangents)
    request.extra([request.beside(k, "gn") for k in inputs], values)
    return request.program()


def loss_function(program: Program, function: str | None) -> Signature:
    """The function named, else the first whose name ends in `_loss`, else the first."""
    if function is None:
        function = next((name for name in program.functions if name.endswith("_loss")), None)
    return program.function(function)


@dataclass
class Request:
    """Builds `@<f>_<suffix>`, which asks for derivatives of `@f`."""

    source: Program
    signature: Signature
    suffix: str
    name: str = ""
    block: Block = field(default_factory=Block)
    arguments: list[DictionaryAttr] = field(default_factory=list[DictionaryAttr])
    results: list[tuple[SSAValue, DictionaryAttr]] = field(default_factory=list[tuple[SSAValue, DictionaryAttr]])

    def __post_init__(self) -> None:
        self.name = self.name or f"{self.signature.name}_{self.suffix}"
        self.module = self.source.differentiable.clone()
        self.function = next(
            op for op in self.module.ops if isinstance(op, func.FuncOp) and op.sym_name.data == self.signature.name
        )
        for argument, data in zip(self.function.body.block.args, attributes_of(self.function.arg_attrs), strict=True):
            new = self.block.insert_arg(argument.type, len(self.block.args))
            new.name_hint = argument.name_hint
            self.arguments.append(data)
        self.inputs = list(self.block.args)
        self.sizes = len(self.signature.sizes)
        self.outputs = self.function.function_type.outputs.data

    # Names -----------------------------------------------------------------------------------

    def wrt(self, names: Names) -> list[int]:
        """Positions among the function's arguments of the arrays named."""
        chosen = self.default_wrt() if names is None else as_list(names)
        return [self.sizes + self.position("wrt", n, self.signature.arguments, "argument") for n in chosen]

    def default_wrt(self) -> list[str]:
        """`params`, or the arguments with initial values (the params of an index program)."""
        named = [a.name for a in self.signature.arguments]
        if "params" in named:
            return ["params"]
        found = [
            n
            for n, data in zip(named, self.arguments[self.sizes :], strict=True)
            if "anamc.param" in data.data or "anamc.init" in data.data
        ]
        if not found:
            raise CallError(
                "A1104",
                f"'{shown(self.signature.name)}' has no params: say what to differentiate with respect to",
                why="its arguments are " + ", ".join(f"'{shown(n)}'" for n in named),
                help="wrt=[...]",
            )
        return found

    def of(self, names: Names) -> list[int]:
        """Positions of the results named; default all floats."""
        if names is None:
            return [k for k, r in enumerate(self.signature.results) if r.dtype.startswith("float")]
        return [self.position("of", n, self.signature.results, "result") for n in as_list(names)]

    def scalar(self, names: Names) -> list[int]:
        """The position of one result of one element."""
        results = self.signature.results
        if names is None:
            found = [k for k, r in enumerate(results) if is_one(r) and r.dtype.startswith("float")]
            if len(found) != 1:
                raise CallError(
                    "A1107",
                    f"'{shown(self.signature.name)}' has {len(found) or 'no'} results of one element",
                    why="its results are " + ", ".join(f"'{shown(r.name)}' {list(r.dims)}" for r in results),
                    help="of=... names the one to differentiate" if found else "use anamc.vjp for results of more",
                )
            return found
        chosen = self.of(names)
        for k in chosen:
            if len(chosen) != 1 or not is_one(results[k]):
                raise CallError(
                    "A1107",
                    f"the gradient is of one result of one element, got '{shown(results[k].name)}' of shape "
                    f"{list(results[k].dims)}"
                    if len(chosen) == 1
                    else f"the gradient is of one result, got {len(chosen)}",
                    help="use anamc.vjp for results of more elements",
                )
        return chosen

    def position(self, what: str, name: str, arrays: Sequence[Array], kind: str) -> int:
        """Where an array of this name stands; CallError where there is none, or none of floats."""
        for k, array in enumerate(arrays):
            if array.name != name:
                continue
            if not array.dtype.startswith("float"):
                raise CallError(
                    "A1106", f"{what}: the {kind} '{shown(name)}' is {array.dtype}", why="only floats have derivatives"
                )
            return k
        raise CallError(
            "A1105",
            f"{what}: '{shown(self.signature.name)}' has no {kind} '{shown(name)}'",
            why=f"its {kind}s are " + ", ".join(f"'{shown(a.name)}'" for a in arrays),
        )

    # The body --------------------------------------------------------------------------------

    def argument(self, k: int) -> tuple[Attribute, DictionaryAttr]:
        return self.inputs[k].type, self.arguments[k]

    def result(self, k: int) -> tuple[Attribute, DictionaryAttr]:
        return self.outputs[k], attributes_of(self.function.res_attrs)[k]

    def direction(self, of: tuple[Attribute, DictionaryAttr], suffix: str) -> SSAValue:
        """A new argument beside an argument or result."""
        type, data = of
        named = beside(data, suffix)
        argument = self.block.insert_arg(type, len(self.block.args))
        argument.name_hint = hint_of(named)
        self.arguments.append(named)
        return argument

    def one(self, k: int) -> SSAValue:
        """A cotangent of 1."""
        type = self.outputs[k]
        element = type.element_type if isinstance(type, TensorType) else type
        if not isinstance(element, AnyFloat) or not isinstance(type, TensorType):
            raise CallError("A1106", f"of: a result of type {type} has no derivative")
        return self.add(tensor.SplatOp(self.add(arith.ConstantOp(FloatAttr(1.0, element))), [], type))

    def add(self, op: Operation) -> SSAValue:
        self.block.add_op(op)
        return op.results[0]

    def vjp(self, wrt: Sequence[int], of: Sequence[int], bars: Sequence[SSAValue]) -> Sequence[SSAValue]:
        """Cotangents of the arguments; the function's own results are kept."""
        types = [*self.outputs, *(self.inputs[k].type for k in wrt)]
        return self.ask(ad.VjpOp, wrt, of, bars, types)

    def jvp(self, wrt: Sequence[int], of: Sequence[int], dots: Sequence[SSAValue]) -> Sequence[SSAValue]:
        """Tangents of the results; the function's own results are kept."""
        return self.ask(ad.JvpOp, wrt, of, dots, [*self.outputs, *(self.outputs[k] for k in of)])

    def ask(
        self,
        kind: Callable[..., ad.RequestOp],
        wrt: Sequence[int],
        of: Sequence[int],
        directions: Sequence[SSAValue],
        types: Sequence[Attribute],
    ) -> Sequence[SSAValue]:
        op = kind(self.signature.name, self.inputs, directions, wrt, of, types)
        self.block.add_op(op)
        count = len(self.outputs)
        if not self.results:
            self.results += zip(op.results[:count], attributes_of(self.function.res_attrs), strict=True)
        return op.results[count:]

    def beside(self, k: int, suffix: str) -> DictionaryAttr:
        """The attributes of a result that belongs to argument `k`."""
        return beside(self.arguments[k], suffix)

    def result_beside(self, k: int, suffix: str) -> DictionaryAttr:
        return beside(attributes_of(self.function.res_attrs)[k], suffix)

    def extra(self, attributes: Sequence[DictionaryAttr], values: Sequence[SSAValue]) -> None:
        """More results."""
        self.results += zip(values, attributes, strict=True)

    def program(self) -> Program:
        """The program whose one public function answers the request."""
        self.block.add_op(func.ReturnOp(*(v for v, _ in self.results)))
        made = func.FuncOp(
            self.name,
            ([a.type for a in self.block.args], [v.type for v, _ in self.results]),
            Region(self.block),
            arg_attrs=ArrayAttr(self.arguments),
            res_attrs=ArrayAttr(data for _, data in self.results),
        )
        made.attributes |= {k: a for k, a in self.function.attributes.items() if k in KEPT}
        for op in self.module.ops:
            if isinstance(op, func.FuncOp) and op.body.blocks:
                op.properties["sym_visibility"] = StringAttr("private")
        self.module.body.block.add_op(made)
        return Program(expanded(self.module), self.source.name, is_generated=self.source.is_generated)


def expanded(module: ModuleOp) -> ModuleOp:
    """Requests answered, helpers inlined, common subexpressions shared."""
    return run(module, PASSES, options={"ad-expand": {"keep-hints": (True,)}})


def beside(data: DictionaryAttr, suffix: str) -> DictionaryAttr:
    """The attributes of an array, for the one that stands beside it: the same dimensions, `<name>_<suffix>`."""
    name = data.data.get("anamc.name")
    kept: dict[str, Attribute] = {k: a for k, a in data.data.items() if k == "anamc.dims"}
    return DictionaryAttr(
        {"anamc.name": StringAttr(f"{name.data if isinstance(name, StringAttr) else ''}_{suffix}"), **kept}
    )


def hint_of(data: DictionaryAttr) -> str | None:
    name = data.data.get("anamc.name")
    text = name.data if isinstance(name, StringAttr) else ""
    return text if text.isidentifier() and text.isascii() else None


def attributes_of(attributes: ArrayAttr[DictionaryAttr] | None) -> list[DictionaryAttr]:
    return list(attributes.data) if attributes is not None else []


def as_list(names: str | Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def is_one(array: Array) -> bool:
    """True for an array of one element."""
    return all(d == 1 for d in array.dims) and len(array.dims) <= 1
