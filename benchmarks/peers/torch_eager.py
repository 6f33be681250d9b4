"""PyTorch, operation by operation."""

from __future__ import annotations

from benchmarks.peers.base import Prepared
from benchmarks.peers.torch_ops import prepared
from benchmarks.workloads.base import Arrays, Work


def prepare(work: Work, gradient: bool, arrays: Arrays, threads: int) -> Prepared:
    """Without a graph where there is no gradient."""
    return prepared(work, gradient, arrays, threads, lambda torch, f: f)
