"""The network of blocks: ids, pins, results, and the blocks that no link touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, StringAttr, SymbolNameConstraint
from xdsl.ir import Attribute, Operation, Region
from xdsl.irdl import (
    IRDLOperation,
    OptPropertyDef,
    irdl_op_definition,
    opt_prop_def,
    prop_def,
    region_def,
    traits_def,
)
from xdsl.irdl.constraints import VerificationContext
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import IsolatedFromAbove, NoTerminator, SymbolOpInterface
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from anamc.dialects.graph.attributes import FeatureAttr, UnusedBlockAttr, decoded
from anamc.dialects.graph.ops import NETWORK, AggregateOp, CombineOp, EncoderOp, LossOp, SourceOp

ResultOp = EncoderOp | AggregateOp | CombineOp
"""Blocks whose output can be a result of the function."""

INPUT_PINS = ("input_pin", "of_pin", "target_pin")
OUTPUT_PINS = ("output_pin",)
UNUSED_KINDS: dict[str, type[IRDLOperation]] = {op.name: op for op in (EncoderOp, AggregateOp, CombineOp, LossOp)}
SEGMENTS = "operandSegmentSizes"


@irdl_op_definition
class NetworkOp(IRDLOperation):
    """
    A network of blocks with one graph source; becomes the function of its name, and `<name>_loss` with losses.

    `unused` keeps blocks that no link touches; they are in the document and in no function.
    """

    name = NETWORK

    sym_name = prop_def(SymbolNameConstraint())
    meta = opt_prop_def(StringAttr)
    unused = opt_prop_def(ArrayAttr[UnusedBlockAttr])
    body = region_def("single_block")

    traits = traits_def(SymbolOpInterface(), IsolatedFromAbove(), NoTerminator())

    def __init__(self, name: str, body: Region, meta: str = "", unused: tuple[UnusedBlockAttr, ...] = ()) -> None:
        properties: dict[str, Attribute] = {"sym_name": StringAttr(name)}
        if meta:
            properties["meta"] = StringAttr(meta)
        if unused:
            properties["unused"] = ArrayAttr(unused)
        super().__init__(regions=[body], properties=properties)

    @property
    def label(self) -> str:
        return self.sym_name.data

    @property
    def blocks(self) -> tuple[Operation, ...]:
        return tuple(self.body.block.ops)

    @property
    def source(self) -> SourceOp:
        return next(op for op in self.body.block.ops if isinstance(op, SourceOp))

    @property
    def losses(self) -> tuple[LossOp, ...]:
        return tuple(op for op in self.body.block.ops if isinstance(op, LossOp))

    @property
    def result_blocks(self) -> tuple[ResultOp, ...]:
        """Blocks whose output is a result of the function: no reader other than a loss; by block id."""
        found = (op for op in self.body.block.ops if isinstance(op, ResultOp) and is_result(op))
        return tuple(sorted(found, key=lambda op: op.id.value.data))

    @classmethod
    def parse(cls, parser: Parser) -> NetworkOp:
        name = parser.parse_symbol_name()
        attributes = parser.parse_optional_attr_dict_with_keyword()
        given: dict[str, Attribute] = dict(attributes.data) if attributes else {}
        network = cls(name.data, parser.parse_region())
        for key, value in given.items():
            store = network.properties if key in ("meta", "unused") else network.attributes
            store[key] = decoded(value)
        for op in network.body.walk():
            op.properties.update({key: decoded(value) for key, value in op.properties.items()})
        return network

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(self.label)
        printer.print_op_attributes(
            {k: v for k, v in self.properties.items() if k != "sym_name"} | self.attributes, print_keyword=True
        )
        printer.print_string(" ")
        printer.print_region(self.body, print_empty_block=False)

    def verify_(self) -> None:
        sources = [op for op in self.blocks if isinstance(op, SourceOp)]
        if len(sources) != 1:
            raise VerifyException(f"'graph.network' needs exactly one graph.source, got {len(sources)}")
        if not self.label:
            raise VerifyException("'graph.network' needs a name")
        for unused in self.unused.data if self.unused else ():
            _verify_unused(unused)
        ids: set[int] = set()
        pins: set[int] = set()
        for name, properties in self._all_properties():
            block_id = properties.get("id")
            if not isinstance(block_id, IntegerAttr):
                raise VerifyException(f"'graph.network' holds blocks only, got '{name}'")
            _verify_new("block id", block_id.value.data, ids, 1)
            for pin, sign in _pins(properties):
                _verify_new("pin", pin, pins, sign)

    def _all_properties(self) -> Iterator[tuple[str, Mapping[str, Attribute]]]:
        for op in self.blocks:
            yield op.name, op.properties
        for unused in self.unused.data if self.unused else ():
            yield unused.op.data, unused.properties.data


def is_result(op: ResultOp) -> bool:
    """Whether nobody but losses reads the block."""
    return all(isinstance(use.operation, LossOp) for use in op.result.uses)


def result_name(op: ResultOp) -> str:
    """The name of a block's result: `output_name`, or `xout<id>`."""
    return op.output_name.data if op.output_name else f"xout{op.id.value.data}"


def _pins(properties: Mapping[str, Attribute]) -> Iterator[tuple[int, int]]:
    """Each pin of a block with the sign that it must have."""
    for names, sign in ((INPUT_PINS, 1), (OUTPUT_PINS, -1)):
        for pin in (properties.get(name) for name in names):
            if isinstance(pin, IntegerAttr):
                yield pin.value.data, sign
    for features in (properties.get("node_features"), properties.get("edge_features")):
        if isa(features, ArrayAttr[FeatureAttr]):
            yield from ((feature.pin.value.data, -1) for feature in features)


def _verify_new(what: str, number: int, seen: set[int], sign: int) -> None:
    if number * sign < 1:
        raise VerifyException(f"'graph.network' {what} {number} must be {'positive' if sign > 0 else 'negative'}")
    if number in seen:
        raise VerifyException(f"'graph.network' has {what} {number} twice")
    seen.add(number)


def _verify_unused(unused: UnusedBlockAttr) -> None:
    """The properties of an unused block must be those of its op."""
    kind = UNUSED_KINDS.get(unused.op.data)
    if kind is None:
        raise VerifyException(f"'graph.network' cannot keep an unused '{unused.op.data}'")
    definitions = kind.get_irdl_definition().properties
    for name, value in unused.properties.data.items():
        if name not in definitions:
            raise VerifyException(f"'graph.network' unused '{kind.name}' has no property '{name}'")
        definitions[name].constr.verify(value, VerificationContext())
    for name, definition in definitions.items():
        if name not in unused.properties.data and name != SEGMENTS and not isinstance(definition, OptPropertyDef):
            raise VerifyException(f"'graph.network' unused '{kind.name}' lacks the property '{name}'")
