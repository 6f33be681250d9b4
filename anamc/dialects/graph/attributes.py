"""Types and attributes of the block graph, and the tables of what its options may be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from xdsl.dialects.builtin import (
    I64,
    ArrayAttr,
    BoolAttr,
    BytesAttr,
    DictionaryAttr,
    FloatAttr,
    IntegerAttr,
    StringAttr,
    f64,
    i64,
)
from xdsl.ir import Attribute, ParametrizedAttribute, TypeAttribute
from xdsl.irdl import AttrConstraint, IntConstraint, irdl_attr_definition
from xdsl.irdl.constraints import VerificationContext
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.str_enum import StrEnum

ACTIVATIONS: dict[str, dict[str, float]] = {
    "identity": {},
    "tanh": {},
    "sigmoid": {},
    "relu": {},
    "leaky_relu": {"slope": 0.01},
    "elu": {"alpha": 1.0},
    "selu": {},
    "gelu": {},
    "gelu_tanh": {},
    "silu": {},
    "softplus": {},
    "sin": {},
    "softmax": {},
}
"""Activations with their options and defaults."""

LOSSES: dict[str, dict[str, float]] = {
    "mse": {},
    "mae": {},
    "mape": {},
    "huber": {"delta": 1.0},
    "bce_with_logits": {},
    "cross_entropy": {},
    "hinge": {},
}
"""Loss functions with their options and defaults."""

SCATTERS: dict[str, tuple[int, int]] = {"++": (1, 1), "-+": (-1, 1), "+-": (1, -1)}
"""Signs of the left and the right node; in the asymmetric case only the left node receives."""

REDUCTIONS = ("sum", "mean", "max")
COMBINES = ("add", "multiply", "average", "concat")
UNKNOWN = -1
"""Width of a field that shape inference has not reached."""


class Rows(StrEnum):
    """What the rows of a field are."""

    ANY = "any"
    NODES = "nodes"
    EDGES = "edges"


@irdl_attr_definition
class FieldType(ParametrizedAttribute, TypeAttribute):
    """A field of `width` numbers for each node or edge: `!graph.field<nodes, 3>`; `<any, ?>` while unknown."""

    name = "graph.field"

    rows: StringAttr
    width: IntegerAttr[I64]

    def __init__(self, rows: Rows | str = Rows.ANY, width: int = UNKNOWN) -> None:
        super().__init__(StringAttr(str(rows)), IntegerAttr(width, i64))

    @property
    def on(self) -> Rows:
        return Rows(self.rows.data)

    @property
    def size(self) -> int:
        return self.width.value.data

    @property
    def resolved(self) -> bool:
        return self.on != Rows.ANY

    def verify(self) -> None:
        if (self.on == Rows.ANY) != (self.size == UNKNOWN):
            raise VerifyException("a graph field knows its rows and its width, or neither")
        if self.resolved and self.size < 1:
            raise VerifyException(f"a graph field's width must be >= 1, got {self.size}")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            rows = parser.parse_str_enum(Rows)
            parser.parse_punctuation(",")
            width = UNKNOWN if parser.parse_optional_punctuation("?") else parser.parse_integer(allow_negative=False)
        return (StringAttr(str(rows)), IntegerAttr(width, i64))

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(f"{self.on}, {'?' if self.size == UNKNOWN else self.size}")


@irdl_attr_definition
class FunctionAttr(ParametrizedAttribute):
    """A function with all its options and its `meta`: `#graph.function<"huber", {delta = 1.0 : f64}, "{...}">`."""

    name = "graph.function"

    kind: StringAttr
    options: DictionaryAttr
    meta: StringAttr

    def __init__(self, kind: str, options: dict[str, float] | None = None, meta: str = "") -> None:
        values = {k: FloatAttr(v, f64) for k, v in (options or {}).items()}
        super().__init__(StringAttr(kind), DictionaryAttr(values), StringAttr(meta))

    def option(self, name: str) -> float:
        """The value of an option; a VerifyException where it is missing or no finite float."""
        value = self.options.data.get(name)
        if not isinstance(value, FloatAttr) or not math.isfinite(value.value.data):
            raise VerifyException(f"option '{name}' of '{self.kind.data}' must be a finite float, got {value}")
        return float(value.value.data)

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        options: DictionaryAttr = DictionaryAttr({})
        meta = ""
        with parser.in_angle_brackets():
            kind = parse_text(parser)
            while parser.parse_optional_punctuation(","):
                found = parser.parse_optional_dictionary_attr_dict()
                if found:
                    options = DictionaryAttr(found)
                else:
                    meta = parse_text(parser)
        return (StringAttr(kind), options, StringAttr(meta))

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string_literal(self.kind.data)
            if self.options.data:
                printer.print_string(", ")
                printer.print_attribute(self.options)
            print_meta(printer, self.meta)


@irdl_attr_definition
class LayerAttr(ParametrizedAttribute):
    """
    One dense layer of an encoder: `#graph.layer<10, #graph.function<"tanh">, layer_norm, "{...}">`.

    ``y = act(norm(W x + b))``; `norm` stands only with `layer_norm`. The string is the JSON of `meta`.
    """

    name = "graph.layer"

    size: IntegerAttr[I64]
    activation: FunctionAttr
    norm: BoolAttr
    meta: StringAttr

    def __init__(self, size: int, activation: FunctionAttr, norm: bool = False, meta: str = "") -> None:
        super().__init__(IntegerAttr(size, i64), activation, BoolAttr.from_bool(norm), StringAttr(meta))

    @property
    def width(self) -> int:
        return self.size.value.data

    @property
    def has_norm(self) -> bool:
        return bool(self.norm)

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        norm, meta = False, ""
        with parser.in_angle_brackets():
            size = parser.parse_integer(allow_negative=False)
            parser.parse_punctuation(",")
            activation = parser.parse_attribute()
            while parser.parse_optional_punctuation(","):
                if parser.parse_optional_keyword("layer_norm"):
                    norm = True
                else:
                    meta = parse_text(parser)
        return (IntegerAttr(size, i64), activation, BoolAttr.from_bool(norm), StringAttr(meta))

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(f"{self.width}, ")
            printer.print_attribute(self.activation)
            if self.has_norm:
                printer.print_string(", layer_norm")
            print_meta(printer, self.meta)


@irdl_attr_definition
class FeatureAttr(ParametrizedAttribute):
    """A feature of the graph source with its output pin: `#graph.feature<"u", 1, -1, "{...}">`."""

    name = "graph.feature"

    feature_name: StringAttr
    size: IntegerAttr[I64]
    pin: IntegerAttr[I64]
    meta: StringAttr

    def __init__(self, feature_name: str, size: int, pin: int, meta: str = "") -> None:
        super().__init__(StringAttr(feature_name), IntegerAttr(size, i64), IntegerAttr(pin, i64), StringAttr(meta))

    @property
    def label(self) -> str:
        return self.feature_name.data

    @property
    def width(self) -> int:
        return self.size.value.data

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            label = parse_text(parser)
            parser.parse_punctuation(",")
            size = parser.parse_integer(allow_negative=False)
            parser.parse_punctuation(",")
            pin = parser.parse_integer()
            meta = parse_text(parser) if parser.parse_optional_punctuation(",") else ""
        return (StringAttr(label), IntegerAttr(size, i64), IntegerAttr(pin, i64), StringAttr(meta))

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string_literal(self.label)
            printer.print_string(f", {self.width}, {self.pin.value.data}")
            print_meta(printer, self.meta)


@irdl_attr_definition
class UnusedBlockAttr(ParametrizedAttribute):
    """A block that no link touches, kept for the writer: `#graph.unused<"graph.encoder", {id = 3 : i64, ...}>`."""

    name = "graph.unused"

    op: StringAttr
    properties: DictionaryAttr

    def __init__(self, op: str, properties: dict[str, Attribute]) -> None:
        super().__init__(StringAttr(op), DictionaryAttr(properties))

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            op = parse_text(parser)
            parser.parse_punctuation(",")
            properties = decoded(DictionaryAttr(parser.parse_optional_dictionary_attr_dict()))
        return (StringAttr(op), properties)

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string_literal(self.op.data)
            printer.print_string(", ")
            printer.print_attribute(self.properties)


class TextConstraint(AttrConstraint[StringAttr]):
    """
    A StringAttr. While an operation is read, also the bytes literal that xDSL's lexer makes of non-ASCII text.

    `NetworkOp.parse` makes text of it (`decoded`), and the operation's verifier wants text.
    """

    def verify(self, attr: Attribute, constraint_context: VerificationContext) -> None:
        if not isinstance(attr, StringAttr | BytesAttr):
            raise VerifyException(f"{attr} should be a string")

    def get_bases(self) -> set[type[Attribute]] | None:
        return {StringAttr}

    def mapping_type_vars(
        self, type_var_mapping: Mapping[Any, AttrConstraint[Attribute] | IntConstraint]
    ) -> AttrConstraint[StringAttr]:
        return self


def parse_text(parser: AttrParser) -> str:
    """A string literal. xDSL's lexer calls one with escaped non-ASCII characters bytes; here it is text."""
    if (text := parser.parse_optional_str_literal()) is not None:
        return text
    raw = parser.parse_bytes_literal(" (or a string literal)")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        parser.raise_error("this string literal is not UTF-8")


def print_meta(printer: Printer, meta: StringAttr) -> None:
    """`, "{...}"`, or nothing."""
    if meta.data:
        printer.print_string(", ")
        printer.print_string_literal(meta.data)


def decoded(attribute: Attribute) -> Attribute:
    """The attribute with every bytes literal that is UTF-8 as a string, see `parse_text`."""
    match attribute:
        case BytesAttr():
            try:
                return StringAttr(attribute.data.decode())
            except UnicodeDecodeError:
                return attribute
        case ArrayAttr():
            return ArrayAttr([decoded(a) for a in attribute.data])
        case DictionaryAttr():
            return DictionaryAttr({k: decoded(a) for k, a in attribute.data.items()})
        case _:
            return attribute
