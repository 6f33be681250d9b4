"""Declared dimensions of arrays (`anamc.dims`); apart from `rows`, so that reading them costs no dialect."""

from __future__ import annotations

from xdsl.dialects.builtin import ArrayAttr, StringAttr


def named_dims(dims: object) -> tuple[int | str, ...] | None:
    """`["nnodes", 16 : index]` as Python values."""
    if not isinstance(dims, ArrayAttr):
        return None
    return tuple(d.data if isinstance(d, StringAttr) else d.value.data for d in dims)  # pyright: ignore
