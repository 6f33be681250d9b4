"""Kernels to `nest.map`: index polynomials to access maps, bodies to scalar operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, IndexType, TensorType, i64
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.ir.affine import (
    AffineExpr,
)

from anamc.dialects import nest
from anamc.dialects.index_arithmetic import constant_bounds
from anamc.frontends.index_notation.axes import Loop, Reach, iterators_of, loops, unflattened
from anamc.frontends.index_notation.bounds import Range
from anamc.frontends.index_notation.forms import Forms
from anamc.frontends.index_notation.indices import Indices, Place, reach_of
from anamc.frontends.index_notation.numbers import Numbers
from anamc.frontends.index_notation.polynomials import (
    Polynomial,
    Symbol,
    iterator,
    lift,
)
from anamc.frontends.index_notation.scalars import Scalars
from anamc.frontends.index_notation.shapes import Solved
from anamc.frontends.index_notation.terms import Kernel, OfTensor, Read, Tensor, Term, Type, Variable

INDEX = IndexType()


class Surroundings(Protocol):
    """What a nest needs of the function around it."""

    def size(self, number: Polynomial) -> SSAValue: ...
    def extent(self, range: Range) -> Polynomial: ...
    def version(self, tensor: Tensor, version: int) -> SSAValue: ...
    def insert(self, op: Operation) -> SSAValue: ...


class Nest:
    """One `nest.map` in the making."""

    def __init__(self, around: Surroundings, solved: Solved, loops: dict[str, Loop], tables: Tables) -> None:
        self.around = around
        self.forms: Forms = solved.forms
        self.ranges = solved.ranges
        self.loops = loops
        self.computed = tables
        self.axes = [axis for loop in loops.values() for axis in loop.axes]
        self.sizes: list[SSAValue] = []
        self.tables: list[SSAValue] = []
        self.reads: dict[tuple[SSAValue, Place], SSAValue] = {}
        self.block = Block(arg_types=[INDEX] * len(self.axes))
        for argument, axis in zip(self.block.args, self.axes, strict=True):
            argument.name_hint = axis.name
        self.scalars = Scalars(self.block, self.given)
        self.numbers = Numbers(self.scalars.add, self.symbol)

    # Bodies ----------------------------------------------------------------------------------

    def given(self, term: Term) -> SSAValue | None:
        """The value of a term that no instruction computes."""
        match term:
            case Read():
                return self._element(term)
            case Variable(kind="iterator"):
                return self.numbers.of(iterator(term.name))
            case Variable() | OfTensor():
                return self.numbers.of(self.forms.of(term))
            case _:
                return None

    def symbol(self, symbol: Symbol) -> SSAValue:
        """The value of a symbol inside the body."""
        match symbol.kind:
            case "size":
                return self.around.size(Polynomial((((symbol,), 1),)))
            case "data":
                return self.scalars.of(self.forms.origins[symbol.name])
            case "iterator":
                loop = self.loops[symbol.name]
                total = self.block.args[loop.first]
                if loop.is_flat:
                    return self._linear(loop)
                return total if loop.low == lift(0) else self.scalars.add(arith.AddiOp(total, self._size(loop.low)))

    def _linear(self, loop: Loop) -> SSAValue:
        parts: list[SSAValue] = []
        for k, stride in enumerate(loop.strides()):
            d = self.block.args[loop.first + k]
            parts.append(d if stride == lift(1) else self.scalars.add(arith.MuliOp(d, self._size(stride))))
        return self.numbers.fold(arith.AddiOp, parts)

    def _size(self, number: Polynomial) -> SSAValue:
        value = number.value
        return self.around.size(number) if value is None else self.scalars.index(value)

    def _element(self, read: Read) -> SSAValue:
        source = self.around.version(read.tensor, read.version)
        key = (source, self.place(reach_of(read, self.forms)))
        if key not in self.reads:
            element = source.type.element_type if isinstance(source.type, TensorType) else source.type
            self.reads[key] = self.block.insert_arg(element, len(self.block.args))
            self.reads[key].name_hint = f"{read.tensor.hint}_"
        value = self.reads[key]
        return value if read.type is Type.SCALAR else self.scalars.add(arith.IndexCastOp(value, INDEX))

    # Accesses --------------------------------------------------------------------------------

    def place(self, reach: Reach) -> Place:
        """The access of a reach into a tensor."""
        shape = self.forms.shape(reach.tensor) or ()
        if not reach.is_flat:
            indices = reach.indices
        elif (loop := self._flat_loop(reach)) is not None:
            dims = range(loop.first, loop.first + len(loop.axes))
            return Place(tuple(AffineExpr.dimension(d) for d in dims), ())
        else:
            indices = unflattened(reach.indices[0], shape)
        maker = Indices(self, True)
        made = tuple(self._inside(maker, i, s) for i, s in zip(indices, shape, strict=True))
        return Place(made, tuple(maker.reads))

    def _flat_loop(self, reach: Reach) -> Loop | None:
        return next((p for p in self.loops.values() if p.is_flat and reach.indices == (iterator(p.name),)), None)

    def _inside(self, maker: Indices, index: Polynomial, size: Polynomial) -> AffineExpr:
        """An index as a map; through a table where only its exact bounds show that it stays inside."""
        made = maker.of(index)
        extents = [a.extent.value for a in self.axes]
        if made is not None and 0 not in extents:
            rough = constant_bounds(made, extents)
            limit = size.value
            if rough is None or (rough[0] >= 0 and (limit is None or rough[1] < limit)):
                return made
        elif made is not None:
            return made
        return maker.table(index)

    def size_symbol(self, number: Polynomial) -> AffineExpr:
        """A size as an operand of the nest."""
        value = self.around.size(number)
        if value not in self.sizes:
            self.sizes.append(value)
        return AffineExpr.symbol(self.sizes.index(value))

    def finish(self, combiner: str, init: SSAValue, place: Place, result: SSAValue) -> nest.MapOp:
        """The operation that combines `result` into `init`."""
        self.block.add_op(nest.YieldOp(result))
        extents = [v if (v := a.extent.value) is not None else self.around.size(a.extent) for a in self.axes]
        dims, sizes = len(self.axes), len(self.sizes)
        reads = [(source, at.access(dims, sizes)) for source, at in self.reads]
        write = (combiner, init, place.access(dims, sizes))
        return nest.MapOp(extents, reads, [write], Region(self.block), self.tables, self.sizes)


class Tables:
    """Index tables that one kernel needs, each computed once by a nest over the iterators that it depends on."""

    def __init__(self, around: Surroundings, solved: Solved, loops: dict[str, Loop]) -> None:
        self.around = around
        self.solved = solved
        self.loops = loops
        self.known: dict[Polynomial, tuple[SSAValue, list[str]]] = {}

    def of(self, index: Polynomial) -> tuple[SSAValue, list[str]]:
        """The table of an index, and the iterators of its dimensions."""
        if index not in self.known:
            self.known[index] = self._compute(index)
        return self.known[index]

    def _compute(self, index: Polynomial) -> tuple[SSAValue, list[str]]:
        needed = set(index.iterators)
        for symbol in index.symbols:
            if symbol.kind == "data":
                needed |= iterators_of(self.solved.forms.origins[symbol.name])
        names = [n for n in self.loops if n in needed]
        inner: dict[str, Loop] = {}
        for k, name in enumerate(names):
            loop = self.loops[name]
            inner[name] = Loop(name, k, loop.axes, loop.low)
        made = Nest(self.around, self.solved, inner, Tables(self.around, self.solved, inner))
        value = made.scalars.add(arith.IndexCastOp(made.numbers.of(index), i64))
        extents = [a.extent for a in made.axes] or [lift(1)]
        init = self.around.insert(empty(self.around, i64, extents))
        at = tuple(AffineExpr.dimension(k) for k in range(len(names))) or (AffineExpr.constant(0),)
        op = made.finish("set", init, Place(at, ()), value)
        result = self.around.insert(op)
        result.name_hint = "at"
        return result, names


def empty(around: Surroundings, element: Attribute, shape: Sequence[Polynomial]) -> Operation:
    """An undefined tensor."""
    return tensor.EmptyOp([around.size(s) for s in shape if s.value is None], tensor_type(element, shape))


def tensor_type(element: Attribute, shape: Sequence[Polynomial]) -> TensorType[Attribute]:
    """The type of a tensor whose run-time sizes are dynamic."""
    return TensorType(element, [s.value if s.value is not None else DYNAMIC_INDEX for s in shape])


def emit_kernel(around: Surroundings, kernel: Kernel, solved: Solved, init: SSAValue) -> nest.MapOp:
    """The nest of a kernel; tables that it needs stand in front."""
    forms = solved.forms
    target = Reach(kernel.tensor, tuple(forms.of(i) for i in kernel.indices), kernel.is_flat)
    reaches = [target, *(reach_of(r, forms) for r in kernel.reads())]
    found = loops(kernel, solved, reaches, around.extent)
    made = Nest(around, solved, found, Tables(around, solved, found))
    value = made.scalars.of(kernel.body)
    return made.finish("add", init, made.place(target), value)
