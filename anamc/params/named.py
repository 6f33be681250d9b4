"""
Parameters of an index program: one array a `param`, by name.

Each is drawn uniformly from the range that the program gives (``param W[2, 4] = uniform(-0.1, 0.1)``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from anamc.dialects.size_syntax import size_names, size_value
from anamc.errors import ParamsError, Place, shown
from anamc.params.initializers import FLOATS, check_seed, float_dtype

Named = dict[str, NDArray[np.float32 | np.float64]]
IN_MEMORY = Place(path="parameters to save")


@dataclass(frozen=True)
class NamedParam:
    """A parameter, its dimensions (numbers, or texts of run-time sizes), and where it starts: ``low <= w < high``."""

    name: str
    dims: tuple[int | str, ...]
    low: float
    high: float


def init_named(
    params: Sequence[NamedParam],
    seed: int = 0,
    dtype: DTypeLike = "float32",
    sizes: Mapping[str, int] | None = None,
) -> Named:
    """
    Parameters drawn by PCG64 from `seed`, in their order.

    Raises ParamsError: A0404 bad seed, A0405 a dtype other than float32 and float64, A0413 a size that
    is not known, unexpected, or no integer >= 0.
    """
    check_seed(seed)
    target = float_dtype(dtype)
    known = _sizes(params, dict(sizes or {}))
    rng = np.random.Generator(np.random.PCG64(int(seed)))
    found: Named = {}
    for param in params:
        shape = tuple(max(size_value(d, known), 0) if isinstance(d, str) else d for d in param.dims)
        found[param.name] = (param.low + (param.high - param.low) * rng.random(shape)).astype(target)
    return found


def _sizes(params: Sequence[NamedParam], given: dict[str, int]) -> dict[str, int]:
    needed: dict[str, str] = {}
    for param in params:
        for dim in param.dims:
            for name in _names(dim):
                needed.setdefault(name, param.name)
    for name, value in given.items():
        if name not in needed:
            takes = ", ".join(needed) or "no sizes"
            raise ParamsError("A0413", f"no param has the size '{shown(name)}'", help=f"it takes {takes}")
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 0:
            raise ParamsError("A0413", f"size '{shown(name)}' must be an integer >= 0, got {shown(repr(value))}")
    for name, owner in needed.items():
        if name not in given:
            what = f"size '{shown(name)}' of param '{shown(owner)}' is not known"
            raise ParamsError("A0413", what, help=f"give it by name: {shown(name)}=...")
    return given


def _names(dim: int | str) -> list[str]:
    if isinstance(dim, int):
        return []
    return [dim] if dim.isidentifier() else sorted(size_names(dim, _words(dim)))


def _words(dim: str) -> list[str]:
    words = "".join(c if c.isalnum() or c == "_" else " " for c in dim).split()
    return [w for w in words if w.isidentifier() and w not in ("floordiv", "ceildiv", "mod")]


def check_named(params: Sequence[NamedParam], given: Mapping[str, Any], place: Place = IN_MEMORY) -> None:
    """
    Refuses arrays that are not those of the program.

    Raises ParamsError: A0409 wrong type, A0410 wrong rank, A0411 wrong shape, or sizes that disagree,
    A0414 a parameter that is missing or that the program does not have.
    """
    check_names(params, list(given), place)
    sizes: dict[str, tuple[int, str]] = {}
    for param in params:
        value = given[param.name]
        _check_array(param, value.dtype, value.shape, place)
        for dim, number in zip(param.dims, value.shape, strict=True):
            if isinstance(dim, str) and dim.isidentifier():
                first = sizes.setdefault(dim, (number, param.name))
                if first[0] != number:
                    why = f"'{shown(param.name)}' has {dim} = {number}, '{shown(first[1])}' has {dim} = {first[0]}"
                    raise ParamsError("A0411", "sizes of parameters disagree", place=place, why=why)


def check_names(params: Sequence[NamedParam], given: Sequence[str], place: Place) -> None:
    """ParamsError A0414 for a parameter that is missing or that the program does not have."""
    names = [p.name for p in params]
    if missing := [n for n in names if n not in given]:
        raise ParamsError("A0414", f"param '{shown(missing[0])}' is missing", place=place)
    if other := [n for n in given if n not in names]:
        why = "it has " + (", ".join(map(shown, names)) or "no params")
        raise ParamsError("A0414", f"the program has no param '{shown(other[0])}'", place=place, why=why)


def _check_array(param: NamedParam, dtype: np.dtype[Any], shape: tuple[int, ...] | None, place: Place) -> None:
    what = f"param '{shown(param.name)}' has the wrong"
    if dtype.newbyteorder("=").name not in FLOATS:
        raise ParamsError("A0409", f"{what} type", place=place, why=f"expected float32 or float64, got {shown(dtype)}")
    wanted = f"[{', '.join(map(str, param.dims))}]"
    if shape is None or len(shape) != len(param.dims):
        got = "no shape" if shape is None else f"rank {len(shape)}"
        raise ParamsError("A0410", f"{what} rank", place=place, why=f"expected {wanted}, got {got}")
    if any(isinstance(d, int) and d != n for d, n in zip(param.dims, shape, strict=True)):
        raise ParamsError("A0411", f"{what} shape", place=place, why=f"expected {wanted}, got {list(shape)}")
