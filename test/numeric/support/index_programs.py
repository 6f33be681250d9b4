"""
Random programs in index notation, and what they mean: plain Python loops over the same drawing.

Nothing here knows the compiler: a program is drawn as text beside functions of an environment.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

Array = NDArray[Any]
Environment = Mapping[str, int]


@dataclass(frozen=True)
class Drawn:
    """A piece of text and its value for iterators, given all arrays."""

    text: str
    value: Callable[[Environment, Mapping[str, Array]], Any]


@dataclass
class Kernel:
    """One `+=`: target, iterators with their numbers, term."""

    target: str
    indices: list[Drawn]
    iterators: dict[str, range]
    written: bool
    body: Drawn

    @property
    def text(self) -> str:
        places = ", ".join(i.text for i in self.indices)
        ranges = (f"{n} in {r.start}..<{r.stop}" if self.written else n for n, r in self.iterators.items())
        return f"{self.target}[{places}] += {self.body.text} | ({', '.join(ranges)})"

    def points(self) -> Iterator[Environment]:
        for point in itertools.product(*self.iterators.values()):
            yield dict(zip(self.iterators, point, strict=True))


@dataclass
class Drawing:
    """A whole program: text, arguments, and the results that it must give."""

    arrays: dict[str, Array] = field(default_factory=dict[str, Array])
    declared: list[str] = field(default_factory=list[str])
    given: dict[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    kernels: list[Kernel] = field(default_factory=list[Kernel])

    @property
    def text(self) -> str:
        shapes = [f"{t}.shape = [{', '.join(map(str, s))}]" for t, s in self.given.items()]
        outputs = ", ".join(dict.fromkeys(k.target for k in self.kernels))
        return "\n".join([*self.declared, *shapes, *(k.text for k in self.kernels), f"output {outputs}"])

    def results(self) -> dict[str, Array]:
        """Every tensor at the end, by loops."""
        found: dict[str, Array] = {}
        for kernel in self.kernels:
            target = kernel.target
            if target not in found:
                found[target] = np.zeros(self.shape(target))
            before = {**self.arrays, **{k: v.copy() for k, v in found.items()}}
            for point in kernel.points():
                at = tuple(int(i.value(point, before)) for i in kernel.indices)
                assert all(0 <= a < n for a, n in zip(at, found[target].shape, strict=True)), "out of range"
                found[target][at] += kernel.body.value(point, before)
        return found

    def shape(self, target: str) -> tuple[int, ...]:
        """Given, or the largest index plus one over all iterations of all kernels."""
        if target in self.given:
            return self.given[target]
        top: tuple[int, ...] = ()
        for kernel in (k for k in self.kernels if k.target == target):
            for point in kernel.points():
                at = tuple(int(i.value(point, self.arrays)) + 1 for i in kernel.indices)
                top = tuple(map(max, top, at)) if top else at
        return top


def truncated(a: int, b: int) -> int:
    return math.trunc(a / b)


class Draw:
    """Draws one program; `choices` decide all but the numbers in arrays, which come from `seed`."""

    def __init__(self, choices: random.Random, seed: int) -> None:
        self.random = choices
        self.values = np.random.default_rng(seed)
        self.program = Drawing()
        self.inputs = 0
        self.tables = 0
        self.iterators: dict[str, range] = {}

    def drawing(self) -> Drawing:
        for number in range(self.random.randint(1, 3)):
            self.kernel(f"t{number}")
            if self.random.random() < 0.3:
                self.again()
        return self.program

    # Indices ---------------------------------------------------------------------------------

    def span(self, index: Drawn) -> tuple[int, int]:
        points = (dict(zip(self.iterators, p, strict=True)) for p in itertools.product(*self.iterators.values()))
        values = [int(index.value(p, self.program.arrays)) for p in points]
        return min(values), max(values)

    def room(self, index: Drawn) -> int:
        """A size that holds an index."""
        return self.span(index)[1] + 1

    def affine(self) -> Drawn:
        """`2*i + 1*j + 3`, never negative."""
        names = self.random.sample(list(self.iterators), k=self.random.randint(1, min(2, len(self.iterators))))
        factors = [self.random.choice([1, 1, 2, 3, -1]) for _ in names]
        text = " + ".join(f"{c}*{n}" if c > 0 else f"(-{-c})*{n}" for n, c in zip(names, factors, strict=True))
        raw = Drawn(text, lambda env, _: sum(c * env[n] for n, c in zip(names, factors, strict=True)))
        offset = self.random.randint(0, 2) - self.span(raw)[0]
        sign = f" + {offset}" if offset >= 0 else f" - {-offset}"
        return Drawn(raw.text + sign, lambda env, a: raw.value(env, a) + offset)

    def index(self) -> Drawn:
        """Any index that is never negative."""
        inner = self.affine()
        divisor = self.random.randint(2, 4)
        match self.random.randint(0, 9):
            case 0:
                return Drawn(f"({inner.text}) div {divisor}", lambda e, a: truncated(inner.value(e, a), divisor))
            case 1:
                return Drawn(f"({inner.text}) mod {divisor}", lambda e, a: inner.value(e, a) % divisor)
            case 2:
                shift = self.random.randint(0, 9)
                text = f"wrap({inner.text} - {shift}, {divisor})"
                return Drawn(text, lambda e, a: (inner.value(e, a) - shift) % divisor)
            case 3:
                shift = self.random.randint(1, 6)
                text = f"abs(({inner.text} - {shift}) div {divisor})"
                return Drawn(text, lambda e, a: abs(truncated(inner.value(e, a) - shift, divisor)))
            case 4:
                return self.indirect(inner)
            case 5:
                text = f"max(min({inner.text}, 4), 1)"
                return Drawn(text, lambda e, a: max(min(inner.value(e, a), 4), 1))
            case 6:
                text = f"toIndex(toScalar({inner.text}) * 0.75)"
                return Drawn(text, lambda e, a: int(inner.value(e, a) * 0.75))
            case _:
                return inner

    def indirect(self, inner: Drawn) -> Drawn:
        name = f"idx{self.tables}"
        self.tables += 1
        top = self.span(inner)[1] + 1 + self.random.randint(0, 2)
        self.program.declared.append(f"input {name}[{self.size(name, top)}] : index")
        self.program.arrays[name] = self.values.integers(0, 4, top).astype(np.int32)
        return Drawn(f"{name}[{inner.text}]", lambda e, a: int(a[name][inner.value(e, a)]))

    def size(self, name: str, value: int) -> str:
        return f"{name}_n" if self.random.random() < 0.4 else str(value)

    # Terms -----------------------------------------------------------------------------------

    def read(self) -> Drawn:
        earlier = [k.target for k in self.program.kernels]
        if earlier and self.random.random() < 0.4:
            return self.read_tensor(self.random.choice(earlier))
        name = f"a{self.inputs}"
        self.inputs += 1
        indices = [self.index() for _ in range(self.random.randint(1, 3))]
        shape = tuple(self.room(i) + self.random.randint(0, 1) for i in indices)
        sizes = ", ".join(self.size(f"{name}_{k}", n) for k, n in enumerate(shape))
        self.program.declared.append(f"input {name}[{sizes}]")
        self.program.arrays[name] = self.values.normal(size=shape)
        return self.element(name, indices)

    def read_tensor(self, name: str) -> Drawn:
        shape = self.program.shape(name)
        if self.random.random() < 0.3:
            count = math.prod(shape)
            inner = self.affine()
            return Drawn(
                f"{name}{{wrap({inner.text}, {count})}}",
                lambda e, a: float(a[name].reshape(-1)[inner.value(e, a) % count]),
            )
        indices: list[Drawn] = []
        for n in shape:
            inner = self.affine()
            if self.span(inner)[1] >= n:
                inner = self.wrap(inner, n)
            indices.append(inner)
        return self.element(name, indices)

    @staticmethod
    def wrap(inner: Drawn, n: int) -> Drawn:
        return Drawn(f"wrap({inner.text}, {n})", lambda e, a: inner.value(e, a) % n)

    @staticmethod
    def element(name: str, indices: list[Drawn]) -> Drawn:
        text = ", ".join(i.text for i in indices)
        return Drawn(f"{name}[{text}]", lambda e, a: float(a[name][tuple(int(i.value(e, a)) for i in indices)]))

    def term(self, depth: int) -> Drawn:
        if depth == 0 or self.random.random() < 0.2:
            return self.leaf()
        a = self.term(depth - 1)
        kind = self.random.choice(["sin", "tanh", "neg", "+", "-", "*", "min", "max", "select", "let"])
        if kind in ("sin", "tanh"):
            function = {"sin": math.sin, "tanh": math.tanh}[kind]
            return Drawn(f"{kind}({a.text})", lambda e, x: function(a.value(e, x)))
        if kind == "neg":
            return Drawn(f"(-{a.text})", lambda e, x: -a.value(e, x))
        if kind == "let":
            return Drawn(f"(let v{depth} = {a.text}; v{depth} * v{depth})", lambda e, x: a.value(e, x) ** 2)
        b = self.term(depth - 1)
        if kind == "select":
            text = f"select({a.text} < {b.text} or {a.text} > 0.5, {a.text}, {b.text})"
            return Drawn(text, lambda e, x: self.choose(a.value(e, x), b.value(e, x)))
        if kind in ("min", "max"):
            pick = {"min": min, "max": max}[kind]
            return Drawn(f"{kind}({a.text}, {b.text})", lambda e, x: pick(a.value(e, x), b.value(e, x)))
        operator: Callable[[float, float], float] = {
            "+": lambda p, q: p + q,
            "-": lambda p, q: p - q,
            "*": lambda p, q: p * q,
        }[kind]
        return Drawn(f"({a.text} {kind} {b.text})", lambda e, x: operator(a.value(e, x), b.value(e, x)))

    @staticmethod
    def choose(a: float, b: float) -> float:
        return a if a < b or a > 0.5 else b

    def leaf(self) -> Drawn:
        match self.random.randint(0, 5):
            case 0:
                number = round(self.random.uniform(0.1, 2.0), 3)
                return Drawn(repr(number), lambda e, a: number)
            case 1:
                inner = self.affine()
                return Drawn(f"toScalar({inner.text})", lambda e, a: float(inner.value(e, a)))
            case _:
                return self.read()

    # Kernels ---------------------------------------------------------------------------------

    def kernel(self, target: str) -> None:
        names = ["i", "j", "k"][: self.random.randint(1, 3)]
        starts = [self.random.choice([0, 0, 0, 1, 2]) for _ in names]
        self.iterators = {n: range(s, s + self.random.randint(1, 4)) for n, s in zip(names, starts, strict=True)}
        indices = [
            self.index() if self.random.random() < 0.4 else self.affine() for _ in range(self.random.randint(1, 2))
        ]
        if self.random.random() < 0.3 or any("idx" in i.text or "toIndex" in i.text for i in indices):
            self.program.given[target] = tuple(self.room(i) + self.random.randint(0, 1) for i in indices)
        self.program.kernels.append(Kernel(target, indices, dict(self.iterators), True, self.term(2)))

    def again(self) -> None:
        """A second kernel on the last tensor, inside its shape; it may read what stood there."""
        last = self.program.kernels[-1]
        shape = self.program.shape(last.target)
        self.iterators = {f"p{k}": range(n) for k, n in enumerate(shape)}
        indices = [Drawn(n, lambda e, _, n=n: e[n]) for n in self.iterators]
        self.program.kernels.append(Kernel(last.target, indices, dict(self.iterators), True, self.term(1)))


def random_program(seed: int) -> Drawing:
    """The program of a seed."""
    return Draw(random.Random(seed), seed).drawing()


def drawn_programs() -> st.SearchStrategy[Drawing]:
    """Programs by hypothesis's choices, which it shrinks where a test fails."""
    return st.randoms(use_true_random=False).map(lambda choices: Draw(choices, 0).drawing())
