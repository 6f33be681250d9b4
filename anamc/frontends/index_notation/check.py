"""Statements to a checked program: declarations, kernels in their order, outputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from anamc.errors import FrontendError, shown
from anamc.frontends.index_notation import syntax
from anamc.frontends.index_notation.choices import check_cond, check_random, check_reshape
from anamc.frontends.index_notation.expressions import Expressions
from anamc.frontends.index_notation.gradients import check_gradient
from anamc.frontends.index_notation.instructions import apply
from anamc.frontends.index_notation.names import Const, Names, Scope, Size, what
from anamc.frontends.index_notation.polynomials import Polynomial, lift, size
from anamc.frontends.index_notation.source import Source, Spot
from anamc.frontends.index_notation.terms import (
    ArrayValue,
    Constant,
    Goal,
    IteratorTerm,
    Kernel,
    Program,
    RankUse,
    Read,
    Tensor,
    Term,
    Type,
    Variable,
    postorder,
    terms_of,
    type_name,
)

ELEMENTS = {"scalar": Type.SCALAR, "index": Type.INDEX}
ARGUMENTS: dict[type[syntax.Statement], Literal["input", "param", "cache"]] = {
    syntax.Input: "input",
    syntax.Param: "param",
    syntax.Cache: "cache",
}
"""Statements that declare arguments, and what they are."""
DEFAULT_INIT = (-0.1, 0.1)
"""Initial range of a param without one: exprgrad's."""


