"""Types, constants and symbols as LLVM IR writes them."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable
from typing import Any

from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    Float32Type,
    Float64Type,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    VectorType,
)
from xdsl.dialects.llvm import LLVMArrayType, LLVMPointerType, LLVMVoidType
from xdsl.ir import Attribute
from xdsl.utils.exceptions import DiagnosticException

TARGET = "llvm-ir"
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
"""What a name may not have: LLVM refuses NUL, and reads \\01 as an order of its own."""
PLAIN_NAME = re.compile(r"[A-Za-z_$.][A-Za-z0-9_$.-]*\Z")


def _vector(t: VectorType) -> str:
    if len(t.get_shape()) != 1 or t.get_num_scalable_dims():
        raise DiagnosticException(f"{TARGET}: cannot print the type '{t}': a vector must have rank 1 and a fixed size")
    return f"<{t.get_shape()[0]} x {type_text(t.element_type)}>"


TYPES: dict[type[Attribute], Callable[[Any], str]] = {
    Float32Type: lambda t: "float",
    Float64Type: lambda t: "double",
    IntegerType: lambda t: f"i{t.width.data}",
    LLVMPointerType: lambda t: "ptr",
    LLVMVoidType: lambda t: "void",
    LLVMArrayType: lambda t: f"[{t.size.data} x {type_text(t.type)}]",
    VectorType: _vector,
}


def type_text(t: Attribute) -> str:
    """A type: `float`, `i64`, `ptr`, `[10 x float]`, `<16 x float>`."""
    if (text := TYPES.get(type(t))) is None:
        raise DiagnosticException(f"{TARGET}: cannot print the type '{t}'")
    return text(t)


def suffix(t: Attribute) -> str:
    """How an intrinsic's name spells a type: `f32`, `i64`, `v16f32`."""
    if isinstance(t, VectorType):
        return f"v{t.get_shape()[0]}{suffix(t.element_type)}"
    return str(t)


def _rounded(value: float) -> float:
    """The nearest f32."""
    try:
        return struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def float_text(value: float, t: Attribute) -> str:
    """Decimal where that is exact, else the bits of the value as a double."""
    if isinstance(t, Float32Type):
        value = _rounded(value)
    decimal = f"{value:e}"
    if decimal[-3] in "+-" and float(decimal) == value:
        return decimal
    return "0x" + struct.pack(">d", value).hex().upper()


def _integer(attribute: IntegerAttr, t: Attribute) -> str:
    if t == IntegerType(1):
        return "true" if attribute.value.data else "false"
    return str(attribute.value.data)


def _dense(attribute: DenseIntOrFPElementsAttr, t: Attribute) -> str:
    element = attribute.get_element_type()
    items = ", ".join(f"{type_text(element)} {constant_text(a, element)}" for a in attribute.iter_attrs())
    return f"<{items}>" if isinstance(t, VectorType) else f"[{items}]"


def constant_text(value: Attribute, t: Attribute) -> str:
    """A constant of type `t`, without its type."""
    match value:
        case IntegerAttr():
            return _integer(value, t)
        case FloatAttr():
            return float_text(value.value.data, t)
        case DenseIntOrFPElementsAttr():
            return _dense(value, t)
        case _:
            raise DiagnosticException(f"{TARGET}: cannot print the constant '{value}'")


def quoted(text: str) -> str:
    """A string literal: everything but plain ASCII is written as `\\XX`."""
    escaped = "".join(
        chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\{b:02X}" for b in text.encode("utf-8", "backslashreplace")
    )
    return f'"{escaped}"'


def symbol_text(name: str) -> str:
    """A global name: `@fit`, or quoted where it is no plain one; control characters become `_`."""
    name = CONTROL.sub("_", name)
    return f"@{name}" if PLAIN_NAME.match(name) else f"@{quoted(name)}"
