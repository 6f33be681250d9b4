"""Narrowing of types."""

import pytest
from xdsl.dialects import test
from xdsl.dialects.builtin import MemRefType, TensorType, f32
from xdsl.ir import Attribute, SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.types import memref_type, tensor_type


def value(type: Attribute) -> SSAValue:
    return test.TestOp(result_types=[type]).results[0]


def test_tensors_and_buffers_pass() -> None:
    assert tensor_type(value(TensorType(f32, [2]))).get_shape() == (2,)
    assert memref_type(value(MemRefType(f32, [2]))).get_shape() == (2,)


def test_other_values_are_refused() -> None:
    with pytest.raises(PassFailedException, match="expected a tensor, got a value of type f32"):
        tensor_type(value(f32))
    with pytest.raises(PassFailedException, match="expected a memref, got a value of type f32"):
        memref_type(value(f32))
