"""A checked program with its shapes to a module with one function on tensors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    FloatAttr,
    FunctionType,
    IndexType,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    UnitAttr,
    f64,
)
from xdsl.ir import Attribute, BlockArgument, Operation, SSAValue

from anamc.errors import shown
from anamc.frontends.index_notation.conditions import Conditions
from anamc.frontends.index_notation.functions import Plan, plans
from anamc.frontends.index_notation.outlines import Outlines
from anamc.frontends.index_notation.polynomials import Polynomial
from anamc.frontends.index_notation.shapes import Inference, Solved
from anamc.frontends.index_notation.source import Spot
from anamc.frontends.index_notation.terms import Kernel, Program, Tensor


def emit_module(program: Program, inference: Inference, solved: dict[Kernel, Solved], name: str) -> ModuleOp:
    """
    The module of a program, verified by its caller: a function for each goal.

    Indices that are certainly out of range are refused in every kernel, also in those that no goal
    needs; what sizes must satisfy is asked for by the functions with these kernels.
    """
    limits = Conditions(program, inference, solved)
    emissions = [Emission(program, inference, solved, plan, limits) for plan in plans(program, name)]
    return ModuleOp([op for emission in emissions for op in emission.functions()])


class Emission:
    """Builds one function of a program."""

    def __init__(
        self, program: Program, inference: Inference, solved: dict[Kernel, Solved], plan: Plan, limits: Conditions
    ) -> None:
        self.program = program
        self.plan = plan
        self.source = program.source
        self.shapes = inference.shapes
        self.conditions = limits.of(plan)
        self.results: list[SSAValue] = []
        self.outlines = Outlines(program, inference.shapes, solved, plan)
        self.body = self.outlines.body([(t, 0) for t in program.arguments])
        self.sizes = self.body.sizes
        self.arguments = dict(zip(program.arguments, self.body.arguments, strict=True))

    def functions(self) -> list[Operation]:
        """The function behind the private ones that it calls. That of a target has only the arguments that it needs."""
        for kernel in self.plan.kernels:
            self.body.kernel(kernel)
        outputs = self.plan.goal.outputs
        function = self.body.function(self.plan.name, [self._result(tensor, spot) for tensor, spot in outputs], {})
        if self.plan.goal.target is not None:
            self._drop_unused()
            inputs = [a.type for a in self.body.block.args]
            function.properties["function_type"] = FunctionType.from_lists(inputs, list(function.function_type.outputs))
        function.properties["arg_attrs"] = ArrayAttr([*self._size_attributes(), *map(self._argument, self.arguments)])
        function.properties["res_attrs"] = ArrayAttr(self._names(t) for t, _ in outputs)
        function.attributes |= self._requirements()
        return [*self.outlines.ops, function]

    def _drop_unused(self) -> None:
        for unused in [t for t, value in self.arguments.items() if not value.uses.get_length()]:
            self.body.block.erase_arg(self.arguments.pop(unused))
        tensors = [*self.arguments, *(t for t, _ in self.plan.goal.outputs)]
        named = {s.name for t in tensors for size in self.shapes[t] for s in size.symbols}
        named |= {word for c in self.conditions for word in re.findall(r"\w+", c.text)}
        for name, value in list(self.sizes.items()):
            if name not in named and not value.uses.get_length():
                self.body.block.erase_arg(self.sizes.pop(name))

    def _result(self, tensor: Tensor, spot: Spot) -> SSAValue:
        self.body.spot = spot
        value = self.body.version(tensor, len(tensor.kernels))
        if not isinstance(value, BlockArgument) and all(value is not v for v in self.results):
            self.results.append(value)
            return value
        return self.body.copy(value, self.shapes[tensor])

    # Attributes ------------------------------------------------------------------------------

    def _size_attributes(self) -> list[DictionaryAttr]:
        return [DictionaryAttr({"anamc.name": StringAttr(name)}) for name in self.sizes]

    def _argument(self, tensor: Tensor) -> DictionaryAttr:
        data = dict(self._names(tensor).data)
        if tensor.role == "cache":
            data["anamc.cache"] = UnitAttr()
        if tensor.role == "param":
            data["anamc.param"] = UnitAttr()
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
