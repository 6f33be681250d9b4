"""NumPy semantics of the operations that derivatives of layers are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
from xdsl.interpreter import Interpreter, InterpreterFunctions, PythonValues, impl, register_impls

from anamc.dialects import mlp
from anamc.interpreters.tensors import ORDERED, dtype_of


def rows(x: Any) -> Any:
    """All leading dimensions as one."""
    return x.reshape(-1, x.shape[-1])


def shape_of(type: Any, sizes: PythonValues) -> tuple[int, ...]:
    """A tensor type's shape, with its run-time sizes in order."""
    given = iter(sizes)
    return tuple(s if s >= 0 else int(next(given)) for s in type.get_shape())


@register_impls
class MlpAdjointFunctions(InterpreterFunctions):
    """Contractions, row products, standardized rows, packing."""

    @impl(mlp.DenseTransposedOp)
    def dense_transposed(self, interpreter: Interpreter, op: mlp.DenseTransposedOp, args: PythonValues) -> PythonValues:
        g, w = args
        return (g @ w.T,)

    @impl(mlp.OuterOp)
    def outer(self, interpreter: Interpreter, op: mlp.OuterOp, args: PythonValues) -> PythonValues:
        x, g = args
        return (rows(x).T @ rows(g),)

    @impl(mlp.SumRowsOp)
    def sum_rows(self, interpreter: Interpreter, op: mlp.SumRowsOp, args: PythonValues) -> PythonValues:
        return (rows(args[0]).sum(axis=0),)

    @impl(mlp.BroadcastOp)
    def broadcast(self, interpreter: Interpreter, op: mlp.BroadcastOp, args: PythonValues) -> PythonValues:
        return (np.broadcast_to(args[0], shape_of(op.y.type, args[1:])).copy(),)

    @impl(mlp.RowDotOp)
    def row_dot(self, interpreter: Interpreter, op: mlp.RowDotOp, args: PythonValues) -> PythonValues:
        a, b = args
        return (np.asarray((a * b).sum(axis=-1)),)

    @impl(mlp.ScaleRowsOp)
    def scale_rows(self, interpreter: Interpreter, op: mlp.ScaleRowsOp, args: PythonValues) -> PythonValues:
        x, s = args
        return (x * np.asarray(s)[..., np.newaxis],)

    @impl(mlp.StandardizeOp)
    def standardize(self, interpreter: Interpreter, op: mlp.StandardizeOp, args: PythonValues) -> PythonValues:
        x = args[0]
        mean, var = x.mean(axis=-1, keepdims=True), x.var(axis=-1)
        inv = 1 / np.sqrt(var + x.dtype.type(op.eps.value.data))
        return (x - mean) * np.asarray(inv)[..., np.newaxis], np.asarray(inv)

    @impl(mlp.StandardizeTangentOp)
    def standardize_tangent(
        self, interpreter: Interpreter, op: mlp.StandardizeTangentOp, args: PythonValues
    ) -> PythonValues:
        v, h, inv = args
        along = (h * v).mean(axis=-1, keepdims=True)
        return ((v - v.mean(axis=-1, keepdims=True) - h * along) * np.asarray(inv)[..., np.newaxis],)

    @impl(mlp.MeanTransposedOp)
    def mean_transposed(self, interpreter: Interpreter, op: mlp.MeanTransposedOp, args: PythonValues) -> PythonValues:
        (size,) = shape_of(op.y.type, args[1:])
        type = dtype_of(op.y.type).type
        return (np.full(size, type(op.factor.value.data) * args[0] / type(max(size, 1)), type),)

    @impl(mlp.PackOp)
    def pack(self, interpreter: Interpreter, op: mlp.PackOp, args: PythonValues) -> PythonValues:
        result = np.zeros(shape_of(op.params.type, ()), dtype_of(op.params.type))
        for offset, part in zip(op.places, args, strict=True):
            result[offset : offset + part.size] = part.ravel()
        return (result,)

    @impl(mlp.SplitOp)
    def split(self, interpreter: Interpreter, op: mlp.SplitOp, args: PythonValues) -> PythonValues:
        return tuple(np.split(args[0], op.starts[1:], axis=-1))

    @impl(mlp.WhereOp)
    def where(self, interpreter: Interpreter, op: mlp.WhereOp, args: PythonValues) -> PythonValues:
        x, y, yes, no = args
        return (np.where(ORDERED[op.kind.data](x, y), yes, no),)
