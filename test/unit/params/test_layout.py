"""Where parameters stand in the flat vector."""

import re
from collections.abc import Callable

import pytest

from anamc.dialects import graph
from anamc.errors import ParamsError
from anamc.params.layout import layout

MIXED = """
graph.network @gnn {
  %x, %e = graph.source 1 symmetric true nodes [#graph.feature<"x", 3, -1>] edges [#graph.feature<"e", 2, -2>]
    : !graph.field<nodes, 3>, !graph.field<edges, 2>
  %n = graph.encoder 7(%x) layers [#graph.layer<4, #graph.function<"relu">, layer_norm>] scatter "none"
    {input_pin = 1 : i64, output_pin = -3 : i64, block_name = "nodes"}
    : (!graph.field<nodes, 3>) -> !graph.field<nodes, 4>
  %m = graph.encoder 2(%e, %x) layers [#graph.layer<5, #graph.function<"leaky_relu", {slope = 0.1 : f64}>>] scatter "-+"
    {input_pin = 2 : i64, output_pin = -4 : i64}
    : (!graph.field<edges, 2>, !graph.field<nodes, 3>) -> !graph.field<nodes, 5>
  %o = graph.encoder 5(%n, %m) layers [#graph.layer<1, #graph.function<"identity">>] scatter "none"
    {input_pin = 3 : i64, output_pin = -5 : i64, block_name = "out"}
    : (!graph.field<nodes, 4>, !graph.field<nodes, 5>) -> !graph.field<nodes, 1>
}"""

Read = Callable[[str], graph.NetworkOp]
Chain = Callable[[int, list[int]], graph.NetworkOp]


@pytest.mark.parametrize(("sizes", "count"), [([10, 20, 10, 1], 461), ([8, 16, 8, 1], 305)])
def test_the_seed_networks_have_461_and_305_parameters(chain: Chain, sizes: list[int], count: int) -> None:
    assert layout(chain(1, sizes)).count == count


def test_entries_lie_without_gaps_as_w_b_scale_shift(read_network: Read) -> None:
    found = layout(read_network(MIXED))
    assert [(e.block_id, e.layer, e.kind, e.shape, e.offset) for e in found.entries] == [
        # 2 comes before 7, both are ready; its row is [e, left x, right x]: 2 + 3 + 3
        (2, 0, "W", (8, 5), 0),
        (2, 0, "b", (5,), 40),
        (7, 0, "W", (3, 4), 45),
        (7, 0, "b", (4,), 57),
        (7, 0, "scale", (4,), 61),
        (7, 0, "shift", (4,), 65),
        # 5 has the smaller id but must wait for 7
        (5, 0, "W", (9, 1), 69),
        (5, 0, "b", (1,), 78),
    ]
    assert found.count == 79 == found.entries[-1].stop


def test_an_encoder_without_a_name_is_called_by_its_id(read_network: Read) -> None:
    assert [x.encoder for x in layout(read_network(MIXED)).layers] == ["encoder2", "nodes", "out"]


def test_the_hash_covers_what_parameters_mean(read_network: Read) -> None:
    first = layout(read_network(MIXED)).model_hash
    assert re.fullmatch("[0-9a-f]{64}", first)
    assert first == layout(read_network(MIXED)).model_hash
    changes = [('"relu"', '"tanh"'), ("slope = 0.1 ", "slope = 0.2 "), (">, layer_norm>", ">>")]
    for old, new in changes:
        assert old in MIXED
        assert layout(read_network(MIXED.replace(old, new))).model_hash != first


def test_the_hash_does_not_cover_names_and_ids(read_network: Read) -> None:
    renamed = MIXED.replace('"out"', '"exit"').replace("graph.encoder 5", "graph.encoder 50")
    assert layout(read_network(renamed)).model_hash == layout(read_network(MIXED)).model_hash


def test_the_hash_says_where_an_encoder_begins(read_network: Read, chain: Chain) -> None:
    two = """
    graph.network @n {
      %u = graph.source 1 symmetric true nodes [#graph.feature<"u", 2, -1>] edges [] : !graph.field<nodes, 2>
      %a = graph.encoder 3(%u) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "none"
        {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 2>) -> !graph.field<nodes, 2>
      %b = graph.encoder 4(%a) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "none"
        {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<nodes, 2>) -> !graph.field<nodes, 2>
    }"""
    joined, split = layout(chain(2, [2, 2])), layout(read_network(two))
    assert joined.count == split.count
    assert joined.model_hash != split.model_hash


def test_unknown_widths_are_refused(read_network: Read) -> None:
    text = """
    graph.network @n {
      %u = graph.source 1 symmetric true nodes [#graph.feature<"u", 2, -1>] edges [] : !graph.field<nodes, 2>
      %a = graph.encoder 3(%u) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "none"
        {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 2>) -> !graph.field<any, ?>
      %b = graph.encoder 4(%a) layers [#graph.layer<2, #graph.function<"tanh">>] scatter "none"
        {input_pin = 2 : i64, output_pin = -4 : i64} : (!graph.field<any, ?>) -> !graph.field<any, ?>
    }"""
    with pytest.raises(ParamsError, match=r"A0401.*encoder 4") as caught:
        layout(read_network(text))
    assert "graph-infer-shapes" in str(caught.value)


def test_a_network_without_encoders_has_no_parameters(read_network: Read) -> None:
    text = """
    graph.network @n {
      %u = graph.source 1 symmetric true nodes [#graph.feature<"u", 2, -1>] edges [] : !graph.field<nodes, 2>
    }"""
    assert layout(read_network(text)).count == 0


def test_work_is_linear_in_the_layers(chain: Chain, calls: Callable[[Callable[[], object]], int]) -> None:
    def work(layers: int) -> int:
        network = chain(1, [4] * layers)
        assert len(layout(network).entries) == 2 * layers
        return calls(lambda: layout(network))

    # Four times the layers; quadratic work would be 16 times as much.
    assert work(2000) < 4.5 * work(500)
