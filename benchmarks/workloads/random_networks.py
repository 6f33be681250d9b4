"""Twenty networks that nobody tuned for."""

from __future__ import annotations

import random
from itertools import pairwise

from benchmarks.workloads.mlp import Mlp

ACTIVATIONS = ("tanh", "relu", "gelu", "sigmoid", "silu")
PRIMES = tuple(p for p in range(2, 200) if all(p % q for q in range(2, p)))
MOST_FLOPS = 4e9
"""Of a forward pass: a quarter of a second at most."""


def random_networks(count: int, seed: int = 0) -> list[Mlp]:
    """Widths from 1 to 200, every second one a prime; one to five hidden layers; odd numbers of rows."""
    rng = random.Random(seed)
    return [random_network(rng, k) for k in range(count)]


def random_network(rng: random.Random, seed: int) -> Mlp:
    def width() -> int:
        return rng.choice(PRIMES) if rng.random() < 0.5 else rng.randint(1, 200)

    hidden = [width() for _ in range(rng.randint(1, 5))]
    sizes = (rng.randint(1, 8), *hidden, rng.randint(1, 4))
    a_row = sum(2 * a * b for a, b in pairwise(sizes))
    most = min(200_000, int(MOST_FLOPS / a_row))
    rows = int(10 ** rng.uniform(1.5, 5.3)) % most | 1
    return Mlp(sizes, rng.choice(ACTIVATIONS), rows, seed)
