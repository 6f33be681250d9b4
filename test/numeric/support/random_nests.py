"""Random nests with several results at affine, divided and wrapped places, and loops that say what they mean."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Point = Mapping[str, int]
COMBINE: dict[str, Callable[[float, float], float]] = {"add": lambda a, b: a + b, "max": max, "min": min}


@dataclass(frozen=True)
class Place:
    """An index expression: its text, and its value at a point."""

    text: str
    at: Callable[[Point], int]


@dataclass(frozen=True)
class Result:
    """A combiner, the indices of a result, its shape, and which scalar the body yields for it."""

    combiner: str
    places: list[Place]
    shape: tuple[int, ...]
    value: str

    @property
    def brackets(self) -> str:
        return f"[{', '.join(p.text for p in self.places)}]" if self.places else ""

    @property
    def type(self) -> str:
        return f"tensor<{''.join(f'{n}x' for n in self.shape)}f64>"


class RandomNest:
    """One nest over up to three iterators; reads `x` at one place, and the last iterator as a number."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.ranges = {f"i{k}": self.random.randint(1, 5) for k in range(self.random.randint(1, 3))}
        self.read = self.inside(self.place(2))
        self.results = [self.result() for _ in range(self.random.randint(1, 3))]
        values = np.random.default_rng(seed)
        self.x = values.normal(size=self.top(self.read))
        self.starts = [values.normal(size=r.shape) for r in self.results]

    # Drawing

    def place(self, depth: int) -> Place:
        """A sum of terms and a constant."""
        parts = [self.term(depth) for _ in range(self.random.choice([1, 1, 2, 2, 3]))]
        constant = self.random.randint(0, 2)
        text = " + ".join([*(p.text for p in parts), str(constant)])
        return Place(text, lambda point: sum(p.at(point) for p in parts) + constant)

    def term(self, depth: int) -> Place:
        name = self.random.choice(list(self.ranges))
        chance = self.random.random()
        if chance < 0.2:
            factor = self.random.choice([2, 3, -1, -2])
            return Place(f"{factor} * {name}", lambda point: factor * point[name])
        if chance < 0.5 and depth:
            inner, divisor = self.place(depth - 1), self.random.choice([2, 3, 4])
            operation = self.random.choice(["floordiv", "ceildiv", "mod"])
            compute: Callable[[int], int] = {
                "floordiv": lambda a: a // divisor,
                "ceildiv": lambda a: -(-a // divisor),
                "mod": lambda a: a % divisor,
            }[operation]
            return Place(f"({inner.text}) {operation} {divisor}", lambda point: compute(inner.at(point)))
        return Place(name, lambda point: point[name])

    def inside(self, place: Place) -> Place:
        """The place moved to start at 0 or 1."""
        low = min(place.at(p) for p in self.points())
        shift = self.random.randint(0, 1) - low
        return Place(f"{place.text} + {shift}", lambda point: place.at(point) + shift)

    def result(self) -> Result:
        places = [self.inside(self.place(2)) for _ in range(self.random.choice([0, 1, 1, 1, 2, 2]))]
        shape = tuple(self.top(p) + self.random.randint(0, 2) for p in places)
        combiner = self.random.choice(["add", "add", "add", "max", "min"])
        return Result(combiner, places, shape, self.random.choice("vwf"))

    def points(self) -> list[Point]:
        return [dict(zip(self.ranges, p, strict=True)) for p in itertools.product(*map(range, self.ranges.values()))]

    def top(self, place: Place) -> int:
        return max(place.at(p) for p in self.points()) + 1

    # What it is, and what it means

    @property
    def text(self) -> str:
        names = [f"%r{k}" for k in range(len(self.results))]
        types = ", ".join(r.type for r in self.results)
        read = f"tensor<{len(self.x)}xf64>"
        arguments = ", ".join([f"%x: {read}", *(f"%y{k}: {r.type}" for k, r in enumerate(self.results))])
        writes = " ".join(f"{r.combiner}(%y{k}{r.brackets} : {r.type})" for k, r in enumerate(self.results))
        return f"""func.func @f({arguments}) -> ({types}) {{
          {", ".join(names)} = nest.map ({", ".join(f"{k} = {n}" for k, n in self.ranges.items())})
              read(%x[{self.read.text}] : {read}) {writes} {{
          ^bb0({", ".join(f"%{k}: index" for k in self.ranges)}, %v: f64):
            %i = arith.index_cast %{list(self.ranges)[-1]} : index to i64
            %f = arith.sitofp %i : i64 to f64
            %w = arith.mulf %v, %f : f64
            nest.yield {", ".join(f"%{r.value}" for r in self.results)} : {", ".join(["f64"] * len(self.results))}
          }}
          func.return {", ".join(names)} : {types}
        }}"""

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        return {"x": self.x, **{f"y{k}": start for k, start in enumerate(self.starts)}}

    def expected(self) -> list[NDArray[Any]]:
        """The results, by loops."""
        found = [np.array(start) for start in self.starts]
        for point in self.points():
            v, f = float(self.x[self.read.at(point)]), float(list(point.values())[-1])
            for result, value in zip(self.results, found, strict=True):
                at = tuple(p.at(point) for p in result.places)
                value[at] = COMBINE[result.combiner](value[at], {"v": v, "f": f, "w": v * f}[result.value])
        return found
