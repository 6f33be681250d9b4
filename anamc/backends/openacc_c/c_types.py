"""C types and literals of MLIR types and attributes."""

from __future__ import annotations

import math
import struct

from xdsl.dialects.builtin import (
    Float32Type,
    Float64Type,
    FloatAttr,
    IndexType,
    IntegerAttr,
    IntegerType,
    MemRefType,
    f32,
    f64,
    i1,
    i32,
    i64,
)
from xdsl.ir import Attribute
from xdsl.utils.exceptions import DiagnosticException

INDEX = "anamc_index"
TYPES: dict[Attribute, str] = {
    IndexType(): INDEX,
    i1: "bool",
    i32: "int",
    i64: "int64_t",
    f32: "float",
    f64: "double",
    IntegerType(8): "unsigned char",
}
INT_MAX = 2**31 - 1


def c_type(type: Attribute) -> str:
    """The C type of a value, of an array's element for a memref. Raises DiagnosticException where there is none."""
    element = type.element_type if isinstance(type, MemRefType) else type
    if element not in TYPES:
        raise DiagnosticException(f"openacc-c: cannot print the type '{type}'")
    return TYPES[element]


def suffix(type: Attribute) -> str:
    """The ending of C's functions and constants for a float type: `f` for `float`."""
    return "f" if isinstance(type, Float32Type) else ""


def literal(value: Attribute) -> str:
    """A constant exactly as C reads it. Raises DiagnosticException for anything but numbers."""
    match value:
        case FloatAttr():
            return _float(value.value.data, value.type)
        case IntegerAttr() if value.type == i1:
            return "true" if value.value.data else "false"
        case IntegerAttr():
            return _integer(value.value.data)
        case _:
            raise DiagnosticException(f"openacc-c: cannot print the constant '{value}'")


def _integer(value: int) -> str:
    if abs(value) <= INT_MAX:
        return str(value)
    return f"INT64_C({value})" if value > -(2**63) else "INT64_MIN"


def _float(value: float, type: Attribute) -> str:
    if not isinstance(type, Float32Type | Float64Type):
        raise DiagnosticException(f"openacc-c: cannot print a constant of type '{type}'")
    text = _shortest(value) if isinstance(type, Float32Type) else repr(value)
    if text.endswith(("inf", "nan")):
        return text.replace("inf", "INFINITY").replace("nan", "NAN").replace("-NAN", "NAN")
    if not any(c in text for c in ".e"):
        text += ".0"
    return text + suffix(type)


def _shortest(value: float) -> str:
    """The fewest digits that give the nearest float32 back."""
    if not math.isfinite(value):
        return repr(value)
    try:
        rounded = _to_f32(value)
    except OverflowError:
        return "inf" if value > 0 else "-inf"
    texts = (f"{rounded:.{digits}g}" for digits in range(1, 10))
    text = next((t for t in texts if _same(t, rounded)), f"{rounded:.9g}")
    return repr(float(text))


def _to_f32(value: float) -> float:
    return struct.unpack("f", struct.pack("f", value))[0]


def _same(text: str, rounded: float) -> bool:
    try:
        return _to_f32(float(text)) == rounded
    except OverflowError:
        return False
