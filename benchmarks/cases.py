"""What is compared: each row of the tables, and what it should reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

from benchmarks.workloads.base import Work
from benchmarks.workloads.flux import Flux
from benchmarks.workloads.linear_algebra import Convolution, Product
from benchmarks.workloads.message_passing import MessagePassing
from benchmarks.workloads.mlp import Mlp
from benchmarks.workloads.random_networks import random_networks

NETWORKS = 20
QUICK = 50
"""With `--quick`, large numbers of rows, nodes and edges are divided by this."""
TOLERANCES = {False: 1e-4, True: 2e-3}
"""
The largest distance from float64 of a result (forward, gradient), over the largest magnitude of the array.

Forward: sums of some hundred products in float32, through up to ten layers. Gradients are sums of up to a
million float32 terms that nearly cancel, and each library adds them in an order of its own.
"""


@dataclass(frozen=True)
class Case:
    """A work, forward or with its gradient; `target`: anamc's time over the best peer's."""

    name: str
    work: Work
    gradient: bool = False
    target: float | None = None

    @property
    def tolerance(self) -> float:
        return TOLERANCES[self.gradient]


def both(name: str, work: Work, forward: float | None = None, gradient: float | None = None) -> list[Case]:
    """Forward, and with the gradient."""
    return [Case(f"{name}/forward", work, False, forward), Case(f"{name}/gradient", work, True, gradient)]


def all_cases(quick: bool = False) -> Iterator[Case]:
    """Every row, in order; `quick`: smaller."""

    def less(count: int) -> int:
        return max(count // QUICK, 41) if quick and count > 1000 else count

    for rows, forward, gradient in ((41, 0.30, 0.25), (10_000, 0.50, 0.25), (1_000_000, 0.36, 0.18)):
        network = Mlp((1, 10, 20, 10, 1), "tanh", less(rows))
        yield from both(f"mlp-1-10-20-10-1-tanh/{rows}", network, forward, gradient)
    for rows, forward, gradient in ((1_000, 0.55, 0.55), (100_000, 0.50, 0.33)):
        for activation in ("tanh", "gelu", "relu"):
            network = Mlp((3, 64, 64, 64, 3), activation, less(rows))
            yield from both(f"mlp-3-64-64-64-3-{activation}/{rows}", network, forward, gradient)
    for activation in ("tanh", "relu"):
        network = Mlp((3, 128, 128, 128, 3), activation, less(100_000))
        yield from both(f"mlp-3-128-128-128-3-{activation}/100000", network)
    for width, shuffled, forward, gradient in (
        (16, False, 0.22, 0.22),
        (32, False, 0.33, 0.25),
        (32, True, 0.38, 0.29),
        (128, False, 0.53, 0.36),
    ):
        name = f"messages-{width}/{'shuffled' if shuffled else 'natural'}"
        yield from both(name, MessagePassing(width, less(100_000), shuffled), forward, gradient)
    yield Case("flux/natural", Flux(less(1_000_000)), target=0.40)
    yield Case("flux/shuffled", Flux(less(1_000_000), shuffled=True), target=0.45)
    yield Case("product/512", Product())
    yield Case("convolution/28x28", Convolution(), target=1.5)
    for k, network in enumerate(random_networks(NETWORKS)):
        yield from both(f"random/{k:02}", network)


def chosen(cases: Sequence[Case], patterns: Sequence[str]) -> list[Case]:
    """Those whose name has one of the patterns as a part (`*` stands for anything); all where there is none."""
    return [c for c in cases if not patterns or any(fnmatch(c.name, f"*{p}*") for p in patterns)]
