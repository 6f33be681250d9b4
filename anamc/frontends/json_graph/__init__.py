"""The JSON frontend: a block graph in a `.json` file (docs/json.md) to a module with one `graph.network`."""

from __future__ import annotations

from xdsl.dialects.builtin import ModuleOp

from anamc.frontends.blocks import build_network
from anamc.frontends.json_graph.fields import Cursor
from anamc.frontends.json_graph.reader import Document
from anamc.frontends.json_graph.schema import FORMAT, TOP, VERSION

__all__ = ["FORMAT", "VERSION", "parse_json_graph"]


def parse_json_graph(text: str | bytes, file: str = "<string>") -> ModuleOp:
    """
    The module of a JSON block graph; `file` is its name in locations and errors.

    Raises FrontendError (A01xx for the document, A02xx for blocks and links); warns with
    AnamcWarning of unused blocks.
    """
    document = Document(text, file)
    top = Cursor(document, document.root)
    for key in ("format", "version"):
        if key in top.members():
            TOP[key][0](top.child(key))
    found = top.fields(TOP)
    return build_network(found["name"], top.place, found["blocks"], found["links"], found["meta"])
