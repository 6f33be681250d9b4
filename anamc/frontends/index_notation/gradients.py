"""Custom gradients: `grad(t) by { ... }` checked like kernels, with `grad(...)` as tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anamc.errors import shown
from anamc.frontends.index_notation import syntax
from anamc.frontends.index_notation.names import Scope
from anamc.frontends.index_notation.source import Spot
from anamc.frontends.index_notation.terms import Kernel, Tensor, Type

if TYPE_CHECKING:
    from anamc.frontends.index_notation.check import Checker


def check_gradient(checker: Checker, statement: syntax.Gradient) -> None:
    """
    Attaches a custom gradient to the nearest kernel above that writes its tensor.

    A1034 where there is none, A1035 where it has one already, A1036 where a gradient is written
    of what the kernel does not read.
    """
    source = checker.source
    tensor = checker.names.get(statement.name)
    if tensor is None:
        raise checker.names.unknown(statement.name, statement.spot)
    if not isinstance(tensor, Tensor) or not tensor.kernels:
        help = "it belongs below the kernel whose gradient it is"
        what = f"no kernel above writes '{shown(statement.name)}'"
        raise source.error("A1034", what, statement.spot, help=help)
    kernel = tensor.kernels[-1]
    if kernel.gradient:
        why = f"the kernel in line {kernel.spot.line} has one already"
        raise source.error("A1035", f"a second custom gradient of '{shown(statement.name)}'", statement.spot, why=why)
    rule = Rule(checker, kernel)
    kernel.gradient = tuple(rule.kernel(k) for k in statement.kernels)
    kernel.bar = rule.bars[kernel.tensor]


class Rule:
    """The custom gradient of one kernel: `grad(t)` of its result is read, those of its reads are written."""

    def __init__(self, checker: Checker, kernel: Kernel) -> None:
        self.checker = checker
        self.result = kernel.tensor
        self.bars: dict[Tensor, Tensor] = {kernel.tensor: self._bar(kernel.tensor)}
        for read in kernel.reads():
            if read.tensor.type is Type.SCALAR:
                self.bars.setdefault(read.tensor, self._bar(read.tensor))

    @staticmethod
    def _bar(tensor: Tensor) -> Tensor:
        return Tensor(f"grad({tensor.name})", tensor.spot, "gradient", like=tensor)

    def kernel(self, statement: syntax.Kernel) -> Kernel:
        target = statement.target
        tensor = self.checker.names.get(target.name)
        if not target.is_grad:
            help = f"grad({target.name}){{...}}" if isinstance(tensor, Tensor) else ""
            raise self.checker.source.error("A1036", "a custom gradient writes gradients only", target.spot, help=help)
        if tensor is None:
            raise self.checker.names.unknown(target.name, target.spot)
        if not isinstance(tensor, Tensor) or tensor not in self.bars or tensor is self.result:
            what = f"the kernel does not read '{shown(target.name)}' as a Scalar"
            raise self.checker.source.error("A1036", what, target.spot)
        return self.checker.kernel(statement, self.bars[tensor], Scope(self.checker.names, grad=self.read))

    def read(self, tensor: Tensor, at: Spot) -> Tensor:
        """`grad(t)` as a value: that of the result."""
        if tensor is not self.result:
            what = f"grad({shown(tensor.name)}) cannot be read here"
            help = f"grad({shown(self.result.name)}) is known"
            raise self.checker.source.error("A1036", what, at, help=help)
        return self.bars[tensor]
