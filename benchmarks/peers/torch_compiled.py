"""PyTorch through `torch.compile` (Inductor, which needs a C++ compiler)."""

from __future__ import annotations

from typing import Any

from benchmarks.peers.base import Prepared
from benchmarks.peers.torch_ops import prepared
from benchmarks.workloads.base import Arrays, Work


def prepare(work: Work, gradient: bool, arrays: Arrays, threads: int) -> Prepared:
    """One graph, for these shapes."""

    def compiled(torch: Any, f: Any) -> Any:
        torch.compiler.reset()
        return torch.compile(f, fullgraph=True, dynamic=False)

    return prepared(work, gradient, arrays, threads, compiled)
