"""The document's format (docs/json.md), a table for each object; version 1 of `anamc-graph`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anamc.frontends.json_graph.fields as fields
from anamc.dialects import graph
from anamc.errors import shown
from anamc.frontends.json_graph.fields import REQUIRED, Check, Cursor, Table
from anamc.frontends.records import (
    MAX_BLOCKS,
    MAX_LAYERS,
    MAX_LINKS,
    MAX_NUMBER,
    MAX_WIDTH,
    Block,
    Feature,
    Head,
    Link,
    Name,
    Pin,
    Ports,
    aggregate,
    combine,
    encoder,
    loss,
    source,
)

FORMAT = "anamc-graph"
VERSION = 1
DEFAULT_NAME = "run_network"
LATER = ("physics", "user", "delay")
"""Kinds that the format has room for, and that are not there yet."""


def pin(at: Cursor) -> Pin:
    return Pin(fields.integer(-MAX_NUMBER, MAX_NUMBER)(at), at.place)


def feature(at: Cursor) -> Feature:
    found = at.fields(FEATURE)
    return Feature(found["name"], found["size"], found["pin"], at.place, found["meta"])


def layer(at: Cursor) -> graph.LayerAttr:
    found = at.fields(LAYER)
    return graph.LayerAttr(found["size"], found["activation"], found["layer_norm"], found["meta"])


def layers(at: Cursor) -> list[graph.LayerAttr]:
    return several(layer, MAX_LAYERS)(at) or at.fail("A0120", "an encoder without layers", help="add a layer")


def several(check: Check, most: int) -> Check:
    """An array of what `check` reads."""
    return lambda at: [check(item) for item in at.items(most)]


def function(what: str, known: dict[str, dict[str, float]]) -> Check:
    """A function's name, or an object of `kind`, options and `meta`."""

    def check(at: Cursor) -> graph.FunctionAttr:
        if isinstance(at.node.value, str):
            kind = fields.chosen(at, what, at.node.value, known)
            return graph.FunctionAttr(kind, known[kind])
        if not isinstance(at.node.value, dict):
            at.expected("a string or an object with 'kind'")
        if "kind" not in at.node.value:
            at.fail("A0113", "missing key 'kind'", help='an object names its function: {"kind": ...}')
        kind = fields.chosen(at.child("kind"), what, fields.text(at.child("kind")), known)
        options: Table = {option: (OPTIONS[option], default) for option, default in known[kind].items()}
        found = at.fields({"kind": (fields.text, REQUIRED), **options, "meta": META})
        return graph.FunctionAttr(kind, {option: found[option] for option in options}, found["meta"])

    return check


def positive(at: Cursor) -> float:
    value = fields.number(at)
    if value <= 0:
        at.fail("A0118", f"{at.name} is out of range", why=f"it must be above 0, got {value:g}")
    return value


def output_name(at: Cursor) -> Name:
    return Name("output", fields.name(at), at.place)


def target_name(at: Cursor) -> Name:
    return Name("target", fields.name(at), at.place)


OPTIONS: dict[str, Check] = {"slope": fields.number, "alpha": fields.number, "delta": positive}
META = (fields.anything, "")
SIZE = (fields.integer(1, MAX_WIDTH), REQUIRED)
PIN = (pin, REQUIRED)

