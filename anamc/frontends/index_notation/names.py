"""The one name space of a program, and the names that live in a kernel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from anamc.errors import FrontendError, shown
from anamc.frontends.index_notation import syntax
from anamc.frontends.index_notation.source import Source, Spot
from anamc.frontends.index_notation.terms import Tangent, Tensor, Value

RESERVED = ("true", "false")
"""Names with a meaning of their own wherever a value may stand."""


@dataclass(frozen=True)
class Size:
    """A run-time size."""

    name: str


@dataclass(eq=False)
class Const:
    """A named value, known once the statement was reached."""

    statement: syntax.Const
    value: Value | None = None


ROLES = {"input": "an input", "param": "a param", "cache": "a cache", "chosen": "a choice of tensors"}
Entity = Size | Const | Tensor


@dataclass
class Names:
    """Inputs, params, consts, sizes and written tensors by name, with the first place of each."""

    source: Source
    known: dict[str, tuple[Entity, Spot]] = field(default_factory=dict[str, tuple[Entity, Spot]])
    tangents: dict[Tangent, Tensor] = field(default_factory=dict["Tangent", Tensor])

    def declare(self, name: str, entity: Entity, at: Spot) -> None:
        """A new name; A1011 where it stands for something already."""
        if name in RESERVED:
            raise self.source.error("A1011", f"'{name}' is a value and cannot be declared", at)
        if name in self.known:
            raise self.source.error("A1011", f"'{shown(name)}' is declared twice", at, why=self.first(name))
        self.known[name] = (entity, at)

    def tangent(self, tangent: Tangent, at: Spot) -> Tensor:
        """The tensor that `jvp` reads, one for each pair of versions."""
        if tangent not in self.tangents:
            name = f"jvp({tangent.of.name}, {tangent.wrt.name})"
            self.tangents[tangent] = Tensor(name, at, "tangent", like=tangent.of.like or tangent.of, tangent=tangent)
        return self.tangents[tangent]

    def get(self, name: str) -> Entity | None:
        found = self.known.get(name)
        return None if found is None else found[0]

    def first(self, name: str) -> str:
        """Where a name was declared, in words."""
        entity, at = self.known[name]
        return f"'{shown(name)}' is {what(entity)} from line {at.line}, column {at.column}"

    def unknown(self, name: str, at: Spot, local: Mapping[str, object] | None = None) -> FrontendError:
        """A1010, with the nearest name that exists."""
        near = get_close_matches(name, [*self.known, *(local or {})], 1)
        help = f"did you mean '{near[0]}'?" if near else ""
        return self.source.error("A1010", f"unknown name '{shown(name)}'", at, help=help)


def what(entity: Entity) -> str:
    """What a name stands for, in words."""
    match entity:
        case Size():
            return "a size"
        case Const():
            return "a const"
        case Tensor():
            return ROLES.get(entity.role, "a tensor")


@dataclass
class Scope:
    """
    Names of one kernel: iterators and bindings of `let`.

    Inside a custom gradient `grad` gives the gradient of a tensor, or refuses; elsewhere it is None.
    """

    names: Names
    values: dict[str, Value] = field(default_factory=dict[str, Value])
    grad: Callable[[Tensor, Spot], Tensor] | None = None

    def bind(self, name: str, value: Value, at: Spot) -> None:
        """A name of the kernel; A1012 where it would hide another one."""
        if name in RESERVED:
            raise self.names.source.error("A1011", f"'{name}' is a value and cannot be declared", at)
        if name in self.names.known:
            why = self.names.first(name)
            raise self.names.source.error("A1012", f"'{shown(name)}' hides another name", at, why=why)
        if name in self.values:
            raise self.names.source.error("A1012", f"'{shown(name)}' stands for something else in this kernel", at)
        self.values[name] = value
