"""Sizes written as text become arithmetic."""

import pytest
from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, i32
from xdsl.ir import Block, Operation, SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.lowering.sizes import size_operations


def operations(text: str) -> list[str]:
    """The names of the operations that compute a size from `n` (index) and `m` (i32)."""
    block = Block(arg_types=[IndexType(), i32])

    def add(op: Operation) -> SSAValue:
        block.add_op(op)
        return op.results[0]

    size_operations("some-pass", text, {"n": block.args[0], "m": block.args[1]}, add)
    return [op.name for op in block.ops]


def test_a_size_by_name_is_the_value() -> None:
    assert operations("n") == []


def test_an_integer_is_cast_where_it_is_used() -> None:
    assert operations("m") == [arith.IndexCastOp.name]
    assert operations("n + 1") == [arith.ConstantOp.name, arith.AddiOp.name]


def test_a_text_that_is_no_size_names_the_pass() -> None:
    with pytest.raises(PassFailedException, match=r'some-pass: the dimension "q [*]" is no size of the function'):
        operations("q *")
