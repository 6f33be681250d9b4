"""
Random programs of another shape than those of `differentiable_programs`: with run-time sizes, some of them 0.

Flat reads, scalars of rank 1, tensors that are read while they are written, integer functions and data in
indices, conditions on iterators and on data, divisions, powers of both arguments, sums over four iterators.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from support.differentiable_programs import Array, Drawing, Drawn, Kernel


@dataclass
class Flat(Kernel):
    """A kernel on the flat data of its target; its range is inferred, or written with names of sizes."""

    flat: bool = False
    ranges: Mapping[str, str] = field(default_factory=dict[str, str])

    def added(self, tensor: Any, at: tuple[Array, ...], values: Any, xp: Any) -> Any:
        if not self.flat:
            return super().added(tensor, at, values, xp)
        return super().added(tensor.reshape(-1), at, values, xp).reshape(tensor.shape)

    @property
    def text(self) -> str:
        places = ", ".join(i.text for i in self.indices)
        where = f"{{{places}}}" if self.flat else f"[{places}]"
        listed = ", ".join(f"{n} in 0..<{self.ranges[n]}" if self.ranges[n] else n for n in self.iterators)
        return f"{self.target}{where} += {self.body.text} | ({listed})"


UNARY: Mapping[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "abs": ("abs({})", lambda x, xp: xp.abs(x)),
    "root": ("sqrt(abs({}) + 0.1)", lambda x, xp: xp.sqrt(xp.abs(x) + 0.1)),
    "square": ("pow({}, 2.0)", lambda x, xp: x**2.0),
    "cube": ("pow({}, 3.0)", lambda x, xp: x**3.0),
    "power": ("pow(abs({}) + 0.2, -0.75)", lambda x, xp: (xp.abs(x) + 0.2) ** -0.75),
    "bell": ("exp(-sq({}))", lambda x, xp: xp.exp(-x * x)),
    "log2": ("log2(abs({}) + 0.3)", lambda x, xp: xp.log2(xp.abs(x) + 0.3)),
    "log10": ("log10(sq({}) + 0.3)", lambda x, xp: xp.log10(x * x + 0.3)),
    "tanh": ("tanh({})", lambda x, xp: xp.tanh(x)),
    "relu": ("max({}, 0.0)", lambda x, xp: xp.maximum(x, 0.0)),
    "clamp": ("max(min({}, 0.5), -0.5)", lambda x, xp: xp.maximum(xp.minimum(x, 0.5), -0.5)),
    "sin": ("sin(sin({}))", lambda x, xp: xp.sin(xp.sin(x))),
    "inverse": ("(1.0 / (1.5 + cos({})))", lambda x, xp: 1.0 / (1.5 + xp.cos(x))),
    "let": (
        "(let p{d} = {}; let q{d} = tanh(p{d}); p{d} * q{d} - q{d})",
        lambda x, xp: x * xp.tanh(x) - xp.tanh(x),
    ),
}
BINARY: Mapping[str, tuple[str, Callable[[Any, Any, Any], Any]]] = {
    "+": ("({} + {})", lambda a, b, xp: a + b),
    "-": ("({} - {})", lambda a, b, xp: a - b),
    "*": ("({} * {})", lambda a, b, xp: a * b),
    "/": ("({} / (abs({}) + 0.5))", lambda a, b, xp: a / (xp.abs(b) + 0.5)),
    "pow": ("pow(abs({}) + 0.4, tanh({}))", lambda a, b, xp: (xp.abs(a) + 0.4) ** xp.tanh(b)),
    "max": ("max({}, {})", lambda a, b, xp: xp.maximum(a, b)),
    "min": ("min({}, {})", lambda a, b, xp: xp.minimum(a, b)),
    "select": (
        "select({0} > {1} and not ({0} < -1.0) or {1} == 0.0, {0} * {1}, abs({1}))",
        lambda a, b, xp: xp.where(((a > b) & ~(a < -1.0)) | (b == 0.0), a * b, xp.abs(b)),
    ),
    "guarded": (
        "select({0} > 0.1, ln({0}) / {0} + {1}, {1} * 0.5)",
        lambda a, b, xp: xp.where(a > 0.1, xp.log(xp.where(a > 0.1, a, 1.0)) / xp.where(a > 0.1, a, 1.0) + b, b * 0.5),
    ),
}
NAMES = ("i", "j", "k", "l")


class Rough:
    """Draws one program; named sizes are those of its arrays."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.values = np.random.default_rng(seed)
        self.program = Drawing()
        self.sizes = {"n": self.random.choice([0, 1, 3, 4, 5, 7]), "m": self.random.choice([1, 2, 3, 6])}
        self.iterators: dict[str, range] = {}
        self.ranges: dict[str, str] = {}

    def drawing(self) -> Drawing:
        for name in self.sizes:
            self.input([name])
        if self.random.random() < 0.7:
            self.input([self.random.choice(["n", "m", 4]), self.random.choice(["n", "m", 2])])
        for number in range(self.random.randint(1, 4)):
            self.kernel(f"t{number}")
            while self.random.random() < 0.4:
                self.again(f"t{number}")
        self.loss()
        return self.program

    # Arrays ----------------------------------------------------------------------------------

    def input(self, dims: Sequence[str | int]) -> str:
        name = f"a{len(self.program.floats)}"
        shape = tuple(self.sizes[d] if isinstance(d, str) else d for d in dims)
        self.program.declared.append(f"input {name}[{', '.join(map(str, dims))}]")
        self.program.arrays[name] = self.values.normal(size=shape)
        return name

    def table(self, length: int, below: int) -> str:
        name = f"idx{len(self.program.arrays) - len(self.program.floats)}"
        self.program.declared.append(f"input {name}[{length}] : index")
        self.program.arrays[name] = self.values.integers(0, below, length).astype(np.int32)
        return name

    # Indices, each below a size --------------------------------------------------------------

    def whole(self) -> Drawn:
        """An integer of any sign."""
        names = self.random.sample(list(self.iterators), k=self.random.randint(1, min(2, len(self.iterators))))
        factors = [self.random.choice([1, 1, 2, -1, 3]) for _ in names]
        shift = self.random.randint(-3, 3)
        text = " + ".join(f"({c})*{n}" for n, c in zip(names, factors, strict=True)) + f" + ({shift})"
        return Drawn(text, lambda p, a, xp: sum(c * p[n] for n, c in zip(names, factors, strict=True)) + shift)

    def below(self, size: int) -> Drawn:
        """An index into a dimension that has at least one element."""
        inner = self.whole()
        fitting = [n for n, r in self.iterators.items() if r.stop <= size]
        match self.random.randint(0, 9):
            case 0 | 1 | 2 | 3 if fitting:
                name = self.random.choice(fitting)
                return Drawn(name, lambda p, a, xp: p[name])
            case 4:
                text = f"min(abs({inner.text}), {size - 1})"
                return Drawn(text, lambda p, a, xp: np.minimum(np.abs(inner.value(p, a, np)), size - 1))
            case 5:
                name = self.table(size + 1, size)
                text = f"{name}[wrap({inner.text}, {size + 1})]"
                return Drawn(text, lambda p, a, xp: self.program.arrays[name][inner.value(p, a, np) % (size + 1)])
            case 6 if self.program.arrays["a1"].size:
                text = f"wrap(toIndex(a1[0] * 3.0) + {inner.text}, {size})"
                known = int(np.trunc(self.program.arrays["a1"][0] * 3.0))
                return Drawn(text, lambda p, a, xp: (inner.value(p, a, np) + known) % size)
            case 7:
                text = f"select({inner.text} > 1, {size - 1}, abs({inner.text}) mod {size})"
                return Drawn(text, lambda p, a, xp: self.chosen(inner.value(p, a, np), size))
            case 8:
                text = f"wrap(({inner.text}) div 2 + floordiv({inner.text}, 3), {size})"
                return Drawn(text, lambda p, a, xp: self.divided(inner.value(p, a, np)) % size)
            case _:
                return Drawn(f"wrap({inner.text}, {size})", lambda p, a, xp: inner.value(p, a, np) % size)

    @staticmethod
    def chosen(v: Array, size: int) -> Array:
        return np.where(v > 1, size - 1, np.abs(v) % size)

    @staticmethod
    def divided(v: Array) -> Array:
        return np.trunc(v / 2).astype(np.int64) + v // 3

    # Terms -----------------------------------------------------------------------------------

    def read(self) -> Drawn:
        shapes = {n: a.shape for n, a in self.program.arrays.items() if a.dtype == np.float64}
        shapes |= {k.target: self.program.shapes[k.target] for k in self.program.kernels}
        name = self.random.choice([n for n, s in shapes.items() if np.prod(s) > 0])
        shape = shapes[name]
        if len(shape) > 1 and self.random.random() < 0.2:
            place = self.below(int(np.prod(shape)))
            return Drawn(f"{name}{{{place.text}}}", lambda p, a, xp: a[name].reshape(-1)[place.value(p, a, np)])
        indices = [self.below(n) for n in shape]
        text = ", ".join(i.text for i in indices)
        return Drawn(f"{name}[{text}]", lambda p, a, xp: a[name][tuple(i.value(p, a, np) for i in indices)])

    def term(self, depth: int) -> Drawn:
        if depth == 0 or self.random.random() < 0.1:
            return self.read() if self.random.random() < 0.85 else self.number()
        a = self.term(depth - 1)
        if self.random.random() < 0.45:
            text, f = UNARY[self.random.choice(list(UNARY))]
            if "let" in a.text and "let" in text:
                return a
            return Drawn(text.format(a.text, d=depth), lambda p, x, xp: f(a.value(p, x, xp), xp))
        b = self.term(depth - 1)
        if self.random.random() < 0.2:
            inner = self.whole()
            text = f"select({inner.text} >= 0, {a.text}, {b.text})"
            return Drawn(
                text, lambda p, x, xp: xp.where(inner.value(p, x, np) >= 0, a.value(p, x, xp), b.value(p, x, xp))
            )
        words, g = BINARY["+" if "let" in a.text + b.text else self.random.choice(list(BINARY))]
        return Drawn(words.format(a.text, b.text), lambda p, x, xp: g(a.value(p, x, xp), b.value(p, x, xp), xp))

    def number(self) -> Drawn:
        if self.random.random() < 0.5:
            inner = self.whole()
            return Drawn(f"(toScalar({inner.text}) * 0.25)", lambda p, a, xp: 0.25 * inner.value(p, a, np))
        name, size = self.random.choice(list(self.sizes.items()))
        owner = f"a{list(self.sizes).index(name)}"
        return Drawn(f"toScalar({owner}.shape[0])", lambda p, a, xp: float(size))

    # Kernels ---------------------------------------------------------------------------------

    def draw_iterators(self) -> None:
        self.iterators, self.ranges = {}, {}
        for name in NAMES[: self.random.choice([1, 1, 2, 2, 3, 4])]:
            size = self.random.choice(["n", "m", "m", 2, 3])
            stop = self.sizes[size] if isinstance(size, str) else size
            self.iterators[name], self.ranges[name] = range(stop), str(size)

    def kernel(self, target: str) -> None:
        self.draw_iterators()
        shape = tuple(self.random.randint(1, 5) for _ in range(self.random.choice([1, 1, 2, 2, 3])))
        body = self.term(3)
        self.program.shapes[target] = shape
        self.add(target, [self.below(n) for n in shape], body)

    def again(self, target: str) -> None:
        """One more kernel on a tensor; it may read what stood there."""
        self.draw_iterators()
        shape = self.program.shapes[target]
        if len(shape) > 1 and self.random.random() < 0.3:
            self.add(target, [self.below(int(np.prod(shape)))], self.term(2), flat=True)
        else:
            self.add(target, [self.below(n) for n in shape], self.term(2))

    def add(self, target: str, indices: list[Drawn], body: Drawn, *, flat: bool = False) -> None:
        self.program.kernels.append(Flat(target, indices, dict(self.iterators), body, flat, dict(self.ranges)))

    def loss(self) -> None:
        """The sum of squares of what was written last."""
        target = self.program.kernels[-1].target
        count = int(np.prod(self.program.shapes[target]))
        self.iterators, self.ranges = {"i": range(count)}, {"i": str(count)}
        self.program.shapes["loss"] = (1,)
        body = Drawn(f"sq({target}{{i}})", lambda p, a, xp: a[target].reshape(-1)[p["i"]] ** 2)
        self.add("loss", [Drawn("0", lambda p, a, xp: np.zeros_like(p["i"]))], body)


def rough_program(seed: int) -> Drawing:
    """The program of a seed."""
    return Rough(seed).drawing()
