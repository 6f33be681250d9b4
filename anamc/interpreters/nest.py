"""NumPy semantics of `nest.map` and `kernel.rows`."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from xdsl.interpreter import (
    Interpreter,
    InterpreterFunctions,
    PythonValues,
    ReturnedValues,
    impl,
    impl_terminator,
    register_impls,
)
from xdsl.ir.affine import (
    AffineExpr,
)
from xdsl.utils.exceptions import InterpretationError

from anamc.dialects import kernel, nest
from anamc.dialects.access import AccessAttr
from anamc.dialects.index_arithmetic import evaluated
from anamc.dialects.nest_check import CheckOp

COMBINE: dict[str, Any] = {"add": np.add, "max": np.maximum, "min": np.minimum}


def affine(expr: AffineExpr, dims: Sequence[Any], symbols: Sequence[Any]) -> Any:
    """An index expression on numbers or arrays of them."""
    return evaluated(expr, dims.__getitem__, symbols.__getitem__)


class OutOfRangeError(InterpretationError):
    """An index that a program computes is outside of its tensor."""

    def __init__(self, index: int, dim: int, size: int) -> None:
        self.where = f"{index} in dimension {dim} of size {size}"
        super().__init__(f"index {index} is out of range of dimension {dim} of size {size}")


def indices(access: AccessAttr, dims: Sequence[Any], sizes: Sequence[Any], tables: Sequence[Any]) -> tuple[Any, ...]:
    """Where an access reaches; out of range is an error, also below 0."""
    symbols = list(sizes)
    for read in access.tables:
        at = tuple(affine(e, dims, sizes) for e in read.map.data.results)
        symbols.append(np.asarray(checked(tables[read.position], at))[()])
    return tuple(affine(e, dims, symbols) for e in access.indices)


def checked(array: Any, at: tuple[Any, ...]) -> Any:
    """An element, or elements, of an array; no wrap-around of negative indices."""
    check(array, at)
    return array[at]


def check(array: Any, at: tuple[Any, ...]) -> None:
    for k, index in enumerate(at):
        found = np.asarray(index)
        if found.size and (found.min() < 0 or found.max() >= array.shape[k]):
            raise OutOfRangeError(int(found.min() if found.min() < 0 else found.max()), k, array.shape[k])


def points(op: nest.MapOp, extents: Sequence[int], sizes: Sequence[Any]) -> tuple[list[Any], Any]:
    """The iterators at every point that a nest visits, in lexicographic order, and the linear numbers of these."""
    count = prod(extents)
    dims = list(np.indices(extents, np.int64).reshape(len(extents), count))
    numbers = np.arange(count)
    for guard in op.where:
        keep = np.broadcast_to(np.asarray(affine(guard, dims, sizes)) >= 0, numbers.shape)
        dims, numbers = [d[keep] for d in dims], numbers[keep]
    return dims, numbers


def combine_winner(combiner: str, result: Any, winner: Any, at: tuple[Any, ...], values: Any, numbers: Any) -> None:
    """`max` or `min` in place, with the number of the first iteration that wins; a NaN wins and stays."""
    better = np.greater if combiner == "max" else np.less
    for k, value in enumerate(values):
        place = tuple(i[k] for i in at)
        old = result[place]
        if better(value, old) or (np.isnan(value) and not np.isnan(old)):
            result[place], winner[place] = value, numbers[k]


class CheckFailedError(InterpretationError):
    """
    A computed index was outside: the number of its check in the function, and the extremes of the index.

    `extremes`: the least value, the iteration that reaches it, the largest value, the iteration that reaches it.
    """

    def __init__(self, number: int, extremes: tuple[int, ...]) -> None:
        super().__init__(f"check {number} of computed indices: they reach from {extremes[0]} to {extremes[2]}")
        self.number = number
        self.extremes = extremes


@register_impls
class NestFunctions(InterpreterFunctions):
    """`nest.map` in one sweep over all points; `kernel.rows` row by row, as its semantics are per row."""

    @impl_terminator(nest.YieldOp)
    def nest_yield(self, interpreter: Interpreter, op: nest.YieldOp, args: PythonValues) -> Any:
        return ReturnedValues(args), ()

    @impl_terminator(kernel.YieldOp)
    def kernel_yield(self, interpreter: Interpreter, op: kernel.YieldOp, args: PythonValues) -> Any:
        return ReturnedValues(args), ()

    @impl(CheckOp)
    def check(self, interpreter: Interpreter, op: CheckOp, args: PythonValues) -> PythonValues:
        low, low_at, high, high_at = (int(v) for v in args[:4])
        bound = op.bound if isinstance(op.bound, int) else int(args[4 + list(op.sizes).index(op.bound)])
        if low < 0 or high >= bound:
            raise CheckFailedError(op.number.value.data, (low, low_at, high, high_at))
        return ()

    @impl(nest.MapOp)
    def map(self, interpreter: Interpreter, op: nest.MapOp, args: PythonValues) -> PythonValues:
        sizes = args[: len(op.sizes)]
        reads = args[len(sizes) : len(sizes) + len(op.reads)]
        inits = args[len(sizes) + len(reads) : len(sizes) + len(reads) + len(op.inits)]
        tables = args[len(sizes) + len(reads) + len(inits) :]
        extents = [e if isinstance(e, int) else int(sizes[list(op.sizes).index(e)]) for e in op.extents]
        dims, numbers = points(op, extents, sizes)
        count = len(numbers)
        results = [np.array(i) for i in inits]
        winners = {k: np.full(results[k].shape, -1, np.int64) for k in op.winners}
        if count:
            scalars = [
                np.broadcast_to(checked(t, indices(a, dims, sizes, tables)), (count,))
                for t, a in zip(reads, op.read_accesses, strict=True)
            ]
            yielded = interpreter.run_ssacfg_region(op.body, (*dims, *scalars))
            for k, (result, value, access, combiner) in enumerate(
                zip(results, yielded, op.write_accesses, op.combiners, strict=True)
            ):
                at = indices(access, dims, sizes, tables)
                check(result, at)
                at = tuple(np.broadcast_to(i, (count,)) for i in at)
                values = np.broadcast_to(value, (count,))
                if k in winners:
                    combine_winner(combiner.data, result, winners[k], at, values, numbers)
                elif combiner.data == "set":
                    result[at] = values if at else values[-1]
                elif at:
                    COMBINE[combiner.data].at(result, at, values)
                else:
                    result[()] = COMBINE[combiner.data].reduce(values, initial=result[()])
        return (*results, *winners.values())

    @impl(kernel.RowsOp)
    def rows(self, interpreter: Interpreter, op: kernel.RowsOp, args: PythonValues) -> PythonValues:
        sizes = args[: len(op.rows)]
        reads = args[len(sizes) : len(sizes) + len(op.reads)]
        inits = args[len(sizes) + len(reads) : len(sizes) + len(reads) + len(op.inits)]
        tables = args[len(sizes) + len(reads) + len(inits) :]  # and a plan, which changes no result
        results = [np.array(i) for i in inits]
        extent = op.extent
        for r in range(extent if isinstance(extent, int) else int(sizes[0])):
            row = [
                np.asarray(checked(t, indices(a, [np.int64(r)], sizes, tables)))
                for t, a in zip(reads, op.read_accesses, strict=True)
            ]
            yielded = iter(interpreter.run_ssacfg_region(op.body, (np.int64(r), *row)))
            for result, accesses, combiner in zip(results, op.write_accesses, op.combiners, strict=True):
                for access in accesses:
                    at = indices(access, [np.int64(r)], sizes, tables)
                    check(result, at)
                    value = next(yielded)
                    result[at] = value if combiner.data == "write" else COMBINE[combiner.data](result[at], value)
        return tuple(results)
