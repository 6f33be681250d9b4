"""The blocks: each is one operation of a `graph.network`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import I64, ArrayAttr, BoolAttr, Float64Type, FloatAttr, IntegerAttr, StringAttr
from xdsl.ir import Operation
from xdsl.irdl import (
    AttrSizedOperandSegments,
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.traits import OpTrait
from xdsl.utils.exceptions import VerifyException

from anamc.dialects.graph.attributes import (
    ACTIVATIONS,
    COMBINES,
    LOSSES,
    REDUCTIONS,
    SCATTERS,
    FeatureAttr,
    FieldType,
    FunctionAttr,
    LayerAttr,
    Rows,
    TextConstraint,
)
from anamc.dialects.graph.fields import (
    aggregate_field,
    combine_field,
    encoder_field,
    encoder_row,
    field,
    fields,
    loss_field,
    verify_result,
)

NETWORK = "graph.network"


@dataclass(frozen=True)
class InNetwork(OpTrait):
    """A block stands in a `graph.network`."""

    def verify(self, op: Operation) -> None:
        parent = op.parent_op()
        if parent is None or parent.name != NETWORK:
            raise VerifyException(f"'{op.name}' must stand in a {NETWORK}")


@irdl_op_definition
class SourceOp(IRDLOperation):
    """
    The graph source: one field for each feature, node features first.

    `symmetric` belongs to the edge list and holds for every scatter in the network.
    """

    name = "graph.source"
    irdl_options = (ParsePropInAttrDict(),)

    id = prop_def(IntegerAttr[I64])
    symmetric = prop_def(BoolAttr)
    node_features = prop_def(ArrayAttr[FeatureAttr])
    edge_features = prop_def(ArrayAttr[FeatureAttr])
    block_name = opt_prop_def(StringAttr)
    meta = opt_prop_def(StringAttr)

    fields = var_result_def(FieldType)

    traits = traits_def(InNetwork())

    assembly_format = (
        "$id `symmetric` $symmetric `nodes` $node_features `edges` $edge_features attr-dict (`:` type($fields)^)?"
    )

    @property
    def features(self) -> tuple[tuple[Rows, FeatureAttr], ...]:
        """Rows and feature of each result, in order."""
        nodes = ((Rows.NODES, f) for f in self.node_features.data)
        edges = ((Rows.EDGES, f) for f in self.edge_features.data)
        return (*nodes, *edges)

    def verify_(self) -> None:
        for _, feature in self.features:
            if feature.width < 1:
                raise VerifyException(f"'graph.source' feature size must be >= 1, got {feature.width}")
        if len(self.fields) != len(self.features):
            raise VerifyException(f"'graph.source' has {len(self.features)} features but {len(self.fields)} results")
        for result, (rows, feature) in zip(self.fields, self.features, strict=True):
            if result.type != FieldType(rows, feature.width):
                raise VerifyException(
                    f"'graph.source' feature '{feature.label}' is {FieldType(rows, feature.width)}, "
                    f"its result is {result.type}"
                )


@irdl_op_definition
class EncoderOp(IRDLOperation):
    """
    An MLP on rows: ``y = act(norm(W x + b))`` for each layer.

    Inputs on one row set: rows are that set. Mixed inputs: rows are edges and the row is
    `[edge fields, node fields of the left node, node fields of the right node]`. With a sign
    the edge values are scattered to the nodes.
    """

    name = "graph.encoder"
    irdl_options = (ParsePropInAttrDict(),)

    inputs = var_operand_def(FieldType)
    id = prop_def(IntegerAttr[I64])
    layers = prop_def(ArrayAttr[LayerAttr])
    scatter = prop_def(StringAttr)
    input_pin = prop_def(IntegerAttr[I64])
    output_pin = prop_def(IntegerAttr[I64])
    block_name = opt_prop_def(StringAttr)
    output_name = opt_prop_def(StringAttr)
    meta = opt_prop_def(StringAttr)
    link_meta = opt_prop_def(ArrayAttr[StringAttr])
    result = result_def(FieldType)

    traits = traits_def(InNetwork())

    assembly_format = (
        "$id `(` $inputs `)` `layers` $layers `scatter` $scatter attr-dict `:` functional-type(operands, results)"
    )

    @property
    def row_width(self) -> int:
        """Width of the input row of the first layer; the inputs must be resolved."""
        return encoder_row(fields(self.inputs))

    def infer(self) -> FieldType:
        """The result's type from resolved inputs; a Misfit where they do not fit."""
        return encoder_field(fields(self.inputs), self.layers.data[-1].width, self.scatter.data)

    def verify_(self) -> None:
        if not self.layers.data:
            raise VerifyException("'graph.encoder' has no layers")
        for layer in self.layers.data:
            if layer.width < 1:
                raise VerifyException(f"'graph.encoder' layer size must be >= 1, got {layer.width}")
            _verify_function("graph.encoder", "activation", layer.activation, ACTIVATIONS)
        _verify_choice("graph.encoder", "scatter", self.scatter.data, ("none", *SCATTERS))
        _verify_inputs("graph.encoder", len(self.inputs), 1, self.link_meta)
        verify_result("graph.encoder", self.inputs, self.result, self.infer)


