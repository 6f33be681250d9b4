"""What is checked before a function runs; apart from `bounds`, so that keeping checks costs no dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class ComputedCheck:
    """
    An index that a function computes, and checks while it runs.

    `ranges` has the size of each iterator, `bound` the size of the dimension `axis` of `tensor`, as
    texts, "" where no text says them; `iterators` and `spot` are for people.
    """

    tensor: str
    axis: int
    bound: str
    ranges: tuple[str, ...]
    iterators: tuple[str, ...]
    spot: str

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> ComputedCheck:
        """The check in its JSON form."""
        return cls(
            data["tensor"], data["axis"], data["bound"], tuple(data["ranges"]), tuple(data["iterators"]), data["spot"]
        )


@dataclass(frozen=True)
class IndexCheck:
    """
    An index that must stay inside a dimension: texts, so that it can be kept beside machine code.

    `index` is an affine map in the iterators, with the size symbols and then the table symbols;
    `ranges` has the size of each iterator, `sizes` what the size symbols are, `tables` the names of the
    arrays that the table symbols read ("": not used here), `places` the maps to where each is read;
    `where` is the map of the guards ("": none). `tensor` and `axis` say where the index goes, `bound`
    is that size; `iterators` and `spot` are for people: names, and a place in the user's file.
    """

    index: str
    ranges: tuple[str, ...]
    sizes: tuple[str, ...]
    tables: tuple[str, ...]
    tensor: str
    axis: int
    bound: str
    places: tuple[str, ...] = ()
    where: str = ""
    iterators: tuple[str, ...] = ()
    spot: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> IndexCheck:
        """The check in its JSON form, where tuples are lists."""
        values: dict[str, Any] = {}
        for field in fields(cls):
            value: Any = data[field.name]
            values[field.name] = tuple(value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownArgumentType]
        return cls(**values)
