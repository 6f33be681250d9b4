"""
Block graphs walked from the JSON document, with the formulas of a library: NumPy (`reference`) or JAX (`in_jax`).

Written from the description of the format alone; it imports nothing of anamc.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

Values = NDArray[Any]
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """One row a node or an edge."""

    rows: str
    values: Values


@dataclass(frozen=True)
class Mesh:
    """Sizes and edge list (`nedges x 2`)."""

    nodes: int
    edges: Values
    symmetric: bool = True

    @property
    def ends(self) -> range:
        """Which nodes of an edge receive."""
        return range(2 if self.symmetric else 1)


def function(table: Mapping[str, Callable[..., Values]], named: str | Json) -> Callable[..., Values]:
    """`"tanh"`, or `{"kind": "elu", "alpha": 2}`"""
    if isinstance(named, str):
        return table[named]
    options = {k: v for k, v in named.items() if k not in ("kind", "meta")}
    return lambda *x: table[named["kind"]](*x, **options)


class Parameters:
    """The flat vector, read from front to back."""

    def __init__(self, values: Values) -> None:
        self.rest = values

    def take(self, *shape: int) -> Values:
        """The next numbers, column-major."""
        count = math.prod(shape)
        if count > len(self.rest):
            raise ValueError(f"{count} parameters wanted, {len(self.rest)} left")
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken.reshape(shape, order="F")


@dataclass(frozen=True)
class Formulas:
    """
    What a graph is computed with: a library of arrays, a layer, sums of edges at their nodes (fast), any way to
    reduce these, and losses.
    """

    xp: Any
    layer: Callable[[Any, Json, Parameters], Any]
    summed: Callable[[Any, Mesh, str], Any]
    reduced: Callable[[Any, Mesh, str, str], Any]
    losses: Mapping[str, Callable[..., Any]]


# blocks


def encoder(block: Json, inputs: list[Field], mesh: Mesh, params: Parameters, use: Formulas) -> Field:
    """An MLP on rows, scattered to the nodes where it says so."""
    nodes = [f.values for f in inputs if f.rows == "nodes"]
    edges = [f.values for f in inputs if f.rows == "edges"]
    rows = "edges" if edges else "nodes"
    left, right = mesh.edges[:, 0], mesh.edges[:, 1]
    parts = [*edges, *(n[left] for n in nodes), *(n[right] for n in nodes)] if edges else nodes
    x = use.xp.concatenate(parts, axis=1)
    for spec in block["layers"]:
        x = use.layer(x, spec, params)
    if (scatter := block.get("scatter", "none")) == "none":
        return Field(rows, x)
    return Field("nodes", use.summed(x, mesh, scatter))


def combine(block: Json, inputs: list[Field], use: Formulas) -> Field:
    """Of fields on the same rows, in link order."""
    xp = use.xp
    values = [f.values for f in inputs]
    match block["function"]:
        case "concat":
            result = xp.concatenate(values, axis=1)
        case "multiply":
            result = xp.prod(xp.stack(values), axis=0)
        case "add":
            result = xp.sum(xp.stack(values), axis=0)
        case _:
            result = xp.mean(xp.stack(values), axis=0)
    return Field(inputs[0].rows, result.astype(values[0].dtype))


def loss(block: Json, of: list[Field], target: Values, use: Formulas) -> Any:
    """Weight times the mean; 0 over 0 rows."""
    p = use.xp.concatenate([f.values for f in of], axis=1)
    values = function(use.losses, block["function"])(p, target)
    return block.get("weight", 1.0) * values.mean() if values.size else 0.0


# graphs


def block_order(document: Json) -> list[Json]:
    """Kahn's algorithm, always the smallest ready id."""
    blocks = {b["id"]: b for b in document["blocks"]}
    owner = {pin: b["id"] for b in document["blocks"] for pin in output_pins(b)}
    needs = {b["id"]: {owner[p] for pin in input_pins(b) for p in linked(document, pin)} for b in document["blocks"]}
    ready = [i for i, need in needs.items() if not need]
    heapq.heapify(ready)
    order: list[Json] = []
    done: set[int] = set()
    while ready:
        current = heapq.heappop(ready)
        order.append(blocks[current])
        done.add(current)
        for i, need in needs.items():
            if current in need and need <= done:
                heapq.heappush(ready, i)
    return order


def linked(document: Json, pin: int) -> list[int]:
    """The output pins that feed an input pin, in link order."""
    return [link["from"] for link in document["links"] if link["to"] == pin]


def input_pins(block: Json) -> list[int]:
    """Pins that links may end at."""
    return [block[key] for key in ("input", "of", "target") if key in block]


def output_pins(block: Json) -> list[int]:
    """Pins that links may start from."""
    features = [*block.get("node_features", []), *block.get("edge_features", [])]
    return [f["pin"] for f in features] + ([block["output"]] if "output" in block else [])


def source_of(document: Json) -> Json:
    """The block that holds the features."""
    return next(b for b in document["blocks"] if b["kind"] == "graph-source")


def outputs(document: Json) -> list[Json]:
    """Blocks whose output nobody reads but losses, by id."""
    readers = {pin: b["kind"] for b in document["blocks"] for pin in input_pins(b)}
    busy = {link["from"] for link in document["links"] if readers[link["to"]] != "loss"}
    blocks = [b for b in document["blocks"] if b["kind"] in ("encoder", "aggregate", "combine")]
    return sorted((b for b in blocks if b["output"] not in busy), key=lambda b: b["id"])


def evaluate(document: Json, params: Any, mesh: Mesh, arrays: Mapping[str, Any], use: Formulas) -> dict[str, Any]:
    """All outputs, and `loss` where the graph has losses; in the type of the parameters."""
    source = source_of(document)
    mesh = Mesh(mesh.nodes, mesh.edges, source.get("symmetric", True))
    fields: dict[int, Field] = {}
    for rows in ("nodes", "edges"):
        for feature in source.get(f"{rows[:-1]}_features", []):
            values = use.xp.asarray(arrays[feature["name"]])
            fields[feature["pin"]] = Field(rows, values.reshape(-1, feature["size"]))
    rest, total = Parameters(params), 0.0
    for block in block_order(document):
        inputs = [[fields[p] for p in linked(document, pin)] for pin in input_pins(block)]
        match block["kind"]:
            case "encoder":
                fields[block["output"]] = encoder(block, inputs[0], mesh, rest, use)
            case "aggregate":
                how = block.get("scatter", "++"), block.get("reduce", "sum")
                fields[block["output"]] = Field("nodes", use.reduced(inputs[0][0].values, mesh, *how))
            case "combine":
                fields[block["output"]] = combine(block, inputs[0], use)
            case "loss":
                of, target = inputs
                name = block.get("target_name", f"target{block['id']}")
                total += loss(block, of, target[0].values if target else arrays[name], use)
            case _:
                pass
    if len(rest.rest):
        raise ValueError(f"{len(rest.rest)} parameters too many")
    found = {b.get("output_name", f"xout{b['id']}"): fields[b["output"]].values for b in outputs(document)}
    has_loss = any(b["kind"] == "loss" for b in document["blocks"])
    return {**found, **({"loss": use.xp.asarray(total, params.dtype)} if has_loss else {})}
