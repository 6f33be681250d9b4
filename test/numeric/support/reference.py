"""
Block graphs evaluated in plain NumPy, from the JSON document.

Written from the description of the format alone; it imports nothing of anamc and shares no formula
with its interpreter, so that an error in one of the two is seen.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
Json = Mapping[str, Any]

SIGNS = {"++": (1, 1), "-+": (-1, 1), "+-": (1, -1)}
EPS = 1e-5
"""Of layer normalisation."""


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


# activations, in the type of their argument


def erf(x: Values) -> Values:
    """Element by element, by the C library."""
    return np.array([math.erf(v) for v in x.ravel()], x.dtype).reshape(x.shape)


def logistic(x: Values) -> Values:
    """``1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2``"""
    return (1 + np.tanh(x / 2)) / 2


def exponential_linear(x: Values, alpha: float) -> Values:
    """``x`` where positive, ``alpha (exp(x) - 1)`` elsewhere."""
    return np.where(x > 0, x, alpha * np.expm1(np.where(x > 0, 0, x)))


def softmax(x: Values) -> Values:
    """Over each row: ``1 / sum_j exp(x_j - x_i)``; an infinite sum gives 0."""
    return 1 / np.exp(x[:, None, :] - x[:, :, None]).sum(axis=2)


ACTIVATIONS: dict[str, Callable[..., Values]] = {
    "identity": lambda x: x,
    "tanh": np.tanh,
    "sigmoid": logistic,
    "relu": lambda x: x * (x > 0),
    "leaky_relu": lambda x, slope=0.01: x * np.where(x > 0, 1.0, slope).astype(x.dtype),
    "elu": lambda x, alpha=1.0: exponential_linear(x, alpha),
    "selu": lambda x: 1.0507009873554805 * exponential_linear(x, 1.6732632423543772),
    "gelu": lambda x: 0.5 * x * (1 + erf(x / math.sqrt(2.0))),
    "gelu_tanh": lambda x: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))),
    "silu": lambda x: x * logistic(x),
    "softplus": lambda x: np.logaddexp(x, x.dtype.type(0)),
    "sin": np.sin,
    "softmax": softmax,
}
"""With their defaults."""

# losses: one number an element, or (cross entropy) one a row; the mean over all of them is taken


def huber(p: Values, t: Values, delta: float = 1.0) -> Values:
    """Quadratic below delta, linear above."""
    d = np.abs(p - t)
    return np.where(d <= delta, d**2 / 2, delta * (d - delta / 2))


LOSSES: dict[str, Callable[..., Values]] = {
    "mse": lambda p, t: np.square(p - t),
    "mae": lambda p, t: np.abs(p - t),
    "mape": lambda p, t: 100 * np.abs(p - t) / np.maximum(np.abs(t), 1e-8),
    "huber": huber,
    "bce_with_logits": lambda p, t: t * np.logaddexp(0, -p) + (1 - t) * np.logaddexp(0, p),
    "cross_entropy": lambda p, t: (t * (np.logaddexp.reduce(p, axis=1, keepdims=True) - p)).sum(axis=1),
    "hinge": lambda p, t: np.maximum(0, 1 - t * p),
}


def function(table: Mapping[str, Callable[..., Values]], named: str | Json) -> Callable[..., Values]:
    """`"tanh"`, or `{"kind": "elu", "alpha": 2}`"""
    if isinstance(named, str):
        return table[named]
    options = {k: v for k, v in named.items() if k not in ("kind", "meta")}
    return lambda *x: table[named["kind"]](*x, **options)


# blocks


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


def layer(x: Values, spec: Json, params: Parameters) -> Values:
    """``act(norm(W x + b))`` for each row; W is out x in."""
    w, b = params.take(spec["size"], x.shape[1]), params.take(spec["size"])
    z = x @ w.T + b
    if spec.get("layer_norm", False):
        scale, shift = params.take(spec["size"]), params.take(spec["size"])
        centred = z - z.sum(axis=1, keepdims=True) / z.shape[1]
        variance = np.square(centred).sum(axis=1, keepdims=True) / z.shape[1]
        z = centred / np.sqrt(variance + z.dtype.type(EPS)) * scale + shift
    return function(ACTIVATIONS, spec.get("activation", "identity"))(z).astype(x.dtype)


def contributions(values: Values, mesh: Mesh, scatter: str) -> Iterable[tuple[Values, Values]]:
    """Receiving nodes, and what they receive, for each end."""
    for end in mesh.ends:
        yield mesh.edges[:, end], SIGNS[scatter][end] * values


def reduced(values: Values, mesh: Mesh, scatter: str, reduce: str = "sum") -> Values:
    """What each node makes of its contributions; 0 where it has none. A loop, so that nothing is clever."""
    result = np.zeros((mesh.nodes, values.shape[1]), values.dtype)
    received: dict[int, list[Values]] = {}
    for nodes, messages in contributions(values, mesh, scatter):
        for node, message in zip(nodes.tolist(), messages, strict=True):
            received.setdefault(node, []).append(message)
    for node, messages in received.items():
        stacked = np.stack(messages)
        result[node] = {"sum": np.sum, "mean": np.mean, "max": np.max}[reduce](stacked, axis=0)
    return result


def summed(values: Values, mesh: Mesh, scatter: str) -> Values:
    """`reduced` by sums, fast: for large meshes."""
    result = np.zeros((mesh.nodes, values.shape[1]), values.dtype)
    for nodes, messages in contributions(values, mesh, scatter):
        np.add.at(result, nodes, messages)
    return result


def encoder(block: Json, inputs: list[Field], mesh: Mesh, params: Parameters) -> Field:
    """An MLP on rows, scattered to the nodes where it says so."""
    nodes = [f.values for f in inputs if f.rows == "nodes"]
    edges = [f.values for f in inputs if f.rows == "edges"]
    rows = "edges" if edges else "nodes"
    left, right = mesh.edges[:, 0], mesh.edges[:, 1]
    parts = [*edges, *(n[left] for n in nodes), *(n[right] for n in nodes)] if edges else nodes
    x = np.concatenate(parts, axis=1)
    for spec in block["layers"]:
        x = layer(x, spec, params)
    if (scatter := block.get("scatter", "none")) == "none":
        return Field(rows, x)
    return Field("nodes", summed(x, mesh, scatter))


def combine(block: Json, inputs: list[Field]) -> Field:
    """Of fields on the same rows, in link order."""
    values = [f.values for f in inputs]
    match block["function"]:
        case "concat":
            result = np.concatenate(values, axis=1)
        case "multiply":
            result = np.prod(np.stack(values), axis=0)
        case "add":
            result = np.sum(np.stack(values), axis=0)
        case _:
            result = np.mean(np.stack(values), axis=0)
    return Field(inputs[0].rows, result.astype(values[0].dtype))


def loss(block: Json, of: list[Field], target: Values) -> Any:
    """Weight times the mean; 0 over 0 rows."""
    p = np.concatenate([f.values for f in of], axis=1)
    values = function(LOSSES, block["function"])(p, target)
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


def evaluate(document: Json, params: Values, mesh: Mesh, arrays: Mapping[str, Values]) -> dict[str, Values]:
    """All outputs, and `loss` where the graph has losses; in the type of the parameters."""
    source = source_of(document)
    mesh = Mesh(mesh.nodes, mesh.edges, source.get("symmetric", True))
    fields: dict[int, Field] = {}
    for rows in ("nodes", "edges"):
        for feature in source.get(f"{rows[:-1]}_features", []):
            fields[feature["pin"]] = Field(rows, arrays[feature["name"]].reshape(-1, feature["size"]))
    rest, total = Parameters(params), 0.0
    for block in block_order(document):
        inputs = [[fields[p] for p in linked(document, pin)] for pin in input_pins(block)]
        match block["kind"]:
            case "encoder":
                fields[block["output"]] = encoder(block, inputs[0], mesh, rest)
            case "aggregate":
                how = block.get("scatter", "++"), block.get("reduce", "sum")
                fields[block["output"]] = Field("nodes", reduced(inputs[0][0].values, mesh, *how))
            case "combine":
                fields[block["output"]] = combine(block, inputs[0])
            case "loss":
                of, target = inputs
                name = block.get("target_name", f"target{block['id']}")
                total += loss(block, of, target[0].values if target else arrays[name])
            case _:
                pass
    if len(rest.rest):
        raise ValueError(f"{len(rest.rest)} parameters too many")
    found = {b.get("output_name", f"xout{b['id']}"): fields[b["output"]].values for b in outputs(document)}
    has_loss = any(b["kind"] == "loss" for b in document["blocks"])
    return {**found, **({"loss": np.asarray(total, params.dtype)} if has_loss else {})}
