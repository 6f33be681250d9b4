"""The function that asks for a derivative, built and expanded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, count

from xdsl.dialects import arith, func, tensor
from xdsl.dialects.builtin import (
    AnyFloat,
    ArrayAttr,
    DictionaryAttr,
    FloatAttr,
    IndexType,
    ModuleOp,
    StringAttr,
    TensorType,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue

from anamc.dialects import ad
from anamc.errors import CallError
from anamc.pipelines import run
from anamc.program import Program, Signature, location_of

KEPT = ("anamc.blocks", "anamc.requires")
"""Attributes of a function that its derivative has as well."""

PASSES = ("ad-expand", "inline-calls", "simplify-floats", "expose-sizes", "cse")
"""From requests to operations; directions that are constant (ones, or zeros for a rule of the user's) fold last."""


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
            new.name_hint, new.location = argument.name_hint, argument.location
            self.arguments.append(data)
        self.inputs = list(self.block.args)
        self.arrays = [k for k, argument in enumerate(self.inputs) if not isinstance(argument.type, IndexType)]
        self.outputs = self.function.function_type.outputs.data

    # The body --------------------------------------------------------------------------------

    def argument(self, k: int) -> tuple[SSAValue, DictionaryAttr]:
        """Value and attributes of an array, counted without the run-time sizes."""
        return self.inputs[self.arrays[k]], self.arguments[self.arrays[k]]

    def result(self, k: int) -> tuple[SSAValue, DictionaryAttr]:
        """Value, in the function that is differentiated, and attributes of a result."""
        last = self.function.body.block.last_op
        if last is None:
            raise CallError("A1106", f"of: '{self.signature.name}' has no results")
        return last.operands[k], attributes_of(self.function.res_attrs)[k]

    def direction(self, of: tuple[SSAValue, DictionaryAttr], suffix: str) -> SSAValue:
        """A new argument beside an argument or result, with its place in the user's file."""
        value, data = of
        named = distinct(beside(data, suffix), self.arguments)
        argument = self.block.insert_arg(value.type, len(self.block.args))
        argument.name_hint, argument.location = hint_of(named), location_of(value)
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
        types = [*self.outputs, *(self.argument(k)[0].type for k in wrt)]
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
        op = kind(self.signature.name, self.inputs, directions, [self.arrays[k] for k in wrt], of, types)
        self.block.add_op(op)
        count = len(self.outputs)
        if not self.results:
            self.results += zip(op.results[:count], attributes_of(self.function.res_attrs), strict=True)
        return op.results[count:]

    def beside(self, k: int, suffix: str) -> DictionaryAttr:
        """The attributes of a result that belongs to argument `k`."""
        return beside(self.argument(k)[1], suffix)

    def result_beside(self, k: int, suffix: str) -> DictionaryAttr:
        return beside(attributes_of(self.function.res_attrs)[k], suffix)

    def extra(self, attributes: Sequence[DictionaryAttr], values: Sequence[SSAValue]) -> None:
        """More results."""
        for value, data in zip(values, attributes, strict=True):
            self.results.append((value, distinct(data, [given for _, given in self.results])))

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
        source = self.source
        return Program(expanded(self.module), source.name, is_generated=source.is_generated, left_out=source.left_out)


def expanded(module: ModuleOp) -> ModuleOp:
    """Requests answered, helpers inlined, common subexpressions shared."""
    return run(module, PASSES, options={"ad-expand": {"keep-hints": (True,)}})


def beside(data: DictionaryAttr, suffix: str) -> DictionaryAttr:
    """The attributes of an array, for the one that stands beside it: the same dimensions, `<name>_<suffix>`."""
    kept: dict[str, Attribute] = {k: a for k, a in data.data.items() if k == "anamc.dims"}
    return DictionaryAttr({"anamc.name": StringAttr(f"{name_of(data)}_{suffix}"), **kept})


def distinct(data: DictionaryAttr, others: Iterable[DictionaryAttr]) -> DictionaryAttr:
    """The attributes of one more array: its name gets `_2`, `_3`, ... where one of the others has it already."""
    name, taken = name_of(data), {name_of(other) for other in others}
    free = next(n for n in chain([name], (f"{name}_{k}" for k in count(2))) if n not in taken)
    return DictionaryAttr({**data.data, "anamc.name": StringAttr(free)})


def name_of(data: DictionaryAttr) -> str:
    """The user's name of an argument or result; empty where it has none."""
    name = data.data.get("anamc.name")
    return name.data if isinstance(name, StringAttr) else ""


def hint_of(data: DictionaryAttr) -> str | None:
    text = name_of(data)
    return text if text.isidentifier() and text.isascii() else None


def attributes_of(attributes: ArrayAttr[DictionaryAttr] | None) -> list[DictionaryAttr]:
    return list(attributes.data) if attributes is not None else []
