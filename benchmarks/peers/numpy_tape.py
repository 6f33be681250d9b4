"""Gradients in NumPy: operations that remember how to go back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.peers.numpy_ops import FUNCTIONS, NumpyOps, normalised
from benchmarks.workloads.base import Values

Backward = Callable[[Values], Sequence[Values | None]]


@dataclass(eq=False)
class Node:
    """A value, what it was made of, and its cotangent."""

    value: Values
    parents: Sequence[Node] = ()
    backward: Backward | None = None
    bar: Values | None = None

    def __add__(self, other: Node) -> Node:
        return Node(self.value + other.value, (self, other), lambda bar: (bar, bar))


@dataclass
class Tape:
    """The operations of `NumpyOps` that networks have, on nodes."""

    plain: NumpyOps
    nodes: list[Node] = field(default_factory=list[Node])

    def made(self, value: Values, parents: Sequence[Node], backward: Backward) -> Node:
        return Node(value, parents, backward)

    def linear(self, x: Node, w: Node, b: Node) -> Node:
        def backward(bar: Values) -> Sequence[Values | None]:
            return (bar @ w.value.T if x.parents else None, x.value.T @ bar, bar.sum(axis=0))

        return self.made(self.plain.linear(x.value, w.value, b.value), (x, w, b), backward)

    def activation(self, name: str, x: Node) -> Node:
        if name == "identity":
            return x
        value, slope = self.plain.activation(name, x.value), FUNCTIONS[name][1]
        return self.made(value, (x,), lambda bar: (bar * slope(x.value, value),))

    def layer_norm(self, x: Node, scale: Node, shift: Node) -> Node:
        h, inverse = normalised(x.value)

        def backward(bar: Values) -> Sequence[Values]:
            v = bar * scale.value
            means = v.mean(axis=1, keepdims=True), (h * v).mean(axis=1, keepdims=True)
            return inverse * (v - means[0] - h * means[1]), (h * bar).sum(axis=0), bar.sum(axis=0)

        return self.made(h * scale.value + shift.value, (x, scale, shift), backward)

    def concat(self, parts: Sequence[Node]) -> Node:
        at = np.cumsum([p.value.shape[1] for p in parts])[:-1]
        value = self.plain.concat([p.value for p in parts])
        return self.made(value, parts, lambda bar: np.split(bar, at, axis=1))

    def take(self, x: Node, ends: Node, end: int) -> Node:
        def backward(bar: Values) -> Sequence[Values]:
            return (self.plain.incidence.sums(len(x.value), end, np.ascontiguousarray(bar)),)

        return self.made(self.plain.take(x.value, ends.value, end), (x,), backward)

    def add_at(self, rows: int, ends: Node, values: Sequence[Node]) -> Node:
        value = self.plain.add_at(rows, ends.value, [v.value for v in values])
        return self.made(value, values, lambda bar: [bar[ends.value[:, k]] for k in range(len(values))])

    def mean_square(self, x: Node, y: Node) -> Node:
        difference = x.value - y.value
        scale = difference.dtype.type(2 / difference.size)
        return self.made(np.asarray(np.mean(np.square(difference))), (x,), lambda bar: (bar * scale * difference,))


def differentiate(result: Node) -> None:
    """Cotangents of all that `result` was made of, from one of 1."""
    order: list[Node] = []
    seen: set[int] = set()
    todo: list[tuple[Node, bool]] = [(result, False)]
    while todo:
        node, is_done = todo.pop()
        if is_done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            todo.append((node, True))
            todo.extend((parent, False) for parent in node.parents)
    result.bar = np.ones_like(result.value)
    seen.clear()
    while order:
        node = order.pop()
        if node.backward is None or node.bar is None:
            continue
        for parent, bar in zip(node.parents, node.backward(node.bar), strict=True):
            if bar is not None:
                parent.bar = bar if parent.bar is None else parent.bar + bar
        # What nothing needs any more is freed here: on large meshes that is most of the memory.
        node.parents, node.backward, node.bar = (), None, None


def value_and_gradients(work: Any, plain: NumpyOps, arrays: dict[str, Values]) -> tuple[Values, list[Any]]:
    """The loss, and the gradient of each parameter."""
    nodes = {name: Node(values) for name, values in arrays.items()}
    loss = work.loss(Tape(plain), nodes)
    differentiate(loss)
    return loss.value, [nodes[name].bar for name in work.params]
