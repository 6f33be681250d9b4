"""Types of values, narrowed."""

from __future__ import annotations

from xdsl.dialects.builtin import MemRefType, TensorType, VectorType
from xdsl.ir import Attribute, SSAValue
from xdsl.utils.exceptions import PassFailedException


def tensor_type(value: SSAValue) -> TensorType[Attribute]:
    """The type of a tensor; PassFailedException for any other value."""
    if not isinstance(value.type, TensorType):
        raise PassFailedException(f"expected a tensor, got a value of type {value.type}")
    return value.type


def vector_type(value: SSAValue) -> VectorType[Attribute]:
    """The type of a vector; PassFailedException for any other value."""
    if not isinstance(value.type, VectorType):
        raise PassFailedException(f"expected a vector, got a value of type {value.type}")
    return value.type


def memref_type(value: SSAValue) -> MemRefType[Attribute]:
    """The type of a buffer; PassFailedException for any other value."""
    if not isinstance(value.type, MemRefType):
        raise PassFailedException(f"expected a memref, got a value of type {value.type}")
    return value.type
