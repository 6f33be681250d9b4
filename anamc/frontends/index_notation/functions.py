"""The functions of a program: one for its outputs, one for each target, each with what it needs and no more."""

from __future__ import annotations

from dataclasses import dataclass

from anamc.errors import FrontendError, shown
from anamc.frontends.index_notation.source import Source, Spot
from anamc.frontends.index_notation.terms import Goal, Kernel, Program, Tensor, Version


@dataclass(frozen=True)
class Plan:
    """A function: its name and goal, and the kernels that its results depend on, in order."""

    name: str
    goal: Goal
    kernels: tuple[Kernel, ...]
    chosen: tuple[tuple[Tensor, Version], ...]
    """What the choices among its tensors are, for conditions on their shapes."""


def plans(program: Program, name: str) -> list[Plan]:
    """One plan for each goal. FrontendError A1042 where `cond` has nothing for a target that needs it."""
    return [Liveness(program.source, goal).plan(program, name) for goal in program.goals]


class Liveness:
    """Which kernels a goal needs."""

    def __init__(self, source: Source, goal: Goal) -> None:
        self.source = source
        self.goal = goal
        self.kernels: set[Kernel] = set()
        self.chosen: dict[Tensor, Version] = {}

    def plan(self, program: Program, name: str) -> Plan:
        """The plan; kernels keep their order."""
        self._mark([Version(t, len(t.kernels), spot) for t, spot in self.goal.outputs])
        kernels = tuple(k for k in program.kernels if k in self.kernels)
        full = name if self.goal.target is None else f"{name}_{self.goal.target}"
        return Plan(full, self.goal, kernels, tuple(self.chosen.items()))

    def _mark(self, waiting: list[Version]) -> None:
        while waiting:
            found = waiting.pop()
            tensor = found.tensor.like or found.tensor
            if tensor.choices:
                self.chosen[tensor] = chosen(self.source, self.goal.target, tensor, found.spot)
                waiting.append(self.chosen[tensor])
            elif found.version:
                kernel = tensor.kernels[found.version - 1]
                if kernel not in self.kernels:
                    self.kernels.add(kernel)
                    waiting += _needs(kernel, found.spot)


def _needs(kernel: Kernel, spot: Spot) -> list[Version]:
    """What a kernel, and its custom gradient, read; and what it adds to."""
    found = [Version(kernel.tensor, kernel.version - 1, spot)]
    for read in (r for part in (kernel, *kernel.gradient) for r in part.reads()):
        if (tangent := read.tensor.tangent) is not None:
            found.append(Version(tangent.of, tangent.version, read.spot))
            found.append(Version(tangent.wrt, tangent.wrt_version, read.spot))
        elif read.tensor.like is None:
            found.append(Version(read.tensor, read.version, read.spot))
    return found


def chosen(source: Source, target: str | None, tensor: Tensor, at: Spot) -> Version:
    """The branch of a choice for a target."""
    found = tensor.choices.get(target) or tensor.choices.get(None)
    if found is None:
        where = "the outputs of the program" if target is None else f"target '{shown(target)}'"
        raise _no_branch(source, tensor, where, at)
    return found


def _no_branch(source: Source, tensor: Tensor, where: str, at: Spot) -> FrontendError:
    what = f"'{shown(tensor.name)}' has nothing for {where}"
    why = f"it is chosen in line {tensor.spot.line}"
    return source.error("A1042", what, at, why=why, help="add a branch, or otherwise: ...")
