"""
Shapes of tensors and ranges of iterators of a whole program.

A written tensor has its given shape, else the largest index plus one over all kernels that
write it. Tensors and kernels wait for each other; where they wait in a circle, the first
tensor that some kernel determines takes the shape that is known so far.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from anamc.errors import FrontendError, shown
from anamc.frontends.index_notation.bounds import Range, bounds
from anamc.frontends.index_notation.forms import Forms, Shape, length
from anamc.frontends.index_notation.polynomials import Polynomial, iterator, largest, lift, size
from anamc.frontends.index_notation.ranges import Agreement, Limit, Solution, Use
from anamc.frontends.index_notation.source import Source
from anamc.frontends.index_notation.terms import Kernel, OfTensor, Program, Read, Tensor, Term, postorder

Waiting = Tensor | Kernel


@dataclass
class Solved:
    """Ranges of one kernel, its indices as polynomials, and what must agree at run time."""

    ranges: dict[str, Range]
    forms: Forms
    agreements: list[Agreement[Read]]


class Inference:
    """Finds all shapes, then all ranges."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.source: Source = program.source
        self.shapes: dict[Tensor, Shape] = {}
        self.partial: dict[Kernel, Solved] = {}
        self.needs: dict[Waiting, set[Waiting]] = {}
        self.readers: dict[Waiting, list[Waiting]] = {}

    def run(self) -> dict[Kernel, Solved]:
        """Shapes of all tensors in `shapes`, and the solution of every kernel and custom gradient."""
        self._arguments()
        order: list[Waiting] = [t for t in self.program.tensors if t not in self.shapes]
        order += self.program.kernels
        for item in order:
            self._wait(item)
        ready = deque(item for item in order if not self.needs[item])
        self._settle(ready)
        while stuck := self._stuck():
            self._finish(stuck, ready)
            self._settle(ready)
        found: dict[Kernel, Solved] = {}
        for kernel in self.program.kernels:
            for part in (kernel, *kernel.gradient):
                found[part] = self._complete(part)
        return found

    # Shapes ----------------------------------------------------------------------------------

    def _arguments(self) -> None:
        for tensor in self.program.arguments:
            dims = tensor.dims
            if dims is None:
                asked = max((d.dim + 1 for d in tensor.dims_asked), default=1)
                rank = tensor.ranks[0].rank if tensor.ranks else asked
                names = [self._free_name(f"{tensor.name}_size_{k}") for k in range(rank)]
                self.program.sizes += names
                dims = tuple(size(n) for n in names)
            self._set(tensor, dims)

    def _free_name(self, name: str) -> str:
        taken = {*self.program.sizes, *(t.name for t in self.program.tensors)}
        while name in taken:
            name += "_"
        return name

    def _wait(self, item: Waiting) -> None:
        needs: set[Waiting] = set()
        if isinstance(item, Kernel):
            own = item.tensor if item.tensor.given is None else None
            needs |= {t for t in _mentioned(item) if t not in self.shapes and t is not own}
        elif item.given is not None:
            needs |= {t for t in _tensors_of(item.given) if t not in self.shapes}
        elif item.choices:
            needs |= {v.tensor for v in item.choices.values() if v.tensor not in self.shapes}
        else:
            needs |= set(item.kernels)
        self.needs[item] = needs
        for need in needs:
            self.readers.setdefault(need, []).append(item)

    def _settle(self, ready: deque[Waiting]) -> None:
        while ready:
            self._finish(ready.popleft(), ready)

    def _finish(self, item: Waiting, ready: deque[Waiting]) -> None:
        if self.needs.pop(item, None) is None:
            return
        if isinstance(item, Kernel):
            self.partial[item] = self._solve(item)
        else:
            self._set(item, self._shape(item))
        for reader in self.readers.get(item, ()):
            if (needs := self.needs.get(reader)) is not None:
                needs.discard(item)
                if not needs:
                    ready.append(reader)

    def _stuck(self) -> Waiting | None:
        """Where all that is left waits in circles: a tensor that some kernel determines, else the first of all."""
        for item in self.needs:
            if isinstance(item, Tensor) and item.given is None and self._is_determined(item):
                return item
        return next(iter([*(i for i in self.needs if isinstance(i, Kernel)), *self.needs]), None)

    def _is_determined(self, tensor: Tensor) -> bool:
        try:
            self._shape(tensor)
        except FrontendError:
            return False
        return True

    def _set(self, tensor: Tensor, shape: Shape) -> None:
        for use in tensor.ranks:
            if use.rank != len(shape):
                what = f"'{shown(tensor.name)}' has {len(shape)} dimensions, got {use.rank} indices"
                raise self.source.error("A1021", what, use.spot)
        for asked in tensor.dims_asked:
            if asked.dim >= len(shape) or asked.dim < 0:
                what = f"'{shown(tensor.name)}' has {len(shape)} dimensions, no dimension {asked.dim}"
                raise self.source.error("A1032", what, asked.spot)
        self.shapes[tensor] = shape

    def _shape(self, tensor: Tensor) -> Shape:
        if tensor.given is not None:
            forms = Forms(self.shapes)
            dims = tuple(forms.of(t) for t in tensor.given)
            for form, term in zip(dims, tensor.given, strict=True):
                self._check_size(form, term)
            return dims
        if tensor.choices:
            return self.shapes[next(iter(tensor.choices.values())).tensor]
        for kernel in tensor.kernels:
            if not kernel.is_flat:
                return tuple(self._largest(tensor, k) for k in range(len(kernel.indices)))
        return self._flat_shape(tensor)

    def _check_size(self, form: Polynomial, term: Term) -> None:
        if any(s.kind == "data" for s in form.symbols):
            raise self.source.error("A1022", "this dimension is not known", term.spot)
        if (value := form.value) is not None and value < 0:
            raise self.source.error("A1020", f"a size is 0 or more, got {value}", term.spot)

    def _largest(self, tensor: Tensor, dim: int) -> Polynomial:
        """The largest index plus one, over the kernels that determine it."""
        found: list[Polynomial] = []
        kernels = [k for k in tensor.kernels if not k.is_flat and dim < len(k.indices)]
        for kernel in kernels:
            top = self._top(kernel, dim)
            if top is not None:
                found.append(top)
        if not found:
            raise self._no_shape(tensor, kernels[0].indices[dim], dim)
        return largest(*found)

    def _top(self, kernel: Kernel, dim: int) -> Polynomial | None:
        solved = self.partial.get(kernel)
        if solved is None:
            return None
        high = bounds(solved.forms.of(kernel.indices[dim]), solved.ranges).high
        if high is None:
            return None
        return high + 1 if (value := high.value) is None else lift(max(value + 1, 0))

    def _no_shape(self, tensor: Tensor, index: Term, dim: int) -> FrontendError:
        solved = self.partial.get(tensor.kernels[0])
        is_data = any(isinstance(t, Read) for t in postorder([index]))
        is_formula = solved is None or all(s.kind != "data" for s in solved.forms.of(index).symbols)
        why = "a range in this index follows from nothing" if is_formula else "the index is no formula of the iterators"
        why = "the index is data" if is_data else why
        what = f"the shape of '{shown(tensor.name)}' cannot be inferred in dimension {dim}"
        ranged = "" if is_data or not is_formula else ", or a range: i in 0..<n"
        help = f"give it: {tensor.name}.shape = [...]{ranged}"
        return self.source.error("A1022", what, index.spot, why=why, help=help)

    def _flat_shape(self, tensor: Tensor) -> Shape:
        """A tensor written as `t{...}` only: the shape of what the first kernel reads at the same `{i}`, or rank 1."""
        first = tensor.kernels[0]
        rank = tensor.ranks[0].rank if tensor.ranks else None
        copied = self._copied(first)
        if copied is not None and rank in (None, len(copied)):
            return copied
        if rank not in (None, 1):
            what = f"'{shown(tensor.name)}' is written as flat data and read with {rank} indices"
            help = f"give its shape: {tensor.name}.shape = [...]"
            raise self.source.error("A1021", what, tensor.ranks[0].spot, help=help)
        return (self._largest_flat(tensor),)

    def _copied(self, kernel: Kernel) -> Shape | None:
        solved = self.partial.get(kernel)
        if solved is None:
            return None
        index = solved.forms.of(kernel.indices[0])
        if not any(index == iterator(i.name) for i in kernel.iterators):
            return None
        for read in kernel.reads():
            if read.is_flat and solved.forms.of(read.args[0]) == index:
                return solved.forms.shape(read.tensor)
        return None

    def _largest_flat(self, tensor: Tensor) -> Polynomial:
        tops = [top for kernel in tensor.kernels if (top := self._top(kernel, 0)) is not None]
        if not tops:
            raise self._no_shape(tensor, tensor.kernels[0].indices[0], 0)
        return largest(*tops)

    # Ranges ----------------------------------------------------------------------------------

    def _solve(self, kernel: Kernel) -> Solved:
        """The ranges that follow without the shape of what is written."""
        forms = Forms(self.shapes)
        solution: Solution[Read] = Solution({})
        for written in kernel.iterators:
            if written.low is None or written.high is None:
                continue
            low, high = forms.of(written.low), forms.of(written.high)
            if not any(s.kind == "data" for s in low.symbols | high.symbols):
                solution.ranges[written.name] = Range(low, high)
        own = kernel.tensor
        reads = [r for r in kernel.reads() if r.tensor is not own]
        solution.solve(self._names(kernel), _uses(reads, forms), self._limits(kernel, forms))
        return Solved(solution.ranges, forms, solution.agreements)

    def _limits(self, kernel: Kernel, forms: Forms) -> list[Limit]:
        """What is written stays inside of the given shape, and is never negative."""
        given = (kernel.tensor.like or kernel.tensor).given is not None or kernel.tensor.role in ("gradient", "cache")
        shape = forms.shape(kernel.tensor) if given else None
        sizes: Sequence[Polynomial | None] = [None] * len(kernel.indices)
        if shape is not None:
            sizes = (length(shape),) if kernel.is_flat else shape
        return [Limit(forms.of(i), size) for i, size in zip(kernel.indices, sizes, strict=False)]

    def _complete(self, kernel: Kernel) -> Solved:
        """All ranges, now that all shapes are known; A1023 for an iterator that nothing bounds."""
        solved = self._solve(kernel)
        solution = Solution(solved.ranges, solved.agreements)
        names = self._names(kernel)
        solution.solve(names, _uses([r for r in kernel.reads() if r.tensor is kernel.tensor], solved.forms))
        written = Read(kernel.spot, kernel.tensor.type, kernel.indices, kernel.tensor, 0, kernel.is_flat)
        solution.solve(names, _uses([written], solved.forms))
        for iterator_ in kernel.iterators:
            if iterator_.name not in solved.ranges:
                what = f"nothing bounds the iterator '{shown(iterator_.name)}'"
                help = f"write its range: {iterator_.name} in 0..<..."
                raise self.source.error("A1023", what, iterator_.spot, help=help)
        return solved

    @staticmethod
    def _names(kernel: Kernel) -> list[str]:
        return [i.name for i in kernel.iterators]


def _uses(reads: list[Read], forms: Forms) -> list[Use[Read]]:
    """Every index of reads of tensors whose shape is known."""
    found: list[Use[Read]] = []
    for read in reads:
        shape = forms.shape(read.tensor)
        if shape is None:
            continue
        sizes = (length(shape),) if read.is_flat else shape
        found += [Use(forms.of(a), s, read) for a, s in zip(read.args, sizes, strict=True)]
    return found


def _mentioned(kernel: Kernel) -> set[Tensor]:
    """Tensors on whose shapes ranges and written indices of a kernel depend."""
    bounds_ = [t for i in kernel.iterators for t in (i.low, i.high) if t is not None]
    if all(i.low is not None for i in kernel.iterators) and not kernel.is_flat:
        return _tensors_of((*bounds_, *kernel.indices))
    found = _tensors_of((*bounds_, *kernel.roots()))
    return found | {kernel.tensor} if kernel.tensor.given is not None else found


def _tensors_of(terms: tuple[Term, ...]) -> set[Tensor]:
    return {t.tensor.like or t.tensor for t in postorder(terms) if isinstance(t, OfTensor)}
