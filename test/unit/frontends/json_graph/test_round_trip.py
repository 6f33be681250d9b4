"""Random graphs: JSON -> IR -> JSON -> IR is the identity, through printed IR too, before and after inference."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin
from xdsl.parser import Parser

from anamc.backends.dot import emit_dot
from anamc.backends.graph_json import emit_json
from anamc.dialects import graph
from anamc.dialects.graph.fields import field
from anamc.frontends.json_graph import parse_json_graph
from anamc.transforms.graph_infer_shapes import GraphInferShapesPass

texts = st.text(max_size=8)
metas = st.recursive(st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts, st.lists)
numbers = st.floats(-1e6, 1e6) | st.integers(-5, 5)


@st.composite
def functions(draw: st.DrawFn, table: dict[str, dict[str, float]]) -> Any:
    kind = draw(st.sampled_from(sorted(table)))
    options = {name: draw(st.floats(0.1, 10.0)) for name in table[kind] if draw(st.booleans())}
    meta = {"meta": draw(metas)} if draw(st.booleans()) else {}
    return {"kind": kind, **options, **meta} if options or meta or draw(st.booleans()) else kind


@st.composite
def some(draw: st.DrawFn, **values: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Each of the values, or not."""
    return {name: draw(value) for name, value in values.items() if draw(st.booleans())}


@st.composite
def layers(draw: st.DrawFn, width: int) -> list[dict[str, Any]]:
    more = some(activation=functions(graph.ACTIVATIONS), layer_norm=st.booleans(), meta=metas)
    sizes = [*draw(st.lists(st.integers(1, 40), max_size=3)), width]
    return [{"size": size, **draw(more)} for size in sizes]


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A graph whose fields fit: widths 2 everywhere but for concatenations, rows tracked."""
    pins = {"nodes": [-1, -2], "edges": [-3]}
    blocks: list[dict[str, Any]] = [
        {
            "id": draw(st.integers(1000, 2000)),
            "kind": "graph-source",
            "node_features": [{"name": f"u{i}", "size": 2, "pin": i, **draw(some(meta=metas))} for i in (-1, -2)],
            "edge_features": [{"name": "e", "size": 2, "pin": -3}],
            **draw(some(symmetric=st.booleans(), name=texts, meta=metas)),
        }
    ]
    links: list[dict[str, Any]] = []
    for n, number in enumerate(draw(st.permutations(range(10, 10 + draw(st.integers(1, 8)))))):
        rows = draw(st.sampled_from(["nodes", "edges"]))
        head = {"id": number, **draw(some(name=texts, meta=metas, output_name=st.just(f"out{number}")))}
        head |= {"input": 2 * n + 1, "output": -10 - n}
        kind = draw(st.sampled_from(["encoder", "mixed", "aggregate", "combine", "loss"]))
        match kind:
            case "encoder" | "mixed":
                sources = draw(st.lists(st.sampled_from(pins[rows]), min_size=1, unique=True))
                if kind == "mixed":
                    sources += [draw(st.sampled_from(pins["edges" if rows == "nodes" else "nodes"]))]
                signs = ["none"] if kind == "encoder" and rows == "nodes" else ["none", "++", "-+", "+-"]
                head |= {"kind": "encoder", "scatter": draw(st.sampled_from(signs)), "layers": draw(layers(2))}
                gives = "nodes" if head["scatter"] != "none" or (kind, rows) == ("encoder", "nodes") else "edges"
            case "aggregate":
                sources, gives = [draw(st.sampled_from(pins["edges"]))], "nodes"
                head |= {"kind": kind, **draw(some(reduce=st.sampled_from(graph.REDUCTIONS), scatter=st.just("-+")))}
            case "combine" if len(pins[rows]) > 1:
                sources, gives = draw(st.lists(st.sampled_from(pins[rows]), min_size=2, unique=True)), rows
                head |= {"kind": kind, "function": draw(st.sampled_from(["add", "multiply", "average"]))}
            case _:
                sources, gives = draw(st.lists(st.sampled_from(pins[rows]), min_size=1, unique=True)), ""
                head = {"id": number, "kind": "loss", "function": draw(functions(graph.LOSSES)), "of": 2 * n + 1}
                head |= {"target": 2 * n + 2, **draw(some(weight=numbers, output=st.just(-10 - n), meta=metas))}
                if len(sources) == 1 and draw(st.booleans()):
                    links.append({"from": sources[0], "to": 2 * n + 2, **draw(some(meta=metas))})
        blocks.append(head)
        links += [{"from": source, "to": 2 * n + 1, **draw(some(meta=metas))} for source in sources]
        if gives:
            pins[gives].append(-10 - n)
    top = {"format": "anamc-graph", "version": 1, **draw(some(name=st.text(min_size=1), meta=metas))}
    return json.dumps(top | {"blocks": draw(st.permutations(blocks)), "links": links})


@settings(max_examples=60, deadline=None)
@given(documents())
def test_a_graph_is_the_same_after_json_and_ir(text: str) -> None:
    module = parse_json_graph(text, "net.json")
    module.verify()
    written = emit_json(module)
    again = parse_json_graph(written)
    assert again.is_structurally_equivalent(module)
    assert emit_json(again) == written

    context = Context()
    context.load_dialect(Builtin)
    context.load_dialect(graph.Graph)
    reread = Parser(context, str(module)).parse_module()
    assert reread.is_structurally_equivalent(module)

    GraphInferShapesPass().apply(context, module)
    module.verify()
    assert all(field(result).resolved for op in module.walk() for result in op.results)
    assert emit_json(module) == written
    shaped = Parser(context, str(module)).parse_module()
    shaped.verify()
    assert shaped.is_structurally_equivalent(module)
    assert emit_dot(module).startswith("digraph")
