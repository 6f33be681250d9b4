"""What the sizes of a call must satisfy, for each function of a program."""

from __future__ import annotations

from anamc.errors import shown
from anamc.frontends.index_notation.bounds import is_nonnegative
from anamc.frontends.index_notation.forms import length
from anamc.frontends.index_notation.functions import Plan
from anamc.frontends.index_notation.limits import Condition, Limits
from anamc.frontends.index_notation.polynomials import Polynomial
from anamc.frontends.index_notation.shapes import Inference, Solved
from anamc.frontends.index_notation.source import Spot
from anamc.frontends.index_notation.terms import Kernel, Program, Tensor, Version


class Conditions:
    """All conditions of a program, by tensor and by kernel; what is certainly wrong is refused here."""

    def __init__(self, program: Program, inference: Inference, solved: dict[Kernel, Solved]) -> None:
        self.source = program.source
        self.arguments = program.arguments
        self.shapes = inference.shapes
        self.tensors = {t: self._sizes(t) for t in program.tensors}
        for tensor in program.tensors:
            for branch in tensor.choices.values():
                self._same_shape(tensor, branch)
        self.kernels: dict[Kernel, list[Condition]] = {}
        for kernel in program.kernels:
            reshaped = self._reshaped(kernel) if kernel.version == 1 else []
            limits = [Limits(self.source, part, solved[part]).check() for part in (kernel, *kernel.gradient)]
            self.kernels[kernel] = [*reshaped, *(c for found in limits for c in found)]

    def of(self, plan: Plan) -> list[Condition]:
        """The conditions of a function, each once: those of its tensors, then of its kernels."""
        written = [k.tensor for k in plan.kernels]
        found = [c for t in dict.fromkeys([*self.arguments, *written]) for c in self.tensors[t]]
        for tensor, branch in plan.chosen:
            found += self._same_shape(tensor, branch)
        found += [c for k in plan.kernels for c in self.kernels[k]]
        once: dict[str, Condition] = {}
        for condition in found:
            once.setdefault(condition.text, condition)
        return list(once.values())

    def _sizes(self, tensor: Tensor) -> list[Condition]:
        at = tensor.given_spot or tensor.spot
        sizes = enumerate(self.shapes[tensor])
        return [
            Condition(f"{size} >= 0", f"dimension {k} of '{tensor.name}' is {size}", at)
            for k, size in sizes
            if not is_nonnegative(size)
        ]

    def _reshaped(self, kernel: Kernel) -> list[Condition]:
        """As many elements as before; A1043."""
        tensor = kernel.tensor
        if tensor.reshaped is None:
            return []
        before, after = length(self.shapes[tensor.reshaped]), length(self.shapes[tensor])
        what = f"'{tensor.reshaped.name}' has {before} elements, '{tensor.name}' {after}"
        return self._equal(before, after, "A1043", what, kernel.spot)

    def _same_shape(self, tensor: Tensor, branch: Version) -> list[Condition]:
        """What a choice stands for has its shape; A1044."""
        own, other = self.shapes[tensor], self.shapes[branch.tensor]
        name = shown(branch.tensor.name)
        if len(own) != len(other):
            what = f"'{name}' has {len(other)} dimensions, '{shown(tensor.name)}' {len(own)}"
            raise self.source.error("A1044", what, branch.spot, help="all branches of cond have one shape")
        found: list[Condition] = []
        for k, (a, b) in enumerate(zip(own, other, strict=True)):
            what = f"dimension {k} of '{name}' is {b}, that of '{shown(tensor.name)}' {a}"
            found += self._equal(a, b, "A1044", what, branch.spot)
        return found

    def _equal(self, a: Polynomial, b: Polynomial, code: str, what: str, at: Spot) -> list[Condition]:
        if a == b:
            return []
        if (a - b).value is not None:
            raise self.source.error(code, what, at)
        return [Condition(f"{a} == {b}", what, at)]
