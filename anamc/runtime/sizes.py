"""Run-time sizes of a call: from the arrays, or by name."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from anamc.dialects.size_syntax import size_names, size_value
from anamc.errors import CallError, shown
from anamc.program import Array, Signature

MAX_SIZE = 2**31 - 1
"""Sizes are passed to machine code as 32-bit integers."""


@dataclass(frozen=True)
class Size:
    """A run-time size and the argument that gave it."""

    value: int
    source: str


def _given_size(name: str, value: Any) -> Size:
    """A size given by keyword."""
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool | np.bool_):
        raise CallError("A0510", f"size '{name}': expected an integer, got {shown(type(value).__name__)}")
    if number < 0:
        raise CallError("A0511", f"size '{name}': expected 0 or more, got {number}")
    return Size(number, f"{name}=")


class Sizes:
    """Run-time sizes, each from the first argument that has it."""

    def __init__(self, signature: Signature, given: Mapping[str, Any]) -> None:
        self.known = {n: self._bounded(n, _given_size(n, given[n])) for n in signature.sizes if n in given}
        self.names = signature.sizes
        self.computed: list[tuple[Array, str, int]] = []

    def _bounded(self, name: str, size: Size) -> Size:
        if size.value > MAX_SIZE:
            raise CallError("A0512", f"size '{name}' is {size.value}, more than {MAX_SIZE}", place=size.source)
        return size

    def add(self, array: Array, shape: tuple[int, ...]) -> None:
        """Take the sizes of an array's shape. Two that disagree are an error that names both arrays."""
        for dim, number in zip(array.dims, shape, strict=True):
            if not isinstance(dim, str):
                continue
            if dim not in self.names:
                self.computed.append((array, dim, number))
                continue
            size = self._bounded(dim, Size(number, f"'{shown(array.name)}'"))
            first = self.known.setdefault(dim, size)
            if first.value != number:
                what = (
                    f"argument '{shown(array.name)}' has {dim} = {number}, but {first.source} has {dim} = {first.value}"
                )
                raise CallError("A0513", what, place=array.place)

    def resolve(self, signature: Signature) -> dict[str, int]:
        """All sizes. One that no array gave is 0 where no used array has it, and an error elsewhere."""
        dims = {d for a in (*signature.arguments, *signature.results) if a.used for d in a.dims if isinstance(d, str)}
        needed = {name for dim in dims for name in size_names(dim, signature.sizes)}
        for name in signature.sizes:
            if name not in self.known and name in needed:
                raise CallError(
                    "A0514", f"size '{name}' is not known: no argument has it", help=f"give it by name: {name}=..."
                )
        resolved = {n: self.known[n].value if n in self.known else 0 for n in signature.sizes}
        for array, dim, number in self.computed:
            if (wanted := max(size_value(dim, resolved), 0)) != number:
                what = f"argument '{shown(array.name)}' has {dim} = {number}, but it is {wanted}"
                raise CallError("A0513", what, place=array.place)
        return resolved
