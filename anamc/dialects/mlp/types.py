"""Shapes and element types of tensors, narrowed for verifiers."""

from __future__ import annotations

from math import prod

from xdsl.dialects.builtin import DYNAMIC_INDEX, TensorType
from xdsl.ir import Attribute
from xdsl.utils.exceptions import VerifyException


def shape_of(type: Attribute) -> tuple[int, ...]:
    """The shape of a tensor type; empty for anything else."""
    return type.get_shape() if isinstance(type, TensorType) else ()


def element_of(type: Attribute) -> Attribute:
    """The element type of a tensor type."""
    if not isinstance(type, TensorType):
        raise VerifyException(f"expected a tensor, got {type}")
    return type.element_type


def tensor_of(type: Attribute, shape: tuple[int, ...]) -> TensorType[Attribute]:
    """A tensor type of another shape with the same elements."""
    return TensorType(element_of(type), shape)


def element_count(type: Attribute, op: str = "mlp.unpack") -> int:
    """Number of elements of a tensor of constant shape."""
    shape = shape_of(type)
    if DYNAMIC_INDEX in shape:
        raise VerifyException(f"'{op}' needs constant shapes, got {type}")
    return prod(shape)
