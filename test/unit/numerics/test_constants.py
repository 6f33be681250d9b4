"""Constants as operations."""

import pytest
from xdsl.dialects.builtin import FloatAttr, IndexType, IntegerAttr, f32, i32
from xdsl.utils.exceptions import PassFailedException

from anamc.numerics.constants import float_constant, index_constant


def test_constants_have_their_type() -> None:
    assert float_constant(0.5, f32).value == FloatAttr(0.5, f32)
    assert index_constant(3).value == IntegerAttr(3, IndexType())


def test_a_float_of_another_type_is_refused() -> None:
    with pytest.raises(PassFailedException, match="expected a float type, got i32"):
        float_constant(0.5, i32)
