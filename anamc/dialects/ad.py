"""
Requests for derivatives, rules of the user's own, and hints: gone when `ad-expand` has run.

Requests are calls, so they nest, and are expanded inner first.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Self

from xdsl.dialects.builtin import (
    I64,
    AnyFloat,
    ArrayAttr,
    IntegerAttr,
    StringAttr,
    SymbolRefAttr,
    TensorType,
    i64,
)
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Dialect, ParametrizedAttribute, SSAValue
from xdsl.irdl import (
    AnyAttr,
    AttrSizedOperandSegments,
    IRDLOperation,
    ParsePropInAttrDict,
    VarConstraint,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.parser import AttrParser, Parser
from xdsl.printer import Printer
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

POLICIES = ("all", "sqrt", "recompute", "binomial")
"""What the reverse of a loop keeps of its forward sweep."""

Positions = ArrayAttr[IntegerAttr[I64]]


@irdl_attr_definition
class PolicyAttr(ParametrizedAttribute):
    """
    `#ad.policy<all | sqrt | recompute | binomial, c>`: what the reverse of an `scf.for` keeps.

    `all` keeps every state, `sqrt` about the square root of the number of iterations, `recompute`
    the first one alone, `binomial` `c` of them, placed so that the fewest iterations run again.
    """

    name = "ad.policy"

    kind: StringAttr
    count: IntegerAttr[I64]

    def __init__(self, kind: str | StringAttr, count: int | IntegerAttr[I64] = 0) -> None:
        super().__init__(
            kind if isinstance(kind, StringAttr) else StringAttr(kind),
            count if isinstance(count, IntegerAttr) else IntegerAttr(count, i64),
        )

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            kind = parser.parse_identifier()
            count = 0
            if parser.parse_optional_punctuation(","):
                count = parser.parse_integer(allow_boolean=False, allow_negative=False)
        return StringAttr(kind), IntegerAttr(count, i64)

    def print_parameters(self, printer: Printer) -> None:
        count = f", {self.count.value.data}" if self.count.value.data else ""
        printer.print_string(f"<{self.kind.data}{count}>")

    def verify(self) -> None:
        if self.kind.data not in POLICIES:
            raise VerifyException(f"'ad.policy' is one of {', '.join(POLICIES)}, got '{self.kind.data}'")
        if (self.kind.data == "binomial") != (self.count.value.data > 0):
            raise VerifyException("'ad.policy' binomial takes the number of states kept, the others take none")


class RequestOp(IRDLOperation, ABC):
    """A call that also gives derivatives."""

    irdl_options = (AttrSizedOperandSegments(as_property=True),)

    KEYWORD: ClassVar[str]
    """What the directions are called."""

    callee = prop_def(SymbolRefAttr)
    arguments = var_operand_def()
    directions = var_operand_def()
    wrt = prop_def(Positions)
    of = opt_prop_def(Positions)
    outputs = var_result_def()

    traits = traits_def(Pure())

    def __init__(
        self,
        callee: str,
        arguments: Sequence[SSAValue],
        directions: Sequence[SSAValue],
        wrt: Sequence[int],
        of: Sequence[int] | None,
        results: Sequence[Attribute],
    ) -> None:
        properties: dict[str, Attribute | None] = {
            "callee": SymbolRefAttr(callee),
            "wrt": positions(wrt),
            "of": None if of is None else positions(of),
        }
        super().__init__(operands=[arguments, directions], result_types=[results], properties=properties)

    @property
    def inputs(self) -> tuple[int, ...]:
        """Positions of the arguments to differentiate with respect to."""
        return tuple(k.value.data for k in self.wrt)

    def outputs_of(self, function: FuncOp) -> tuple[int, ...]:
        """Positions of the results that are differentiated: those in `of`, or every float result."""
        if self.of is not None:
            return tuple(k.value.data for k in self.of)
        return tuple(k for k, t in enumerate(function.function_type.outputs.data) if is_differentiable(t))

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        callee = parser.parse_symbol_name().data
        arguments = parser.parse_comma_separated_list(Parser.Delimiter.PAREN, parser.parse_unresolved_operand)
        parser.parse_keyword(cls.KEYWORD)
        directions = parser.parse_comma_separated_list(Parser.Delimiter.PAREN, parser.parse_unresolved_operand)
        parser.parse_keyword("wrt")
        wrt = parser.parse_comma_separated_list(Parser.Delimiter.SQUARE, parser.parse_integer)
        of = None
        if parser.parse_optional_keyword("of"):
            of = parser.parse_comma_separated_list(Parser.Delimiter.SQUARE, parser.parse_integer)
        attributes = parser.parse_optional_attr_dict()
        parser.parse_punctuation(":")
        type = parser.parse_function_type()
        operands = parser.resolve_operands([*arguments, *directions], type.inputs.data, parser.pos)
        count = len(arguments)
        op = cls(callee, operands[:count], operands[count:], wrt, of, type.outputs.data)
        op.attributes |= attributes
        return op

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(self.callee.root_reference.data)
        for before, values in (("", self.arguments), (f" {self.KEYWORD}", self.directions)):
            printer.print_string(f"{before}(")
            printer.print_list(values, printer.print_ssa_value)
            printer.print_string(")")
        printer.print_string(f" wrt {list(self.inputs)}")
        if self.of is not None:
            printer.print_string(f" of {[k.value.data for k in self.of]}")
        printer.print_op_attributes(self.attributes)
        printer.print_string(" : ")
        printer.print_operation_type(self)

    def verify_request(self, callee: FuncOp) -> None:
        """The request against the function that it names; raises VerifyException."""
        inputs, outputs = callee.function_type.inputs.data, callee.function_type.outputs.data
        if [a.type for a in self.arguments] != list(inputs):
            raise VerifyException(f"'{self.name}' arguments are not those of @{callee.sym_name.data}")
        wrt, of = self.inputs, self.outputs_of(callee)
        for what, chosen, types in (("wrt", wrt, inputs), ("of", of, outputs)):
            for k in chosen:
                if not 0 <= k < len(types) or not is_differentiable(types[k]):
                    raise VerifyException(f"'{self.name}' {what} {k} is no float tensor of @{callee.sym_name.data}")
            if len(set(chosen)) != len(chosen):
                raise VerifyException(f"'{self.name}' names a position twice in {what}")
        given, extra = self.expected(inputs, outputs, wrt, of)
        if [d.type for d in self.directions] != given:
            raise VerifyException(
                f"'{self.name}' of @{callee.sym_name.data} expects directions ({', '.join(map(str, given))}), "
                f"got ({', '.join(str(d.type) for d in self.directions)})"
            )
        if [r.type for r in self.outputs] != [*outputs, *extra]:
            raise VerifyException(
                f"'{self.name}' of @{callee.sym_name.data} gives ({', '.join(map(str, [*outputs, *extra]))}), "
                f"got ({', '.join(str(r.type) for r in self.outputs)})"
            )

    @abstractmethod
    def expected(
        self, inputs: Sequence[Attribute], outputs: Sequence[Attribute], wrt: Sequence[int], of: Sequence[int]
    ) -> tuple[list[Attribute], list[Attribute]]:
        """Types of the directions and of the extra results."""


@irdl_op_definition
class VjpOp(RequestOp):
    """
    `%y, %ub = ad.vjp @f(%p, %u) cotangents(%yb) wrt [1] : (...) -> (...)`

    ``u_bar = (df/du)^T y_bar``. Results: all of `@f`, then one cotangent an entry of `wrt`. One
    cotangent is given for each float result, or for each result in `of [..]`.
    """

    name = "ad.vjp"
    KEYWORD: ClassVar[str] = "cotangents"

    def expected(
        self, inputs: Sequence[Attribute], outputs: Sequence[Attribute], wrt: Sequence[int], of: Sequence[int]
    ) -> tuple[list[Attribute], list[Attribute]]:
        return [outputs[k] for k in of], [inputs[k] for k in wrt]


@irdl_op_definition
class JvpOp(RequestOp):
    """
    `%y, %yd = ad.jvp @f(%p, %u) tangents(%ud) wrt [1] : (...) -> (...)`

    ``y_dot = df/du u_dot``. Results: all of `@f`, then one tangent for each float result, or for
    each result in `of [..]`. One tangent is given for each entry of `wrt`.
    """

    name = "ad.jvp"
    KEYWORD: ClassVar[str] = "tangents"

    def expected(
        self, inputs: Sequence[Attribute], outputs: Sequence[Attribute], wrt: Sequence[int], of: Sequence[int]
    ) -> tuple[list[Attribute], list[Attribute]]:
        return [inputs[k] for k in wrt], [outputs[k] for k in of]


@irdl_op_definition
class CustomOp(IRDLOperation):
    """
    `ad.custom @g {vjp = @g_vjp, jvp = @g_jvp, record = [0], results = [0], wrt = [0]}`: the user's rules for `@g`.

    `@g_vjp` takes the arguments of `@g` in `record` (default all), the results in `results` (default none),
    then a cotangent for each float result, and gives one for each argument in `wrt` (default every float);
    other arguments get none. `@g_jvp` takes the same, then a tangent for each argument in `wrt`, and gives
    one for each float result. Where one is missing, the other is transposed. No rule is asked for an absent
    cotangent or tangent, unless another one is there: then it is given zeros.
    """

    name = "ad.custom"
    irdl_options = (ParsePropInAttrDict(),)

    primal = prop_def(SymbolRefAttr)
    vjp = opt_prop_def(SymbolRefAttr)
    jvp = opt_prop_def(SymbolRefAttr)
    record = opt_prop_def(Positions)
    results_ = opt_prop_def(Positions, prop_name="results")
    wrt = opt_prop_def(Positions)

    assembly_format = "$primal attr-dict"

    @classmethod
    def of(cls, primal: str, vjp: str, record: Sequence[int], results: Sequence[int], wrt: Sequence[int]) -> Self:
        """A rule for the reverse alone."""
        properties: dict[str, Attribute] = {"primal": SymbolRefAttr(primal), "vjp": SymbolRefAttr(vjp)}
        chosen = {"record": record, "results": results, "wrt": wrt}
        return cls.build(properties=properties | {k: positions(v) for k, v in chosen.items()})

    def verify_(self) -> None:
        if self.vjp is None and self.jvp is None:
            raise VerifyException(f"'ad.custom' of {self.primal} names neither vjp nor jvp")

    def chosen(self, primal: FuncOp) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        """Positions recorded of arguments and of results, and those of the arguments that get cotangents."""
        inputs = primal.function_type.inputs.data
        record = range(len(inputs)) if self.record is None else [k.value.data for k in self.record]
        results = [] if self.results_ is None else [k.value.data for k in self.results_]
        floats = [k for k, t in enumerate(inputs) if is_differentiable(t)]
        wrt = floats if self.wrt is None else [k.value.data for k in self.wrt]
        return tuple(record), tuple(results), tuple(wrt)


@irdl_op_definition
class StopGradientOp(IRDLOperation):
    """The value itself, whose derivative is 0."""

    name = "ad.stop_gradient"

    T: ClassVar = VarConstraint("T", AnyAttr())

    x = operand_def(T)
    y = result_def(T)

    traits = traits_def(Pure())

    assembly_format = "$x attr-dict `:` type($x)"

    def __init__(self, x: SSAValue) -> None:
        super().__init__(operands=[x], result_types=[x.type])


def positions(values: Sequence[int]) -> Positions:
    """`[0, 2]` as an attribute."""
    return ArrayAttr(IntegerAttr(v, i64) for v in values)


def is_differentiable(type: Attribute) -> bool:
    """True for floats and tensors of floats; integers, indices and booleans are constants."""
    element = type.element_type if isinstance(type, TensorType) else type
    return isinstance(element, AnyFloat)


Ad = Dialect("ad", [VjpOp, JvpOp, CustomOp, StopGradientOp], [PolicyAttr])
