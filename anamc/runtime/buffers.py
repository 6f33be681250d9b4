"""
Arguments of a call, checked: by name, type, shape, layout and content. Nothing is copied or cast.

Texts follow one form: ``argument 'x': expected f32[8, 3], got f64[8, 3]``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anamc.dialects.size_syntax import size_value
from anamc.errors import CallError, shown
from anamc.program import Array, Signature
from anamc.runtime.sizes import Sizes

Buffer = NDArray[Any]
EDGE_LIST = "edgelist"
NODES = "nnodes"
SHORT = {"f": "f", "i": "i", "u": "u", "b": "bool", "c": "complex"}


def dtype_text(dtype: np.dtype[Any]) -> str:
    """A short name: `f32`, `i64`; with the byte order where it is not the machine's."""
    if dtype.kind not in SHORT:
        return shown(dtype)
    bits = "" if dtype.kind == "b" else str(8 * dtype.itemsize)
    order = "" if dtype.isnative else " of the other byte order"
    return f"{SHORT[dtype.kind]}{bits}{order}"


def expected_text(array: Array) -> str:
    """`f32[nnodes, 3]`"""
    return f"{dtype_text(np.dtype(array.dtype))}[{', '.join(map(str, array.dims))}]"


def found_text(buffer: Buffer) -> str:
    """`f64[8, 3]`"""
    return f"{dtype_text(buffer.dtype)}[{', '.join(map(str, buffer.shape))}]"


def _wrong(code: str, array: Array, found: str, help: str = "") -> CallError:
    what = f"argument '{shown(array.name)}': expected {expected_text(array)}, got {found}"
    return CallError(code, what, place=array.place, help=help)


# the argument as an array, without a copy


def _imported(array: Array, value: Any, how: Callable[[Any], Buffer]) -> Buffer:
    """The memory of another library's array."""
    try:
        return how(value)
    except Exception as e:  # other libraries raise what they like
        raise _wrong("A0505", array, f"{shown(type(value).__name__)}, which NumPy cannot read: {shown(e)}") from None


def as_buffer(array: Array, value: Any) -> Buffer:
    """The memory of `value` as a NumPy array: an array, a DLPack object, or one with `__array_interface__`."""
    if isinstance(value, np.ma.MaskedArray):
        raise _wrong("A0504", array, "a masked array", help="fill it first: x.filled(...)")
    if isinstance(value, np.ndarray):
        return value  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, np.generic):
        raise _wrong("A0504", array, f"a NumPy scalar {shown(type(value).__name__)}")
    if hasattr(value, "__dlpack__"):
        return _imported(array, value, np.from_dlpack)
    if hasattr(value, "__array_interface__"):
        return _imported(array, value, np.asarray)
    dtype = np.dtype(array.dtype).name
    raise _wrong("A0504", array, shown(type(value).__name__), help=f"convert it: numpy.asarray(x, dtype='{dtype}')")


# one array


def _shape_fits(array: Array, shape: tuple[int, ...]) -> bool:
    return len(shape) == len(array.dims) and all(
        isinstance(d, str) or d == n for d, n in zip(array.dims, shape, strict=True)
    )


