"""What expressions mean once names and types are known: terms, and the arrays and tensors among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from anamc.frontends.index_notation.polynomials import Polynomial
from anamc.frontends.index_notation.source import Source, Spot


class Type(Enum):
    """Types of terms."""

    SCALAR = "Scalar"
    INDEX = "Index"
    BOOLEAN = "Boolean"


@dataclass(frozen=True, eq=False)
class Term:
    """A number; equal only to itself, so that what `let` names is computed once."""

    spot: Spot
    type: Type
    args: tuple[Term, ...] = ()


@dataclass(frozen=True, eq=False)
class Constant(Term):
    value: float | int | bool = 0


@dataclass(frozen=True, eq=False)
class Variable(Term):
    """An iterator, a named size, the epoch, or the seed."""

    kind: Literal["iterator", "size", "epoch", "seed"] = "size"
    name: str = ""


@dataclass(frozen=True, eq=False)
class Apply(Term):
    """An instruction of its arguments; `pick` is ``args[1 + args[0]]``, `random` that of `Threefry.bits`."""

    instruction: str = ""


@dataclass(frozen=True, eq=False)
class OfTensor(Term):
    """A size of a tensor."""

    tensor: Tensor = None  # pyright: ignore[reportAssignmentType]


@dataclass(frozen=True, eq=False)
class Dimension(OfTensor):
    """`t.shape[dim]`"""

    dim: int = 0


@dataclass(frozen=True, eq=False)
class Length(OfTensor):
    """`t.len`"""


@dataclass(frozen=True, eq=False)
class Rank(OfTensor):
    """`t.shape.len`"""


@dataclass(frozen=True, eq=False)
class Read(OfTensor):
    """`t[args]` or `t{args}` of a version: how many kernels had written the tensor."""

    version: int = 0
    is_flat: bool = False


@dataclass(frozen=True)
class ArrayValue:
    """`[a, b, c]`: items of one type, numbers or arrays again."""

    spot: Spot
    items: tuple[Value, ...]

    @property
    def type_name(self) -> str:
        return f"Array[{type_name(self.items[0])}]"


@dataclass(frozen=True)
class TensorValue:
    """A tensor by its name alone."""

    spot: Spot
    tensor: Tensor


@dataclass(frozen=True)
class ShapeValue:
    """`t.shape`"""

    spot: Spot
    tensor: Tensor


Value = Term | ArrayValue | TensorValue | ShapeValue


def type_name(value: Value) -> str:
    """How errors call the type of a value."""
    match value:
        case Term():
            return value.type.value
        case ArrayValue():
            return value.type_name
        case TensorValue():
            return f"the tensor '{value.tensor.name}'"
        case ShapeValue():
            return f"the shape of '{value.tensor.name}'"


def terms_of(value: Value) -> list[Term]:
    """The numbers in a number or array."""
    if isinstance(value, Term):
        return [value]
    return [t for item in value.items for t in terms_of(item)] if isinstance(value, ArrayValue) else []


@dataclass(frozen=True)
class RankUse:
    """Brackets with so many indices."""

    rank: int
    spot: Spot


@dataclass(eq=False)
class Tensor:
    """
    An input, parameter, cache or written tensor, a choice among some, or (`like`) the gradient of one in a custom
    gradient, or its `tangent` by `jvp`.

    `dims` are declared sizes, `given` the terms of `t.shape = [...]`, `reshaped` what it has the data of, `choices`
    what it is in the function of each target (None: of all others).
    """

    name: str
    spot: Spot
    role: Literal["input", "param", "cache", "written", "chosen", "gradient", "tangent"]
    type: Type = Type.SCALAR
    dims: tuple[Polynomial, ...] | None = None
    given: tuple[Term, ...] | None = None
    given_spot: Spot | None = None
    like: Tensor | None = None
    tangent: Tangent | None = None
    reshaped: Tensor | None = None
    choices: dict[str | None, Version] = field(default_factory=dict[str | None, "Version"])
    init: tuple[float, float] | None = None
    kernels: list[Kernel] = field(default_factory=list["Kernel"])
    ranks: list[RankUse] = field(default_factory=list[RankUse])
    dims_asked: list[Dimension] = field(default_factory=list[Dimension])

    @property
    def hint(self) -> str:
        """A name for values."""
        if self.tangent is not None:
            return f"{self.tangent.of.name}_dot"
        return f"{self.like.name}_bar" if self.like is not None else self.name

    @property
    def is_open(self) -> bool:
        """True before any kernel has written it, or before it was chosen."""
        return (self.role == "written" and not self.kernels) or (self.role == "chosen" and not self.choices)


@dataclass(frozen=True)
class Version:
    """A tensor as it stands when so many kernels have written it, and where it is asked for."""

    tensor: Tensor
    version: int
    spot: Spot


@dataclass(frozen=True)
class Tangent:
    """The derivative of a version of one tensor in a direction of ones in a version of another one."""

    of: Tensor
    version: int
    wrt: Tensor
    wrt_version: int


@dataclass(frozen=True)
class Goal:
    """What a function gives: the outputs of the program, or those of a target."""

    target: str | None
    outputs: tuple[tuple[Tensor, Spot], ...]


@dataclass(frozen=True)
class IteratorTerm:
    """An iterator of a kernel; ``low <= i < high`` where it is written."""

    name: str
    spot: Spot
    low: Term | None = None
    high: Term | None = None


@dataclass(eq=False)
class Kernel:
    """`tensor[indices] ++= body | iterators`; `gradient` is its custom gradient, `bar` what reads there."""

    tensor: Tensor
    spot: Spot
    indices: tuple[Term, ...]
    is_flat: bool
    body: Term
    iterators: tuple[IteratorTerm, ...]
    version: int = 0
    gradient: tuple[Kernel, ...] = ()
    bar: Tensor | None = None

    def roots(self) -> tuple[Term, ...]:
        """What is computed for every iteration."""
        return (*self.indices, self.body)

    def reads(self) -> list[Read]:
        """Every read, in order of evaluation."""
        return [t for t in postorder(self.roots()) if isinstance(t, Read)]


@dataclass(eq=False)
class Program:
    """A checked program."""

    source: Source
    sizes: list[str]
    arguments: list[Tensor]
    kernels: list[Kernel]
    tensors: list[Tensor]
    goals: list[Goal]
    uses_epoch: bool
    uses_seed: bool


def postorder(roots: Iterable[Term]) -> Iterator[Term]:
    """Every term once, behind its arguments."""
    seen: set[Term] = set()
    stack = [(root, False) for root in reversed(list(roots))]
    while stack:
        term, ready = stack.pop()
        if ready:
            yield term
        elif term not in seen:
            seen.add(term)
            stack.append((term, True))
            stack += [(arg, False) for arg in reversed(term.args) if arg not in seen]
