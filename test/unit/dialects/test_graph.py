"""What IR text cannot show of the graph dialect."""

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import i32
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.test_value import create_ssa_value

from anamc.dialects import graph
from anamc.dialects.graph.fields import combine_field, encoder_row, field
from anamc.frontends.json_graph import parse_json_graph
from anamc.transforms.graph_infer_shapes import GraphInferShapesPass

NODES, EDGES = graph.Rows.NODES, graph.Rows.EDGES


def test_a_value_that_is_no_field_is_refused() -> None:
    with pytest.raises(VerifyException, match=r"^expected a graph field, got i32$"):
        field(create_ssa_value(i32))


def test_an_option_that_a_function_lacks_is_refused() -> None:
    with pytest.raises(VerifyException, match=r"^option 'slope' of 'tanh' must be a finite float, got None$"):
        graph.FunctionAttr("tanh").option("slope")


def test_a_misfit_names_its_rule_and_the_operand_that_breaks_it() -> None:
    fields = [graph.FieldType(NODES, 3), graph.FieldType(NODES, 3), graph.FieldType(NODES, 2)]
    with pytest.raises(graph.Misfit, match="add needs equal widths, got 3 and 2") as caught:
        combine_field(fields, "add")
    assert (caught.value.rule, caught.value.operand) == (graph.Rule.COMBINE_WIDTHS, 2)


def test_the_row_of_mixed_inputs_has_node_fields_twice() -> None:
    assert encoder_row([graph.FieldType(NODES, 3), graph.FieldType(EDGES, 2), graph.FieldType(NODES, 1)]) == 10
    assert encoder_row([graph.FieldType(NODES, 3), graph.FieldType(NODES, 1)]) == 4
    assert encoder_row([graph.FieldType(EDGES, 3)]) == 3


def test_inference_leaves_a_resolved_network_as_it_is() -> None:
    module = parse_json_graph(
        '{"format": "anamc-graph", "version": 1, "blocks": ['
        '{"id": 1, "kind": "graph-source", "node_features": [{"name": "u", "size": 4, "pin": -1}]},'
        '{"id": 2, "kind": "encoder", "input": 1, "output": -2, "layers": [{"size": 3}]}],'
        '"links": [{"from": -1, "to": 1}]}'
    )
    GraphInferShapesPass().apply(Context(), module)
    encoder = next(op for op in module.walk() if isinstance(op, graph.EncoderOp))
    result = encoder.result
    GraphInferShapesPass().apply(Context(), module)
    assert encoder.result is result
    assert result.type == graph.FieldType(NODES, 3)
    assert encoder.row_width == 4