@irdl_op_definition
class AggregateOp(IRDLOperation):
    """An edge field to a node field: sum, mean or max over the edges of a node, with the signs of `scatter`."""

    name = "graph.aggregate"
    irdl_options = (ParsePropInAttrDict(),)

    input = operand_def(FieldType)
    id = prop_def(IntegerAttr[I64])
    scatter = prop_def(StringAttr)
    reduce = prop_def(StringAttr)
    input_pin = prop_def(IntegerAttr[I64])
    output_pin = prop_def(IntegerAttr[I64])
    block_name = opt_prop_def(StringAttr)
    output_name = opt_prop_def(StringAttr)
    meta = opt_prop_def(StringAttr)
    link_meta = opt_prop_def(ArrayAttr[StringAttr])
    result = result_def(FieldType)

    traits = traits_def(InNetwork())

    assembly_format = (
        "$id `(` $input `)` `reduce` $reduce `scatter` $scatter attr-dict `:` functional-type(operands, results)"
    )

    def infer(self) -> FieldType:
        """The result's type from a resolved input; a Misfit where it is no edge field."""
        return aggregate_field(field(self.input))

    def verify_(self) -> None:
        _verify_choice("graph.aggregate", "scatter", self.scatter.data, tuple(SCATTERS))
        _verify_choice("graph.aggregate", "reduce", self.reduce.data, REDUCTIONS)
        _verify_inputs("graph.aggregate", 1, 1, self.link_meta)
        verify_result("graph.aggregate", (self.input,), self.result, self.infer)


@irdl_op_definition
class CombineOp(IRDLOperation):
    """Two or more fields on the same rows: `add`, `multiply`, `average` of equal widths, or `concat`."""

    name = "graph.combine"
    irdl_options = (ParsePropInAttrDict(),)

    inputs = var_operand_def(FieldType)
    id = prop_def(IntegerAttr[I64])
    function = prop_def(StringAttr)
    input_pin = prop_def(IntegerAttr[I64])
    output_pin = prop_def(IntegerAttr[I64])
    block_name = opt_prop_def(StringAttr)
    output_name = opt_prop_def(StringAttr)
    meta = opt_prop_def(StringAttr)
    link_meta = opt_prop_def(ArrayAttr[StringAttr])
    result = result_def(FieldType)

    traits = traits_def(InNetwork())

    assembly_format = "$function $id `(` $inputs `)` attr-dict `:` functional-type(operands, results)"

    def infer(self) -> FieldType:
        """The result's type from resolved inputs; a Misfit where rows or widths differ."""
        return combine_field(fields(self.inputs), self.function.data)

    def verify_(self) -> None:
        _verify_choice("graph.combine", "function", self.function.data, COMBINES)
        _verify_inputs("graph.combine", len(self.inputs), 2, self.link_meta)
        verify_result("graph.combine", self.inputs, self.result, self.infer)


@irdl_op_definition
class LossOp(IRDLOperation):
    """
    A scalar loss of `of` (concatenated in link order) against `target`.

    Without a `target` operand the target is an extra argument of the loss function.
    """

    name = "graph.loss"
    irdl_options = (AttrSizedOperandSegments(as_property=True), ParsePropInAttrDict())

    of = var_operand_def(FieldType)
    target = opt_operand_def(FieldType)
    id = prop_def(IntegerAttr[I64])
    function = prop_def(FunctionAttr)
    weight = prop_def(FloatAttr[Float64Type])
    target_name = prop_def(TextConstraint())
    of_pin = prop_def(IntegerAttr[I64])
    target_pin = prop_def(IntegerAttr[I64])
    output_pin = opt_prop_def(IntegerAttr[I64])
    block_name = opt_prop_def(StringAttr)
    meta = opt_prop_def(StringAttr)
    link_meta = opt_prop_def(ArrayAttr[StringAttr])
    target_link_meta = opt_prop_def(StringAttr)

    traits = traits_def(InNetwork())

    assembly_format = (
        "$id $function `of` `(` $of `:` type($of) `)` (`target` `(` $target^ `:` type($target) `)`)? attr-dict"
    )

    def infer(self) -> FieldType:
        """What the loss compares, from resolved inputs; a Misfit where they or the target do not fit."""
        return loss_field(fields(self.of), field(self.target) if self.target else None)

    def verify_(self) -> None:
        _verify_function("graph.loss", "function", self.function, LOSSES)
        if not isinstance(self.properties["target_name"], StringAttr):
            raise VerifyException(f"'graph.loss' target_name is not UTF-8: {self.target_name}")
        if not math.isfinite(self.weight.value.data):
            raise VerifyException(f"'graph.loss' weight must be finite, got {self.weight.value.data}")
        _verify_inputs("graph.loss", len(self.of), 1, self.link_meta)
        if all(f.resolved for f in fields(self.operands)):
            self.infer()


def _verify_choice(op: str, what: str, value: str, choices: Sequence[str]) -> None:
    if value not in choices:
        raise VerifyException(f"'{op}' {what} must be one of {', '.join(choices)}, got '{value}'")


def _verify_function(op: str, what: str, function: FunctionAttr, table: dict[str, dict[str, float]]) -> None:
    _verify_choice(op, what, function.kind.data, tuple(table))
    if set(function.options.data) != set(table[function.kind.data]):
        raise VerifyException(
            f"'{op}' {what} '{function.kind.data}' has options {sorted(table[function.kind.data])}, "
            f"got {sorted(function.options.data)}"
        )
    for option in function.options.data:
        function.option(option)


def _verify_inputs(op: str, count: int, least: int, link_meta: ArrayAttr[StringAttr] | None) -> None:
    if count < least:
        raise VerifyException(f"'{op}' needs at least {least} input{'s' * (least > 1)}, got {count}")
    if link_meta is not None and len(link_meta.data) != count:
        raise VerifyException(f"'{op}' has {count} links but link_meta for {len(link_meta.data)}")
