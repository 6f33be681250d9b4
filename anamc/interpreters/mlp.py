"""NumPy semantics of the `mlp` dialect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from xdsl.interpreter import Interpreter, InterpreterFunctions, PythonValues, impl, register_impls
from xdsl.ir import Operation

from anamc.dialects import mlp
from anamc.interpreters.tensors import erf

Array = Any

SELU_SCALE = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717


def sigmoid(x: Array) -> Array:
    """``1 / (1 + exp(-x))`` without overflow."""
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, np.ones_like(e)) / (1 + e)


def not_far_below(x: Array) -> Array:
    """A factor of what is 0 below -1000 anyway, for infinity times 0 is no number; NaN stays."""
    return np.maximum(x, x.dtype.type(-1000))


def gelu_tanh(x: Array) -> Array:
    """``x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))``"""
    inner = x.dtype.type(np.sqrt(2 / np.pi)) * (x + 0.044715 * x**3)
    return not_far_below(x) / 2 * (1 + np.tanh(inner))


def softplus(x: Array) -> Array:
    """``log(1 + exp(x))`` without overflow."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def softmax(x: Array) -> Array:
    """Over the last dimension."""
    e = np.exp(x - x.max(axis=-1, keepdims=True, initial=-np.inf))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(x: Array) -> Array:
    """Over the last dimension."""
    d = x - x.max(axis=-1, keepdims=True, initial=-np.inf)
    return d - np.log(np.exp(d).sum(axis=-1, keepdims=True))


def elu(x: Array, alpha: float) -> Array:
    """``x`` above 0, ``alpha (exp(x) - 1)`` below."""
    return np.where(x > 0, x, x.dtype.type(alpha) * np.expm1(np.minimum(x, 0)))


ACTIVATIONS: dict[type[Operation], Callable[[Array, Any], Array]] = {
    mlp.SigmoidOp: lambda x, op: sigmoid(x),
    mlp.ReluOp: lambda x, op: np.maximum(x, 0),
    mlp.LeakyReluOp: lambda x, op: np.where(x > 0, x, x.dtype.type(op.slope.value.data) * x),
    mlp.EluOp: lambda x, op: elu(x, op.alpha.value.data),
    mlp.SeluOp: lambda x, op: x.dtype.type(SELU_SCALE) * elu(x, SELU_ALPHA),
    mlp.GeluOp: lambda x, op: not_far_below(x) / 2 * (1 + erf(x * x.dtype.type(np.sqrt(0.5)))),
    mlp.GeluTanhOp: lambda x, op: gelu_tanh(x),
    mlp.SiluOp: lambda x, op: not_far_below(x) * sigmoid(x),
    mlp.SoftplusOp: lambda x, op: softplus(x),
    mlp.SoftmaxOp: lambda x, op: softmax(x),
    mlp.LogSoftmaxOp: lambda x, op: log_softmax(x),
}


def huber(p: Array, t: Array, delta: float) -> Array:
    """Quadratic below delta, linear above."""
    d = np.abs(p - t)
    return np.where(d < delta, d * d / 2, delta * (d - delta / 2))


LOSSES: dict[str, Callable[[Array, Array, float], Array]] = {
    "mse": lambda p, t, delta: (p - t) ** 2,
    "mae": lambda p, t, delta: np.abs(p - t),
    "mape": lambda p, t, delta: 100 * np.abs(p - t) / np.maximum(np.abs(t), p.dtype.type(1e-8)),
    "huber": huber,
    "bce_with_logits": lambda p, t, delta: softplus(p) - p * t,
    "cross_entropy": lambda p, t, delta: -t * log_softmax(p),
    "hinge": lambda p, t, delta: np.maximum(0, 1 - t * p),
}


def _activation(function: Callable[[Array, Any], Array]) -> Callable[..., PythonValues]:
    return lambda self, interpreter, op, args: (function(np.asarray(args[0]), op).astype(args[0].dtype),)


class _MlpFunctions(InterpreterFunctions):
    """Layers and losses."""

    @impl(mlp.UnpackOp)
    def unpack(self, interpreter: Interpreter, op: mlp.UnpackOp, args: PythonValues) -> PythonValues:
        return tuple(
            args[0][offset : offset + mlp.element_count(part.type)].reshape(part.type.get_shape())  # pyright: ignore
            for offset, part in zip(op.offsets, op.parts, strict=True)
        )

    @impl(mlp.DenseOp)
    def dense(self, interpreter: Interpreter, op: mlp.DenseOp, args: PythonValues) -> PythonValues:
        x, w, b = args
        return (x @ w + b,)

    @impl(mlp.LayerNormOp)
    def layer_norm(self, interpreter: Interpreter, op: mlp.LayerNormOp, args: PythonValues) -> PythonValues:
        x, scale, shift = args
        mean, var = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
        return ((x - mean) / np.sqrt(var + x.dtype.type(op.eps.value.data)) * scale + shift,)

    @impl(mlp.RowLossOp)
    def row_loss(self, interpreter: Interpreter, op: mlp.RowLossOp, args: PythonValues) -> PythonValues:
        p, t = args
        return (LOSSES[op.kind.data](p, t, op.delta.value.data).sum(axis=-1).astype(p.dtype),)

    @impl(mlp.MeanOp)
    def mean(self, interpreter: Interpreter, op: mlp.MeanOp, args: PythonValues) -> PythonValues:
        x, init = args
        if not x.size:
            return (init,)
        return (np.asarray(init + x.dtype.type(op.factor.value.data) * x.mean(), x.dtype),)


MlpFunctions = register_impls(
    type(
        "MlpFunctions",
        (_MlpFunctions,),
        {op.name: impl(op)(_activation(function)) for op, function in ACTIVATIONS.items()},
    )
)
