"""Pass `expand-math`: elementary functions become arithmetic, without a call of libm."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func, math, scf
from xdsl.dialects.builtin import (
    ArrayAttr,
    Float32Type,
    Float64Type,
    FunctionType,
    ModuleOp,
    StringAttr,
    UnitAttr,
    VectorType,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.dialects import lanes
from anamc.numerics.elementary import FORMULAS, LIMITS
from anamc.numerics.floats import FORMATS, Floats, element_of
from anamc.transforms.rule_table import Emitter

NAME = "expand-math"
SUFFIX: dict[type[Attribute], str] = {Float32Type: "f", Float64Type: ""}
"""How C tells functions of float from those of double."""
MODES = ("default", "fast", "precise")


def _has_formula(type: Attribute) -> bool:
    """Whether a type is f32, f64 or a vector of them."""
    is_plain = not isinstance(type, VectorType) or len(type.get_shape()) == 1
    return is_plain and element_of(type).__class__ in FORMATS


def _appended(block: Block, op: Operation) -> SSAValue:
    block.add_op(op)
    return op.results[0]


def expanded(op: Operation, s: Floats, x: SSAValue) -> SSAValue:
    """The value of `op` at `x`: its formula, and `op` itself beyond the formula's limit."""
    formula, limits = FORMULAS[type(op)], LIMITS.get(type(op))
    if limits is None:
        return formula(s, x)
    size, limit = s.unary(math.AbsFOp, x), s.constant(limits[s.format.name])
    if s.is_vector:
        return _lanes_beyond(op, s, x, formula(s, x), s.compare("ogt", size, limit))
    large, small = Block(), Block()
    large.add_op(scf.YieldOp(_appended(large, _same(op, x))))
    inner = Floats(lambda new: _appended(small, new), s.type, s.fast)
    small.add_op(scf.YieldOp(formula(inner, x)))
    return s.insert(scf.IfOp(s.compare("ogt", size, limit), [s.type], Region(large), Region(small)))


def _same(op: Operation, x: SSAValue) -> Operation:
    """The operation at another place."""
    return type(op).create(operands=[x], result_types=[x.type])


def _lanes_beyond(op: Operation, s: Floats, x: SSAValue, y: SSAValue, beyond: SSAValue) -> SSAValue:
    """`y`, but the value of `op` in the lanes of `beyond`; nothing is called where there are none."""
    some, none = Block(), Block()
    value = _appended(some, _same(op, x))
    some.add_op(scf.YieldOp(_appended(some, lanes.SelectOp(beyond, value, y))))
    none.add_op(scf.YieldOp(y))
    return s.insert(scf.IfOp(s.insert(lanes.AnyOp(beyond)), [s.type], Region(some), Region(none)))


def _function(name: str, op: Operation, type: Attribute, fast: bool) -> func.FuncOp:
    """A private function of one number with the value of `op`."""
    body = Block(arg_types=[type])
    body.args[0].name_hint = "x"
    s = Floats(lambda new: _appended(body, new), type, fast)
    body.add_op(func.ReturnOp(expanded(op, s, body.args[0])))
    function = func.FuncOp(name, FunctionType.from_lists([type], [type]), Region(body), visibility="private")
    function.attributes["anamc.inline"] = UnitAttr()
    function.attributes["anamc.comment"] = ArrayAttr([StringAttr(f"{op.name.removeprefix('math.')}(x)")])
    return function


@dataclass(frozen=True)
class ExpandMathPass(ModulePass):
    """
    Elementary functions on f32 and f64 become `arith` and `math.fma`: at most 4 units in the last place.

    `mode`: "fast" takes cheaper formulas where a relative error of 1e-5 is enough, in f32; "precise" leaves
    everything to libm. `functions`: one private function for each, called, instead of the formula at each place.
    Sines and cosines of very large arguments stay. Other operations and types are left alone.
    """

    name = NAME

    mode: str = "default"
    functions: bool = False

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.mode not in MODES:
            raise PassFailedException(f"{NAME}: mode must be one of {', '.join(MODES)}, got '{self.mode}'")
        if self.mode == "precise":
            return
        found = [inner for inner in op.walk() if type(inner) in FORMULAS and _has_formula(inner.operands[0].type)]
        made: dict[str, func.FuncOp] = {}
        for inner in found:
            emit = Emitter(inner)
            by_call = self.functions and inner.operands[0].type.__class__ in FORMATS
            value = self._call(inner, emit, made) if by_call else self._inline(inner, emit)
            emit.replace(value)
        Rewriter.insert_op(list(made.values()), InsertPoint.at_start(op.body.block))

    def _inline(self, op: Operation, emit: Emitter) -> SSAValue:
        x = op.operands[0]
        return expanded(op, Floats(emit, x.type, self.mode == "fast"), x)

    def _call(self, op: Operation, emit: Emitter, made: dict[str, func.FuncOp]) -> SSAValue:
        x = op.operands[0]
        name = f"anamc_{op.name.removeprefix('math.')}{SUFFIX[type(x.type)]}"
        if name not in made:
            made[name] = _function(name, op, x.type, self.mode == "fast")
        call = func.CallOp(name, [x], [x.type])
        call.attributes["anamc.inline"] = UnitAttr()
        return emit(call)
