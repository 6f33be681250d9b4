"""
Random programs in index notation with derivatives, and what they mean to a library of arrays.

Nothing here knows the compiler: a program is drawn as text beside functions of all its points at once,
which NumPy evaluates and JAX differentiates.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Points = Mapping[str, Array]


@dataclass(frozen=True)
class Drawn:
    """A piece of text, and its values at all points, of all tensors, by a library."""

    text: str
    value: Callable[[Points, Mapping[str, Any], Any], Any]


@dataclass
class Kernel:
    """One `+=`."""

    target: str
    indices: list[Drawn]
    iterators: dict[str, range]
    body: Drawn

    @property
    def text(self) -> str:
        places = ", ".join(i.text for i in self.indices)
        ranges = ", ".join(f"{n} in {r.start}..<{r.stop}" for n, r in self.iterators.items())
        return f"{self.target}[{places}] += {self.body.text} | ({ranges})"

    def points(self) -> dict[str, Array]:
        grid = np.array(list(itertools.product(*self.iterators.values())), np.int64).reshape(-1, len(self.iterators))
        return {name: grid[:, k] for k, name in enumerate(self.iterators)}

    def added(self, tensor: Any, at: tuple[Array, ...], values: Any, xp: Any) -> Any:
        """What is written, behind the kernel."""
        return added(tensor, at, values, xp)


@dataclass
class Drawing:
    """A whole program; `arrays` are floats and tables."""

    arrays: dict[str, Array] = field(default_factory=dict[str, Array])
    declared: list[str] = field(default_factory=list[str])
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    kernels: list[Kernel] = field(default_factory=list[Kernel])

    @property
    def text(self) -> str:
        shapes = [f"{t}.shape = [{', '.join(map(str, s))}]" for t, s in self.shapes.items()]
        return "\n".join([*self.declared, *shapes, *(k.text for k in self.kernels), f"output {', '.join(self.shapes)}"])

    @property
    def floats(self) -> list[str]:
        return [n for n, a in self.arrays.items() if a.dtype == np.float64]

    def results(self, arrays: Mapping[str, Any], xp: Any) -> dict[str, Any]:
        """Every tensor at the end; `xp` is `numpy` or `jax.numpy`."""
        found: dict[str, Any] = {t: xp.zeros(s) for t, s in self.shapes.items()}
        for kernel in self.kernels:
            points = kernel.points()
            known = {**arrays, **found}
            at = tuple(np.asarray(i.value(points, self.arrays, np)) for i in kernel.indices)
            count = len(next(iter(points.values())))
            values = xp.broadcast_to(kernel.body.value(points, known, xp), (count,))
            found[kernel.target] = kernel.added(found[kernel.target], at, values, xp)
        return found


def added(tensor: Any, at: tuple[Array, ...], values: Any, xp: Any) -> Any:
    """The tensor with values added at places that may repeat."""
    if xp is not np:
        return tensor.at[at].add(values)
    result = np.array(tensor)
    np.add.at(result, at, values)
    return result


UNARY: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "sin": ("sin({})", lambda x, xp: xp.sin(x)),
    "cos": ("cos({})", lambda x, xp: xp.cos(x)),
    "tanh": ("tanh({})", lambda x, xp: xp.tanh(x)),
    "neg": ("(-{})", lambda x, xp: -x),
    "sq": ("sq({})", lambda x, xp: x * x),
    "abs": ("abs({})", lambda x, xp: xp.abs(x)),
    "exp": ("exp(sin({}))", lambda x, xp: xp.exp(xp.sin(x))),
    "sqrt": ("sqrt(sq({}) + 0.5)", lambda x, xp: xp.sqrt(x * x + 0.5)),
    "ln": ("ln(sq({}) + 0.5)", lambda x, xp: xp.log(x * x + 0.5)),
    "log1p": ("log1p(sq({}))", lambda x, xp: xp.log1p(x * x)),
    "expm1": ("expm1(tanh({}))", lambda x, xp: xp.expm1(xp.tanh(x))),
    "pow": ("pow(sq({}) + 0.5, 1.5)", lambda x, xp: (x * x + 0.5) ** 1.5),
    "let": ("(let v{d} = {}; v{d} * sin(v{d}))", lambda x, xp: x * xp.sin(x)),
}
"""Functions of one term; what could be huge or singular is kept away from that."""
BINARY: dict[str, tuple[str, Callable[[Any, Any, Any], Any]]] = {
    "+": ("({} + {})", lambda a, b, xp: a + b),
    "-": ("({} - {})", lambda a, b, xp: a - b),
    "*": ("({} * {})", lambda a, b, xp: a * b),
    "/": ("({} / (2.0 + sin({})))", lambda a, b, xp: a / (2.0 + xp.sin(b))),
    "min": ("min({}, {})", lambda a, b, xp: xp.minimum(a, b)),
    "max": ("max({}, {})", lambda a, b, xp: xp.maximum(a, b)),
    "select": ("select({0} < {1}, sin({0}), {1} * {0})", lambda a, b, xp: xp.where(a < b, xp.sin(a), b * a)),
    "guarded": (
        "select({0} > 0.25, sqrt({0}) * {1}, {1})",
        lambda a, b, xp: xp.where(a > 0.25, xp.sqrt(xp.where(a > 0.25, a, 1.0)) * b, b),
    ),
}


class Draw:
    """Draws one program from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.values = np.random.default_rng(seed)
        self.program = Drawing()
        self.iterators: dict[str, range] = {}

    def drawing(self) -> Drawing:
        for number in range(self.random.randint(1, 3)):
            self.kernel(f"t{number}")
            if self.random.random() < 0.4:
                self.again(f"t{number}")
        return self.program

    # Indices ---------------------------------------------------------------------------------

    def span(self, index: Drawn) -> tuple[int, int]:
        values = index.value(Kernel("", [], self.iterators, index).points(), self.program.arrays, np)
        return int(np.min(values)), int(np.max(values))

    def affine(self) -> Drawn:
        """`2*i + 1*j + 3`, never negative."""
        names = self.random.sample(list(self.iterators), k=self.random.randint(1, min(2, len(self.iterators))))
        factors = [self.random.choice([1, 1, 2, 3, -1]) for _ in names]
        text = " + ".join(f"{c}*{n}" if c > 0 else f"(-{-c})*{n}" for n, c in zip(names, factors, strict=True))
        raw = Drawn(text, lambda p, _, xp: sum(c * p[n] for n, c in zip(names, factors, strict=True)))
        offset = self.random.randint(0, 2) - self.span(raw)[0]
        sign = f" + {offset}" if offset >= 0 else f" - {-offset}"
        return Drawn(raw.text + sign, lambda p, a, xp: raw.value(p, a, xp) + offset)

    def index(self) -> Drawn:
        inner, divisor = self.affine(), self.random.randint(2, 4)
        match self.random.randint(0, 6):
            case 0:
                return Drawn(f"({inner.text}) div {divisor}", lambda p, a, xp: inner.value(p, a, xp) // divisor)
            case 1:
                return Drawn(f"({inner.text}) mod {divisor}", lambda p, a, xp: inner.value(p, a, xp) % divisor)
            case 2:
                shift = self.random.randint(0, 9)
                text = f"wrap({inner.text} - {shift}, {divisor})"
                return Drawn(text, lambda p, a, xp: (inner.value(p, a, xp) - shift) % divisor)
            case 3:
                return self.indirect(inner)
            case _:
                return inner

    def indirect(self, inner: Drawn) -> Drawn:
        name = f"idx{sum(n.startswith('idx') for n in self.program.arrays)}"
        top = self.span(inner)[1] + 1
        self.program.declared.append(f"input {name}[{top}] : index")
        self.program.arrays[name] = self.values.integers(0, 4, top).astype(np.int32)
        return Drawn(f"{name}[{inner.text}]", lambda p, a, xp: self.program.arrays[name][inner.value(p, a, xp)])

    def room(self, index: Drawn) -> int:
        rough = any(word in index.text for word in ("idx", "wrap", "mod"))
        return max(self.span(index)[1] + 1, 4 if rough else 0)

    # Terms -----------------------------------------------------------------------------------

    def read(self) -> Drawn:
        names = self.program.floats
        written = list(dict.fromkeys(k.target for k in self.program.kernels))
        if written and self.random.random() < 0.4:
            name = self.random.choice(written)
            return self.element(name, [self.fitting(n) for n in self.program.shapes[name]])
        if names and self.random.random() < 0.4:
            name = self.random.choice(names)
            return self.element(name, [self.fitting(n) for n in self.program.arrays[name].shape])
        name = f"a{len(names)}"
        indices = [self.index() for _ in range(self.random.randint(1, 3))]
        shape = tuple(self.room(i) + self.random.randint(0, 1) for i in indices)
        sizes = [f"{name}_{k}" if self.random.random() < 0.3 else str(n) for k, n in enumerate(shape)]
        self.program.declared.append(f"input {name}[{', '.join(sizes)}]")
        self.program.arrays[name] = self.values.normal(size=shape)
        return self.element(name, indices)

    def fitting(self, n: int) -> Drawn:
        """An index below a size that is there already."""
        inner = self.affine()
        if self.span(inner)[1] < n:
            return inner
        return Drawn(f"wrap({inner.text}, {n})", lambda p, a, xp: inner.value(p, a, xp) % n)

    @staticmethod
    def element(name: str, indices: list[Drawn]) -> Drawn:
        text = ", ".join(i.text for i in indices)
        return Drawn(f"{name}[{text}]", lambda p, a, xp: a[name][tuple(i.value(p, a, np) for i in indices)])

    def term(self, depth: int) -> Drawn:
        if depth == 0 or self.random.random() < 0.15:
            return self.leaf()
        a = self.term(depth - 1)
        if self.random.random() < 0.5:
            text, f = UNARY[self.random.choice(list(UNARY))]
            return Drawn(text.format(a.text, d=depth), lambda p, x, xp: f(a.value(p, x, xp), xp))
        b = self.term(depth - 1)
        if "let" in a.text + b.text:
            return Drawn(f"({a.text} + {b.text})", lambda p, x, xp: a.value(p, x, xp) + b.value(p, x, xp))
        words, g = BINARY[self.random.choice(list(BINARY))]
        return Drawn(words.format(a.text, b.text), lambda p, x, xp: g(a.value(p, x, xp), b.value(p, x, xp), xp))

    def leaf(self) -> Drawn:
        match self.random.randint(0, 7):
            case 0:
                number = round(self.random.uniform(0.1, 2.0), 3)
                return Drawn(repr(number), lambda p, a, xp: number)
            case 1:
                inner = self.affine()
                return Drawn(f"toScalar({inner.text})", lambda p, a, xp: 1.0 * inner.value(p, a, np))
            case _:
                return self.read()

    # Kernels ---------------------------------------------------------------------------------

    def kernel(self, target: str) -> None:
        names = ["i", "j", "k"][: self.random.randint(1, 3)]
        self.iterators = {
            n: range(s, s + self.random.randint(1, 4)) for n in names for s in [self.random.choice([0, 0, 1])]
        }
        indices = [
            self.index() if self.random.random() < 0.4 else self.affine() for _ in range(self.random.randint(1, 2))
        ]
        body = self.term(3)
        self.program.shapes[target] = tuple(self.room(i) + self.random.randint(0, 1) for i in indices)
        self.program.kernels.append(Kernel(target, indices, dict(self.iterators), body))

    def again(self, target: str) -> None:
        """A second kernel on a tensor; it may read what stood there."""
        shape = self.program.shapes[target]
        self.iterators = {f"p{k}": range(n) for k, n in enumerate(shape)}
        indices = [Drawn(n, lambda p, a, xp, n=n: p[n]) for n in self.iterators]
        self.program.kernels.append(Kernel(target, indices, dict(self.iterators), self.term(2)))


def differentiable_program(seed: int) -> Drawing:
    """The program of a seed; at least one input of floats is read."""
    for attempt in itertools.count():
        drawing = Draw(seed + 1_000_003 * attempt).drawing()
        if drawing.floats:
            return drawing
    raise AssertionError


def magnitude(array: Any) -> float:
    """The largest magnitude in an array."""
    return float(np.abs(np.asarray(array)).max(initial=0.0)) if math.prod(np.shape(array)) else 0.0
