"""What each operation that computes one value is in C: a table keyed by operation class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import Float32Type, Float64Type, FloatAttr, IntegerAttr, IntegerType, i1
from xdsl.dialects.utils import FastMathFlag
from xdsl.ir import Attribute, Operation, SSAValue

from anamc.backends.openacc_c import expressions as e
from anamc.backends.openacc_c.c_types import c_type, literal, suffix
from anamc.backends.openacc_c.expressions import Expr, Level


class Scope(Protocol):
    """Where an expression is built: gives the expressions of operands, and helper functions."""

    def value(self, value: SSAValue) -> Expr: ...

    def helper(self, name: str, type: Attribute) -> str: ...


Rule = Callable[[Any, Scope], Expr]
RULES: dict[type[Operation], Rule] = {}


def _of(*classes: type[Operation]) -> Callable[[Rule], Rule]:
    def register(rule: Rule) -> Rule:
        RULES.update((cls, rule) for cls in classes)
        return rule

    return register


def _type(op: Operation) -> Attribute:
    return op.results[0].type


@_of(arith.ConstantOp)
def _constant(op: arith.ConstantOp, scope: Scope) -> Expr:
    value = op.value
    text = literal(value)
    level = Level.UNARY if text.startswith("-") else Level.ATOM
    number = isinstance(value, IntegerAttr) and value.type != i1
    return Expr(text, level, literal=number) if isinstance(value, IntegerAttr | FloatAttr) else Expr(text, level)


BINARY: dict[type[Operation], str] = {
    arith.AddiOp: "+",
    arith.SubiOp: "-",
    arith.MuliOp: "*",
    arith.DivSIOp: "/",
    arith.RemSIOp: "%",
    arith.AddfOp: "+",
    arith.SubfOp: "-",
    arith.MulfOp: "*",
    arith.DivfOp: "/",
}


NEUTRAL: dict[type[Operation], str] = {arith.AddiOp: "0", arith.SubiOp: "0", arith.MuliOp: "1"}
"""Integer operands that are left out; on the left only where the operation commutes."""


@_of(*BINARY)
def _binary(op: Operation, scope: Scope) -> Expr:
    left, right = (scope.value(v) for v in op.operands)
    neutral = NEUTRAL.get(type(op))
    if right.text == neutral and not left.literal:
        return left
    if left.text == neutral and not right.literal and not isinstance(op, arith.SubiOp):
        return right
    left = e.widened(c_type(_type(op)), left, right)
    return e.plus(left, right) if isinstance(op, arith.AddiOp) else e.binary(BINARY[type(op)], left, right)


SHIFTS: dict[type[Operation], str] = {arith.ShRSIOp: ">>", arith.ShLIOp: "<<", arith.ShRUIOp: ">>"}
UNSIGNED_TYPES = {"int": "unsigned", "int64_t": "uint64_t"}


@_of(*SHIFTS)
def _shift(op: Operation, scope: Scope) -> Expr:
    """To the left, and to the right without the sign, in an unsigned type: C leaves a shifted sign undefined."""
    left, right = (scope.value(v) for v in op.operands)
    type, operator = c_type(_type(op)), SHIFTS[op.__class__]
    if isinstance(op, arith.ShRSIOp):
        return e.binary(operator, left, right)
    unsigned = UNSIGNED_TYPES.get(type, "uint64_t")
    return e.cast(type, e.binary(operator, e.cast(unsigned, left), right))


@_of(arith.BitcastOp)
def _bitcast(op: arith.BitcastOp, scope: Scope) -> Expr:
    """Between a float and the integer of its bits."""
    to_float = isinstance(op.result.type, Float32Type | Float64Type)
    helper, float_type = ("from_bits", op.result.type) if to_float else ("bits", op.input.type)
    return e.call(scope.helper(helper, float_type), scope.value(op.input))


BITWISE: dict[type[Operation], tuple[str, str]] = {
    arith.AndIOp: ("&&", "&"),
    arith.OrIOp: ("||", "|"),
    arith.XOrIOp: ("!=", "^"),
}
"""The operator on truth values, and on numbers."""


@_of(*BITWISE)
def _bitwise(op: Operation, scope: Scope) -> Expr:
    left, right = (scope.value(v) for v in op.operands)
    if isinstance(op, arith.XOrIOp) and right.text == "true":
        return e.negation(left)
    return e.binary(BITWISE[type(op)][_type(op) != i1], left, right)


HELPED: dict[type[Operation], str] = {
    arith.MaximumfOp: "maximum",
    arith.MinimumfOp: "minimum",
    arith.MaxSIOp: "max",
    arith.MinSIOp: "min",
    arith.FloorDivSIOp: "floor_divide",
    arith.CeilDivSIOp: "ceil_divide",
}


@_of(*HELPED)
def _helped(op: Operation, scope: Scope) -> Expr:
    return e.call(scope.helper(HELPED[type(op)], _type(op)), *(scope.value(v) for v in op.operands))


FUNCTIONS: dict[type[Operation], str] = {
    arith.MaxnumfOp: "fmax",
    arith.MinnumfOp: "fmin",
    math.ExpOp: "exp",
    math.Exp2Op: "exp2",
    math.ExpM1Op: "expm1",
    math.LogOp: "log",
    math.Log1pOp: "log1p",
    math.Log2Op: "log2",
    math.Log10Op: "log10",
    math.TanhOp: "tanh",
    math.ErfOp: "erf",
    math.SinOp: "sin",
    math.CosOp: "cos",
    math.SqrtOp: "sqrt",
    math.AbsFOp: "fabs",
    math.PowFOp: "pow",
    math.FloorOp: "floor",
    math.CeilOp: "ceil",
    math.CopySignOp: "copysign",
}


@_of(*FUNCTIONS)
def _function(op: Operation, scope: Scope) -> Expr:
    return e.call(FUNCTIONS[type(op)] + suffix(_type(op)), *(scope.value(v) for v in op.operands))


@_of(math.FmaOp)
def _fma(op: math.FmaOp, scope: Scope) -> Expr:
    """With the flag `afn` rounded once only where that is fast."""
    type = _type(op)
    may_round_twice = FastMathFlag.APPROX_FUNC in op.fastmath.data
    name = scope.helper("muladd", type) if may_round_twice else f"fma{suffix(type)}"
    return e.call(name, *(scope.value(v) for v in op.operands))


@_of(math.RsqrtOp)
def _rsqrt(op: math.RsqrtOp, scope: Scope) -> Expr:
    end = suffix(_type(op))
    return e.binary("/", Expr(f"1.0{end}"), e.call(f"sqrt{end}", scope.value(op.operand)))


@_of(arith.NegfOp)
def _negf(op: arith.NegfOp, scope: Scope) -> Expr:
    return e.negative(scope.value(op.operand))


@_of(arith.SelectOp)
def _select(op: arith.SelectOp, scope: Scope) -> Expr:
    return e.conditional(scope.value(op.cond), scope.value(op.lhs), scope.value(op.rhs))


SIGNED = ("==", "!=", "<", "<=", ">", ">=")
UNSIGNED = ("<", "<=", ">", ">=")


@_of(arith.CmpiOp)
def _cmpi(op: arith.CmpiOp, scope: Scope) -> Expr:
    """Predicates eq ne slt sle sgt sge, then ult ule ugt uge."""
    left, right = scope.value(op.lhs), scope.value(op.rhs)
    number = op.predicate.value.data
    if number < len(SIGNED):
        return e.binary(SIGNED[number], left, right)
    return e.binary(UNSIGNED[number - len(SIGNED)], e.cast("uint64_t", left), e.cast("uint64_t", right))


ORDERED = {1: "==", 2: ">", 3: ">=", 4: "<", 5: "<="}
"""Comparisons that are false where an operand is NaN; C's operators."""