def full_shape(array: Array, shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """
    `shape` with all dimensions of `array`; `None` where it does not fit.

    A feature of width 1 may come as `(rows,)`, an edge list flat with two numbers an edge.
    """
    if _shape_fits(array, shape):
        return shape
    if len(shape) != 1 or len(array.dims) != 2 or not isinstance(array.dims[0], str):
        return None
    if array.dims[1] == 1:
        return (shape[0], 1)
    if array.name == EDGE_LIST and array.dims[1] == 2 and shape[0] % 2 == 0:
        return (shape[0] // 2, 2)
    return None


def check_buffer(array: Array, buffer: Buffer) -> tuple[int, ...]:
    """The full shape of an argument whose type, shape and layout fit; CallError otherwise."""
    expected = np.dtype(array.dtype)
    if buffer.dtype != expected:
        help = f"convert it: x.astype('{expected.name}')" if buffer.dtype.kind in "fiub" else ""
        raise _wrong("A0506", array, found_text(buffer), help)
    if (shape := full_shape(array, buffer.shape)) is None:
        raise _wrong("A0507", array, found_text(buffer))
    if not buffer.flags.c_contiguous:
        found = f"{found_text(buffer)} with strides {buffer.strides}"
        raise _wrong("A0508", array, found, help="arrays must be C-contiguous: numpy.ascontiguousarray(x)")
    if not buffer.flags.aligned:
        raise _wrong("A0509", array, f"{found_text(buffer)} at an unaligned address", help="copy it: x.copy()")
    return shape


# names


def check_names(signature: Signature, given: Iterable[str]) -> None:
    """CallError for an unexpected argument, with the nearest expected one, and for a missing one."""
    names = tuple(given)
    allowed = [a.name for a in signature.arguments] + list(signature.sizes)
    absent = [a for a in signature.arguments if a.used and a.name not in names]
    missing = [a.name for a in absent]
    for name in names:
        if name not in allowed:
            raise CallError(
                "A0501",
                f"unexpected argument '{shown(name)}' of '{shown(signature.name)}'",
                why="it takes " + ", ".join(shown(a) for a in allowed),
                help=_did_you_mean(name, missing or allowed),
            )
    if missing:
        wanted = ", ".join(f"'{shown(m)}'" for m in missing)
        raise CallError("A0502", f"'{shown(signature.name)}' is missing {wanted}", place=absent[0].place)


def check_result_names(signature: Signature, given: Iterable[str]) -> None:
    """CallError for a result array under a name that is no result."""
    names = [r.name for r in signature.results]
    for name in given:
        if name not in names:
            why = "its results are " + ", ".join(shown(n) for n in names)
            what = f"'{shown(signature.name)}' has no result '{shown(name)}'"
            raise CallError("A0503", what, why=why, help=_did_you_mean(name, names))


def _did_you_mean(name: str, candidates: list[str]) -> str:
    near = get_close_matches(name, candidates, n=1) or get_close_matches(name.lower(), candidates, n=1)
    return f"did you mean '{shown(near[0])}'?" if near else ""


# contents


def check_edges(buffer: Buffer, nodes: int) -> None:
    """CallError for the first edge with a node below 0 or not below `nodes`."""
    flat = buffer.reshape(-1)
    if not flat.size or int(flat.view(np.uint32).max()) < nodes:
        return
    position = int(np.flatnonzero(flat.view(np.uint32) >= nodes)[0])
    edge, side = position // 2, ("left", "right")[position % 2]
    raise CallError(
        "A0515",
        f"argument '{EDGE_LIST}': edge {edge} has {side} node {int(flat[position])}, but there are {nodes} nodes",
        help=f"nodes count from 0, so the last is {nodes - 1}" if nodes else "there are no nodes to point at",
    )


def check_output(array: Array, buffer: Buffer, sizes: Mapping[str, int]) -> None:
    """CallError for a given result array that does not fit or cannot be written."""
    shape = check_buffer(array, buffer)
    wanted = concrete_shape(array, sizes)
    if shape != wanted:
        raise _wrong("A0507", array, found_text(buffer), help=f"its shape is {wanted} in this call")
    if not buffer.flags.writeable:
        raise _wrong("A0516", array, f"{found_text(buffer)} that is read-only")


def check_overlap(outputs: Mapping[str, Buffer], inputs: Mapping[str, Buffer]) -> None:
    """CallError where a result array shares memory with an argument or with another result."""
    others = dict(inputs)
    for name, buffer in outputs.items():
        for other, memory in others.items():
            if np.may_share_memory(buffer, memory):
                raise CallError(
                    "A0517",
                    f"result '{shown(name)}' overlaps '{shown(other)}'",
                    help="results need memory of their own",
                )
        others[name] = buffer


def concrete_shape(array: Array, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """The shape of `array` in a call with these sizes."""
    return tuple(max(size_value(d, sizes), 0) if isinstance(d, str) else d for d in array.dims)


@dataclass(frozen=True)
class Checked:
    """Arguments that fit: the arrays given, by name, and all sizes."""

    buffers: dict[str, Buffer]
    sizes: dict[str, int]


def check_arguments(signature: Signature, given: Mapping[str, Any]) -> Checked:
    """Check all arguments of a call. CallError A0501 to A0515; see docs/errors/A05.md."""
    check_names(signature, given)
    sizes = Sizes(signature, given)
    buffers: dict[str, Buffer] = {}
    for array in signature.arguments:
        if array.name in given:
            buffers[array.name] = as_buffer(array, given[array.name])
            sizes.add(array, check_buffer(array, buffers[array.name]))
    resolved = sizes.resolve(signature)
    for array in signature.arguments:
        if array.name == EDGE_LIST and array.used and NODES in resolved:
            check_edges(buffers[EDGE_LIST], resolved[NODES])
    if signature.checks or signature.requires:
        from anamc.runtime.bounds import check_index, check_requirement  # noqa: PLC0415  # block graphs need neither

        for condition, reason in signature.requires:
            check_requirement(condition, reason, resolved)
        for check in signature.checks:
            check_index(check, buffers, resolved)
    return Checked(buffers, resolved)
