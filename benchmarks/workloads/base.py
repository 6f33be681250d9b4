"""What a kind of work is, and the operations that it is written in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

import anamc

Values = NDArray[Any]
Arrays = dict[str, Values]


class Ops(Protocol):
    """
    Operations on a peer's own arrays, whatever their type.

    The arrays themselves have `+ - * /` and `x[:, k]`. Weights are `in x out`.
    """

    def linear(self, x: Any, w: Any, b: Any) -> Any:
        """``x w + b``."""
        ...

    def activation(self, name: str, x: Any) -> Any:
        """tanh, relu, sigmoid, silu, gelu (erf), identity."""
        ...

    def layer_norm(self, x: Any, scale: Any, shift: Any) -> Any:
        """``(x - mean) / sqrt(var + 1e-5) scale + shift`` for each row."""
        ...

    def concat(self, parts: Sequence[Any]) -> Any:
        """Columns beside each other."""
        ...

    def take(self, x: Any, ends: Any, end: int) -> Any:
        """Row ``ends[e, end]`` of `x` for each e."""
        ...

    def add_at(self, rows: int, ends: Any, values: Sequence[Any]) -> Any:
        """``y[ends[e, k]] += values[k][e]`` for both ends k, from zeros of so many rows."""
        ...

    def mean_square(self, x: Any, y: Any) -> Any:
        """The mean of ``(x - y)^2``."""
        ...

    def product(self, a: Any, b: Any) -> Any:
        """``a b``."""
        ...

    def convolution(self, images: Any, filters: Any) -> Any:
        """``y[b, i, j, f] = sum images[b, i + u, j + v, c] filters[f, u, v, c]`` where all of it is inside."""
        ...

    def sqrt(self, x: Any) -> Any: ...

    def absolute(self, x: Any) -> Any: ...

    def maximum(self, x: Any, y: Any) -> Any: ...

    def columns(self, parts: Sequence[Any]) -> Any:
        """Vectors as the columns of a matrix."""
        ...


class Work(ABC):
    """One thing to compute, of fixed sizes; the same for every contender, by a seed."""

    @abstractmethod
    def arrays(self) -> Arrays:
        """Arguments and parameters: float32, and int32 indices. With a gradient, `target` too."""

    @abstractmethod
    def forward(self, ops: Ops, x: Mapping[str, Any]) -> Any:
        """The result, by a peer's operations."""

    @abstractmethod
    def program(self) -> anamc.Program:
        """The same for anamc; with a loss where it has a gradient."""

    @property
    def params(self) -> tuple[str, ...]:
        """The arrays that a gradient is of, in the order of anamc's vector of parameters; none: no gradient."""
        return ()

    @property
    def is_large(self) -> bool:
        """Whether its reference needs most of the memory: idle processes are ended first."""
        return False

    def loss(self, ops: Ops, x: Mapping[str, Any]) -> Any:
        """The mean square of the difference from `target`."""
        return ops.mean_square(self.forward(ops, x), x["target"])

    def arguments(self, arrays: Arrays) -> dict[str, Any]:
        """What anamc is called with."""
        given = {name: values for name, values in arrays.items() if name not in self.params}
        if self.params:
            given["params"] = np.concatenate([arrays[name].ravel() for name in self.params])
        return given

    def parts(self, params: Values, arrays: Arrays) -> Arrays:
        """anamc's vector of parameters, or of their gradients, by name."""
        found: Arrays = {}
        start = 0
        for name in self.params:
            size = arrays[name].size
            found[name] = params[start : start + size].reshape(arrays[name].shape)
            start += size
        return found

    def flops(self, gradient: bool) -> float:
        """Floating-point operations of the matrix products, 0 where there are none to speak of."""
        del gradient
        return 0.0

    def bytes(self) -> float:
        """What must at least be read and written (bytes), 0 where that is not what it costs."""
        return 0.0
