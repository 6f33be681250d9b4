"""A checked program with its shapes to a module with one function on tensors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xdsl.dialects import arith, func, tensor
from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    FloatAttr,
    FunctionType,
    IndexType,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    TensorType,
    UnitAttr,
    f64,
    i32,
)
from xdsl.ir import Attribute, Block, BlockArgument, Operation, Region, SSAValue

from anamc.dialects import nest
from anamc.dialects.access import identity
from anamc.errors import shown
from anamc.frontends.index_notation.bounds import Range
from anamc.frontends.index_notation.conditions import Conditions
from anamc.frontends.index_notation.forms import Shape
from anamc.frontends.index_notation.functions import Plan, chosen, plans
from anamc.frontends.index_notation.nests import emit_kernel, empty, tensor_type
from anamc.frontends.index_notation.numbers import Numbers
from anamc.frontends.index_notation.polynomials import Polynomial, Symbol
from anamc.frontends.index_notation.shapes import Inference, Solved
from anamc.frontends.index_notation.source import Spot
from anamc.frontends.index_notation.terms import Kernel, Program, Tensor, Type

ELEMENTS: dict[Type, Attribute] = {Type.SCALAR: f64, Type.INDEX: i32}


def emit_module(program: Program, inference: Inference, solved: dict[Kernel, Solved], name: str) -> ModuleOp:
    """
    The module of a program, verified by its caller: a function for each goal.

    Indices that are certainly out of range are refused in every kernel, also in those that no goal
    needs; what sizes must satisfy is asked for by the functions with these kernels.
    """
    limits = Conditions(program, inference, solved)
    return ModuleOp([Emission(program, inference, solved, plan, limits).function() for plan in plans(program, name)])


class Emission:
    """Builds one function of a program."""

    def __init__(
        self, program: Program, inference: Inference, solved: dict[Kernel, Solved], plan: Plan, limits: Conditions
    ) -> None:
        self.program = program
        self.plan = plan
        self.source = program.source
        self.shapes = inference.shapes
        self.solved = solved
        self.conditions = limits.of(plan)
        self.dimensions = {size for shape in self.shapes.values() for size in shape}
        self.results: list[SSAValue] = []
        self.spot = Spot(1, 1)
        extra = {"epoch": program.uses_epoch, "seed": program.uses_seed}
        names = [*program.sizes, *(name for name, is_used in extra.items() if is_used)]
        types = [tensor_type(ELEMENTS[t.type], self.shapes[t]) for t in program.arguments]
        self.block = Block(arg_types=[*([IndexType()] * len(names)), *types])
        self.sizes = dict(zip(names, self.block.args, strict=False))
        self.arguments = dict(zip(program.arguments, self.block.args[len(names) :], strict=True))
        for value, hint in zip(self.block.args, [*names, *(t.name for t in program.arguments)], strict=True):
            value.name_hint = hint
        self.values: dict[tuple[Tensor, int], SSAValue] = {(t, 0): v for t, v in self.arguments.items()}
        self.numbers = Numbers(self.insert, self._symbol)

    # What nests need of the function ----------------------------------------------------------

    def _symbol(self, symbol: Symbol) -> SSAValue:
        return self.sizes[symbol.name]

    def size(self, number: Polynomial) -> SSAValue:
        """A size as a value of the function."""
        return self.numbers.of(number)

    def extent(self, range: Range) -> Polynomial:
        """How many numbers a range has; a dimension of a tensor needs no guard against being negative."""
        length = range.high - range.low
        return length if length in self.dimensions else range.extent

    def version(self, tensor: Tensor, version: int) -> SSAValue:
        """A tensor as it stood when so many kernels had written it."""
        while tensor.choices:
            found = chosen(self.source, self.plan.goal.target, tensor, self.spot)
            tensor, version = found.tensor, found.version
        return self.values[tensor, version]

    def insert(self, op: Operation) -> SSAValue:
        """Appends an operation to the function, at the place of the statement that it comes from."""
        location = self.source.location(self.spot)
        for inner in op.walk():
            inner.location = location
        self.block.add_op(op)
        return op.results[0]

    # The function ----------------------------------------------------------------------------

    def function(self) -> func.FuncOp:
        """The function. That of a target has only the arguments that it needs."""
        for kernel in self.plan.kernels:
            self.spot = kernel.spot
            self._kernel(kernel)
        outputs = self.plan.goal.outputs
        results = [self._result(tensor, spot) for tensor, spot in outputs]
        self.block.add_op(func.ReturnOp(*results))
        if self.plan.goal.target is not None:
            self._drop_unused()
        function = func.FuncOp.build(
            properties={
                "sym_name": StringAttr(self.plan.name),
                "function_type": FunctionType.from_lists([a.type for a in self.block.args], [r.type for r in results]),
                "arg_attrs": ArrayAttr([*self._size_attributes(), *map(self._argument, self.arguments)]),
                "res_attrs": ArrayAttr(self._names(t) for t, _ in outputs),
            },
            attributes=self._requirements(),
            regions=[Region(self.block)],
        )
        function.location = self.source.location(Spot(1, 1))
        return function

    def _drop_unused(self) -> None:
        for unused in [t for t, value in self.arguments.items() if not value.uses.get_length()]:
            self.block.erase_arg(self.arguments.pop(unused))
        tensors = [*self.arguments, *(t for t, _ in self.plan.goal.outputs)]
        named = {s.name for t in tensors for size in self.shapes[t] for s in size.symbols}
        named |= {word for c in self.conditions for word in re.findall(r"\w+", c.text)}
        for name, value in list(self.sizes.items()):
            if name not in named and not value.uses.get_length():
                self.block.erase_arg(self.sizes.pop(name))

    def _kernel(self, kernel: Kernel) -> None:
        written, solved = kernel.tensor, self.solved[kernel]
        before = self.values.get((written, kernel.version - 1))
        if before is None:
            before = self._zeros(self.shapes[written])
        if any(r.extent.value == 0 for r in solved.ranges.values()):
            after = before
        else:
            op = emit_kernel(self, kernel, solved, before)
            if kernel.text:
                op.attributes["anamc.gradient"] = StringAttr(kernel.text)
            after = self.insert(op)
            after.name_hint = written.name
        self.values[written, kernel.version] = after

    def _zeros(self, shape: Shape) -> SSAValue:
        zero = self.insert(arith.ConstantOp(FloatAttr(0.0, f64)))
        sizes = [self.size(s) for s in shape if s.value is None]
        return self.insert(tensor.SplatOp(zero, sizes, tensor_type(f64, shape)))

    def _result(self, tensor: Tensor, spot: Spot) -> SSAValue:
        self.spot = spot
        value = self.version(tensor, len(tensor.kernels))
        if not isinstance(value, BlockArgument) and all(value is not v for v in self.results):
            self.results.append(value)
            return value
        return self._copy(value, self.shapes[tensor])

    def _copy(self, value: SSAValue, shape: Shape) -> SSAValue:
        """An argument that is a result as well, or a result that stands twice."""
        type = value.type
        element = type.element_type if isinstance(type, TensorType) else f64
        init = self.insert(empty(self, element, shape))
        block = Block(arg_types=[*([IndexType()] * len(shape)), element])
        block.add_op(nest.YieldOp(block.args[-1]))
        extents = [v if (v := s.value) is not None else self.size(s) for s in shape]
        access = identity(len(shape))
        return self.insert(nest.MapOp(extents, [(value, access)], [("set", init, access)], Region(block)))

    # Attributes ------------------------------------------------------------------------------

    def _size_attributes(self) -> list[DictionaryAttr]:
        return [DictionaryAttr({"anamc.name": StringAttr(name)}) for name in self.sizes]

    def _argument(self, tensor: Tensor) -> DictionaryAttr:
        data = dict(self._names(tensor).data)
        if tensor.role == "cache":
            data["anamc.cache"] = UnitAttr()
        if tensor.init is not None:
            bounds = [FloatAttr(b, f64) for b in tensor.init]
            data["anamc.init"] = ArrayAttr[Attribute]([StringAttr("uniform"), *bounds])
        if not self.arguments[tensor].uses.get_length():
            data["anamc.unused"] = UnitAttr()
        return DictionaryAttr(data)

    def _names(self, tensor: Tensor) -> DictionaryAttr:
        return DictionaryAttr({"anamc.name": StringAttr(tensor.name), "anamc.dims": dims(self.shapes[tensor])})

    def _requirements(self) -> dict[str, Attribute]:
        """`anamc.requires`: pairs of a condition on sizes and what it is for, with the place."""
        found: list[Attribute] = []
        for c in self.conditions:
            reason = f"{self.source.place(c.spot)}: {c.reason}"
            found.append(ArrayAttr([StringAttr(c.text), StringAttr(shown(reason))]))
        return {"anamc.requires": ArrayAttr(found)} if found else {}


def dims(shape: Sequence[Polynomial]) -> ArrayAttr[Attribute]:
    """`["n", 3 : index, "2 * n + 1"]`"""
    return ArrayAttr(IntegerAttr(v, IndexType()) if (v := s.value) is not None else StringAttr(s.text) for s in shape)
