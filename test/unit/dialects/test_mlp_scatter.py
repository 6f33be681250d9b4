"""Constructors infer types; offsets of parameters."""

import pytest
from xdsl.dialects import test
from xdsl.dialects.builtin import DYNAMIC_INDEX, TensorType, f32, i32
from xdsl.ir import Attribute, SSAValue
from xdsl.utils.exceptions import VerifyException

from anamc.dialects import mlp, scatter


def value(type: Attribute) -> SSAValue:
    return test.TestOp(result_types=[type]).results[0]


def tensor(*shape: int) -> SSAValue:
    return value(TensorType(f32, list(shape)))


def test_layers_infer_their_results() -> None:
    dense = mlp.DenseOp(tensor(DYNAMIC_INDEX, 3), tensor(3, 2), tensor(2))
    assert dense.y.type == TensorType(f32, [DYNAMIC_INDEX, 2])
    loss = mlp.RowLossOp("mse", tensor(5, 2), tensor(5, 2))
    assert loss.y.type == TensorType(f32, [5])


def test_a_layer_of_a_scalar_is_refused() -> None:
    with pytest.raises(VerifyException, match="expected a tensor, got f32"):
        mlp.DenseOp(value(f32), tensor(3, 2), tensor(2))


def test_parts_lie_one_after_the_other() -> None:
    unpack = mlp.UnpackOp(tensor(40), 4, [TensorType(f32, [3, 2]), TensorType(f32, [2]), TensorType(f32, [])])
    assert unpack.offsets == (4, 10, 12)


def test_a_gather_has_a_row_an_edge() -> None:
    edges = value(TensorType(i32, [7, 2]))
    assert scatter.GatherOp(tensor(DYNAMIC_INDEX, 3), edges, 0).y.type == TensorType(f32, [7, 3])


def test_ends_that_receive() -> None:
    edges, n = value(scatter.EDGES), value(f32)
    assert scatter.SumOp(tensor(DYNAMIC_INDEX, 3), edges, n, (-1, 1)).ends == ((0, -1), (1, 1))
    assert scatter.MaxOp(tensor(DYNAMIC_INDEX, 3), edges, n, (0, 1)).ends == ((1, 1),)
