"""Source text to modules; one row a format, imported when asked for."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects.builtin import ModuleOp


def _json(text: str | bytes, file: str) -> ModuleOp:
    from anamc.frontends.json_graph import parse_json_graph

    return parse_json_graph(text, file)


FRONTENDS: dict[str, Callable[[bytes, str], ModuleOp]] = {"json": _json}
"""Parser of each file ending: (text, file name) to a module."""
