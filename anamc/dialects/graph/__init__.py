"""
The block graph as authored: sources, encoders, aggregates, combines and losses, joined by links.

A link is an SSA use; the order of operands is the order of links. Pin and block ids, names and
the `meta` of an editor are properties, so that the document can be written back. Types start
as `!graph.field<any, ?>` and are resolved by `graph-infer-shapes`.
"""

from xdsl.ir import Dialect

from anamc.dialects.graph.attributes import (
    ACTIVATIONS,
    COMBINES,
    LOSSES,
    REDUCTIONS,
    SCATTERS,
    UNKNOWN,
    FeatureAttr,
    FieldType,
    FunctionAttr,
    LayerAttr,
    Rows,
    UnusedBlockAttr,
)
from anamc.dialects.graph.fields import Misfit, Rule
from anamc.dialects.graph.network import NetworkOp
from anamc.dialects.graph.ops import AggregateOp, CombineOp, EncoderOp, LossOp, SourceOp

__all__ = [
    "ACTIVATIONS",
    "COMBINES",
    "LOSSES",
    "REDUCTIONS",
    "SCATTERS",
    "UNKNOWN",
    "AggregateOp",
    "CombineOp",
    "EncoderOp",
    "FeatureAttr",
    "FieldType",
    "FunctionAttr",
    "Graph",
    "LayerAttr",
    "LossOp",
    "Misfit",
    "NetworkOp",
    "Rows",
    "Rule",
    "SourceOp",
    "UnusedBlockAttr",
]

Graph = Dialect(
    "graph",
    [NetworkOp, SourceOp, EncoderOp, AggregateOp, CombineOp, LossOp],
    [FieldType, FunctionAttr, LayerAttr, FeatureAttr, UnusedBlockAttr],
)
