"""The emitter folds what is known and shares constants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects import arith, func, memref
from xdsl.dialects.builtin import FloatAttr, IndexType, f64
from xdsl.ir import Block
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr, AffineExpr, AffineSymExpr
from xdsl.utils.exceptions import PassFailedException

from anamc.lowering.emitter import Emitter


def emitter() -> Emitter:
    return Emitter(Block(arg_types=[IndexType(), IndexType()]))


def names(emit: Emitter) -> list[str]:
    return [op.name for op in emit.entry.ops]


@given(a=st.integers(-9, 9), b=st.integers(1, 9))
def test_known_indices_are_folded(a: int, b: int) -> None:
    emit = emitter()
    found = emit.add(a, b), emit.mul(a, b), emit.floordiv(a, b), emit.ceildiv(a, b), emit.mod(a, b), emit.min(a, b)
    assert found == (a + b, a * b, a // b, -(-a // b), a % b, min(a, b))
    assert not names(emit)


def test_zeros_and_ones_are_folded() -> None:
    emit = emitter()
    x = emit.entry.args[0]
    assert emit.add(x, 0) is x
    assert emit.add(0, x) is x
    assert emit.mul(x, 1) is x
    assert emit.mul(1, x) is x
    assert emit.mul(x, 0) == emit.mul(0, x) == emit.mod(x, 1) == 0
    assert emit.floordiv(x, 1) is x
    assert emit.ceildiv(x, 1) is x
    assert not names(emit)


def test_the_rest_is_arithmetic() -> None:
    emit = emitter()
    x, y = emit.entry.args
    emit.affine((AffineDimExpr(0) + AffineSymExpr(0)) % 3 + AffineConstantExpr(2), [x], [y])
    assert [n for n in names(emit) if n != "arith.constant"] == [
        "arith.addi",
        "arith.floordivsi",
        "arith.muli",
        "arith.subi",
        "arith.addi",
    ]


def test_constants_are_shared_but_for_the_sign_of_zero() -> None:
    emit = emitter()
    assert emit.constant(FloatAttr(0.0, f64)) is emit.constant(FloatAttr(0.0, f64))
    assert emit.constant(FloatAttr(0.0, f64)) is not emit.constant(FloatAttr(-0.0, f64))
    assert emit.index(3) is emit.index(3)


def test_a_loop_of_one_round_is_none() -> None:
    emit = emitter()
    seen: list[object] = []
    emit.nested([1, 1], lambda at: seen.append(tuple(at)))
    assert seen == [(0, 0)]
    assert not names(emit)


def test_a_table_of_indices_is_not_cast() -> None:
    emit = emitter()
    table = emit.alloca(IndexType(), [4], "t")
    assert isinstance(emit.load_index(table, [0]).owner, memref.LoadOp)


def test_an_operation_without_result_has_no_value() -> None:
    with pytest.raises(PassFailedException, match=r"'func.return' has no result"):
        emitter().value(func.ReturnOp())


class Strange(AffineExpr):
    """An expression of a kind that there is not."""

    def is_pure_affine(self) -> bool:
        return False


def test_a_strange_index_is_refused() -> None:
    with pytest.raises(PassFailedException, match="cannot lower the index"):
        emitter().affine(Strange(), [], [])


def test_operations_go_in_front_of_the_point() -> None:
    emit = emitter()
    last = arith.AddiOp(emit.entry.args[0], emit.entry.args[1])
    emit.entry.add_op(last)
    emit.point = last
    emit.mul(emit.entry.args[0], emit.entry.args[1])
    assert names(emit) == ["arith.muli", "arith.addi"]
