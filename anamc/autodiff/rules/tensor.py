"""Rules of `tensor`, and of `ad.stop_gradient`."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import tensor
from xdsl.ir import SSAValue

from anamc.autodiff.emit import Emit
from anamc.autodiff.tables import CONSTANT, JVP, REFUSED, VJP, Contributions
from anamc.dialects import ad, mlp
from anamc.dialects.mlp.types import shape_of
from anamc.errors import DerivativeError, Place

Dots = Sequence[SSAValue | None]


@VJP.of(tensor.ConcatOp)
def concat_vjp(op: tensor.ConcatOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """Each part of the cotangent."""
    if op.dim.value.data != len(shape_of(op.result.type)) - 1:
        raise DerivativeError(
            "A1103",
            f"'tensor.concat' along dimension {op.dim.value.data} cannot be differentiated",
            place=Place.of(op.location),
            why="only parts side by side in the last dimension can be taken apart again",
        )
    widths = [shape_of(v.type)[-1] for v in op.inputs]
    parts: list[SSAValue] = []

    def part(k: int) -> SSAValue:
        if not parts:
            parts.extend(e.add(mlp.SplitOp(bars[0], widths)).results)
        return parts[k]

    for k, value in enumerate(op.inputs):
        yield value, lambda k=k: part(k)


@JVP.of(tensor.ConcatOp)
def concat_jvp(op: tensor.ConcatOp, dots: Dots, e: Emit) -> Dots:
    """The tangents side by side; 0 where one is absent."""
    parts = [e.zeros(v) if dot is None else dot for v, dot in zip(op.inputs, dots, strict=True)]
    return [e(tensor.ConcatOp(parts, op.dim.value.data, op.result.type))]


CONSTANT.update(
    {
        tensor.EmptyOp: "undefined values",
        tensor.DimOp: "a size",
        ad.StopGradientOp: "its derivative is 0 by definition",
    }
)

REFUSED[tensor.SplatOp] = "a scalar that depends on an input; compute on tensors of rank 0 instead"
