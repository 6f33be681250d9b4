"""
The order of rows as a choice of the caller: which arrays of a function come in which order, and which tables
hold numbers of rows.

`reorder-rows` writes it down as attributes of arguments and results, the JIT reads it. Rows of one set ("nodes",
"edges") have one order in all arrays; a table of numbers of such rows is renumbered.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from xdsl.dialects.builtin import ArrayAttr, StringAttr
from xdsl.ir import Attribute

ORDER = "anamc.order"
"""Of an argument or result: the set (the name of its size) whose order its rows have."""
NUMBERS = "anamc.numbers"
"""Of an index table: the set whose rows each of its columns numbers, "" where that is fixed."""


@dataclass(frozen=True)
class Layout:
    """What a function lets its caller choose: sets of rows by the names of arrays, and of columns of tables."""

    arrays: Mapping[str, str] = field(default_factory=dict[str, str])
    numbers: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for equal layouts."""
        return (*sorted(self.arrays.items()), *sorted(self.numbers.items()))

    def of_tables(self, names: Collection[str]) -> Layout:
        """What it says of these index tables: all that an order depends on."""
        return Layout({n: s for n, s in self.arrays.items() if n in names}, self.numbers)

    @staticmethod
    def of_record(record: Mapping[str, Mapping[str, object]]) -> Layout:
        """From its JSON form in the cache."""
        numbers = {table: tuple(columns) for table, columns in record["numbers"].items()}  # pyright: ignore
        return Layout(dict(record["arrays"]), numbers)  # pyright: ignore


def order_of(attribute: Attribute | None) -> str | None:
    """The set that an `anamc.order` names."""
    return attribute.data if isinstance(attribute, StringAttr) else None


def numbers_of(attribute: Attribute | None) -> tuple[str, ...] | None:
    """The sets that an `anamc.numbers` names."""
    if not isinstance(attribute, ArrayAttr):
        return None
    return tuple(a.data if isinstance(a, StringAttr) else "" for a in attribute.data)
