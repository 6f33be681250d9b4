"""Random block graphs: valid, small, and of every kind and option. One generator, for seeds and for hypothesis."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from anamc.program import Signature
from support.reference import ACTIVATIONS, LOSSES
from support.walk import Mesh

Json = dict[str, Any]
Values = NDArray[Any]

WIDTHS = (1, 1, 2, 3, 4, 5, 7, 8, 11, 13)
"""1, primes and multiples of vectors."""
SIGNS = ("++", "-+", "+-")
NAMES = ("u", "velocity", "T 0", "é", "1st", "a-b", "n*", "w", "double", "Params")
"""Some are no names in C, one is a word of C, one differs from an argument of the function by case only."""
SIZES = ((0, 0), (1, 0), (1, 2), (2, 1), (3, 0), (5, 9), (7, 4), (17, 40))
"""Nodes and edges."""


@dataclass(frozen=True)
class Output:
    """An output pin with what it carries."""

    pin: int
    rows: str
    width: int


class Graph:
    """A document that grows block by block."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.fields: list[Output] = []
        self.blocks: list[Json] = []
        self.links: list[Json] = []
        # Numbers, names and orders come from a seed: hypothesis has nothing to make smaller there.
        self.free = random.Random(rng.randrange(1 << 16))
        self.ids = self.free.sample(range(1, 60), 24)
        self.pins = self.free.sample(range(1, 200), 80)
        self.names = self.free.sample(NAMES, len(NAMES))

    # choices

    def width(self) -> int:
        return self.rng.choice(WIDTHS)

    def chance(self, percent: int) -> bool:
        return self.rng.randrange(100) >= 100 - percent

    def some(self, fields: Sequence[Output], least: int = 1, most: int = 3) -> list[Output]:
        return self.rng.sample(list(fields), self.rng.randint(least, min(most, len(fields))))

    def on(self, rows: str) -> list[Output]:
        return [f for f in self.fields if f.rows == rows]

    # parts

    def link(self, fields: Sequence[Output], pin: int) -> None:
        self.links += [{"from": f.pin, "to": pin} for f in fields]

    def add(self, kind: str, inputs: Sequence[Output], rows: str, width: int, **options: Any) -> Output:
        """A block of one input pin and one output pin."""
        input, output = self.pins.pop(), -self.pins.pop()
        block = {"id": self.ids.pop(), "kind": kind, "input": input, "output": output, **options}
        if self.chance(20):
            block["name"] = f"{kind} */ no {output}"
        if self.chance(30):
            block["output_name"] = f"out {-output}"
        self.blocks.append(block)
        self.link(inputs, input)
        self.fields.append(Output(output, rows, width))
        return self.fields[-1]

    def feature(self, rows: str) -> Json:
        field = Output(-self.pins.pop(), rows, self.width())
        self.fields.append(field)
        return {"name": self.names.pop(), "size": field.width, "pin": field.pin}

    def source(self) -> None:
        counts = self.rng.choice(((1, 1), (2, 1), (1, 2), (1, 0), (0, 1), (2, 2)))
        block: Json = {"id": self.ids.pop(), "kind": "graph-source"}
        if self.chance(50):
            block["symmetric"] = self.chance(30)
        for rows, count in zip(("node", "edge"), counts, strict=True):
            block[f"{rows}_features"] = [self.feature(f"{rows}s") for _ in range(count)]
        self.blocks.append(block)

    def activation(self) -> str | Json:
        match self.rng.choice((*ACTIVATIONS, "slope", "alpha")):
            case "slope":
                return {"kind": "leaky_relu", "slope": self.rng.choice((0.1, 0, -0.5, 1.5))}
            case "alpha":
                return {"kind": "elu", "alpha": self.rng.choice((0.5, 2, 1.0))}
            case kind:
                return kind

    def layer(self, width: int) -> Json:
        found: Json = {"size": width}
        if self.chance(85):
            found["activation"] = self.activation()
        if self.chance(25):
            found["layer_norm"] = True
        return found

    def encoder(self, width: int | None = None, of: Sequence[Output] = ()) -> None:
        nodes, edges = self.on("nodes"), self.on("edges")
        kinds = ["nodes"] * bool(nodes) + ["edges"] * bool(edges) + ["mixed"] * (2 * bool(nodes and edges))
        kind = self.rng.choice(kinds)
        inputs = (
            list(of)
            or {
                "nodes": lambda: self.some(nodes),
                "edges": lambda: self.some(edges),
                "mixed": lambda: self.some(nodes, most=2) + self.some(edges, most=2),
            }[kind]()
        )
        self.free.shuffle(inputs)
        widths = [self.width() for _ in range(self.rng.randint(1, 3))]
        layers = [self.layer(w) for w in (*widths[:-1], width or widths[-1])]
        rows = "edges" if any(f.rows == "edges" for f in inputs) else "nodes"
        options: Json = {"layers": layers}
        if rows == "edges" and self.chance(60):
            options["scatter"], rows = self.rng.choice(SIGNS), "nodes"
        self.add("encoder", inputs, rows, layers[-1]["size"], **options)

    def aggregate(self) -> None:
        if not self.on("edges"):
            return self.encoder()
        options: Json = {}
        if self.chance(80):
            options["scatter"] = self.rng.choice(SIGNS)
        if self.chance(80):
            options["reduce"] = self.rng.choice(("sum", "mean", "max"))
        of = self.rng.choice(self.on("edges"))
        self.add("aggregate", [of], "nodes", of.width, **options)
        return None

    def combine(self) -> None:
        rows = self.rng.choice(("nodes", "edges"))
        first = self.rng.choice(self.on(rows) or self.fields)
        function = self.rng.choice(("add", "multiply", "average", "concat"))
        on = self.on(first.rows)
        others = [f for f in on if f is not first and (function == "concat" or f.width == first.width)]
        if not others:
            # a residual connection: first the branch, then the sum
            return self.encoder(first.width, [first]) if self.chance(70) else self.encoder()
        inputs = [first, *self.some(others, most=2)]
        self.free.shuffle(inputs)
        width = sum(f.width for f in inputs) if function == "concat" else first.width
        self.add("combine", inputs, first.rows, width, function=function)
        return None

    def loss(self) -> None:
        of = self.some(self.on(self.rng.choice(self.fields).rows), most=2)
        pins = [self.pins.pop(), self.pins.pop()]
        kind = self.rng.choice((*LOSSES, "delta"))
        block: Json = {"id": self.ids.pop(), "kind": "loss", "of": pins[0], "target": pins[1]}
        block["function"] = {"kind": "huber", "delta": self.rng.choice((0.25, 2))} if kind == "delta" else kind
        if self.chance(50):
            block["weight"] = self.rng.choice((0.5, 2, 3.25, 0))
        if self.chance(50):
            block["target_name"] = f"goal of {block['id']}"
        if self.chance(30):
            block["output"] = -self.pins.pop()
        width = sum(f.width for f in of)
        fitting = [f for f in self.on(of[0].rows) if f.width == width and f not in of]
        self.blocks.append(block)
        self.link(of, pins[0])
        if fitting and self.chance(50):
            self.link([self.rng.choice(fitting)], pins[1])

    def document(self) -> Json:
        """Blocks and links in any order, since ids and pins alone say what belongs together."""
        self.free.shuffle(self.blocks)
        self.free.shuffle(self.links)
        return {"format": "anamc-graph", "version": 1, "blocks": self.blocks, "links": self.links}


