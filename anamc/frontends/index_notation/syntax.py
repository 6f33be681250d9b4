"""Index notation as it is written: statements and expressions with their places."""

from __future__ import annotations

from dataclasses import dataclass

from anamc.frontends.index_notation.source import Spot

OTHERWISE = "otherwise"
"""The branch of `cond` for all other targets."""

CHAINS = ("+", "-", "*", "/", "div", "mod", "and", "or")
"""Operators that may stand in long rows, which are read without nesting."""


@dataclass(frozen=True)
class Expr:
    """An expression; `spot` is where errors about it point."""

    spot: Spot

    @property
    def children(self) -> tuple[Expr, ...]:
        return ()


@dataclass(frozen=True)
class Number(Expr):
    """`2` is an index, `2.0` a scalar."""

    value: int | float


@dataclass(frozen=True)
class Name(Expr):
    text: str


@dataclass(frozen=True)
class Grad(Expr):
    """`grad(t)`"""

    text: str


@dataclass(frozen=True)
class Invoke(Expr):
    """`function(args)`; operators are functions with their own sign as name (`u-` for a sign)."""

    function: str
    args: tuple[Expr, ...]

    @property
    def children(self) -> tuple[Expr, ...]:
        return self.args


@dataclass(frozen=True)
class At(Expr):
    """`base[indices]`"""

    base: Expr
    indices: tuple[Expr, ...]

    @property
    def children(self) -> tuple[Expr, ...]:
        return (self.base, *self.indices)


@dataclass(frozen=True)
class Flat(Expr):
    """`base{index}`"""

    base: Expr
    index: Expr

    @property
    def children(self) -> tuple[Expr, ...]:
        return (self.base, self.index)


@dataclass(frozen=True)
class Property(Expr):
    """`base.shape` and `base.len`"""

    base: Expr
    name: str

    @property
    def children(self) -> tuple[Expr, ...]:
        return (self.base,)


@dataclass(frozen=True)
class Items(Expr):
    """`[a, b, c]`"""

    items: tuple[Expr, ...]

    @property
    def children(self) -> tuple[Expr, ...]:
        return self.items


@dataclass(frozen=True)
class Let:
    """`let name = value;`"""

    spot: Spot
    name: str
    value: Expr


@dataclass(frozen=True)
class Body(Expr):
    """Bindings and the expression that they serve."""

    lets: tuple[Let, ...]
    value: Expr

    @property
    def children(self) -> tuple[Expr, ...]:
        return (*(let.value for let in self.lets), self.value)


@dataclass(frozen=True)
class Iterator:
    """`name` or `name in low..<high`; `inclusive` for `low..high`."""

    spot: Spot
    name: str
    low: Expr | None = None
    high: Expr | None = None
    inclusive: bool = False


@dataclass(frozen=True)
class Input:
    """`input name[dims] : element`; without dims the rank follows from the uses."""

    spot: Spot
    name: str
    dims: tuple[Expr, ...] | None
    element: str
    element_spot: Spot


@dataclass(frozen=True)
class Param:
    """`param name[dims] = uniform(a, b)`"""

    spot: Spot
    name: str
    dims: tuple[Expr, ...]
    init: Invoke | None


@dataclass(frozen=True)
class Const:
    """`const name = value`"""

    spot: Spot
    name: str
    value: Expr


@dataclass(frozen=True)
class Shape:
    """`name.shape = [dims]`"""

    spot: Spot
    name: str
    dims: tuple[Expr, ...]


@dataclass(frozen=True)
class Cache:
    """`cache name[dims]`"""

    spot: Spot
    name: str
    dims: tuple[Expr, ...]


@dataclass(frozen=True)
class Random:
    """`random name[dims] = uniform(a, b)`"""

    spot: Spot
    name: str
    dims: tuple[Expr, ...]
    init: Invoke | None


@dataclass(frozen=True)
class Reshape:
    """`name = reshape(source, [dims])`"""

    spot: Spot
    name: str
    source: Name
    dims: tuple[Expr, ...]


@dataclass(frozen=True)
class Cond:
    """`name = cond(target: tensor, ..., otherwise: tensor)`"""

    spot: Spot
    name: str
    branches: tuple[tuple[Name, Name], ...]


@dataclass(frozen=True)
class Output:
    """`output a, b`, or `target name: a, b`"""

    names: tuple[Name, ...]
    target: Name | None = None


@dataclass(frozen=True)
class Target:
    """What a kernel writes: `name[indices]`, `name{index}`, or the same of `grad(name)`."""

    spot: Spot
    name: str
    is_grad: bool
    indices: tuple[Expr, ...]
    is_flat: bool


@dataclass(frozen=True)
class Kernel:
    """`target ++= body | (iterators)`"""

    spot: Spot
    target: Target
    body: Expr
    iterators: tuple[Iterator, ...]


@dataclass(frozen=True)
class Gradient:
    """`grad(name) by { kernels }`; `span` is where the statement begins and ends in the text (characters)."""

    spot: Spot
    name: str
    kernels: tuple[Kernel, ...]
    span: tuple[int, int]


Statement = Input | Param | Cache | Random | Const | Shape | Reshape | Cond | Output | Kernel | Gradient


def expressions(statement: Statement) -> tuple[Expr, ...]:
    """All outermost expressions of a statement."""
    match statement:
        case Input():
            return statement.dims or ()
        case Cache() | Reshape():
            return statement.dims
        case Cond():
            return ()
        case Param() | Random():
            return (*statement.dims, *((statement.init,) if statement.init else ()))
        case Const():
            return (statement.value,)
        case Shape():
            return statement.dims
        case Output():
            return ()
        case Kernel():
            bounds = (e for i in statement.iterators for e in (i.low, i.high) if e is not None)
            return (*statement.target.indices, statement.body, *bounds)
        case Gradient():
            return tuple(e for kernel in statement.kernels for e in expressions(kernel))
