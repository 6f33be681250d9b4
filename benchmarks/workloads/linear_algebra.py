"""Products in index notation: of two matrices, and of images with filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import anamc
from benchmarks.workloads.base import Arrays, Ops, Work


@dataclass(frozen=True)
class Product(Work):
    """``c = a b`` of square matrices."""

    size: int = 512

    def arrays(self) -> Arrays:
        rng = np.random.default_rng(0)
        return {name: rng.normal(size=(self.size, self.size)).astype("float32") for name in ("a", "b")}

    def forward(self, ops: Ops, x: Mapping[str, Any]) -> Any:
        return ops.product(x["a"], x["b"])

    def program(self) -> anamc.Program:
        n = self.size
        text = f"input a[{n}, {n}] input b[{n}, {n}] c[i, j] ++= a[i, k] * b[k, j] | (i, j, k) output c"
        return anamc.parse(text, format="ix", name="product")

    def flops(self, gradient: bool) -> float:
        del gradient
        return 2.0 * self.size**3


@dataclass(frozen=True)
class Convolution(Work):
    """`filters` filters of `window x window` on `batch` images, where all of the window is inside."""

    batch: int = 64
    size: int = 28
    window: int = 5
    filters: int = 8

    def arrays(self) -> Arrays:
        rng = np.random.default_rng(0)
        images = rng.normal(size=(self.batch, self.size, self.size, 1)).astype("float32")
        filters = rng.normal(size=(self.filters, self.window, self.window, 1)).astype("float32")
        return {"images": images, "filters": filters}

    def forward(self, ops: Ops, x: Mapping[str, Any]) -> Any:
        return ops.convolution(x["images"], x["filters"])

    def program(self) -> anamc.Program:
        f, w = self.filters, self.window
        text = f"""
            input images[batch, height, width, 1]
            input filters[{f}, {w}, {w}, 1]
            y[b, i, j, f] ++= images[b, i + u, j + v, c] * filters[f, u, v, c] | (b, i, j, f, u, v, c)
            output y
        """
        return anamc.parse(text, format="ix", name="convolution")

    def flops(self, gradient: bool) -> float:
        del gradient
        out = self.size - self.window + 1
        return 2.0 * self.batch * out * out * self.filters * self.window**2