class Checker:
    """Names and types of a whole program."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.names = Names(source)
        self.sizes: list[str] = []
        self.arguments: list[Tensor] = []
        self.kernels: list[Kernel] = []
        self.outputs: dict[str | None, list[tuple[Tensor, Spot]]] = {}
        self.targets: list[str] = []
        self.uses_epoch = False
        self.streams = 0
        """Random tensors so far."""

    def program(self, statements: Sequence[syntax.Statement]) -> Program:
        """Inputs, sizes and consts are known everywhere; kernels are read in their order."""
        consts = {s.name for s in statements if isinstance(s, syntax.Const)}
        for statement in statements:
            if isinstance(statement, syntax.Input | syntax.Param | syntax.Cache):
                self._declare_argument(statement, consts)
            elif isinstance(statement, syntax.Output) and statement.target is not None:
                self._declare_target(statement.target)
            elif isinstance(statement, syntax.Random):
                self._declare_sizes(statement.dims, consts)
            elif isinstance(statement, syntax.Const):
                self.names.declare(statement.name, Const(statement), statement.spot)
        for statement in statements:
            if isinstance(statement, syntax.Const):
                self._const(statement)
        for statement in statements:
            if isinstance(statement, syntax.Input | syntax.Param | syntax.Cache):
                self._argument(statement)
            elif isinstance(statement, syntax.Kernel):
                self._declare_written(statement.target)
            elif isinstance(statement, syntax.Random | syntax.Reshape | syntax.Cond):
                role = "chosen" if isinstance(statement, syntax.Cond) else "written"
                self.names.declare(statement.name, Tensor(statement.name, statement.spot, role), statement.spot)
        for statement in statements:
            match statement:
                case syntax.Shape():
                    self._shape(statement)
                case syntax.Kernel():
                    self._kernel(statement)
                case syntax.Gradient():
                    check_gradient(self, statement)
                case syntax.Random():
                    check_random(self, statement)
                case syntax.Reshape():
                    check_reshape(self, statement)
                case syntax.Cond():
                    check_cond(self, statement)
                case syntax.Output():
                    for name in statement.names:
                        self._output(name, None if statement.target is None else statement.target.text)
                case _:
                    pass
        return self._finished()

    # Declarations ----------------------------------------------------------------------------

    def _declare_target(self, name: syntax.Name) -> None:
        if name.text in self.targets:
            raise self.source.error("A1041", f"target '{shown(name.text)}' stands twice", name.spot)
        self.targets.append(name.text)

    def _declare_argument(self, statement: syntax.Input | syntax.Param | syntax.Cache, consts: set[str]) -> None:
        tensor = Tensor(statement.name, statement.spot, ARGUMENTS[type(statement)])
        self.names.declare(statement.name, tensor, statement.spot)
        self.arguments.append(tensor)
        self._declare_sizes(statement.dims or (), consts)

    def _declare_sizes(self, dims: Sequence[syntax.Expr], consts: set[str]) -> None:
        for dim in dims:
            if not isinstance(dim, syntax.Name) or dim.text in consts:
                continue
            if not isinstance(self.names.get(dim.text), Size):
                self.names.declare(dim.text, Size(dim.text), dim.spot)
                self.sizes.append(dim.text)

    def _const(self, statement: syntax.Const) -> None:
        const = self.names.get(statement.name)
        expressions = Expressions(Scope(self.names))
        value = expressions.value(statement.value)
        if not isinstance(value, Term | ArrayValue):
            raise self.source.error("A1016", f"{type_name(value)} cannot be a const", statement.value.spot)
        for term in terms_of(value):
            self._no_data("a const", term)
        self.uses_epoch |= expressions.uses_epoch
        if isinstance(const, Const):
            const.value = value

    def _argument(self, statement: syntax.Input | syntax.Param | syntax.Cache) -> None:
        tensor = self.names.get(statement.name)
        if not isinstance(tensor, Tensor):
            return
        if statement.dims is not None:
            if not statement.dims:
                raise self.source.error("A1020", "an array has at least one dimension", statement.spot)
            tensor.dims = tuple(self._dim(d) for d in statement.dims)
        if isinstance(statement, syntax.Cache):
            return
        if isinstance(statement, syntax.Param):
            tensor.init = DEFAULT_INIT if statement.init is None else self.interval(statement.init)
        elif statement.element not in ELEMENTS:
            what = f"unknown element type '{shown(statement.element)}'"
            raise self.source.error("A1019", what, statement.element_spot, help="scalar or index")
        else:
            tensor.type = ELEMENTS[statement.element]

    def _dim(self, expr: syntax.Expr) -> Polynomial:
        if isinstance(expr, syntax.Name) and isinstance(self.names.get(expr.text), Size):
            return size(expr.text)
        term = Expressions(Scope(self.names)).term(expr, Type.INDEX, "a size")
        if not isinstance(term, Constant):
            raise self.source.error("A1020", "a size of an argument is a number or a name", expr.spot)
        if term.value < 0:
            raise self.source.error("A1020", f"a size is 0 or more, got {term.value}", expr.spot)
        return lift(int(term.value))

    def interval(self, init: syntax.Invoke) -> tuple[float, float]:
        """The bounds of `uniform(low, high)`; A1014, A1033."""
        if init.function != "uniform":
            what = f"unknown initial values '{shown(init.function)}'"
            raise self.source.error("A1033", what, init.spot, help="uniform(low, high)")
        if len(init.args) != 2:
            raise self.source.error("A1014", f"'uniform' takes 2 arguments, got {len(init.args)}", init.spot)
        low, high = (Expressions(Scope(self.names)).term(a, Type.SCALAR, "a bound of uniform") for a in init.args)
        if not isinstance(low, Constant) or not isinstance(high, Constant) or low.value > high.value:
            raise self.source.error("A1033", "uniform(low, high) takes two constants, low <= high", init.spot)
        return float(low.value), float(high.value)

    def _declare_written(self, target: syntax.Target) -> None:
        known = self.names.get(target.name)
        if target.is_grad:
            help = "write it inside grad(t) by { ... }"
            raise self.source.error(
                "A1037", "grad(...) is written outside of a custom gradient", target.spot, help=help
            )
        if known is None:
            self.names.declare(target.name, Tensor(target.name, target.spot, "written"), target.spot)
        elif not isinstance(known, Tensor) or known.role not in ("written", "cache"):
            why = self.names.first(target.name)
            raise self.source.error("A1017", f"'{shown(target.name)}' is {what(known)}", target.spot, why=why)

    # Statements in their order ----------------------------------------------------------------

    def _shape(self, statement: syntax.Shape) -> None:
        tensor = self.names.get(statement.name)
        if tensor is None:
            raise self.names.unknown(statement.name, statement.spot)
        if not isinstance(tensor, Tensor) or tensor.role != "written":
            what = f"the shape of '{shown(statement.name)}' cannot be given: no kernel writes it"
            raise self.source.error("A1027", what, statement.spot)
        if tensor.given is not None:
            raise self.source.error("A1027", f"the shape of '{shown(statement.name)}' is given twice", statement.spot)
        if not statement.dims:
            raise self.source.error("A1020", "an array has at least one dimension", statement.spot)
        scope = Scope(self.names)
        tensor.given = tuple(self.static(d, scope, "a dimension") for d in statement.dims)
        tensor.given_spot = statement.spot

    def static(self, expr: syntax.Expr, scope: Scope, what: str) -> Term:
        """An index that is known before any kernel runs: of sizes, shapes and consts."""
        expressions = Expressions(scope)
        term = expressions.term(expr, Type.INDEX, what)
        self.uses_epoch |= expressions.uses_epoch
        self._no_data(what, term)
        return term

    def _no_data(self, what: str, term: Term) -> None:
        for inner in postorder([term]):
            if isinstance(inner, Read):
                raise self.source.error("A1026", f"{what} cannot depend on data", inner.spot)
            if isinstance(inner, Variable) and inner.kind == "iterator":
                raise self.source.error("A1026", f"{what} cannot depend on an iterator", inner.spot)

    def _kernel(self, statement: syntax.Kernel) -> None:
        tensor = self.names.get(statement.target.name)
        if not isinstance(tensor, Tensor):
            return
        self.append(self.kernel(statement, tensor, Scope(self.names)))

    def append(self, kernel: Kernel) -> None:
        """A kernel behind all others."""
        kernel.tensor.kernels.append(kernel)
        kernel.version = len(kernel.tensor.kernels)
        self.kernels.append(kernel)

    def kernel(self, statement: syntax.Kernel, tensor: Tensor, scope: Scope) -> Kernel:
        """A kernel that writes `tensor`, checked in its scope."""
        for written in statement.iterators:
            term = Variable(written.spot, Type.INDEX, (), "iterator", written.name)
            scope.bind(written.name, term, written.spot)
        iterators = tuple(self._iterator(i, scope) for i in statement.iterators)
        expressions = Expressions(scope)
        target = statement.target
        if not target.indices:
            raise self.source.error("A1021", f"'{shown(target.name)}' is written without an index", target.spot)
        if not target.is_flat:
            (tensor.like or tensor).ranks.append(RankUse(len(target.indices), target.spot))
        indices = expressions.indices(target.indices)
        body = expressions.term(statement.body, Type.SCALAR, "what a kernel adds")
        self.uses_epoch |= expressions.uses_epoch
        return Kernel(tensor, target.spot, indices, target.is_flat, body, iterators)

    def _iterator(self, written: syntax.Iterator, scope: Scope) -> IteratorTerm:
        if written.low is None or written.high is None:
            return IteratorTerm(written.name, written.spot)
        low, high = self.static(written.low, scope, "a range"), self.static(written.high, scope, "a range")
        if written.inclusive:
            one = Constant(high.spot, Type.INDEX, (), 1)
            high = apply(self.source, "+", (high, one), high.spot)
        return IteratorTerm(written.name, written.spot, low, high)

    def _output(self, name: syntax.Name, target: str | None) -> None:
        found = self.names.get(name.text)
        if found is None:
            raise self.names.unknown(name.text, name.spot)
        if not isinstance(found, Tensor):
            raise self.source.error("A1016", f"'{shown(name.text)}' is {what(found)}, no tensor", name.spot)
        outputs = self.outputs.setdefault(target, [])
        if any(found is tensor for tensor, _ in outputs):
            raise self.source.error("A1031", f"'{shown(name.text)}' is an output twice", name.spot)
        outputs.append((found, name.spot))

    def _finished(self) -> Program:
        if not self.outputs:
            help = "name what the program gives: output t"
            raise FrontendError("A1030", "the program has no output", place=self.source.whole, help=help)
        for name, is_used, why in (
            ("epoch", self.uses_epoch, "epoch() is used"),
            ("seed", self.streams > 0, "a tensor is random"),
        ):
            if is_used and name in self.names.known:
                at = self.names.known[name][1]
                raise self.source.error("A1011", f"'{name}' is an argument already, since {why}", at)
        tensors = [t for t, _ in self.names.known.values() if isinstance(t, Tensor)]
        goals = [Goal(t, tuple(self.outputs[t])) for t in (None, *self.targets) if t in self.outputs]
        return Program(
            self.source, self.sizes, self.arguments, self.kernels, tensors, goals, self.uses_epoch, self.streams > 0
        )
