"""The body of one function of a program: arguments, and the kernels that it computes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from xdsl.dialects import arith, func, tensor
from xdsl.dialects.builtin import FloatAttr, FunctionType, IndexType, StringAttr, TensorType, f64, i32
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.rewriter import Rewriter

from anamc.dialects import ad, nest
from anamc.dialects.access import identity
from anamc.frontends.index_notation.bounds import Range
from anamc.frontends.index_notation.forms import Shape
from anamc.frontends.index_notation.nests import emit_kernel, empty, tensor_type
from anamc.frontends.index_notation.numbers import Numbers
from anamc.frontends.index_notation.polynomials import Polynomial, Symbol
from anamc.frontends.index_notation.source import Source, Spot
from anamc.frontends.index_notation.terms import Kernel, Tangent, Tensor, Type

if TYPE_CHECKING:
    from anamc.frontends.index_notation.outlines import Outlines

ELEMENTS: dict[Type, Attribute] = {Type.SCALAR: f64, Type.INDEX: i32}

Version = tuple[Tensor, int]
"""A tensor as it stands when so many kernels have written it."""


class Body:
    """Builds one function; its arguments are all run-time sizes, then versions of tensors."""

    def __init__(
        self,
        source: Source,
        shapes: Mapping[Tensor, Shape],
        sizes: Sequence[str],
        arguments: Sequence[Version],
        outlines: Outlines,
    ) -> None:
        self.source = source
        self.shapes = shapes
        self.outlines = outlines
        self.dimensions = {size for shape in shapes.values() for size in shape}
        self.spot = Spot(1, 1)
        types = [self.type(t) for t, _ in arguments]
        self.block = Block(arg_types=[*([IndexType()] * len(sizes)), *types])
        self.sizes = dict(zip(sizes, self.block.args, strict=False))
        self.arguments = self.block.args[len(sizes) :]
        for value, hint in zip(self.block.args, [*sizes, *(t.hint for t, _ in arguments)], strict=True):
            value.name_hint = hint
        for value, (given, _) in zip(self.arguments, arguments, strict=True):
            value.location = source.location(given.spot)
        self.values: dict[Version, SSAValue] = dict(zip(arguments, self.arguments, strict=True))
        self.numbers = Numbers(self.insert, self._symbol)

    def shape(self, tensor: Tensor) -> Shape:
        return self.shapes[tensor.like or tensor]

    def type(self, tensor: Tensor) -> TensorType[Attribute]:
        return tensor_type(ELEMENTS[tensor.type], self.shape(tensor))

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
        if (tensor, version) not in self.values and tensor.choices:
            return self.version(*self.outlines.resolved(tensor, version, self.spot))
        if (tensor, version) not in self.values and tensor.tangent is not None:
            self.values[tensor, version] = self._tangent(tensor, tensor.tangent)
        return self.values[tensor, version]

    def insert(self, op: Operation) -> SSAValue:
        """Appends an operation to the function, at the place of the statement that it comes from."""
        location = self.source.location(self.spot)
        for inner in op.walk():
            inner.location = location
        self.block.add_op(op)
        return op.results[0]

    # Kernels ---------------------------------------------------------------------------------

    def before(self, kernel: Kernel) -> SSAValue:
        """What a kernel adds to."""
        found = self.values.get((kernel.tensor, kernel.version - 1))
        return self.filled(kernel.tensor, 0.0) if found is None else found

    def kernel(self, kernel: Kernel) -> None:
        """Computes what a kernel writes, by a call where it has a gradient of its own."""
        self.spot = kernel.spot
        before = self.before(kernel)
        if self.outlines.is_empty(kernel):
            after = before
        elif kernel.gradient:
            rule = self.outlines.custom(kernel)
            values = [*self.sizes.values(), *(self.version(*v) for v in rule.reads), before]
            after = self.insert(func.CallOp(rule.name, values, [before.type]))
        else:
            after = self.nest(kernel, before)
        if not self.outlines.is_empty(kernel):
            after.name_hint = kernel.tensor.name
        self.values[kernel.tensor, kernel.version] = after

    def nest(self, kernel: Kernel, before: SSAValue) -> SSAValue:
        return self.insert(emit_kernel(self, kernel, self.outlines.solved[kernel], before))

    def _tangent(self, tensor: Tensor, tangent: Tangent) -> SSAValue:
        """A request for the derivative of a function that computes the tensor."""
        part = self.outlines.part(tangent)
        values = [*self.sizes.values(), *(self.version(*v) for v in part.reads)]
        wrt = len(self.sizes) + part.reads.index(self.outlines.resolved(tangent.wrt, tangent.wrt_version, self.spot))
        type = self.type(tensor)
        op = ad.JvpOp(part.name, values, [self.filled(tangent.wrt, 1.0)], [wrt], None, [type, type])
        self.insert(op)
        return op.results[1]

    def filled(self, like: Tensor, value: float) -> SSAValue:
        """One number everywhere, in the shape of a tensor."""
        shape = self.shape(like)
        number = self.insert(arith.ConstantOp(FloatAttr(value, f64)))
        sizes = [self.size(s) for s in shape if s.value is None]
        return self.insert(tensor.SplatOp(number, sizes, tensor_type(f64, shape)))

    def copy(self, value: SSAValue, shape: Shape) -> SSAValue:
        """An argument that is a result as well."""
        type = value.type
        element = type.element_type if isinstance(type, TensorType) else f64
        init = self.insert(empty(self, element, shape))
        block = Block(arg_types=[*([IndexType()] * len(shape)), element])
        block.add_op(nest.YieldOp(block.args[-1]))
        extents = [v if (v := s.value) is not None else self.size(s) for s in shape]
        access = identity(len(shape))
        return self.insert(nest.MapOp(extents, [(value, access)], [("set", init, access)], Region(block)))

    def function(self, name: str, results: Iterable[SSAValue], properties: Mapping[str, Attribute]) -> func.FuncOp:
        """The function that returns `results`."""
        found = list(results)
        self.block.add_op(func.ReturnOp(*found))
        for op in reversed(list(self.block.ops)):  # kernels of which only a derivative is needed
            if op.results and not any(r.uses.get_length() for r in op.results):
                Rewriter.erase_op(op)
        types = FunctionType.from_lists([a.type for a in self.block.args], [r.type for r in found])
        op = func.FuncOp.build(
            properties={"sym_name": StringAttr(name), "function_type": types, **properties},
            regions=[Region(self.block)],
        )
        op.location = self.source.location(Spot(1, 1))
        return op
