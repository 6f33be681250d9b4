"""Expressions to values: names and types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from anamc.errors import shown
from anamc.frontends.index_notation import syntax
from anamc.frontends.index_notation.instructions import SIGNATURES, apply
from anamc.frontends.index_notation.names import Const, Scope, Size
from anamc.frontends.index_notation.source import Spot
from anamc.frontends.index_notation.terms import (
    Apply,
    ArrayValue,
    Constant,
    Dimension,
    Length,
    Rank,
    RankUse,
    Read,
    ShapeValue,
    Tangent,
    Tensor,
    TensorValue,
    Term,
    Type,
    Value,
    Variable,
    type_name,
)


class Expressions:
    """Checks the expressions of one kernel (or const, shape, range) in its scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.source = scope.names.source
        self.uses_epoch = False

    def term(self, expr: syntax.Expr, type: Type | None = None, what: str = "this") -> Term:
        """A number, of a type where one is asked for; A1015, A1016."""
        value = self.value(expr)
        if not isinstance(value, Term):
            raise self.source.error("A1016", f"{type_name(value)} is no number", expr.spot, help=_number_help(value))
        if type is not None and value.type is not type:
            help = "write 2 for an Index and 2.0 for a Scalar" if isinstance(value, Constant) else ""
            raise self.source.error("A1015", f"{what} is {type.value}, got {value.type.value}", expr.spot, help=help)
        return value

    def value(self, expr: syntax.Expr) -> Value:
        """What an expression stands for."""
        return RULES[type(expr)](self, expr)

    def number(self, expr: syntax.Number) -> Value:
        return Constant(expr.spot, Type.SCALAR if isinstance(expr.value, float) else Type.INDEX, (), expr.value)

    def name(self, expr: syntax.Name) -> Value:
        if expr.text in ("true", "false"):
            return Constant(expr.spot, Type.BOOLEAN, (), expr.text == "true")
        if (local := self.scope.values.get(expr.text)) is not None:
            is_iterator = isinstance(local, Variable)
            return Variable(expr.spot, local.type, (), local.kind, local.name) if is_iterator else local
        match self.scope.names.get(expr.text):
            case Size() as size:
                return Variable(expr.spot, Type.INDEX, (), "size", size.name)
            case Const() as const:
                return self._const(const, expr)
            case Tensor() as tensor:
                return TensorValue(expr.spot, tensor)
            case None:
                raise self.scope.names.unknown(expr.text, expr.spot, self.scope.values)

    def _const(self, const: Const, expr: syntax.Name) -> Value:
        if const.value is None:
            why = self.scope.names.first(expr.text)
            raise self.source.error("A1010", f"'{shown(expr.text)}' is not defined yet", expr.spot, why=why)
        return const.value

    def grad(self, expr: syntax.Grad) -> Value:
        tensor = self.tensor(expr.text, expr.spot)
        if self.scope.grad is None:
            help = "it stands in grad(t) by { ... } only"
            raise self.source.error("A1037", "grad(...) outside of a custom gradient", expr.spot, help=help)
        return TensorValue(expr.spot, self.scope.grad(tensor, expr.spot))

    def tensor(self, name: str, at: Spot) -> Tensor:
        """A tensor by name; A1010 for an unknown one, A1016 for anything else."""
        found = self.scope.names.get(name)
        if isinstance(found, Tensor):
            return found
        if found is None and name not in self.scope.values:
            raise self.scope.names.unknown(name, at)
        raise self.source.error("A1016", f"'{shown(name)}' is no tensor", at)

    def invoke(self, expr: syntax.Invoke) -> Value:
        if expr.function == "epoch":
            return self._epoch(expr)
        if expr.function == "jvp":
            raise self.source.error("A1038", "jvp(...) is read like a tensor", expr.spot, help="jvp(u, x){i}")
        chain: list[syntax.Invoke] = [expr]
        while chain[-1].function in syntax.CHAINS and isinstance(left := chain[-1].args[0], syntax.Invoke):
            if left.function not in syntax.CHAINS:
                break
            chain.append(left)
        value = self._apply(chain[-1], ())
        for link in reversed(chain[:-1]):
            value = self._apply(link, (value,))
        return value

    def _apply(self, expr: syntax.Invoke, first: tuple[Term, ...]) -> Term:
        known = expr.function in SIGNATURES
        args = [self.term(a) for a in expr.args[len(first) :]] if known else []
        return apply(self.source, expr.function, [*first, *args], expr.spot)

    def _epoch(self, expr: syntax.Invoke) -> Term:
        if expr.args:
            raise self.source.error("A1014", f"'epoch' takes 0 arguments, got {len(expr.args)}", expr.spot)
        self.uses_epoch = True
        return Variable(expr.spot, Type.INDEX, (), "epoch", "epoch")

    def at(self, expr: syntax.At) -> Value:
        base = self._base(expr.base)
        match base:
            case TensorValue():
                return self._read(base.tensor, self.indices(expr.indices), expr.spot, False)
            case ShapeValue():
                return self._dimension(base.tensor, expr)
            case ArrayValue():
                return self._item(base, expr)
            case Term():
                raise self.source.error("A1016", f"{type_name(base)} has no elements", expr.spot)

    def flat(self, expr: syntax.Flat) -> Value:
        base = self._base(expr.base)
        if not isinstance(base, TensorValue):
            raise self.source.error("A1016", f"{type_name(base)} has no flat data; {{...}} is for tensors", expr.spot)
        return self._read(base.tensor, self.indices((expr.index,)), expr.spot, True)

    def _base(self, expr: syntax.Expr) -> Value:
        if isinstance(expr, syntax.Invoke) and expr.function == "jvp":
            return self._jvp(expr)
        return self.value(expr)

    def _jvp(self, expr: syntax.Invoke) -> Value:
        """`jvp(u, x)`: the tangent of `u` as it stands, for a tangent of ones in `x` as it stands."""
        if len(expr.args) != 2:
            raise self.source.error("A1014", f"'jvp' takes 2 arguments, got {len(expr.args)}", expr.spot)
        tensors: list[Tensor] = []
        for arg in expr.args:
            if not isinstance(value := self.value(arg), TensorValue):
                raise self.source.error("A1016", f"'jvp' takes two tensors, got {type_name(value)}", arg.spot)
            self._written(value.tensor, arg.spot)
            if value.tensor.type is not Type.SCALAR or value.tensor.role == "gradient":
                what = f"'jvp' takes tensors of Scalars, got '{shown(value.tensor.name)}'"
                raise self.source.error("A1016", what, arg.spot)
            tensors.append(value.tensor)
        u, x = tensors
        tangent = Tangent(u, len(u.kernels), x, len(x.kernels))
        return TensorValue(expr.spot, self.scope.names.tangent(tangent, expr.spot))

    def indices(self, exprs: Sequence[syntax.Expr]) -> tuple[Term, ...]:
        """Indices of a tensor."""
        return tuple(self.term(e, Type.INDEX, "an index") for e in exprs)

    def _read(self, tensor: Tensor, indices: tuple[Term, ...], at: Spot, flat: bool) -> Term:
        self._written(tensor, at)
        if not indices:
            raise self.source.error("A1021", f"'{shown(tensor.name)}' is read without an index", at)
        if not flat:
            (tensor.like or tensor).ranks.append(RankUse(len(indices), at))
        return Read(at, tensor.type, indices, tensor, len(tensor.kernels), flat)

    def _written(self, tensor: Tensor, at: Spot) -> None:
        if tensor.is_open:
            why = f"it is first written in line {tensor.spot.line}"
            raise self.source.error("A1018", f"'{shown(tensor.name)}' is read before it is written", at, why=why)

    def _dimension(self, tensor: Tensor, expr: syntax.At) -> Term:
        indices = self.indices(expr.indices)
        if len(indices) != 1 or not isinstance(indices[0], Constant):
            raise self.source.error("A1032", "a dimension is chosen by one constant index", expr.spot)
        made = Dimension(expr.spot, Type.INDEX, (), tensor, int(indices[0].value))
        (tensor.like or tensor).dims_asked.append(made)
        return made

    def _item(self, array: ArrayValue, expr: syntax.At) -> Value:
        indices = self.indices(expr.indices)
        if len(indices) != 1:
            raise self.source.error("A1014", f"an array takes one index, got {len(indices)}", expr.spot)
        index, count = indices[0], len(array.items)
        if isinstance(index, Constant):
            if not 0 <= index.value < count:
                raise self.source.error("A1024", f"index {index.value} is outside of {count} items", index.spot)
            return array.items[int(index.value)]
        return self._picked(array.items, index, expr.spot)

    def _picked(self, items: Sequence[Value], index: Term, at: Spot) -> Value:
        terms = [i for i in items if isinstance(i, Term)]
        if len(terms) == len(items):
            return terms[0] if len(terms) == 1 else Apply(at, terms[0].type, (index, *terms), "pick")
        arrays = [i for i in items if isinstance(i, ArrayValue)]
        if len({len(a.items) for a in arrays}) != 1:
            raise self.source.error("A1039", "arrays of different lengths need a constant index", at)
        columns = zip(*(a.items for a in arrays), strict=True)
        return ArrayValue(at, tuple(self._picked(column, index, at) for column in columns))

    def property(self, expr: syntax.Property) -> Value:
        base = self.value(expr.base)
        match base, expr.name:
            case TensorValue(), "shape":
                self._written(base.tensor, expr.spot)
                return ShapeValue(expr.spot, base.tensor)
            case TensorValue(), _:
                self._written(base.tensor, expr.spot)
                return Length(expr.spot, Type.INDEX, (), base.tensor)
            case ShapeValue(), "len":
                return Rank(expr.spot, Type.INDEX, (), base.tensor)
            case ArrayValue(), "len":
                return Constant(expr.spot, Type.INDEX, (), len(base.items))
            case _:
                raise self.source.error("A1016", f"{type_name(base)} has no '.{expr.name}'", expr.spot)

    def items(self, expr: syntax.Items) -> Value:
        items = tuple(self.value(e) for e in expr.items)
        if not items:
            raise self.source.error("A1039", "an array without items has no type", expr.spot)
        for item, written in zip(items, expr.items, strict=True):
            if not isinstance(item, Term | ArrayValue):
                raise self.source.error("A1016", f"{type_name(item)} cannot stand in an array", written.spot)
            if type_name(item) != type_name(items[0]):
                what = f"an array of {type_name(items[0])} holds {type_name(item)}"
                raise self.source.error("A1039", what, written.spot, help="all items have one type")
        return ArrayValue(expr.spot, items)

    def body(self, expr: syntax.Body) -> Value:
        """Bindings live until the end of their parenthesis or kernel."""
        for let in expr.lets:
            self.scope.bind(let.name, self._bound(let), let.spot)
        value = self.value(expr.value)
        for let in expr.lets:
            del self.scope.values[let.name]
        return value

    def _bound(self, let: syntax.Let) -> Value:
        value = self.value(let.value)
        if not isinstance(value, Term | ArrayValue):
            raise self.source.error("A1016", f"{type_name(value)} cannot be bound by let", let.value.spot)
        return value


def _number_help(value: Value) -> str:
    return "index it: t[i] or t{i}" if isinstance(value, TensorValue) else ""


RULES: dict[type[syntax.Expr], Callable[[Expressions, Any], Value]] = {
    syntax.Number: Expressions.number,
    syntax.Name: Expressions.name,
    syntax.Grad: Expressions.grad,
    syntax.Invoke: Expressions.invoke,
    syntax.At: Expressions.at,
    syntax.Flat: Expressions.flat,
    syntax.Property: Expressions.property,
    syntax.Items: Expressions.items,
    syntax.Body: Expressions.body,
}
"""One rule for each form of expression."""
