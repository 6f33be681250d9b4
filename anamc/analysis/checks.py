"""What is checked before a function runs; apart from `bounds`, so that keeping checks costs no dialect."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class IndexCheck:
    """
    An index that must stay inside a dimension: texts, so that it can be kept beside machine code.

    `index` is an affine map in the iterators, with the size symbols and then the table symbols;
    `ranges` has the size of each iterator, `sizes` what the size symbols are, `tables` the names of the
    arrays that the table symbols read, `tensor` and `axis` where the index goes, `bound` that size.
    """

    index: str
    ranges: tuple[str, ...]
    sizes: tuple[str, ...]
    tables: tuple[str, ...]
    tensor: str
    axis: int
    bound: str
