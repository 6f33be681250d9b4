"""Kahn's order, always the smallest ready id; parameters lie in it."""

from collections.abc import Callable

import pytest
from xdsl.dialects import test
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.utils.exceptions import DiagnosticException

from anamc.analysis.block_order import block_id, topological
from anamc.dialects import graph

SOURCE = 'graph.source 9 symmetric true nodes [#graph.feature<"u", 3, -1>] edges [] : !graph.field<nodes, 3>'
LINKS = [("a", 8, "u", "u"), ("b", 2, "a", "u"), ("c", 5, "u", "u"), ("d", 3, "c", "b")]
"""A name, an id, and the two blocks that it reads."""


def combine(pin: int, name: str, number: int, left: str, right: str) -> str:
    pins = f"{{input_pin = {pin} : i64, output_pin = {-1 - pin} : i64}}"
    type = "!graph.field<nodes, 3>"
    return f'%{name} = graph.combine "add" {number} (%{left}, %{right}) {pins} : ({type}, {type}) -> {type}'


LINES = [f"%u = {SOURCE}", *(combine(pin, *link) for pin, link in enumerate(LINKS, 1))]
TEXT = "graph.network @n {\n" + "\n".join(LINES) + "\n}"


def network_of(module: ModuleOp) -> graph.NetworkOp:
    return next(op for op in module.ops if isinstance(op, graph.NetworkOp))


def test_the_smallest_ready_id_comes_first(parse: Callable[[str], ModuleOp]) -> None:
    assert [block_id(op) for op in topological(network_of(parse(TEXT)))] == [9, 5, 8, 2, 3]


def test_a_cycle_is_refused(parse: Callable[[str], ModuleOp]) -> None:
    network = network_of(parse(TEXT))
    blocks = {block_id(op): op for op in network.blocks}
    blocks[8].operands[0] = blocks[2].results[0]
    with pytest.raises(DiagnosticException, match=r"cycle through blocks \[2, 3, 8\]"):
        topological(network)


def test_a_block_without_an_id_is_refused() -> None:
    op = test.TestOp(properties={"id": StringAttr("x")})
    with pytest.raises(DiagnosticException, match=r"'test\.op' has no integer id"):
        block_id(op)
