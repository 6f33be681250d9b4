"""Random programs in index notation whose shapes follow from run-time sizes, and what they mean as NumPy loops."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
Sizes = Mapping[str, int]


@dataclass(frozen=True)
class Place:
    """An index of what is written: text, value at an iteration, and the size that it asks for."""

    text: str
    at: Callable[[int], int]
    size: Callable[[int], int]


def place(draw: random.Random, name: str) -> Place:
    """``c i + d``, for an iterator in ``0 ..< n``."""
    c, d = draw.choice([1, 1, 2, 3]), draw.randint(0, 3)
    text = f"{c} * {name} + {d}" if c > 1 else f"{name} + {d}" if d else name
    return Place(text, lambda i: c * i + d, lambda n: c * (n - 1) + d + 1)


@dataclass(frozen=True)
class Write:
    """A kernel: what it reads, where it writes, and its iteration in Python."""

    text: str
    source: str
    shape: tuple[str, ...]
    places: tuple[Place, ...]

    def asked(self, sizes: Sizes) -> tuple[int, ...]:
        return tuple(p.size(sizes[n]) for p, n in zip(self.places, self.shape, strict=True))

    def run(self, y: Values, arrays: Mapping[str, Values], sizes: Sizes) -> None:
        for point in itertools.product(*(range(sizes[n]) for n in self.shape)):
            y[tuple(p.at(i) for p, i in zip(self.places, point, strict=True))] += arrays[self.source][point]


@dataclass
class Program:
    """A program, and what it computes."""

    rank: int
    declared: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    writes: list[Write] = field(default_factory=list[Write])
    after: list[tuple[str, Callable[[Values], Values]]] = field(
        default_factory=list[tuple[str, Callable[[Values], Values]]]
    )

    @property
    def text(self) -> str:
        lines = [f"input {name}[{', '.join(shape)}]" for name, shape in self.declared.items()]
        lines += [w.text for w in self.writes] + [text for text, _ in self.after]
        return "\n".join([*lines, "output " + ", ".join(["y", *(f"z{k}" for k in range(len(self.after)))])])

    def arrays(self, sizes: Sizes, seed: int) -> dict[str, Any]:
        values = np.random.default_rng(seed)
        return {name: values.normal(size=[sizes[n] for n in shape]) for name, shape in self.declared.items()}

    def results(self, arrays: Mapping[str, Values], sizes: Sizes) -> dict[str, Values]:
        """By loops. A tensor is as large as the largest index that is written, plus one."""
        asked = [w.asked(sizes) for w in self.writes]
        y = np.zeros(tuple(max(s) for s in zip(*asked, strict=True)))
        for write in self.writes:
            write.run(y, arrays, sizes)
        return {"y": y} | {f"z{k}": rule(y) for k, (_, rule) in enumerate(self.after)}


def random_program(seed: int) -> Program:
    """The program of a seed: two to four kernels that write one tensor, and tensors computed from it."""
    draw = random.Random(seed)
    rank = draw.randint(1, 2)
    program = Program(rank)
    names = ("n", "m", "k")
    for number in range(draw.randint(2, 4)):
        source = f"x{number}"
        shape = tuple(draw.choice(names) for _ in range(rank))
        program.declared[source] = shape
        iterators = ("i", "j")[:rank]
        places = tuple(place(draw, i) for i in iterators)
        text = f"y[{', '.join(p.text for p in places)}] ++= {source}[{', '.join(iterators)}] | ({', '.join(iterators)})"
        program.writes.append(Write(text, source, shape, places))
    program.after.append(("z0{i} ++= 2.0 * y{i} | i", lambda y: 2 * y))
    if rank == 1 and draw.random() < 0.6:
        program.after.append(("z1[i] ++= y[wrap(i + 1, y.shape[0])] | i in 0..<y.shape[0]", lambda y: np.roll(y, -1)))
    elif rank == 1:
        program.after.append(("z1[i div 2] ++= y[i] | i", pairs))
    else:
        program.after.append(("z1[j, i] ++= y[i, j] | (i, j)", np.transpose))
    return program


def pairs(y: Values) -> Values:
    """Sums of neighbours."""
    padded = np.concatenate([y, np.zeros(len(y) % 2)])
    return padded.reshape(-1, 2).sum(axis=1)
