"""What loops and branches hand on: tensors whose sizes stay, and no constants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xdsl.dialects import func, scf, tensor
from xdsl.dialects.builtin import TensorType
from xdsl.ir import Operation
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.regions import blocks_in, handed_on, operations_in
from anamc.analysis.rows import Dim, Dims, size_arguments
from anamc.analysis.sizes import SizeExpressions
from anamc.analysis.types import tensor_type
from anamc.errors import Place
from anamc.lowering.kernel_builder import KernelBuilder, Write, is_start
from anamc.lowering.nest_rows import ROW, WHOLE

NAME = "form-kernels"


def at_place(op: Operation) -> str:
    """` at file:3:5`; where that is not known, ` in 'scf.for' of @f`."""
    if place := str(Place.of(op.location)):
        return f" at {place}"
    outer = op.parent_op()
    loop = f" in '{outer.name}'" if outer is not None and not isinstance(outer, func.FuncOp) else ""
    while outer is not None and not isinstance(outer, func.FuncOp):
        outer = outer.parent_op()
    return f"{loop} of @{outer.sym_name.data}" if outer is not None else loop


class CarriedSizes:
    """Refuses loops and branches of one function whose tensors change their sizes."""

    def __init__(self, function: func.FuncOp, dims: Dims) -> None:
        self.dims = dims
        self.expressions = SizeExpressions(size_arguments(function))

    def check(self, op: scf.ForOp | scf.IfOp) -> None:
        """PassFailedException where a round or a side gives a tensor of another size."""
        for value, others in handed_on(op):
            wanted = self.dims.of(value)
            for other in others:
                if not self.same(wanted, self.dims.of(other)):
                    what = "a value that it carries" if isinstance(op, scf.ForOp) else "its result"
                    raise PassFailedException(
                        f"{NAME}: '{op.name}'{at_place(op)}: the sizes of {what} are not known to be the same "
                        f"{'in every round' if isinstance(op, scf.ForOp) else 'on both sides'}"
                    )

    def same(self, a: Sequence[Dim], b: Sequence[Dim]) -> bool:
        return len(a) == len(b) and all(self.equal(x, y) for x, y in zip(a, b, strict=True))

    def equal(self, x: Dim, y: Dim) -> bool:
        """True also where a call is refused unless they are equal: both are arithmetic on run-time sizes."""
        if x is y or (isinstance(x, int) and isinstance(y, int)):
            return x == y
        return all(isinstance(v, int) or self.expressions.of(v) is not None for v in (x, y))


def handed_constants(function: func.FuncOp) -> Iterator[tuple[Operation, int]]:
    """Operands that must lie in memory: of returns, yields, the starts of loops, and slices that are put in."""
    for block in blocks_in(function):
        for op in block.ops:
            if isinstance(op, func.ReturnOp | scf.YieldOp | scf.ForOp | tensor.InsertSliceOp):
                for k, value in enumerate(op.operands):
                    undefined = isinstance(value.owner, tensor.EmptyOp) and not isinstance(op, func.ReturnOp)
                    if isinstance(value.type, TensorType) and is_start(value) and not undefined:
                        yield op, k


def write_constants(function: func.FuncOp, dims: Dims) -> None:
    """Kernels that write the constants which a function returns, or which loops and branches hand on."""
    if not isinstance(function.body.block.last_op, func.ReturnOp):
        raise PassFailedException(f"{NAME}: @{function.sym_name.data} does not end in func.return")
    for op, k in list(handed_constants(function)):
        value = op.operands[k]
        build = KernelBuilder(op, PatternRewriter(op), dims)
        sizes = dims.of(value)
        place, rows = (ROW, sizes[0]) if sizes else (WHOLE, 1)
        writes: list[Write] = [("write", build.empty(tensor_type(value), sizes), [place])]
        made = build.rows(rows, [(value, place)], writes, lambda build, values: values)
        made.results[0].name_hint = value.name_hint
        op.operands[k] = made.results[0]


def unused(function: func.FuncOp, kinds: tuple[type[Operation], ...]) -> Iterator[Operation]:
    """Operations of some kinds that nothing uses, last first."""
    for op in reversed(list(operations_in(function))):
        if isinstance(op, kinds) and not any(r.uses.get_length() for r in op.results):
            yield op
