"""Networks with resolved shapes, as text."""

from collections.abc import Callable, Sequence

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin
from xdsl.parser import Parser

from anamc.dialects import graph

Chain = Callable[[int, Sequence[int]], graph.NetworkOp]


def parse_network(text: str) -> graph.NetworkOp:
    """The network of a module's text, verified."""
    context = Context()
    context.load_dialect(Builtin)
    context.load_dialect(graph.Graph)
    module = Parser(context, text).parse_module()
    module.verify()
    network = module.body.block.first_op
    assert isinstance(network, graph.NetworkOp)
    return network


def layer(size: int, activation: str = '#graph.function<"tanh">', norm: bool = False) -> str:
    return f"#graph.layer<{size}, {activation}{', layer_norm' if norm else ''}>"


@pytest.fixture
def read_network() -> Callable[[str], graph.NetworkOp]:
    return parse_network


@pytest.fixture
def chain() -> Chain:
    """A chain of tanh layers, `width -> sizes[0] -> ...`, as one encoder with id 3."""

    def build(width: int, sizes: Sequence[int]) -> graph.NetworkOp:
        layers = ", ".join(layer(size) for size in sizes)
        return parse_network(f"""
        graph.network @run_network {{
          %u = graph.source 1 symmetric true nodes [#graph.feature<"u", {width}, -1>] edges []
            : !graph.field<nodes, {width}>
          %y = graph.encoder 3(%u) layers [{layers}] scatter "none"
            {{input_pin = 1 : i64, output_pin = -3 : i64, block_name = "fit"}}
            : (!graph.field<nodes, {width}>) -> !graph.field<nodes, {sizes[-1]}>
        }}""")

    return build