def random_graph(rng: random.Random, most: int = 5) -> Json:
    """A valid graph of one to `most` blocks between the source and up to two losses."""
    graph = Graph(rng)
    graph.source()
    graph.encoder()
    for _ in range(rng.randrange(most)):
        rng.choice((graph.encoder, graph.encoder, graph.aggregate, graph.combine))()
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        graph.loss()
    return graph.document()


def graphs(most: int = 5) -> st.SearchStrategy[Json]:
    """The same graphs for hypothesis, which makes a failing one smaller."""
    return st.randoms(use_true_random=False).map(lambda rng: random_graph(rng, most))


def random_mesh(rng: random.Random) -> Mesh:
    """A few nodes and edges, with self-loops and duplicates; often none."""
    nodes, edges = rng.choice(SIZES)
    ends = [[rng.randrange(nodes), rng.randrange(nodes)] for _ in range(edges)]
    return Mesh(nodes, np.array(ends, np.int32).reshape(edges, 2))


def random_arrays(document: Json, mesh: Mesh, signature: Signature, seed: int, dtype: str) -> dict[str, Values]:
    """
    Arguments of a call by name, as `signature` lists them: numbers of about 1, in the range that a loss wants.

    Parameters are small enough that a sum of a row stays of about 1, else rounding errors grow with the depth.
    """
    rng = np.random.default_rng(seed)
    sizes = {"nnodes": mesh.nodes, "nedges": len(mesh.edges)}
    targets = {b.get("target_name", f"target{b['id']}"): b for b in document["blocks"] if b["kind"] == "loss"}
    found: dict[str, Values] = {}
    for array in signature.arguments:
        shape = tuple(sizes[d] if isinstance(d, str) else d for d in array.dims)
        if array.name == "edgelist":
            found[array.name] = mesh.edges
        elif array.name == "params":
            found[array.name] = rng.normal(0, 0.5, shape).astype(dtype)
        elif array.name in targets:
            found[array.name] = target(targets[array.name]["function"], shape, rng).astype(dtype)
        else:
            found[array.name] = rng.normal(size=shape).astype(dtype)
    return found


def target(function: str | Json, shape: tuple[int, ...], rng: np.random.Generator) -> Values:
    """What a loss is compared with."""
    match function:
        case "cross_entropy":
            values = rng.random(shape) + 0.1
            return values / values.sum(axis=1, keepdims=True)
        case "bce_with_logits":
            return rng.random(shape)
        case "hinge":
            return rng.choice([-1.0, 1.0], shape)
        case _:
            return rng.normal(size=shape)
