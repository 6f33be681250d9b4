"""Random programs in index notation whose indices are data or computed from data, valid or not, and what they mean."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
Arrays = Mapping[str, Values]


class OutsideError(Exception):
    """An index of a program is out of range."""


def element(array: Values, index: int) -> Any:
    """An element, without NumPy's counting from the end."""
    if not 0 <= index < len(array):
        raise OutsideError
    return array[index]


def to_index(value: float) -> int:
    """Truncated; far numbers and NaN are very far."""
    return -(2**62) if math.isnan(value) else int(max(min(float(value), 2.0**62), -(2.0**62)))


@dataclass(frozen=True)
class Index:
    """An index of the iterators q and j: its text, and its value."""

    text: str
    value: Callable[[Arrays, int, int], int]


def s(a: Arrays, q: int) -> int:
    return to_index(element(a["s"], q))


def t(a: Arrays, q: int) -> int:
    return int(element(a["t"], q))


INDICES = (
    Index("toIndex(s[q])", lambda a, q, j: s(a, q)),
    Index("toIndex(s[q]) + j", lambda a, q, j: s(a, q) + j),
    Index("toIndex(s[q]) - q", lambda a, q, j: s(a, q) - q),
    Index("toIndex(s[q] * 0.5)", lambda a, q, j: to_index(element(a["s"], q) * 0.5)),
    Index("t[q]", lambda a, q, j: t(a, q)),
    Index("t[q] + j", lambda a, q, j: t(a, q) + j),
    Index("t[q] - 1", lambda a, q, j: t(a, q) - 1),
    Index("t[q] + toIndex(s[q])", lambda a, q, j: t(a, q) + s(a, q)),
    Index("t[toIndex(s[q])]", lambda a, q, j: t(a, s(a, q))),
    Index("t[t[q]] + j", lambda a, q, j: t(a, t(a, q)) + j),
    Index("t[q] div 2", lambda a, q, j: int(t(a, q) / 2)),
    Index("select(s[q] > 1.0, t[q], q)", lambda a, q, j: t(a, q) if element(a["s"], q) > 1.0 else q),
    Index("wrap(t[q] + j, n)", lambda a, q, j: (t(a, q) + j) % len(a["x"]) if len(a["x"]) else 0),
    Index("abs(t[q] - j)", lambda a, q, j: abs(t(a, q) - j)),
    Index("max(min(t[q], n - 1), 0)", lambda a, q, j: max(min(t(a, q), len(a["x"]) - 1), 0)),
    Index("toIndex(1.5)", lambda a, q, j: 1),
    Index("q * j", lambda a, q, j: q * j),
)


@dataclass(frozen=True)
class Kernel:
    """A kernel that reads at an index, or writes there."""

    target: str
    index: Index
    factor: int
    writes: bool

    @property
    def text(self) -> str:
        ranges = f"| (q in 0..<e, j in 0..<{self.factor})"
        if self.writes:
            return f"{self.target}.shape = [n]\n{self.target}[{self.index.text}] ++= s[q] {ranges}"
        return f"{self.target}[q] ++= x[{self.index.text}] * 0.5 {ranges}"

    def run(self, a: dict[str, Values]) -> None:
        n, e = len(a["x"]), len(a["t"])
        result = np.zeros(n if self.writes else e)
        for q in range(e):
            for j in range(self.factor):
                index = self.index.value(a, q, j)
                if self.writes:
                    element(result, index)
                    result[index] += a["s"][q]
                else:
                    result[q] += element(a["x"], index) * 0.5
        a[self.target] = result


@dataclass
class Program:
    """A program over arrays x[n], s[e] and t[e]."""

    kernels: list[Kernel] = field(default_factory=list[Kernel])

    @property
    def text(self) -> str:
        head = ["input x[n]", "input s[e]", "input t[e] : index"]
        outputs = ", ".join(k.target for k in self.kernels)
        return "\n".join([*head, *(k.text for k in self.kernels), f"output {outputs}"])

    def results(self, arrays: Arrays) -> dict[str, Values] | None:
        """By loops; None where an index is out of range."""
        known = dict(arrays)
        try:
            for kernel in self.kernels:
                kernel.run(known)
        except OutsideError:
            return None
        return {k.target: known[k.target] for k in self.kernels}


def random_program(seed: int) -> Program:
    """One to three kernels."""
    draw = random.Random(seed)
    count = draw.randint(1, 3)
    kernels = [Kernel(f"y{k}", draw.choice(INDICES), draw.randint(1, 3), draw.random() < 0.4) for k in range(count)]
    return Program(kernels)


SPECIAL = (float("nan"), float("inf"), -1e300, 2.0**31, -0.5, -1.0)


def random_arrays(seed: int) -> dict[str, Values]:
    """Arrays of a call: small, sometimes empty, sometimes with numbers that are no index."""
    draw = random.Random(seed)
    values = np.random.default_rng(seed)
    n, e = draw.choice([0, 1, 4, 9, 9]), draw.choice([0, 1, 3, 6])
    top = max(n - draw.randint(0, 3), 1)
    arrays: dict[str, Values] = {
        "x": values.normal(size=n),
        "s": values.uniform(0, top, e),
        "t": values.integers(0, top, e).astype(np.int32),
    }
    if e and draw.random() < 0.4:
        arrays["s"][draw.randrange(e)] = draw.choice(SPECIAL)
    if e and draw.random() < 0.3:
        arrays["t"][draw.randrange(e)] = draw.choice([-1, n, 2**31 - 1, -(2**31)])
    return arrays