NEGATED = {9: "<=", 10: "<", 11: ">=", 12: ">"}
"""ugt, uge, ult, ule are true where an operand is NaN: the negation of the opposite."""


@_of(arith.CmpfOp)
def _cmpf(op: arith.CmpfOp, scope: Scope) -> Expr:
    left, right = scope.value(op.lhs), scope.value(op.rhs)
    number = op.predicate.value.data
    if number in ORDERED:
        return e.binary(ORDERED[number], left, right)
    if number == 13:
        return e.binary("!=", left, right)
    if number in NEGATED:
        return e.negation(e.binary(NEGATED[number], left, right))
    return OTHER_COMPARISONS[number](left, right)


def _any_nan(left: Expr, right: Expr) -> Expr:
    return e.call("isunordered", left, right)


OTHER_COMPARISONS: dict[int, Callable[[Expr, Expr], Expr]] = {
    0: lambda left, right: Expr("false"),
    6: lambda left, right: e.call("islessgreater", left, right),
    7: lambda left, right: e.negation(_any_nan(left, right)),
    8: lambda left, right: e.negation(e.call("islessgreater", left, right)),
    14: _any_nan,
    15: lambda left, right: Expr("true"),
}
"""false, one, ord, ueq, uno, true."""


@_of(arith.IndexCastOp, arith.ExtSIOp, arith.TruncIOp)
def _integer_cast(op: Operation, scope: Scope) -> Expr:
    """To a wider type the cast is left out where C converts anyway. A truth value widens to 0 or -1."""
    operand, target = scope.value(op.operands[0]), _type(op)
    if op.operands[0].type == i1:
        return e.conditional(operand, Expr("-1", Level.UNARY), Expr("0"))
    if target == i1:
        return e.binary("!=", e.binary("&", operand, Expr("1")), Expr("0"))
    narrows = isinstance(target, IntegerType) and isinstance(op, arith.TruncIOp | arith.IndexCastOp)
    return e.cast(c_type(target), operand, implicit=not narrows)


@_of(arith.ExtFOp, arith.TruncFOp, arith.SIToFPOp, arith.FPToSIOp)
def _float_cast(op: Operation, scope: Scope) -> Expr:
    return e.cast(c_type(_type(op)), scope.value(op.operands[0]))
