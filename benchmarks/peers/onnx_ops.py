"""Operations that write an ONNX graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

ACTIVATIONS = {"tanh": "Tanh", "relu": "Relu", "sigmoid": "Sigmoid", "gelu": "Gelu"}


@dataclass(frozen=True)
class OnnxValue:
    """A value of the graph by name, with Python's operators."""

    ops: OnnxOps
    name: str

    def __add__(self, other: OnnxValue | float) -> OnnxValue:
        return self.ops.node("Add", self, other)

    __radd__ = __add__

    def __mul__(self, other: OnnxValue | float) -> OnnxValue:
        return self.ops.node("Mul", self, other)

    __rmul__ = __mul__

    def __sub__(self, other: OnnxValue | float) -> OnnxValue:
        return self.ops.node("Sub", self, other)

    def __truediv__(self, other: OnnxValue | float) -> OnnxValue:
        return self.ops.node("Div", self, other)

    def __neg__(self) -> OnnxValue:
        return self.ops.node("Neg", self)

    def __getitem__(self, at: tuple[slice, int]) -> OnnxValue:
        """`x[:, k]`."""
        return self.ops.node("Gather", self, self.ops.constant(np.array(at[1], np.int64)), axis=1)


@dataclass
class OnnxOps:
    """Appends a node for each operation."""

    onnx: Any
    nodes: list[Any] = field(default_factory=list[Any])
    constants: list[Any] = field(default_factory=list[Any])

    def node(self, kind: str, *inputs: OnnxValue | float, **attributes: Any) -> OnnxValue:
        names = [(i if isinstance(i, OnnxValue) else self.constant(np.float32(i))).name for i in inputs]
        name = f"v{len(self.nodes)}"
        self.nodes.append(self.onnx.helper.make_node(kind, names, [name], **attributes))
        return OnnxValue(self, name)

    def constant(self, values: Any, name: str = "") -> OnnxValue:
        name = name or f"c{len(self.constants)}"
        self.constants.append(self.onnx.numpy_helper.from_array(np.asarray(values), name))
        return OnnxValue(self, name)

    def linear(self, x: OnnxValue, w: OnnxValue, b: OnnxValue) -> OnnxValue:
        return self.node("Gemm", x, w, b)

    def activation(self, name: str, x: OnnxValue) -> OnnxValue:
        if name == "identity":
            return x
        if name == "silu":
            return x * self.node("Sigmoid", x)
        return self.node(ACTIVATIONS[name], x)

    def layer_norm(self, x: OnnxValue, scale: OnnxValue, shift: OnnxValue) -> OnnxValue:
        return self.node("LayerNormalization", x, scale, shift, axis=-1, epsilon=1e-5)

    def concat(self, parts: Sequence[OnnxValue]) -> OnnxValue:
        return self.node("Concat", *parts, axis=1)

    def take(self, x: OnnxValue, ends: Sequence[OnnxValue], end: int) -> OnnxValue:
        return self.node("Gather", x, ends[end], axis=0)

    def add_at(self, rows: int, ends: Sequence[OnnxValue], values: Sequence[OnnxValue]) -> OnnxValue:
        width = self.node("Gather", self.node("Shape", values[0]), self.constant(np.array([1], np.int64)), axis=0)
        shape = self.node("Concat", self.constant(np.array([rows], np.int64)), width, axis=0)
        total = self.node("ConstantOfShape", shape)
        last = self.constant(np.array([1], np.int64))
        for end, value in zip(ends, values, strict=True):
            total = self.node("ScatterND", total, self.node("Unsqueeze", end, last), value, reduction="add")
        return total

    def mean_square(self, x: OnnxValue, y: OnnxValue) -> OnnxValue:
        raise NotImplementedError

    def product(self, a: OnnxValue, b: OnnxValue) -> OnnxValue:
        return self.node("MatMul", a, b)

    def convolution(self, images: OnnxValue, filters: OnnxValue) -> OnnxValue:
        turned = (self.node("Transpose", v, perm=[0, 3, 1, 2]) for v in (images, filters))
        return self.node("Transpose", self.node("Conv", *turned), perm=[0, 2, 3, 1])

    def sqrt(self, x: OnnxValue) -> OnnxValue:
        return self.node("Sqrt", x)

    def absolute(self, x: OnnxValue) -> OnnxValue:
        return self.node("Abs", x)

    def maximum(self, x: OnnxValue, y: OnnxValue) -> OnnxValue:
        return self.node("Max", x, y)

    def columns(self, parts: Sequence[OnnxValue]) -> OnnxValue:
        last = self.constant(np.array([1], np.int64))
        return self.node("Concat", *(self.node("Unsqueeze", p, last) for p in parts), axis=1)
