"""Which functions of a module share plans, and how these lie in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from anamc.backends.openacc_c.interface import Function, Interface, Kind, Parameter
from anamc.dialects.plan_layout import PlanLayout
from anamc.dialects.plans import PlanSource


@dataclass(frozen=True)
class PlanGroup:
    """Functions that one block of plans serves: each has all of its tables and sizes."""

    functions: tuple[Function, ...]

    @property
    def base(self) -> str:
        """What the names of all that belongs to the plans begin with."""
        return self.functions[0].of

    @cached_property
    def layout(self) -> PlanLayout:
        """The plans of all functions, each once."""
        plans = tuple(dict.fromkeys(plan for f in self.functions for plan in plans_of(f)))
        columns = [column for _, source in plans for column in source.columns]
        tables, first = {t for t, _, _ in columns}, self.functions[0]
        named = {counted for _, _, counted in columns} | {rows for rows, _ in plans}
        sizes = tuple(p.text for p in first.sizes if p.text in named)
        return PlanLayout(tuple(p.text for p in first.arrays if p.text in tables), sizes, plans)

    @property
    def is_whole(self) -> bool:
        """Whether all functions have the tables and sizes, in the same shapes and order."""
        layout, found = self.layout, [self.parameters(f) for f in self.functions]
        wanted = {t for _, source in layout.plans for t, _, _ in source.columns}
        shapes = {tuple((p.text, p.declared) for p in parameters) for parameters in found}
        return wanted == set(layout.tables) and len(shapes) == 1

    def parameters(self, function: Function) -> list[Parameter]:
        """The sizes and tables of the plans, as the parameters of a function."""
        sizes = [p for p in function.sizes if p.text in self.layout.sizes]
        return sizes + [p for p in function.arrays if p.text in self.layout.tables]


def plans_of(function: Function) -> list[tuple[str, PlanSource]]:
    """What each plan of a function is made of, and the size that its rows have."""
    dims = {p.text: p.declared for p in function.arrays}
    found = [p.plan for p in function.arrays if p.plan is not None]
    return [(str(dims[source.columns[0][0]][0]), source) for source in found]


def planned_groups(functions: Iterable[Function]) -> list[PlanGroup]:
    """The groups of a module's functions with plans: each joins the first one that it fits."""
    groups: list[PlanGroup] = []
    for function in functions:
        for k, group in enumerate(groups):
            joined = PlanGroup((*group.functions, function))
            if joined.is_whole:
                groups[k] = joined
                break
        else:
            groups.append(PlanGroup((function,)))
    return groups


def groups_of(interface: Interface) -> list[PlanGroup]:
    """Those of a module."""
    return planned_groups(interface.of(Kind.PLANNED))
