"""A document with every kind of block, and changes to it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

Changed = Callable[..., str]

DOCUMENT: dict[str, Any] = {
    "format": "anamc-graph",
    "version": 1,
    "blocks": [
        {
            "id": 1,
            "kind": "graph-source",
            "node_features": [{"name": "u", "size": 3, "pin": -1}],
            "edge_features": [{"name": "n", "size": 2, "pin": -2}],
        },
        {
            "id": 3,
            "kind": "encoder",
            "name": "fit",
            "input": 1,
            "output": -3,
            "scatter": "++",
            "layers": [{"size": 4, "activation": "tanh"}, {"size": 3, "activation": {"kind": "elu", "alpha": 2.0}}],
        },
        {"id": 4, "kind": "combine", "function": "add", "input": 2, "output": -4},
        {"id": 5, "kind": "loss", "function": "mse", "of": 3, "target": 4, "output": -5},
        {"id": 6, "kind": "aggregate", "input": 5, "output": -6},
    ],
    "links": [
        {"from": -1, "to": 1},
        {"from": -2, "to": 1},
        {"from": -1, "to": 2},
        {"from": -3, "to": 2},
        {"from": -4, "to": 3},
        {"from": -2, "to": 5},
    ],
}


@pytest.fixture
def changed() -> Changed:
    """The text of DOCUMENT after changes: `("blocks.1.layers.0.size", 0)`; `...` removes, `+` appends to a list."""
    return _changed


@pytest.fixture
def document() -> dict[str, Any]:
    return copy.deepcopy(DOCUMENT)


def _changed(*changes: tuple[str, Any]) -> str:
    document = copy.deepcopy(DOCUMENT)
    for path, value in changes:
        *parents, last = path.split(".")
        at: Any = document
        for key in parents:
            at = at[int(key)] if isinstance(at, list) else at[key]
        if last == "+":
            at.append(value)
        elif value is ...:
            del at[int(last) if isinstance(at, list) else last]
        else:
            at[int(last) if isinstance(at, list) else last] = value
    return json.dumps(document)
