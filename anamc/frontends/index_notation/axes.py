"""The axes of a nest: one for each iterator, or several for one that runs over the flat data of tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from anamc.frontends.index_notation.bounds import Range
from anamc.frontends.index_notation.forms import Shape, length
from anamc.frontends.index_notation.polynomials import ONE, ZERO, Polynomial, floordiv, iterator, mod
from anamc.frontends.index_notation.shapes import Solved
from anamc.frontends.index_notation.terms import Kernel, Tensor, Term, Variable, postorder


@dataclass(frozen=True)
class Axis:
    """A loop of a nest: ``0 <= d < extent``."""

    name: str
    extent: Polynomial


@dataclass(frozen=True)
class Reach:
    """A reach into a tensor: index polynomials, flat or one for each dimension."""

    tensor: Tensor
    indices: tuple[Polynomial, ...]
    is_flat: bool


@dataclass(frozen=True)
class Loop:
    """
    An iterator as axes of a nest: the first one's position and their number.

    One axis: ``i = low + d``. Several: they run over the dimensions of tensors that are all
    reached at `{i}`, so that no division is needed.
    """

    name: str
    first: int
    axes: tuple[Axis, ...]
    low: Polynomial

    @property
    def is_flat(self) -> bool:
        return len(self.axes) > 1

    def strides(self) -> list[Polynomial]:
        """How far the iterator goes on with each axis."""
        found = [ONE]
        for axis in reversed(self.axes[1:]):
            found.insert(0, found[0] * axis.extent)
        return found


def loops(
    kernel: Kernel, solved: Solved, reaches: Sequence[Reach], extent: Callable[[Range], Polynomial]
) -> dict[str, Loop]:
    """The loops of a kernel by iterator, in order; `extent` tells how long a range is."""
    found: dict[str, Loop] = {}
    position = 0
    for written in kernel.iterators:
        name, range = written.name, solved.ranges[written.name]
        shape = flat_shape(name, range, solved, reaches)
        if shape is None:
            axes: tuple[Axis, ...] = (Axis(name, extent(range)),)
        else:
            axes = tuple(Axis(f"{name}{k}", size) for k, size in enumerate(shape))
        found[name] = Loop(name, position, axes, range.low)
        position += len(axes)
    return found


def flat_shape(name: str, range: Range, solved: Solved, reaches: Sequence[Reach]) -> Shape | None:
    """The shape of all tensors that the iterator reaches, where it runs over their flat data and does nothing else."""
    shape: Shape | None = None
    for reach in reaches:
        if not any(name in _iterators(solved, i) for i in reach.indices):
            continue
        found = solved.forms.shape(reach.tensor)
        if not reach.is_flat or reach.indices != (iterator(name),) or found is None or shape not in (None, found):
            return None
        shape = found
    if shape is None or len(shape) < 2 or range != Range(ZERO, length(shape)):
        return None
    return shape


def _iterators(solved: Solved, index: Polynomial) -> set[str]:
    """Iterators of an index, also those behind its data."""
    found = set(index.iterators)
    for symbol in index.symbols:
        if symbol.kind == "data":
            found |= iterators_of(solved.forms.origins[symbol.name])
    return found


def iterators_of(term: Term) -> set[str]:
    """The iterators on which a term depends."""
    return {t.name for t in postorder([term]) if isinstance(t, Variable) and t.kind == "iterator"}


def unflattened(index: Polynomial, shape: Shape) -> tuple[Polynomial, ...]:
    """One index for each dimension of what `{index}` reaches."""
    found: list[Polynomial] = []
    stride = ONE
    for size in reversed(shape):
        found.insert(0, mod(floordiv(index, stride), size))
        stride = stride * size
    first_stride = length(shape[1:])
    found[0] = floordiv(index, first_stride)
    return tuple(found)
