"""Tensors: reads `t[i, j]` and `t.flat[i]`, kernels `t[i, j] += term`, shapes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from anamc.frontends.index_notation import syntax
from anamc.frontends.index_notation.source import Spot
from anamc.index.places import here, misuse
from anamc.index.terms import Looped, Term, Value, joined, operation, term

if TYPE_CHECKING:
    from anamc.index.program import Program


class View:
    """A tensor, or its flat data, as Python's brackets see it."""

    __iter__ = None
    __contains__ = None

    def __init__(self, tensor: Tensor, is_flat: bool) -> None:
        self.tensor = tensor
        self.is_flat = is_flat

    def __getitem__(self, index: Any) -> Element:
        indices = [term(i) for i in (index if isinstance(index, tuple) else (index,))]
        if self.is_flat and len(indices) != 1:
            raise misuse("A1021", f"flat data has one index, got {len(indices)}")
        return Element(self, indices)

    def __setitem__(self, index: Any, value: object) -> None:
        """The second half of `t[i] += term`."""
        if not isinstance(value, Increment) or value.element.view.key != self.key:
            help = f"kernels add: {self.tensor.name}[...] += ..."
            raise misuse("A1054", "an element is assigned", help=help)
        element, added = value.element, value.added
        at, indices = element.node.spot, tuple(i.node for i in element.indices)
        target = syntax.Target(at, self.tensor.name, self.tensor.is_grad, indices, self.is_flat)
        self.tensor.program.add_kernel(target, element, added)

    @property
    def key(self) -> tuple[str, bool, bool]:
        """Equal for views of the same data."""
        return self.tensor.name, self.tensor.is_grad, self.is_flat


class Element(Term):
    """`t[i, j]` or `t.flat[i]`: a read, and what `+=` writes."""

    def __init__(self, view: View, indices: list[Term]) -> None:
        name = view.tensor.node(here())
        nodes = tuple(i.node for i in indices)
        node = syntax.Flat(here(), name, nodes[0]) if view.is_flat else syntax.At(here(), name, nodes)
        found = joined(node, [Term(name, (), view.tensor.program), *indices])
        super().__init__(node, found.iterators, found.program)
        self.view = view
        self.indices = indices

    def __iadd__(self, other: Value) -> Increment:
        return Increment(self, term(other))

    def __isub__(self, other: Value) -> Increment:
        value = term(other)
        negated = operation("u-", value)
        return Increment(self, Looped(negated, value.loops) if isinstance(value, Looped) else negated)


class Increment(Term):
    """`t[i] + term` that becomes a kernel where it is written back to `t[i]`."""

    def __init__(self, element: Element, added: Term) -> None:
        sum = operation("+", element, added)
        super().__init__(sum.node, sum.iterators, sum.program)
        self.element = element
        self.added = added


class Shape:
    """`t.shape`: `t.shape[d]` is a size, `t.shape.len` the rank."""

    __iter__ = None

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor

    def __getitem__(self, dim: int) -> Term:
        spot = here()
        node = syntax.Property(spot, self.tensor.node(spot), "shape")
        return Term(syntax.At(spot, node, (term(dim).node,)), (), self.tensor.program)

    @property
    def len(self) -> Term:
        """The number of dimensions."""
        spot = here()
        node = syntax.Property(spot, self.tensor.node(spot), "shape")
        return Term(syntax.Property(spot, node, "len"), (), self.tensor.program)


class Tensor(View):
    """An input, a parameter, or a tensor that kernels write; made by a `Program`."""

    term_help = "index it: t[i] or t.flat[i]"

    def __init__(
        self, program: Program, name: str, is_grad: bool = False, node: Callable[[Spot, str], syntax.Expr] = syntax.Name
    ) -> None:
        super().__init__(self, False)
        self.program = program
        self.name = name
        self.is_grad = is_grad
        self._node = node

    def node(self, at: Spot) -> syntax.Expr:
        """The tensor by its name."""
        return self._node(at, self.name)

    @property
    def flat(self) -> View:
        """The data as one row: `t.flat[i]` is `t{i}`."""
        return View(self, True)

    @property
    def shape(self) -> Shape:
        """`t.shape[d]`; assign a tuple to give the shape of a tensor that kernels write."""
        return Shape(self)

    @shape.setter
    def shape(self, dims: Any) -> None:
        self.program.add_shape(self, [term(d) for d in (dims if isinstance(dims, list | tuple) else (dims,))])

    @property
    def len(self) -> Term:
        """How many elements."""
        spot = here()
        return Term(syntax.Property(spot, self.node(spot), "len"), (), self.program)

    def reshape(self, *dims: int | str | Term) -> Tensor:
        """The data in another shape: `x.reshape(-1, 784)`."""
        return self.program.reshape(self, *dims)

    def _no_number(self, *_: object) -> NoReturn:
        raise misuse("A1050", f"the tensor '{self.name}' is no number", help=self.term_help)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _no_number
    __mod__ = __rmod__ = __floordiv__ = __rfloordiv__ = __pow__ = __rpow__ = __neg__ = __abs__ = _no_number
    __lt__ = __gt__ = __le__ = __ge__ = __and__ = __or__ = __invert__ = __bool__ = _no_number
    __array_ufunc__ = None

    def __repr__(self) -> str:
        return f"<tensor {self.name}>"
