"""Private functions of a program: kernels with gradients of their own, and parts that `jvp` differentiates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Operation, SSAValue

from anamc.dialects import ad
from anamc.frontends.index_notation.bodies import Body, Version
from anamc.frontends.index_notation.forms import Shape
from anamc.frontends.index_notation.functions import Plan, chosen
from anamc.frontends.index_notation.shapes import Solved
from anamc.frontends.index_notation.source import Source, Spot
from anamc.frontends.index_notation.terms import Kernel, Program, Tangent, Tensor

PRIVATE = {"sym_visibility": StringAttr("private")}


@dataclass(frozen=True)
class Outline:
    """A private function; it takes all sizes, then `reads` (then what a kernel adds to)."""

    name: str
    reads: list[Version]


class Outlines:
    """Makes each private function once."""

    def __init__(
        self, program: Program, shapes: Mapping[Tensor, Shape], solved: dict[Kernel, Solved], plan: Plan
    ) -> None:
        self.source: Source = program.source
        self.program = program
        self.shapes = shapes
        self.solved = solved
        self.plan = plan
        self.name = plan.name
        self.ops: list[Operation] = []
        self.customs: dict[Kernel, Outline] = {}
        self.parts: dict[Tangent, Outline] = {}

    @property
    def sizes(self) -> list[str]:
        extra = {"epoch": self.program.uses_epoch, "seed": self.program.uses_seed}
        return [*self.program.sizes, *(name for name, is_used in extra.items() if is_used)]

    def resolved(self, tensor: Tensor, version: int, at: Spot) -> Version:
        """What a choice is in this function."""
        while tensor.choices:
            found = chosen(self.source, self.plan.goal.target, tensor, at)
            tensor, version = found.tensor, found.version
        return tensor, version

    def body(self, arguments: Sequence[Version]) -> Body:
        return Body(self.source, self.shapes, self.sizes, arguments, self)

    def is_empty(self, kernel: Kernel) -> bool:
        """True for a kernel that does nothing: a range without numbers."""
        return any(r.extent.value == 0 for r in self.solved[kernel].ranges.values())

    # Gradients of the user's own ---------------------------------------------------------------

    def custom(self, kernel: Kernel) -> Outline:
        """The function of a kernel with a gradient, with that as `ad.custom`."""
        if kernel not in self.customs:
            own = (kernel.tensor, kernel.version)
            reads = [v for v in versions((kernel, *kernel.gradient)) if v != own]
            name = f"{self.name}_{kernel.tensor.name}_{kernel.version}"
            self.customs[kernel] = Outline(name, reads)
            body = self.body([*reads, (kernel.tensor, kernel.version - 1)])
            body.spot = kernel.spot
            self.ops.append(body.function(name, [body.nest(kernel, body.block.args[-1])], PRIVATE))
            self._rule(kernel, self.customs[kernel])
        return self.customs[kernel]

    def _rule(self, kernel: Kernel, outline: Outline) -> None:
        """
        `grad(t) by { ... }` as a function of what is read and of the cotangent.

        It gives a cotangent for each tensor whose gradient is written, and that of `t` itself to what
        the kernel adds to.
        """
        own, bar = (kernel.tensor, kernel.version), (kernel.bar or kernel.tensor, 0)
        uses_result = own in versions(kernel.gradient)
        body = self.body([*outline.reads, *([own] if uses_result else []), bar])
        written: dict[Tensor, SSAValue] = {}
        for part in kernel.gradient:
            body.spot = part.spot
            target = part.tensor
            if target not in written:
                written[target] = body.filled(target, 0.0)
            if not self.is_empty(part):
                written[target] = body.nest(part, written[target])
        first = len(self.sizes)
        read = dict(versions([kernel]))
        wrt = [first + outline.reads.index((t.like, read[t.like])) for t in written if t.like is not None]
        name = f"{outline.name}_vjp"
        self.ops.append(body.function(name, [*written.values(), body.values[bar]], PRIVATE))
        count = first + len(outline.reads)
        custom = ad.CustomOp.of(outline.name, name, range(count), [0] if uses_result else [], [*wrt, count])
        custom.location = self.source.location(kernel.gradient[0].spot)
        self.ops.append(custom)

    # Parts that are differentiated -------------------------------------------------------------

    def part(self, tangent: Tangent) -> Outline:
        """The function that computes a tensor from the one that it is differentiated by, and from arguments."""
        if tangent not in self.parts:
            kernels, leaves = self._needed(tangent)
            name = f"{self.name}_{tangent.of.name}_of_{tangent.wrt.name}_{len(self.parts)}"
            self.parts[tangent] = Outline(name, leaves)
            body = self.body(leaves)
            for kernel in self.program.kernels:
                if kernel in kernels:
                    body.kernel(kernel)
            value = body.version(tangent.of, tangent.version)
            self.ops.append(body.function(name, [value], PRIVATE))
        return self.parts[tangent]

    def _needed(self, tangent: Tangent) -> tuple[set[Kernel], list[Version]]:
        """The kernels between two tensors, and what they read besides."""
        start = self.resolved(tangent.wrt, tangent.wrt_version, tangent.wrt.spot)
        kernels: set[Kernel] = set()
        leaves: dict[Version, None] = {start: None}
        waiting: list[Version] = [(tangent.of, tangent.version)]
        while waiting:
            tensor, version = self.resolved(*waiting.pop(), tangent.of.spot)
            if (tensor, version) in leaves:
                continue
            if tensor.tangent is not None:
                waiting += self.part(tensor.tangent).reads
            elif tensor.role in ("input", "param", "cache"):
                leaves[tensor, version] = None
            elif version > 0 and (kernel := tensor.kernels[version - 1]) not in kernels:
                kernels.add(kernel)
                waiting += [(tensor, version - 1), *versions((kernel, *kernel.gradient))]
        return kernels, list(leaves)


def versions(kernels: Sequence[Kernel]) -> list[Version]:
    """What kernels read, cotangents aside; each once."""
    reads = [r for k in kernels for r in k.reads()]
    return list(dict.fromkeys((r.tensor, r.version) for r in reads if r.tensor.role != "gradient"))
