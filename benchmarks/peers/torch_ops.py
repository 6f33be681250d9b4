"""PyTorch's operations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from benchmarks.peers.base import Prepared, UnavailableError, named_gradients
from benchmarks.workloads.base import Arrays, Work

VERSION = "2.13.0"
"""What ratios are stated against."""


def torch_or_refuse() -> Any:
    """The library. UnavailableError where it is not installed."""
    try:
        return import_module("torch")
    except ImportError as error:
        raise UnavailableError(f"PyTorch is not installed: {error}") from None


class TorchOps:
    """Functions of `torch.nn.functional`; indices are int64."""

    def __init__(self, torch: Any) -> None:
        self.torch = torch
        self.functional = torch.nn.functional

    def linear(self, x: Any, w: Any, b: Any) -> Any:
        return self.torch.addmm(b, x, w)

    def activation(self, name: str, x: Any) -> Any:
        if name == "identity":
            return x
        return getattr(self.torch if name in ("tanh", "sigmoid") else self.functional, name)(x)

    def layer_norm(self, x: Any, scale: Any, shift: Any) -> Any:
        return self.functional.layer_norm(x, x.shape[1:], scale, shift)

    def concat(self, parts: Sequence[Any]) -> Any:
        return self.torch.cat(list(parts), 1)

    def take(self, x: Any, ends: Any, end: int) -> Any:
        return x.index_select(0, ends[end])

    def add_at(self, rows: int, ends: Any, values: Sequence[Any]) -> Any:
        total = self.torch.zeros(rows, values[0].shape[1])
        for end, value in zip(ends, values, strict=True):
            total = total.index_add(0, end, value)
        return total

    def mean_square(self, x: Any, y: Any) -> Any:
        return self.functional.mse_loss(x, y)

    def product(self, a: Any, b: Any) -> Any:
        return a @ b

    def convolution(self, images: Any, filters: Any) -> Any:
        """Images and filters are channels-last in memory."""
        return self.functional.conv2d(images.permute(0, 3, 1, 2), filters.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)

    def sqrt(self, x: Any) -> Any:
        return self.torch.sqrt(x)

    def absolute(self, x: Any) -> Any:
        return self.torch.abs(x)

    def maximum(self, x: Any, y: Any) -> Any:
        return self.torch.maximum(x, y)

    def columns(self, parts: Sequence[Any]) -> Any:
        return self.torch.stack(list(parts), 1)


def prepared(work: Work, gradient: bool, arrays: Arrays, threads: int, compiled: Callable[[Any, Any], Any]) -> Prepared:
    """`compiled(torch, f)` gives the function that runs in place of `f`."""
    torch = torch_or_refuse()
    torch.set_num_threads(threads)
    ops = TorchOps(torch)
    tensors = {k: torch.from_numpy(v) for k, v in arrays.items() if k != "edgelist"}
    if "edgelist" in arrays:
        tensors["edgelist"] = [torch.from_numpy(c.astype("int64")) for c in arrays["edgelist"].T]
    if not gradient:
        forward = compiled(torch, lambda x: work.forward(ops, x))

        def run() -> Any:
            with torch.inference_mode():
                return forward(tensors)

        return Prepared(run, lambda y: {"y": y.numpy()})
    params = [tensors[name].requires_grad_() for name in work.params]
    loss = compiled(torch, lambda x: work.loss(ops, x))

    def run_gradient() -> Any:
        value = loss(tensors)
        return value, torch.autograd.grad(value, params)

    return Prepared(run_gradient, lambda r: named_gradients(work, r[0], r[1], lambda t: t.detach().numpy()))
