"""One entry of a tensor: `%x[k, ...]` as a slice, and a tensor with one entry replaced."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, DenseIntOrFPElementsAttr, TensorType
from xdsl.ir import Attribute, Operation, SSAValue

from anamc.analysis.rows import Dim
from anamc.analysis.types import tensor_type
from anamc.lowering.emitter import Index
from anamc.lowering.kernel_builder import dynamic

Slice = tensor.ExtractSliceOp | tensor.InsertSliceOp


def entry_type(value: SSAValue, count: int) -> TensorType[Attribute]:
    """The type of an entry at `count` leading indices."""
    type = tensor_type(value)
    return TensorType(type.element_type, type.get_shape()[count:])


def extracted(source: SSAValue, place: Sequence[Index], dims: Sequence[Dim]) -> list[Operation]:
    """Operations of which the last one gives the entry at `place`; `dims` are those of the entry."""
    type = entry_type(source, len(place))
    owner = source.owner
    if isinstance(owner, tensor.EmptyOp):
        return [tensor.EmptyOp(dynamic(dims), type)]
    if isinstance(owner, tensor.SplatOp):
        return [tensor.SplatOp(owner.input, dynamic(dims), type)]
    if isinstance(owner, arith.ConstantOp) and isinstance(owner.value, DenseIntOrFPElementsAttr):
        element = arith.ConstantOp(owner.value.get_attrs()[0])
        return [element, tensor.SplatOp(element.result, dynamic(dims), type)]
    offsets, sizes = [*place, *(0 for _ in dims)], [*(1 for _ in place), *dims]
    return [tensor.ExtractSliceOp(source, offsets, sizes, [1] * len(sizes), type)]


def inserted(source: SSAValue, into: SSAValue, place: Sequence[Index], dims: Sequence[Dim]) -> Operation:
    """`into` with its entry at `place` replaced by `source`, whose dimensions are `dims`."""
    sizes = [*(1 for _ in place), *dims]
    return tensor.InsertSliceOp.get(
        source,
        into,
        static_sizes=[s if isinstance(s, int) else DYNAMIC_INDEX for s in sizes],
        static_offsets=[*(p if isinstance(p, int) else DYNAMIC_INDEX for p in place), *(0 for _ in dims)],
        static_strides=[1] * len(sizes),
        offsets=[p for p in place if isinstance(p, SSAValue)],
        sizes=dynamic(dims),
        result_type=into.type,
    )


def leading(op: Slice) -> list[Index]:
    """Where the entry is: the indices in front of its own dimensions."""
    whole = op.source if isinstance(op, tensor.ExtractSliceOp) else op.dest
    part = op.result if isinstance(op, tensor.ExtractSliceOp) else op.source
    count = len(tensor_type(whole).get_shape()) - len(tensor_type(part).get_shape())
    given = iter(op.offsets)
    places = [next(given) if p == DYNAMIC_INDEX else int(p) for p in op.static_offsets.get_values()]
    return places[:count]


def is_entry(op: Slice) -> bool:
    """True where a slice is all of one entry: size 1 at the leading indices, everything from 0 on behind them."""
    whole = tensor_type(op.source if isinstance(op, tensor.ExtractSliceOp) else op.dest).get_shape()
    part = tensor_type(op.result if isinstance(op, tensor.ExtractSliceOp) else op.source).get_shape()
    count = len(whole) - len(part)
    sizes, offsets = op.static_sizes.get_values(), op.static_offsets.get_values()
    unit = all(s == 1 for s in op.static_strides.get_values())
    behind = all(o == 0 for o in offsets[count:]) and tuple(whole[count:]) == tuple(part)
    fixed = all(s == w for s, w in zip(sizes[count:], whole[count:], strict=True))
    return count >= 0 and unit and behind and fixed and all(s == 1 for s in sizes[:count])
