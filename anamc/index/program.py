"""Index programs written in Python: statements are collected, checked and compiled like those of an `.ix` file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import anamc.program
from anamc.errors import shown
from anamc.frontends.index_notation import build_module, syntax
from anamc.frontends.index_notation.printing import program_text
from anamc.frontends.index_notation.reader import check_depth
from anamc.index.lets import mentioned, with_lets
from anamc.index.places import PythonSource, here, misuse
from anamc.index.tensors import Element, Tensor
from anamc.index.terms import Iterator, Looped, Range, Term, Value, joined, term

KEYWORDS = tuple("input param const output let in and or not div mod grad true false".split())  # noqa: SIM905
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
Dim = int | str | Term


def iterators(names: str) -> tuple[Iterator, ...]:
    """`i, j, k = iterators("i j k")`; they may serve any number of kernels and programs."""
    return tuple(Iterator(_name(n)) for n in names.replace(",", " ").split())


def _name(name: object) -> str:
    if isinstance(name, str) and NAME.fullmatch(name) and name not in KEYWORDS:
        return name
    help = "letters, digits and _, not first a digit, and none of " + ", ".join(KEYWORDS)
    raise misuse("A1055", f"{shown(repr(name))} cannot be a name", help=help)


class Program:
    """
    An index program in the making.

        p = Program("layer")
        x, W = p.input("x", "n", 2), p.param("W", 2, 4)
        y = p.tensor("y")
        y[i, j] += x[i, k] * W[k, j]
        p.output(y)
        program = p.build()

    `str(p)` is its text as an `.ix` file.
    """

    def __init__(self, name: str = "program") -> None:
        self.name = _name(name)
        self.taken: set[str] = set()
        self.unwritten: set[str] = set()
        """Tensors that no kernel writes so far."""
        self.statements: list[syntax.Statement] = []
        self.spot = here()

    # Declarations ----------------------------------------------------------------------------

    def input(self, name: str, *dims: Dim, type: str = "scalar") -> Tensor:
        """
        An argument: `dims` are numbers and names of run-time sizes; without them the rank follows from its use.

        `type`: "scalar", or "index" for an array of 32-bit integers.
        """
        spot = here()
        sizes = tuple(self._dim(d) for d in dims) or None
        self.statements.append(syntax.Input(spot, self._declared(name), sizes, type, spot))
        return Tensor(self, name)

    def param(self, name: str, *dims: Dim, init: tuple[float, float] | None = None) -> Tensor:
        """An argument that is trained; `init`: the range of its first values, -0.1 to 0.1 without it."""
        spot = here()
        range = None if init is None else syntax.Invoke(spot, "uniform", tuple(term(v).node for v in init))
        sizes = tuple(self._dim(d) for d in dims)
        self.statements.append(syntax.Param(spot, self._declared(name), sizes, range))
        return Tensor(self, name)

    def cache(self, name: str, *dims: Dim) -> Tensor:
        """An argument that kernels add to; as an output it is its new value. It starts at zero."""
        spot = here()
        sizes = tuple(self._dim(d) for d in dims)
        self.statements.append(syntax.Cache(spot, self._declared(name), sizes))
        return Tensor(self, name)

    def random(self, name: str, *dims: Dim, init: tuple[float, float] | None = None) -> Tensor:
        """Uniform random numbers of the argument `seed`, between 0 and 1 or those of `init`."""
        spot = here()
        range = None if init is None else syntax.Invoke(spot, "uniform", tuple(term(v).node for v in init))
        sizes = tuple(self._dim(d) for d in dims)
        self.statements.append(syntax.Random(spot, self._declared(name), sizes, range))
        return Tensor(self, name)

    def const(self, name: str, value: Value) -> Term:
        """A named number or array."""
        spot = here()
        self.statements.append(syntax.Const(spot, self._declared(name), term(value).node))
        return Term(syntax.Name(spot, name), (), self)

    def size(self, name: str) -> Term:
        """A run-time size that an input names."""
        return Term(syntax.Name(here(), _name(name)), (), self)

    def tensor(self, name: str | None = None) -> Tensor:
        """A tensor that kernels write; without a name it gets one."""
        tensor = Tensor(self, self._fresh("t") if name is None else self._declared(name))
        self.unwritten.add(tensor.name)
        return tensor

    def reshape(self, tensor: Tensor, *dims: Dim) -> Tensor:
        """The data of a tensor in another shape; one dimension may be -1, which follows from the others."""
        spot = here()
        sizes = tuple(self._dim(d) for d in dims)
        made = Tensor(self, self._fresh("t"))
        self.statements.append(syntax.Reshape(spot, made.name, self.reference(tensor), sizes))
        return made

    def cond(self, branches: Mapping[str, Tensor], otherwise: Tensor | None = None) -> Tensor:
        """The tensor of the target that is computed, or another one."""
        spot = here()
        named = [(syntax.Name(spot, _name(label)), self.reference(t)) for label, t in branches.items()]
        if otherwise is not None:
            named.append((syntax.Name(spot, syntax.OTHERWISE), self.reference(otherwise)))
        made = Tensor(self, self._fresh("t"))
        self.statements.append(syntax.Cond(spot, made.name, tuple(named)))
        return made

    def output(self, *tensors: Tensor) -> None:
        """Results of the program."""
        self.statements.append(syntax.Output(tuple(self.reference(t) for t in tensors)))

    def target(self, name: str, *tensors: Tensor) -> None:
        """Results of a function of their own, `<program>_<name>`, which computes what they need and no more."""
        spot = here()
        found = tuple(self.reference(t) for t in tensors)
        self.statements.append(syntax.Output(found, syntax.Name(spot, _name(name))))

    # Statements ------------------------------------------------------------------------------

    def add_kernel(self, target: syntax.Target, element: Element, added: Term) -> None:
        """`t[i] += term`, for tensors."""
        value = joined(added.node, [element, added])
        if value.program is not self:
            raise misuse("A1052", "terms of two programs do not go together")
        loops: dict[str, Range | None] = {}
        for loop in added.loops if isinstance(added, Looped) else ():
            if loop.iterator.name in loops:
                raise misuse("A1053", f"'{loop.iterator.name}' has two ranges in this kernel")
            loops[loop.iterator.name] = loop
        for name in value.iterators:
            loops.setdefault(name, None)
        written = tuple(_iterator(target, name, loop) for name, loop in loops.items())
        self.statements.append(syntax.Kernel(target.spot, target, added.node, written))
        if not target.is_grad:
            self.unwritten.discard(target.name)

    def add_shape(self, tensor: Tensor, dims: Sequence[Term]) -> None:
        """`t.shape = [...]`, for tensors."""
        spot = here()
        value = joined(syntax.Name(spot, tensor.name), dims)
        if value.program not in (None, self):
            raise misuse("A1052", "terms of two programs do not go together")
        self.statements.append(syntax.Shape(spot, tensor.name, tuple(d.node for d in dims)))

    def gradient(self, tensor: Tensor) -> Gradient:
        """
        A custom gradient of the last kernel that wrote `tensor`.

            with p.gradient(act) as grad:
                grad(hidden).flat[i] += index.select(hidden.flat[i] > 0.0, 1.0, 0.1) * grad(act).flat[i]
        """
        return Gradient(self, self.reference(tensor))

    # Result ----------------------------------------------------------------------------------

    def build(self) -> anamc.program.Program:
        """The program, checked as an `.ix` file is. FrontendError A10xx with the place in the Python file."""
        text, statements = program_text(self._finished())
        source = PythonSource(text, self.spot.file, self.spot)
        for statement in statements:
            check_depth(source, statement)
            for name in mentioned(statement):
                if name.text in self.unwritten:
                    raise source.error("A1018", f"no kernel writes '{name.text}'", name.spot)
        module = build_module(source, statements, self.name)
        return anamc.program.Program(module, self.name, is_generated=True)

    def __str__(self) -> str:
        return program_text(self._finished())[0]

    def _finished(self) -> list[syntax.Statement]:
        return [self._with_lets(s) for s in self.statements]

    def _with_lets(self, statement: Any) -> syntax.Statement:
        names = iter(f"v{k}" for k in range(1, 10**9) if f"v{k}" not in self.taken)
        match statement:
            case syntax.Kernel():
                free = (n for n in names if all(n != i.name for i in statement.iterators))
                return replace(statement, body=with_lets(statement.body, lambda: next(free)))
            case syntax.Gradient():
                return replace(statement, kernels=tuple(self._with_lets(k) for k in statement.kernels))
            case _:
                return statement

    # Names -----------------------------------------------------------------------------------

    def _declared(self, name: str) -> str:
        self.taken.add(_name(name))
        return name

    def _fresh(self, stem: str) -> str:
        name = next(n for k in range(10**9) if (n := f"{stem}{k}") not in self.taken)
        return self._declared(name)

    def _dim(self, dim: Dim) -> syntax.Expr:
        if isinstance(dim, str):
            return syntax.Name(here(), self._declared(dim))
        return term(dim).node

    def reference(self, tensor: object) -> syntax.Name:
        """The name of a tensor of this program; A1050, A1052 for anything else."""
        if not isinstance(tensor, Tensor) or tensor.is_grad:
            raise misuse("A1050", f"expected a tensor, got {shown(repr(tensor))}")
        if tensor.program is not self:
            raise misuse("A1052", f"'{tensor.name}' belongs to another program")
        return syntax.Name(here(), tensor.name)


class Gradient:
    """Collects the kernels of a custom gradient."""

    def __init__(self, program: Program, of: syntax.Name) -> None:
        self.program = program
        self.of = of
        self.outside: list[syntax.Statement] = []

    def __enter__(self) -> Gradient:
        self.outside, self.program.statements = self.program.statements, []
        return self

    def __call__(self, tensor: Tensor) -> Tensor:
        """`grad(t)`"""
        return Tensor(self.program, self.program.reference(tensor).text, True, syntax.Grad)

    def __exit__(self, kind: object, *_: object) -> None:
        inside, self.program.statements = self.program.statements, self.outside
        if kind is not None:
            return
        kernels = tuple(s for s in inside if isinstance(s, syntax.Kernel))
        if len(kernels) < len(inside) or not kernels:
            raise misuse("A1056", "a custom gradient holds kernels only, and at least one", at=self.of.spot)
        self.program.statements.append(syntax.Gradient(self.of.spot, self.of.text, kernels, (0, 0)))


def _iterator(target: syntax.Target, name: str, loop: Range | None) -> syntax.Iterator:
    if loop is None or loop.low is None or loop.high is None:
        return syntax.Iterator(target.spot if loop is None else loop.spot, name)
    return syntax.Iterator(loop.spot, name, loop.low.node, loop.high.node)
