"""NumPy semantics of the `scatter` dialect."""

from __future__ import annotations

from typing import Any

import numpy as np
from xdsl.interpreter import Interpreter, InterpreterFunctions, PythonValues, impl, register_impls

from anamc.dialects import scatter
from anamc.interpreters.nest import check, checked
from anamc.interpreters.tensors import dtype_of


@register_impls
class ScatterFunctions(InterpreterFunctions):
    """Gathers and reductions over the edges of each node."""

    @impl(scatter.GatherOp)
    def gather(self, interpreter: Interpreter, op: scatter.GatherOp, args: PythonValues) -> PythonValues:
        x, edges = args
        return (checked(x, (edges[:, op.end.value.data],)),)

    @impl(scatter.SumOp)
    def sum(self, interpreter: Interpreter, op: scatter.SumOp, args: PythonValues) -> PythonValues:
        return (reduce(op, args, np.add, 0.0)[0],)

    @impl(scatter.MeanOp)
    def mean(self, interpreter: Interpreter, op: scatter.MeanOp, args: PythonValues) -> PythonValues:
        total, count = reduce(op, args, np.add, 0.0)
        return (np.where(count > 0, total / np.maximum(count, 1), 0).astype(total.dtype),)

    @impl(scatter.MaxOp)
    def max(self, interpreter: Interpreter, op: scatter.MaxOp, args: PythonValues) -> PythonValues:
        largest, count = reduce(op, args, np.maximum, -np.inf)
        return (np.where(count > 0, largest, 0).astype(largest.dtype),)

    @impl(scatter.PairSumOp)
    def pair_sum(self, interpreter: Interpreter, op: scatter.PairSumOp, args: PythonValues) -> PythonValues:
        left, right, edges, n = args
        result = np.zeros((int(n), *left.shape[1:]), left.dtype)
        check(result, (edges,))
        np.add.at(result, edges[:, 0], left)
        np.add.at(result, edges[:, 1], right)
        return (result,)

    @impl(scatter.CountOp)
    def count(self, interpreter: Interpreter, op: scatter.CountOp, args: PythonValues) -> PythonValues:
        edges, n = args
        result = np.zeros(int(n), dtype_of(op.y.type))
        check(result, (edges[:, list(op.ends)],))
        for end in op.ends:
            np.add.at(result, edges[:, end], 1)
        return (result,)


def reduce(
    op: scatter.SumOp | scatter.MeanOp | scatter.MaxOp, args: PythonValues, combine: np.ufunc, start: float
) -> tuple[Any, Any]:
    """The combined contributions of each node, and their number as a column."""
    x, edges, n = args
    result = np.full((int(n), *x.shape[1:]), start, x.dtype)
    count = np.zeros((int(n), 1), x.dtype)
    for end, sign in op.ends:
        check(result, (edges[:, end],))
        combine.at(result, edges[:, end], x.dtype.type(sign) * x)
        np.add.at(count, edges[:, end], 1)
    return result, count
