"""Order of the blocks of a network."""

from __future__ import annotations

import heapq

from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Operation
from xdsl.utils.exceptions import DiagnosticException

from anamc.dialects import graph


def block_id(op: Operation) -> int:
    """The id of a block."""
    value = op.properties["id"]
    if not isinstance(value, IntegerAttr):
        raise DiagnosticException(f"'{op.name}' has no integer id")
    return value.value.data


def topological(network: graph.NetworkOp) -> list[Operation]:
    """
    The blocks in topological order by Kahn's algorithm, always the smallest ready id.

    Parameters lie in this order. Raises DiagnosticException on a cycle.
    """
    blocks = network.blocks
    inside = set(blocks)
    waiting = {op: sum(1 for v in op.operands if v.owner in inside) for op in blocks}
    ready = [(block_id(op), k) for k, op in enumerate(blocks) if not waiting[op]]
    heapq.heapify(ready)
    place = {op: k for k, op in enumerate(blocks)}
    order: list[Operation] = []
    while ready:
        op = blocks[heapq.heappop(ready)[1]]
        order.append(op)
        for use in (u for r in op.results for u in r.uses):
            reader = use.operation
            if reader not in waiting:
                continue
            waiting[reader] -= 1
            if not waiting[reader]:
                heapq.heappush(ready, (block_id(reader), place[reader]))
    if len(order) < len(blocks):
        stuck = sorted(block_id(op) for op in blocks if op not in set(order))
        raise DiagnosticException(f"'graph.network' has a cycle through blocks {stuck}")
    return order
