"""Source text to modules; one row a format, imported when asked for."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects.builtin import ModuleOp


def _json(text: bytes, file: str, name: str) -> ModuleOp:
    from anamc.frontends.json_graph import parse_json_graph

    return parse_json_graph(text, file)


def _index_notation(text: bytes, file: str, name: str) -> ModuleOp:
    from anamc.frontends.index_notation import parse_index_program

    return parse_index_program(text, file, name)


FRONTENDS: dict[str, Callable[[bytes, str, str], ModuleOp]] = {"json": _json, "ix": _index_notation}
"""Parser of each file ending: (text, file name, name of the program) to a module."""
