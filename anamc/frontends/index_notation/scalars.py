"""Terms to operations of `arith` and `math` in the body of a nest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import FloatAttr, IndexType, IntegerAttr, f64, i1, i64
from xdsl.ir import Block, Operation, SSAValue

from anamc.errors import FrontendError
from anamc.frontends.index_notation.instructions import DIVISIONS
from anamc.frontends.index_notation.terms import Apply, Constant, Term, Type
from anamc.frontends.index_notation.threefry import Threefry

S, I, B = Type.SCALAR, Type.INDEX, Type.BOOLEAN
INDEX = IndexType()
FARTHEST = 2.0**62
"""What `toIndex` gives for numbers beyond: an integer, whatever the number was."""

BINARY: dict[tuple[str, Type], Callable[[SSAValue, SSAValue], Operation]] = {
    ("+", S): arith.AddfOp,
    ("-", S): arith.SubfOp,
    ("*", S): arith.MulfOp,
    ("/", S): arith.DivfOp,
    ("min", S): arith.MinimumfOp,
    ("max", S): arith.MaximumfOp,
    ("pow", S): math.PowFOp,
    ("+", I): arith.AddiOp,
    ("-", I): arith.SubiOp,
    ("*", I): arith.MuliOp,
    ("div", I): arith.DivSIOp,
    ("mod", I): arith.RemSIOp,
    ("floordiv", I): arith.FloorDivSIOp,
    ("min", I): arith.MinSIOp,
    ("max", I): arith.MaxSIOp,
    ("and", B): arith.AndIOp,
    ("or", B): arith.OrIOp,
    ("!=", B): arith.XOrIOp,
    **{
        (sign, S): (lambda a, b, kind=kind: arith.CmpfOp(a, b, kind))
        for sign, kind in {"==": "oeq", "!=": "une", "<": "olt", ">": "ogt", "<=": "ole", ">=": "oge"}.items()
    },
    **{
        (sign, I): (lambda a, b, kind=kind: arith.CmpiOp(a, b, kind))
        for sign, kind in {"==": "eq", "!=": "ne", "<": "slt", ">": "sgt", "<=": "sle", ">=": "sge"}.items()
    },
}
"""Instructions of two arguments by the type of the first."""
UNARY: dict[str, Callable[[SSAValue], Operation]] = {
    "u-": arith.NegfOp,
    "abs": math.AbsFOp,
    "sin": math.SinOp,
    "cos": math.CosOp,
    "exp": math.ExpOp,
    "sqrt": math.SqrtOp,
    "ln": math.LogOp,
    "log2": math.Log2Op,
    "log10": math.Log10Op,
    "tanh": math.TanhOp,
    "log1p": math.Log1pOp,
    "expm1": math.ExpM1Op,
    "erf": math.ErfOp,
}
"""Instructions of one scalar."""


class Scalars:
    """Appends the operations of terms to a block; `given` are reads, iterators and sizes."""

    def __init__(self, block: Block, given: Callable[[Term], SSAValue | None]) -> None:
        self.block = block
        self.given = given
        self.values: dict[Term, SSAValue] = {}
        self.constants: dict[tuple[Type, str], SSAValue] = {}

    def of(self, root: Term) -> SSAValue:
        """The value of a term; what it shares with others is computed once."""
        stack = [root]
        while stack:
            term = stack[-1]
            if term in self.values:
                stack.pop()
            elif (value := self.given(term)) is not None:
                self.values[term] = value
            elif missing := [a for a in term.args if a not in self.values]:
                stack += reversed(missing)
            else:
                self.values[term] = self._emit(term)
        return self.values[root]

    def _emit(self, term: Term) -> SSAValue:
        match term:
            case Constant():
                return self.constant(term.type, term.value)
            case Apply():
                return self._apply(term, [self.values[a] for a in term.args])
            case _:
                raise FrontendError("A1099", f"no value for a {type(term).__name__}")

    def _apply(self, term: Apply, args: Sequence[SSAValue]) -> SSAValue:
        kind = term.args[-1].type
        if term.instruction in DIVISIONS and not isinstance(term.args[1], Constant):
            args = [args[0], self.divisor(args[1])]
        if (special := SPECIAL.get((term.instruction, kind)) or SPECIAL.get((term.instruction, None))) is not None:
            return special(self, *args)
        if len(args) == 1:
            return self.add(UNARY[term.instruction](args[0]))
        return self.add(BINARY[term.instruction, kind](*args))

    def add(self, op: Operation) -> SSAValue:
        self.block.add_op(op)
        return op.results[0]

    def constant(self, type: Type, value: float | int | bool) -> SSAValue:
        """A constant, each once a block."""
        key = (type, repr(value))
        if key not in self.constants:
            self.constants[key] = self.add(arith.ConstantOp(CONSTANTS[type](value)))
        return self.constants[key]

    def index(self, value: int) -> SSAValue:
        return self.constant(I, value)

    def pick(self, index: SSAValue, *items: SSAValue) -> SSAValue:
        """``items[index]`` as a chain of choices; the last one where none fits."""
        value = items[-1]
        for k in reversed(range(len(items) - 1)):
            chosen = self.add(arith.CmpiOp(index, self.index(k), "eq"))
            value = self.add(arith.SelectOp(chosen, items[k], value))
        return value

    def divisor(self, b: SSAValue) -> SSAValue:
        """1 in place of 0, so that no division stops the program."""
        is_zero = self.add(arith.CmpiOp(b, self.index(0), "eq"))
        return self.add(arith.SelectOp(is_zero, self.index(1), b))

    def wrap(self, a: SSAValue, b: SSAValue) -> SSAValue:
        """``(a rem b + b) rem b``"""
        inner = self.add(arith.AddiOp(self.add(arith.RemSIOp(a, b)), b))
        return self.add(arith.RemSIOp(inner, b))

    def to_scalar(self, a: SSAValue) -> SSAValue:
        return self.add(arith.SIToFPOp(self.add(arith.IndexCastOp(a, i64)), f64))

    def to_index(self, a: SSAValue) -> SSAValue:
        """Truncated; beyond the limits, the nearest limit, and for NaN the lower one."""
        low, high = (self.add(arith.ConstantOp(FloatAttr(v, f64))) for v in (-FARTHEST, FARTHEST))
        near = self.add(arith.MinnumfOp(self.add(arith.MaxnumfOp(a, low)), high))
        return self.add(arith.IndexCastOp(self.add(arith.FPToSIOp(near, i64)), INDEX))

    def magnitude(self, a: SSAValue) -> SSAValue:
        return self.add(arith.MaxSIOp(a, self.negative(a)))

    def negative(self, a: SSAValue) -> SSAValue:
        return self.add(arith.SubiOp(self.index(0), a))

    def opposite(self, a: SSAValue) -> SSAValue:
        return self.add(arith.XOrIOp(a, self.constant(B, True)))


CONSTANTS: Mapping[Type, Callable[..., FloatAttr | IntegerAttr]] = {
    S: lambda value: FloatAttr(value, f64),
    I: lambda value: IntegerAttr(value, INDEX),
    B: lambda value: IntegerAttr(int(value), i1),
}
SPECIAL: dict[tuple[str, Type | None], Callable[..., SSAValue]] = {
    ("pick", None): Scalars.pick,
    ("random", None): lambda s, seed, stream, place: Threefry(s.add).bits(seed, stream, place),
    ("wrap", None): Scalars.wrap,
    ("toScalar", None): Scalars.to_scalar,
    ("toIndex", None): Scalars.to_index,
    ("not", None): Scalars.opposite,
    ("==", B): lambda s, a, b: s.opposite(s.add(arith.XOrIOp(a, b))),
    ("u-", I): Scalars.negative,
    ("abs", I): Scalars.magnitude,
    ("sq", S): lambda s, a: s.add(arith.MulfOp(a, a)),
    ("sq", I): lambda s, a: s.add(arith.MuliOp(a, a)),
    ("select", None): lambda s, c, a, b: s.add(arith.SelectOp(c, a, b)),
}
"""Instructions of several operations, by the type of the last argument where that matters."""