HEAD: Table = {
    "id": (fields.integer(1, MAX_NUMBER), REQUIRED),
    "kind": (fields.text, REQUIRED),
    "name": (fields.text, None),
    "meta": META,
}
PORTS: Table = {"input": PIN, "output": PIN, "output_name": (output_name, None)}
FEATURE: Table = {"name": (fields.name, REQUIRED), "size": SIZE, "pin": PIN, "meta": META}
LAYER: Table = {
    "size": SIZE,
    "activation": (function("activation", graph.ACTIVATIONS), graph.FunctionAttr("identity")),
    "layer_norm": (fields.boolean, False),
    "meta": META,
}
SOURCE: Table = {
    **HEAD,
    "symmetric": (fields.boolean, True),
    "node_features": (several(feature, MAX_BLOCKS), ()),
    "edge_features": (several(feature, MAX_BLOCKS), ()),
}
ENCODER: Table = {
    **HEAD,
    **PORTS,
    "layers": (layers, REQUIRED),
    "scatter": (fields.choice("scatter", ("none", *graph.SCATTERS)), "none"),
}
AGGREGATE: Table = {
    **HEAD,
    **PORTS,
    "scatter": (fields.choice("scatter", graph.SCATTERS), "++"),
    "reduce": (fields.choice("reduction", graph.REDUCTIONS), "sum"),
}
COMBINE: Table = {**HEAD, **PORTS, "function": (fields.choice("function", graph.COMBINES), REQUIRED)}
LOSS: Table = {
    **HEAD,
    "of": PIN,
    "target": PIN,
    "output": (pin, None),
    "function": (function("loss function", graph.LOSSES), REQUIRED),
    "weight": (fields.number, 1.0),
    "target_name": (target_name, None),
}
LINK: Table = {"from": PIN, "to": PIN, "meta": META}


def make_source(head: Head, found: dict[str, Any]) -> Block:
    return source(head, found["symmetric"], found["node_features"], found["edge_features"])


def make_encoder(head: Head, found: dict[str, Any]) -> Block:
    return encoder(head, ports(found), found["layers"], found["scatter"])


def make_aggregate(head: Head, found: dict[str, Any]) -> Block:
    return aggregate(head, ports(found), found["scatter"], found["reduce"])


def make_combine(head: Head, found: dict[str, Any]) -> Block:
    return combine(head, ports(found), found["function"])


def make_loss(head: Head, found: dict[str, Any]) -> Block:
    names = ("function", "of", "target", "output", "weight", "target_name")
    return loss(head, **{name: found[name] for name in names})


def ports(found: dict[str, Any]) -> Ports:
    return Ports(found["input"], found["output"], found["output_name"])


KINDS: dict[str, tuple[Table, Callable[[Head, dict[str, Any]], Block]]] = {
    "graph-source": (SOURCE, make_source),
    "encoder": (ENCODER, make_encoder),
    "aggregate": (AGGREGATE, make_aggregate),
    "combine": (COMBINE, make_combine),
    "loss": (LOSS, make_loss),
}


def block(at: Cursor) -> Block:
    """A block of any kind; its id stands in every error from here on."""
    members = at.members()
    if "id" not in members:
        at.fail("A0113", "missing key 'id'", help="every block has its own positive id")
    number = HEAD["id"][0](at.child("id"))
    at = at.in_block(number)
    if "kind" not in members:
        at.fail("A0113", "missing key 'kind'", help=f"kinds are {', '.join(KINDS)}")
    table, make = KINDS[known_kind(at.child("kind"))]
    found = at.fields(table)
    return make(Head(number, at.place, found["name"], found["meta"]), found)


def known_kind(at: Cursor) -> str:
    kind = fields.text(at)
    if kind not in KINDS:
        why = f"known kinds: {', '.join(KINDS)}"
        help_ = f"'{kind}' blocks are not there yet" if kind in LATER else fields.closest(kind, KINDS)
        at.fail("A0115", f"unknown kind of block '{shown(kind)}'", why=why, help=help_)
    return kind


def link(at: Cursor) -> Link:
    found = at.fields(LINK)
    return Link(found["from"].number, found["to"].number, at.place, found["meta"])


def graph_format(at: Cursor) -> str:
    if (found := fields.text(at)) != FORMAT:
        at.fail("A0110", f"unknown format '{shown(found)}'", why=f"expected '{FORMAT}'")
    return found


def graph_version(at: Cursor) -> int:
    if (found := fields.integer(0, MAX_NUMBER)(at)) != VERSION:
        at.fail("A0111", f"unknown version {found}", why=f"this is version {VERSION}")
    return found


TOP: Table = {
    "format": (graph_format, REQUIRED),
    "version": (graph_version, REQUIRED),
    "name": (fields.name, DEFAULT_NAME),
    "blocks": (several(block, MAX_BLOCKS), REQUIRED),
    "links": (several(link, MAX_LINKS), REQUIRED),
    "meta": META,
}
